"""Words that exclude one another, by families (contrasts.toml): client, colour, product, ..."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a family where a text names it, at [start, end)."""

    family: str
    name: str
    start: int
    end: int


def members(text: str) -> tuple[Member, ...]:
    """Every member a text names, in its order; of phrases that overlap, the longest."""
    taken = [
        Member(family, names[found[0].lower()], *found.span())
        for family, pattern, names in _families()
        for found in pattern.finditer(text)
    ]
    kept = [
        one
        for one in taken
        if not any(
            other.start <= one.start
            and one.end <= other.end
            and other.end - other.start > one.end - one.start
            for other in taken
        )
    ]
    return tuple(sorted(kept, key=lambda one: (one.start, one.end)))


@lru_cache(maxsize=256)  # a few clauses are held against each other, sentence by sentence
def families(text: str) -> Mapping[str, frozenset[str]]:
    """The members a text names, by family."""
    found: dict[str, set[str]] = {}
    for one in members(text):
        found.setdefault(one.family, set()).add(one.name)
    return MappingProxyType({family: frozenset(names) for family, names in found.items()})


def one_of(member: Member, lang: str) -> str:
    """The name of a member in a language, where it stands for one: company, for companies."""
    return _table()[member.family][member.name][lang][0]


@cache
def _table() -> dict[str, dict[str, dict[str, list[str]]]]:
    table: dict[str, dict[str, dict[str, list[str]]]] = tomllib.loads(
        (files("knowledge") / "contrasts.toml").read_text(encoding="utf-8")
    )
    return table


@cache
def _families() -> tuple[tuple[str, re.Pattern[str], dict[str, str]], ...]:
    """Each family: its name, a pattern of all its phrases, and whose each phrase is."""
    return tuple((family, *_read(entries)) for family, entries in _table().items())


def _read(entries: dict[str, dict[str, list[str]]]) -> tuple[re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    words: dict[str, list[str]] = {"en": [], "zh": []}
    for name, phrases in entries.items():
        for lang, known in words.items():
            names |= {phrase.lower(): name for phrase in phrases[lang]}
            known += [re.escape(phrase) for phrase in phrases[lang]]
    en, zh = ("|".join(sorted(known, key=len, reverse=True)) for known in words.values())
    # Where no word begins no English phrase is tried: that is nearly everywhere.
    return re.compile(rf"\b(?:{en})\b|{zh}", re.IGNORECASE), names
