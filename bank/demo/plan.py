"""What the demo's managers signed: their targets of the year.

Targets are written last: each is set so that its manager comes out near the attainment they are
meant to show on the demo's day, rounded as people round.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bank.demo.clients import DemoClient, Holding
from bank.demo.credit import DemoLoan
from bank.demo.deposits import Deposits
from bank.demo.holdings import Position
from bank.demo.market import Market
from bank.demo.people import Manager
from bank.demo.rows import Row, row_type
from bank.demo.scene import DAY, Scene
from bank.performance.targets import Worker, asked_plan
from scoring.milestones import PERCENT, YearShape, decompose, shape_year
from scoring.periods import Period

_TARGETS, _FEES, _SPLITS = map(row_type, ("targets", "fees", "fee_splits"))
ROUND_FEN = {
    **dict.fromkeys(("P01", "P02", "P05"), 100_000_00),
    **dict.fromkeys(("P02a", "P02b"), 50_000_00),
    "P03": 1_000_00,
    "P04": 1,
    "R05": 10_000_00,
}
"""What targets are rounded to: hundred thousands of yuan at the most, and whole clients."""
LEAST = {
    **dict.fromkeys(("P01", "P02", "P05"), 1_000_000_00),
    **dict.fromkeys(("P02a", "P02b"), 100_000_00),
    "P03": 10_000_00,
    "P04": 2,
    "R05": 10_000_00,
}
FINE_PARTS = 10**9
EFFECTIVE_FROM = {"corporate": 300_000_00, "retail": 150_000_00}
"""Usual deposits in fen from which a new client soon becomes an effective one."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What belongs to one client: all that its managers may be credited with."""

    client: DemoClient
    deposits: Deposits
    loans: Iterable[DemoLoan]
    positions: Iterable[Position]
    rows: Sequence[Row]
    """Its loans', fees' and bases' rows."""


@dataclass(frozen=True, slots=True)
class Achieved:
    """What each manager has brought this quarter, client by client, by indicator.

    Averages are the quarter's sums of day-balances above the base, in fen × days; clients won are
    those of the year.
    """

    sums: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, brought: Brought, market: Market, scene: Scene) -> None:
        """Credit what a client brought to its managers."""
        quarter = Period.containing(scene.on)
        for holding in brought.client.holdings:
            start, end = max(holding.start, quarter.first), min(holding.end, scene.on + DAY)
            if start < end:
                self._add_days(brought, holding, (start, end), market, scene)
                self._add_loans(brought, holding, (start, end), scene)
        self._add_fees(brought, quarter.first)
        self._add_recoveries(brought, quarter.first, scene)
        client = brought.client
        if client.opened.year == scene.on.year:
            lasting = client.borrows or client.level >= EFFECTIVE_FROM[client.customer_class]
            self.sums["P04"][client.holdings[0].manager.id] += lasting

    def update(self, other: "Achieved") -> None:
        """Count what others brought too."""
        for indicator, sums in other.sums.items():
            self.sums[indicator].update(sums)

    def _add_days(
        self,
        brought: Brought,
        holding: Holding,
        span: tuple[date, date],
        market: Market,
        scene: Scene,
    ) -> None:
        """Increments of deposits and of all assets over some days."""
        days = (span[1] - span[0]).days
        weighted, kept = 0, 0
        for account in brought.deposits.accounts:
            if not account.excluded:
                fen = account.day_sum(*span)
                kept += fen
                weighted += fen * scene.scheme.coefficients[account.kind] // 100
        held = sum(_worth(position, span, market) for position in brought.positions)
        base = next(
            (r.day_average_fen for r in brought.rows if type(r).__name__ == "asset_bases"), 0
        )
        share, manager = holding.share, holding.manager.id
        self.sums["P01"][manager] += share * (weighted - brought.deposits.base * days) // 100
        self.sums["P05"][manager] += share * (kept + held - base * days) // 100

    def _add_loans(
        self, brought: Brought, holding: Holding, span: tuple[date, date], scene: Scene
    ) -> None:
        """Drawdowns of some days, and what of them is inclusive or green."""
        rules, manager = scene.scheme.loans, holding.manager.id
        terms = {row.id: row for row in brought.rows if type(row).__name__ == "loans"}
        lines = {row.id: row for row in brought.rows if type(row).__name__ == "credit_lines"}
        for loan in brought.loans:
            if loan.refinances or loan.restructured:
                continue
            drawn = sum(amount for day, amount in loan.drawdowns if span[0] <= day < span[1])
            fen = holding.share * drawn // 100
            line = lines.get(f"{loan.id}-C")
            limit = rules.inclusive_limit(loan.signed) or 0
            self.sums["P02"][manager] += fen
            if loan.size in rules.inclusive_sizes and line and line.amount_fen <= limit:
                self.sums["P02a"][manager] += fen
            if terms[loan.id].green_code:
                self.sums["P02b"][manager] += fen

    def _add_fees(self, brought: Brought, first: date) -> None:
        """Fees from a day on, by their split or by who had the client."""
        splits: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for row in brought.rows:
            if type(row).__name__ == "fee_splits":
                splits[row.fee_id][row.manager_id] = row.share_pct
        for row in brought.rows:
            if type(row).__name__ == "fees" and row.date >= first and row.cancelled == "false":
                for manager, share in (splits.get(row.id) or _owners(brought, row.date)).items():
                    self.sums["P03"][manager] += share * row.amount_fen // 100

    def _add_recoveries(self, brought: Brought, first: date, scene: Scene) -> None:
        """What was booked from a day on, by who had the client when it came in."""
        goods_pct = scene.scheme.recovery.repossession_pct
        for row in brought.rows:
            if type(row).__name__ == "recoveries" and row.booked_date >= first:
                counts = row.amount_fen * (100 if row.kind == "cash" else goods_pct) // 100
                for manager, share in _owners(brought, row.date).items():
                    self.sums["R05"][manager] += share * counts // 100


