"""What clauses define and what they refer to, found in their words and resolved in their policy."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.numerals import HAN_NUMBER, number_of
from knowledge.splitting import HEADING_JOINT, Clause
from knowledge.splitting.openers import key_of, written_as

_HAN = rf"[{HAN_NUMBER}\d]{{1,6}}"
_CHINESE = re.compile(
    rf"(?P<self>本(?:办法|规定|细则|规程|制度|指引|通知|准则|政策|手册))?"
    r"(?:《(?P<title>[^《》\n]{2,60})》)?"
    rf"第\s*(?P<number>{_HAN})\s*条(?:之(?P<inserted>[一二三四五六七八九十]{{1,3}}|\d{{1,2}})(?![个项款条]))?"
    rf"(?P<part>(?:第\s*(?:[（(]?{_HAN}[）)]?)\s*[款项目])*)"
    r"|(?P<near>前条|前款|上款|前项|本章|本节|上条)"
    rf"|(?P<annex>附件|附录|附表)\s*(?P<annex_number>{_HAN})(?!\s*[个份项条])"
    r"|《(?P<whole>[^《》\n]{2,60})》"
)
_LAW = re.compile(r"[㐀-鿿]{1,18}(?:法|条例|办法|规定|细则|准则|规程)$")
_LAW_LEAD = re.compile(
    r"^.*?(?:根据|按照|依照|依据|遵照|违反|适用|参照|执行|符合|以及|或者|属于|援引|见|由|和|与|及|按|的)"
)
_OWN = re.compile(r"本(?:法|条例|办法|规定|细则|准则|规程)$")
_THAT = re.compile(r"(?:该|上述|前述|有关|相关)(?:法|条例|办法|规定|细则|准则|规程)$")
_GOES_ON = re.compile(r"\s*(?:、|，|和|及|与|或|或者|以及|至|到)\s*")

_TITLE = (
    r"(?:[A-Z][\w'-]*|of|and|the|for|on|to|in|&)(?:\s+(?:[A-Z][\w'-]*|of|and|the|for|on|to|in|&)){0,9}?"
    r"\s+(?:Policy|Policies|Rules?|Manual|Procedures?|Guidelines?|Measures|Regulations?|Code|Act|Law"
    r"|Handbook|Standards?|Directive|Rulebook)\b"
)
_NUMBER = r"\d{1,3}[A-Z]?(?:\.\d{1,3}[A-Z]?){0,4}"
_ENGLISH = re.compile(
    r"(?P<kind>(?i:\b(?:articles?|sections?|clauses?|paragraphs?|rules?|regulations?))|§+)\s*"
    rf"(?P<number>{_NUMBER}|[IVXL]{{1,6}}\b)(?P<part>(?:\s?\((?:[a-z]{{1,4}}|[A-Z]|\d{{1,2}})\))*)"
    rf"(?:\s+(?:of|in|under)\s+(?:(?P<own>this\s+\w+)|the\s+(?P<title>{_TITLE})))?"
    r"|(?P<annex>\b(?:Annex|Appendix|Schedule|Attachment))\s+"
    r"(?P<annex_number>\d{1,2}|[IVXL]{1,6}\b|[A-Z]\b)"
    rf"|\b(?:see|under|in|by|with|of|per|and|or)\s+(?P<bare>\d{{1,3}}(?:\.\d{{1,3}}){{1,4}})"
    r"(?P<bare_part>(?:\([a-z]{1,4}\))*)(?![\d.]*\s*(?:%|per\s?cent|million|billion|times|years?))"
    rf"|\bthe\s+(?P<whole>{_TITLE})"
)
_ENGLISH_GOES_ON = re.compile(
    r"\s*(?:,|and|or|to|–|-)\s+(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})"
    r"(?P<part>(?:\([a-z]{1,4}\))*)(?![\w%])"
)

_CHINESE_TERM = re.compile(
    r"(?:本(?:办法|规定|细则|规程|制度|指引|通知|准则|政策)(?:中)?所?称的?|前款所称|所称)"
    r"[“\"]?(?P<called>[^，。；：“”\"\n]{2,24}?)[”\"]?[，,]?\s*(?:是指|系指|指的是|指(?![定导派标示引出令挥数南])|包括)"
    r"|[（(]以下(?:统一)?简称[：:]?\s*[“\"]?(?P<short>[^”\"）)\n]{1,20})[”\"]?[）)]"
    r"|(?:^|(?<=[。；\n）、]))[ 　]*[“\"]?(?P<term>[^，。；：:、“”\"（）()\n]{2,20})[”\"]?"
    r"(?:[，,：:]\s*(?:是指|系指|指(?![定导派标示引出令挥数南]))|是指|系指)"
)
_ENGLISH_TERM = re.compile(
    r"[“\"](?P<quoted>[^”\"\n]{2,60})[”\"]\s*,?\s*"
    r"(?:means|shall mean|refers to|includes|has the meaning|is defined as)\b"
    r"|(?:^|(?<=[.;:]\s)|(?<=\n)|(?<=\)\s))(?:An?\s+|The\s+)?"
    r"(?P<plain>[A-Z][\w-]*(?:\s[\w-]+){0,5}?)\s+(?:means|shall mean)\b"
    r"|\((?:the|each,? an?|an?)?\s*[“\"](?P<short>[A-Z][^”\"\n]{1,40})[”\"]\)"
)
_DEFINITIONS = re.compile(
    r"定义|释义|术语|名词解释|definitions?|interpretation|glossary", re.IGNORECASE
)
_ROW = re.compile(r"^(?P<term>[^|\n]{2,40}?) \| (?P<meaning>[^\n]+)$", re.MULTILINE)
_PRONOUNS = frozenset(
    ("本办法", "本规定", "本行", "我行", "其", "它", "前款", "上述", "this", "that", "it", "bank")
)
_HAS_HAN = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True, slots=True)
class Link:
    """What a clause refers to, or a term it defines, at [start, end) of its text.

    `clause` counts the clauses that were looked at. `number` is that of the clause referred to,
    "" for a definition or where a whole policy is meant; `policy` its policy's title as the text
    has it, "" for the clause's own. `term` is what is defined, "" for a reference.
    """

    clause: int
    kind: Literal["reference", "definition"]
    number: str
    policy: str
    term: str
    start: int
    end: int


def links_of(clauses: Sequence[Clause]) -> tuple[Link, ...]:
    """The definitions and references of a policy's clauses, by clause and place.

    A reference inside the policy is given only where that clause exists.
    """
    numbers = _Numbers(clauses)
    found: list[Link] = []
    for index, clause in enumerate(clauses):
        here = [*_definitions(index, clause), *_references(index, clause, numbers)]
        found += sorted(here, key=lambda link: (link.start, link.end))
    return tuple(found)


class _Numbers:
    """Which clauses a policy has, to resolve what its text names."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._known = {clause.number for clause in clauses}
        self._first_in: dict[str, str] = {}
        self._first_below: dict[str, str] = {}
        self._first_under: dict[str, str] = {}
        self._before: list[str] = []
        before = here = ""
        for clause in clauses:
            self._first_in.setdefault(clause.number.partition("/")[0], clause.number)
            above = clause.number
            while "." in above:
                above = above.rpartition(".")[0]
                self._first_below.setdefault(above, clause.number)
            path = clause.heading.split(HEADING_JOINT)
            for depth in range(1, len(path) + 1):
                self._first_under.setdefault(HEADING_JOINT.join(path[:depth]), clause.number)
            if clause.number != here:
                before, here = here, clause.number
            self._before.append(before)

    def resolve(self, number: str, near: Clause) -> str:
        """The clause of a number as a clause calls it: in its own annex first. "" if none.

        A section of which only the clauses are numbered is its first clause, for those outside it.
        """
        prefix = near.number.rpartition("/")[0]
        for candidate in (f"{prefix}/{number}" if prefix else number, number):
            if candidate in self._known:
                return candidate
            if candidate in self._first_below and not near.number.startswith(f"{candidate}."):
                return self._first_below[candidate]
        return ""

    def annex(self, number: str) -> str:
        """The first clause of an annex, "" if there is no such annex."""
        value = number_of(number)
        return self._first_in.get(f"annex-{number.lower() if value is None else value}", "")

    def before(self, index: int) -> str:
        """The clause before a clause, "" if it is the first."""
        return self._before[index]

    def chapter(self, clause: Clause, *, lowest: bool) -> str:
        """The first clause under a clause's chapter, or under its lowest heading."""
        path = clause.heading.split(HEADING_JOINT)
        return self._first_under[HEADING_JOINT.join(path if lowest else path[:1])]


