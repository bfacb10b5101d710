"""What of a sentence must not change when it is said in other words: figures and rulings.

Both languages are read into the same values, so that an English claim about a Chinese clause can
be held against it: "within 3 working days" and "三个工作日内" are one figure.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
_FORMAL: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")
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
_LIMIT: Final = {
    "only": re.compile(
        r"仅|只(?=[能可限有由向对在])|限于"
        r"|\bonly\b(?! (?:if|when|after|once)\b)|\bsolely\b|\bexclusively\b"
    ),
    "except": re.compile(
        r"除[^，。；]{0,30}?外(?!，?[还也另])|除非|例外"
        r"|\bexcept|\bunless\b|\bother than\b|\bexcluding\b"
    ),
    "leave": re.compile(
        r"批准|审批|核准|同意|授权|\bapprov|\bconsent|\bauthori[sz]|\bpermission\b"
        r"|\bonly (?:if|when|after|once)\b"
    ),
}
"""What narrows a rule, so that without it another rule is left."""
_OPPOSITES: Final = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (r"(?<![目提当此以])前(?![款述条项台提言者])|\bbefore\b", r"后(?![果台续者备])|\bafter\b"),
        (r"上浮|上调|提高|增加|\bincreas|\brais", r"下浮|下调|降低|减少|\bdecreas|\breduc"),
        (r"开始|起始|\bstart|\bbegin", r"终止|结束|截止|届满|\bend(?:s|ed)?\b|\bexpir"),
        (r"合规|合法|\blegal|\blawful", r"违规|违法|\billegal|\bunlawful"),
        (r"多数|\bmost\b|\bmany\b", r"少数|\bfew\b"),
        (r"全部|所有|一律|\ball\b|\bevery\b", r"部分|少数|多数|\bsome\b|\bmost\b|\bfew\b"),
    )
)
"""Words of which a claim may not say the one where its quote says the other."""
_CURRENCY: Final = {
    "cny": re.compile(r"人民币|(?<![美欧日港])元|\brmb\b|\bcny\b|\byuan\b"),
    "usd": re.compile(r"美元|美金|\busd\b|(?<!hk)\$|\bdollars?\b"),
    "hkd": re.compile(r"港元|港币|\bhkd\b|hk\$"),
    "eur": re.compile(r"欧元|\beur\b|€|\beuros?\b"),
    "jpy": re.compile(r"日元|\bjpy\b|\byen\b"),
    "gbp": re.compile(r"英镑|\bgbp\b|£"),
}
_WORDS = re.compile(
    "不良|不动产|不同|不断|不仅|无论|不论|无关|无误|无形|非现场|非银行|非常|未来|未成年|未尽事宜"
    r"|\bnon-(?:performing|resident|bank|financial|working|cash)"
)
"""Words that look like denials and are none."""
_NEGATION = (
    r"(?:[不未无非没勿毋]|拒绝|避免|\b(?:not|no|nor|none|nothing|nobody|neither|without)\b|n't\b"
    r"|\b(?:refus|reject|declin|avoid|refrain)[a-z]*|\bnon-|\b(?:illegal|unlawful)[a-z]*)"
)
_DENIED = re.compile(rf"{_NEGATION}\s*([a-z]+(?: [a-z]+){{0,2}}|[㐀-鿿]{{1,2}})?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sentence's figures and rulings, in their order, and what else must stay.

    `rulings` are "required", "forbidden", "allowed" and "exempt", `bounds` "at_most", "at_least",
    "over" and "under", `limits` "only", "except" and "leave" (to do it: somebody's, or if something
    is so). `sides` tells which of each two opposites it says. `negated` is whether anything else is
    denied, `denied` how that begins, and `free` the sentence without it.
    """

    measures: tuple[Measure, ...]
    rulings: tuple[str, ...]
    bounds: tuple[str, ...]
    limits: frozenset[str]
    currencies: frozenset[str]
    sides: tuple[tuple[bool, bool], ...]
    negated: bool
    denied: frozenset[str]
    free: str


