"""The set-based queries over a whole bank, timed one after the other.

`python -m tests.bench.queries URL` prints, as JSON, each query's seconds, the rows it gave, and a
fingerprint of its answer, which must be the same on both engines.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from bank import figures
from bank.arrears import arrears
from bank.balances import balance_falls, last_business_day
from bank.briefs import brief
from bank.clients import contacts
from bank.database import Database
from bank.models import Client, Staff
from bank.performance import score_period
from scoring.periods import Period
from scoring.scheme import default_scheme

BRIEFS = 200
Query = Callable[[], object]


def main(url: str) -> None:
    database = Database(url)
    with database.read() as tx:
        on = last_business_day(tx)
    found = {name: _time(query) for name, query in _queries(database, on)}
    print(json.dumps(found))


def _queries(database: Database, on: date) -> Iterator[tuple[str, Query]]:
    with database.read() as tx:
        managers = list(tx.scalars(select(Staff.id).where(Staff.role == "manager")))
        some = tx.scalars(select(Client.id).order_by(Client.id)).all()
    some = some[:: max(len(some) // BRIEFS, 1)][:BRIEFS]
    period = Period.containing(on)
    year = (date(on.year, 1, 1), on + timedelta(days=1))

    def ask(query: Callable) -> Query:
        def run() -> object:
            with database.read() as tx:
                return query(tx)

        return run

    yield (
        f"every manager's score of {period.id} (score_period)",
        lambda: score_period(database, period, on, datetime.now(UTC)),
    )
    visits = default_scheme().visits
    yield (
        "the clients of every manager (contacts)",
        ask(lambda tx: contacts(tx, managers, on, visits)),
    )
    yield "every client in arrears (arrears)", ask(lambda tx: arrears(tx, on))
    yield "every client whose deposits fell (balance_falls)", ask(lambda tx: balance_falls(tx, on))
    yield (
        f"the briefs of {len(some)} clients, one after another (brief)",
        ask(lambda tx: [brief(tx, client, on) for client in some]),
    )
    for name, figure in figures.FIGURES.items():
        yield (
            f"{name}, by manager, of the year so far",
            ask(lambda tx, figure=figure: figure(tx, *year)),
        )


def _time(query: Query) -> dict[str, object]:
    began = time.perf_counter()
    answer = query()
    seconds = time.perf_counter() - began
    rows = len(answer) if hasattr(answer, "__len__") else getattr(answer, "managers", 1)
    text = repr(sorted(answer.items()) if isinstance(answer, dict) else answer)
    return {
        "seconds": seconds,
        "rows": rows,
        "answer": hashlib.sha256(text.encode()).hexdigest()[:16],
    }


if __name__ == "__main__":
    main(sys.argv[1])
