"""The printed numbers that open a paragraph: chapters, articles, clauses and items.

Readers use them to know where a paragraph begins, the splitter to know what it is. Full-width
digits, brackets and stops are folded first (`folded`), which keeps every character's place.
"""

import re

from knowledge.numerals import HAN_NUMBER

_HAN = f"[{HAN_NUMBER}0-9]{{1,7}}"
_ROMAN = r"[IVXL]{1,7}"
# What makes the figure before it an amount and no number of a clause.
_UNITS = (
    r"(?![万亿元倍角分%％‰]|个(?!人|别)|[年](?!度|末|初|金)|月(?!度|末)|日(?!常|期|间)|天|小时|工作日"
    r"|million\b|billion\b|per\s?cent\b|percent\b|times\b|years?\b|months?\b|days?\b|hours?\b)"
)

CHAPTER = re.compile(
    rf"第\s*(?P<number>{_HAN})\s*(?P<kind>[编篇章节]|部分)(?P<rest>[\s:：].*|)$", re.DOTALL
)
ARTICLE = re.compile(
    rf"第\s*(?P<number>{_HAN})\s*条"
    r"(?:之(?P<inserted>[一二三四五六七八九十]{1,3}|\d{1,2})(?![个项款条月年]))?(?P<gap>\s*)"
)
CLAUSE = re.compile(
    r"(?P<number>\d{1,3}[A-Z]?(?:\.\d{1,3}[A-Z]?){1,4})"
    rf"(?:[.:：、)]?\s+(?=\S)|[.、:：]?(?=[㐀-鿿“《【(]))\s*{_UNITS}"
)
PLAIN = re.compile(
    rf"(?P<number>\d{{1,3}}[A-Z]?)(?:(?P<stop>[.、:：])(?!\d)\s*|(?P<gap>\s+))(?=\S){_UNITS}"
)
KEYWORD = re.compile(
    r"(?P<kind>ARTICLE|Article|Art\.|SECTION|Section|Sec\.|CLAUSE|Clause|RULE|Rule|REGULATION"
    r"|Regulation|PARAGRAPH|Paragraph|§)\s*"
    rf"(?P<number>\d{{1,3}}[A-Z]?(?:\.\d{{1,3}}[A-Z]?){{0,4}}|{_ROMAN}(?![a-zA-Z]))"
    r"(?P<gap>\s*[-–—:：.)]\s*|\s+|$)"
)
OUTLINE = re.compile(
    rf"(?P<number>[{HAN_NUMBER}]{{1,4}})\s*[、.]\s*(?=\S)(?![{HAN_NUMBER}]+[、级类是])"
)
BRACKETED = re.compile(rf"\((?P<number>[{HAN_NUMBER}]{{1,4}})\)\s*(?=\S)")
PART = re.compile(
    r"(?P<kind>PART|Part|BOOK|Book|TITLE|Title|DIVISION|Division|CHAPTER|Chapter)\s+"
    rf"(?P<number>\d{{1,3}}|{_ROMAN}(?![a-zA-Z])|[A-Z](?![a-zA-Z])"
    r"|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)\b"
    r"(?P<rest>\s*[-–—:：.]\s*.*|\s+[^a-z\s].*|)$",
    re.DOTALL,
)
ANNEX = re.compile(
    rf"(?:附件|附录|附表)\s*(?P<han>{_HAN}|[A-Z](?![a-zA-Z]))?(?P<rest>[\s:：.].*|)$"
    r"|(?:Annex|ANNEX|Appendix|APPENDIX|Schedule|SCHEDULE|Attachment|ATTACHMENT)\s*"
    rf"(?P<latin>\d{{1,2}}|{_ROMAN}(?![a-zA-Z])|[A-Z](?![a-zA-Z]))?"
    r"(?P<latin_rest>\s*[-–—:：.]\s*.*|(?<=[\dA-Z])\s+[^a-z\s].*|)$",
    re.DOTALL,
)
ITEM = re.compile(rf"(?P<label>[（(](?:{_HAN}|[a-z]{{1,2}}|[ivx]+|[A-Z])[）)]|[①-⑳])\s*(?=\S)")
QUESTION = re.compile(
    rf"(?P<label>(?:问题?|Q|Question)\s*(?P<number>{_HAN})?)(?:\s*[:：.、]\s*|(?<=\d)\s+)(?=\S)"
)
ANSWER = re.compile(rf"(?:答案?|A|Answer)\s*(?:{_HAN})?\s*[:：.、]\s*(?=\S)")

_LONGEST_LABEL = 30
_LONGEST_HEAD = 120
"""Labels stand at the start of a line: no more of it is folded and looked at."""

_FOLDS = {ord("０") + digit: ord("0") + digit for digit in range(10)}
_FOLDS |= {ord("Ａ") + letter: ord("A") + letter for letter in range(26)}
_FOLDS |= {ord("．"): ord("."), ord("（"): ord("("), ord("）"): ord(")"), ord("\u3000"): ord(" ")}
_OPENERS = (
    ARTICLE,
    CHAPTER,
    CLAUSE,
    PLAIN,
    KEYWORD,
    OUTLINE,
    PART,
    ANNEX,
    ITEM,
    QUESTION,
    ANSWER,
)


def folded(line: str) -> str:
    """The start of a line with full-width forms as ordinary ones, character for character."""
    head = line[:_LONGEST_LABEL]
    return (
        line[:_LONGEST_HEAD]
        if head.isascii()
        else (head.translate(_FOLDS) + line[_LONGEST_LABEL:_LONGEST_HEAD])
    )


def opens_paragraph(line: str) -> bool:
    """Whether a line looks like the start of a numbered paragraph rather than running text."""
    head = folded(line)
    return any(pattern.match(head) for pattern in _OPENERS)
