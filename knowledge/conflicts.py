"""Two clauses in force on the same point that contradict each other, in a figure or in a ruling.

Wrong alarms cost the trust that a right one needs, so two sentences are held against each other
only when each says nothing that the other, or what it stands under, does not say too. Another
client, product, tier or condition, an exception, a reference of one to the other: all of these are
two rules, not a contradiction.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from bank.policies import Passage
from knowledge.answer import Clash
from knowledge.contrasts import families
from knowledge.deciding import sentences
from knowledge.glossary import Glossary
from knowledge.numerals import HAN_NUMBER
from knowledge.quantities import Quantity, quantities
from knowledge.question import language_of
from knowledge.tokens import tokenize

Span = tuple[int, int]

_LEAST_SHARED = {"en": 3, "zh": 4}
"""Words (in Chinese pairs) that two statements must share, figures and rulings apart."""
_LEAST_EQUAL = 2
"""The same where they say nothing else."""
_LEAST_SHARE = 0.6
"""And what share that must be of the shorter one."""
_SAME_POLICY = 0.85
"""The same within one policy, whose clauses are nearly always about different cases."""

_RULES = {
    "forbidden": re.compile(
        r"\b(?:may|must|shall|can) not\b|\bcannot\b|\b(?:is|are) (?:forbidden|prohibited"
        r"|not (?:allowed|permitted|accepted))\b|不得|禁止|严禁|不准|不可以|不允许",
        re.IGNORECASE,
    ),
    "required": re.compile(
        r"\b(?:must|shall)\b(?! not)|\b(?:is|are) required to\b|\bha(?:s|ve) to\b|应当|必须"
        r"|(?<![无毋必])须|(?<!不)应(?=[由在于当将先])",
        re.IGNORECASE,
    ),
    "allowed": re.compile(
        r"\bmay\b(?! not)|\b(?:is|are) (?:allowed|permitted)(?: to)?\b|\bneed not\b"
        r"|(?<!不)可以|无需|无须|允许(?<!不允许)",
        re.IGNORECASE,
    ),
}
_EXCEPTION = re.compile(
    r"\b(?:except|unless|other than|exception|notwithstanding|however|otherwise|instead|only if"
    r"|provided that|subject to|without prejudice)\b"
    r"|\bwith the (?:prior |written )*(?:consent|approval)\b"
    r"|除[^，。；]{1,20}外|除外|另有规定|例外|但书|但是|，但|特殊情况|经[^，。；]{2,14}(?:批准|同意)",
    re.IGNORECASE,
)
_CAP = re.compile(
    r"(?:may|must|shall|can)(?: not|not) (?:exceed|be (?:more|less|older))"
    r"|不得(?:超过|少于|低于|高于)",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:not|no|never|neither|nor|without)\b|[不无未非]|拒绝", re.IGNORECASE)
_NEUTRAL_EN = frozenset(
    """account after apply at bank be before begin business by calendar case cover day do each
    employee end exceed follow forbidden give given hour keep kept least less limit long make may
    maximum minimum minute month most must need not onli over period permit prohibit allow requir
    receiv respect rule shall staff take than time total under valu week within work worth year all
    also ani everi ever of up to more least count sum amount longer later earli same equal rmb usd
    percent accept cannot can than howev ordinari general generally normal""".split()  # noqa: SIM905
)
_NEUTRAL_ZH = re.compile(
    r"应当|必须|不得|禁止|严禁|可以|无需|无须|允许|不准|不超过|不少于|不低于|不高于|至少|最多|最高|最低|最长|最短"
    r"|最迟|超过|以上|以下|以内|之内|之日起|之日|之前|以前|之后|以后|期限|时间|期间|要求|规定|办理|进行|予以|应予"
    r"|本行|我行|银行|员工|工作人员|相关|有关|所有|全部|一律|均|累计|合计|每次|单次|人民币|自然日|工作日|按照|"
    r"[的了在于自从由对向为是并且及与和或等其该本各每内前后起至将须应可共计年月日天周元次份户个名人家项笔件张]"
)
_LABEL = re.compile(rf"\d+(?:[.:]\d+)*|[{HAN_NUMBER}]+(?=[时点条级类号])")
_FIGURE_ZH = re.compile(rf"[{HAN_NUMBER}\d.,%]+|百分之")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a clause, taken apart: what it is about, its figures, and what it rules."""

    span: Span
    text: str
    lang: str
    about: frozenset[str]
    labels: tuple[str, ...]
    figures: tuple[Quantity, ...]
    rulings: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two of several passages that contradict each other, by their places, and how."""

    first: int
    second: int
    clash: Clash
    sentences: tuple[Span, Span]


def find_contradiction(
    passages: Sequence[Passage],
    cited: int,
    about: Callable[[Passage], Sequence[Span]],
    glossary: Glossary,
) -> Contradiction | None:
    """The first two passages that contradict each other in what they say `about` the question.

    That are the deciding sentences; at least one of the two must be among them. One of the two
    is of the first few, that would be `cited`.
    """
    for (i, one), (j, other) in combinations(enumerate(passages), 2):
        if i >= cited:
            return None
        for clash, spans in contradictions(one, other, glossary):
            if spans[0] in about(one) or spans[1] in about(other):
                return Contradiction(i, j, clash, spans)
    return None


def contradictions(
    one: Passage, other: Passage, glossary: Glossary
) -> list[tuple[Clash, tuple[Span, Span]]]:
    """Every way in which two clauses contradict each other, with the two sentences."""
    if not _comparable(one, other):
        return []
    least = _SAME_POLICY if one.policy.policy == other.policy.policy else _LEAST_SHARE
    around = (_context(one), _context(other))
    found = []
    for mine in statements(one.clause.text):
        for theirs in statements(other.clause.text):
            # The cheap questions first: nearly every two sentences are told apart by them.
            if (mine.lang, mine.labels) != (theirs.lang, theirs.labels):
                continue
            if not _says_the_same(mine, theirs, least):
                continue
            clash = _figures_differ(mine, theirs) or _rulings_differ(mine, theirs)
            if clash and _on_one_point(mine, theirs, around, glossary):
                found.append((clash, (mine.span, theirs.span)))
    return found


def _comparable(one: Passage, other: Passage) -> bool:
    """Not two versions of a policy, nor pieces of a clause, nor one that refers to the other."""
    same = one.policy.policy == other.policy.policy
    if same and (one.policy.id != other.policy.id or one.clause.number == other.clause.number):
        return False
    if same:
        return True
    return not (_mentions(one, other) or _mentions(other, one))


def _mentions(one: Passage, other: Passage) -> bool:
    """Whether a clause refers to the other's policy by its title, of more than one word."""
    title = other.policy.title
    if other.policy.lang == "zh":
        return f"《{title}》" in one.clause.text
    return " " in title and title.lower() in one.clause.text.lower()


