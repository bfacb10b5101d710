"""Entries of the glossary from a TOML file, checked: the first fault is told in one line."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bank.glossary import GlossaryRecord, Kind
from knowledge.errors import GlossaryError

_KINDS: Mapping[str, Kind] = {"terms": "term", "subjects": "subject"}
"""What the entries of a table are; those of any other are ideas."""

_LARGEST = 2_000_000
_MOST = 10_000
_LONGEST = 80
_KEY = re.compile(r"[\w.-]{1,64}")
_LATIN = re.compile(r"[a-z0-9]")
_HAN_FIRST = re.compile(r"[㐀-\U0010ffff]")
_FORM = 'npl_ratio = { en = ["npl ratio"], zh = ["不良贷款率", "不良率"] }'


class _FaultError(Exception):
    """What is wrong with an entry, to be said after where it stands."""


def read_entries(path: Path) -> tuple[GlossaryRecord, ...]:
    """The entries of a file. Raises GlossaryError: the file, the line or entry, the remedy."""
    try:
        if path.stat().st_size > _LARGEST:
            raise GlossaryError(f"{path} is larger than 2 MB: a glossary is a few hundred lines")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise GlossaryError(f"{path} cannot be read ({error.strerror}): name a file") from None
    except UnicodeDecodeError:
        raise GlossaryError(f"{path} is not UTF-8 text: save it as UTF-8") from None
    return parse(text, path.name)


def parse(text: str, name: str) -> tuple[GlossaryRecord, ...]:
    """The entries of a file's text, `name` being what complaints call it. Raises GlossaryError."""
    try:
        tables = tomllib.loads(f"{text}\n")  # so that a last line is named by its number too
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error) or "too deep"
        raise GlossaryError(f"{name} is not TOML: {reason}; an entry looks like {_FORM}") from None
    entries: dict[str, GlossaryRecord] = {}
    for table, key, value in _entries(tables, name):
        if key in entries:
            raise GlossaryError(f"{_place(text, name, key)} stands in two tables: keep one of them")
        try:
            entries[key] = _entry(table, key, value)
        except _FaultError as fault:
            raise GlossaryError(f"{_place(text, name, key)}{fault}") from None
    if len(entries) > _MOST:
        raise GlossaryError(f"{name} has more than {_MOST} entries: leave out what nobody asks")
    return tuple(entries.values())


def _entries(tables: Mapping[str, Any], name: str) -> Iterator[tuple[str, str, Any]]:
    for table, held in tables.items():
        if not isinstance(held, dict) or {"en", "zh"} & held.keys():
            raise GlossaryError(
                f"{name}: {table!r} stands in no table: put a line such as [credit] above it"
            )
        for key, value in held.items():
            yield table, key, value


def _place(text: str, name: str, key: str) -> str:
    """Where an entry stands: "glossary.toml:12: 'npl_ratio'"."""
    said = re.compile(rf"""^\s*(?:\[[^\]]*\.)?["']?{re.escape(key)}["']?\s*[=\].]""")
    for number, line in enumerate(text.splitlines(), start=1):
        if said.match(line):
            return f"{name}:{number}: {key!r}"
    return f"{name}: {key!r}"


def _entry(table: str, key: str, value: object) -> GlossaryRecord:
    if not _KEY.fullmatch(key):
        raise _FaultError(": a key is up to 64 letters, digits and _: rename it")
    if not isinstance(value, dict):
        raise _FaultError(f" is no entry: write {_FORM}")
    if strange := sorted(value.keys() - {"en", "zh"}):
        raise _FaultError(f" has {strange[0]!r}: an entry has only en and zh")
    phrases = {lang: _phrases(lang, value.get(lang, [])) for lang in ("en", "zh")}
    return GlossaryRecord(key, _KINDS.get(table, "idea"), phrases["en"], phrases["zh"])


def _phrases(lang: str, given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise _FaultError(f': {lang} must be a list of phrases: {lang} = ["…"]')
    plain = [unicodedata.normalize("NFKC", each).lower().strip() for each in given]
    for phrase in plain:
        if len(phrase) > _LONGEST:
            raise _FaultError(f": {phrase[:20]!r}… is longer than {_LONGEST} characters")
        if lang == "zh" and not _HAN_FIRST.match(phrase):
            raise _FaultError(f": {phrase!r} begins with no Chinese character: is it en?")
        if lang == "en" and not _LATIN.search(phrase):
            raise _FaultError(f": {phrase!r} has no Latin letter or digit: is it zh?")
    return tuple(dict.fromkeys(plain))
