"""What a policy says of itself: front matter in Markdown, policy.toml beside Word and PDF."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from knowledge.errors import ReadingError

BESIDE = "policy.toml"
KINDS = ("policy", "product")
LANGS = ("en", "zh")
EVERYONE = "all"
ROLES = (EVERYONE, "manager", "team_lead", "risk", "compliance", "hr", "operator")

_REQUIRED = ("id", "title", "version", "kind", "lang", "in_force_from", "audience", "owner")
_OPTIONAL = ("in_force_to", "replaces")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,15}")


@dataclass(frozen=True, slots=True)
class PolicyMeta:
    """One version of a policy. It is in force from `in_force_from` until before `in_force_to`."""

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


def parse_meta(text: str) -> PolicyMeta:
    """Front matter as TOML text; ReadingError names the key and what it may hold."""
    return check_meta(_parse_toml(text, "front matter"))


def read_beside(folder: Path) -> dict[str, Any]:
    """The tables of a folder's policy.toml by file name, {} when there is none."""
    path = folder / BESIDE
    if not path.is_file():
        return {}
    try:
        return _parse_toml(path.read_text(encoding="utf-8"), BESIDE)
    except (UnicodeDecodeError, OSError) as error:
        raise ReadingError(f"{BESIDE} cannot be read: {error}") from error


def check_meta(table: Mapping[str, Any]) -> PolicyMeta:
    """A parsed table as a policy's metadata; ReadingError names the key and what it may hold."""
    missing = [key for key in _REQUIRED if key not in table]
    unknown = sorted(set(table) - {*_REQUIRED, *_OPTIONAL})
    if missing:
        raise ReadingError(f"front matter lacks {', '.join(missing)}")
    if unknown:
        raise ReadingError(f"front matter has unknown keys: {', '.join(unknown)}")
    meta = PolicyMeta(
        id=_matching(table, "id", _ID, "lower-case letters, digits and hyphens, at most 32"),
        title=_text(table, "title"),
        version=_matching(table, "version", _VERSION, "letters, digits, . and -, at most 16"),
        kind=_choice(table, "kind", KINDS),
        lang=_choice(table, "lang", LANGS),
        in_force_from=_day(table, "in_force_from"),
        in_force_to=_day(table, "in_force_to") if "in_force_to" in table else None,
        replaces=_text(table, "replaces") if "replaces" in table else None,
        audience=_audience(table["audience"]),
        owner=_text(table, "owner"),
    )
    if meta.in_force_to is not None and meta.in_force_to <= meta.in_force_from:
        raise ReadingError("in_force_to must be after in_force_from")
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
    return value.strip()


def _matching(table: Mapping[str, Any], key: str, pattern: re.Pattern[str], allowed: str) -> str:
    value = _text(table, key)
    if not pattern.fullmatch(value):
        raise ReadingError(f"{key} = {value!r}: use {allowed}")
    return value


def _choice(table: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = table[key]
    if value not in choices:
        raise ReadingError(f"{key} = {value!r}: give one of {', '.join(choices)}")
    return str(value)


def _day(table: Mapping[str, Any], key: str) -> date:
    value = table[key]
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ReadingError(f"{key} = {value!r}: give a date such as 2026-01-31, without quotes")
    return value


def _audience(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(role in ROLES for role in value):
        raise ReadingError(f"audience = {value!r}: give a list of {', '.join(ROLES)}")
    return tuple(value)
