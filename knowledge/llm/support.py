"""Whether a quote bears out what is said of it, by what must not change in other words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.llm.meaning import Meaning


@dataclass(frozen=True, slots=True)
class Source:
    """What a claim is held against: its quote, the part of a sentence that lies in, the sentence.

    `lead` is the sentence up to the end of that part, where a rule's condition stands; `asked` is
    the question, whose conditions need not be said again.
    """

    quote: Meaning
    around: Meaning
    lead: Meaning
    sentence: Meaning
    asked: Meaning


def supports(source: Source, said: Meaning, *, ordered: bool) -> bool:
    """Whether a quote bears out what is said of it.

    Every figure, bound and ruling said is in the quote, no more often than there and, if
    `ordered`, in its order; no prohibition, exemption, exception or other condition of the
    sentence is left out, no denial dropped or added, no figure's bound, nothing turned round.
    """
    given, around = source.quote, source.around
    figures = _all_in(said.measures, given.measures, ordered=ordered)
    rulings = _all_in(said.rulings, given.rulings, ordered=ordered)
    bounds = _all_in(said.bounds, given.bounds, ordered=ordered)
    if said.measures and given.bounds and not said.bounds:
        return False
    if given.currencies and not said.currencies <= given.currencies:
        return False
    denials = said.negated == around.negated and not any(
        _holds(said.free, one) and not _holds(around.free, one) for one in around.denied
    )
    turned = any(_turned(*both) for both in zip(said.sides, given.sides, strict=True))
    return figures and rulings and bounds and denials and not turned and _keeps(source, said)


def _keeps(source: Source, said: Meaning) -> bool:
    """Whether what narrows the rule, in the sentence the quote was taken from, is said as well."""
    rulings = {"forbidden", "exempt"} & set(source.around.rulings)
    bounds = {"over", "under"} & set(source.lead.bounds) - set(source.asked.bounds)
    limits = source.around.limits & {"only"} | source.sentence.limits & {"except"}
    if "allowed" in said.rulings:
        limits |= source.sentence.limits & {"leave"}
    return rulings <= set(said.rulings) and bounds <= set(said.bounds) and limits <= said.limits


def _turned(said: tuple[bool, bool], given: tuple[bool, bool]) -> bool:
    return (said, given) in (((True, False), (False, True)), ((False, True), (True, False)))


def _holds(text: str, words: str) -> bool:
    return re.search(rf"(?<![a-z]){words}(?![a-z])", text) is not None


def _all_in(said: Sequence[object], given: Sequence[object], *, ordered: bool) -> bool:
    """Whether all of this is in that, each as often and, if `ordered`, in that order."""
    left = list(given)
    for one in said:
        first = next((n for n, held in enumerate(left) if _same(one, held)), None)
        if first is None:
            return False
        left = left[first + 1 :] if ordered else left[:first] + left[first + 1 :]
    return True


def _same(said: object, held: object) -> bool:
    """Whether two kinds or figures are one; a figure said without a unit may be of any."""
    if isinstance(said, tuple) and isinstance(held, tuple) and not said[1]:
        return bool(said[0] == held[0])
    return said == held
