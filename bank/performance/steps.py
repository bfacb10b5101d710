"""Steps: on which days what managers' clients have changes, and by how much.

A span that a manager's share of a client overlaps is a step up where the overlap begins and one
down where it ends. Steps add up whatever the order, so what a drop changes is the steps of the
things it touches as they are now less as they were.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, Subquery, Table, func, select

from bank.database import Transaction
from bank.days import OPEN
from bank.models import Assignment, Client
from bank.performance.spans import PER_FEN
from bank.performance.window import greatest, least

Day = SQLColumnExpression[int]
Steps = defaultdict[str, defaultdict[int, defaultdict[str, int]]]
"""By manager, day and column: the change in the column's unit."""


def no_steps() -> Steps:
    """Steps to add to."""
    return defaultdict(lambda: defaultdict(lambda: defaultdict(int)))


def column(what: str, customer_class: str) -> str:
    """The name a figure is kept under: "demand/corporate"."""
    return f"{what}/{customer_class}"


def steps_of_managers(tx: Transaction, spans: Subquery, managers: Collection[str]) -> Iterator[Any]:
    """All the steps of some managers from a source, as `add_steps` takes them."""
    held = Assignment.manager_id.in_(managers)
    start, stop = _overlap(spans, Assignment.from_day, spans.c.from_day)
    return _steps(tx, _joined(spans, start, stop).where(held))


def steps_of_things(tx: Transaction, spans: Subquery, touched: Table) -> Iterator[Any]:
    """The steps of touched things (thing, day) of a source, each as from its day."""
    start, stop = _overlap(spans, Assignment.from_day, spans.c.from_day, touched.c.day)
    joined = _joined(spans, start, stop).join(touched, touched.c.thing == spans.c.thing)
    reached = (spans.c.to_day > touched.c.day, Assignment.to_day > touched.c.day)
    return _steps(tx, joined.where(*reached))


def add_steps(steps: Steps, found: Iterator[Any], sign: int = 1) -> None:
    """Add rows of (manager, share, class, what, day, amount, rest)."""
    for manager, share, customer_class, what, day, amount, rest in found:
        fine = int(amount) * PER_FEN + int(rest) if what == "assets" else int(amount)
        steps[manager][day][column(what, customer_class)] += sign * share * fine


def changed(steps: Steps) -> Mapping[str, Mapping[int, Mapping[str, int]]]:
    """The managers, days and columns whose steps do not cancel out."""
    found: dict[str, dict[int, dict[str, int]]] = {}
    for manager, days in steps.items():
        for day, sums in days.items():
            left = {name: amount for name, amount in sums.items() if amount}
            if left:
                found.setdefault(manager, {})[day] = left
    return found


def _joined(spans: Subquery, start: Day, stop: Day) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Assignment.manager_id,
            Assignment.share_pct,
            Client.customer_class,
            spans.c.what,
            start.label("start"),
            stop.label("stop"),
            spans.c.amount,
            spans.c.rest,
        )
        .join(Client, Client.id == Assignment.client_id)
        .join(spans, spans.c.client_id == Assignment.client_id)
        .where(start < stop, spans.c.amount + spans.c.rest != 0)
    )


def _overlap(spans: Subquery, *starts: Day) -> tuple[Day, Day]:
    return greatest(*starts), least(spans.c.to_day, Assignment.to_day)


def _steps(tx: Transaction, overlaps: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    each = overlaps.subquery("overlap")
    for day, sign in ((each.c.start, 1), (each.c.stop, -1)):
        keys = (each.c.manager_id, each.c.share_pct, each.c.customer_class, each.c.what, day)
        statement = select(*keys, sign * func.sum(each.c.amount), sign * func.sum(each.c.rest))
        yield from tx.execute(statement.where(day < OPEN).group_by(*keys))
