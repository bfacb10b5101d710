"""Questions that make sense only after another, such as 那对公客户呢 or "what if it is late?".

A question stands alone unless its form says that it does not: it opens like a continuation, points
at something it does not name, or is a fragment, and in each case says too little of its own. One
that stands alone is never touched.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answer import Turn
from knowledge.contrasts import Member, members, one_of
from knowledge.errors import QUESTION_LIMIT
from knowledge.numerals import HAN_NUMBER
from knowledge.question import language_of
from knowledge.tokens import tokenize

_OPENER = re.compile(
    r"^(?:(?:and|but|so|then|ok(?:ay)?|also|plus|well|now|or)\b[\s,]*)+", re.IGNORECASE
)
_WHAT_ABOUT = re.compile(
    r"^(?:what about|how about|what of|(?:(?:is it |is that )?the )?same (?:for|with|in)"
    r"|likewise (?:for|in))\s+",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^(?:what (?:if|when)|even if|only if|if|unless|when|in case)\b", re.IGNORECASE
)
_PREPOSITION = re.compile(
    r"^(?:for|with|without|in|on|at|by|from|to|of|after|before|within|over|under|above|below|during"
    r"|until|since|through|via|outside|abroad)\b",
    re.IGNORECASE,
)
_WH = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:can|could|may|might|must|should|shall|will|would|do|does|did|is|are|was|were|has|have|had"
    r"|need|needs|am)\b|n['’]t\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\b(?:it|its|that|this|they|them|their|those|these|he|she|him|his|one|ones|so|either)\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|would) (?:it|that|this) (?:\w+ )?(?:to|that|for|if|when|possible|ok|okay|allowed"
    r"|necessary|enough|required)\b"
    r"|\bthat (?:we|i|the|a|an|my|our|is|are|was|he|she|they|has|have)\b"
    r"|\bthis (?:week|month|year|quarter|client|company|account)\b|\b(?:so that|one of|at that)\b",
    re.IGNORECASE,
)
_EN_FEW, _EN_FRAGMENT, _EN_BARE = 3, 4, 1

_OPENER_ZH = re.compile(r"^(?:那么|那|然后|另外|还有|此外|但是|但|而|嗯|哦|好的|好)[，,、\s]*")
_CONDITION_ZH = re.compile(r"^(?:如果|要是|假如|假设|万一|若)")
_SWAP_ZH = re.compile(r"^(?:换成|换作|换了|改成|对于|对(?![公私])|至于)")
_POINTER_ZH = re.compile(
    r"^.{0,2}(?:它|这个|那个|这种|那种|这样|那样|这些|那些|上述|此时|其|这条|该)"
    r"(?![家位月季年周]|客户|企业|公司)"
)
_SAME_ZH = re.compile(r"(?:也是|也一样|一样吗|同样|也可以|也要|也算|也需要|也适用|适用吗|也行)")
_HAN = re.compile(r"[㐀-鿿]|[A-Za-z0-9]+")
_EMPTY_ZH = re.compile(
    r"请问|应该|需要|必须|可以|能不能|可不可以|要不要|行不行|是不是|是否|什么时候|什么|多少|多久|几天|几年"
    r"|怎么办|怎么|如何|为什么|为啥|哪个部门|哪里|哪些|哪个|哪|谁来|谁|何时|一样|同样|适用|情况|这个|那个"
    r"|这种|那种|这样|那样|这些|那些|上述|如果|要是|假如|万一|换成|对于|至于|还有|其他|别的|的话|请"
    r"|[的了呢吗吧啊呀嘛么我你您他她它们要能会是得在对也还有就都给到把被那这该几个条次人最来去再又]"
)
_ZH_FEW, _ZH_SHORT, _ZH_NOUN = 3, 6, 9
_WH_ZH = re.compile(
    r"谁|什么|多少|多久|几|怎么|如何|为什么|为啥|哪|何时|吗|能不能|可不可以|是否|要不要|行不行"
)
_CLAUSE = re.compile(
    rf"第[{HAN_NUMBER}\d]+条(?:之[一二三四五六七八九十]+)?"
    r"|\b(?:article|section|clause) \d+(?:\.\d+)*",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\ban? $", re.IGNORECASE)
_NOT_THE_PHRASE = re.compile(r"^(?:an?|the)\s+|\s+ones?$", re.IGNORECASE)
_VERB_FOLLOWS = re.compile(
    r"^(?:can|may|must|should|could|shall|do|does|did|will|would) (?:an? |the )?$", re.IGNORECASE
)
_NOUN_FOLLOWS = re.compile(
    r" (?!(?:can|may|must|should|will|would|is|are|has|have|do|does|and|or|in|on|at|by|for|to|from"
    r"|with|of|before|after|who|that|be|been|need|needs|not)\b)[a-z]",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[？?。！!，,\s]+$")
_KINDS_OF_CLIENT = {"client", "segment"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it is read: whole, and which part of that asks.

    `asks` is "" where nothing says what kind of fact would answer.
    """

    text: str
    asks: str


