"""The past beside a scorecard: its weeks, the unit's years before, and what is known to come."""

from collections.abc import Collection, Mapping
from fractions import Fraction

from sqlalchemy import select

from bank.actions.maturities import outflows
from bank.actions.weeks import Weeks, weeks_of
from bank.actions.years import years_of
from bank.database import Transaction
from bank.models import Staff
from bank.performance.measuring import Frame
from bank.performance.targets import workers
from scoring.projection import Past


def past_of(tx: Transaction, frame: Frame, manager: str) -> Mapping[str, Past]:
    """The past of every indicator a manager signs for, by indicator."""
    everyone = workers(tx, frame.window, frame.scheme.joining.ramp)
    own = weeks_of(tx, frame, [worker for worker in everyone if worker.id == manager])
    colleagues = _unit(tx, manager)
    unit: Mapping[str, Weeks] = {}
    if any(_are_few(weeks, frame.scheme.forecast.fewest_weeks) for weeks in own.values()):
        unit = weeks_of(tx, frame, [worker for worker in everyone if worker.id in colleagues])
    years, known = years_of(tx, frame, colleagues), outflows(tx, frame, manager)
    return {
        name: Past(
            own.get(name, ()),
            unit.get(name, ()),
            years.attained.get(name),
            years.seasons.get(name, ()),
            known.get(name, Fraction(0)),
        )
        for name in {*own, *known, *years.attained}
    }


def _are_few(weeks: Weeks, fewest: int) -> bool:
    """Whether too few weeks asked for anything; where none are known, the unit has none either."""
    return bool(weeks) and sum(planned > 0 for _, planned in weeks) < fewest


def _unit(tx: Transaction, manager: str) -> Collection[str]:
    """The managers of the same unit, the one asked for included."""
    unit = select(Staff.unit_id).where(Staff.id == manager).scalar_subquery()
    same = select(Staff.id).where(Staff.unit_id == unit, Staff.role == "manager")
    return frozenset(tx.scalars(same))
