"""What a policy says of itself: front matter in text files, policy.toml beside any file."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from knowledge.errors import ReadingError

BESIDE = "policy.toml"
FENCE = "+++"
FRONT = "front matter"
KINDS = ("policy", "product")
LANGS = ("en", "zh")
EVERYONE = "all"
ROLES = (EVERYONE, "manager", "team_lead", "risk", "compliance", "hr", "operator")

_REQUIRED = ("id", "title", "version", "in_force_from", "audience", "owner")
_OPTIONAL = ("kind", "lang", "in_force_to", "replaces", "units")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,15}")
_REPLACED = re.compile(rf"(?:{_ID.pattern}@)?{_VERSION.pattern}")
_HAN = re.compile(r"[一-鿿]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class PolicyMeta:
    """One version of a policy. It is in force from `in_force_from` until before `in_force_to`.

    `replaces` is an earlier version of the same policy ("2023") or one of another policy
    ("gifts@2023"). `units` are the units it is meant for, with all below them; none is every unit.
    """

    id: str
    title: str
    version: str
    kind: str
    lang: str
    in_force_from: date
    in_force_to: date | None
    replaces: str | None
    audience: tuple[str, ...]
    owner: str
    units: tuple[str, ...] = ()


def split_front_matter(lines: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """The text between the +++ lines that open a file, or None, and the lines after it."""
    if not lines or lines[0].rstrip() != FENCE:
        return None, lines
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            return "\n".join(lines[1:index]), lines[index + 1 :]
    raise ReadingError(f"the front matter never ends: close it with a {FENCE} line")


def parse_meta(text: str) -> PolicyMeta:
    """Front matter as TOML text; ReadingError names the key and what it may hold."""
    return check_meta(_parse_toml(text, FRONT))


def read_beside(folder: Path) -> dict[str, Any]:
    """The tables of a folder's policy.toml by file name, {} when there is none."""
    path = folder / BESIDE
    if not path.is_file():
        return {}
    try:
        return _parse_toml(path.read_text(encoding="utf-8-sig"), BESIDE)
    except (UnicodeDecodeError, OSError) as error:
        raise ReadingError(f"{BESIDE} cannot be read: {error}") from error


def check_meta(table: Mapping[str, Any], where: str = FRONT) -> PolicyMeta:
    """A parsed table as a policy's metadata; ReadingError names the key and what it may hold.

    `where` is what the table stands in, for the reason. A kind that is not given is "policy",
    a language that of the title.
    """
    if not isinstance(table, Mapping):
        raise ReadingError(
            f"{where} holds {table!r} for it: give a table with id, title, version, …"
        )
    missing = [key for key in _REQUIRED if key not in table]
    unknown = sorted(set(table) - {*_REQUIRED, *_OPTIONAL})
    if missing:
        raise ReadingError(f"{where} lacks {', '.join(missing)}")
    if unknown:
        known = ", ".join((*_REQUIRED, *_OPTIONAL))
        raise ReadingError(f"{where} has unknown keys: {', '.join(unknown)} (it may hold {known})")
    title = _text(table, "title")
    meta = PolicyMeta(
        id=_matching(table, "id", _ID, "lower-case letters, digits and hyphens, at most 32"),
        title=title,
        version=_matching(table, "version", _VERSION, "letters, digits, . and -, at most 16"),
        kind=_choice(table, "kind", KINDS, KINDS[0]),
        lang=_choice(table, "lang", LANGS, "zh" if _HAN.search(title) else "en"),
        in_force_from=_day(table, "in_force_from"),
        in_force_to=_day(table, "in_force_to") if "in_force_to" in table else None,
        replaces=_replaced(table) if "replaces" in table else None,
        audience=_audience(table["audience"]),
        owner=_text(table, "owner"),
        units=_units(table.get("units", [])),
    )
    if meta.in_force_to is not None and meta.in_force_to <= meta.in_force_from:
        start, end = meta.in_force_from, meta.in_force_to
        raise ReadingError(f"in_force_to = {end}: it must be after in_force_from = {start}")
    return meta


def _parse_toml(text: str, what: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ReadingError(f"{what} is not TOML: {error}") from error


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table[key]
    if not isinstance(value, str) or not value.strip():
        raise ReadingError(f"{key} = {value!r}: give a text in quotes")
    if len(value) > _LONGEST_TEXT or _CONTROL.search(value):
        raise ReadingError(f"{key}: give one line of at most {_LONGEST_TEXT} characters")
    return value.strip()


def _matching(table: Mapping[str, Any], key: str, pattern: re.Pattern[str], allowed: str) -> str:
    value = _text(table, key)
    if not pattern.fullmatch(value):
        raise ReadingError(f"{key} = {value!r}: use {allowed}")
    return value


def _choice(table: Mapping[str, Any], key: str, choices: tuple[str, ...], default: str) -> str:
    value = table.get(key, default)
    if value not in choices:
        raise ReadingError(f"{key} = {value!r}: give one of {', '.join(choices)}")
    return str(value)


def _day(table: Mapping[str, Any], key: str) -> date:
    value = table[key]
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ReadingError(f"{key} = {value!r}: give a date such as 2026-01-31, without quotes")
    return value


def _replaced(table: Mapping[str, Any]) -> str:
    return _matching(
        table,
        "replaces",
        _REPLACED,
        'an earlier version ("2023") or another policy\'s ("gifts@2023")',
    )


def _audience(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(role in ROLES for role in value):
        raise ReadingError(f"audience = {value!r}: give a list of {', '.join(ROLES)}")
    return tuple(value)


def _units(value: object) -> tuple[str, ...]:
    good = isinstance(value, list) and all(isinstance(unit, str) and unit.strip() for unit in value)
    if not isinstance(value, list) or not good:
        raise ReadingError(f'units = {value!r}: give a list of unit ids, such as ["B01", "B02"]')
    return tuple(dict.fromkeys(unit.strip() for unit in value))