def read_on(text: str, earlier: Sequence[Turn]) -> Reading | None:
    """How a question is read after the earlier turns, oldest first; None when it stands alone."""
    before = ""
    for turn in earlier:
        followed = merge(turn.question, before)
        before = followed.text if followed else turn.question.strip()
    return merge(text, before)


def merge(text: str, before: str) -> Reading | None:
    """A question read with the one before it; None when it stands alone or nothing is before."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or not before or stands_alone(plain):
        return None
    subject = before.strip().rstrip("?？。.！! ")
    named = _named_instead(plain)
    swapped = _swap(subject, named) if named else None
    mark = "？" if language_of(subject) == "zh" else "?"
    if swapped:
        whole = f"{swapped}{mark}"
        return _within_limit(Reading(whole, whole))
    asks = plain if _asks(plain) else "" if _conditional(plain) else before
    space = "" if mark == "？" else " "
    return _within_limit(Reading(f"{subject}{mark}{space}{text.strip()}", asks))


def stands_alone(text: str) -> bool:
    """Whether a question says by itself what it is about."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if language_of(plain) == "zh":
        return _stands_alone_zh(plain)
    return _stands_alone_en(plain)


def _stands_alone_en(plain: str) -> bool:
    opened = _OPENER.sub("", plain)
    continues = opened != plain
    said = len(set(tokenize(opened).words))
    if _WHAT_ABOUT.match(opened):
        said = len(set(tokenize(_WHAT_ABOUT.sub("", opened)).words))
        return said > _EN_FRAGMENT
    if _CONDITION.match(opened) and not _has_main_clause(opened):
        return said > _EN_FEW
    pointed = _POINTER.search(_EXPLETIVE.sub(" ", opened))
    if pointed and not re.search(r"[.;:!]\s|,\s", opened.rstrip("?!. ")):
        return said > _EN_FEW
    verb, asked = _VERB.search(opened), _WH.search(opened)
    if not verb and not asked:
        fragment = continues or _PREPOSITION.match(opened)
        return said > _EN_FRAGMENT if fragment else said > _EN_BARE
    return said > (_EN_BARE + 1 if continues else _EN_BARE)


def _has_main_clause(plain: str) -> bool:
    """Whether a question that opens with a condition goes on to ask something, or is a when."""
    if re.match(
        r"^when (?:do|does|did|is|are|was|were|can|may|must|should|will|would|has|have)\b",
        plain,
        re.IGNORECASE,
    ):
        return True
    if re.match(r"^what (?:if|when)\b", plain, re.IGNORECASE):
        return False
    _, comma, rest = plain.partition(",")
    return bool(comma and (_VERB.search(rest) or _WH.search(rest))) or bool(
        re.search(r"[.:;] ", plain)
    )


def _stands_alone_zh(plain: str) -> bool:
    core = _TAIL.sub("", plain)
    opened = _OPENER_ZH.sub("", core)
    continues = opened != core
    said = len(_HAN.findall(_EMPTY_ZH.sub("", opened)))
    if re.search(r"[，,；;。]", opened):
        return said > _ZH_SHORT or not (continues or _CONDITION_ZH.match(opened))
    if _CONDITION_ZH.match(opened) or _SWAP_ZH.match(opened):
        return said > _ZH_SHORT
    if _POINTER_ZH.match(opened):
        return said > _ZH_SHORT
    if opened.endswith("呢") and not _WH_ZH.search(opened):
        return said > _ZH_NOUN
    if _SAME_ZH.search(opened) and not re.search(r"什么|谁|多|几|怎|哪", opened):
        return said > _ZH_NOUN
    return said > (_ZH_FEW + 1 if continues else _ZH_FEW)


def _named_instead(plain: str) -> str:
    """The phrase a follow-up consists of, when it only names something else; "" otherwise."""
    if language_of(plain) == "zh":
        opened = _SWAP_ZH.sub("", _OPENER_ZH.sub("", _TAIL.sub("", plain)))
        if _CONDITION_ZH.match(opened):
            return ""
        bare = re.sub(r"(?:的话|的)?[呢吗]?$", "", _SAME_ZH.sub("", opened))
        return "" if _WH_ZH.search(bare) else bare
    opened = _OPENER.sub("", plain).rstrip("?!. ")
    opened = re.sub(r"\s+(?:too|as well|then|instead)$", "", opened, flags=re.IGNORECASE)
    about = _WHAT_ABOUT.sub("", opened)
    applied = re.sub(
        r"^(?:does|do|is|would) (?:that|this|it|the same) (?:also )?(?:apply|go|hold|(?:be )?true)"
        r"(?: also)?(?: true)? (?=for|to|in)",
        "",
        about,
        flags=re.IGNORECASE,
    )
    if about == opened == applied and (_VERB.search(opened) or _WH.search(opened)):
        return ""
    return re.sub(r"^to ", "for ", applied) if applied != about else about


