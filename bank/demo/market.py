"""What the demo bank sells: time deposits, and products whose value follows a path of its own."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bank.demo.rows import Row, row_type
from bank.demo.scene import Scene

_PRODUCTS, _PRICES = row_type("products"), row_type("prices")
ProductKind = Literal["fund", "wealth", "insurance", "gold", "bond"]
YEAR_DAYS = 250
"""Days in a year on which something may be priced."""


@dataclass(frozen=True, slots=True)
class TermDeposit:
    """A time deposit of some months."""

    id: str
    name: str
    months: int


@dataclass(frozen=True, slots=True)
class Product:
    """Something that is bought in units.

    `nav` is its value at the start in ten-thousandths of a yuan, `drift` and `swing` what it gains
    in a year and how far it strays, `every` the business days between two prices, and `matures` the
    days after the demo's day on which it is paid out.
    """

    id: str
    name: str
    kind: ProductKind
    coefficient: int
    risk: int
    nav: int
    drift: float
    swing: float
    every: int
    matures: int | None = None


TERM_DEPOSITS = (
    TermDeposit("D03", "整存整取三个月", 3),
    TermDeposit("D06", "整存整取六个月", 6),
    TermDeposit("D12", "整存整取一年", 12),
    TermDeposit("D36", "整存整取三年", 36),
)
PRODUCTS = (
    Product("F01", "云岚稳债基金", "fund", 60, 2, 10_420, 0.035, 0.02, 1),
    Product("F02", "云岚双月债基金", "fund", 60, 2, 11_880, 0.03, 0.015, 1),
    Product("F03", "松涛均衡混合基金", "fund", 50, 3, 13_260, 0.05, 0.12, 1),
    Product("F04", "纸鸢成长混合基金", "fund", 50, 4, 9_150, 0.07, 0.22, 1),
    Product("F05", "星河指数基金", "fund", 50, 4, 15_730, 0.06, 0.18, 1),
    Product("F06", "帆影海外股票基金", "fund", 40, 5, 8_040, 0.08, 0.25, 1),
    Product("W01", "月湖天天理财", "wealth", 80, 1, 10_000, 0.019, 0.0, 5),
    Product("W02", "月湖三月定开理财", "wealth", 80, 2, 10_110, 0.026, 0.004, 5),
    Product("W03", "月湖一年封闭理财甲", "wealth", 80, 2, 10_000, 0.031, 0.006, 5, 64),
    Product("W04", "月湖一年封闭理财乙", "wealth", 80, 2, 10_000, 0.031, 0.006, 5, 170),
    Product("W05", "月湖两年封闭理财", "wealth", 80, 3, 10_050, 0.036, 0.01, 5, 390),
    Product("I01", "长渡终身寿险", "insurance", 50, 1, 10_000, 0.022, 0.0, 20),
    Product("I02", "长渡年金保险", "insurance", 50, 1, 10_000, 0.02, 0.0, 20),
    Product("G01", "竹影积存金", "gold", 50, 3, 7_820_000, 0.09, 0.14, 1),
    Product("B01", "云岚储蓄国债三年期", "bond", 90, 1, 1_000_000, 0.021, 0.0, 20, 830),
    Product("B02", "云岚储蓄国债五年期", "bond", 90, 1, 1_000_000, 0.024, 0.0, 20, 1500),
)


@dataclass(frozen=True, slots=True)
class Market:
    """The price path of every product over the months shown: ascending days, and navs."""

    days: Mapping[str, tuple[date, ...]]
    navs: Mapping[str, tuple[int, ...]]

    def nav(self, product: str, day: date) -> int:
        """A product's value on a day, in ten-thousandths of a yuan; its first before that."""
        at = bisect_right(self.days[product], day) - 1
        return self.navs[product][max(at, 0)]


def market(scene: Scene) -> Market:
    """The prices of the months shown."""
    days: dict[str, tuple[date, ...]] = {}
    navs: dict[str, tuple[int, ...]] = {}
    business = scene.calendar.within(scene.first, scene.on)
    for product in PRODUCTS:
        path = tuple(_path(product, business, scene))
        days[product.id] = tuple(day for day, _ in path)
        navs[product.id] = tuple(nav for _, nav in path)
    return Market(days, navs)


def rows(found: Market, scene: Scene) -> Iterator[Row]:
    """The products and their prices."""
    for term in TERM_DEPOSITS:
        yield _PRODUCTS(
            id=term.id,
            name=term.name,
            kind="deposit",
            income_line="",
            coefficient_pct=100,
            risk_level=1,
            matures_date=None,
        )
    for product in PRODUCTS:
        yield _PRODUCTS(
            id=product.id,
            name=product.name,
            kind=product.kind,
            income_line="wealth",
            coefficient_pct=product.coefficient,
            risk_level=product.risk,
            matures_date=matures(product, scene),
        )
    for product in PRODUCTS:
        for day, nav in zip(found.days[product.id], found.navs[product.id], strict=True):
            yield _PRICES(product_id=product.id, date=day, nav=nav)


def matures(product: Product, scene: Scene) -> date | None:
    """The day a product is paid out, if it ever is."""
    return None if product.matures is None else scene.on + timedelta(days=product.matures)


def _path(product: Product, business: tuple[date, ...], scene: Scene) -> Iterator[tuple[date, int]]:
    """A product's prices: some every day, some only now and then."""
    chance = scene.dice("nav", product.id)
    nav, before = float(product.nav), 0
    drift = product.drift / YEAR_DAYS * product.every
    swing = product.swing * (product.every / YEAR_DAYS) ** 0.5
    for day in business[:: product.every]:
        if round(nav) != before:
            before = round(nav)
            yield day, before
        nav *= 1 + drift + chance.gauss(0, swing)
