"""The rollup: what managers' clients had, as running totals, so that a window is two look-ups.

A manager has a row for every day on which anything changed (`levels` from that day on) with the
days of the year before it added up (`totals`). The sum up to a day is the newest row's total and
its level × the days since. Totals start anew each year: a correction rewrites the rest of its own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import aliased

from bank.database import Database, Transaction
from bank.days import day_of, number
from bank.models import Assignment, ImportBatch, ManagerDay, RollupHead, Staff
from bank.performance.steps import Steps, add_held, changed, no_steps
from bank.upsert import upsert

MANAGERS_AT_ONCE = 50
"""Managers built together: some hundred thousand steps are held at once."""
ROWS_AT_ONCE = 2_000

Figures = Mapping[str, int]
"""By column (bank/performance/steps.column)."""
Values = dict[str, object]
"""A row as the table takes it."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A manager's figures from a day on, and the days of its year before it added up."""

    day: int
    levels: Figures
    totals: Figures

    def total(self, day: int) -> Figures:
        """The days of a day's year before it added up; that day is this row's or later."""
        since = max(self.day, new_year(day))
        carried = self.totals if since == self.day else {}
        found = dict(carried)
        for name, level in self.levels.items():
            found[name] = found.get(name, 0) + level * (day - since)
        return {name: amount for name, amount in found.items() if amount}

    def through(self, day: int) -> Figures:
        """The days of a day's year up to and with it: the day after may be another year's."""
        found = dict(self.total(day))
        for name, level in self.levels.items():
            found[name] = found.get(name, 0) + level
        return found


NOTHING = DayRow(0, {}, {})


def new_year(day: int) -> int:
    """The day number of the first day of a day's year."""
    return number(date(day_of(day).year, 1, 1))


def is_current(tx: Transaction) -> bool:
    """Whether the rollup holds all the drops that are in."""
    held, newest = _held_and_newest(tx)
    return held is not None and held == newest


def day_rows(tx: Transaction, managers: Collection[str], day: int) -> Mapping[str, DayRow]:
    """Each manager's newest row up to a day; one without any is absent."""
    other = aliased(ManagerDay)
    newest = (
        select(func.max(other.day))
        .where(other.manager_id == Staff.id, other.day <= day)
        .scalar_subquery()
    )
    each = select(Staff.id, newest.label("day")).where(Staff.id.in_(managers)).subquery()
    at = and_(ManagerDay.manager_id == each.c.id, ManagerDay.day == each.c.day)
    columns = (ManagerDay.manager_id, ManagerDay.day, ManagerDay.levels, ManagerDay.totals)
    found = tx.execute(select(*columns).join(each, at))
    return {manager: DayRow(day, levels, totals) for manager, day, levels, totals in found}


def accumulate(before: DayRow, steps: Mapping[int, Figures]) -> Iterator[DayRow]:
    """The rows that follow a row, one for each day with steps after it."""
    row = before
    for day in sorted(steps):
        totals = row.total(day)
        levels = dict(row.levels)
        for name, amount in steps[day].items():
            levels[name] = levels.get(name, 0) + amount
        row = DayRow(day, {name: level for name, level in levels.items() if level}, totals)
        yield row


def apply_steps(tx: Transaction, steps: Steps) -> int:
    """Take changed steps into the rows of their managers; how many managers that were."""
    found = changed(steps)
    managers = sorted(found, key=lambda manager: (min(found[manager]), manager))
    for at in range(0, len(managers), MANAGERS_AT_ONCE):
        _renew(tx, {manager: found[manager] for manager in managers[at : at + MANAGERS_AT_ONCE]})
    return len(managers)


