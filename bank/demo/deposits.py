"""The demo clients' deposits: payroll, quarter-ends, growth, accounts that open and close.

Growth starts with the year: last year's day-average is a client's usual level, and what lies above
it now is the manager's increment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from bank.demo.clients import DemoClient
from bank.demo.drop import Row, row
from bank.demo.scene import Scene

AccountKind = Literal["demand", "time", "savings", "margin"]
# What remains of a story's deposits, from how many days ago.
REMAINS: dict[str, tuple[int, float]] = {"run_down": (45, 0.22), "emptied": (20, 0.02)}
BROUGHT = 0.4
"""What a client of this year has moved here so far, of its usual level."""
PAYDAYS = (8, 10, 15, 20)
YEAR = 365


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account with its balance changes, oldest first: (day, fen at the day's end)."""

    id: str
    client_id: str
    kind: AccountKind
    opened: date
    closed: date
    changes: tuple[tuple[date, int], ...]

    def day_sum(self, start: date, end: date) -> int:
        """The sum of end-of-day balances over the half-open days [start, end), in fen."""
        total, end = 0, min(end, self.closed)
        until = end
        for day, amount in reversed(self.changes):
            total += amount * max(0, (until - max(day, start)).days)
            until = min(until, day)
        return total


@dataclass(frozen=True, slots=True)
class Deposits:
    """What a client holds, and its day-average of the base year in fen."""

    accounts: tuple[DemoAccount, ...]
    base: int

    def average(self, last: date, days: int) -> int:
        """The day-average over some days up to and including the last, in fen."""
        end = last + timedelta(days=1)
        start = end - timedelta(days=days)
        return sum(account.day_sum(start, end) for account in self.accounts) // days


@dataclass(frozen=True, slots=True)
class _Level:
    """The client's deposits as a whole: where they stand on a day."""

    usual: int
    growth: float
    new_year: date
    drop: date
    remains: float

    def on(self, day: date) -> float:
        grown = 1 + self.growth * max(0, (day - self.new_year).days) / YEAR
        return self.usual * grown * (self.remains if day >= self.drop else 1)


def deposits(client: DemoClient, scene: Scene) -> Deposits:
    """The client's accounts over the thirteen months, and its base."""
    chance = scene.dice("deposits", client.id)
    level = _level(client, scene, chance)
    term = _term(client, scene, chance)
    pledges = client.borrows and client.size in ("small", "medium", "large")
    margin_part = chance.choice((0.0, chance.uniform(0.03, 0.08))) if pledges else 0.0
    accounts = [_main(client, level, term, margin_part, scene)]
    if term:
        accounts.append(_fixed(client, "time", level, term, scene))
    if margin_part:
        pledged = _Term(client.opened, date.max, margin_part)
        accounts.append(_fixed(client, "margin", level, pledged, scene))
    counted = 1 - margin_part * (100 - scene.scheme.coefficients["margin"]) / 100
    part = _base_part(client, scene) * counted
    base = round(client.level * chance.uniform(0.97, 1.01) * part)
    return Deposits(tuple(accounts), base)


def rows(found: Deposits, scene: Scene) -> Iterator[Row]:
    """The accounts, their balances and the client's base."""
    for account in found.accounts:
        yield row(
            "accounts",
            id=account.id,
            client_id=account.client_id,
            kind=account.kind,
            currency="CNY",
            opened_date=account.opened,
            closed_date=account.closed,
        )
        for day, amount in account.changes:
            yield row("balances", account_id=account.id, date=day, amount_fen=amount)
    if found.base:
        yield row(
            "client_bases",
            client_id=found.accounts[0].client_id,
            year=scene.base_year,
            day_average_fen=found.base,
        )


@dataclass(frozen=True, slots=True)
class _Term:
    """An account beside the main one, over [opened, closed), with its part of the deposits."""

    opened: date
    closed: date
    part: float

    def part_on(self, day: date) -> float:
        return self.part if self.opened <= day < self.closed else 0.0


def _level(client: DemoClient, scene: Scene, chance: Random) -> _Level:
    growth = client.manager_on(scene.on).ways.growth
    drop, remains = date.max, 1.0
    if client.story in REMAINS:
        days, remains = REMAINS[client.story]
        drop = scene.on - timedelta(days=days)
    return _Level(
        usual=round(client.level * (BROUGHT if client.opened.year == scene.on.year else 1)),
        growth=growth * chance.gauss(1, 0.4),
        new_year=date(scene.on.year, 1, 1),
        drop=drop,
        remains=remains,
    )


