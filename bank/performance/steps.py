"""Steps: on which days what managers' clients have changes, and by how much.

A span that a manager's share of a client overlaps is a step up where the overlap begins and one
down where it ends. Steps add up whatever the order, so what a drop changes is the steps of the
things it touches as they are now less as they were.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from bank.database import Transaction
from bank.days import OPEN
from bank.models import Assignment, Client, Price, Product
from bank.performance.spans import SOURCES
from bank.performance.window import greatest, least

ASSETS = "assets"
"""What other assets are kept under, at their price and coefficient."""
Steps = defaultdict[str, defaultdict[int, defaultdict[str, int]]]
"""By manager, day and column: the change in the column's unit."""


class Overlap(NamedTuple):
    """What a manager holds over [start, stop) with one share: its kind, and the amount."""

    manager: str
    share: int
    customer_class: str
    what: str
    start: int
    stop: int
    amount: int


class Worth(NamedTuple):
    """A product's coefficient in percent, and its price from each day on, ascending."""

    coefficient: int
    prices: tuple[tuple[int, int], ...]


def no_steps() -> Steps:
    """Steps to add to."""
    return defaultdict(lambda: defaultdict(lambda: defaultdict(int)))


def column(what: str, customer_class: str) -> str:
    """The name a figure is kept under: "demand/corporate"."""
    return f"{what}/{customer_class}"


def add_held(tx: Transaction, steps: Steps, managers: Collection[str]) -> None:
    """Add all the steps of some managers."""
    mine = Assignment.manager_id.in_(managers)
    for source in SOURCES:
        _add(tx, steps, source, _overlaps(tx, source, None, mine), 1)


def add_touched(tx: Transaction, steps: Steps, source: str, touched: Table, sign: int) -> None:
    """Add or take off the steps of a source's touched things (thing, day) from their day on."""
    _add(tx, steps, source, _overlaps(tx, source, touched, true()), sign)


def changed(steps: Steps) -> Mapping[str, Mapping[int, Mapping[str, int]]]:
    """The managers, days and columns whose steps do not cancel out."""
    found: dict[str, dict[int, dict[str, int]]] = {}
    for manager, days in steps.items():
        for day, sums in days.items():
            left = {name: amount for name, amount in sums.items() if amount}
            if left:
                found.setdefault(manager, {})[day] = left
    return found


def _overlaps(
    tx: Transaction, source: str, touched: Table | None, mine: ColumnElement[bool]
) -> Iterator[Overlap]:
    """The overlaps of spans and shares; equal ones are told together."""
    spans = SOURCES[source](touched).subquery("span")
    start = greatest(spans.c.from_day, Assignment.from_day)
    stop = least(spans.c.to_day, Assignment.to_day)
    keys: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = (
        Assignment.manager_id,
        Assignment.share_pct,
        Client.customer_class,
        spans.c.what,
        start.label("start"),
        stop.label("stop"),
    )
    each = (
        select(*keys, spans.c.amount)
        .join(Client, Client.id == Assignment.client_id)
        .join(spans, spans.c.client_id == Assignment.client_id)
        .where(mine, start < stop, spans.c.amount != 0)
        .subquery("overlap")
    )
    every = [each.c[key.name] for key in keys]
    for row in tx.execute(select(*every, func.sum(each.c.amount)).group_by(*every)):
        yield Overlap(*row[:6], int(row[6]))


def _add(
    tx: Transaction, steps: Steps, source: str, overlaps: Iterable[Overlap], sign: int
) -> None:
    if source == "units":
        _add_assets(tx, steps, overlaps, sign)
        return
    for manager, share, customer_class, what, start, stop, amount in overlaps:
        name, days = column(what, customer_class), steps[manager]
        days[start][name] += sign * share * amount
        if stop < OPEN:
            days[stop][name] -= sign * share * amount


def _add_assets(tx: Transaction, steps: Steps, overlaps: Iterable[Overlap], sign: int) -> None:
    """Units × price: the managers' units of a product are added up before they are priced."""
    held: defaultdict[tuple[str, str, str], defaultdict[int, int]]
    held = defaultdict(lambda: defaultdict(int))
    for manager, share, customer_class, product, start, stop, units in overlaps:
        days = held[manager, customer_class, product]
        days[start] += sign * share * units
        days[stop] -= sign * share * units
    worth = _worth(tx) if held else {}
    for (manager, customer_class, product), days in held.items():
        name, found = column(ASSETS, customer_class), steps[manager]
        for day, amount in _valued(days, worth[product]):
            found[day][name] += amount


def _valued(units: Mapping[int, int], worth: Worth) -> Iterator[tuple[int, int]]:
    """The days on which the value of some units changes, and by how much."""
    prices = dict(worth.prices)
    first, last = min(units), max(units)
    held = value = price = 0
    for day in sorted({*units, *prices}):
        price = prices.get(day, price)
        if day < first:
            continue
        held += units.get(day, 0)
        now = worth.coefficient * held * price
        if now != value and day < OPEN:
            yield day, now - value
        value = now
        if day >= last:
            return


def _worth(tx: Transaction) -> Mapping[str, Worth]:
    """Every product's coefficient and prices."""
    prices: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    statement = select(Price.product_id, Price.from_day, Price.to_day, Price.nav)
    for product, start, stop, nav in tx.execute(statement.order_by(*statement.selected_columns)):
        known: Any = prices[product]
        if known and known[-1][0] == start:
            known.pop()
        known += [(start, nav), (stop, 0)]
    coefficients = tx.execute(select(Product.id, Product.coefficient_pct))
    return {
        product: Worth(coefficient, tuple(prices[product])) for product, coefficient in coefficients
    }
