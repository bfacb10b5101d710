"""What of a sentence must not change when it is said in other words: figures and rulings.

Both languages are read into the same values, so that an English claim about a Chinese clause can
be held against it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from knowledge.llm.measures import FORMAL, Measure, measures, without_may_the_month

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
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").translate(FORMAL)
    figures = measures(plain)
    limits, _ = _kinds(_LIMIT, _WORDS.sub(" ", plain))
    currencies, _ = _kinds(_CURRENCY, plain)
    sides = tuple((bool(a.search(plain)), bool(b.search(plain))) for a, b in _OPPOSITES)
    plain = _WORDS.sub(" ", without_may_the_month(plain))
    bounds, plain = _kinds(_BOUND, plain)
    rulings, plain = _kinds(_RULING, plain)
    free, count = _DENIED.subn(" ", plain)
    return Meaning(
        measures=figures,
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
