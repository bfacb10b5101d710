"""Who was held for how long, who was visited, who borrows: what visits owed are counted from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, func, or_, select, union_all

from bank.borrowers import SME_SIZES
from bank.clients import SPACE
from bank.days import number
from bank.loans import MOVES, OWED
from bank.models import Assignment, CalendarDay, Client, ClientAttr, Loan, StaffLeave, Visit
from bank.performance.measuring import Frame
from bank.performance.window import day, greatest, held, least
from scoring.coverage import VISIT_KINDS
from scoring.periods import Period

LATEST = 1000
"""Days × this + a share below it: the largest is that of the latest day."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """Clients that visits may be owed to, by manager.

    `table` has manager_id, client_id, tier and size_class (as of the window's last day), share
    (the latest), ends (first day no longer held), and the days held, less those on leave, in
    the window and in quarter_0, quarter_1, … of the period.
    """

    table: CTE
    managers: tuple[str, ...]

    def clients(self) -> Select[str]:
        """The clients' ids."""
        return select(self.table.c.client_id)


def holdings(frame: Frame, managers: Collection[str]) -> Holdings:
    """The clients these managers hold in the window whose tier or size asks for visits."""
    spans = _spans(frame)
    held_days = _pieces(frame, managers, spans)
    pieces = union_all(held_days, _on_leave(frame, managers, spans)).subquery("piece")
    table = select(
        pieces.c.manager_id,
        pieces.c.client_id,
        func.min(pieces.c.tier).label("tier"),
        func.min(pieces.c.size_class).label("size_class"),
        (func.max(pieces.c.latest) % LATEST).label("share"),
        func.max(pieces.c.ends).label("ends"),
        *(func.sum(pieces.c[name]).label(name) for name, _, _ in spans),
    ).group_by(pieces.c.manager_id, pieces.c.client_id)
    return Holdings(table.cte("holding"), tuple(managers))


def visits_made(frame: Frame, of: Holdings) -> Select[*tuple[Any, ...]]:
    """(manager, client, days with a visit that counts while the manager held the client)."""
    window = frame.window
    tiered = select(of.table.c.client_id).where(
        of.table.c.tier.in_(sorted(frame.scheme.visits.scored_tiers))
    )
    return (
        select(
            Assignment.manager_id,
            Assignment.client_id,
            func.count(Visit.day.distinct()).label("visits"),
        )
        .join(Visit, Visit.client_id == Assignment.client_id)
        .where(
            held(window, of.managers),
            Assignment.client_id.in_(tiered),
            Visit.day >= Assignment.from_day,
            Visit.day < Assignment.to_day,
            *_valid(frame),
        )
        .group_by(Assignment.manager_id, Assignment.client_id)
    )


def hand_logged(frame: Frame, manager: str) -> Select[*tuple[Any, ...]]:
    """(client, visit) of the visits that count and the manager wrote down: no system sent them."""
    return (
        select(Visit.client_id, Visit.id)
        .where(Visit.manager_id == manager, Visit.batch_id.is_(None), *_valid(frame))
        .order_by(Visit.day, Visit.id)
    )


def first_visits(
    frame: Frame, of: Holdings, quarters: Sequence[Period]
) -> Select[*tuple[Any, ...]]:
    """(client, day of the first visit that counts in quarter_0, quarter_1, …) of SME clients."""
    small = select(of.table.c.client_id).where(of.table.c.size_class.in_(SME_SIZES))
    firsts = (
        func.min(Visit.day)
        .filter(Visit.day.between(number(quarter.first), number(quarter.last)))
        .label(f"quarter_{at}")
        for at, quarter in enumerate(quarters)
    )
    return (
        select(Visit.client_id, *firsts)
        .where(Visit.client_id.in_(small), *_valid(frame))
        .group_by(Visit.client_id)
    )


def sme_debts(frame: Frame, of: Holdings, quarters: Sequence[Period]) -> Select[*tuple[Any, ...]]:
    """(client, loans outstanding at the end, so far, of quarter_0, quarter_1, …) of SME clients."""
    small = select(of.table.c.client_id).where(of.table.c.size_class.in_(SME_SIZES))
    ends = [number(min(quarter.last, frame.window.through)) for quarter in quarters]
    owed = (
        select(
            Loan.client_id,
            *(
                func.sum(OWED).filter(MOVES.c.known_day <= end).label(f"quarter_{at}")
                for at, end in enumerate(ends)
            ),
        )
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(Loan.client_id.in_(small))
        .group_by(Loan.client_id, Loan.id)
        .subquery("owed")
    )
    outstanding = (
        func.sum(case((owed.c[f"quarter_{at}"] > 0, 1), else_=0)).label(f"quarter_{at}")
        for at, _ in enumerate(ends)
    )
    return select(owed.c.client_id, *outstanding).group_by(owed.c.client_id)


def _spans(frame: Frame) -> tuple[tuple[str, int, int], ...]:
    """The half-open days that holding is counted in, by name."""
    window, period = frame.window, frame.window.period
    return (
        ("window", window.first, window.end),
        *(
            (f"quarter_{at}", number(quarter.first), number(quarter.last) + 1)
            for at, quarter in enumerate(period.quarters())
        ),
    )


def _pieces(
    frame: Frame, managers: Collection[str], spans: Sequence[tuple[str, int, int]]
) -> Select[*tuple[Any, ...]]:
    """Each assignment's days in each span."""
    days = (
        _overlap((Assignment.from_day, first), (Assignment.to_day, end)).label(name)
        for name, first, end in spans
    )
    return _asking(frame, managers).add_columns(*days)


def _on_leave(
    frame: Frame, managers: Collection[str], spans: Sequence[tuple[str, int, int]]
) -> Select[*tuple[Any, ...]]:
    """What approved leave takes off the days of each assignment."""
    away = (
        (StaffLeave.staff_id == Assignment.manager_id)
        & (StaffLeave.from_day < Assignment.to_day)
        & (StaffLeave.to_day > Assignment.from_day)
        & (StaffLeave.from_day <= number(frame.window.period.last))
        & (StaffLeave.to_day > frame.window.first)
    )
    days = (
        -_overlap(
            (Assignment.from_day, StaffLeave.from_day, first),
            (Assignment.to_day, StaffLeave.to_day, end),
        )
        for _, first, end in spans
    )
    return _asking(frame, managers).join(StaffLeave, away).add_columns(*days)


def _asking(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """The assignments of the window whose client's tier or size asks for visits.

    Tier and size are those of the window's last day, where others came since.
    """
    tier: Any = Client.tier
    size: Any = Client.size_class
    if frame.replayed:
        tier = func.coalesce(ClientAttr.tier, Client.tier)
        size = func.coalesce(ClientAttr.size_class, Client.size_class)
    statement = (
        select(
            Assignment.manager_id,
            Assignment.client_id,
            tier.label("tier"),
            size.label("size_class"),
            Assignment.to_day.label("ends"),
            (Assignment.from_day * LATEST + Assignment.share_pct).label("latest"),
        )
        .join(Client, Client.id == Assignment.client_id)
        .where(
            held(frame.window, managers),
            or_(tier.in_(sorted(frame.scheme.visits.scored_tiers)), size.in_(SME_SIZES)),
        )
    )
    if not frame.replayed:
        return statement
    last = frame.window.end - 1
    return statement.outerjoin(
        ClientAttr,
        (ClientAttr.client_id == Client.id)
        & (ClientAttr.from_day <= last)
        & (ClientAttr.to_day > last),
    )


def _overlap(starts: Sequence[Any], ends: Sequence[Any]) -> ColumnElement[int]:
    """Days from the latest start to the earliest end, the last of each being a number."""
    start = greatest(*starts[:-1], day(starts[-1]))
    stop = least(*ends[:-1], day(ends[-1]))
    return case((start < stop, stop - start), else_=0)


def _valid(frame: Frame) -> tuple[ColumnElement[bool], ...]:
    """Visits of the window that count (scoring/coverage.counts), as known on the as-of day."""
    within = frame.scheme.visits.log_within
    between = (
        select(func.count())
        .where(
            CalendarDay.day > Visit.day,
            CalendarDay.day <= Visit.logged_day,
            CalendarDay.is_business,
        )
        .scalar_subquery()
    )
    return (
        Visit.day.between(frame.window.first, frame.window.end - 1),
        Visit.logged_day.between(Visit.day, frame.known),
        Visit.kind.in_(sorted(VISIT_KINDS)),
        func.trim(Visit.note, SPACE) != "",
        # So many days hold at most so many business days: the calendar is asked of the others.
        case((Visit.logged_day - Visit.day <= within, 0), else_=between) <= within,
    )
