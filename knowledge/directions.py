"""Who gives and who takes: a rule on gifts to clients answers nothing about gifts from them."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

from knowledge.deciding import sentences
from knowledge.rulings import asks_for_leave, ruling

Direction = Literal["to_client", "from_client"]

_GIFT = (
    r"(?:gifts?|presents?|hospitality|red packets?|hampers?|vouchers?|gift cards?|meals?|dinners?"
    r"|lunch(?:es)?|drinks?|tickets?)"
)
_WHOSE = r"(?:(?:a|an|the|my|our|your|any|one|some|his|her)\s+)?(?:\w+\s+)?"
_CLIENT = rf"{_WHOSE}(?:clients?|customers?)\b"
_GIVE = r"(?:giv(?:e|es|ing|en)|gave|sen[dt]s?|offers?|offered|buys?|bought|br(?:ing|ings|ought))"
_ZH_GIVE = r"(?:赠|送(?![达审交检批]))"
_ZH_GIFT = r"(?:礼|红包|购物卡|卡券|月饼|烟酒|土特产|馈赠|宴请)"
_ZH_TREAT = r"(?:吃|喝|玩|宴|唱歌|旅游|打球|看演出)"
# In this order: what is given to a client is taken out, so that 给客户送礼 holds no 客户送礼.
_PATTERNS: Final[tuple[tuple[Direction, re.Pattern[str]], ...]] = (
    (
        "to_client",
        re.compile(
            rf"\b{_GIFT}\s+(?:\w+\s+){{0,2}}?(?:to|for)\s+{_CLIENT}"
            rf"|\b{_GIVE}\s+{_CLIENT}\s+(?:\w+\s+){{0,3}}?{_GIFT}\b"
            rf"|[向给为][^，。；？]{{0,6}}客户[^，。；？]{{0,6}}?{_ZH_GIVE}"
            rf"|(?<!报){_ZH_GIVE}[^，。；？的我]{{0,8}}?客户"
            rf"|[向给为][^，。；？]{{0,6}}客户[^，。；？]{{0,4}}?[发买][^，。；？]{{0,4}}?{_ZH_GIFT}"
            rf"|(?:宴|请)客户[^，。；？]{{0,4}}?{_ZH_TREAT}|宴请客户",
            re.IGNORECASE,
        ),
    ),
    (
        "from_client",
        re.compile(
            rf"\b{_GIFT}\s+(?:\w+\s+){{0,3}}?from\s+{_CLIENT}"
            rf"|\b(?:clients?|customers?)\s+(?:[\w,]+\s+){{0,30}}?{_GIVE}\s+(?:\w+\s+){{0,3}}?{_GIFT}\b"
            rf"|\b(?:clients?|customers?)['’]s?\s+(?:\w+\s+)?{_GIFT}\b"
            rf"|客户[^，。；？报]{{0,4}}?{_ZH_GIVE}"
            rf"|(?:收|接受)[^，。；？]{{0,4}}客户[^，。；？]{{0,8}}?{_ZH_GIFT}"
            rf"|客户[^，。；？申]{{0,2}}请[^，。；？]{{0,4}}?{_ZH_TREAT}|客户的?宴请",
            re.IGNORECASE,
        ),
    ),
)


@lru_cache(maxsize=256)
def directions(text: str) -> frozenset[Direction]:
    """Which ways a text has gifts go, between clients and the bank's people; mostly none."""
    found: set[Direction] = set()
    for way, pattern in _PATTERNS:
        text, count = pattern.subn(" ", text)
        if count:
            found.add(way)
    return frozenset(found)


def same_way(question: str, clauses: Sequence[str]) -> int | None:
    """Which of the clauses first speaks of gifts that go the way a question's do; None where none.

    What must be done is no answer to what may be.
    """
    asked, leave = directions(question), asks_for_leave(question)
    for at, text in enumerate(clauses):
        told = [text[start:end] for start, end in sentences(text)]
        if any(
            asked & directions(one) and not (leave and ruling(one) == "required") for one in told
        ):
            return at
    return None


def opposed(question: str, clause: str) -> bool:
    """Whether a clause speaks of gifts, and only the other way than a question does."""
    asked = directions(question)
    said = directions(clause) if asked else frozenset()
    return bool(said) and not asked & said
