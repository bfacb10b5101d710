"""A target as somebody may see it: what is in force, what waits, and how it comes apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bank.calendar import Calendar, known_year, load_calendar
from bank.cascade import cascade_of, name_of, unit_above
from bank.database import Transaction
from bank.errors import CalendarError
from bank.people import find_staff
from bank.performance import latest_scorecard
from bank.targets import (
    Holder,
    ProposalRecord,
    Side,
    Signature,
    SignedTarget,
    find_open,
    find_proposal,
    signatures,
    targets,
)
from scoring.cascade import Cascade
from scoring.indicators import Indicator
from scoring.milestones import (
    YearPlan,
    YearShape,
    decompose,
    monthly,
    plan_of,
    shape_year,
    stretched,
)
from scoring.periods import Period
from scoring.replan import Overlay, replan
from scoring.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Named:
    """A signature with the name of who gave it."""

    signature: Signature
    name: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A yearly amount taken apart. Nothing but `months` is ever signed.

    `plan` has the weeks, and is None for an average, whose `months` are what it is to be from the
    first of January to each month's end. `stretch` are the months of the stretch line.
    """

    months: tuple[int, ...]
    stretch: tuple[int, ...]
    plan: YearPlan | None
    provisional: bool
    """Whether the year's calendar is: its weeks may still move, its months stay."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was brought by a day, and both ways to make up for what is missing."""

    as_of: date
    actual: int
    quarter_first: Overlay | None
    spread: Overlay | None


@dataclass(frozen=True, slots=True)
class TargetView:
    """A holder's target of a year: `signed` is in force, `waiting` is not, yet.

    `names` are under `waiting`, or else under `signed`; `sides` are the viewer's. `above` is what
    the unit over it has to give, `given` what a unit gave itself.
    """

    holder: Holder
    name: str
    indicator: Indicator
    year: int
    signed: SignedTarget | None
    waiting: ProposalRecord | None
    names: tuple[Named, ...]
    proposer: str
    approver: str
    sides: frozenset[Side]
    above: tuple[str, Cascade] | None
    given: Cascade | None
    breakdown: Breakdown
    standing: Standing | None

    @property
    def amount(self) -> int:
        """What is shown: what waits for a signature, or else what is in force."""
        if self.waiting is not None:
            return self.waiting.terms.amount
        return self.signed.amount if self.signed else 0

    @property
    def may_sign(self) -> bool:
        """Whether the viewer is who the waiting proposal waits for."""
        if self.waiting is None or self.waiting.state != "proposed":
            return False
        return bool(self.sides - {named.signature.side for named in self.names})


def target_view(
    tx: Transaction,
    holder: Holder,
    indicator: Indicator,
    year: int,
    *,
    scheme: Scheme,
    sides: frozenset[Side],
    on: date,
) -> TargetView | None:
    """A holder's target of a year; None where there is none, signed or waiting."""
    held = {one.indicator: one for one in targets(tx, year, [holder])}
    signed, waiting = held.get(indicator.id), find_open(tx, holder, indicator.id, year)
    shown = waiting or (signed and signed.proposal_id and find_proposal(tx, signed.proposal_id))
    if signed is None and waiting is None:
        return None
    amount = waiting.terms.amount if waiting else signed.amount if signed else 0
    breakdown = _breakdown(tx, indicator, amount, shown or None, year=year, scheme=scheme)
    above = unit_above(tx, holder, indicator.id, year)
    cascade = cascade_of(tx, above, indicator.id, year, on) if above else None
    own = cascade_of(tx, holder.id, indicator.id, year, on) if holder.kind == "unit" else None
    return TargetView(
        holder,
        name_of(tx, holder),
        indicator,
        year,
        signed,
        waiting,
        _named(tx, signatures(tx, shown.id)) if shown else (),
        find_staff(tx, shown.proposed_by).name if shown else "",
        find_staff(tx, shown.approved_by).name if shown and shown.approved_by else "",
        sides,
        (name_of(tx, Holder("unit", above)), cascade) if above and cascade else None,
        own,
        breakdown,
        _standing(tx, holder, indicator, breakdown.plan, on) if signed and not waiting else None,
    )


def year_shape(tx: Transaction, year: int, scheme: Scheme) -> YearShape:
    """How a year's targets are taken apart. Raises CalendarError for a year nobody knows."""
    known_year(tx, year)
    calendar: Calendar = load_calendar(tx)
    return shape_year(year, calendar.is_business, scheme.plan.quarters, scheme.plan.months)


def _breakdown(
    tx: Transaction,
    indicator: Indicator,
    amount: int,
    record: ProposalRecord | None,
    *,
    year: int,
    scheme: Scheme,
) -> Breakdown:
    try:
        shape = year_shape(tx, year, scheme)
    except CalendarError:
        months = record.terms.months if record else ()
        return Breakdown(months, (), None, provisional=True)
    average = indicator.type == "average"
    months = record.terms.months if record else monthly(amount, shape, average=average)
    provisional = any(day.provisional for day in known_year(tx, year))
    more = scheme.plan.stretch_pct
    if average:
        line = monthly(amount * more // 100, shape, average=True)
        return Breakdown(months, line, None, provisional)
    line = stretched(decompose(amount, shape), more).months
    return Breakdown(months, line, plan_of(months, shape), provisional)


def _named(tx: Transaction, found: Sequence[Signature]) -> tuple[Named, ...]:
    return tuple(Named(one, find_staff(tx, one.staff_id).name) for one in found)


def _standing(
    tx: Transaction, holder: Holder, indicator: Indicator, plan: YearPlan | None, on: date
) -> Standing | None:
    """What a manager brought of a sum by the newest score of the year."""
    if holder.kind != "manager" or plan is None:
        return None
    year = Period.of_year(plan.shape.year)
    latest = latest_scorecard(tx, holder.id, year, on)
    rows = latest.card.indicators() if latest else ()
    row = next((each for each in rows if each.id == indicator.id), None)
    if row is None or row.actual is None:
        return None
    actual, through = int(row.actual or Decimal(0)), min(row.as_of, year.last)
    return Standing(
        through,
        actual,
        replan(plan, actual, through, "quarter_first"),
        replan(plan, actual, through, "spread"),
    )