def read_meaning(text: str) -> Meaning:
    """What of a sentence must stay."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").translate(_FORMAL)
    measures = _measures(plain)
    limits, _ = _kinds(_LIMIT, _WORDS.sub(" ", plain))
    currencies, _ = _kinds(_CURRENCY, plain)
    sides = tuple((bool(a.search(plain)), bool(b.search(plain))) for a, b in _OPPOSITES)
    plain = _WORDS.sub(" ", _without_may_the_month(plain))
    bounds, plain = _kinds(_BOUND, plain)
    rulings, plain = _kinds(_RULING, plain)
    free, count = _DENIED.subn(" ", plain)
    return Meaning(
        measures=measures,
        rulings=rulings,
        bounds=bounds,
        limits=frozenset(limits),
        currencies=frozenset(currencies),
        sides=sides,
        negated=bool(count),
        denied=frozenset(found[1] for found in _DENIED.finditer(plain) if found[1]),
        free=free,
    )


def _kinds(patterns: Mapping[str, re.Pattern[str]], plain: str) -> tuple[tuple[str, ...], str]:
    """The kinds a text holds, in their order, and the text without them."""
    found: list[tuple[int, str]] = []
    for kind, pattern in patterns.items():
        found += [(one.start(), kind) for one in pattern.finditer(plain)]
        plain = pattern.sub(lambda one: " " * len(one[0]), plain)
    return tuple(kind for _, kind in sorted(found)), plain


@dataclass(frozen=True, slots=True)
class Source:
    """What a claim is held against: its quote, the part of a sentence that lies in, the sentence.

    `lead` is the sentence up to the end of that part, where a rule's condition stands; `asked` is
    the question, whose conditions need not be said again.
    """

    quote: Meaning
    around: Meaning
    lead: Meaning
    sentence: Meaning
    asked: Meaning


def supports(source: Source, said: Meaning, *, ordered: bool) -> bool:
    """Whether a quote bears out what is said of it.

    Every figure, bound and ruling said is in the quote, no more often than there and, if
    `ordered`, in its order; no prohibition, exemption, exception or other condition of the
    sentence is left out, no denial dropped or added, no figure's bound, nothing turned round.
    """
    given, around = source.quote, source.around
    figures = _all_in(said.measures, given.measures, ordered=ordered)
    rulings = _all_in(said.rulings, given.rulings, ordered=ordered)
    bounds = _all_in(said.bounds, given.bounds, ordered=ordered)
    if said.measures and given.bounds and not said.bounds:
        return False
    if given.currencies and not said.currencies <= given.currencies:
        return False
    denials = said.negated == around.negated and not any(
        _holds(said.free, one) and not _holds(around.free, one) for one in around.denied
    )
    turned = any(_turned(*both) for both in zip(said.sides, given.sides, strict=True))
    return figures and rulings and bounds and denials and not turned and _keeps(source, said)


def _keeps(source: Source, said: Meaning) -> bool:
    """Whether what narrows the rule, in the sentence the quote was taken from, is said as well."""
    rulings = {"forbidden", "exempt"} & set(source.around.rulings)
    bounds = {"over", "under"} & set(source.lead.bounds) - set(source.asked.bounds)
    limits = source.around.limits & {"only"} | source.sentence.limits & {"except"}
    if "allowed" in said.rulings:
        limits |= source.sentence.limits & {"leave"}
    return rulings <= set(said.rulings) and bounds <= set(said.bounds) and limits <= said.limits


def _turned(said: tuple[bool, bool], given: tuple[bool, bool]) -> bool:
    return (said, given) in (((True, False), (False, True)), ((False, True), (True, False)))


def _holds(text: str, words: str) -> bool:
    return re.search(rf"(?<![a-z]){words}(?![a-z])", text) is not None


def _all_in(said: Sequence[object], given: Sequence[object], *, ordered: bool) -> bool:
    """Whether all of this is in that, each as often and, if `ordered`, in that order."""
    left = list(given)
    for one in said:
        first = next((n for n, held in enumerate(left) if _same(one, held)), None)
        if first is None:
            return False
        left = left[first + 1 :] if ordered else left[:first] + left[first + 1 :]
    return True


def _same(said: object, held: object) -> bool:
    """Whether two kinds or figures are one; a figure said without a unit may be of any."""
    if isinstance(said, tuple) and isinstance(held, tuple) and not said[1]:
        return bool(said[0] == held[0])
    return said == held


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
