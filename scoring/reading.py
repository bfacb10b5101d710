"""Reading a scheme's TOML strictly: every mistake is named by file and key, with the remedy."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeVar

from scoring.curves import Between, Curve, Deduction, Linear, Steps, Text
from scoring.errors import SchemeError

Choice = TypeVar("Choice", bound=str)
Value = TypeVar("Value")
OF: tuple[Literal["value", "target", "difference"], ...] = ("value", "target", "difference")


def read_toml(text: str, where: str) -> "Table":
    """The top table of a TOML text."""
    try:
        return Table(tomllib.loads(text), where, "")
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"{where}: not valid TOML: {error}") from error


class Table:
    """One TOML table; it knows which of its keys nobody asked for."""

    def __init__(self, values: Mapping[str, Any], where: str, path: str) -> None:
        """Wrap a table found at `path` in the file `where`."""
        self._values = values
        self._where = where
        self._path = path
        self._read: set[str] = set()

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise self._problem(key, "give a text that is not empty")
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
        raise self._problem(key, f"{value!r} is none of {', '.join(choices)}")

    def optional_choice(self, key: str, choices: Sequence[Choice]) -> Choice | None:
        """One of a few words, or None where the key is absent."""
        return self.choice(key, choices) if key in self._values else None

    def choices(self, key: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
        """Several of a few words."""
        values = self._take(key)
        if not isinstance(values, list) or any(value not in choices for value in values):
            raise self._problem(key, f"give a list out of {', '.join(choices)}")
        return tuple(choice for choice in choices if choice in values)

    def words(self, key: str) -> Text:
        """The same words in English and Chinese."""
        table = self.table(key)
        return table.done({"en": table.text("en"), "zh": table.text("zh")})

    def number(self, key: str, *, least: int) -> int:
        """A whole number of at least `least`."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self._problem(key, f"give a whole number of at least {least}")
        return value

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
            raise self._problem(key, f"give {length} whole numbers, none below 0 and not all 0")
        return tuple(values)

    def numbers(self) -> dict[str, int]:
        """Every key of this table, each a whole number of at least 0."""
        return {key: self.number(key, least=0) for key in self._values}

    def texts(self) -> dict[str, str]:
        """Every key of this table, each a text."""
        return {key: self.text(key) for key in self._values}

    def table(self, key: str) -> "Table":
        """A table below this one."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self._problem(key, "give a table")
        return Table(value, self._where, self._at(key))

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of a list, each named by its id where it has one."""
        values = self._take(key)
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self._problem(key, "give a list of tables")
        for number, value in enumerate(values, start=1):
            yield Table(value, self._where, self._at(f"{key}.{value.get('id', number)}"))

    def named_tables(self) -> Iterator[tuple[str, "Table"]]:
        """Every key of this table, each a table."""
        for key in self._values:
            yield key, self.table(key)

    def curve(self, key: str) -> Curve:
        """A curve: {kind = "L", floor, cap}, "B", "S" or "D" (scoring/curves)."""
        table = self.table(key)
        kind = table.choice("kind", tuple(_CURVES))
        try:
            return table.done(_CURVES[kind](table))
        except ValueError as error:
            raise self._problem(key, str(error)) from error

    def done(self, value: Value) -> Value:
        """The value made of this table, once every key of it was read."""
        self.finish()
        return value

    def finish(self) -> None:
        """Refuse keys nobody read: a misspelt setting must not be passed over."""
        for key in sorted(set(self._values) - self._read):
            raise self._problem(key, "is not a known key; remove it or correct its spelling")

    def pairs(self, key: str) -> tuple[tuple[Decimal, Decimal], ...]:
        """Pairs of decimal numbers."""
        values = self._take(key)
        if not isinstance(values, list) or any(
            not isinstance(pair, list) or len(pair) != 2  # noqa: PLR2004 - a pair
            for pair in values
        ):
            raise self._problem(key, 'give pairs such as ["0.9", "60"]')
        return tuple((self._decimal(key, one), self._decimal(key, two)) for one, two in values)

    def _decimal(self, key: str, value: object) -> Decimal:
        if isinstance(value, str):
            try:
                number = Decimal(value)
            except InvalidOperation:
                number = Decimal("NaN")
            if number.is_finite():
                return number
        raise self._problem(key, 'give a number in quotes, such as "0.6"')

    def _take(self, key: str) -> Any:  # noqa: ANN401 - TOML holds anything; the callers check
        self._read.add(key)
        if key not in self._values:
            raise self._problem(key, "is missing")
        return self._values[key]

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _problem(self, key: str, problem: str) -> SchemeError:
        return SchemeError(f"{self._where}: {self._at(key)}: {problem}")


def _between(table: Table) -> Between:
    best, good, bad = (table.decimal(key) for key in ("best", "good", "bad"))
    return Between(best, good, bad, table.optional_choice("of", OF) or "value")


_CURVES: dict[str, Callable[[Table], Curve]] = {
    "L": lambda table: Linear(table.decimal("floor"), table.decimal("cap")),
    "B": _between,
    "S": lambda table: Steps(table.pairs("steps")),
    "D": lambda table: Deduction(table.decimal("each")),
}
