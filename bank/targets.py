"""Targets: proposed by one side, signed by both, and then never changed.

A proposal is held (more is given out than there is, until somebody allows it) or proposed, and
ends signed, declined or replaced. An amendment is a proposal of the next version. Targets that came
signed with a drop stand beside those signed here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update

from bank.audit import Deed, record_deed
from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Target, TargetProposal, TargetSignature
from bank.seals import plain_digest
from bank.upsert import insert_new

Side = Literal["above", "below"]
HolderKind = Literal["unit", "manager"]
OPEN_STATES = ("held", "proposed")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is to reach a target: a manager, or a unit with everybody in it."""

    kind: HolderKind
    id: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What is signed: a year's amount in the indicator's unit, its months, and why.

    `version` is 1 for the first; `months` are scoring.milestones.monthly.
    """

    holder: Holder
    indicator: str
    year: int
    version: int
    amount: int
    months: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalRecord:
    """A proposal; `over` is by how much it made more be given out than there was."""

    id: str
    terms: Terms
    state: str
    proposed_by: str
    proposed_at: datetime
    proposed_on: date
    content_hash: str
    over: int = 0
    over_reason: str = ""
    approved_by: str | None = None
    approved_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """One side's name under a proposal."""

    side: Side
    staff_id: str
    at: datetime
    content_hash: str


@dataclass(frozen=True, slots=True)
class SignedTarget:
    """A target in force; `proposal_id` is None for one that came signed with a drop."""

    holder: Holder
    indicator: str
    year: int
    version: int
    amount: int
    signed_on: date
    proposal_id: str | None


def proposal_of(
    terms: Terms, deed: Deed, *, over: int = 0, over_reason: str = ""
) -> ProposalRecord:
    """A new proposal of somebody's; held where it gives out more than there is."""
    content = [terms.holder.kind, terms.holder.id, terms.indicator, terms.year, terms.version]
    digest = plain_digest([*content, terms.amount, terms.months, terms.reason, deed.actor_id])
    return ProposalRecord(
        id=plain_digest([digest, deed.at.isoformat()])[:16],
        terms=terms,
        state="held" if over else "proposed",
        proposed_by=deed.actor_id,
        proposed_at=deed.at,
        proposed_on=deed.on,
        content_hash=digest,
        over=over,
        over_reason=over_reason,
    )


def propose(tx: Transaction, record: ProposalRecord, side: Side, deed: Deed) -> bool:
    """Write a proposal down, signed by its own side, in place of the one still open.

    False, and nothing written, when another came first.
    """
    terms = record.terms
    before = find_open(tx, terms.holder, terms.indicator, terms.year)
    if before is not None and not _end(tx, before, "replaced", deed, ""):
        return False
    if insert_new(tx, TargetProposal, [_row(record)]) == 0:
        return False
    _add_signature(tx, record, side, deed)
    record_deed(tx, deed, f"target:{record.id}", _content(record))
    return True


def allow(tx: Transaction, record: ProposalRecord, deed: Deed) -> bool:
    """Let a held proposal go on, though more is given out than there is; False: not held."""
    values = {"state": "proposed", "approved_by": deed.actor_id, "approved_at": deed.at}
    if not _change(tx, record, "held", values):
        return False
    record_deed(tx, deed, f"target:{record.id}", {**_content(record), "over": record.over})
    return True


def sign(tx: Transaction, record: ProposalRecord, side: Side, deed: Deed) -> bool:
    """Sign for the other side: from then on it is the holder's target, and never changes.

    False, and nothing written, when it is not open any more, or its version came with a drop.
    """
    terms = record.terms
    if terms.holder.kind == "manager":
        target = {
            "manager_id": terms.holder.id,
            "indicator": terms.indicator,
            "year": terms.year,
            "version": terms.version,
            "amount": terms.amount,
            "signed_day": number(deed.on),
            "batch_id": None,
        }
        is_open = select(TargetProposal.id).where(
            TargetProposal.id == record.id, TargetProposal.state == "proposed"
        )
        if tx.scalar(is_open.with_for_update()) is None or not insert_new(tx, Target, [target]):
            return False
    if not _change(tx, record, "proposed", {"state": "signed"}):
        return False
    _add_signature(tx, record, side, deed)
    record_deed(tx, deed, f"target:{record.id}", _content(record))
    return True


