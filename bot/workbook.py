"""Writing workbooks: new files that their owner alone may read, in which words stay words."""

import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import BotError
from bot.replies.sheets import Cell, Chart, Figure, Formula, Sheet
from bot.text import visible

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

OWNER_ONLY = 0o600
WIDTH = 24
CHART_ROWS = 18
"""Rows that a chart covers."""
LOOKS = {
    "whole": "#,##0",
    "money": "#,##0.00",
    "percent": '0.00"%"',
    "points": "#,##0.00",
    "share": "0.0%",
}
"""Number formats."""

Formats = Mapping[str, Any]


def write_workbook(path: Path, told: Sequence[Sheet]) -> None:
    """Write sheets to a new workbook; words are words, also where they look like a formula.

    Raises BotError.
    """
    import xlsxwriter  # noqa: PLC0415 - only a report that is to be a workbook needs it

    claim(path)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    formats = {look: book.add_format({"num_format": code}) for look, code in LOOKS.items()}
    formats |= {
        f"total {look}": book.add_format({"num_format": code, "bold": True, "top": 1})
        for look, code in LOOKS.items()
    }
    formats["head"] = book.add_format(
        {"bold": True, "bg_color": "#EDEDED", "bottom": 1, "text_wrap": True, "valign": "top"}
    )
    formats["words"] = book.add_format({"text_wrap": True, "valign": "top"})
    formats["total"] = book.add_format({"bold": True, "top": 1})
    for one in told:
        _write_sheet(book, book.add_worksheet(one.name), one, formats)
    book.close()


def claim(path: Path) -> None:
    """Make a new file that its owner alone may read. Raises BotError."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    except OSError as error:
        raise BotError(f"{path} cannot be made ({error.strerror}): name a new file") from None


def _write_sheet(book: "Workbook", sheet: "Worksheet", told: Sheet, formats: Formats) -> None:
    rows = len(told.rows) - told.total
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, rows), len(told.heads) - 1)
    sheet.set_column(0, len(told.heads) - 1, WIDTH, formats["words"])
    for number, width in enumerate(told.widths):
        sheet.set_column(number, number, width, formats["words"])
    for number, head in enumerate(told.heads):
        sheet.write_string(0, number, head, formats["head"])
    for number, row in enumerate(told.rows):
        kind = "total" if number >= rows else ""
        for column, cell in enumerate(row):
            _write_cell(sheet, (number + 1, column), cell, formats, kind)
    down = len(told.rows) + 2
    for chart in told.charts:
        sheet.insert_chart(down, 0, _chart(book, told, chart))
        down += CHART_ROWS


def _write_cell(
    sheet: "Worksheet", where: tuple[int, int], cell: Cell, formats: Formats, kind: str
) -> None:
    match cell:
        case str():
            sheet.write_string(*where, visible(cell), formats[kind or "words"])
        case int():
            sheet.write_number(*where, cell, formats[kind or "words"])
        case Figure(value, look):
            if value is not None:
                sheet.write_number(*where, _number(value), formats[f"{kind} {look}".strip()])
        case Formula(text, value, look):
            given = "" if value is None else _number(value)
            sheet.write_formula(*where, f"={text}", formats[f"{kind} {look}".strip()], given)


def _chart(book: "Workbook", told: Sheet, chart: Chart) -> Any:  # noqa: ANN401 - untyped there
    made = book.add_chart({"type": "bar", **({"subtype": "stacked"} if chart.stacked else {})})
    first, last = 1, max(1, chart.rows)
    for column in chart.figures:
        made.add_series(
            {
                "name": [told.name, 0, column],
                "categories": [told.name, first, chart.names, last, chart.names],
                "values": [told.name, first, column, last, column],
            }
        )
    made.set_title({"name": chart.title, "overlay": False, "name_font": {"size": 12}})
    made.set_y_axis({"reverse": True})
    if len(chart.figures) == 1:
        made.set_legend({"none": True})
    made.set_size({"width": 720, "height": CHART_ROWS * 20 - 20})
    return made


def _number(value: Decimal | int) -> int | float:
    return value if isinstance(value, int) else float(value)
