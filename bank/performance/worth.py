"""What units of products were worth, day by day, added up without going through the days.

A day's value of a holding is units × the day's price ÷ 10,000 in fen. Over a span it is the units
times the prices of the span, which are the difference of two running totals: two look-ups, however
often the price changed. Nothing is rounded on the way.
"""

from sqlalchemy import CTE, BigInteger, cast, func, literal, select

from bank.models import Price, Product
from bank.performance.believed import as_known
from bank.performance.measuring import Frame

PER_FEN = 10_000
"""Units are counted in hundredths and prices in ten-thousandths of a yuan."""


def running_prices(frame: Frame, first: int, end: int) -> CTE:
    """(product_id, day, before): the prices of the days from `first` up to, not with, a day.

    There is a row for every product and every day from `first` to `end`; a day without a price
    adds 0.
    """
    begun = select(literal(first).label("day")).cte("priced_day", recursive=True)
    days = begun.union_all(select(begun.c.day + 1).where(begun.c.day < end))
    price = as_known(frame, Price).c
    on_day = (
        select(price.nav)
        .where(price.product_id == Product.id, price.from_day <= days.c.day)
        .order_by(price.from_day.desc())
        .limit(1)
        .scalar_subquery()
    )
    priced = (
        select(Product.id.label("product_id"), days.c.day, func.coalesce(on_day, 0).label("nav"))
        .join_from(Product, days, Product.kind != "deposit")
        .subquery("priced")
    )
    before = func.sum(priced.c.nav).over(
        partition_by=priced.c.product_id, order_by=priced.c.day, rows=(None, -1)
    )
    # PostgreSQL adds whole numbers up to a numeric, which would not divide as whole numbers do.
    total = cast(func.coalesce(before, 0), BigInteger).label("before")
    return select(priced.c.product_id, priced.c.day, total).cte("running_price")
