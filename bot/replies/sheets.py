"""Sheets of a workbook as plain values: cells, formulas with what they give, charts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Look = Literal["whole", "money", "percent", "points", "share"]
"""How a figure is shown. Money is in yuan; percent is 26 for 26 %, a share 0.26 for it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number; None leaves the cell empty."""

    value: Decimal | int | None
    look: Look = "points"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its equals sign, and the number it gives: previews do not reckon."""

    text: str
    value: Decimal | int | None
    look: Look = "points"


Cell = str | int | Figure | Formula


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of some columns of the sheet's first rows, named by another column."""

    title: str
    names: int
    figures: tuple[int, ...]
    rows: int
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its heads, and rows of words and figures.

    The first columns are as wide as `widths` say, the others alike. `total`: the last row adds up
    the others, and is not one to sort.
    """

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] = (60,)
    charts: tuple[Chart, ...] = ()
    total: bool = False


def yuan(fen: Decimal | int | None) -> Figure:
    """Fen as a figure in yuan."""
    return Figure(None if fen is None else Decimal(fen) / 100, "money")


def letter(column: int) -> str:
    """A column of at most 26 as workbooks call it: 0 is A."""
    return chr(ord("A") + column)


def at(column: int, row: int, sheet: str = "") -> str:
    """Where a cell is; `row` counts the rows below the heads from 0."""
    return f"{named(sheet)}{letter(column)}{row + 2}"


def column(number: int, rows: int, sheet: str = "") -> str:
    """All the cells of a column below its head."""
    name = letter(number)
    return f"{named(sheet)}${name}$2:${name}${max(rows, 1) + 1}"


def named(sheet: str) -> str:
    """A sheet's name before a cell of it; nothing of the sheet itself."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!" if sheet else ""
