"""Figures with their units as rules state them: 30 days, RMB 5,000, 百分之二十, 三次."""

import re
from dataclasses import dataclass
from typing import Literal

from knowledge.numerals import HAN_NUMBER, number_of

Bound = Literal["", "most", "least"]

_WORDS = {
    word: value
    for value, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(),  # noqa: SIM905
        start=1,
    )
} | {"once": 1, "twice": 2, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90}
_TIMES = {
    "minute": ("minutes", 1),
    "hour": ("minutes", 60),
    "day": ("days", 1),
    "week": ("days", 7),
    "month": ("months", 1),
    "quarter": ("months", 3),
    "year": ("months", 12),
}
_TIMES_ZH = {
    "分钟": ("minutes", 1),
    "小时": ("minutes", 60),
    "日": ("days", 1),
    "天": ("days", 1),
    "自然日": ("days", 1),
    "周": ("days", 7),
    "月": ("months", 1),
    "季度": ("months", 3),
    "年": ("months", 12),
    "工作日": ("working days", 1),
}
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SCALES_ZH = {"百": 100, "千": 1_000, "万": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_FIGURE = rf"\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(_WORDS)})\b"
_EN = re.compile(
    rf"(?:\b(?P<currency>RMB|USD|CNY|EUR|HKD)\s?(?P<money>\d[\d,]*(?:\.\d+)?)"
    rf"(?:\s(?P<scale>thousand|million|billion))?)"
    r"|(?P<percent>\d[\d,]*(?:\.\d+)?)\s?(?:%|percent\b|per cent\b)"
    rf"|(?P<time>{_FIGURE})[\s-](?P<working>(?:business|working)\s)?(?:calendar\s)?"
    r"(?P<unit>minute|hour|day|week|month|quarter|year)s?\b"
    rf"|(?P<count>{_FIGURE})\s(?!or\b|and\b|of\b|to\b)(?:[a-z-]+\s)?"
    r"(?P<noun>basis points|times|[a-z]+s)\b",
    re.IGNORECASE,
)
_HAN = rf"[{HAN_NUMBER}]+(?:点[{HAN_NUMBER}]+)?"
_ZH = re.compile(
    rf"百分之(?P<percent>{_HAN})|(?P<percent_sign>\d+(?:\.\d+)?)\s?%"
    rf"|(?<![第每次{HAN_NUMBER}\d.])(?P<figure>\d[\d,]*(?:\.\d+)?\s?(?:百万|千万|[百千万亿])?|{_HAN})\s?"
    r"(?P<unit>(?:个)?(?:工作日|自然日|分钟|小时|季度|月)|美元|港元|欧元|元|基点|个基点|[日天周年]|"
    r"[次户份张名人位家项条套笔件倍成级]|个)"
)
_MOST = re.compile(
    r"(?:at most|up to|not exceed|no more than|not more than|within|no later than|not later than"
    r"|maximum(?: of| is)?|less than|limited to|only|不超过|不得超过|最多|最高|最长|至多"
    r"|上限为|不高于)"
    r"[^,;.，；。]{0,12}$",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"(?:at least|not less than|no less than|minimum(?: of| is)?|more than|over|older than|above"
    r"|至少|不少于|不低于|最低|最少|超过|满|不得少于|不得低于)[^,;.，；。]{0,12}$",
    re.IGNORECASE,
)
_AFTER_MOST = re.compile(r"^(?:以?内|之内|以下|或以下| or less)")
_AFTER_LEAST = re.compile(r"^(?:以上|或以上| or more)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of a unit at [start, end) of a text, and whether it is the most or the least."""

    unit: str
    value: float
    bound: Bound
    start: int
    end: int


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every figure with a unit, in order; weeks as days, years as months, hours as minutes."""
    found: list[Quantity] = []
    for pattern, read in ((_EN, _english), (_ZH, _chinese)):
        for match in pattern.finditer(text):
            start, end = match.span()
            unit, value = read(match)
            if value is not None and not any(o.start < end and start < o.end for o in found):
                found.append(Quantity(unit, value, _bound(text, start, end), start, end))
    return tuple(sorted(found, key=lambda one: one.start))


def _english(match: re.Match[str]) -> tuple[str, float | None]:
    if match["currency"]:
        currency = match["currency"].upper().replace("CNY", "RMB")
        return currency, _plain(match["money"]) * _SCALES.get((match["scale"] or "").lower(), 1)
    if match["percent"]:
        return "%", _plain(match["percent"])
    if match["time"]:
        unit, times = _TIMES[match["unit"].lower()]
        return ("working days" if match["working"] else unit), _plain(match["time"]) * times
    return match["noun"].lower().rstrip("s"), _plain(match["count"])


def _chinese(match: re.Match[str]) -> tuple[str, float | None]:
    if written := match["percent"] or match["percent_sign"]:
        return "%", _han(written)
    unit = match["unit"]
    figure = match["figure"].replace(" ", "")
    bare = unit.removeprefix("个") or unit
    if bare in _TIMES_ZH:
        name, times = _TIMES_ZH[bare]
        value = _han(figure)
        return name, None if value is None else value * times
    return {"元": "RMB", "美元": "USD"}.get(unit, bare), _han(figure)


def _han(written: str) -> float | None:
    for scale in sorted(_SCALES_ZH, key=len, reverse=True):
        figure = written.removesuffix(scale)
        if figure != written and figure.replace(",", "").replace(".", "").isdigit():
            return _plain(figure) * _SCALES_ZH[scale]
    if written[0].isdigit():
        return _plain(written)
    whole, _, part = written.partition("点")
    value = number_of(whole)
    if value is None or not part:
        return value
    digits = [number_of(digit) for digit in part]
    return float(f"{value}.{''.join(str(digit) for digit in digits)}")


def _plain(written: str) -> float:
    return float(_WORDS.get(written.lower()) or written.replace(",", ""))


def _bound(text: str, start: int, end: int) -> Bound:
    before, after = text[max(0, start - 40) : start], text[end:]
    if _MOST.search(before) or _AFTER_MOST.match(after):
        return "most"
    return "least" if _LEAST.search(before) or _AFTER_LEAST.match(after) else ""
