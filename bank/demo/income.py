"""The fees the demo clients paid: on what they bought, for settling, for deals of a whole team."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bank.demo.clients import DemoClient
from bank.demo.holdings import Position
from bank.demo.people import BRANCH_SIZE, Manager
from bank.demo.rows import Row, flag, row_type
from bank.demo.scene import DAY, Dice, Scene

_FEES, _SPLITS = row_type("fees"), row_type("fee_splits")
RATES = {"fund": 80, "wealth": 25, "insurance": 300, "gold": 60, "bond": 10}
"""What a purchase brings, in ten-thousandths of it."""
CANCELLED, REFUNDED = 0.02, 0.03
"""Insurance withdrawn while cooling off, and fees given back later."""
SETTLES = {"micro": 0.15, "small": 0.4, "medium": 0.8, "large": 1.0}
"""The part of the companies of a size that pay for settling every month."""
SETTLED_PART = 0.00013
"""What settling costs in a month, of a company's usual deposits."""
DEALS = {"medium": 0.06, "large": 0.25}
"""The part of the companies with a deal of the investment bank in the year."""
DEAL_PART = 0.01
LEAD_SHARE = (60, 70, 80)
LEAST = 1_000


@dataclass(frozen=True, slots=True)
class _Fee:
    line: str
    day: date
    amount: int
    product: str | None = None
    cancelled: bool = False
    refund: tuple[date, int] | None = None
    """When some of it was given back, and how much (negative)."""
    shares: tuple[tuple[Manager, int], ...] = ()


def rows(
    client: DemoClient,
    positions: Iterable[Position],
    staff: tuple[Manager, ...],
    scene: Scene,
    chance: Dice,
) -> Iterator[Row]:
    """The client's fees, each refund after the fee it gives back, and how teams share them."""
    fees = [*_sales(positions, scene, chance), *_settlements(client, scene, chance)]
    fees += _deals(client, staff, scene, chance)
    last = min(scene.on, client.closed - DAY)
    for number, fee in enumerate(fees, start=1):
        if max(client.opened, scene.first) < fee.day <= last:
            name = f"{client.id}-F{number}"
            yield _row(client, name, fee, fee.day, fee.amount)
            if fee.refund:
                yield _row(client, f"{name}-R", fee, *fee.refund, refunds=name)
            for manager, share in fee.shares:
                yield _SPLITS(fee_id=name, manager_id=manager.id, share_pct=share)


def _row(
    client: DemoClient, name: str, fee: _Fee, day: date, amount: int, *, refunds: str | None = None
) -> Row:
    return _FEES(
        id=name,
        client_id=client.id,
        product_id=fee.product,
        income_line=fee.line,
        date=day,
        amount_fen=amount,
        refunds_id=refunds,
        cancelled=flag(fee.cancelled),
    )


def _sales(positions: Iterable[Position], scene: Scene, chance: Dice) -> Iterator[_Fee]:
    """Purchases; now and then one was withdrawn, or some of its fee given back."""
    for position in positions:
        kind = position.product.kind
        for day, amount in position.purchases:
            if day <= scene.first:
                continue
            fee = max(amount * RATES[kind] // 10_000, LEAST)
            cancelled = kind == "insurance" and chance.random() < CANCELLED
            refund = None
            if not cancelled and chance.random() < REFUNDED:
                back = scene.business_day(day + timedelta(days=chance.between(12, 80)))
                refund = (back, -fee // chance.between(1, 3)) if back <= scene.on else None
            yield _Fee("wealth", day, fee, position.product.id, cancelled, refund)


def _settlements(client: DemoClient, scene: Scene, chance: Dice) -> Iterator[_Fee]:
    """What settling cost, on the last business day of every month."""
    if not client.size or chance.random() >= SETTLES[client.size]:
        return
    for first in scene.months[1:]:
        cost = client.level * SETTLED_PART * chance.uniform(0.6, 1.4)
        yield _Fee("settlement", scene.business_day_before(first - DAY), max(int(cost), LEAST))


def _deals(
    client: DemoClient, staff: tuple[Manager, ...], scene: Scene, chance: Dice
) -> Iterator[_Fee]:
    """A deal two managers of a branch made together."""
    if client.size not in DEALS or chance.random() >= DEALS[client.size]:
        return
    day = scene.business_day_before(scene.on - timedelta(days=chance.between(5, 300)))
    amount = int(client.level * DEAL_PART * chance.uniform(0.5, 1.5))
    lead, share = client.manager_on(day), chance.pick(LEAD_SHARE)
    start = (int(lead.id[1:]) - 1) // BRANCH_SIZE * BRANCH_SIZE
    branch = [one for one in staff[start : start + BRANCH_SIZE] if one.hired <= day < one.left]
    helper = chance.pick(branch)
    shares = () if helper is lead else ((lead, share), (helper, 100 - share))
    yield _Fee("investment_banking", day, amount, shares=shares)
