"""The demo bank as a whole: clients after clients, streamed into one drop or night by night."""

import gc
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise, starmap
from pathlib import Path

from bank.calendar import published_calendar
from bank.demo import (
    appraisal,
    care,
    clients,
    conduct,
    credit,
    deposits,
    duties,
    growth,
    health,
    holdings,
    income,
    market,
    people,
    plan,
    service,
)
from bank.demo.drop import NightPart, night_part, open_drops
from bank.demo.knowledge import Night
from bank.demo.people import Manager
from bank.demo.rows import Row, by_file
from bank.demo.scene import DemoError, Scene
from scoring.scheme import default_scheme

SOURCE = "demo"
DEMO_DAY = date(2026, 11, 16)
MOST_NIGHTS = 20
AT_ONCE = 40
"""Clients made, seen night by night and written together."""
LARGE = 5_000
"""From so many clients on, every processor helps."""


@dataclass(frozen=True, slots=True)
class _Bank:
    """What all of a demo bank follows from."""

    managers: int
    seed: int
    on: date


@dataclass(frozen=True, slots=True)
class _World:
    """All that is the same for every client."""

    scene: Scene
    staff: tuple[Manager, ...]
    by_id: Mapping[str, Manager]
    market: market.Market


@dataclass(frozen=True, slots=True)
class _Made:
    """Some clients: their part of each night, and what they brought their managers."""

    parts: tuple[NightPart, ...]
    achieved: plan.Achieved


def write_drop(
    directory: Path,
    *,
    managers: int = 12,
    clients: int = 1200,
    seed: int = 7,
    on: date = DEMO_DAY,
    nightly: int = 0,
    processes: int | None = None,
) -> tuple[Path, ...]:
    """Write a synthetic bank as a drop of business date `on`, for bank.importing to read.

    `managers` are those employed on that day; one more has left. With `nightly`, the same bank
    comes as a drop in `history` and one for each of the last so many business days in a folder
    named by its date, to be imported one after another. Returns the folders in that order.

    The same arguments give the same bytes, in however many `processes`. Clients are made a few at
    a time, so memory does not grow with them. Raises DemoError when there are too few managers or
    too many nights, CalendarError when the bank's calendar does not know the thirteen months up to
    `on`, and OSError when the directory cannot be written.
    """
    bank = _Bank(managers, seed, on)
    world = _world(bank)
    scene, staff = world.scene, world.staff
    nights = _nights(scene, nightly)
    spans = [range(at, min(at + AT_ONCE, clients)) for at in range(0, clients, AT_ONCE)]
    if processes is None:
        processes = (os.cpu_count() or 1) if clients >= LARGE else 1
    achieved = plan.Achieved()
    with open_drops(directory, nights) as drops, _workers(processes) as each:

        def write(parts: Iterable[NightPart]) -> None:
            for drop, part in zip(drops, parts, strict=True):
                drop.write(part)

        write(_parts(_house(world), nights))
        for made in each(_make, ((bank, nights, span) for span in spans)):
            achieved.update(made.achieved)
            write(made.parts)
        write(_parts(plan.rows(staff, achieved, scene), nights))
        for drop in drops:
            drop.finish(SOURCE)
    return tuple(directory / night.folder for night in nights)


@cache
def _world(bank: _Bank) -> _World:
    scene = Scene(bank.seed, bank.on, published_calendar(), default_scheme())
    scene.calendar.within(scene.first, scene.on)
    staff = people.managers(bank.managers, scene)
    by_id = {manager.id: manager for manager in staff}
    return _World(scene, staff, by_id, market.market(scene))


def _nights(scene: Scene, count: int) -> tuple[Night, ...]:
    """The drops to write: one of everything, or the history and `count` nights after it."""
    if not count:
        return (Night("", scene.on, None, everything=True),)
    if not 0 < count <= MOST_NIGHTS:
        raise DemoError(f"a demo bank has 1 to {MOST_NIGHTS} nights: not {count}")
    back = [scene.calendar.add_business_days(scene.on, -at) for at in range(count, -1, -1)]
    nights = (Night(day.isoformat(), day, before) for before, day in pairwise(back))
    return (Night("history", back[0], None), *nights)


def _house(world: _World) -> Iterator[Row]:
    """The rows that are about no client."""
    scene, staff = world.scene, world.staff
    yield from people.rows(staff)
    yield from people.leaves(staff, scene)
    yield from market.rows(world.market, scene)
    yield from health.prosperity(scene)
    for subject in (growth, conduct, appraisal):
        yield from subject.rows(staff, scene)


def _make(bank: _Bank, nights: tuple[Night, ...], span: range) -> _Made:
    """The clients of some numbers."""
    world, achieved = _world(bank), plan.Achieved()
    rows = (row for number in span for row in _client(number, world, achieved))
    return _Made(_parts(rows, nights), achieved)


def _client(number: int, world: _World, achieved: plan.Achieved) -> Iterator[Row]:
    """All the rows of the number-th client; adds to what its managers have brought."""
    scene, staff = world.scene, world.staff
    client = clients.client(number, staff, scene)
    money, contact = scene.dice("money", client.id), scene.dice("contact", client.id)
    held, borrowed = deposits.deposits(client, scene, money), credit.loans(client, scene, money)
    positions = holdings.positions(client, world.market, scene, money)
    brought = [row for loan in borrowed for row in credit.rows(loan, scene, money)]
    brought += holdings.base(client, held.base, positions, scene)
    brought += income.rows(client, positions, staff, scene, money)
    achieved.add(plan.Brought(client, held, borrowed, positions, brought), world.market, scene)
    yield from clients.rows(client, scene, contact)
    yield from deposits.rows(held, scene)
    for position in positions:
        yield from holdings.rows(position, scene)
    yield from brought
    yield from care.visits(client, scene, contact)
    yield from care.warnings(client, held, borrowed, scene, contact)
    yield from service.rows(client, _referrer(client, number, world), scene, contact)
    yield from conduct.complaints(client, scene, contact)
    yield from growth.credit_files(borrowed, world.by_id, scene, contact)
    yield from duties.rows(client, borrowed, scene, contact)
    lent = sum(loan.credit for loan in borrowed)
    yield from service.wallet(client, lent, scene, contact)
    yield from health.statements(client, lent, scene)


def _referrer(client: clients.DemoClient, number: int, world: _World) -> str | None:
    """The client before it in its manager's book, if that one came earlier."""
    other = number - len(world.staff) + 1
    if client.opened.year < world.scene.on.year or other < 0:
        return None
    known = clients.client(other, world.staff, world.scene)
    return known.id if known.opened < client.opened - timedelta(days=40) else None


def _parts(rows: Iterable[Row], nights: tuple[Night, ...]) -> tuple[NightPart, ...]:
    batch = by_file(rows)
    return tuple(night_part(batch, night) for night in nights)


_Each = Callable[
    [Callable[..., _Made], Iterable[tuple[_Bank, tuple[Night, ...], range]]], Iterator[_Made]
]


@contextmanager
def _workers(processes: int) -> Iterator[_Each]:
    """What makes clients, here or in several processes, in their order."""
    if processes == 1:
        yield starmap
        return
    pool = ProcessPoolExecutor(processes, initializer=_set_up)
    try:
        yield lambda make, tasks: pool.map(make, *zip(*tasks, strict=True))
    finally:
        pool.shutdown(cancel_futures=True)


def _set_up() -> None:
    """Make a worker ready."""
    # Rows hold no cycles, and looking for some among so many takes a sixth of the time.
    gc.disable()
    # Ctrl-C is for the process that writes: it ends the others, without a word.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
