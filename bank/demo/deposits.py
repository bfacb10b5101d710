"""The demo clients' deposits: payroll, quarter-ends, growth, accounts that open and close.

Growth starts with the year: last year's day-average is a client's usual level, and what lies above
it now is the manager's increment. A client's level is parted among its accounts; money that counts
for no manager lies beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bank.demo.clients import DemoClient
from bank.demo.market import TERM_DEPOSITS, TermDeposit
from bank.demo.rows import Row, row_type, until
from bank.demo.scene import DAY, Dice, Scene
from scoring.loans import months_before

_ACCOUNTS, _BALANCES, _BASES = (
    row_type("accounts"),
    row_type("balances"),
    row_type("client_bases"),
)
AccountKind = Literal["demand", "time", "savings", "margin"]
Excluded = Literal["", "interbank", "pledged", "high_cost", "abnormal"]
Change = tuple[date, int]
"""From the end of a day on, so many fen."""
# What remains of a story's deposits, from how many days ago.
REMAINS: dict[str, tuple[int, float]] = {"run_down": (45, 0.22), "emptied": (20, 0.02)}
BROUGHT = 0.4
"""What a client of this year has moved here so far, of its usual level."""
PAYDAYS = (8, 10, 15, 20)
TERM_LIKELY = {"private": 0.8, "premium": 0.6, "standard": 0.42}
SECOND_TERM = 0.3
"""Of the clients with a time deposit, the part that has another."""
TURNED = 0.2
"""Of the time deposits, the part opened within the months shown, and that paid out in them."""
SIDE_LIKELY, SIDE_PART = 0.34, (0.03, 0.12)
"""Clients with a second everyday account, and what lies on it of their deposits."""
FOREIGN = 0.08
"""Of the companies' second accounts, the part that is held in dollars."""
EXCLUDED_LIKELY = 0.015
EXCLUDED_COMPANY: tuple[Excluded, ...] = ("pledged", "high_cost", "abnormal", "interbank")
EXCLUDED_PERSON: tuple[Excluded, ...] = ("pledged", "high_cost")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account with its balance changes, oldest first. `matures` is a time deposit's day."""

    id: str
    client_id: str
    kind: AccountKind
    opened: date
    closed: date
    changes: tuple[Change, ...]
    product: str | None = None
    matures: date | None = None
    currency: str = "CNY"
    excluded: Excluded = ""

    def day_sum(self, start: date, end: date) -> int:
        """The sum of end-of-day balances over the half-open days [start, end), in fen."""
        total, until_day = 0, min(end, self.closed)
        for day, amount in reversed(self.changes):
            since = max(day, start)
            if since < until_day:
                total += amount * (until_day - since).days
                until_day = day
            if day <= start:
                break
        return total


@dataclass(frozen=True, slots=True)
class Deposits:
    """What a client holds, and its day-average of the base year in fen."""

    accounts: tuple[DemoAccount, ...]
    base: int

    def average(self, last: date, days: int) -> int:
        """The day-average over some days up to and including the last, in fen."""
        end = last + DAY
        start = end - timedelta(days=days)
        return sum(account.day_sum(start, end) for account in self.accounts) // days


@dataclass(frozen=True, slots=True)
class _Level:
    """The client's deposits as a whole: where they stand on a day."""

    usual: int
    growth: float
    drop: date
    remains: float
    grown: Mapping[date, float]
    """The part of the year that growth had by each day shown."""

    def on(self, day: date) -> float:
        level = self.usual * (1 + self.growth * self.grown[day])
        return level * self.remains if day >= self.drop else level


@dataclass(frozen=True, slots=True)
class _Side:
    """An account beside the main one, over [opened, closed), with its part of the deposits."""

    kind: AccountKind
    opened: date
    closed: date
    part: float
    term: TermDeposit | None = None
    currency: str = "CNY"


