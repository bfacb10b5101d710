"""What of a clause is looked for: its tokens, field by field, as the word index takes them.

They are worked out once, when a clause comes in, and kept with it in SQL: reading them is thirty
times as quick as working them out again in every process that starts.
"""

import hashlib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

from knowledge.concepts import offers
from knowledge.glossary import Glossary
from knowledge.tokens import Tokens, tokenize

FIELDS = ("words", "pairs", "about_words", "about_pairs", "ideas", "offers")
_RULES = ("analysis.py", "concepts.py", "glossary.py", "numerals.py", "tokens.py")


def analyse(about: str, text: str, glossary: Glossary) -> str:
    """A clause's tokens: a line for each field, spaces between; `about` is title and chapter."""
    inside = tokenize(text)
    above, spoken = _above(about, glossary)
    fields: dict[str, Iterable[str]] = {
        "words": inside.words,
        "pairs": inside.pairs,
        "about_words": above.words,
        "about_pairs": above.pairs,
        "ideas": sorted(spoken | glossary.ideas(text)),
        "offers": sorted(offers(text)),
    }
    return "\n".join(" ".join(fields[field]) for field in FIELDS)


@lru_cache(maxsize=64)  # clauses of one chapter come one after another
def _above(about: str, glossary: Glossary) -> tuple[Tokens, frozenset[str]]:
    return tokenize(about), glossary.ideas(about)


def rules(glossary: Glossary) -> str:
    """A digest of the rules above: tokens made by other ones must be made again."""
    return f"{_written()}-{glossary.digest}"


@cache
def _written() -> str:
    digest = hashlib.sha256()
    for name in _RULES:
        digest.update((files("knowledge") / name).read_bytes())
    return digest.hexdigest()[:16]
