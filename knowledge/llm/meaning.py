"""What of a sentence must not change when it is said in other words: figures and rulings.

Both languages are read into the same values, so that an English claim about a Chinese clause can
be held against it: "within 3 working days" and "三个工作日内" are one figure.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from knowledge.numerals import HAN_NUMBER, number_of

_ENGLISH: Final = {
    word: int(value)
    for word, value in re.findall(
        r"(\S+) (\d+)",
        "zero 0 one 1 two 2 twice 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10"
        " eleven 11 twelve 12 fourteen 14 fifteen 15 eighteen 18 twenty 20 thirty 30 forty 40"
        " forty-five 45 fifty 50 sixty 60 ninety 90 hundred 100",
    )
}
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
    "point": r"个?基点|basis points?\b|bps?\b",
    "times": r"倍|times\b",
}
_UNIT = "|".join(f"(?P<u_{'percent' if n == '%' else n}>{p})" for n, p in _UNITS.items())
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
    rf"百分之(?P<share>[{HAN_NUMBER}\d.]+)"
    r"|(?P<digits>\d[\d,]*(?:\.\d+)*)[\s-]*"
    rf"(?P<scale>thousand\b|million\b|billion\b|百万|千万|[千万亿])?[\s-]*(?:{_UNIT})?"
    rf"|(?P<han>[{HAN_NUMBER}]+)(?:{_UNIT.replace('<u_', '<h_')}|(?=[{_COUNTED}]))"
    rf"|\b(?P<word>{_WORD})\b[\s-]*(?:{_UNIT.replace('<u_', '<w_')})?"
    rf"|(?P<month>\b(?:{'|'.join(_MONTHS)})\b)"
)
_PERIODS = tuple((name, re.compile(pattern)) for name, pattern in _EVERY.items())
_MAY_THE_MONTH = re.compile(r"\d\s+$")

Measure = tuple[float | str, str]
"""A number with the unit that must stay with it, "" for any other."""

_BOUND: Final = {
    # In this order: what is found is taken out, so that 不超过 holds no 超过.
    "at_most": re.compile(
        r"不得?(?:超过|高于|多于|大于|晚于|迟于)|至多|最多|最高|最长|最迟|最晚|以内|之内|以下"
        r"|(?<=[日天周月季度年时钟])内"
        r"|\bat most\b|\bup to\b|\b(?:no|not) (?:more|longer|later|higher|greater) than\b"
        r"|\b(?:not|never) exceed(?:ing)?\b|\bwithin\b|\bat the latest\b|\bmaximum\b"
        r"|\bor (?:less|fewer|below|under)\b"
    ),
    "at_least": re.compile(
        r"不得?(?:少于|低于|短于|小于|早于)|至少|最少|最低|最短|以上"
        r"|\bat least\b|\b(?:no|not) (?:less|fewer|lower|shorter|earlier) than\b|\bminimum\b"
        r"|\b(?:or|and) (?:more|above|over)\b"
    ),
    "over": re.compile(
        r"超过|超出|高于|多于|大于|\b(?:more|longer|later|higher|greater) than\b|\bexceed|\babove\b"
    ),
    "under": re.compile(
        r"少于|低于|短于|小于|不足|\b(?:less|fewer|lower|shorter) than\b|\bbelow\b"
    ),
}
_RULING: Final = {
    # In this order: what is found is taken out, so that 不得 holds no 得 and "must not" no must.
    "exempt": re.compile(
        r"无需|不需要?|不必|无须|毋需|毋须|不用|免于"
        r"|\bneed not\b|\bneedn't\b|\b(?:do|does|is|are) not (?:need|have|required)\b"
    ),
    "forbidden": re.compile(
        r"不得|禁止|严禁|不准|不可(?!避免|抗力)|不应当?|不能|不许|不予|不允许|切勿|请勿"
        r"|\b(?:must|shall|may|should|can) not\b|\b(?:mustn|shan|shouldn|can)'t\b|\bcannot\b"
        r"|\bnot (?:be )?(?:allowed|permitted|accepted)\b|\bprohibit\w*|\bforbid\w*|\bnever\b"
        r"|\bno\b[^.;]{1,60}?\b(?:may|must|shall|can)\b"
    ),
    "required": re.compile(
        r"应当|必须|须|(?<![相对适响反供回])应(?![用对急收付还答届])|需要?(?!求)"
        r"|\bmust\b|\bshall\b|\bshould\b|\brequire[sd]?\b|\b(?:has|have|needs?) to\b"
    ),
    "allowed": re.compile(
        r"可以|允许|准许|(?<![许认])可(?![能靠行疑见控持])"
        r"|\bmay\b|\bcan\b|\ballowed\b|\bpermitted\b"
    ),
}
_WORDS = re.compile(
    "不良|不动产|不同|不断|不仅|无论|不论|无关|无误|无形|非现场|非银行|非常|未来|未成年|未尽事宜"
)
"""Words that look like denials and are none."""
_NEGATION = r"(?:[不未无非没勿毋]|\b(?:not|no|nor|none|nothing|nobody|neither|without)\b|n't\b)"
_DENIED = re.compile(rf"{_NEGATION}\s*([a-z]+(?: [a-z]+){{0,2}}|[㐀-鿿]{{1,2}})?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sentence's figures, in order, and rulings.

    `rulings` are "required", "forbidden", "allowed" and "exempt", `bounds` "at_most", "at_least",
    "over" and "under", with "required 2" where one is said twice; `negated` is whether anything
    else is denied, `denied` how that begins, and `free` the sentence without it.
    """

    measures: tuple[Measure, ...]
    rulings: frozenset[str]
    bounds: frozenset[str]
    negated: bool
    denied: frozenset[str]
    free: str