def decline(tx: Transaction, record: ProposalRecord, reason: str, deed: Deed) -> bool:
    """End a proposal that nobody is to sign; False when it is not open any more."""
    if not _end(tx, record, "declined", deed, reason):
        return False
    record_deed(tx, deed, f"target:{record.id}", {**_content(record), "declined": reason})
    return True


def find_proposal(tx: Transaction, proposal_id: str) -> ProposalRecord | None:
    """The proposal of an id, or None."""
    found = _proposals(tx, TargetProposal.id == proposal_id)
    return found[0] if found else None


def find_open(tx: Transaction, holder: Holder, indicator: str, year: int) -> ProposalRecord | None:
    """The proposal of a holder's target that waits for a signature or an approval, or None."""
    found = _proposals(
        tx,
        and_(
            _held_by([holder]),
            TargetProposal.indicator == indicator,
            TargetProposal.year == year,
            TargetProposal.state.in_(OPEN_STATES),
        ),
    )
    return found[0] if found else None


def open_proposals(
    tx: Transaction,
    year: int,
    holders: Collection[Holder] | None = None,
    states: Collection[str] = OPEN_STATES,
) -> tuple[ProposalRecord, ...]:
    """The proposals of a year that are open, of some holders (all, without), the oldest first."""
    which = and_(TargetProposal.year == year, TargetProposal.state.in_(states))
    return _proposals(tx, which if holders is None else and_(which, _held_by(holders)))


def history(
    tx: Transaction, holder: Holder, indicator: str, year: int
) -> tuple[ProposalRecord, ...]:
    """Every proposal there has been of a holder's target, the oldest first."""
    return _proposals(
        tx,
        and_(
            _held_by([holder]), TargetProposal.indicator == indicator, TargetProposal.year == year
        ),
    )


def signatures(tx: Transaction, proposal_id: str) -> tuple[Signature, ...]:
    """The names under a proposal, in the order they were signed."""
    rows = tx.execute(
        select(
            TargetSignature.side,
            TargetSignature.staff_id,
            TargetSignature.at,
            TargetSignature.content_hash,
        )
        .where(TargetSignature.proposal_id == proposal_id)
        .order_by(TargetSignature.at, TargetSignature.side)
    )
    return tuple(Signature(_side(side), staff, at, content) for side, staff, at, content in rows)


def targets(tx: Transaction, year: int, holders: Iterable[Holder]) -> tuple[SignedTarget, ...]:
    """The newest signed target of each holder and indicator for a year."""
    wanted = [*holders]
    managers = [one.id for one in wanted if one.kind == "manager"]
    units = [one for one in wanted if one.kind == "unit"]
    found = {}
    signed_here = {
        (one.terms.holder.id, one.terms.indicator, one.terms.version): one
        for one in _proposals(
            tx,
            and_(TargetProposal.year == year, _held_by(wanted), TargetProposal.state == "signed"),
        )
    }
    rows = tx.execute(
        select(
            Target.manager_id, Target.indicator, Target.version, Target.amount, Target.signed_day,
            Target.batch_id,
        )
        .where(Target.year == year, Target.manager_id.in_(managers))
        .order_by(Target.version)
    )  # fmt: skip
    for manager, indicator, version, amount, day, batch in rows:
        here = signed_here.get((manager, indicator, version)) if batch is None else None
        holder = Holder("manager", manager)
        found[holder, indicator] = SignedTarget(
            holder, indicator, year, version, amount, day_of(day), here.id if here else None
        )
    for one in sorted(signed_here.values(), key=lambda each: each.terms.version):
        if one.terms.holder in units:
            found[one.terms.holder, one.terms.indicator] = _signed(tx, one)
    order = {holder: at for at, holder in enumerate(wanted)}
    return tuple(sorted(found.values(), key=lambda one: (order[one.holder], one.indicator)))


def settled(tx: Transaction, year: int, managers: Collection[str]) -> frozenset[str]:
    """The managers whose targets of a year are agreed on: some signed, no first one still open.

    An amendment that is still open does not count: the version before it stands.
    """
    rows = tx.execute(
        select(Target.manager_id, Target.indicator)
        .where(Target.year == year, Target.manager_id.in_(managers))
        .distinct()
    )
    signed = {(manager, indicator) for manager, indicator in rows}
    waiting = open_proposals(tx, year, [Holder("manager", one) for one in managers])
    unsigned = {
        one.terms.holder.id
        for one in waiting
        if (one.terms.holder.id, one.terms.indicator) not in signed
    }
    return frozenset({manager for manager, _ in signed} - unsigned)


