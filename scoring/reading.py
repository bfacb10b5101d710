"""Reading a scheme's TOML strictly: a mistake is named by file, line and key, with the remedy."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeVar

from scoring.curves import Between, Curve, Deduction, Gate, Linear, Steps, Text
from scoring.errors import SchemeError
from scoring.lines import Path, line_of

Choice = TypeVar("Choice", bound=str)
Value = TypeVar("Value")
OF: tuple[Literal["value", "target", "difference"], ...] = ("value", "target", "difference")


@dataclass(frozen=True, slots=True)
class Source:
    """A scheme file's text, and how it is called."""

    text: str
    where: str

    def problem(self, path: Path, problem: str) -> SchemeError:
        """What is wrong with a key, and on which line."""
        place = f"{self.where}:{line_of(self.text, path)}"
        return SchemeError(": ".join(filter(None, (place, ".".join(path), problem))))


def read_toml(source: Source) -> "Table":
    """The top table of a TOML text."""
    try:
        return Table(tomllib.loads(source.text), source, ())
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = found[1] if found else str(source.text.count("\n") + 1)
        raise SchemeError(
            f"{source.where}:{line}: not valid TOML: {error}; correct that line"
        ) from error


class Table:
    """One TOML table; it knows which of its keys nobody asked for."""

    def __init__(self, values: Mapping[str, Any], source: Source, path: Path) -> None:
        """Wrap a table found at `path` in the file."""
        self._values = values
        self._source = source
        self._path = path
        self._read: set[str] = set()

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.problem(key, "give a text that is not empty")
        return value

    def optional_text(self, key: str) -> str | None:
        """A text, or None where the key is absent."""
        return self.text(key) if key in self._values else None

    def choice(self, key: str, choices: Sequence[Choice]) -> Choice:
        """One of a few words."""
        value = self._take(key)
        for choice in choices:
            if value == choice:
                return choice
        raise self.problem(key, f"{value!r} is none of {', '.join(choices)}")

    def optional_choice(self, key: str, choices: Sequence[Choice]) -> Choice | None:
        """One of a few words, or None where the key is absent."""
        return self.choice(key, choices) if key in self._values else None

    def choices(self, key: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
        """Several of a few words."""
        values = self._take(key)
        if not isinstance(values, list) or any(value not in choices for value in values):
            raise self.problem(key, f"give a list out of {', '.join(choices)}")
        return tuple(choice for choice in choices if choice in values)

    def words(self, key: str) -> Text:
        """The same words in English and Chinese."""
        table = self.table(key)
        return table.done({"en": table.text("en"), "zh": table.text("zh")})

    def number(self, key: str, *, least: int, most: int | None = None) -> int:
        """A whole number of at least `least`, and at most `most`."""
        value = self._take(key)
        if type(value) is not int or value < least or (most is not None and value > most):
            upper = "" if most is None else f" and at most {most}"
            raise self.problem(key, f"give a whole number of at least {least}{upper}")
        return value

    def percent(self, key: str) -> int:
        """A whole percentage from 0 to 100."""
        return self.number(key, least=0, most=100)

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._take(key)
        if not isinstance(value, bool):
            raise self.problem(key, "write true or false")
        return value

    def day(self, key: str) -> date:
        """A date."""
        value = self._take(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.problem(key, "write a date such as 2026-01-01, without quotes")
        return value

    def optional_day(self, key: str) -> date | None:
        """A date, or None where the key is absent."""
        return self.day(key) if key in self._values else None

    def decimal(self, key: str) -> Decimal:
        """A decimal number, written as text so that it is exact."""
        return self._decimal(key, self._take(key))

    def optional_decimal(self, key: str) -> Decimal | None:
        """A decimal number, or None where the key is absent."""
        return self.decimal(key) if key in self._values else None

    def weights(self, key: str, length: int) -> tuple[int, ...]:
        """Whole weights, at least one of them above zero."""
        values = self._take(key)
        whole = isinstance(values, list) and all(type(value) is int for value in values)
        if not whole or len(values) != length or min(values) < 0 or not sum(values):
            raise self.problem(key, f"give {length} whole numbers, none below 0 and not all 0")
        return tuple(values)

    def percents(self, key: str) -> tuple[int, ...]:
        """A list of whole percentages."""
        values = self._take(key)
        if not isinstance(values, list) or any(
            type(value) is not int or not 0 <= value <= 100  # noqa: PLR2004 - percent
            for value in values
        ):
            raise self.problem(key, "give a list of whole numbers from 0 to 100")
        return tuple(values)

    def span(self, key: str) -> tuple[int, int]:
        """The least and the most of something."""
        values = self._take(key)
        whole = isinstance(values, list) and all(type(value) is int for value in values)
        if not whole or len(values) != 2 or not 0 <= values[0] <= values[1]:  # noqa: PLR2004 - a span
            raise self.problem(key, "give the least and the most, such as [10, 20]")
        return values[0], values[1]

    def numbers(self) -> dict[str, int]:
        """Every key of this table, each a whole number of at least 0."""
        return {key: self.number(key, least=0) for key in self._values}

    def numbers_of(self, keys: Sequence[str]) -> dict[str, int]:
        """Exactly these keys, each a whole number of at least 0."""
        return self.done({key: self.number(key, least=0) for key in keys})

    def decimals(self) -> dict[str, Decimal]:
        """Every key of this table, each a decimal number."""
        return {key: self.decimal(key) for key in self._values}

    def texts(self) -> dict[str, str]:
        """Every key of this table, each a text."""
        return {key: self.text(key) for key in self._values}

    def table(self, key: str) -> "Table":
        """A table below this one."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.problem(key, "give a table")
        return Table(value, self._source, (*self._path, key))

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of a list, each named by its id where it has one."""
        values = self._take(key)
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.problem(key, "give a list of tables")
        for number, value in enumerate(values, start=1):
            name = str(value.get("id", number))
            yield Table(value, self._source, (*self._path, key, name))

    def named_tables(self) -> Iterator[tuple[str, "Table"]]:
        """Every key of this table, each a table."""
        for key in self._values:
            yield key, self.table(key)

    def curve(self, key: str) -> Curve:
        """A curve: {kind = "L", floor, cap}, "B", "S", "D" or "G" (scoring/curves)."""
        table = self.table(key)
        kind = table.choice("kind", tuple(_CURVES))
        try:
            return table.done(_CURVES[kind](table))
        except ValueError as error:
            raise self.problem(key, str(error)) from error

    def done(self, value: Value) -> Value:
        """The value made of this table, once every key of it was read."""
        self.finish()
        return value

    def finish(self) -> None:
        """Refuse keys nobody read: a misspelt setting must not be passed over."""
        for key in sorted(set(self._values) - self._read):
            raise self.problem(key, "is not a known key; remove it or correct its spelling")

    def pairs(self, key: str) -> tuple[tuple[Decimal, Decimal], ...]:
        """Pairs of decimal numbers."""
        values = self._take(key)
        if not isinstance(values, list) or any(
            not isinstance(pair, list) or len(pair) != 2  # noqa: PLR2004 - a pair
            for pair in values
        ):
            raise self.problem(key, 'give pairs such as ["0.9", "60"]')
        return tuple((self._decimal(key, one), self._decimal(key, two)) for one, two in values)

    def texts_of(self, key: str) -> tuple[str, ...]:
        """A list of texts, which may be empty."""
        values = self._take(key)
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.problem(key, 'give a list of texts, such as ["food"]')
        return tuple(values)

    def decimals_of(self, key: str) -> tuple[Decimal, ...]:
        """A list of decimal numbers."""
        values = self._take(key)
        if not isinstance(values, list):
            raise self.problem(key, 'give a list of numbers in quotes, such as ["0.6"]')
        return tuple(self._decimal(key, value) for value in values)

    def _decimal(self, key: str, value: object) -> Decimal:
        if isinstance(value, str):
            try:
                number = Decimal(value)
            except InvalidOperation:
                number = Decimal("NaN")
            if number.is_finite():
                return number
        raise self.problem(key, 'give a number in quotes, such as "0.6"')

    def _take(self, key: str) -> Any:  # noqa: ANN401 - TOML holds anything; the callers check
        self._read.add(key)
        if key not in self._values:
            raise self.problem(key, "is missing")
        return self._values[key]

    def problem(self, key: str, problem: str) -> SchemeError:
        """What is wrong with a key of this table."""
        return self._source.problem((*self._path, key), problem)


def _between(table: Table) -> Between:
    best, good, bad = (table.decimal(key) for key in ("best", "good", "bad"))
    return Between(best, good, bad, table.optional_choice("of", OF) or "value")


_CURVES: dict[str, Callable[[Table], Curve]] = {
    "L": lambda table: Linear(table.decimal("floor"), table.decimal("cap")),
    "B": _between,
    "S": lambda table: Steps(table.pairs("steps")),
    "D": lambda table: Deduction(table.decimal("each")),
    "G": lambda table: Gate(),  # noqa: ARG005 - a gate has no figures
}
