"""The first line of an answer: the words that answer outright, or the ruling, and by which clause.

What stands in it of the policy is verbatim; the rest is a template in the asker's language.
"""

from bot.replies.tree import Line, Node, Note, Span
from bot.wording import say
from knowledge.answer import Answer, Fact
from knowledge.question import language_of

RULINGS = frozenset(("allowed", "conditional", "required", "forbidden"))
"""Facts that are a whole sentence: named first, and read in the quote beneath."""
_HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"


def lead(found: Answer, where: str) -> Line | None:
    """The first line of an extractive answer; None where no words answer outright.

    `where` names the clause.
    """
    if found.fact is None or found.status != "answered" or found.mode != "extractive":
        return None
    key = f"lead.{found.fact.kind}"
    if found.fact.kind in RULINGS:
        return (Span(say(found.lang, key, where=where), strong=True),)
    before, _, after = say(found.lang, key, fact=_HOLE, where=where).partition(_HOLE)
    words = Span(fact_words(found, found.fact), strong=True)
    return tuple(span for span in (Span(before), words, Span(after)) if span.text)


def fact_words(found: Answer, fact: Fact) -> str:
    """The words themselves, out of the first citation."""
    return found.citations[0].quote[fact.start : fact.end]


def reading(found: Answer) -> tuple[Node, ...]:
    """How a follow-up was read, in one line."""
    if not found.reading:
        return ()
    return (Note(say(found.lang, "answer.reading", reading=found.reading)),)


def foreign(quote: str, lang: str) -> tuple[Node, ...]:
    """A word on a clause in another language than the asker's."""
    if language_of(quote) == lang:
        return ()
    return (Note(say(lang, "answer.foreign")),)
