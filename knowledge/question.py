"""A question made ready to be looked for."""

import re
from dataclasses import dataclass, replace

from knowledge.concepts import wants
from knowledge.errors import QUESTION_LIMIT, QuestionError
from knowledge.glossary import Glossary, shipped
from knowledge.tokens import tokenize

LANGS = ("en", "zh")
"""The languages that policies and questions are in."""

_HAN = re.compile(r"[㐀-鿿]")
_PLAINLY_LATIN = 4
_FEW_WORDS = 3
_LATIN_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: its language, its tokens, its ideas, and the kinds of fact it wants.

    `glossary` is the one its ideas were read by; `terms` are ideas that count only in clauses of
    another language. `asks` is the part of `text` that says what kind of fact is wanted.
    """

    text: str
    lang: str
    words: tuple[str, ...]
    pairs: tuple[str, ...]
    ideas: frozenset[str]
    terms: frozenset[str]
    wants: frozenset[str]
    glossary: Glossary
    asks: str

    def across(self) -> "Question":
        """The same question for clauses of another language: the field's terms are ideas too."""
        return replace(self, ideas=self.ideas | self.terms)

    @property
    def few_words(self) -> bool:
        """Whether it says so little that a clause must say nearly all of it to answer."""
        return len(set(self.words)) <= _FEW_WORDS

    @property
    def langs(self) -> tuple[str, ...]:
        """The languages it can be answered in: its own, then any other."""
        return (self.lang, *(lang for lang in LANGS if lang != self.lang))


def read_question(
    text: str,
    lang: str | None = None,
    glossary: Glossary | None = None,
    asks: str | None = None,
) -> Question:
    """A question from its text, read by the shipped glossary if by no other.

    All of it says what is wanted, unless that is said by `asks`.
    QuestionError when it is empty or too long.
    """
    plain = text.strip()
    if not plain:
        raise QuestionError("empty", 0)
    if len(plain) > QUESTION_LIMIT:
        raise QuestionError("too_long", len(plain))
    tokens = tokenize(plain)
    known = glossary or shipped()
    found, senses = known.ideas(plain), known.senses(plain)
    return Question(
        text=plain,
        lang=lang or language_of(plain),
        words=tuple(word for word in tokens.words if word not in senses),
        pairs=tokens.pairs,
        ideas=found - known.terms,
        terms=found & known.terms,
        wants=wants(plain if asks is None else asks),
        glossary=known,
        asks=plain if asks is None else asks,
    )


def is_in(text: str, lang: str) -> bool:
    """Whether a text may be in a language: names and terms of the other do not count against it."""
    if lang == "zh":
        return bool(_HAN.search(text))
    return len(_LATIN_WORD.findall(text)) >= _PLAINLY_LATIN or language_of(text) == lang


def language_of(text: str) -> str:
    """The language of a text: zh with at least one Han character for two Latin words, else en."""
    han, latin = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
    return "zh" if han and han * 2 >= latin else "en"
