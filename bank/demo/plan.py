"""What the demo's managers signed, learned and did wrong: targets, courses, incidents.

Targets are written last: each is set so that its manager comes out near the attainment they are
meant to show on the demo's day, rounded as people round.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from bank.demo.clients import DemoClient
from bank.demo.credit import DemoLoan
from bank.demo.deposits import Deposits
from bank.demo.drop import Row, row
from bank.demo.people import RISK_OFFICER, Manager, lead_of
from bank.demo.scene import Scene
from scoring.milestones import YearShape, decompose, shape_year
from scoring.periods import Period

ROUND_FEN = 100_000_00
"""Targets are signed in hundred thousands of yuan."""
LEAST_FEN = 1_000_000_00
COURSES = (("产品知识", 29), ("合规与反洗钱", 43))
"""Every quarter's courses, due so many days after it began."""
PASSED = 70
"""Below it the exam is taken once more."""
MISSED = 0.02
FINE_PARTS = 10**9


class Achieved:
    """What each manager has brought this quarter, client by client: as P01 and P02 count it."""

    def __init__(self, scene: Scene) -> None:
        """Start the quarter of the demo's day with nothing."""
        self._scene = scene
        self.quarter = Period.containing(scene.on)
        self._end = scene.on + timedelta(days=1)
        self._deposits: Counter[str] = Counter()
        self._lending: Counter[str] = Counter()

    def add(self, client: DemoClient, deposits: Deposits, loans: Iterable[DemoLoan]) -> None:
        """Credit a client's increments and drawdowns to its managers."""
        counted = self._scene.scheme.coefficients
        drawn = [draw for loan in loans if not loan.refinances for draw in loan.drawdowns]
        for holding in client.holdings:
            start = max(holding.start, self.quarter.first)
            end = min(holding.end, self._end)
            if start >= end:
                continue
            held = sum(
                counted[account.kind] * account.day_sum(start, end) // 100
                for account in deposits.accounts
            )
            more = held - deposits.base * (end - start).days
            self._deposits[holding.manager.id] += holding.share * more // 100
            self._lending[holding.manager.id] += sum(
                holding.share * amount // 100 for day, amount in drawn if start <= day < end
            )

    def increment(self, manager_id: str) -> int:
        """The quarter's deposit day-average increment so far, in fen."""
        return self._deposits[manager_id] // (self._end - self.quarter.first).days

    def disbursed(self, manager_id: str) -> int:
        """The quarter's drawdowns so far, in fen."""
        return self._lending[manager_id]


def rows(staff: tuple[Manager, ...], achieved: Achieved, scene: Scene) -> Iterator[Row]:
    """The targets, training results and incidents of every manager."""
    plan = scene.scheme.plan
    shape = shape_year(scene.on.year, scene.calendar.is_business, plan.quarters, plan.months)
    for manager, heir in zip(staff, (*staff[:-1], staff[-2]), strict=True):
        yield from _targets(manager, heir.id, achieved, shape, scene)
        yield from _training(manager, scene)
    yield from _incidents(staff, scene)


def _targets(
    manager: Manager, heir: str, achieved: Achieved, shape: YearShape, scene: Scene
) -> Iterator[Row]:
    """The yearly targets of a manager, by what `heir`, who has the book today, has brought."""
    first = achieved.quarter.first
    path = float(shape.average(first, scene.on))
    share = decompose(FINE_PARTS, shape).planned(first, scene.on) / FINE_PARTS
    increment, disbursed = achieved.increment(heir), achieved.disbursed(heir)
    wanted = {
        "P01": increment / path / manager.ways.deposits,
        "P02": disbursed / share / manager.ways.lending if share else 0,
    }
    signed = max(scene.business_day(date(scene.on.year, 1, 12)), manager.hired)
    for indicator, amount in wanted.items():
        yield row(
            "targets",
            manager_id=manager.id,
            indicator=indicator,
            year=scene.on.year,
            version=1,
            amount=max(round(amount / ROUND_FEN) * ROUND_FEN, LEAST_FEN),
            signed_date=min(signed, scene.on),
        )


def _training(manager: Manager, scene: Scene) -> Iterator[Row]:
    chance = scene.dice("training", manager.id)
    quarter = Period.containing(scene.first)
    while quarter.first <= scene.on:
        for course, days in COURSES:
            due = scene.business_day_before(quarter.first + timedelta(days=days))
            if manager.hired <= due < manager.left:
                yield from _attempts(manager, f"{course} {quarter.id}", due, scene, chance)
        quarter = quarter.following()


def _attempts(
    manager: Manager, course: str, due: date, scene: Scene, chance: Random
) -> Iterator[Row]:
    """The attempts at a course until it is passed, two at the most; or that it was missed."""
    taken = scene.business_day_before(due - timedelta(days=chance.randint(4, 15)))
    score = min(100, round(chance.gauss(manager.ways.exam, 5)))
    if taken > scene.on or taken < manager.hired or chance.random() < MISSED:
        yield _attempt(manager, course, due, 1, (None, None))
        return
    yield _attempt(manager, course, due, 1, (taken, score))
    again = scene.business_day(taken + timedelta(days=3))
    if score < PASSED and again <= scene.on:
        yield _attempt(manager, course, due, 2, (again, min(100, score + chance.randint(2, 12))))


def _attempt(
    manager: Manager, course: str, due: date, number: int, result: tuple[date | None, int | None]
) -> Row:
    taken, score = result
    return row(
        "training",
        manager_id=manager.id,
        course=course,
        kind="compliance",
        attempt=number,
        due_date=due,
        taken_date=taken,
        score=score,
    )


def _incidents(staff: tuple[Manager, ...], scene: Scene) -> Iterator[Row]:
    """One incident that is confirmed and caps a grade, and one that is only reported."""
    third = (len(staff) - 1) // 3
    happened = scene.business_day(
        max(Period.containing(scene.on).first, scene.on - timedelta(days=38))
    )
    known = min(scene.business_day(happened + timedelta(days=12)), scene.on)
    for number, (place, state, summary, policy) in enumerate(
        (
            (third, "confirmed", "凭客户提供的虚假购销合同发放贷款", "authenticity 第二十条"),
            (
                2 * third,
                "reported",
                "被举报向客户私下推介非本行理财产品",
                "sales-conduct-zh 第四条",
            ),
        ),
        start=1,
    ):
        yield row(
            "incidents",
            id=f"I{scene.on.year}-{number:03}",
            manager_id=staff[place].id,
            veto="V1",
            event_date=min(happened, scene.on),
            known_date=known,
            state=state,
            reported_by=lead_of(place),
            confirmed_by=RISK_OFFICER if state == "confirmed" else None,
            decided_date=known if state == "confirmed" else None,
            summary=summary,
            policy=policy,
        )
