"""Who works at the bank: people by staff id or Slack account, and who leads whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from bank.database import Transaction
from bank.days import day_of, number
from bank.errors import UnknownStaffError
from bank.models import OrgUnit, Staff, StaffLeave


@dataclass(frozen=True, slots=True)
class Person:
    """A staff member. `left` is the first day no longer employed (`date.max` while employed)."""

    id: str
    name: str
    role: str
    unit_id: str
    slack_user_id: str | None
    lang: str
    hired: date
    left: date

    def active_on(self, day: date) -> bool:
        """Whether the person is employed on a day."""
        return self.hired <= day < self.left


def find_staff(tx: Transaction, staff_id: str) -> Person:
    """The person of a staff id, whether or not still employed; UnknownStaffError if none."""
    found = _people(tx, Staff.id == staff_id)
    if not found:
        raise UnknownStaffError(staff_id)
    return found[0]


def find_by_slack(tx: Transaction, slack_user_id: str) -> Person | None:
    """The person an administrator bound to a Slack account, or None for a stranger."""
    found = _people(tx, Staff.slack_user_id == slack_user_id)
    return found[0] if found else None


def people(tx: Transaction, on: date) -> tuple[Person, ...]:
    """Everyone employed on a day, by staff id."""
    return _people(tx, _employed(on))


def people_called(tx: Transaction, named: str, on: date) -> tuple[Person, ...]:
    """Everyone employed on a day who has a staff id or a name, by staff id."""
    return _people(tx, and_(_employed(on), or_(Staff.id == named, Staff.name == named)))


def holders(tx: Transaction, role: str, on: date) -> tuple[Person, ...]:
    """Everyone employed on a day in a role, by staff id."""
    return _people(tx, and_(_employed(on), Staff.role == role))


def away(tx: Transaction, on: date) -> frozenset[str]:
    """The staff ids of everyone on leave on a day."""
    day = number(on)
    rows = tx.scalars(
        select(StaffLeave.staff_id).where(StaffLeave.from_day <= day, StaffLeave.to_day > day)
    )
    return frozenset(rows)


def team_of(tx: Transaction, lead_id: str, on: date) -> tuple[Person, ...]:
    """The managers employed on a day in the lead's unit and every unit below it, by staff id."""
    units = units_below(tx, find_staff(tx, lead_id).unit_id)
    return _people(tx, and_(_employed(on), Staff.role == "manager", Staff.unit_id.in_(units)))


def units_below(tx: Transaction, unit_id: str) -> frozenset[str]:
    """The ids of a unit and of every unit below it; empty when there is no such unit."""
    below = select(OrgUnit.id).where(OrgUnit.id == unit_id).cte(recursive=True)
    below = below.union(select(OrgUnit.id).join(below, OrgUnit.parent_id == below.c.id))
    return frozenset(tx.scalars(select(below.c.id)))


def units_above(tx: Transaction, unit_id: str) -> frozenset[str]:
    """The ids of a unit and of every unit above it; empty when there is no such unit."""
    above = select(OrgUnit.id, OrgUnit.parent_id).where(OrgUnit.id == unit_id).cte(recursive=True)
    parents = select(OrgUnit.id, OrgUnit.parent_id).join(above, OrgUnit.id == above.c.parent_id)
    above = above.union(parents)
    return frozenset(tx.scalars(select(above.c.id)))


def unit_chains(tx: Transaction) -> dict[str, frozenset[str]]:
    """By id of every unit, it and every unit above it."""
    above: dict[str, str | None] = dict(tx.execute(select(OrgUnit.id, OrgUnit.parent_id)).all())
    return {unit: frozenset(_chain(unit, above)) for unit in above}


def _chain(unit: str | None, above: Mapping[str, str | None]) -> set[str]:
    found: set[str] = set()
    while unit is not None and unit not in found:  # a ring of units ends, too
        found.add(unit)
        unit = above.get(unit)
    return found


def superiors(tx: Transaction, unit_id: str, on: date) -> tuple[Person, ...]:
    """The leads, on a day, of a unit or of the nearest unit above it that has one."""
    above: dict[str, str | None] = dict(tx.execute(select(OrgUnit.id, OrgUnit.parent_id)).all())
    unit: str | None = unit_id
    while unit in above:
        leads = and_(_employed(on), Staff.role == "team_lead", Staff.unit_id == unit)
        if found := _people(tx, leads):
            return found
        unit = above.pop(unit)  # a ring of units ends, too
    return ()


def _employed(on: date) -> ColumnElement[bool]:
    return and_(Staff.hired_day <= number(on), Staff.left_day > number(on))


def _people(tx: Transaction, which: ColumnElement[bool]) -> tuple[Person, ...]:
    statement = select(
        Staff.id,
        Staff.name,
        Staff.role,
        Staff.unit_id,
        Staff.slack_user_id,
        Staff.lang,
        Staff.hired_day,
        Staff.left_day,
    )
    return tuple(
        Person(staff_id, name, role, unit, slack, lang, day_of(hired), day_of(left))
        for staff_id, name, role, unit, slack, lang, hired, left in tx.execute(
            statement.where(which).order_by(Staff.id)
        )
    )
