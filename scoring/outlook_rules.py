"""What a scheme says of the outlook: how a forecast is made, and what an action is likely to take.

None of these figures changes a score; they tell where it is heading, and what would lift it most.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scoring.indicators import CATALOGUE
from scoring.reading import Table
from scoring.rules import CLASSES

Kind = Literal["warning", "exam", "overdue", "visit", "renewal", "prospect", "recovery"]
KINDS: tuple[Kind, ...] = (
    "warning", "exam", "overdue", "visit", "renewal", "prospect", "recovery",
)  # fmt: skip
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class ForecastRules:
    """How a period's end is foreseen (scoring/forecast)."""

    pull: Decimal
    """κ: how many times the whole plan last year's attainment weighs beside the pace so far."""
    attained_pct: int
    """λ₀ where last year's attainment is not known."""
    seasons: int
    """Years looked back for the unit's seasonal share, …"""
    season_prior: int
    """… which counts n ÷ (n + this) beside the plan's."""
    draws: int
    weeks: int
    """Weeks looked back at, at most, within the year."""
    block_weeks: int
    """Weeks drawn together: a good week is seldom alone."""
    fewest_weeks: int
    """With fewer weeks of their own, the unit's are drawn."""
    low_pct: int
    high_pct: int
    renewed_pct: int
    """Of the deposits that fall due, what is taken to stay."""
    counted: tuple[str, ...]
    """Rates of things that can be counted: how they go on is beta-binomial."""
    roll_pct: Mapping[str, Decimal]
    """Loans of a class that turn non-performing within a month, in percent; the others stay."""
    seed: int


@dataclass(frozen=True, slots=True)
class Likely:
    """What is likely of a kind of action: that it comes off, and what it takes."""

    probability_pct: int
    hours: Decimal

    @property
    def probability(self) -> Decimal:
        """From 0 to 1."""
        return self.probability_pct / WHOLE


@dataclass(frozen=True, slots=True)
class LeverRules:
    """What is suggested to lift a score (scoring/levers)."""

    most: int
    """Suggestions at most."""
    horizon_days: int
    """Deposits that fall due within so many days."""
    near_pct: int
    """A new client is near to being effective with so much of what it takes."""
    exam_score: int
    """What an exam still to be taken is expected to bring."""
    recovered_pct: int
    """Of a bad loan, what one effort is expected to bring in."""
    bad_after_days: int
    """A loan longer past due than this turns non-performing."""
    kinds: Mapping[Kind, Likely]


def read_forecast(table: Table) -> ForecastRules:
    """[forecast]."""
    pull = table.decimal("pull")
    if pull <= 0:
        raise table.problem("pull", "is not above 0; a pace needs something to be drawn to")
    low = table.number("low_pct", least=1, most=49)
    return table.done(
        ForecastRules(
            pull=pull,
            attained_pct=table.number("attained_pct", least=0),
            seasons=table.number("seasons", least=0),
            season_prior=table.number("season_prior", least=1),
            draws=table.number("draws", least=100),
            weeks=table.number("weeks", least=2, most=53),
            block_weeks=table.number("block_weeks", least=1),
            fewest_weeks=table.number("fewest_weeks", least=2),
            low_pct=low,
            high_pct=table.number("high_pct", least=51, most=99),
            renewed_pct=table.percent("renewed_pct"),
            counted=table.choices("counted", tuple(CATALOGUE)),
            roll_pct=_rolls(table.table("roll_pct")),
            seed=table.number("seed", least=0),
        )
    )


def read_levers(table: Table) -> LeverRules:
    """[levers]."""
    kinds: dict[Kind, Likely] = {}
    for written, likely in table.table("kinds").named_tables():
        name = next((kind for kind in KINDS if kind == written), None)
        if name is None:
            raise table.problem("kinds", f"{written} is none of {', '.join(KINDS)}")
        probability, hours = likely.percent("probability_pct"), likely.decimal("hours")
        if hours <= 0:
            raise likely.problem("hours", "is not above 0; nothing is done in no time")
        kinds[name] = likely.done(Likely(probability, hours))
    missing = [kind for kind in KINDS if kind not in kinds]
    if missing:
        raise table.problem("kinds", f"lacks {', '.join(missing)}; add them")
    return table.done(
        LeverRules(
            most=table.number("most", least=1),
            horizon_days=table.number("horizon_days", least=1),
            near_pct=table.percent("near_pct"),
            exam_score=table.percent("exam_score"),
            recovered_pct=table.percent("recovered_pct"),
            bad_after_days=table.number("bad_after_days", least=1),
            kinds=kinds,
        )
    )


def _rolls(table: Table) -> Mapping[str, Decimal]:
    rates = table.decimals()
    for name, rate in rates.items():
        if name not in CLASSES:
            raise table.problem(name, f"is none of {', '.join(CLASSES)}")
        if not 0 <= rate <= WHOLE:
            raise table.problem(name, "is not between 0 and 100; give percent a month")
    return table.done(rates)