def signed_months(
    tx: Transaction, year: int, managers: Collection[str], on: date
) -> Mapping[tuple[str, str], tuple[int, ...]]:
    """The months of the targets signed in Daybook by a day, by manager and indicator.

    Only of the newest version: one that a drop brought since has no months of its own.
    """
    newest = (
        select(Target.manager_id, Target.indicator, func.max(Target.version).label("version"))
        .where(
            Target.year == year,
            Target.manager_id.in_(managers),
            Target.signed_day <= number(on),
        )
        .group_by(Target.manager_id, Target.indicator)
        .subquery()
    )
    rows = tx.execute(
        select(TargetProposal.holder_id, TargetProposal.indicator, TargetProposal.months)
        .join(
            newest,
            and_(
                TargetProposal.holder_id == newest.c.manager_id,
                TargetProposal.indicator == newest.c.indicator,
                TargetProposal.version == newest.c.version,
            ),
        )
        .where(
            TargetProposal.holder_kind == "manager",
            TargetProposal.year == year,
            TargetProposal.state == "signed",
        )
    )
    return {(manager, indicator): tuple(months) for manager, indicator, months in rows}


def _held_by(holders: Iterable[Holder]) -> ColumnElement[bool]:
    ids: dict[str, list[str]] = {"unit": [], "manager": []}
    for one in holders:
        ids[one.kind].append(one.id)
    return or_(
        *(
            and_(TargetProposal.holder_kind == kind, TargetProposal.holder_id.in_(some))
            for kind, some in ids.items()
        )
    )


def _change(tx: Transaction, record: ProposalRecord, state: str, values: dict[str, Any]) -> bool:
    unchanged = and_(TargetProposal.id == record.id, TargetProposal.state == state)
    return tx.execute(update(TargetProposal).where(unchanged).values(**values)).rowcount == 1


def _end(tx: Transaction, record: ProposalRecord, state: str, deed: Deed, reason: str) -> bool:
    ended = {"ended_by": deed.actor_id, "ended_at": deed.at, "end_reason": reason}
    return _change(tx, record, record.state, {"state": state, **ended})


def _add_signature(tx: Transaction, record: ProposalRecord, side: Side, deed: Deed) -> None:
    row = {"proposal_id": record.id, "side": side, "staff_id": deed.actor_id, "at": deed.at}
    tx.execute(insert(TargetSignature).values(**row, content_hash=record.content_hash))


def _signed(tx: Transaction, one: ProposalRecord) -> SignedTarget:
    last = max(signatures(tx, one.id), key=lambda each: each.at)
    terms = one.terms
    return SignedTarget(
        terms.holder, terms.indicator, terms.year, terms.version, terms.amount, last.at.date(),
        one.id,
    )  # fmt: skip


def _side(side: str) -> Side:
    return "above" if side == "above" else "below"


def _content(record: ProposalRecord) -> Mapping[str, Any]:
    """What the log fingerprints of it."""
    return {**asdict(record.terms), "hash": record.content_hash}


def _row(record: ProposalRecord) -> dict[str, Any]:
    row: dict[str, Any] = asdict(record)
    terms: dict[str, Any] = row.pop("terms")
    holder = terms.pop("holder")
    row["proposed_day"] = number(row.pop("proposed_on"))
    months = list(terms.pop("months"))
    return (
        row | terms | {"months": months, "holder_kind": holder["kind"], "holder_id": holder["id"]}
    )


def _proposals(tx: Transaction, which: ColumnElement[bool]) -> tuple[ProposalRecord, ...]:
    rows = tx.execute(
        select(*TargetProposal.__table__.columns)
        .where(which)
        .order_by(TargetProposal.proposed_at, TargetProposal.id)
    )
    return tuple(_record(dict(row)) for row in rows.mappings())


def _record(held: dict[str, Any]) -> ProposalRecord:
    holder = Holder(held.pop("holder_kind"), held.pop("holder_id"))
    names = ("indicator", "year", "version", "amount", "reason")
    months = tuple(held.pop("months"))
    terms = Terms(holder, months=months, **{name: held.pop(name) for name in names})
    return ProposalRecord(terms=terms, proposed_on=day_of(held.pop("proposed_day")), **held)
