"""A sentence's figures: numbers with the unit that must stay with them, in either language.

"Within 3 working days" and "三个工作日内" are one figure.
"""

import re
from typing import Final

from knowledge.numerals import HAN_NUMBER, number_of

_SMALL: Final = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen",
)
_TENS: Final = re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety")
_ENGLISH: Final = {
    **{word: float(value) for value, word in enumerate(_SMALL)},
    **{word: value * 10.0 for value, word in enumerate(_TENS, 2)},
    **{
        f"{tens}-{one}": float(10 * many + few)
        for many, tens in enumerate(_TENS, 2)
        for few, one in enumerate(_SMALL[1:10], 1)
    },
    "twice": 2.0,
    "dozen": 12.0,
    "hundred": 100.0,
    "half": 0.5,
}
FORMAL: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")
"""The digits amounts are written out with, so that nobody can alter them."""
_VAGUE: Final = "几数半余多"
"""What makes a Chinese number another one: 十几年, 数日, 半年. It has no value but itself."""
_WORD: Final = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SCALES: Final = {
    "千": 1_000,
    "万": 10_000,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "thousand": 1_000,
    "million": 10**6,
    "billion": 10**9,
}
# Units that two figures must share; any other only parts one number from the next.
_UNITS: Final = {
    "minute": r"分钟|minutes?\b",
    "hour": r"个?小时|hours?\b",
    "working_day": r"个?工作日|(?:working|business) days?\b",
    "day": r"个?自然日|日|天|(?:calendar )?days?\b",
    "week": r"周|个?星期|weeks?\b",
    "quarter": r"个?季度|quarters?\b",
    "month": r"个?月|months?\b",
    "year": r"年|years?\b",
    "%": r"%|percent\b|per cent\b",
    "‰": r"‰|per mille\b|per thousand\b",
    "point": r"个?基点|basis points?\b|bps?\b",
    "times": r"倍|times\b",
}
_GROUPS: Final = {"%": "percent", "‰": "permille"}
_UNIT = "|".join(f"(?P<u_{_GROUPS.get(n, n)}>{p})" for n, p in _UNITS.items())
_SHARES: Final = {"百": "%", "千": "‰", "万": "‱"}
_COUNTED = "元块个次户名人笔份岁时点级成套张项分家"
"""What a Chinese number is of, besides the units above, where it is a number and no word."""
_EVERY: Final = {
    "every day": r"每个?(?:自然)?[日天]|\bdaily\b|\b(?:every|each|per|(?<=once )a) day\b",
    "every working day": r"每个?工作日|\b(?:every|each|per) (?:working|business) day\b",
    "every week": r"每个?(?:周|星期)|\bweekly\b|\b(?:every|each|per|(?<=once )a) week\b",
    "every month": r"每个?月|\bmonthly\b|\b(?:every|each|per|(?<=once )a) month\b",
    "every quarter": r"每个?季度?|\bquarterly\b|\b(?:every|each|per|(?<=once )a) quarter\b",
    "every year": r"每个?年度?|\b(?:yearly|annually)\b|\b(?:every|each|per|(?<=once )a) year\b",
}
_MEASURE = re.compile(
    rf"(?P<of>[百千万])分之(?P<share>[{HAN_NUMBER}\d.]+)"
    r"|(?P<digits>\d[\d,]*(?:\.\d+)*)[\s-]*"
    rf"(?P<scale>thousand\b|million\b|billion\b|百万|千万|[千万亿])?[\s-]*(?:{_UNIT})?"
    rf"|(?P<han>[{HAN_NUMBER}{_VAGUE}]+)(?:{_UNIT.replace('<u_', '<h_')}|(?=[{_COUNTED}]))"
    rf"|\b(?P<word>{_WORD})\b[\s-]*(?:an? )?(?:{_UNIT.replace('<u_', '<w_')})?"
    rf"|(?P<month>\b(?:{'|'.join(_MONTHS)})\b)"
)
_PERIODS = tuple((name, re.compile(pattern)) for name, pattern in _EVERY.items())
_MAY_THE_MONTH = re.compile(r"\d\s+$")

Measure = tuple[float | str, str]
"""A number with the unit that must stay with it, "" for any other."""


def measures(plain: str) -> tuple[Measure, ...]:
    """The figures of a text in half-width small letters, in their order."""
    counted = [(found.start(), _measure(found, plain)) for found in _MEASURE.finditer(plain)]
    counted += [
        (found.start(), (1.0, name))
        for name, pattern in _PERIODS
        for found in pattern.finditer(plain)
    ]
    placed = sorted((at, measure) for at, measure in counted if measure is not None)
    return tuple(measure for _, measure in placed)


def _measure(found: re.Match[str], plain: str) -> Measure | None:
    named = {name[2:]: 1 for name, held in found.groupdict().items() if held and name[1] == "_"}
    unit = next(iter(named), "")
    unit = next((sign for sign, group in _GROUPS.items() if group == unit), unit)
    if found["share"]:
        return (_value(found["share"]), _SHARES[found["of"]])
    if found["digits"]:
        value = _value(found["digits"].replace(",", ""))
        scale = _SCALES.get(found["scale"] or "", 1)
        return (value * scale if isinstance(value, float) else value, unit)
    if found["han"]:
        return (_value(found["han"]), unit)
    if found["word"]:
        return None if found["word"] == "one" and not unit else (_ENGLISH[found["word"]], unit)
    dated = found["month"] != "may" or _dated(plain, found)
    return (float(_MONTHS.index(found["month"]) + 1), "month") if dated else None


def _dated(plain: str, found: re.Match[str]) -> bool:
    """Whether a may is the month: a number stands on one side of it."""
    after = plain[found.end() :].lstrip()
    return bool(_MAY_THE_MONTH.search(plain[: found.start()])) or after[:1].isdigit()


def without_may_the_month(plain: str) -> str:
    """The text without the month that reads like a ruling: 1 May."""
    return re.sub(r"(?<=\d )may\b|\bmay(?= \d)", " ", plain)


def _value(written: str) -> float | str:
    """A number's value; what is no number, as a version 1.2.3, stands for itself."""
    whole = number_of(written)
    if whole is not None:
        return float(whole)
    try:
        return float(written)
    except ValueError:
        return written
