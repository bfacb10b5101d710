"""What a scheme says of the appraisal's course: windows, raters' weights, and what follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.lines import Path
from scoring.reading import Table

WHOLE = 100
RATERS = ("superior", "risk", "client")


@dataclass(frozen=True, slots=True)
class Windows:
    """How many business days a step may take."""

    confirm: int
    """For the superior and the risk department to confirm a preliminary result."""
    query: int
    """To answer a question about a figure."""
    objection: int
    """For the manager, once it is confirmed."""
    rating: int
    appeal: int
    """To object to a published result."""
    decision: int
    """To decide on an objection."""


@dataclass(frozen=True, slots=True)
class RaterRules:
    """How ratings become part of a year's score; `weights` by kind of rater sum to 100.

    A rater of at least `severity_from` managers is corrected for how severe they are, by the
    share n ÷ (n + `severity_prior`).
    """

    share_pct: int
    """Of the year's score; the rest are the indicators."""
    weights: Mapping[str, int]
    mandatory: tuple[str, ...]
    severity_from: int
    severity_prior: int
    panel: int
    """Clients asked of each manager."""


@dataclass(frozen=True, slots=True)
class TrainingRules:
    """The plan that follows a poor grade: courses by subject, to be passed in time."""

    grades: tuple[str, ...]
    days: int
    reminders: tuple[int, ...]
    """Business days before its end on which it is called to mind."""
    courses: Mapping[str, str]
    pass_from: int


@dataclass(frozen=True, slots=True)
class CycleRules:
    """The course of an appraisal under a scheme."""

    windows: Windows
    risk_report: tuple[Decimal, Decimal]
    """Least and most points a risk report may add."""
    client_report: tuple[Decimal, Decimal]
    quarters_pct: int
    """Of a year's indicators: what the mean of its quarters counts; the rest is the year's own."""
    raters: RaterRules
    quotas: Mapping[str, int]
    """Most percent of those graded who may have a grade; none without."""
    streak_grade: str
    streak_quarters: int
    promotion: tuple[str, ...]
    development: tuple[str, ...]
    training: TrainingRules
    peers: int
    """Fewest people among whom somebody learns their own quarter."""


def read_cycle(table: Table, grades: tuple[str, ...]) -> CycleRules:
    """A scheme's [cycle]; `grades` are the ids of its grades."""
    streak = table.table("streak")
    follows = table.table("eligible")
    return table.done(
        CycleRules(
            windows=_windows(table.table("windows")),
            risk_report=_range(table.table("risk_report")),
            client_report=_range(table.table("client_report")),
            quarters_pct=table.percent("quarters_pct"),
            raters=_raters(table.table("raters")),
            quotas=table.table("quotas").numbers(),
            streak_grade=streak.choice("grade", grades),
            streak_quarters=streak.done(streak.number("quarters", least=1)),
            promotion=follows.choices("promotion", grades),
            development=follows.done(follows.choices("development", grades)),
            training=_training(table.table("training"), grades),
            peers=table.number("peers", least=2),
        )
    )


def cycle_problems(rules: CycleRules) -> Iterator[tuple[Path, str]]:
    """What does not fit together, and what to do about it."""
    weights = sum(rules.raters.weights.values())
    if weights != WHOLE:
        path = ("cycle", "raters", "weights")
        yield path, f"the weights sum to {weights}; make them sum to {WHOLE}"
    for name in ("risk_report", "client_report"):
        least, most = getattr(rules, name)
        if least > most:
            yield ("cycle", name), "least is above most; exchange them"
    if any(before >= rules.training.days for before in rules.training.reminders):
        path = ("cycle", "training", "reminders")
        yield path, f"give fewer days than the {rules.training.days} that the plan takes"


def _windows(table: Table) -> Windows:
    names = ("confirm", "query", "objection", "rating", "appeal", "decision")
    return table.done(Windows(*(table.number(name, least=1) for name in names)))


def _range(table: Table) -> tuple[Decimal, Decimal]:
    return table.done((table.decimal("least"), table.decimal("most")))


def _raters(table: Table) -> RaterRules:
    weights = table.table("weights")
    return table.done(
        RaterRules(
            table.percent("share_pct"),
            weights.done({kind: weights.number(kind, least=0) for kind in RATERS}),
            table.choices("mandatory", RATERS),
            table.number("severity_from", least=2),
            table.number("severity_prior", least=0),
            table.number("panel", least=1),
        )
    )


def _training(table: Table, grades: tuple[str, ...]) -> TrainingRules:
    return table.done(
        TrainingRules(
            table.choices("grades", grades),
            table.number("days", least=1),
            table.weights("reminders", 3),
            table.table("courses").texts(),
            table.number("pass_from", least=1),
        )
    )