def deposits(client: DemoClient, scene: Scene, chance: Dice) -> Deposits:
    """The client's accounts over the thirteen months, and its base."""
    level = _level(client, scene, chance)
    sides = [*_terms(client, scene, chance), *_second(client, chance)]
    pledges = client.borrows and client.size in ("small", "medium", "large")
    margin_part = chance.pick((0.0, chance.uniform(0.03, 0.08))) if pledges else 0.0
    if margin_part:
        sides.append(_Side("margin", client.opened, client.closed, margin_part))
    accounts = [
        _main(client, level, sides, scene, chance),
        *(_side(client, at, level, side, scene) for at, side in enumerate(sides, start=2)),
    ]
    if chance.random() < EXCLUDED_LIKELY:
        accounts.append(_uncounted(client, len(accounts) + 1, scene, chance))
    counted = 1 - margin_part * (100 - scene.scheme.coefficients["margin"]) / 100
    part = _base_part(client, scene) * counted
    base = round(client.level * chance.uniform(0.97, 1.01) * part)
    return Deposits(tuple(accounts), base)


def rows(found: Deposits, scene: Scene) -> Iterator[Row]:
    """The accounts, their balances and the client's base."""
    for account in found.accounts:
        yield _ACCOUNTS(
            id=account.id,
            client_id=account.client_id,
            kind=account.kind,
            opened_date=account.opened,
            closed_date=until(account.closed),
            currency=account.currency,
            product_id=account.product,
            matures_date=account.matures,
            excluded=account.excluded,
        )
        for day, amount in account.changes:
            yield _BALANCES(account.id, day, amount)
    if found.base:
        yield _BASES(
            client_id=found.accounts[0].client_id,
            year=scene.base_year,
            day_average_fen=found.base,
        )


def _level(client: DemoClient, scene: Scene, chance: Dice) -> _Level:
    growth = client.manager_on(scene.on).ways.growth
    drop, remains = date.max, 1.0
    if client.story in REMAINS:
        days, remains = REMAINS[client.story]
        drop = scene.business_day(scene.on - timedelta(days=days))
    return _Level(
        usual=round(client.level * (BROUGHT if client.opened.year == scene.on.year else 1)),
        growth=growth * chance.gauss(1, 0.4),
        drop=drop,
        remains=remains,
        grown=scene.grown,
    )


def _base_part(client: DemoClient, scene: Scene) -> float:
    """The part of the base year's days on which the client was one."""
    first, after = date(scene.base_year, 1, 1), date(scene.base_year + 1, 1, 1)
    days = (min(after, client.closed) - max(client.opened, first)).days
    return max(0, days) / (after - first).days


def _terms(client: DemoClient, scene: Scene, chance: Dice) -> Iterator[_Side]:
    """Time deposits: most old and renewed, some opened or paid out within the months shown."""
    if chance.random() > TERM_LIKELY[client.tier]:
        return
    for _ in range(2 if chance.random() < SECOND_TERM else 1):
        part, term = chance.uniform(0.12, 0.3), chance.pick(TERM_DEPOSITS)
        turn = scene.business_day(scene.on - timedelta(days=chance.between(60, 330)))
        kind = chance.random()
        opened, closed = client.opened, client.closed
        if kind < TURNED and client.opened < turn:
            opened = turn
        elif kind < 2 * TURNED and client.opened < scene.first:
            closed = min(turn, client.closed)
        if opened < closed:
            yield _Side("time", opened, closed, part, term)


def _second(client: DemoClient, chance: Dice) -> Iterator[_Side]:
    """A second everyday account: another card, a special account, a little foreign money."""
    if chance.random() < SIDE_LIKELY:
        part = chance.uniform(*SIDE_PART)
        foreign = bool(client.size) and chance.random() < FOREIGN
        kind: AccountKind = "demand" if client.size else "savings"
        currency = "USD" if foreign else "CNY"
        yield _Side(kind, client.opened, client.closed, part, currency=currency)


def _main(
    client: DemoClient, level: _Level, sides: list[_Side], scene: Scene, chance: Dice
) -> DemoAccount:
    company = client.customer_class == "corporate"
    rhythm = _company_rhythm(scene, chance) if company else _person_rhythm(scene, chance)
    start = scene.business_day(max(scene.first, client.opened))
    last = min(scene.on, client.closed - DAY)
    steady, turning = 1.0, []
    for side in sides:
        if side.opened <= start and side.closed > last:
            steady -= side.part
        else:
            turning.append(side)
            rhythm.setdefault(side.opened, 1.0)
            rhythm.setdefault(side.closed, 1.0)
    rhythm.setdefault(start, 1.0)
    rhythm.setdefault(level.drop, 1.0)
    random, level_on = chance.random, level.on
    changes, before = [], -1
    for day in sorted(rhythm):
        if start <= day <= last:
            part = steady
            for side in turning:
                if side.opened <= day < side.closed:
                    part -= side.part
            amount = int(level_on(day) * part * rhythm[day] * (0.97 + 0.06 * random()))
            if amount != before:
                changes.append((day, amount))
                before = amount
    kind: AccountKind = "demand" if company else "savings"
    return DemoAccount(
        f"{client.id}-1", client.id, kind, client.opened, client.closed, tuple(changes)
    )


