"""Kinds of fact: how a question asks for one, and how a clause states it.

Narrower than what a question wants (concepts.py): there it is about finding a clause, here about
the very words that answer.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from knowledge.answer import FactKind
from knowledge.numerals import HAN_NUMBER

Span = tuple[int, int]

_ASCII = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)} | {0xFF05: 0x25}

_N = rf"(?:\d[\d,]*(?:\.\d+)?\s?[百千万亿]*|[{HAN_NUMBER}]+|半)"
_EN_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty"
)
_EN = rf"(?:\d[\d,]*(?:\.\d+)?|{_EN_WORDS})"
_AT = (
    r"(?:(?:within|for|at least|at most|up to|no later than|not later than|by at most|after|every"
    r"|more than|less than|not more than|no more than|over|once|only|from|between)\s+)?"
)
_ANCHOR = (
    r"(?:\s+(?:after|before|from|of|since|until|following|at|in|to|for|a|an|per|have passed)"
    r"(?:\s+(?!and\b)[^\s,;.。]+){0,9}?(?=[,;.]|\sand\b|$))?"
)
_UNIT_EN = (
    r"(?:(?:further|full|consecutive)\s+)?(?:(?:business|working|calendar)\s+)?"
    r"(?:minute|hour|day|week|month|quarter|year)s?"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYTIME = (
    r"(?:every|each) (?:morning|afternoon|evening|night|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
)
_FROM_ZH = (
    r"(?:自[^，。；、]{1,14}?起|在[^，。；、]{1,10}?[后前]"
    r"|(?:(?<=[，。；])|^)[^，。；、应须经在]{1,10}?[后前])?"
)
_AT_MOST_ZH = (
    r"(?:提前|最长|最短|最多|最高|最低|最少|至少|不超过|不得超过|不少于|不得少于|不低于|不得低于|不足|满|超过"
    r"|达到|合计不超过|累计不超过|累计最长)?"
)
_UNIT_ZH = r"个?(?:工作日|自然日|小时|分钟|季度|日|天|周|月|年)"

_STATED: dict[FactKind, tuple[str, ...]] = {
    "how_long": (
        rf"{_AT}(?<![\d:/])\b{_EN}(?:\s+(?:to|and|or)\s+{_EN})?[\s-]{_UNIT_EN}\b{_ANCHOR}",
        r"\b(?:same day|(?:on|by|from) the (?:same|next) (?:business )?day)\b",
        rf"{_FROM_ZH}{_AT_MOST_ZH}(?:保存)?(?<![每第次{HAN_NUMBER}\d.]){_N}{_UNIT_ZH}(?!期存|度)(?:以?内|之内|以上|以下)?",
        r"次一工作日|当[日天]|次日",
    ),
    "when": (
        (
            rf"\b(?:by|on|before|until|from|at)\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:(?:day\s+)?of\s+"
            rf"(?:the|each|every)\s+[^,;.]{{3,40}}|(?:{_MONTHS})\b)"
        ),
        (
            r"\b(?:by|before|until|between|from|after)\s+\d{1,2}:\d\d(?: and \d{1,2}:\d\d)?"
            r"(?: (?:on|of) the (?:next|same|following) (?:business |working )?day"
            r"| the next morning)?"
        ),
        r"\b(?:on|by|from) the (?:same|next|following) (?:business |working )?day\b",
        (
            rf"\b(?:at|by|before|until|from|after) (?:noon|midnight|close of business"
            rf"|{_EN}\s?(?:[ap](?:m\b|\.m\.)|o'clock\b|(?={_DAYTIME})))(?: ?{_DAYTIME}\b)?"
        ),
        rf"\b{_DAYTIME}\b",
        r"(?:每[日天])?(?:营业|日)(?:终了?|结束)(?:以?前|后|时)?|每[天日](?:早上?|上午|中午|下午|晚上?)",
        rf"每[月年季周][^，。；]{{0,3}}?{_N}[日号](?:以?前|之前)?|(?:当日|每日)?{_N}时(?:以?前|之前|以后)?",
    ),
    "how_often": (
        (
            rf"\b(?:at least |at most |only )?(?:once|twice|{_EN} times) (?:a|every|each|in a) "
            rf"(?:day|week|month|quarter|year|half-year)\b"
        ),
        (
            rf"\b(?:at least )?every (?:{_EN} )?{_UNIT_EN}\b"
            rf"|\b(?:daily|weekly|monthly|quarterly|yearly)\b|\b{_DAYTIME}\b"
        ),
        (
            rf"(?:至少)?每(?:半|{_N}个?)?(?:工作日|季度|日|天|周|月|季|年度|年)"
            rf"(?:(?:至少|不少于|最多)?[^，。；、]{{0,6}}?[{HAN_NUMBER}]+次)?"
        ),
        r"按[日周月季年]度?",
    ),
    "how_much": (
        (
            rf"(?:(?:up to|at least|at most|more than|not more than|no more than|over|below|from"
            rf"|above|may not exceed|the equivalent of|worth up to)\s+)?"
            rf"\b(?:RMB|USD|CNY|EUR|HKD)\s?{_EN}"
            rf"(?:\s+(?:thousand|million|billion))?\b(?:\s+or\s+(?:more|less))?"
            r"(?:\s+(?:(?:a|an|per) (?:day|week|month|year)"
            r"|in a(?: calendar)? (?:day|month|year)))*"
        ),
        r"\bfree(?: of charge)?\b|免收|免费|不收费",
        rf"{_AT_MOST_ZH}(?:人民币|外币等值)?{_N}(?:美元|港元|欧元|元)(?:以上|以下|以内|（含）)?",
    ),
    "share": (
        (
            rf"(?:(?:up to|at least|at most|more than|not more than|by at least|by)\s+)?"
            rf"(?:\d[\d,]*(?:\.\d+)?\s?%|{_EN} basis points"
            r"|(?:one|two) (?:half|third|quarter|tenth)s?)"
            rf"(?:\s+of\s+(?:[^\s,;.]+\s?){{1,6}}?(?=[,;.]|\sand\s|$))?"
        ),
        (
            rf"{_AT_MOST_ZH}(?:百分之[{HAN_NUMBER}点]+|\d+(?:\.\d+)?%|[{HAN_NUMBER}\d]+个基点|[{HAN_NUMBER}]成)"
            r"(?:以上|以下|以内)?"
        ),
    ),
}
_EN_WHO = r"(?:the|a|an)\s+[^,;.]{3,80}?"
_ZH_WHO = r"[^，。；：、的由经自在于]{2,16}?"
_WHO = (
    rf"\bby\s+(?P<a>{_EN_WHO}(?:\sand\s(?:by\s)?{_EN_WHO})?)(?=[,;.]|\swithin\b|\sbefore\b|\sand\b|$)",
    (
        rf"\b(?:approval|consent|agreement|permission|signature)\s+of\s+(?P<b>{_EN_WHO}(?:\sand\sof\s"
        rf"{_EN_WHO})?)(?=[,;.]|\swithin\b|\sbefore\b|$)"
    ),
    (
        r"(?:^|[,;]\s|\band\s)(?P<c>(?:The|the)\s[^,;.]{3,60}?)\s(?:decides|approves|confirms|signs|pays"
        r"|bears|releases|chooses|grants|resolves)\b"
    ),
    rf"\breported?\s(?:it\s)?to\s(?P<d>{_EN_WHO}(?:\sand\s{_EN_WHO})?)(?=[,;.]|\swithin\b|\son\b|$)",
    rf"由(?P<e>{_ZH_WHO})(?:书面)?(?:批准|审批|决定|解除|确认|认定|承担|办理|签字|核准|审定|复核|初评|牵头|负责)",
    rf"(?:经|报)(?P<f>{_ZH_WHO})(?:书面)?(?:批准|同意|审批)",
    r"取得(?P<g>[^，。；]{2,30}?)的书面批准",
    r"(?:^|[，。；：])(?P<h>[^，。；：、]{2,14}?)(?:是|为)[^，。；]{0,12}(?:责任人|防线)",
)

_ASKED: tuple[tuple[tuple[FactKind, ...], str], ...] = (
    (("how_often",), r"how (?:often|frequently|regularly)|how many times"),
    (
        ("how_often",),
        r"(?:多久|多少天)[^，。？]{0,8}一[次遍回]|(?<!最长)(?<!最长能)隔(?:多久|几[天年])|几[天年]一次|频率|多长时间[^，。？]{0,8}一次",
    ),
    (
        ("how_long", "when"),
        (
            r"how (?:long|soon|quickly|fast)|how (?:many (?:more |working |business |calendar )*"
            r"(?:minutes|hours|days|weeks|months|years)|much (?:more )?time)"
            r"|deadline|time limit"
            r"|how far (?:ahead|in advance)|longest (?:term|tenor)"
        ),
    ),
    (
        ("how_long", "when"),
        r"多久|多长时间|多长|几天|几年|几个月|几个工作日|几小时|多少(?:个)?(?:天|工作日|小时|年|月)|时限",
    ),
    (
        ("when", "how_long"),
        (
            r"(?:^|[.,:;?!]\s*|\b(?:and|by|from|but|since)\s+)when\b"
            r"|what (?:time|date|day|hour)|which day|latest day"
        ),
    ),
    (("when", "how_long"), r"什么时候|何时|哪天|(?<!哪)几[号点]|最晚|最迟|截止"),
    (
        ("share", "how_much"),
        (
            r"what (?:share|percentage|proportion|part of|ratio)|how big a share|highest commission"
            r"|pledge ratio|比例|几成|百分之几|几折|几个(?:基)?点|多少个?基点|占比"
            r"|质押率|抵押率|费率"
        ),
    ),
    (
        ("how_much", "share"),
        (
            r"how much\b(?! (?:more )?time)|how many (?:dollars|euros|yuan)"
            r"|what (?:amount|is the (?:maximum|minimum|highest|largest))"
            r"|(?:what does|what do) .*\bcost|\bcost\b|\bfees?\b|\b(?:daily )?(?:cap|limit)\b"
            r"|(?:smallest|maximum|minimum|largest|highest) |at what .{0,12}(?:size|amount)"
        ),
    ),
    (
        ("how_much", "share"),
        r"多少(?:钱|元|金额|美元)|金额|额度|限额|起点|多大|多少",
    ),
    (("who",), r"\bwho\b|\bwhose\b|\bwhich (?:department|committee|level|officer)|by whom|to whom"),
    (("who",), r"谁|哪个部门|哪一级|哪里批|归哪|找哪"),
)
_COUNTED_EN = re.compile(r"\bhow many ([a-z-]+)(?: ([a-z-]+))?", re.IGNORECASE)
_COUNTED_ZH = re.compile(r"(?:几|多少)(个|次|回|户|份|张|名|人|位|家|项|条|套|笔|件|学时|分|倍|点)")
_SAME_MEASURE = {"回": "次", "人": "人|名|位", "位": "人|名|位", "名": "人|名|位"}
_NOT_COUNTED = re.compile(
    r"(?:minute|hour|day|week|month|year|time|dollar|euro|percent|more|working|business)s?$",
    re.IGNORECASE,
)
_ASKS_SOON = re.compile(r"\bhow (?:soon|quickly|fast)\b|\bdeadline\b", re.IGNORECASE)
_ASKS_LASTING = re.compile(
    r"\bhow long\b.*\b(?:keep|kept|stor(?:e|ed)|h[eo]ld|retain(?:ed)?|valid|good for|last)\b"
    r"|(?:保存|保管|留存|存放|有效).{0,4}(?:多久|多长时间|几[年天个]|多少[年天个])",
    re.IGNORECASE,
)
_LASTS = re.compile(r"for\b", re.IGNORECASE)
_TIME_TO_ACT = re.compile(r"within\b.*|.*内", re.IGNORECASE)
_COMPILED = {kind: [re.compile(p, re.IGNORECASE) for p in ps] for kind, ps in _STATED.items()}
_WHO_COMPILED = [re.compile(pattern) for pattern in _WHO]
_ASKED_COMPILED = [(kinds, re.compile(pattern, re.IGNORECASE)) for kinds, pattern in _ASKED]


def focus(text: str) -> str:
    """The part of a question after the words that ask: what is to be done by then, so often."""
    plain = unwidened(text)
    ends = [hit.end() for _, pattern in _ASKED_COMPILED if (hit := pattern.search(plain))]
    return plain[min(ends) :] if ends else plain


def unwidened(text: str) -> str:
    """A text with full-width digits as ordinary ones, every character in its place."""
    return text.translate(_ASCII)


@lru_cache(maxsize=256)
def asked(text: str) -> tuple[tuple[FactKind, ...], ...]:
    """The kinds of fact a question asks for, in its order, each with what else would answer it."""
    plain = unwidened(text)
    found = [(hit.start(), kinds) for kinds, p in _ASKED_COMPILED if (hit := p.search(plain))]
    if _count_of(plain):
        place = re.search(r"how many|几|多少", plain, re.IGNORECASE)
        found = [(at, kinds) for at, kinds in found if at != (place.start() if place else -1)]
        found.append((place.start() if place else 0, ("how_many",)))
    in_order = [kinds for _, kinds in sorted(found, key=lambda one: one[0])]
    return tuple(dict.fromkeys(in_order))


@lru_cache(maxsize=256)
def _count_of(plain: str) -> str:
    """The pattern of what is counted: a noun's stem, a measure word; "" when nothing is."""
    if found := _COUNTED_EN.search(plain):
        nouns = [noun[:5] for noun in found.groups() if noun and len(noun) > 2]  # noqa: PLR2004
        if _NOT_COUNTED.match(found[1]) or not nouns:
            return ""
        return rf"\b{_EN}\s+(?:[a-z-]+\s+){{0,2}}(?:{'|'.join(nouns)})\w*"
    if found := _COUNTED_ZH.search(plain):
        measure = _SAME_MEASURE.get(found[1], found[1])
        if re.search(r"几个(?:月|工作日|小时|季度|基?点)|多少分钟|几点|几分钟", plain):
            return ""
        return rf"{_AT_MOST_ZH}[{HAN_NUMBER}\d]+(?:{measure})(?!月|工作日|基点)(?:以上|以下)?"
    return ""


