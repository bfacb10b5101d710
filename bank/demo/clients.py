"""The demo bank's clients: who they are, who looks after them, and what will happen to them.

Clients are dealt to the managers in turn. A client's place in its manager's book, 0 to 99, decides
its kind and its story, so every book of a hundred has the same make-up whatever the bank's size:
60 people and 40 companies, 5 private and 20 premium clients, 30 micro and small companies.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Literal

from bank.demo import names
from bank.demo.drop import Row, row
from bank.demo.people import Manager, Ways
from bank.demo.scene import Scene

_Change = tuple[date, tuple[tuple[Manager, int], ...]]
"""From a day on, these managers hold these shares."""
Story = Literal[
    "", "first_arrears", "arrears", "bad_loan", "written_off", "late_payer", "run_down", "emptied"
]
CustomerClass = Literal["corporate", "retail"]
Tier = Literal["private", "premium", "standard"]
BOOK = 100
SPREAD, SHIFT = 37, 13
"""Neighbouring clients are this far apart in a book, and books this far from each other."""
# Place in the book → story, and how many of a hundred books have it. All stand on places of
# micro and small companies.
STORIES: dict[int, tuple[Story, int]] = {
    3: ("first_arrears", 55),
    14: ("arrears", 50),
    23: ("bad_loan", 70),
    34: ("run_down", 60),
    49: ("emptied", 30),
    53: ("late_payer", 100),
    64: ("late_payer", 100),
    83: ("bad_loan", 25),
}
SHOWN = (3, 14, 23, 34, 53, 64)
"""The places of the first manager's book that have their story: the one people are shown."""
CARELESS = 5
"""How much likelier a loan goes bad with every missing part of diligence."""
WRITTEN_OFF = (3, 23)
"""The manager, and the place in that book's first hundred, whose loan was written off."""
NEGLECTED_EVERY, NEGLECTED = 14, 5
"""Every so many places of the first book, from this one on, a visit is owed."""
OVERLOOKED = 0.4
"""Of the visits a manager is not diligent about, the part that is owed on the demo's day."""
HANDED_ON, SHARED = 7, 18
"""Places of every 25 whose client changed hands, or is shared."""
MICRO, LARGE = 0.6, 0.4
"""The part of the small companies that are micro, and of the biggest that are large."""
BORROWING = {"": 0.1, "micro": 0.5, "small": 0.6, "medium": 0.6, "large": 0.5}
SETTLED, LAST_YEAR = 0.88, 0.93
"""Parts of all clients that came long ago, or by the end of last year."""
MEDIAN_YUAN = {
    "private": 6_000_000,
    "premium": 900_000,
    "standard": 60_000,
    "micro": 250_000,
    "small": 1_200_000,
    "medium": 5_000_000,
    "large": 22_000_000,
}


@dataclass(frozen=True, slots=True)
class Holding:
    """A manager's share of a client over the half-open days [start, end)."""

    manager: Manager
    start: date
    end: date
    share: int


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A client and what is in store for it. `level` is its usual deposits in fen."""

    id: str
    name: str
    customer_class: CustomerClass
    size: str
    tier: Tier
    opened: date
    level: int
    borrows: bool
    story: Story
    neglected: bool
    holdings: tuple[Holding, ...]

    @property
    def is_sme(self) -> bool:
        """Whether it is a micro or small company."""
        return self.size in ("micro", "small")

    def manager_on(self, day: date) -> Manager:
        """The manager with the largest share on a day; the first one's for days before."""
        held = [holding for holding in self.holdings if holding.start <= day < holding.end]
        return max(held or self.holdings[:1], key=lambda holding: holding.share).manager


def client(number: int, staff: tuple[Manager, ...], scene: Scene) -> DemoClient:
    """The number-th client, from 0, of a bank with these managers (the last has left)."""
    turn, at = divmod(number, len(staff) - 1)
    place = (turn * SPREAD + at * SHIFT) % BOOK
    client_id = f"K{number + 1:06}"
    chance = scene.dice("client", client_id)
    customer_class, size, tier = _kind(place, chance)
    story = _story(place, at, turn, staff[at].ways, chance)
    neglected = _neglected(place, at, staff[at].ways, chance)
    opened = _opened(scene.on, chance, settled=bool(story) or neglected)
    name = names.company(number) if size else names.person(number)
    median = MEDIAN_YUAN[size or tier]
    return DemoClient(
        id=client_id,
        name=name,
        customer_class=customer_class,
        size=size,
        tier=tier,
        opened=opened,
        level=round(median * chance.lognormvariate(0, 0.5)) * 100,
        borrows=_borrows(size, chance, certain=bool(story) or neglected),
        story=story,
        neglected=neglected,
        holdings=tuple(
            _holdings(
                _history(place, at, staff, scene.on, chance),
                start=max(opened, date(scene.base_year, 1, 1)),
            )
        ),
    )