def _base_part(client: DemoClient, scene: Scene) -> float:
    """The part of the base year's days on which the client was one."""
    first, after = date(scene.base_year, 1, 1), date(scene.base_year + 1, 1, 1)
    return max(0, (after - max(client.opened, first)).days) / (after - first).days


def _term(client: DemoClient, scene: Scene, chance: Random) -> _Term | None:
    """A time deposit: most old and lasting, some opened or paid out within the months shown."""
    likely = 0.6 if client.tier == "private" else 0.3
    if chance.random() > likely:
        return None
    part = chance.uniform(0.2, 0.5)
    turn = scene.business_day(scene.on - timedelta(days=chance.randint(60, 330)))
    kind = chance.choices(("lasting", "opened", "paid out"), (60, 20, 20))[0]
    if kind == "opened" and client.opened < turn:
        return _Term(turn, date.max, part)
    if kind == "paid out" and client.opened < scene.first:
        return _Term(client.opened, turn, part)
    return _Term(client.opened, date.max, part)


def _main(
    client: DemoClient, level: _Level, term: _Term | None, margin_part: float, scene: Scene
) -> DemoAccount:
    chance = scene.dice("rhythm", client.id)
    company = client.customer_class == "corporate"
    rhythm = _company_rhythm(scene, chance) if company else _person_rhythm(scene, chance)
    start = max(scene.first, client.opened)
    for turn in (start, level.drop, *((term.opened, term.closed) if term else ())):
        rhythm.setdefault(turn, 1.0)
    changes = []
    for day in sorted(rhythm):
        if start <= day <= scene.on:
            part = 1 - margin_part - (term.part_on(day) if term else 0)
            amount = level.on(day) * part * rhythm[day] * chance.uniform(0.97, 1.03)
            changes.append((day, round(amount)))
    kind: AccountKind = "demand" if company else "savings"
    return DemoAccount(f"{client.id}-1", client.id, kind, client.opened, date.max, tuple(changes))


def _fixed(
    client: DemoClient, kind: AccountKind, level: _Level, term: _Term, scene: Scene
) -> DemoAccount:
    """An account that only moves when it is renewed, twice a year, or drained."""
    start = max(scene.first, term.opened)
    turns = {start, level.drop, start + timedelta(days=150), start + timedelta(days=300)}
    end = min(term.closed, scene.on + timedelta(days=1))
    changes = [
        (day, round(level.on(day) * term.part)) for day in sorted(turns) if start <= day < end
    ]
    number = 2 if kind == "time" else 3
    return DemoAccount(
        f"{client.id}-{number}", client.id, kind, term.opened, term.closed, tuple(changes)
    )


def _person_rhythm(scene: Scene, chance: Random) -> dict[date, float]:
    """Wages come in on payday and go out until the next: day → part of the usual balance."""
    payday, swing = chance.choice(PAYDAYS), chance.uniform(0.04, 0.15)
    rhythm = {}
    for first in _months(scene):
        paid = scene.business_day(first.replace(day=payday))
        rhythm[paid] = 1 + swing
        rhythm[paid + timedelta(days=9)] = 1.0
        rhythm[paid + timedelta(days=18)] = 1 - swing
    return rhythm


def _company_rhythm(scene: Scene, chance: Random) -> dict[date, float]:
    """Pays wages on the 10th, collects around the 25th, and fills up over quarter-ends."""
    swing, bump = chance.uniform(0.05, 0.2), chance.uniform(0.02, 0.12)
    rhythm = {}
    for first in _months(scene):
        rhythm[scene.business_day(first.replace(day=10))] = 1 - swing
        rhythm[scene.business_day(first.replace(day=chance.randint(22, 26)))] = 1 + swing
        if first.month % 3 == 1:
            rhythm[first - timedelta(days=3)] = 1 + swing + bump
            rhythm[first + timedelta(days=2)] = 1.0
    return rhythm


def _months(scene: Scene) -> Iterator[date]:
    """The first days of the months shown."""
    month = scene.first.replace(day=1)
    while month <= scene.on:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
