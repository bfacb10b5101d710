"""Short replies: one sentence and nothing to press."""

from bot.replies.tree import Reply, paragraph
from bot.wording import LANGS, say


def notice(lang: str, key: str, **values: object) -> Reply:
    """A sentence as a message."""
    sentence = say(lang, key, **values)
    return Reply(sentence, (paragraph(sentence),), "public")


def to_stranger(key: str) -> Reply:
    """A refusal to somebody whose language is not known: in each language."""
    sentences = [say(lang, f"stranger.{key}") for lang in LANGS]
    return Reply("\n".join(sentences), (paragraph(*sentences),), "public")
