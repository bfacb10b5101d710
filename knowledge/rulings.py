"""What a clause rules where somebody asks may I or must I."""

import re
from collections.abc import Sequence
from functools import lru_cache

from knowledge.answer import Fact, FactKind

Span = tuple[int, int]

_ASKS = re.compile(
    r"(?:^|[.,:;?!—-]\s*|\b(?:and|but|so|or|now|then|still)\s+)(?:can|may|could|might|must|should|shall"
    r"|am i|are we|is (?:it|he|she|a|an|the)|do (?:i|we|they)|does|would)\b"
    r"|\ballowed\b|\bpossible\b|\bpermitted\b|\bok(?:ay)?\b|\bfine\?|\bhave to\b|\bneed to\b"
    r"|能不能|可不可以|可以吗|可以不|能否|行吗|行不行|[能可会要得]?.{0,24}吗[？?]?$|是否|要不要|用不用"
    r"|需不需要|必须|认不认|允许",
    re.IGNORECASE,
)
_ASKS_DUTY = re.compile(
    r"\b(?:must|should|shall|do (?:i|we|they)|does|have to|need)\b"
    r"|要不要|用不用|需不需要|必须|还要|需要|[得要].*吗",
    re.IGNORECASE,
)
_ASKS_OTHER = re.compile(
    r"\b(?:what|which|how|why|where)\b|哪|什么|怎么|如何|为什么|为啥|多少", re.IGNORECASE
)
RULINGS: frozenset[FactKind] = frozenset(("forbidden", "conditional", "required", "allowed"))
_NOT = (
    r"\b(?:may|must|can|shall|should|could|need)\s?not\b|\bcannot\b|\b(?:is|are) (?:forbidden"
    r"|prohibited|not (?:allowed|accepted|permitted))\b|\bno (?:\w+ ){1,3}may\b"
    r"|\bforbidden\b|\bprohibited\b"
    r"|不得|禁止|严禁|不准|不允许|一律不|无权|不予(?:接受|采信|采用|受理|承认)"
)
_ONLY = (
    r"\b(?:may|can|must|is|are|be)\b[^.;]*?\bonly\b|\bonly\b[^.;]*?\b(?:may|can)\b|\bunless\b"
    r"|\bmay\b[^.;]*?\b(?:if|when|once|after|provided)\b|方可|只能|仅限|未经"
)
_MUST = (
    r"\b(?:must|is required|are required|requires?|has to|have to)\b|应当|必须|(?<![无毋])须(?!知)"
)
_MAY = r"\bmay\b|\bis allowed\b|\bare allowed\b|可以|无需|无须"
_BUT = re.compile(r"\b(?:no|not|never|but|except|without|nor|neither)\b|[不无未非]|但|除")
_KINDS: tuple[tuple[FactKind, re.Pattern[str]], ...] = (
    ("forbidden", re.compile(_NOT, re.IGNORECASE)),
    ("conditional", re.compile(_ONLY, re.IGNORECASE)),
    ("required", re.compile(_MUST, re.IGNORECASE)),
    ("allowed", re.compile(_MAY, re.IGNORECASE)),
)
_CLEARLY = 1.25
"""How many times as much of the question the sentence that rules says as any other."""
_MOST_EN, _MOST_ZH = 160, 60
_HAN = re.compile(r"[㐀-鿿]")


@lru_cache(maxsize=256)
def asks_for_ruling(text: str) -> bool:
    """Whether a question asks if something may or must be done."""
    return bool(_ASKS.search(text)) and not _ASKS_OTHER.search(text)


def asks_for_leave(text: str) -> bool:
    """Whether a question asks if something may be done, rather than must."""
    return asks_for_ruling(text) and not _ASKS_DUTY.search(text)


def ruling(text: str) -> FactKind | None:
    """What a sentence rules; None where it rules nothing or more than one thing."""
    found = [kind for kind, pattern in _KINDS if pattern.search(text)]
    if "forbidden" in found:
        rest = dict(_KINDS)["forbidden"].sub(" ", text)
        others = [kind for kind, pattern in _KINDS[2:] if pattern.search(rest)]
        return None if others else "forbidden"
    if "conditional" in found:
        return None if re.search(r"\bbut\b|但", text) else "conditional"
    if len(found) != 1 or (found[0] == "allowed" and _BUT.search(text)):
        return None
    return found[0]


def find_ruling(
    plain: str, spans: Sequence[Span], scores: Sequence[float], question: str
) -> tuple[Fact, Span] | None:
    """The sentence of a clause that rules on the question, where one clearly speaks to it most."""
    order = sorted(zip(scores, spans, strict=True), reverse=True)
    if not order or (len(order) > 1 and order[1][0] * _CLEARLY > order[0][0]):
        return None
    start, end = order[0][1]
    kind = ruling(plain[start:end])
    if kind is None or end - start > (_MOST_ZH if _HAN.search(plain) else _MOST_EN):
        return None
    if kind == "allowed" and dict(_KINDS)["forbidden"].search(plain):
        return None
    # Whether one must is not answered by a ban, nor whether one may by a duty.
    if kind == ("forbidden" if _ASKS_DUTY.search(question) else "required"):
        return None
    return Fact(kind, start, end), (start, end)