def _renew(tx: Transaction, found: Mapping[str, Mapping[int, Figures]]) -> None:
    """Rewrite some managers' rows from the first changed day of any of them on."""
    first = min(min(days) for days in found.values())
    before = day_rows(tx, found, first - 1)
    later: defaultdict[str, list[DayRow]] = defaultdict(list)
    columns = (ManagerDay.manager_id, ManagerDay.day, ManagerDay.levels, ManagerDay.totals)
    mine = (ManagerDay.manager_id.in_(found), ManagerDay.day >= first)
    for manager, day, levels, totals in tx.execute(
        select(*columns).where(*mine).order_by(ManagerDay.day)
    ):
        later[manager].append(DayRow(day, levels, totals))
    rows: list[Values] = []
    for manager, steps in found.items():
        kept = {row.day: row for row in later[manager]}
        renewed = list(_renewed(before.get(manager, NOTHING), later[manager], steps))
        gone = kept.keys() - {row.day for row in renewed}
        if gone:
            theirs = ManagerDay.manager_id == manager
            tx.execute(delete(ManagerDay).where(theirs, ManagerDay.day.in_(sorted(gone))))
        rows += [_values(manager, row) for row in renewed if kept.get(row.day) != row]
    _write(tx, rows)


def _renewed(
    before: DayRow, later: Sequence[DayRow], steps: Mapping[int, Figures]
) -> Iterator[DayRow]:
    """The rows after `before` with more steps than those that made them."""
    merged = no_steps()[""]
    for row, following in zip([before, *later], later, strict=False):
        for name in {*row.levels, *following.levels}:
            merged[following.day][name] = following.levels.get(name, 0) - row.levels.get(name, 0)
    for day, sums in steps.items():
        for name, amount in sums.items():
            merged[day][name] += amount
    return accumulate(before, {day: sums for day, sums in merged.items() if any(sums.values())})


def follow(tx: Transaction, batch_id: int) -> None:
    """Say that the rollup holds a drop, and all before it."""
    upsert(tx, RollupHead, [{"id": 1, "batch_id": batch_id}], ["id"])


def catch_up(database: Database) -> None:
    """Build the rollup where the bank's drops are not all in it: after the first load, say."""
    with database.read() as tx:
        held, newest = _held_and_newest(tx)
    if newest is not None and held != newest:
        build(database)


def build(database: Database) -> int:
    """Build the whole rollup from the intervals; how many managers have rows in it.

    Nobody waits for long: some managers are written at a time, and meanwhile it is not used. A
    drop that comes in between is noticed, and it is built again.
    """
    while True:
        with database.write() as tx:
            _, newest = _held_and_newest(tx)
            tx.execute(delete(RollupHead))
        built = _build(database)
        with database.write() as tx:
            if _held_and_newest(tx)[1] == newest:
                if newest is not None:
                    follow(tx, newest)
                return built


def _build(database: Database) -> int:
    with database.bulk() as bulk:
        with bulk.prepare() as tx:
            held = select(Assignment.manager_id).distinct().order_by(Assignment.manager_id)
            managers = tx.scalars(held).all()
        built = 0
        for at in range(0, len(managers), MANAGERS_AT_ONCE):
            some = managers[at : at + MANAGERS_AT_ONCE]
            with bulk.prepare() as tx:
                rows = _built(tx, some)
            with bulk.commit() as tx:
                tx.execute(delete(ManagerDay).where(ManagerDay.manager_id.in_(some)))
                _write(tx, rows)
            built += len({row["manager_id"] for row in rows})
    return built


def _built(tx: Transaction, managers: Sequence[str]) -> list[Values]:
    steps = no_steps()
    add_held(tx, steps, managers)
    return [
        _values(manager, row)
        for manager, days in changed(steps).items()
        for row in accumulate(NOTHING, days)
    ]


def _values(manager: str, row: DayRow) -> Values:
    return {
        "manager_id": manager,
        "day": row.day,
        "levels": dict(row.levels),
        "totals": dict(row.totals),
    }


def _write(tx: Transaction, rows: Sequence[Values]) -> None:
    for at in range(0, len(rows), ROWS_AT_ONCE):
        upsert(tx, ManagerDay, rows[at : at + ROWS_AT_ONCE], ["manager_id", "day"])


def _held_and_newest(tx: Transaction) -> tuple[int | None, int | None]:
    return tx.scalar(select(RollupHead.batch_id)), tx.scalar(select(func.max(ImportBatch.id)))
