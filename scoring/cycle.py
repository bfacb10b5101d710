"""The appraisal as a machine of states: which deed leads where, whose it is, and what it needs.

A quarter goes open → target_proposed → running → data_freeze → prelim → confirmed → calibration
→ approved → published (→ appeal) → locked; a year is rated between confirmed and calibration. No
state is ever entered twice, so a transition is named by where it leads.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from scoring.errors import ScoringError

Kind = Literal["quarter", "year"]
State = Literal[
    "open",
    "target_proposed",
    "running",
    "data_freeze",
    "prelim",
    "confirmed",
    "rating",
    "calibration",
    "approved",
    "published",
    "appeal",
    "locked",
]
Part = Literal["manager", "superior", "head", "risk", "hr", "compliance", "operator", "house"]
KINDS: tuple[Kind, ...] = ("quarter", "year")
STATES: tuple[State, ...] = (
    *("open", "target_proposed", "running", "data_freeze", "prelim", "confirmed"),
    *("rating", "calibration", "approved", "published", "appeal", "locked"),
)
PARTS: tuple[Part, ...] = (
    *("manager", "superior", "head", "risk", "hr", "compliance", "operator", "house"),
)
"""What somebody is to an appraisal. A head leads a unit above the superior's; the house is the
clock, which belongs to nobody."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is the case about an appraisal at a moment, as far as deeds need it.

    `own_move`: whoever acts moved this grade; `rater`: whoever acts rated, reported or confirmed.
    """

    signed: bool = False
    period_over: bool = False
    loaded: bool = False
    superior_confirmed: bool = False
    risk_confirmed: bool = False
    window_over: bool = False
    queries_closed: bool = True
    rated: bool = False
    complete: bool = False
    deadline_over: bool = False
    in_quota: bool = True
    own_move: bool = False
    rater: bool = False
    appeals_closed: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A deed: from which states it leads where, whose it is, and what must be the case."""

    moves: Mapping[State, State]
    parts: frozenset[Part]
    needs: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = KINDS


class NotAllowedError(ScoringError):
    """A deed that may not be done now.

    `code` is "part" (not theirs), "state" (not in this state), or the need that is not met.
    """

    def __init__(self, action: str, state: str, code: str) -> None:
        """Name the deed, the state it was asked in, and what stood against it."""
        super().__init__(f"{action} is not possible in {state}: {code}")
        self.action = action
        self.state = state
        self.code = code


def _rule(moves: Mapping[State, State], *parts: Part, needs: tuple[str, ...] = ()) -> Rule:
    return Rule(moves, frozenset(parts), needs)


def _within(*states: State) -> dict[State, State]:
    return {state: state for state in states}


RULES: Mapping[str, tuple[Rule, ...]] = {
    "propose": (_rule({"open": "target_proposed"}, "superior", "hr"),),
    "start": (_rule({"target_proposed": "running"}, "hr", "house", needs=("signed",)),),
    "freeze": (
        _rule({"running": "data_freeze"}, "hr", "operator", "house", needs=("period_over",)),
    ),
    "preliminary": (
        _rule({"data_freeze": "prelim"}, "hr", "operator", "house", needs=("loaded",)),
    ),
    "report": (_rule(_within("prelim"), "risk", "hr"),),
    "comment": (_rule(_within("prelim"), "superior"),),
    "endorse": (_rule(_within("prelim"), "superior", "risk"),),
    "confirm": (
        _rule(
            {"prelim": "confirmed"},
            *("superior", "risk", "house"),
            needs=("superior_confirmed", "risk_confirmed", "queries_closed"),
        ),
    ),
    "query": (_rule(_within("prelim", "confirmed"), "manager"),),
    "answer": (_rule(_within("prelim", "confirmed"), "superior", "hr"),),
    "recompute": (_rule(_within("prelim", "confirmed"), "hr", "operator", needs=("loaded",)),),
    "acknowledge": (_rule(_within("confirmed"), "manager"),),
    "proceed": (
        Rule(
            {"confirmed": "calibration"},
            frozenset({"hr", "house"}),
            ("window_over", "queries_closed"),
            ("quarter",),
        ),
        Rule(
            {"confirmed": "rating"},
            frozenset({"hr", "house"}),
            ("window_over", "queries_closed"),
            ("year",),
        ),
    ),
    "rate": (
        Rule(_within("rating"), frozenset({"superior", "head", "risk", "hr"}), (), ("year",)),
    ),
    "abstain": (Rule(_within("rating"), frozenset({"superior", "risk"}), (), ("year",)),),
    "close_ratings": (
        Rule(
            {"rating": "calibration"},
            frozenset({"hr", "house"}),
            ("rated", "complete_or_late"),
            ("year",),
        ),
    ),
    "calibrate": (_rule(_within("calibration"), "hr", "head"),),
    "approve": (
        _rule({"calibration": "approved"}, "hr", "head", needs=("in_quota", "others_move")),
    ),
    "publish": (_rule({"approved": "published"}, "hr"),),
    "appeal": (
        _rule({"published": "appeal", "appeal": "appeal"}, "manager", needs=("window_open",)),
    ),
    "decide": (_rule(_within("appeal"), "hr", "head", "compliance", needs=("no_rater",)),),
    "lock": (
        _rule(
            {"published": "locked", "appeal": "locked"},
            *("hr", "house"),
            needs=("window_over", "appeals_closed"),
        ),
    ),
}
"""Every deed there is."""

TIMERS: Mapping[State, str] = {
    "target_proposed": "start",
    "running": "freeze",
    "data_freeze": "preliminary",
    "prelim": "confirm",
    "confirmed": "proceed",
    "rating": "close_ratings",
    "published": "lock",
    "appeal": "lock",
}
"""What the clock tries in a state: the one rule each has. The others wait for people."""

_NEEDS: Mapping[str, Callable[[Standing], bool]] = {
    "complete_or_late": lambda standing: standing.complete or standing.deadline_over,
    "others_move": lambda standing: not standing.own_move,
    "window_open": lambda standing: not standing.window_over,
    "no_rater": lambda standing: not standing.rater,
}
"""Needs that are not a field of Standing."""


def kind_of(period: str) -> Kind:
    """The kind of a period's id: "2026Q4" is a quarter, "2026" a year."""
    return "quarter" if "Q" in period else "year"


def decide(
    kind: Kind, state: State, action: str, parts: Collection[Part], standing: Standing
) -> State:
    """The state that a deed leads to, the same one where it changes none.

    Raises NotAllowedError: first for a part nobody of `parts` has, then for the state, then for
    the first need that is not met.
    """
    rules = [rule for rule in RULES.get(action, ()) if kind in rule.kinds]
    theirs = [rule for rule in rules if rule.parts.intersection(parts)]
    if not theirs:
        raise NotAllowedError(action, state, "part")
    rule = next((rule for rule in theirs if state in rule.moves), None)
    if rule is None:
        raise NotAllowedError(action, state, "state")
    for need in rule.needs:
        if not _holds(need, standing):
            raise NotAllowedError(action, state, need)
    return rule.moves[state]


def possible(kind: Kind, state: State, parts: Collection[Part]) -> tuple[str, ...]:
    """The deeds that somebody may do in a state once what they need is the case."""
    return tuple(
        action
        for action, rules in RULES.items()
        if any(
            kind in rule.kinds and state in rule.moves and rule.parts.intersection(parts)
            for rule in rules
        )
    )


def _holds(need: str, standing: Standing) -> bool:
    if need in _NEEDS:
        return _NEEDS[need](standing)
    return bool(getattr(standing, need))
