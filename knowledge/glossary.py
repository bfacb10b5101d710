"""The glossary: ideas that a question and a clause share without sharing a word.

An idea is an entry with the phrases people use for it in either language: it is what lets 断供
find 未按期还本付息, and an English question a Chinese clause. A term is an idea of a narrower kind:
within one language its words find each other by themselves, so it counts only across the two. The
bank's own entries are laid over the shipped ones (glossary.toml).
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from knowledge.tokens import stem

if TYPE_CHECKING:
    from bank.glossary import GlossaryRecord, Kind

Source = Literal["shipped", "bank"]

_WORD = re.compile(r"[a-z0-9]+")
_FIRST_HAN = "㐀"
_HAN_RUN = re.compile(f"[{_FIRST_HAN}-\U0010ffff]+")
_AGE = re.compile(r"(\d{1,3})(?:[- ]years?[- ]old|周?岁)|\b(?:aged|under|over) (\d{1,3})\b(?! ?%)")
_OF_AGE, _ELDERLY = 18, 60
_PAIR = 2
_TELLING = frozenset(("a", "an", "how"))
"""The little words that tell in which sense the one behind them is meant."""


@dataclass(frozen=True, slots=True)
class Idea:
    """An entry with where it comes from."""

    key: str
    kind: "Kind"
    en: tuple[str, ...]
    zh: tuple[str, ...]
    source: Source


class Glossary:
    """Entries ready to be found in texts. It never changes."""

    def __init__(self, entries: Iterable[Idea]) -> None:
        """Hold entries of different keys."""
        self.entries: Mapping[str, Idea] = MappingProxyType({each.key: each for each in entries})

    def ideas(self, text: str) -> frozenset[str]:
        """The keys of the ideas and terms a text speaks of.

        The longest phrase at a place counts, for ideas and for terms apart.
        """
        plain = unicodedata.normalize("NFKC", text).lower()
        stems = _stems(plain)
        found = {key for lexicon in self._lexicons for key in lexicon.find(plain, stems)}
        for written in _AGE.findall(plain):
            age = int("".join(written))
            found.update({"minor"} if age < _OF_AGE else {"elderly"} if age >= _ELDERLY else ())
        return frozenset(found)

    def senses(self, text: str) -> frozenset[str]:
        """The stems of words that a text uses in one sense of several, which an idea stands for.

        "A present" is a gift, and "how often" an interval: who asks so looks for no clause by the
        words present and often.
        """
        stems = _stems(unicodedata.normalize("NFKC", text).lower())
        return frozenset(word for pair in pairwise(stems) if (word := self._senses.get(pair)))

    @cached_property
    def _senses(self) -> Mapping[tuple[str, ...], str]:
        """The ideas' phrases of a word behind "a" or "how", each with that word's stem."""
        phrases = (
            tuple(_stems(phrase.lower()))
            for idea in self.entries.values()
            if idea.kind != "term"
            for phrase in idea.en
        )
        return {both: both[1] for both in phrases if len(both) == _PAIR and both[0] in _TELLING}

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The ideas that are subjects of their own: a clause without it does not answer on it."""
        return self._of("subject")

    @cached_property
    def terms(self) -> frozenset[str]:
        """The entries that count only across languages."""
        return self._of("term")

    @cached_property
    def digest(self) -> str:
        """The same for the same phrases of the same ideas, wherever they come from."""
        held = sorted((i.key, i.kind, sorted(i.en), sorted(i.zh)) for i in self.entries.values())
        return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:16]

    @cached_property
    def own(self) -> tuple[Idea, ...]:
        """The bank's own entries."""
        return tuple(idea for idea in self.entries.values() if idea.source == "bank")

    @cached_property
    def _lexicons(self) -> tuple["_Lexicon", ...]:
        held = self.entries.values()
        return (
            _Lexicon(idea for idea in held if idea.kind != "term"),
            _Lexicon(idea for idea in held if idea.kind == "term"),
        )

    def _of(self, kind: "Kind") -> frozenset[str]:
        return frozenset(key for key, idea in self.entries.items() if idea.kind == kind)


class _Lexicon:
    """Phrases, English ones stemmed, with the ideas each stands for."""

    def __init__(self, entries: Iterable[Idea]) -> None:
        phrases: dict[str, set[str]] = {}
        for idea in entries:
            for phrase in (*idea.zh, *(" ".join(_stems(phrase)) for phrase in idea.en)):
                phrases.setdefault(phrase, set()).add(idea.key)
        self._phrases = {phrase: frozenset(found) for phrase, found in phrases.items()}
        # How long phrases are by their first word, by their first Han character or two of them.
        self._by_word: dict[str, list[int]] = {}
        self._by_han: dict[str, list[int]] = {}
        for phrase in sorted(self._phrases, key=len, reverse=True):
            if phrase >= _FIRST_HAN:
                self._by_han.setdefault(phrase[:2], []).append(len(phrase))
            else:
                words = phrase.split(" ")
                self._by_word.setdefault(words[0], []).append(len(words))
        for lengths in (*self._by_word.values(), *self._by_han.values()):
            lengths[:] = sorted(set(lengths), reverse=True)
        for first, lengths in self._by_han.items():
            if len(first) > 1 and first[0] in self._by_han:
                lengths.append(1)

    def find(self, plain: str, stems: Sequence[str]) -> Iterator[str]:
        """The keys of what a text holds, some more than once; `stems` are of its words."""
        for place in self._places(plain, stems):
            for phrase in place:
                if phrase in self._phrases:
                    yield from self._phrases[phrase]
                    break

    def _places(self, plain: str, stems: Sequence[str]) -> Iterator[list[str]]:
        """At every place where a phrase may begin, what may stand there, longest first."""
        by_word, by_han = self._by_word, self._by_han
        for start, word in enumerate(stems):
            if word in by_word:
                yield [" ".join(stems[start : start + length]) for length in by_word[word]]
        for run in _HAN_RUN.finditer(plain):
            for start in range(*run.span()):
                pair = plain[start : start + 2]
                lengths = by_han.get(pair) or by_han.get(pair[0])
                if lengths:
                    yield [plain[start : start + length] for length in lengths]


@cache
def shipped() -> Glossary:
    """The glossary that comes with Daybook."""
    # Imported here: helpers are told the entries, and do without it and SQLAlchemy.
    from knowledge.entries import parse  # noqa: PLC0415

    text = (files("knowledge") / "glossary.toml").read_text(encoding="utf-8")
    return Glossary(_idea(record, "shipped") for record in parse(text, "glossary.toml"))


@lru_cache(maxsize=4)
def laid_over(own: "tuple[GlossaryRecord, ...]") -> Glossary:
    """The shipped glossary with a bank's own entries; one without phrases takes one away."""
    entries = dict(shipped().entries)
    for record in own:
        entries.pop(record.key, None)
        if record.en or record.zh:
            entries[record.key] = _idea(record, "bank")
    return Glossary(entries.values())


def _idea(record: "GlossaryRecord", source: Source) -> Idea:
    return Idea(record.key, record.kind, record.en, record.zh, source)


def _stems(plain: str) -> list[str]:
    return [stem(word) for word in _WORD.findall(plain)]
