"""The kinds of value a drop's columns hold: how text becomes a value, or why it cannot.

Each kind gives, for one drop, a plain function from a cell's text to its value. The function
raises ValueError with a short sentence that names the remedy. It also gives a function for a
whole column of cells, which is many times as fast and only says that some cell is wrong.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bank.days import OPEN, number

Parse = Callable[[str], object]
ParseColumn = Callable[[Sequence[str]], Sequence[object]]

LONGEST_TEXT = 4_000
LONGEST_ID = 64
REMEMBERED = 10_000
LARGEST_AMOUNT = 10**14
"""Fen: one trillion yuan. A year of days times a share of it still fits 64 bits."""


class Kind(Protocol):
    """What a column holds."""

    @property
    def words(self) -> str:
        """The accepted values, as the documentation lists them."""

    def parser(self, business_date: date) -> Parse:
        """The function that reads a cell of a drop of that business date."""

    def column_parser(self, business_date: date) -> ParseColumn:
        """The function that reads cells at once; raises ValueError if any of them is wrong."""


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

    def column_parser(self, business_date: date) -> ParseColumn:
        """Looks at every cell only where one holds something unusual."""
        del business_date

        def parse(cells: Sequence[str]) -> Sequence[str]:
            plain = "".join(cells).isprintable() and max(map(len, cells)) <= LONGEST_TEXT
            if plain and (self.optional or all(map(str.strip, cells))):
                return cells
            return [self._parse(cell) for cell in cells]

        return parse

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

    def column_parser(self, business_date: date) -> ParseColumn:
        """Judges all codes together."""
        del business_date

        def parse(cells: Sequence[str]) -> Sequence[str | None]:
            together = "".join(cells)
            if not together.isprintable() or " " in together or max(map(len, cells)) > LONGEST_ID:
                raise ValueError
            if all(cells):
                return cells
            if not self.optional:
                raise ValueError
            return [cell or None for cell in cells]

        return parse

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

    def column_parser(self, business_date: date) -> ParseColumn:
        """Looks at each word once."""
        del business_date
        known = frozenset(self.values)

        def parse(cells: Sequence[str]) -> Sequence[str]:
            if set(cells) <= known:
                return cells
            raise ValueError

        return parse

    def _parse(self, text: str) -> str:
        if text not in self.values:
            raise ValueError(
                "is not one of: " + ", ".join(value or "empty" for value in self.values)
            )
        return text


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false; an optional one may be empty and is then null."""

    optional: bool = False

    @property
    def words(self) -> str:
        """The accepted values."""
        return "`true` \\| `false`" + (", or empty" if self.optional else "")

    def parser(self, business_date: date) -> Parse:
        """Refuses every other word."""
        del business_date
        return self._parse

    def column_parser(self, business_date: date) -> ParseColumn:
        """Looks each cell up."""
        del business_date
        return _Known(self._parse).of

    def _parse(self, text: str) -> bool | None:
        if not text and self.optional:
            return None
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

    def column_parser(self, business_date: date) -> ParseColumn:
        """Reads each day once: a drop repeats few of them very often."""
        return _Known(self.parser(business_date)).of


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

    def column_parser(self, business_date: date) -> ParseColumn:
        """Judges all digits together, and turns only those into numbers."""
        del business_date

        def parse(cells: Sequence[str]) -> Sequence[int | None]:
            together = "".join(cells)
            if not (all(cells) and together.isascii() and together.isdigit()):
                return [self._parse(cell) for cell in cells]
            if max(map(len, cells)) > len(str(LARGEST_AMOUNT)):
                raise ValueError
            numbers = list(map(int, cells))
            if min(numbers) < self.least or max(numbers) > self.most:
                raise ValueError
            return numbers

        return parse

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

    def column_parser(self, business_date: date) -> ParseColumn:
        """Reads each text once."""
        del business_date
        return _Known(self._parse).of

    def _parse(self, text: str) -> str:
        value = _json(text or "{}")
        if isinstance(value, dict):
            return json.dumps(value, ensure_ascii=True, sort_keys=True)
        raise ValueError('is not a JSON object: write one such as {"days_past_due": 3}')


class _Known(dict[str, object]):
    """The values of the texts met lately."""

    def __init__(self, parse: Parse) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, text: str) -> object:
        if len(self) >= REMEMBERED:
            self.clear()
        value = self[text] = self._parse(text)
        return value

    def of(self, cells: Sequence[str]) -> Sequence[object]:
        """The value of each text."""
        return list(map(self.__getitem__, cells))


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
