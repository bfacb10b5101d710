"""The glossary: ideas that a question and a clause share without sharing a word.

An idea is an entry with the phrases people use for it in either language: it is what lets 断供
find 未按期还本付息, and an English question a Chinese clause. The bank's own entries are laid over
the shipped ones (glossary.toml).
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from bank.glossary import GlossaryRecord
from knowledge.entries import parse
from knowledge.tokens import stem

Source = Literal["shipped", "bank"]

_WORD = re.compile(r"[a-z0-9]+")
_FIRST_HAN = "㐀"
_HAN_RUN = re.compile(f"[{_FIRST_HAN}-\U0010ffff]+")
_ALONE = "\0"
"""Stands for the second character of a phrase that has only one."""
_AGE = re.compile(r"(\d{1,3})(?:[- ]years?[- ]old|周?岁)|\b(?:aged|under|over) (\d{1,3})\b(?! ?%)")
_OF_AGE, _ELDERLY = 18, 60


@dataclass(frozen=True, slots=True)
class Idea:
    """An entry with where it comes from."""

    key: str
    subject: bool
    en: tuple[str, ...]
    zh: tuple[str, ...]
    source: Source


class Glossary:
    """Entries ready to be found in texts. It never changes."""

    def __init__(self, entries: Iterable[Idea]) -> None:
        """Hold entries of different keys."""
        self.entries: Mapping[str, Idea] = MappingProxyType({each.key: each for each in entries})

    def ideas(self, text: str) -> frozenset[str]:
        """The keys of the ideas a text speaks of; the longest phrase at a place counts."""
        plain = unicodedata.normalize("NFKC", text).lower()
        phrases = self._phrases
        found: set[str] = set()
        for run in self._runs(plain):
            for phrase in run:
                if phrase in phrases:
                    found |= phrases[phrase]
                    break
        for written in _AGE.findall(plain):
            age = int("".join(written))
            found.update({"minor"} if age < _OF_AGE else {"elderly"} if age >= _ELDERLY else ())
        return frozenset(found)

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The ideas that are subjects of their own: a clause without it does not answer on it."""
        return frozenset(key for key, idea in self.entries.items() if idea.subject)

    @cached_property
    def digest(self) -> str:
        """The same for the same phrases of the same ideas, wherever they come from."""
        held = sorted((i.key, i.subject, sorted(i.en), sorted(i.zh)) for i in self.entries.values())
        return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:16]

    @cached_property
    def own(self) -> tuple[Idea, ...]:
        """The bank's own entries."""
        return tuple(idea for idea in self.entries.values() if idea.source == "bank")

    @cached_property
    def _phrases(self) -> dict[str, frozenset[str]]:
        """Every phrase, English ones stemmed, with the ideas it stands for."""
        phrases: dict[str, set[str]] = {}
        for key, idea in self.entries.items():
            for phrase in (*idea.zh, *(" ".join(_stems(phrase)) for phrase in idea.en)):
                phrases.setdefault(phrase, set()).add(key)
        return {phrase: frozenset(found) for phrase, found in phrases.items()}

    @cached_property
    def _longest(self) -> tuple[dict[str, int], dict[str, int]]:
        """How long the longest phrase is by its first word, and by its first Han characters."""
        by_word: dict[str, int] = {}
        by_pair: dict[str, int] = {}
        for phrase in self._phrases:
            if phrase >= _FIRST_HAN:
                first = phrase[:2].ljust(2, _ALONE)
                by_pair[first] = max(by_pair.get(first, 0), len(phrase))
            else:
                words = phrase.split(" ")
                by_word[words[0]] = max(by_word.get(words[0], 0), len(words))
        return by_word, by_pair

    def _runs(self, plain: str) -> Iterator[list[str]]:
        """At every place where a phrase may begin, what may stand there, longest first."""
        by_word, by_pair = self._longest
        stems = _stems(plain)
        for start, word in enumerate(stems):
            if word in by_word:
                most = min(by_word[word], len(stems) - start)
                yield [" ".join(stems[start : start + length]) for length in range(most, 0, -1)]
        for run in _HAN_RUN.finditer(plain):
            for start in range(*run.span()):
                longest = by_pair.get(plain[start : start + 2]) or by_pair.get(
                    plain[start] + _ALONE
                )
                if longest:
                    most = min(longest, len(plain) - start)
                    yield [plain[start : start + length] for length in range(most, 0, -1)]


@cache
def shipped() -> Glossary:
    """The glossary that comes with Daybook."""
    text = (files("knowledge") / "glossary.toml").read_text(encoding="utf-8")
    return Glossary(_idea(record, "shipped") for record in parse(text, "glossary.toml"))


@lru_cache(maxsize=4)
def laid_over(own: tuple[GlossaryRecord, ...]) -> Glossary:
    """The shipped glossary with a bank's own entries; one without phrases takes one away."""
    entries = dict(shipped().entries)
    for record in own:
        entries.pop(record.key, None)
        if record.en or record.zh:
            entries[record.key] = _idea(record, "bank")
    return Glossary(entries.values())


def _idea(record: GlossaryRecord, source: Source) -> Idea:
    return Idea(record.key, record.subject, record.en, record.zh, source)


def _stems(plain: str) -> list[str]:
    return [stem(word) for word in _WORD.findall(plain)]