def _owners(brought: Brought, day: date) -> Mapping[str, int]:
    held = (each for each in brought.client.holdings if each.start <= day < each.end)
    return {each.manager.id: each.share for each in held}


def _worth(position: Position, span: tuple[date, date], market: Market) -> int:
    """A position's weighted day-values of a span, at its units and price in the middle of it."""
    start, end = max(span[0], position.opened), min(span[1], position.closed)
    if start >= end:
        return 0
    middle = start + (end - start) / 2
    units = [count for day, count in position.units if day <= middle]
    product = position.product
    value = units[-1] * market.nav(product.id, middle) // 10_000 if units else 0
    return value * product.coefficient * (end - start).days // 100


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
    first, ways = Period.containing(scene.on).first, manager.ways
    # Whoever joined of late is asked for part of it, past the ramp.
    worker = Worker(manager.id, manager.hired, date.max, scene.scheme.joining.ramp)
    days = [first + timedelta(days=at) for at in range((scene.on - first).days + 1)]
    path = float(shape.average(first, scene.on)) * sum(map(worker.asks, days)) / PERCENT
    own, fine = asked_plan(FINE_PARTS, shape, worker), decompose(FINE_PARTS, shape)
    quarter = own.planned(first, scene.on) / FINE_PARTS
    year = fine.planned(scene.on.replace(month=1, day=1), scene.on) / FINE_PARTS
    both = (ways.deposits + ways.lending) / 2
    parts = {
        "P01": (path, ways.deposits),
        "P02": (quarter, ways.lending),
        "P02a": (quarter, ways.lending),
        "P02b": (quarter, ways.lending),
        "P03": (quarter, both),
        "P04": (year, both),
        "P05": (path, both),
        "R05": (quarter, ways.diligence + 0.2),
    }
    if not achieved.sums["R05"][heir]:
        del parts["R05"]  # nothing of theirs is to be recovered
    signed = max(scene.business_day(date(scene.on.year, 1, 12)), manager.hired)
    for indicator, (part, attainment) in parts.items():
        wanted = achieved.sums[indicator][heir] / part / attainment if part else 0
        unit = ROUND_FEN[indicator]
        yield _TARGETS(
            manager_id=manager.id,
            indicator=indicator,
            year=scene.on.year,
            version=1,
            amount=max(round(wanted / unit) * unit, LEAST[indicator]),
            signed_date=min(signed, scene.on),
        )
