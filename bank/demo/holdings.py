"""What the demo clients hold beside deposits: funds, wealth products, insurance, gold, bonds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bank.demo.clients import DemoClient
from bank.demo.market import PRODUCTS, Market, Product, matures
from bank.demo.rows import Row, row_type, until
from bank.demo.scene import DAY, Dice, Scene
from scoring.loans import months_before

_HOLDINGS, _UNITS, _BASES = map(row_type, ("holdings", "holding_units", "asset_bases"))
HOLDS = {"private": 0.95, "premium": 0.6, "standard": 0.2}
"""The part of the people of a tier that hold products."""
COMPANY_HOLDS = 0.08
COMPANY_RISK = 2
"""Companies keep to products of this risk level and lower."""
MOST = {"private": 5, "premium": 3, "standard": 2}
PARTS = (0.05, 0.5)
"""What is bought of a product at a time, of the client's usual deposits."""
PLAN, REDEEMED, PARTLY, BEFORE = 0.12, 0.15, 0.2, 0.5
"""Positions saved into every month, given up, sold in part, and older than the months shown."""
PLAN_FROM = timedelta(days=360)


@dataclass(frozen=True, slots=True)
class Position:
    """A client's position in a product; units are in hundredths, purchases in fen."""

    id: str
    client_id: str
    product: Product
    opened: date
    closed: date
    units: tuple[tuple[date, int], ...]
    purchases: tuple[tuple[date, int], ...]


def positions(
    client: DemoClient, market: Market, scene: Scene, chance: Dice
) -> tuple[Position, ...]:
    """The client's positions, each in another product."""
    company = bool(client.size)
    if chance.random() >= (COMPANY_HOLDS if company else HOLDS[client.tier]):
        return ()
    offered = [one for one in PRODUCTS if not company or one.risk <= COMPANY_RISK]
    count = chance.between(1, MOST[client.tier])
    start = chance.below(len(offered))
    chosen = (offered[(start + 5 * at) % len(offered)] for at in range(count))
    made = (_position(client, product, market, scene, chance) for product in dict.fromkeys(chosen))
    return tuple(position for position in made if position)


def rows(found: Position, scene: Scene) -> Iterator[Row]:
    """The position and how many units it had when."""
    yield _HOLDINGS(
        id=found.id,
        client_id=found.client_id,
        product_id=found.product.id,
        opened_date=found.opened,
        closed_date=until(found.closed),
        matures_date=matures(found.product, scene),
    )
    for day, units in found.units:
        yield _UNITS(holding_id=found.id, date=day, units=units)


def base(
    client: DemoClient, deposits: int, found: Iterable[Position], scene: Scene
) -> Iterator[Row]:
    """The day-average of all the client had: its `deposits`, in fen, and what holdings cost."""
    first, after = date(scene.base_year, 1, 1), date(scene.base_year + 1, 1, 1)
    weighted = sum(
        amount
        * max(0, (min(after, position.closed) - max(first, day)).days)
        * position.product.coefficient
        for position in found
        for day, amount in position.purchases
    )
    average = deposits + weighted // (100 * (after - first).days)
    if average:
        yield _BASES(client_id=client.id, year=scene.base_year, day_average_fen=average)


def _position(
    client: DemoClient, product: Product, market: Market, scene: Scene, chance: Dice
) -> Position | None:
    """A position with what was bought and sold; None where there was no day to buy."""
    last = min(scene.on, client.closed - DAY)
    opened = max(_opened(scene, chance), client.opened + timedelta(days=10))
    if opened > scene.first:
        opened = scene.business_day(opened)
    closed = client.closed
    if chance.random() < REDEEMED:
        sold = scene.business_day(scene.on - timedelta(days=chance.between(5, 120)))
        closed = min(closed, sold) if sold > opened else closed
    if opened > last or opened >= closed:
        return None
    amount = int(client.level * chance.uniform(*PARTS) / 10_000) * 10_000 + 100_000
    purchases = [(opened, amount)]
    if product.kind == "fund" and chance.random() < PLAN:
        purchases += _plan(opened, amount // 10, min(last, closed - DAY), scene)
    units = _units(product, purchases, market)
    if chance.random() < PARTLY:
        day = max(opened, scene.first) + timedelta(days=chance.between(20, 200))
        day = scene.business_day(min(day, scene.on))
        if max(units) < day < min(closed, last):
            units[day] = units[max(units)] * chance.between(3, 8) // 10
    shown = _since(units, scene)
    return Position(
        f"{client.id}-{product.id}",
        client.id,
        product,
        opened,
        closed,
        tuple(shown.items()),
        tuple(purchases),
    )


def _opened(scene: Scene, chance: Dice) -> date:
    if chance.random() < BEFORE:
        return scene.on - timedelta(days=chance.between(396, 900))
    return scene.on - timedelta(days=chance.between(15, 380))


def _plan(opened: date, amount: int, last: date, scene: Scene) -> Iterator[tuple[date, int]]:
    """The same amount every month from the purchase on, or for the last year of it."""
    first = opened
    while first < scene.on - PLAN_FROM:
        first = months_before(first, -1)
    number = 1
    while (day := scene.business_day(months_before(first, -number))) <= last:
        yield day, amount
        number += 1


def _units(product: Product, purchases: list[tuple[date, int]], market: Market) -> dict[date, int]:
    """What the purchases add up to: fen × 10,000 ÷ nav is in hundredths of a unit."""
    total, units = 0, {}
    for day, amount in purchases:
        total += amount * 10_000 // market.nav(product.id, day)
        units[day] = total
    return units


def _since(units: dict[date, int], scene: Scene) -> dict[date, int]:
    """The changes of the months shown, from what was held at their start."""
    start = scene.business_day(scene.first)
    before = [count for day, count in units.items() if day <= start]
    shown = {start: before[-1]} if before else {}
    return shown | {day: count for day, count in units.items() if day > start}