def _side(client: DemoClient, at: int, level: _Level, side: _Side, scene: Scene) -> DemoAccount:
    """An account that only moves when it is renewed, now and then, or drained."""
    start = max(scene.first, side.opened)
    turns = {start, level.drop}
    turns.update(start + timedelta(days=days) for days in (75, 150, 225, 300, 375))
    matures = None
    if side.term:
        matures = _matures(side, side.term, scene.on)
        turns = {start, level.drop, *_renewals(matures, side.term, start)}
    last = min(side.closed - DAY, scene.on)
    changes: dict[date, int] = {}
    for turn in sorted(turns):
        day = turn if turn == date.max else scene.business_day(turn)
        if start <= day <= last:
            amount = int(level.on(day) * side.part)
            if amount not in tuple(changes.values())[-1:]:
                changes[day] = amount
    return DemoAccount(
        f"{client.id}-{at}",
        client.id,
        side.kind,
        side.opened,
        side.closed,
        tuple(changes.items()),
        product=side.term.id if side.term else None,
        matures=matures,
        currency=side.currency,
    )


def _renewals(matures: date, term: TermDeposit, start: date) -> Iterator[date]:
    """The days after `start` on which a time deposit was renewed."""
    number = 1
    while (day := months_before(matures, number * term.months)) > start:
        yield day
        number += 1


def _matures(side: _Side, term: TermDeposit, on: date) -> date:
    """The day a time deposit next falls due; one that was paid out fell due on that day."""
    if side.closed <= on:
        return side.closed
    months = (on.year - side.opened.year) * 12 + on.month - side.opened.month
    terms = max(1, months // term.months)
    while (due := months_before(side.opened, -terms * term.months)) <= on:
        terms += 1
    return due


def _uncounted(client: DemoClient, at: int, scene: Scene, chance: Dice) -> DemoAccount:
    """Money beside the client's own that counts for no manager."""
    excluded = chance.pick(EXCLUDED_COMPANY if client.size else EXCLUDED_PERSON)
    amount = int(client.level * chance.uniform(0.1, 0.6))
    start = scene.business_day(max(scene.first, client.opened))
    later = scene.business_day(start + timedelta(days=chance.between(20, 200)))
    changes = [(start, amount), (later, int(amount * chance.uniform(0.5, 1.6)) + 1)]
    last = min(client.closed - DAY, scene.on)
    return DemoAccount(
        f"{client.id}-{at}",
        client.id,
        "demand" if client.size else "savings",
        client.opened,
        client.closed,
        tuple(change for change in changes if change[0] <= last),
        excluded=excluded,
    )


def _person_rhythm(scene: Scene, chance: Dice) -> dict[date, float]:
    """Wages come in on payday and go out until the next: day → part of the usual balance."""
    payday, swing = chance.pick(PAYDAYS), chance.uniform(0.04, 0.15)
    return {day: 1 + swing * turn for day, turn in scene.wages(payday)}


def _company_rhythm(scene: Scene, chance: Dice) -> dict[date, float]:
    """Pays wages on the 10th, collects around the 25th, and fills up over quarter-ends."""
    swing, bump = chance.uniform(0.05, 0.2), chance.uniform(0.02, 0.12)
    rhythm, business_day = {}, scene.business_day
    for first in scene.months:
        rhythm[business_day(first.replace(day=10))] = 1 - swing
        rhythm[business_day(first.replace(day=chance.between(22, 26)))] = 1 + swing
        if first.month % 3 == 1:
            rhythm[scene.business_day_before(first - timedelta(days=3))] = 1 + swing + bump
            rhythm[business_day(first + timedelta(days=2))] = 1.0
    return rhythm