def stated(kind: FactKind, plain: str, mark: Span, question: str) -> Iterator[Span]:
    """Where the words between two places state a fact of a kind.

    `plain` is the text with its full-width digits as ordinary ones (`unwidened`); of counts only
    those of what the question counts are meant.
    """
    start, end = mark
    if kind == "who":
        for pattern in _WHO_COMPILED:
            for found in pattern.finditer(plain, start, end):
                yield found.span(found.lastindex or 0)
        return
    patterns = (
        [re.compile(_count_of(unwidened(question)), re.IGNORECASE)]
        if kind == "how_many"
        else _COMPILED[kind]
    )
    taken: list[Span] = []
    for pattern in patterns:
        for found in pattern.finditer(plain, start, end):
            span = _trimmed(plain, found.span())
            if kind == "how_long" and _beside(plain, span, question):
                continue
            if not any(span[0] < e and s < span[1] for s, e in taken):
                taken.append(span)
                yield span


def _beside(plain: str, span: Span, question: str) -> bool:
    """Whether a time is not what is asked for.

    How long something lasts is no time to do it in, nor the other way round.
    """
    words = plain[slice(*span)]
    if _ASKS_SOON.search(question):
        return bool(_LASTS.match(words))
    return bool(_ASKS_LASTING.search(question) and _TIME_TO_ACT.fullmatch(words))


def _trimmed(plain: str, span: Span) -> Span:
    start, end = span
    while start < end and plain[start].isspace():
        start += 1
    while end > start and plain[end - 1].isspace():
        end -= 1
    return start, end