def rows(found: DemoClient) -> Iterator[Row]:
    """The client and its assignments."""
    yield row(
        "clients",
        id=found.id,
        name=found.name,
        customer_class=found.customer_class,
        size_class=found.size,
        tier=found.tier,
        opened_date=found.opened,
    )
    for holding in found.holdings:
        yield row(
            "assignments",
            client_id=found.id,
            manager_id=holding.manager.id,
            from_date=holding.start,
            to_date=holding.end,
            share_pct=holding.share,
        )


def _kind(place: int, chance: Random) -> tuple[CustomerClass, str, Tier]:
    """Class, size and tier of the client at a place of a book."""
    match place % 20:
        case 5:
            return "retail", "", "private"
        case 1 | 11:
            return "retail", "", "premium"
        case 8:
            return "corporate", "large" if chance.random() < LARGE else "medium", "premium"
        case 18:
            return "corporate", "medium", "premium"
        case 3 | 4 | 9 | 13 | 14 | 19:
            return "corporate", "micro" if chance.random() < MICRO else "small", "standard"
        case _:
            return "retail", "", "standard"


def _story(place: int, at: int, turn: int, ways: Ways, chance: Random) -> Story:
    story, frequency = STORIES.get(place, ("", 0))
    if at == 0:
        return story if place in SHOWN else ""
    if (at, place) == WRITTEN_OFF and turn < BOOK:
        return "written_off"
    careless = (1 - ways.diligence) * CARELESS if story == "bad_loan" else 1
    return story if chance.random() * 100 < frequency * careless else ""


def _neglected(place: int, at: int, ways: Ways, chance: Random) -> bool:
    """Whether a visit is owed; whoever takes a client over visits it."""
    if place % 25 in (HANDED_ON, SHARED):
        return False
    if at == 0:
        return place % NEGLECTED_EVERY == NEGLECTED
    return chance.random() < (1 - ways.diligence) * OVERLOOKED


def _borrows(size: str, chance: Random, *, certain: bool) -> bool:
    return chance.random() < BORROWING[size] or (certain and bool(size))


def _opened(on: date, chance: Random, *, settled: bool) -> date:
    """Most came long ago, some last year, a few this year."""
    kind = chance.random()
    if settled or kind < SETTLED:
        return date(on.year - chance.randint(2, 12), chance.randint(1, 12), chance.randint(1, 28))
    if kind < LAST_YEAR:
        return date(on.year - 1, chance.randint(1, 12), chance.randint(1, 28))
    return on - timedelta(days=chance.randint(40, 300))


def _history(
    place: int, at: int, staff: tuple[Manager, ...], on: date, chance: Random
) -> list[_Change]:
    """Who looks after a client: usually the same manager all the time.

    Four places of a hundred were handed to a colleague in the middle of a quarter, after four
    weeks together; four more have been shared since spring.
    """
    manager, *_, newest, leaver = (staff[at], *staff)
    colleague = staff[(at + 1) % (len(staff) - 2)]
    if manager is newest:
        return [(date.min, ((leaver, 100),)), (newest.hired, ((newest, 100),))]
    alone: _Change = (date.min, ((manager, 100),))
    if place % 25 == HANDED_ON:
        day = on - timedelta(weeks=chance.choice((5, 14, 27, 41)))
        together: _Change = (day, ((manager, 60), (colleague, 40)))
        return [alone, together, (day + timedelta(weeks=4), ((colleague, 100),))]
    if place % 25 == SHARED:
        return [alone, (on - timedelta(weeks=27), ((manager, 70), (colleague, 30)))]
    return [alone]


def _holdings(history: list[_Change], start: date) -> Iterator[Holding]:
    """The spans of a history from a client's first day on."""
    for (day, shares), (following, _) in pairwise([*history, (date.max, ())]):
        if following > start:
            for manager, share in shares:
                yield Holding(manager, max(day, start), following, share)
