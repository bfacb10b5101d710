"""The cascade of targets: what each unit has to give out of a year's, and gave to whom."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select

from bank.database import Transaction
from bank.days import number
from bank.models import OrgUnit, Staff, TargetProposal
from bank.targets import OPEN_STATES, Holder, open_proposals, targets
from scoring.cascade import Cascade


def lock_units(tx: Transaction, indicator: str, year: int) -> None:
    """Have whoever else gives out of an indicator's targets of a year wait for this transaction.

    SQLite's one writer is alone anyway.
    """
    tx.execute(
        select(TargetProposal.id)
        .where(
            TargetProposal.holder_kind == "unit",
            TargetProposal.indicator == indicator,
            TargetProposal.year == year,
        )
        .order_by(TargetProposal.id)
        .with_for_update()
    ).all()


def cascade_of(
    tx: Transaction, unit_id: str, indicator: str, year: int, on: date
) -> Cascade | None:
    """What a unit has to give out of a year's target, and gave to whom; None where it has none.

    A child counts with what is proposed to it, or else with what it signed. It belongs to the
    nearest unit above it that has a target, so that a level without targets is passed over.
    """
    units = _unit_amounts(tx, indicator, year)
    if unit_id not in units:
        return None
    parents = _parents(tx)
    children = {
        Holder("unit", unit): given
        for unit, (_, given) in units.items()
        if unit != unit_id and _nearest(parents.get(unit), parents, units) == unit_id
    }
    managers = _managers(tx, on)
    theirs = [one for one, unit in managers.items() if _nearest(unit, parents, units) == unit_id]
    children |= _manager_amounts(tx, theirs, indicator, year)
    given = {f"{child.kind}:{child.id}": amount for child, amount in children.items()}
    return Cascade(units[unit_id][0], given)


def unit_above(tx: Transaction, holder: Holder, indicator: str, year: int) -> str | None:
    """The nearest unit above a holder that has a target to give out; None without one."""
    units, parents = _unit_amounts(tx, indicator, year), _parents(tx)
    own = unit_of(tx, holder)
    start = parents.get(holder.id) if holder.kind == "unit" else own
    return _nearest(start, parents, units)


def holder_of(tx: Transaction, named: str) -> Holder | None:
    """The manager or the unit of an id; None when there is neither."""
    if tx.scalar(select(Staff.id).where(Staff.id == named, Staff.role == "manager")):
        return Holder("manager", named)
    found = tx.scalar(select(OrgUnit.id).where(OrgUnit.id == named))
    return Holder("unit", found) if found else None


def unit_of(tx: Transaction, holder: Holder) -> str | None:
    """The unit that a holder is, or works in; None when there is no such holder."""
    if holder.kind == "unit":
        return tx.scalar(select(OrgUnit.id).where(OrgUnit.id == holder.id))
    return tx.scalar(select(Staff.unit_id).where(Staff.id == holder.id, Staff.role == "manager"))


def name_of(tx: Transaction, holder: Holder) -> str:
    """A holder's name; its id when there is no such holder."""
    model = OrgUnit if holder.kind == "unit" else Staff
    return tx.scalar(select(model.name).where(model.id == holder.id)) or holder.id


def unit_ids(tx: Transaction) -> frozenset[str]:
    """Every unit there is."""
    return frozenset(tx.scalars(select(OrgUnit.id)))


def parent_of(tx: Transaction, unit_id: str) -> str | None:
    """The unit above a unit; None for the topmost."""
    return tx.scalar(select(OrgUnit.parent_id).where(OrgUnit.id == unit_id))


def _nearest(
    unit: str | None, parents: Mapping[str, str | None], units: Collection[str]
) -> str | None:
    seen = set()
    while unit is not None and unit not in units and unit not in seen:  # a ring of units ends, too
        seen.add(unit)
        unit = parents.get(unit)
    return unit if unit in units else None


def _parents(tx: Transaction) -> Mapping[str, str | None]:
    return dict(tx.execute(select(OrgUnit.id, OrgUnit.parent_id)).all())


def _managers(tx: Transaction, on: date) -> Mapping[str, str]:
    day = number(on)
    rows = tx.execute(
        select(Staff.id, Staff.unit_id).where(
            Staff.role == "manager", Staff.hired_day <= day, Staff.left_day > day
        )
    )
    return dict(rows.all())


def _unit_amounts(tx: Transaction, indicator: str, year: int) -> Mapping[str, tuple[int, int]]:
    """By unit with a target: what it has to give out, and what it was given."""
    rows = tx.execute(
        select(TargetProposal.holder_id, TargetProposal.state, TargetProposal.amount)
        .where(
            TargetProposal.holder_kind == "unit",
            TargetProposal.indicator == indicator,
            TargetProposal.year == year,
            TargetProposal.state.in_((*OPEN_STATES, "signed")),
        )
        .order_by(TargetProposal.version)
    )
    signed: dict[str, int] = {}
    waiting: dict[str, int] = {}
    for unit, state, amount in rows:
        (signed if state == "signed" else waiting)[unit] = amount
    # What is signed is what a unit has; an amendment that waits counts for the unit above already.
    return {
        unit: (signed.get(unit, waiting.get(unit, 0)), waiting.get(unit, signed.get(unit, 0)))
        for unit in {*signed, *waiting}
    }


def _manager_amounts(
    tx: Transaction, managers: Collection[str], indicator: str, year: int
) -> Mapping[Holder, int]:
    held = [Holder("manager", one) for one in managers]
    amounts = {
        one.holder: one.amount for one in targets(tx, year, held) if one.indicator == indicator
    }
    waiting = {
        one.terms.holder: one.terms.amount
        for one in open_proposals(tx, year, held)
        if one.terms.indicator == indicator
    }
    return amounts | waiting