def _swap(subject: str, named: str) -> str | None:
    """The earlier question with a phrase of it replaced by what is named instead."""
    clause, other = _CLAUSE.search(named), _CLAUSE.search(subject)
    if clause and other:
        return f"{subject[: other.start()]}{clause[0]}{subject[other.end() :]}"
    wanted, held = members(named), members(subject)
    for one in wanted:
        rivals = _rivals(one, held)
        if len({(m.family, m.name) for m in rivals}) == 1:
            return _replaced(subject, rivals, named, one)
    if language_of(subject) != language_of(named):
        return None
    if language_of(named) == "zh":
        return f"{named}{subject}" if wanted and not held else None
    return _swap_phrase(subject, named)


def _rivals(one: Member, held: Sequence[Member]) -> list[Member]:
    """What gives way to a member: the others of its family, or else another kind of client.

    A company is no private client, though one is told apart by who they are and one by what they
    have. Nothing gives way where the member is named already.
    """
    if any((m.family, m.name) == (one.family, one.name) for m in held):
        return []
    own = [m for m in held if m.family == one.family]
    return own or [m for m in held if {m.family, one.family} == _KINDS_OF_CLIENT]


def _replaced(subject: str, rivals: Sequence[Member], named: str, one: Member) -> str:
    """Every rival gives way to the words around the member, without what is not of the phrase.

    In a question of the other language it goes by the name it has there.
    """
    lang = language_of(subject)
    words = _NOT_THE_PHRASE.sub("", _PREPOSITION.sub("", named).strip())
    if language_of(named) != lang:
        words = one_of(one, lang)
    elif len(members(words)) != 1:
        words = named[one.start : one.end]
    ones = re.search(r"\bones?$", named, re.IGNORECASE) and language_of(named) == lang
    for rival in sorted(rivals, key=lambda m: -m.start):
        held = subject[rival.start : rival.end]
        kind = f" {tail}" if ones and (tail := held.partition(" ")[2]) else ""
        subject = _put(subject[: rival.start], held, f"{words}{kind}", subject[rival.end :], one)
    return subject


def _put(before: str, held: str, words: str, after: str, one: Member) -> str:
    """Words in the place of others, the article and the possessive with them."""
    if language_of(words) == "zh":
        return f"{before}{words}{after}"
    article = _ARTICLE.search(before)
    attributive = _NOUN_FOLLOWS.match(after) and not _VERB_FOLLOWS.search(before)
    if words.endswith("s") and not held.endswith("s") and attributive:
        words = one_of(one, "en")
    if words.endswith("s") and after.startswith("'s"):
        after = f"'{after[2:]}"
    if article and words[:1].lower() != held[:1].lower():
        sounded = "an " if words[:1].lower() in "aeio" else "a "
        before = before[: article.start()] + ("" if words.endswith("s") else sounded)
    elif article and words.endswith("s"):
        before = before[: article.start()]
    return f"{before}{words}{after}"


def _swap_phrase(subject: str, named: str) -> str | None:
    """The last phrase of a question gives way to one that opens alike, such as "for a seal"."""
    opens = _PREPOSITION.match(named)
    if opens is None:
        return None
    last = re.search(
        rf"\b{opens[0]}\b(?: (?:an?|the|my|our))?(?: [\w'-]+){{1,2}}$", subject, re.IGNORECASE
    )
    if last and not _VERB.search(last[0]):
        return f"{subject[: last.start()]}{named}"
    return f"{subject} {named}" if len(members(named)) else None


def _asks(plain: str) -> bool:
    if language_of(plain) == "zh":
        return bool(_WH_ZH.search(plain)) and not _CONDITION_ZH.match(_OPENER_ZH.sub("", plain))
    opened = _OPENER.sub("", plain)
    if _WHAT_ABOUT.match(opened) or (_CONDITION.match(opened) and not _has_main_clause(opened)):
        return False
    return bool(_WH.search(opened) or _VERB.search(opened))


def _conditional(plain: str) -> bool:
    opened = _OPENER_ZH.sub("", _OPENER.sub("", plain))
    return bool(_CONDITION.match(opened) or _CONDITION_ZH.match(opened))


def _within_limit(reading: Reading) -> Reading | None:
    return reading if len(reading.text) <= QUESTION_LIMIT else None