def _context(passage: Passage) -> str:
    return f"{passage.policy.title}\n{passage.clause.heading}\n{passage.clause.text}"


@lru_cache(maxsize=2_000)
def statements(text: str) -> tuple[Statement, ...]:
    """A clause's sentences that state a figure or rule on something."""
    found = []
    for start, end in sentences(text):
        words = text[start:end]
        figures, rules = quantities(words), _rules(words)
        if "|" in words or not (figures or rules):
            continue
        lang = language_of(words)
        about, labels = _about(words, lang), _labels(words, figures)
        found.append(Statement((start, end), words, lang, about, labels, figures, rules))
    return tuple(found)


def _labels(words: str, figures: Sequence[Quantity]) -> tuple[str, ...]:
    """The numbers that are no figures: hours, clauses, forms."""
    for figure in figures:
        words = f"{words[: figure.start]}{' ' * (figure.end - figure.start)}{words[figure.end :]}"
    return tuple(sorted(_LABEL.findall(words)))


def _rules(words: str) -> tuple[tuple[str, Span], ...]:
    found: list[tuple[str, Span]] = []
    for kind, pattern in _RULES.items():
        for match in pattern.finditer(words):
            taken = any(s < match.end() and match.start() < e for _, (s, e) in found)
            if not taken:
                found.append((kind, match.span()))
    return tuple(found)


def _about(words: str, lang: str) -> frozenset[str]:
    """What a sentence is about: its words (in Chinese pairs), figures and rulings apart."""
    if lang == "zh":
        plain = _NEUTRAL_ZH.sub("\n", _FIGURE_ZH.sub("\n", words))
        runs = re.findall(r"[㐀-鿿]{2,}|[A-Za-z]+\d*", plain)
        return frozenset(
            pair
            for run in runs
            for pair in ([run] if run.isascii() else map("".join, pairwise(run)))
        )
    tokens = tokenize(words).words
    return frozenset(t for t in tokens if t not in _NEUTRAL_EN and not t.startswith(("=", "#")))


def _on_one_point(
    mine: Statement, theirs: Statement, around: tuple[str, str], glossary: Glossary
) -> bool:
    """Whether two statements that say much the same are about one case."""
    if _EXCEPTION.search(mine.text) or _EXCEPTION.search(theirs.text):
        return False
    if not _same_kinds(mine, theirs, around):
        return False
    return _covered(mine, theirs, around[1], glossary) and _covered(
        theirs, mine, around[0], glossary
    )


