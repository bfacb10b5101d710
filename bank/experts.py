"""Who answers what the policies do not: a policy's owner where one is found, else compliance."""

from collections.abc import Collection
from datetime import UTC, date, datetime

from sqlalchemy import or_, select

from bank.database import Transaction
from bank.models import OrgUnit
from bank.people import Person, away, holders, people_called, superiors, units_above
from bank.tickets import burdens

EXPERTS = ("compliance", "risk", "hr", "team_lead")
"""The roles whose people a ticket may be given to; a policy's owner may have any."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def policy_owner(tx: Transaction, owner: str, on: date, without: Collection[str]) -> Person | None:
    """Who answers for a policy's owner as its file names it: staff id, name, or a unit's.

    Of a unit it is its compliance officer, or else its lead. None where nobody is found who is at
    work on the day and not among `without`.
    """
    named = owner.strip()
    called = people_called(tx, named, on)
    # A name that several people have says nothing.
    here = called if len(called) == 1 else _unit_experts(tx, named, on)
    gone = away(tx, on)
    return next((one for one in here if one.id not in without and one.id not in gone), None)


def officers(tx: Transaction, on: date, without: Collection[str] = ()) -> tuple[Person, ...]:
    """The compliance officers at work on a day, whoever has least to answer first.

    Of those with as many open tickets, first the one whose newest is the oldest. With nobody at
    work they are those on leave: somebody must hear of it.
    """
    known = [person for person in holders(tx, "compliance", on) if person.id not in without]
    gone, held = away(tx, on), burdens(tx)
    here = [person for person in known if person.id not in gone] or known
    return tuple(sorted(here, key=lambda one: (*held.get(one.id, (0, _LONG_AGO)), one.id)))


def lead_officer(tx: Transaction, on: date) -> Person | None:
    """The lead of compliance: the officer whose unit is the highest, by staff id among equals."""
    known = holders(tx, "compliance", on)
    return min(known, key=lambda one: (len(units_above(tx, one.unit_id)), one.id), default=None)


def experts(tx: Transaction, on: date, without: Collection[str] = ()) -> tuple[Person, ...]:
    """Everyone a ticket may be given to on a day, compliance first."""
    gone = away(tx, on)
    known = [one for role in EXPERTS for one in holders(tx, role, on)]
    return tuple(one for one in known if one.id not in without and one.id not in gone)


def _unit_experts(tx: Transaction, named: str, on: date) -> tuple[Person, ...]:
    unit = tx.scalar(
        select(OrgUnit.id)
        .where(or_(OrgUnit.id == named, OrgUnit.name == named))
        .order_by(OrgUnit.id)
    )
    if unit is None:
        return ()
    inside = [one for one in holders(tx, "compliance", on) if one.unit_id == unit]
    return (*inside, *superiors(tx, unit, on))
