"""Opens a workbook as its reader's program does, and reckons its formulas from the cells alone."""

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sheet>'(?:[^']|'')+'!)?(?P<first>\$?[A-Z]+\$?\d+)(?::(?P<last>\$?[A-Z]+\$?\d+))?"
    r"|(?P<name>[A-Z]+)(?=\()|(?P<sign><=|>=|[-+*/(),<>=]))"
)


class Cells:
    """The cells of a workbook: what is written in each, and which of them are formulas."""

    def __init__(self, path: Path) -> None:
        self.values: dict[tuple[str, str], object] = {}
        self.formulas: dict[tuple[str, str], str] = {}
        with ZipFile(path) as inside:
            parts = set(inside.namelist())
            book = etree.fromstring(inside.read("xl/workbook.xml"))
            self.sheets = [one.get("name") for one in book.iter(f"{MAIN}sheet")]
            self.charts = [name for name in parts if name.startswith("xl/charts/chart")]
            texts = []
            if "xl/sharedStrings.xml" in parts:
                root = etree.fromstring(inside.read("xl/sharedStrings.xml"))
                texts = ["".join(one.itertext()) for one in root.iter(f"{MAIN}si")]
            for number, name in enumerate(self.sheets, start=1):
                self._read(name, inside.read(f"xl/worksheets/sheet{number}.xml"), texts)

    def _read(self, name: str, part: bytes, texts: list[str]) -> None:
        for cell in etree.fromstring(part).iter(f"{MAIN}c"):
            where = (name, cell.get("r"))
            value, formula = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
            if formula is not None:
                self.formulas[where] = formula.text
            if value is None or value.text is None:
                continue
            kind = cell.get("t", "n")
            if kind == "s":
                self.values[where] = texts[int(value.text)]
            else:
                self.values[where] = float(value.text) if kind == "n" else value.text

    def rows(self, sheet: str) -> list[list[object]]:
        """A sheet's rows, heads first, each as long as its last filled cell."""
        found: dict[int, dict[int, object]] = {}
        for (name, where), value in self.values.items():
            if name == sheet:
                letters, row = re.fullmatch(r"([A-Z]+)(\d+)", where).groups()
                found.setdefault(int(row), {})[_column(letters)] = value
        return [
            [found[row].get(column) for column in range(max(found[row]) + 1)]
            for row in sorted(found)
        ]

    def reckon(self, sheet: str, where: str) -> object:
        """What a cell gives, formulas worked out from scratch."""
        formula = self.formulas.get((sheet, where))
        if formula is None:
            return self.values.get((sheet, where), "")
        return Formula(formula, lambda name, cell: self.reckon(name or sheet, cell)).value()

    def check(self) -> int:
        """Assert that every formula gives what is stored beside it; how many there are."""
        for sheet, where in self.formulas:
            given, stored = self.reckon(sheet, where), self.values[sheet, where]
            told = f"{sheet}!{where} ={self.formulas[sheet, where]}: {given} is not {stored}"
            assert abs(given - stored) < 5e-6 * max(1.0, abs(stored) / 1e6), told
        return len(self.formulas)


class Formula:
    """One formula, worked out by recursive descent; only what the reports use is known."""

    def __init__(self, text: str, read) -> None:
        self.read, self.at, self.tokens = read, 0, []
        end = 0
        while end < len(text):
            found = TOKEN.match(text, end)
            assert found, f"{text!r} at {end}"
            self.tokens.append(found.groupdict())
            end = found.end()

    def value(self):
        given = self._compared()
        assert self.at == len(self.tokens)
        return given

    def _sign(self, *signs):
        if self.at < len(self.tokens) and self.tokens[self.at]["sign"] in signs:
            self.at += 1
            return self.tokens[self.at - 1]["sign"]
        return None

    def _compared(self):
        left = self._sum()
        sign = self._sign("<", ">", "<=", ">=", "=")
        if sign is None:
            return left
        right = self._sum()
        return {
            "<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right,
            "=": left == right,
        }[sign]  # fmt: skip

    def _sum(self):
        given = self._product()
        while sign := self._sign("+", "-"):
            right = self._product()
            given = given + right if sign == "+" else given - right
        return given

    def _product(self):
        given = self._atom()
        while sign := self._sign("*", "/"):
            right = self._atom()
            given = _times(given, right) if sign == "*" else given / right
        return given

    def _atom(self):
        if self._sign("-"):
            return -self._atom()
        if self._sign("("):
            given = self._compared()
            assert self._sign(")")
            return given
        token = self.tokens[self.at]
        self.at += 1
        if token["number"]:
            return float(token["number"])
        if token["name"]:
            return _CALLS[token["name"]](*self._arguments())
        return self._cells(token)

    def _cells(self, token):
        sheet = (token["sheet"] or "")[1:-2].replace("''", "'")
        first, last = (_place(token[end] or token["first"]) for end in ("first", "last"))
        if not token["last"]:
            return self.read(sheet, f"{first[0]}{first[1]}")
        if first[1] == last[1]:
            letters = [chr(one) for one in range(ord(first[0]), ord(last[0]) + 1)]
            return [self.read(sheet, f"{letter}{first[1]}") for letter in letters]
        assert first[0] == last[0], "a row or a column"
        return [self.read(sheet, f"{first[0]}{row}") for row in range(first[1], last[1] + 1)]

    def _arguments(self):
        assert self._sign("(")
        given = [self._compared()]
        while self._sign(","):
            given.append(self._compared())
        assert self._sign(")")
        return given


def _times(left, right):
    if isinstance(left, list) and isinstance(right, list):
        return [a * b for a, b in zip(left, right, strict=True)]
    if isinstance(left, list):
        return [each * right for each in left]
    return left * right


def _round(value, places):
    # A program shows 15 digits and rounds what it shows.
    step = Decimal(1).scaleb(-int(places))
    return float(Decimal(f"{value:.15g}").quantize(step, ROUND_HALF_UP))


def _total(*given):
    each = [one for value in given for one in (value if isinstance(value, list) else [value])]
    return sum(one for one in each if not isinstance(one, str))


_CALLS = {
    "SUM": _total,
    "SUMPRODUCT": _total,
    "EXACT": lambda column, cell: [each == cell for each in column],
    "ROUND": _round,
    "MIN": min,
    "MAX": max,
    "IF": lambda holds, then, other: then if holds else other,
}


def _place(where):
    letters, row = re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", where).groups()
    return letters, int(row)


def _column(letters):
    number = 0
    for one in letters:
        number = number * 26 + ord(one) - ord("A") + 1
    return number - 1
