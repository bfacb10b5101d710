"""Questions that name their clause: 贷后管理办法第十二条, "AML policy 3.2"."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bank.policies import PolicyRecord
from knowledge.numerals import HAN_NUMBER, number_of

_CHINESE = re.compile(rf"第\s*([{HAN_NUMBER}\d]+)\s*条(?:之([一二三四五六七八九十]+))?")
_ENGLISH = re.compile(
    r"(?:\b(?:article|section|clause|paragraph|rule|no\.?)\s*|§\s*|\s)(\d{1,3}(?:\.\d{1,3}){0,3})"
    r"(?![\d,]|\.\d|\s*(?:%|million|billion|thousand|per\s?cent|years?|months?|days?|hours?|times))",
    re.IGNORECASE,
)
_NAMED_CLAUSE = re.compile(
    r"\b(?:article|section|clause|paragraph|rule)\s*\d|§\s*\d", re.IGNORECASE
)
_WORD = re.compile(r"[a-z0-9]+")
# Words that many titles share name none of them.
_GENERIC = frozenset(
    ("a", "an", "and", "for", "in", "of", "on", "policies", "policy", "rules", "the", "to")
)
_GENERIC_ENDING = re.compile(
    r"(?:管理|实施|操作)?(?:办法|细则|规定|规程|制度|指引|产品说明|说明书)$"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A clause somebody asked for by its policy's name and its number."""

    policy: PolicyRecord
    number: str


def find_reference(text: str, policies: Sequence[PolicyRecord]) -> Reference | None:
    """The clause a question names, out of the policies it may name; None when it names none.

    The policy's title (in Chinese without 管理办法 too), or its id, must stand in the question.
    """
    plain = unicodedata.normalize("NFKC", text)
    number = _number(plain)
    if number is None:
        return None
    words = frozenset(_WORD.findall(plain.lower()))
    spaced = _spaced(plain)
    named = [
        (policy, length) for policy in policies if (length := _named(plain, words, spaced, policy))
    ]
    if not named:
        return None
    longest = max(length for _, length in named)
    best = [policy for policy, length in named if length == longest]
    return Reference(best[0], number) if len(best) == 1 else None


def _number(plain: str) -> str | None:
    if found := _CHINESE.search(plain):
        number = number_of(found[1])
        inserted = number_of(found[2]) if found[2] else None
        return f"{number}-{inserted}" if inserted else str(number)
    numbers = [found[1] for found in _ENGLISH.finditer(plain)]
    dotted = [number for number in numbers if "." in number]
    if dotted:
        return dotted[0]
    return numbers[0] if numbers and _NAMED_CLAUSE.search(plain) else None


def _named(plain: str, words: frozenset[str], spaced: str, policy: PolicyRecord) -> int:
    """How much of the question names this policy: the characters that match, 0 when none do."""
    by_id = len(policy.policy) if f" {policy.policy.replace('-', ' ')} " in spaced else 0
    return max(by_id, _titled(plain, words, policy))


def _titled(plain: str, words: frozenset[str], policy: PolicyRecord) -> int:
    if policy.lang == "zh":
        return max((len(name) for name in _names(policy.title) if name in plain), default=0)
    title, length = _title_words(policy.title)
    return length if length and title <= words else 0


# A question that names a clause is held against every title there is.
@lru_cache(maxsize=10_000)
def _names(title: str) -> frozenset[str]:
    """What a Chinese policy is called: its title, and that without 管理办法."""
    return frozenset(n for n in (title, _GENERIC_ENDING.sub("", title)) if len(n) > 1)


@lru_cache(maxsize=10_000)
def _title_words(title: str) -> tuple[frozenset[str], int]:
    """The words that name an English policy, and how many characters they have together."""
    words = [word for word in _WORD.findall(title.lower()) if word not in _GENERIC]
    return frozenset(words), len("".join(words))


def _spaced(plain: str) -> str:
    return f" {' '.join(_WORD.findall(plain.lower()))} "
