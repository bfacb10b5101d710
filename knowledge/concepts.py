"""What a question wants, and what of it a clause offers.

A want is the kind of fact that would answer a question: how long, how much, who decides, may I. A
clause offers the kinds it states.
"""

import re
import unicodedata

from knowledge.numerals import HAN_NUMBER

RULE = "rule"

_NUMBER = rf"(?:\d[\d,.]*|[{HAN_NUMBER}]+)"
_TIME_ZH = (
    rf"{_NUMBER}个?(?:工作日|自然日|小时|分钟|日|天|周|月|季度|年)|当日|次日|立即|每[日周月季年]"
)
_TIME_EN = (
    r"\d+ (?:business |working |calendar )?(?:hour|day|week|month|year|minute)s?|same business day"
    r"|next business day|immediately|at once|quarterly|monthly|yearly|once a (?:week|month|quarter)"
)
_AMOUNT_ZH = rf"百分之|{_NUMBER}(?:元|万|亿|%|倍|个基点|户|名|人|笔|次|份)"
_AMOUNT_EN = r"rmb|usd|\d+%|basis point|\d[\d,.]* (?:million|times|percent)"
_WHO_ZH = r"批准|审批|负责|签字|同意|认定|确认|审核|由[^，。；]{2,12}(?:办理|保管|决定|牵头)"
_WHO_EN = (
    r"approv|decid|responsible|authoris|sign|consent of|by the (?:head|branch|team|compliance)"
)
_MAY_ZH = r"不得|可以|禁止|严禁|一律|应当|须|无需|不再"
_MAY_EN = r"\bmay\b|may not|must not|must|forbidden|prohibited|never|only|allowed|not accepted"

_OFFERS = {
    "time": re.compile(f"{_TIME_ZH}|{_TIME_EN}"),
    "amount": re.compile(f"{_AMOUNT_ZH}|{_AMOUNT_EN}"),
    "who": re.compile(f"{_WHO_ZH}|{_WHO_EN}"),
    "may": re.compile(f"{_MAY_ZH}|{_MAY_EN}"),
}
_WANTS = {
    "time": re.compile(
        r"多久|几天|多长|几年|几个月|几个工作日|什么时候|何时|哪天|最晚|最迟|时限|期限|多少天|几点|几号|隔"
        r"|how (?:long|soon|often|quickly|fast|many (?:days|years|months|hours))|\bwhen\b|by when"
        r"|deadline|how much time"
    ),
    "amount": re.compile(
        r"多少|几成|最高|最低|上限|比例|额度|几次|几户|几个|几份|起点|门槛|多大|几倍"
        r"|how (?:much|many|large|big|high)"
        r"|what (?:percentage|share|amount|is the (?:maximum|minimum|fee|cost|limit|rate))"
        r"|maximum|minimum|up to what|largest|smallest|cost|fee\b"
    ),
    "who": re.compile(
        r"谁|哪个部门|哪一级|找哪|归哪|哪里批"
        r"|\bwho\b|whose|which (?:department|committee|level)"
    ),
    "may": re.compile(
        r"能不能|可不可以|可以吗|能否|行吗|行不行|能吗|吗|是否|允许|要不要|用不用|需不需要"
        r"|^(?:can|may|could|must|do|does|should|is|are)\b|[.,:;] (?:can|may|could|must|should|is) "
        r"|allowed|okay|\bok\b"
    ),
}

# Clauses that say why, for whom and since when a policy exists, and decide nothing.
_FRAME = re.compile(
    r"制定本|本(?:办法|规程|细则|规定|说明|指引)由"
    r"|^(?:this|these) (?:policy|sheet|rules|procedure) "
)


def offers(text: str) -> frozenset[str]:
    """The kinds of fact a clause states: "time", "amount", "who", "may".

    Every clause that rules on something also has RULE; one that only frames its policy has not.
    """
    plain = _plain(text)
    kinds = {kind for kind, pattern in _OFFERS.items() if pattern.search(plain)}
    return frozenset(kinds if _FRAME.search(plain) else kinds | {RULE})


def wants(question: str) -> frozenset[str]:
    """The kinds of fact that would answer a question; often one, sometimes none."""
    plain = _plain(question)
    return frozenset(kind for kind, pattern in _WANTS.items() if pattern.search(plain))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
