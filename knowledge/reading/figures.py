"""A workbook's cells as people see them: numbers in their formats, days as ISO days."""

import re
from datetime import date, datetime, time, timedelta

Value = str | float | bool | date | datetime | time | timedelta

# Formats that a workbook names by number alone (ECMA-376 part 1, §18.8.30). 27 to 36 and 50 to
# 58 are days in the East Asian editions of Excel.
BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((37, 38, 41, 42), "#,##0"),
    **dict.fromkeys((39, 40, 43, 44), "#,##0.00"),
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
}
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.")
_QUOTED = re.compile(r'"([^"]*)"|[\\!](.)')
_NUMBER = re.compile(r"[#0?][#0?,]*(?:\.[#0?]+)?,*")
_WRITTEN_POINT = re.compile(r'([#0?][#0?,]*)(?:[\\!]\.|"\.")([#0?]+)')
"""A point that is written, not counted from: 0\\.0,"万元" shows 123,000 as 12.3万元."""
_DAY_PARTS = re.compile(r"[yYdD]|[hH]|[eE](?![+-])")
_MOST_DECIMALS = 10


def shown(value: Value, form: str = "", *, from_1904: bool = False) -> str:
    """A cell's value as text: 0.05 in the format 0% is 5%, and never rounder than it is."""
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    match value:
        case bool():
            return str(value).upper()
        case datetime():
            text = value.isoformat(" ", "minutes").removesuffix(" 00:00")
        case time():
            text = value.isoformat("minutes")
        case int() | float():
            text = _number(float(value), form, from_1904=from_1904)
        case _:
            text = " ".join(str(value).split())
    return text


def _number(value: float, form: str, *, from_1904: bool) -> str:
    # The part for positive numbers speaks for all: a minus says more than brackets or colour.
    section = form.partition(";")[0]
    bare = _ASIDE.sub("", _CURRENCY.sub("", section))
    if form != "General" and _DAY_PARTS.search(_QUOTED.sub("", bare)) and 0 < value < 3_000_000:  # noqa: PLR2004 - the year 9999
        epoch = datetime.combine(_EPOCH_1904 if from_1904 else _EPOCH, time())
        return shown(epoch + timedelta(minutes=round(value * 24 * 60)))
    section = _ASIDE.sub("", _CURRENCY.sub(r'"\1"', section))
    point = _WRITTEN_POINT.search(section)
    section = _WRITTEN_POINT.sub(r"\1.\2", section, count=1)
    # Quoted words may hold any sign: they are set aside under a letter no format uses.
    words = [quoted or escaped for quoted, escaped in _QUOTED.findall(section)]
    section = _QUOTED.sub("\x00", section)
    pattern = _NUMBER.search(section)
    if pattern is None or "E+" in section or "/" in section:
        return _plain(value, 0)
    before, after = section[: pattern.start()], section[pattern.end() :]
    if _NUMBER.search(after):
        # Figures in groups, as of a telephone, are said without what stands between them.
        return _plain(value, 0)
    percent = "%" in before + after
    signs = pattern[0].rstrip(",")
    # Each comma after the last digit divides by a thousand, each digit after such a point by ten.
    parts = 1000 ** (len(pattern[0]) - len(signs)) * 10 ** (len(point[2]) if point else 0)
    scaled = value * (100 if percent else 1) / parts
    written = _digits(scaled, signs)
    place = iter(words)
    return re.sub("\x00", lambda _: next(place, ""), before + written + after).strip()


def _digits(value: float, pattern: str) -> str:
    whole, _, fraction = pattern.partition(".")
    written = _plain(value, fraction.count("0"), grouped="," in whole)
    width = whole.replace(",", "").count("0")
    sign, written = ("-", written[1:]) if written.startswith("-") else ("", written)
    head, dot, tail = written.partition(".")
    return sign + head.rjust(width, "0") + dot + tail


def _plain(value: float, decimals: int, *, grouped: bool = False) -> str:
    """A number with at least so many decimals, and all it has (up to 15 digits in all)."""
    value += 0.0  # no minus before a zero
    whole = len(str(abs(int(value))))
    exact = f"{value:.{max(0, min(_MOST_DECIMALS, 15 - whole))}f}"
    needed = len(exact.partition(".")[2].rstrip("0"))
    return f"{value:{',' if grouped else ''}.{max(decimals, needed)}f}"