def read_meaning(text: str) -> Meaning:
    """What of a sentence must stay."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    measures = _measures(plain)
    plain = _WORDS.sub(" ", _without_may_the_month(plain))
    bounds, plain = _kinds(_BOUND, plain)
    rulings, plain = _kinds(_RULING, plain)
    free, count = _DENIED.subn(" ", plain)
    return Meaning(
        measures=measures,
        rulings=rulings,
        bounds=bounds,
        negated=bool(count),
        denied=frozenset(found[1] for found in _DENIED.finditer(plain) if found[1]),
        free=free,
    )


def _kinds(patterns: Mapping[str, re.Pattern[str]], plain: str) -> tuple[frozenset[str], str]:
    """Which kinds a text holds, "over 2" where one is there twice, and the text without them."""
    found = set()
    for kind, pattern in patterns.items():
        plain, count = pattern.subn(" ", plain)
        found |= {kind if nth == 1 else f"{kind} {nth}" for nth in range(1, count + 1)}
    return frozenset(found), plain


def supports(given: Meaning, said: Meaning, around: Meaning, *, ordered: bool) -> bool:
    """Whether a quote bears out what is said of it.

    Every figure, bound and ruling said is in the quote, `given`, no more often than there and, if
    `ordered`, in its order; and a prohibition or exemption in the sentence it was taken from,
    `around`, is not left out, nor a denial dropped or added, nor a figure's bound.
    """
    figures = _figures_held(said.measures, given.measures, ordered=ordered)
    rulings = said.rulings <= given.rulings
    kept = {"forbidden", "exempt"} & around.rulings <= said.rulings
    bounds = said.bounds <= given.bounds and {"over", "under"} & around.bounds <= said.bounds
    if said.measures and given.bounds and not said.bounds:
        return False
    denials = said.negated == around.negated and not any(
        _holds(said.free, one) and not _holds(around.free, one) for one in around.denied
    )
    return figures and rulings and kept and bounds and denials


def _holds(text: str, words: str) -> bool:
    return re.search(rf"(?<![a-z]){words}(?![a-z])", text) is not None


def _figures_held(said: tuple[Measure, ...], given: tuple[Measure, ...], *, ordered: bool) -> bool:
    left = list(given)
    for value, unit in said:
        places = [n for n, held in enumerate(left) if held == (value, unit)]
        places += [n for n, (held, _) in enumerate(left) if not unit and held == value]
        if not places:
            return False
        first = min(places)
        left = left[first + 1 :] if ordered else left[:first] + left[first + 1 :]
    return True


def _measures(plain: str) -> tuple[Measure, ...]:
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
    unit = next(iter(named), "").replace("percent", "%")
    if found["share"]:
        return (_value(found["share"]), "%")
    if found["digits"]:
        value = _value(found["digits"].replace(",", ""))
        scale = _SCALES.get(found["scale"] or "", 1)
        return (value * scale if isinstance(value, float) else value, unit)
    if found["han"]:
        return (_value(found["han"]), unit)
    if found["word"]:
        return (
            None if found["word"] == "one" and not unit else (float(_ENGLISH[found["word"]]), unit)
        )
    dated = found["month"] != "may" or _dated(plain, found)
    return (float(_MONTHS.index(found["month"]) + 1), "month") if dated else None


def _dated(plain: str, found: re.Match[str]) -> bool:
    """Whether a may is the month: a number stands on one side of it."""
    after = plain[found.end() :].lstrip()
    return bool(_MAY_THE_MONTH.search(plain[: found.start()])) or after[:1].isdigit()


def _without_may_the_month(plain: str) -> str:
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
