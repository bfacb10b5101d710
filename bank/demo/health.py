"""Statements and industries of the demo: made up altogether, the troubled ones' being poor."""

from collections.abc import Iterator
from datetime import date, timedelta

from bank.demo.clients import INDUSTRIES, DemoClient
from bank.demo.rows import Row, row_type
from bank.demo.scene import DAY, Dice, Scene

_STATEMENTS, _PROSPERITY = row_type("statements"), row_type("prosperity")
TELLING = {True: 0.92, False: 0.35}
"""The part of the companies that give statements, by whether they borrow."""
SINCE_LATE = 0.06
"""Of them, the part that gave none for the last year."""
TROUBLED = 1.4
"""How much poorer a company with a story of arrears stands, in standard deviations."""
WAN_FEN = 1_000_000
"""Statements are given in tens of thousands of yuan (万元)."""


def statements(client: DemoClient, lent: int, scene: Scene) -> Iterator[Row]:
    """A company's statements of the last two years, if it gives any; `lent` in fen."""
    chance = scene.dice("statement", client.id)
    if not client.size or chance.random() >= TELLING[client.borrows]:
        return
    assets = client.level * chance.uniform(3, 7) + lent * chance.uniform(1.2, 2)
    strength = chance.gauss(0, 1) - (TROUBLED if client.story else 0)
    late = chance.random() < SINCE_LATE
    for year in (scene.base_year - 1, scene.base_year):
        given = date(year + 1, 3, 10) + timedelta(days=chance.below(100))
        received = scene.business_day(given)
        row = _statement(client.id, year, assets, strength, chance)
        assets *= chance.uniform(0.98, 1.12)
        strength += chance.gauss(0, 0.3)
        missing = late and year == scene.base_year
        if client.opened <= received <= min(scene.on, client.closed - DAY) and not missing:
            yield row._replace(received_date=received)


def prosperity(scene: Scene) -> Iterator[Row]:
    """How each industry fared, from quarter to quarter."""
    for industry in INDUSTRIES:
        chance = scene.dice("industry", industry)
        score = chance.uniform(42, 62)
        day = scene.first.replace(month=scene.first.month - (scene.first.month - 1) % 3, day=1)
        while day <= scene.on:
            yield _PROSPERITY(industry=industry, from_date=day, score=round(score))
            score = min(max(score + chance.gauss(0, 4), 20), 85)
            day = (day + timedelta(days=95)).replace(day=1)


def _statement(client_id: str, year: int, assets: float, strength: float, chance: Dice) -> Row:
    """A year's statement, on no day yet."""
    current = assets * chance.uniform(0.4, 0.75)
    inventory = current * chance.uniform(0.1, 0.5)
    owed = assets * min(max(0.52 - 0.1 * strength + chance.gauss(0, 0.06), 0.05), 0.97)
    sales = assets * chance.uniform(0.7, 1.8)
    profit = sales * (0.06 + 0.035 * strength + chance.gauss(0, 0.01))
    earned = profit * 0.96 - owed * 0.02
    return _STATEMENTS(
        client_id=client_id,
        year_end_date=date(year, 12, 31),
        received_date=None,
        assets_fen=_wan(assets) + WAN_FEN,
        current_assets_fen=_wan(current),
        inventory_fen=_wan(inventory),
        cash_fen=_wan((current - inventory) * chance.uniform(0.1, 0.5)),
        liabilities_fen=_wan(owed),
        current_liabilities_fen=_wan(owed * chance.uniform(0.55, 0.95)),
        retained_earnings_fen=_wan((assets - owed) * min(0.4 + 0.2 * strength, 0.8)),
        sales_fen=_wan(sales),
        sales_profit_fen=_wan(profit),
        ebit_fen=_wan(profit * 0.96),
        net_profit_fen=_wan(earned * 0.75 if earned > 0 else earned),
        depreciation_fen=_wan((assets - current) * chance.uniform(0.03, 0.08)),
    )


def _wan(amount: float) -> int:
    """Whole tens of thousands of yuan, in fen; never more than the amount."""
    return int(amount // WAN_FEN) * WAN_FEN
