"""What the demo's managers signed: their targets of the year.

Targets are written last: each is set so that its manager comes out near the attainment they are
meant to show on the demo's day, rounded as people round.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from bank.demo.clients import DemoClient
from bank.demo.credit import DemoLoan
from bank.demo.deposits import Deposits
from bank.demo.people import Manager
from bank.demo.rows import Row, row_type
from bank.demo.scene import DAY, Scene
from scoring.milestones import YearShape, decompose, shape_year
from scoring.periods import Period

_TARGETS = row_type("targets")
ROUND_FEN = 100_000_00
"""Targets are signed in hundred thousands of yuan."""
LEAST_FEN = 1_000_000_00
FINE_PARTS = 10**9


@dataclass(frozen=True, slots=True)
class Achieved:
    """What each manager has brought this quarter, client by client: as P01 and P02 count it.

    `deposits` are the quarter's sums of day-balances above the base, in fen × days.
    """

    deposits: Counter[str] = field(default_factory=Counter)
    lending: Counter[str] = field(default_factory=Counter)

    def add(
        self, client: DemoClient, deposits: Deposits, loans: Iterable[DemoLoan], scene: Scene
    ) -> None:
        """Credit a client's increments and drawdowns to its managers."""
        counted = scene.scheme.coefficients
        accounts = [account for account in deposits.accounts if not account.excluded]
        drawn = [
            draw
            for loan in loans
            if not (loan.refinances or loan.restructured)
            for draw in loan.drawdowns
        ]
        first, after = Period.containing(scene.on).first, scene.on + DAY
        for holding in client.holdings:
            start, end = max(holding.start, first), min(holding.end, after)
            if start >= end:
                continue
            held = sum(
                counted[account.kind] * account.day_sum(start, end) // 100 for account in accounts
            )
            more = held - deposits.base * (end - start).days
            manager = holding.manager.id
            self.deposits[manager] += holding.share * more // 100
            self.lending[manager] += sum(
                holding.share * amount // 100 for day, amount in drawn if start <= day < end
            )

    def update(self, other: "Achieved") -> None:
        """Count what others brought too."""
        self.deposits.update(other.deposits)
        self.lending.update(other.lending)


def rows(staff: tuple[Manager, ...], achieved: Achieved, scene: Scene) -> Iterator[Row]:
    """The yearly targets of every manager."""
    plan = scene.scheme.plan
    shape = shape_year(scene.on.year, scene.calendar.is_business, plan.quarters, plan.months)
    for manager, heir in zip(staff, (*staff[:-1], staff[-2]), strict=True):
        yield from _targets(manager, heir.id, achieved, shape, scene)


def _targets(
    manager: Manager, heir: str, achieved: Achieved, shape: YearShape, scene: Scene
) -> Iterator[Row]:
    """The yearly targets of a manager, by what `heir`, who has the book today, has brought."""
    first = Period.containing(scene.on).first
    path = float(shape.average(first, scene.on))
    share = decompose(FINE_PARTS, shape).planned(first, scene.on) / FINE_PARTS
    increment = achieved.deposits[heir] // ((scene.on - first).days + 1)
    disbursed = achieved.lending[heir]
    wanted = {
        "P01": increment / path / manager.ways.deposits,
        "P02": disbursed / share / manager.ways.lending if share else 0,
    }
    signed = max(scene.business_day(date(scene.on.year, 1, 12)), manager.hired)
    for indicator, amount in wanted.items():
        yield _TARGETS(
            manager_id=manager.id,
            indicator=indicator,
            year=scene.on.year,
            version=1,
            amount=max(round(amount / ROUND_FEN) * ROUND_FEN, LEAST_FEN),
            signed_date=min(signed, scene.on),
        )