def _references(index: int, clause: Clause, numbers: _Numbers) -> Iterator[Link]:
    if _HAS_HAN.search(clause.text):
        yield from _chinese(index, clause, numbers)
    yield from _english(index, clause, numbers)


def _chinese(index: int, clause: Clause, numbers: _Numbers) -> Iterator[Link]:
    policy, reached, mentioned = "", -1, ""
    for found in _CHINESE.finditer(clause.text):
        start, end = found.span()
        if found["whole"]:
            policy, reached, mentioned = found["whole"], end, found["whole"]
            yield Link(index, "reference", "", policy, "", start, end)
        elif found["near"]:
            if number := _near(found["near"], index, clause, numbers):
                yield Link(index, "reference", number, "", "", start, end)
        elif found["annex"]:
            if number := numbers.annex(found["annex_number"]):
                yield Link(index, "reference", number, "", "", start, end)
        else:
            named = _whose(clause.text, found, mentioned)
            if named is None:
                continue
            mentioned = named or mentioned
            goes_on = policy and _GOES_ON.fullmatch(clause.text, reached, start)
            policy = named or (policy if goes_on and not found["self"] else "")
            reached = end
            written = _article(found["number"], found["inserted"])
            number = written if policy else numbers.resolve(written, clause)
            if number:
                yield Link(index, "reference", number, policy, "", start, end)