def _says_the_same(mine: Statement, theirs: Statement, least: float) -> bool:
    """Whether two statements share enough of what they are about; short ones all of it."""
    shared = mine.about & theirs.about
    if mine.about == theirs.about:
        return len(shared) >= _LEAST_EQUAL
    shorter = min(len(mine.about), len(theirs.about))
    return len(shared) >= max(_LEAST_SHARED[mine.lang], least * shorter)


def _same_kinds(mine: Statement, theirs: Statement, around: tuple[str, str]) -> bool:
    """Of every family that either sentence names a member of, the other names the same."""
    ours, others = families(mine.text), families(theirs.text)
    for family in ours.keys() | others.keys():
        here = ours.get(family) or families(around[0]).get(family, frozenset())
        there = others.get(family) or families(around[1]).get(family, frozenset())
        if here != there:
            return False
    return True


def _covered(one: Statement, other: Statement, around: str, glossary: Glossary) -> bool:
    """Whether the other, or what stands around it, says everything that one is about."""
    own = one.about - other.about
    if not own:
        return True
    if one.lang == "zh":
        left = [pair for pair in own if pair not in around]
    else:
        held = frozenset(tokenize(around).words)
        left = [word for word in own if word not in held]
    if not left:
        return True
    ideas = glossary.ideas(other.text)
    return all(_same_idea(word, one, ideas, glossary) for word in left)


def _same_idea(word: str, one: Statement, ideas: frozenset[str], glossary: Glossary) -> bool:
    """Whether a word is part of a phrase of an idea that the other expresses in its own words."""
    pattern = rf"\b{re.escape(word)}\w*" if one.lang == "en" else re.escape(word)
    without = glossary.ideas(re.sub(pattern, " ", one.text, flags=re.IGNORECASE))
    return bool((glossary.ideas(one.text) - without) & ideas)


def _figures_differ(mine: Statement, theirs: Statement) -> Clash | None:
    """Two figures of one unit that differ, when all the others are the same."""
    if (
        _ruling_kinds(mine) != _ruling_kinds(theirs)
        and "forbidden" in (*_ruling_kinds(mine), *_ruling_kinds(theirs))
        and not _caps(mine, theirs)
    ):
        return None
    ours, others = _by_unit(mine), _by_unit(theirs)
    if ours.keys() != others.keys():
        return None
    differing = [unit for unit in ours if _values(ours[unit]) != _values(others[unit])]
    if len(differing) != 1 or len(ours[differing[0]]) != 1 or len(others[differing[0]]) != 1:
        return None
    (a,), (b,) = ours[differing[0]], others[differing[0]]
    if a.bound and b.bound and a.bound != b.bound:
        return None
    return Clash("number", (_placed(mine, (a.start, a.end)), _placed(theirs, (b.start, b.end))))


def _caps(mine: Statement, theirs: Statement) -> bool:
    """Whether a ban only says how much: 不得超过, may not exceed."""
    return all(
        "forbidden" not in _ruling_kinds(one) or _CAP.search(one.text) for one in (mine, theirs)
    )


def _rulings_differ(mine: Statement, theirs: Statement) -> Clash | None:
    """Two rulings that cannot both hold, when every figure is the same."""
    if len(mine.rulings) != 1 or len(theirs.rulings) != 1:
        return None
    (kind, here), (rival, there) = mine.rulings[0], theirs.rulings[0]
    if kind == rival or _figures(mine) != _figures(theirs):
        return None
    if _denied(mine, here) != _denied(theirs, there):
        return None
    return Clash("modality", (_placed(mine, here), _placed(theirs, there)))


def _denied(one: Statement, ruling: Span) -> int:
    """How often a sentence says no, its ruling apart."""
    return len(_NEGATION.findall(one.text[: ruling[0]] + " " + one.text[ruling[1] :]))


def _ruling_kinds(one: Statement) -> tuple[str, ...]:
    return tuple(sorted(kind for kind, _ in one.rulings))


def _by_unit(one: Statement) -> dict[str, list[Quantity]]:
    found: dict[str, list[Quantity]] = {}
    for figure in one.figures:
        found.setdefault(figure.unit, []).append(figure)
    return found


def _values(figures: Sequence[Quantity]) -> Counter[float]:
    return Counter(figure.value for figure in figures)


def _figures(one: Statement) -> Counter[tuple[str, float]]:
    return Counter((figure.unit, figure.value) for figure in one.figures)


def _placed(one: Statement, span: Span) -> Span:
    return one.span[0] + span[0], one.span[0] + span[1]
