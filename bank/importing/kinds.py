"""The kinds of value a drop's columns hold: how text becomes a value, or why it cannot.

Each kind gives, for one drop, a plain function from a cell's text to its value. The function
raises ValueError with a short sentence that names the remedy.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from bank.days import OPEN, number

Parse = Callable[[str], object]

LONGEST_TEXT = 4_000
LONGEST_ID = 64
LARGEST_AMOUNT = 10**14
"""Fen: one trillion yuan. A year of days times a share of it still fits 64 bits."""


class Kind(Protocol):
    """What a column holds."""

    @property
    def words(self) -> str:
        """The accepted values, as the documentation lists them."""

    def parser(self, business_date: date) -> Parse:
        """The function that reads a cell of a drop of that business date."""


@dataclass(frozen=True, slots=True)
class Text:
    """Free text, kept exactly as it is, also where a spreadsheet would see a formula."""

    optional: bool = False

    @property
    def words(self) -> str:
        """The accepted values."""
        return f"text up to {LONGEST_TEXT:,} characters" + (", or empty" if self.optional else "")

    def parser(self, business_date: date) -> Parse:
        """Refuses control characters other than tabs and line ends."""
        del business_date
        return self._parse

    def _parse(self, text: str) -> str:
        if not self.optional and not text.strip():
            raise ValueError("is empty: give a text")
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"has {len(text):,} characters: shorten it to {LONGEST_TEXT:,}")
        if not text.isprintable() and any(c < " " and c not in "\t\n\r" for c in text):
            raise ValueError("holds a control character: remove it")
        return text


@dataclass(frozen=True, slots=True)
class Identifier:
    """A short code; an optional one may be empty and is then null."""

    optional: bool = False

    @property
    def words(self) -> str:
        """The accepted values."""
        return f"code of 1 to {LONGEST_ID} characters" + (", or empty" if self.optional else "")

    def parser(self, business_date: date) -> Parse:
        """Refuses spaces anywhere in a code: two codes must never look the same."""
        del business_date
        return self._parse

    def _parse(self, text: str) -> str | None:
        if 0 < len(text) <= LONGEST_ID and text.isprintable() and " " not in text:
            return text
        if not text and self.optional:
            return None
        if not text:
            raise ValueError("is empty: give a code")
        if len(text) > LONGEST_ID:
            raise ValueError(f"is longer than {LONGEST_ID} characters: give a shorter code")
        raise ValueError("holds a space or an unprintable character: remove it")


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a list."""

    values: tuple[str, ...]

    @property
    def words(self) -> str:
        """The accepted values."""
        return " \\| ".join(f"`{value}`" if value else "empty" for value in self.values)

    def parser(self, business_date: date) -> Parse:
        """Refuses every other word."""
        del business_date
        return self._parse

    def _parse(self, text: str) -> str:
        if text not in self.values:
            raise ValueError(
                "is not one of: " + ", ".join(value or "empty" for value in self.values)
            )
        return text


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    words: str = "`true` \\| `false`"

    def parser(self, business_date: date) -> Parse:
        """Refuses every other word."""
        del business_date
        return self._parse

    def _parse(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError("is neither true nor false")
        return text == "true"


@dataclass(frozen=True, slots=True)
class Day:
    """A date. `empty` is what an empty cell stands for: OPEN (not ended), or nothing yet."""

    future: bool = False
    empty: int | None = 0
    """0 when the date is required."""

    @property
    def words(self) -> str:
        """The accepted values."""
        known = "date" if self.future else "date not after the business date"
        return known + {0: "", OPEN: ", or empty while it lasts", None: ", or empty"}[self.empty]

    def parser(self, business_date: date) -> Parse:
        """Refuses every other way to write a date, and dates the drop cannot know yet."""

        @lru_cache(maxsize=10_000)
        def parse(text: str) -> int | None:
            if not text and self.empty != 0:
                return self.empty
            day = _day(text)
            if self.empty == OPEN and day == date.max:
                return OPEN
            if not self.future and day > business_date:
                raise ValueError(f"is after the business date {business_date}")
            return number(day)

        return parse


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in a range; an optional one may be empty and is then null."""

    least: int = -LARGEST_AMOUNT
    most: int = LARGEST_AMOUNT
    optional: bool = False

    @property
    def words(self) -> str:
        """The accepted values."""
        between = f"whole number {self.least:,} to {self.most:,}"
        return between + (", or empty" if self.optional else "")

    def parser(self, business_date: date) -> Parse:
        """Refuses decimals, separators, and what lies outside the range."""
        del business_date
        return self._parse

    def _parse(self, text: str) -> int | None:
        if not text and self.optional:
            return None
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()):
            raise ValueError("is not a whole number: write digits only, such as 1250000")
        if len(digits) > len(str(LARGEST_AMOUNT)) or not self.least <= int(text) <= self.most:
            raise ValueError(f"is outside {self.least:,} to {self.most:,}")
        return int(text)


@dataclass(frozen=True, slots=True)
class JsonObject:
    """A JSON object; empty stands for one without entries."""

    words: str = "JSON object, or empty"

    def parser(self, business_date: date) -> Parse:
        """Refuses everything that is not an object; the value is its canonical text."""
        del business_date
        return self._parse

    def _parse(self, text: str) -> str:
        value = _json(text or "{}")
        if isinstance(value, dict):
            return json.dumps(value, ensure_ascii=True, sort_keys=True)
        raise ValueError('is not a JSON object: write one such as {"days_past_due": 3}')


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None


def _day(text: str) -> date:
    if len(text) == len("2026-11-16") and text[4] == text[7] == "-":
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise ValueError("is not a date: write it like 2026-11-16")