def _whose(text: str, found: re.Match[str], mentioned: str) -> str | None:
    """The policy said to hold an article, "" where none is, None where that cannot be told."""
    if found["title"] or found["self"]:
        return found["title"] or ""
    if _THAT.search(text, max(0, found.start() - 6), found.start()):
        return mentioned or None
    return _law_before(text, found.start())


def _article(number: str, inserted: str | None) -> str:
    value = number_of(number)
    between = number_of(inserted) if inserted else None
    return "" if value is None else f"{value}-{between}" if between else str(value)


def _near(word: str, index: int, clause: Clause, numbers: _Numbers) -> str:
    if word in {"前条", "上条"}:
        return numbers.before(index)
    if word in {"本章", "本节"}:
        return numbers.chapter(clause, lowest=word == "本节")
    return clause.number


def _law_before(text: str, start: int) -> str:
    """The law whose article this is when its name stands right before: 商业银行法第四十条."""
    before = text[max(0, start - 24) : start]
    found = _LAW.search(before)
    if not found or _OWN.search(before):
        return ""
    return _LAW_LEAD.sub("", found[0]) or found[0]


def _english(index: int, clause: Clause, numbers: _Numbers) -> Iterator[Link]:
    reached = 0
    for found in _ENGLISH.finditer(clause.text):
        start, end = found.span()
        if start < reached:
            continue
        if found["whole"]:
            yield Link(index, "reference", "", found["whole"], "", *found.span("whole"))
        elif found["annex"]:
            if number := numbers.annex(found["annex_number"]):
                yield Link(index, "reference", number, "", "", start, end)
        elif found["bare"]:
            if number := numbers.resolve(_dotted(found["bare"]), clause):
                place = (found.start("bare"), found.end("bare_part"))
                yield Link(index, "reference", number, "", "", *place)
        else:
            places = _named(clause.text, found)
            reached = places[-1][2]
            for written, start, end in places:
                policy = found["title"] or ""
                number = _dotted(written)
                number = number if policy else numbers.resolve(number, clause)
                if number:
                    yield Link(index, "reference", number, policy, "", start, end)


def _named(text: str, found: re.Match[str]) -> list[tuple[str, int, int]]:
    """The number and place of section 3.2(b), and those that go on from it: sections 3 and 4."""
    places = [(found["number"], found.start(), found.end())]
    at = found.end()
    while more := _ENGLISH_GOES_ON.match(text, at):
        places.append((more["number"], more.start("number"), more.end()))
        at = more.end()
    return places


def _dotted(written: str) -> str:
    return written_as(key_of(written))


def _definitions(index: int, clause: Clause) -> Iterator[Link]:
    patterns = (_CHINESE_TERM, _ENGLISH_TERM) if _HAS_HAN.search(clause.text) else (_ENGLISH_TERM,)
    defines = bool(_DEFINITIONS.search(f"{clause.heading} {clause.text[:20]}"))
    if defines:
        patterns = (*patterns, _ROW)
    seen: set[str] = set()
    for pattern in patterns:
        for found in pattern.finditer(clause.text):
            group = next(name for name, value in found.groupdict().items() if value)
            term = found[group].strip()
            if term and term not in seen and not _is_pronoun(term):
                seen.add(term)
                yield Link(index, "definition", "", "", term, *found.span(group))


def _is_pronoun(term: str) -> bool:
    """Whether it stands for the bank, the policy or what was just said, and needs no defining."""
    return term.casefold() in _PRONOUNS
