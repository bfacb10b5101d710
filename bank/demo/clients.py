"""The demo bank's clients: who they are, who looks after them, and what will happen to them.

Clients are dealt to the managers in turn. A client's place in its manager's book, 0 to 99, decides
its kind and its story, so every book of a hundred has the same make-up whatever the bank's size:
60 people and 40 companies, 5 private and 20 premium clients, 30 micro and small companies.
"""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from bank.demo import names
from bank.demo.people import BRANCH_SIZE, Manager, Ways
from bank.demo.rows import Row, row_type, until
from bank.demo.scene import Dice, Scene

Reason = Literal["", "joined", "handover", "shared", "left"]
_CLIENTS, _ASSIGNMENTS = row_type("clients"), row_type("assignments")
_Change = tuple[date, Reason, tuple[tuple[Manager, int], ...]]
"""From a day on, and for a reason, these managers hold these shares."""
Story = Literal[
    "",
    "first_arrears",
    "arrears",
    "bad_loan",
    "written_off",
    "transferred",
    "late_payer",
    "run_down",
    "emptied",
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
LOST: dict[tuple[int, int], Story] = {(3, 23): "written_off", (6, 83): "transferred"}
"""A branch's manager and the place in that book's first hundred → how a loan of it ended."""
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
GONE = 0.02
"""The part of the settled clients that left within the year."""
REASONS_PERSON = ("client", "client", "client", "death", "bank")
REASONS_COMPANY = ("client", "client", "dissolution", "bank")
INDUSTRIES = (
    *("批发业", "零售业", "食品加工", "机械制造", "纺织业", "物流运输"),
    *("建筑业", "餐饮业", "软件服务", "农业", "印刷业", "医疗服务"),
)
RISK_LEVELS, RISK_UP_TO = ("low", "medium", "high"), (0.8, 0.97)
"""How closely clients are watched for money laundering, by the part of them up to each level."""
GROUP = 150
"""Large companies whose numbers are less than so far apart may belong to one legal group."""
KYC_YEARS, KYC_GRACE = 3, timedelta(days=20)
"""A client is checked every so many years; a few days after it was due a check may be missing."""
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
    reason: Reason


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A client and what is in store for it. `level` is its usual deposits in fen."""

    id: str
    name: str
    customer_class: CustomerClass
    size: str
    tier: Tier
    opened: date
    closed: date
    industry: str
    level: int
    borrows: bool
    story: Story
    neglected: bool
    holdings: tuple[Holding, ...]

    @property
    def is_sme(self) -> bool:
        """Whether it is a micro or small company."""
        return self.size in ("micro", "small")

    def kyc_due(self, on: date) -> date:
        """The next day its identity must be checked again: every third year after it came."""
        due = self.opened
        while due <= on - KYC_GRACE:
            due = due.replace(year=due.year + KYC_YEARS, day=min(due.day, 28))
        return due

    def manager_on(self, day: date) -> Manager:
        """The manager with the largest share on a day; the first one's for days before."""
        best: Holding | None = None
        for held in self.holdings:
            if held.start <= day < held.end and (best is None or held.share > best.share):
                best = held
        return (best or self.holdings[0]).manager


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
    borrows = _borrows(size, chance, certain=bool(story) or neglected)
    closed = date.max if borrows or neglected else _closed(opened, chance, scene)
    name = names.company(number) if size else names.person(number)
    median = MEDIAN_YUAN[size or tier]
    return DemoClient(
        id=client_id,
        name=name,
        customer_class=customer_class,
        size=size,
        tier=tier,
        opened=opened,
        closed=closed,
        industry=chance.pick(INDUSTRIES) if size else "",
        level=round(median * chance.lognormvariate(0, 0.5)) * 100,
        borrows=borrows,
        story=story,
        neglected=neglected,
        holdings=tuple(
            _holdings(
                _history(place, at, staff, scene.on, chance),
                start=max(opened, date(scene.base_year, 1, 1)),
                end=closed,
                new=opened.year >= scene.base_year,
            )
        ),
    )


def rows(found: DemoClient, scene: Scene, chance: Dice) -> Iterator[Row]:
    """The client and its assignments."""
    won = found.opened >= date(scene.base_year, 1, 1)
    gone = found.closed < date.max
    reason = chance.pick(REASONS_COMPANY if found.size else REASONS_PERSON)
    yield _CLIENTS(
        id=found.id,
        name=found.name,
        customer_class=found.customer_class,
        size_class=found.size,
        tier=found.tier,
        opened_date=found.opened,
        industry=found.industry,
        risk_level=RISK_LEVELS[bisect(RISK_UP_TO, chance.random())],
        group_id=f"G{int(found.id[1:]) // GROUP:05}" if found.size == "large" else None,
        closed_date=until(found.closed),
        closed_reason=reason if gone else "",
        kyc_due_date=None if gone else found.kyc_due(scene.on),
        acquirer_id=found.holdings[0].manager.id if won else None,
    )
    for holding in found.holdings:
        yield _ASSIGNMENTS(
            client_id=found.id,
            manager_id=holding.manager.id,
            from_date=holding.start,
            to_date=until(holding.end),
            share_pct=holding.share,
            reason=holding.reason,
        )


def _kind(place: int, chance: Dice) -> tuple[CustomerClass, str, Tier]:
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


def _story(place: int, at: int, turn: int, ways: Ways, chance: Dice) -> Story:
    story, frequency = STORIES.get(place, ("", 0))
    if at == 0:
        return story if place in SHOWN else ""
    if turn < BOOK and (lost := LOST.get((at % BRANCH_SIZE, place))):
        return lost
    careless = (1 - ways.diligence) * CARELESS if story == "bad_loan" else 1
    return story if chance.random() * 100 < frequency * careless else ""


def _neglected(place: int, at: int, ways: Ways, chance: Dice) -> bool:
    """Whether a visit is owed; whoever takes a client over visits it."""
    if place % 25 in (HANDED_ON, SHARED):
        return False
    if at == 0:
        return place % NEGLECTED_EVERY == NEGLECTED
    return chance.random() < (1 - ways.diligence) * OVERLOOKED


def _borrows(size: str, chance: Dice, *, certain: bool) -> bool:
    return chance.random() < BORROWING[size] or (certain and bool(size))


def _opened(on: date, chance: Dice, *, settled: bool) -> date:
    """Most came long ago, some last year, a few this year."""
    kind = chance.random()
    if settled or kind < SETTLED:
        return date(on.year - chance.randint(2, 12), chance.randint(1, 12), chance.randint(1, 28))
    if kind < LAST_YEAR:
        return date(on.year - 1, chance.randint(1, 12), chance.randint(1, 28))
    return on - timedelta(days=chance.randint(40, 300))


def _closed(opened: date, chance: Dice, scene: Scene) -> date:
    """The first day no longer a client: for most none, for a few one of the last months."""
    if chance.random() >= GONE or opened.year >= scene.base_year:
        return date.max
    return scene.business_day(scene.on - timedelta(days=chance.between(20, 320)))


def _history(
    place: int, at: int, staff: tuple[Manager, ...], on: date, chance: Dice
) -> list[_Change]:
    """Who looks after a client: usually the same manager all the time.

    Four places of a hundred were handed to a colleague in the middle of a quarter, after four
    weeks together; four more have been shared since spring.
    """
    manager, *_, newest, leaver = (staff[at], *staff)
    colleague = staff[(at + 1) % (len(staff) - 2)]
    if manager is newest:
        gone: _Change = (date.min, "", ((leaver, 100),))
        return [gone, (newest.hired, "left", ((newest, 100),))]
    alone: _Change = (date.min, "", ((manager, 100),))
    if place % 25 == HANDED_ON:
        day = on - timedelta(weeks=chance.pick((5, 14, 27, 41)))
        together: _Change = (day, "handover", ((manager, 60), (colleague, 40)))
        return [alone, together, (day + timedelta(weeks=4), "handover", ((colleague, 100),))]
    if place % 25 == SHARED:
        return [alone, (on - timedelta(weeks=27), "shared", ((manager, 70), (colleague, 30)))]
    return [alone]


def _holdings(history: list[_Change], start: date, end: date, *, new: bool) -> Iterator[Holding]:
    """The spans of a history from `start` to a client's last day; a new client came then."""
    for (day, reason, shares), (following, *_) in pairwise([*history, (date.max, "", ())]):
        if following > start and day < end:
            for manager, share in shares:
                why = reason if day > start else "joined" if new else ""
                yield Holding(manager, max(day, start), min(following, end), share, why)
