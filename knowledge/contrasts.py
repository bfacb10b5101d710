"""Words that exclude one another, by families (contrasts.toml): client, colour, product, ..."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


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


def families(text: str) -> dict[str, frozenset[str]]:
    """The members a text names, by family."""
    found: dict[str, set[str]] = {}
    for one in members(text):
        found.setdefault(one.family, set()).add(one.name)
    return {family: frozenset(names) for family, names in found.items()}


def one_of(member: Member) -> str:
    """The English name of a member where it stands for one: company, for companies."""
    return _table()[member.family][member.name]["en"][0]


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
    words: list[str] = []
    for name, phrases in entries.items():
        names |= {phrase.lower(): name for phrase in (*phrases["en"], *phrases["zh"])}
        words += [rf"\b{re.escape(phrase)}\b" for phrase in phrases["en"]]
        words += [re.escape(phrase) for phrase in phrases["zh"]]
    words.sort(key=len, reverse=True)
    return re.compile("|".join(words), re.IGNORECASE), names
