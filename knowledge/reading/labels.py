"""The printed numbers that open a paragraph: chapters, articles, clauses and items.

Readers use them to know where a paragraph begins, the splitter to know what it is.
"""

import re

from knowledge.numerals import HAN_NUMBER

_HAN = f"[{HAN_NUMBER}0-9０-９]+"

CHAPTER = re.compile(rf"第\s*(?P<number>{_HAN})\s*(?P<kind>[编篇章节])(?P<rest>[\s　:：].*|)$")
ARTICLE = re.compile(
    rf"第\s*(?P<number>{_HAN})\s*条(?:之(?P<inserted>[一二三四五六七八九十]+))?(?P<gap>[\s　]*)"
)
CLAUSE = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3}){1,3})\.?(?P<gap>[\s　]+)(?=\S)")
SECTION = re.compile(r"(?P<number>\d{1,3})\.?\s+(?P<rest>[A-Z一-鿿].*)$")
ENGLISH_ARTICLE = re.compile(
    r"(?:Article|Section|Clause)\s+(?P<number>\d{1,3}(?:\.\d{1,3})*)[.:]?(?P<gap>\s+)(?=[A-Z])"
)
ANNEX = re.compile(
    rf"(?:附件|附录|附表|附则之附件)\s*(?P<han>{_HAN})?(?P<rest>[\s　:：].*|)$"
    r"|(?:Annex|Appendix|Schedule)\s*(?P<latin>[A-Z]|\d{1,2})?(?P<latin_rest>[\s:.].*|)$"
)
ITEM = re.compile(rf"(?P<label>[（(](?:{_HAN}|[a-z]{{1,2}}|[ivx]+)[）)]|[①-⑳])[\s　]*(?=\S)")


def opens_paragraph(line: str) -> bool:
    """Whether a line looks like the start of a numbered paragraph rather than running text."""
    return any(
        pattern.match(line)
        for pattern in (ARTICLE, CHAPTER, CLAUSE, SECTION, ENGLISH_ARTICLE, ANNEX, ITEM)
    )
