"""Ideas that a question and a clause share without sharing a word, and what a question wants.

An idea is a line of concepts.toml. A want is the kind of fact that would answer a question: how
long, how much, who decides, may I. A clause offers the kinds it states.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

import Stemmer

from knowledge.numerals import HAN_NUMBER

_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_stem = Stemmer.Stemmer("english").stemWord

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


def ideas(text: str) -> frozenset[str]:
    """The ids of the ideas a text speaks of."""
    plain = _plain(text)
    chinese, english, known = _lexicon()
    found = set(_chinese_matches(chinese, plain, known))
    for match in english.finditer(_stems(plain)):
        found.update(known[match[0].strip()])
    return frozenset(found)


def offers(text: str) -> frozenset[str]:
    """The kinds of fact a clause states: "time", "amount", "who", "may"."""
    plain = _plain(text)
    return frozenset(kind for kind, pattern in _OFFERS.items() if pattern.search(plain))


def wants(question: str) -> frozenset[str]:
    """The kinds of fact that would answer a question; often one, sometimes none."""
    plain = _plain(question)
    return frozenset(kind for kind, pattern in _WANTS.items() if pattern.search(plain))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _stems(plain: str) -> str:
    """Every word's stem, each with a space on both sides of it, for matching whole phrases."""
    return "".join(f" {_stem(word)} " for word in _WORD.findall(plain.replace("-", " ")))


def _chinese_matches(
    pattern: re.Pattern[str], plain: str, known: dict[str, frozenset[str]]
) -> Iterator[str]:
    # Looking at every place finds phrases that overlap, the longest at each place.
    for start in range(len(plain)):
        if match := pattern.match(plain, start):
            yield from known[match[0]]


@cache
def _lexicon() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, frozenset[str]]]:
    tables = tomllib.loads((files("knowledge") / "concepts.toml").read_text(encoding="utf-8"))
    known: dict[str, set[str]] = {}
    chinese, english = set(), set()
    for table in tables.values():
        for idea, phrases in table.items():
            for phrase in phrases["zh"]:
                known.setdefault(phrase, set()).add(idea)
                chinese.add(phrase)
            for phrase in phrases["en"]:
                stems = _stems(phrase).strip()
                known.setdefault(stems, set()).add(idea)
                english.add(f" {stems} ")
    frozen = {phrase: frozenset(found) for phrase, found in known.items()}
    return _any_of(chinese), _any_of(english), frozen


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile("|".join(re.escape(phrase) for phrase in longest_first))
