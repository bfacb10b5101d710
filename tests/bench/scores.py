"""One step of the scoring benchmark, in a process of its own; prints what it took as JSON.

`python -m tests.bench.scores URL STEP [ARGUMENT]`
"""

import itertools
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import quantiles

from sqlalchemy import select

from bank.actions import look_ahead
from bank.balances import last_business_day
from bank.database import Database
from bank.days import number
from bank.importing import import_drop
from bank.models import Account, Assignment, BalanceInterval, Client, Staff
from bank.performance import latest_scorecard, score_period, sums
from bank.performance.measuring import load_frame
from bank.performance.rollup import build
from scoring.periods import Period
from scoring.scheme import default_scheme

READS, ONES = 400, 20
ROWS_AT_ONCE = 200_000
TABLES = (
    (BalanceInterval, ("account_id", "from_day", "to_day", "amount")),
    (Account, ("id", "client_id", "kind", "closed_day", "excluded")),
    (Client, ("id", "customer_class")),
    (Assignment, ("client_id", "manager_id", "from_day", "to_day", "share_pct")),
)
SAME_IN_DUCKDB = """
    SELECT a.manager_id, a.share_pct, c.customer_class,
        CASE WHEN o.excluded <> '' THEN 'excluded' ELSE o.kind END AS what,
        sum(b.amount::HUGEINT * (least({end}, b.to_day, a.to_day, o.closed_day)
            - greatest({first}, b.from_day, a.from_day)))
    FROM assignment a
    JOIN client c ON c.id = a.client_id
    JOIN account o ON o.client_id = a.client_id
    JOIN balance_interval b ON b.account_id = o.id
    WHERE greatest({first}, b.from_day, a.from_day)
        < least({end}, b.to_day, a.to_day, o.closed_day)
    GROUP BY ALL
"""


def main(url: str, step: str, *arguments: str) -> None:
    database = Database(url)
    print(json.dumps(STEPS[step](database, *arguments)))


def _build(database: Database) -> dict:
    seconds, managers = _timed(lambda: build(database))
    return {"seconds": seconds, "managers": managers}


def _night(database: Database, folder: str) -> dict:
    """One night's import, and the part of it that keeps the rollup: told by its own report."""
    told: list[tuple[str, float]] = []

    def report(name: str, *_: int) -> None:
        told.append((name, time.perf_counter()))

    seconds, done = _timed(
        lambda: import_drop(database, Path(folder), now=datetime.now(UTC), report=report)
    )
    if not done.committed or done.repeated:
        raise RuntimeError(f"{folder} was not taken in: {done.problems[:3]}")
    told.append(("done", time.perf_counter()))
    steps = itertools.pairwise(told)
    rolled = [then - now for (name, now), (_, then) in steps if name == "adding up"]
    return {"seconds": seconds, "rollup": sum(rolled), "rollup_locked": rolled[-1]}


def _score(database: Database, how: str) -> dict:
    period, on = _year(database)
    seconds, run = _timed(
        lambda: score_period(
            database, period, on, datetime.now(UTC), from_intervals=how == "intervals"
        )
    )
    return {"seconds": seconds, "managers": run.managers, "run": run.run_id}


def _deposits(database: Database) -> dict:
    """The deposit averages of the year by manager and kind: ours, and the same by DuckDB."""
    period, on = _year(database)
    with database.bulk() as bulk, bulk.prepare() as tx:
        frame = load_frame(tx, default_scheme(), period, on)
        managers = _managers(database)
        runs = [_timed(lambda: _by_kind(sums.deposit_sums(tx, frame, managers))) for _ in range(3)]
        looked_up = _timed(lambda: sums.day_sums(tx, frame, managers))[0]
    seconds, ours = min(runs, key=lambda run: run[0])
    first, end = frame.window.first, frame.window.end
    theirs, same = _in_duckdb(database, first, end, set(managers))
    if same != ours:
        raise RuntimeError("DuckDB adds up otherwise")
    return {"seconds": seconds, "duckdb": theirs, "looked_up": looked_up, "groups": len(ours)}


def _by_kind(found) -> dict[tuple, int]:
    added = {(who, share, kind, what): total for who, share, kind, what, total, _ in found}
    return {key: total for key, total in added.items() if total}


def _in_duckdb(database: Database, first: int, end: int, managers: set[str]) -> tuple[float, dict]:
    import duckdb  # noqa: PLC0415 - of this benchmark alone
    import pyarrow as pa  # noqa: PLC0415

    beside = duckdb.connect(config={"threads": 2})
    with database.read() as tx:
        for model, names in TABLES:
            rows = tx.execution_options(yield_per=ROWS_AT_ONCE).execute(
                select(*(getattr(model, name) for name in names))
            )
            for at, some in enumerate(rows.partitions()):
                columns = zip(*some, strict=True)
                chunk = pa.table(dict(zip(names, map(list, columns), strict=True)))
                beside.register("chunk", chunk)
                how = "INSERT INTO {0}" if at else "CREATE TABLE {0} AS"
                beside.execute(f"{how.format(model.__tablename__)} SELECT * FROM chunk")
    query = SAME_IN_DUCKDB.format(first=first, end=end)
    runs = [_timed(lambda: beside.execute(query).fetchall()) for _ in range(3)]
    seconds, rows = min(runs, key=lambda run: run[0])
    return seconds, {tuple(row[:4]): int(row[4]) for row in rows if row[4] and row[0] in managers}


def _read(database: Database) -> dict:
    """Stored scorecards, one manager's after another's."""
    period, on = _year(database)
    managers = _managers(database)
    taken = []
    for at in range(READS):
        seconds, found = _timed(lambda at=at: _stored(database, managers, at, period, on))
        if found is None:
            raise RuntimeError(f"{managers[at % len(managers)]} has no score")
        taken.append(seconds * 1000)
    return {"p50_ms": quantiles(taken, n=100)[49], "p95_ms": quantiles(taken, n=100)[94]}


def _stored(database: Database, managers: list[str], at: int, period: Period, on: date):
    with database.read() as tx:
        return latest_scorecard(tx, managers[at % len(managers)], period, on)


def _outlook(database: Database) -> dict:
    """The levers and the forecast of one manager, as they are asked for."""
    period, on = _year(database)
    managers, taken = _managers(database), []
    for at in range(ONES):
        with database.read() as tx:
            latest = latest_scorecard(tx, managers[at % len(managers)], period, on)
            seconds, _ = _timed(lambda tx=tx, it=latest: look_ahead(tx, it, default_scheme()))
        taken.append(seconds * 1000)
    return {"p50_ms": quantiles(taken, n=100)[49], "p95_ms": quantiles(taken, n=100)[94]}


def _managers(database: Database) -> list[str]:
    """Those employed on the last business day."""
    _, on = _year(database)
    with database.read() as tx:
        employed = (Staff.role == "manager", Staff.hired_day <= number(on))
        return list(tx.scalars(select(Staff.id).where(*employed, Staff.left_day > number(on))))


def _year(database: Database) -> tuple[Period, date]:
    with database.read() as tx:
        on = last_business_day(tx)
    return Period.of_year(on.year), on


def _timed(run: Callable):
    began = time.perf_counter()
    answer = run()
    return time.perf_counter() - began, answer


STEPS = {
    "build": _build,
    "night": _night,
    "score": _score,
    "deposits": _deposits,
    "read": _read,
    "outlook": _outlook,
}


if __name__ == "__main__":
    main(*sys.argv[1:])
