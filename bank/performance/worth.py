"""What units of products were worth over days, without going through the days.

A day's value of a holding is units × the day's price ÷ PER_FEN in fen. Over a span it is the units
times the prices of the span, which are the difference of two running totals: two look-ups, however
often the price changed. Nothing is rounded on the way.
"""

from sqlalchemy import CTE, BigInteger, cast, func, literal, select

from bank.models import Price, Product
from bank.performance.believed import as_known
from bank.performance.measuring import Frame


def running_prices(frame: Frame, first: int, end: int) -> CTE:
    """(product_id, day, nav, before): the price of the day before, and of all since `first`.

    There is a row for every product and every day from `first` to `end`; a day without a price
    counts 0.
    """
    begun = select(literal(first).label("day")).cte("priced_day", recursive=True)
    days = begun.union_all(select(begun.c.day + 1).where(begun.c.day < end))
    price = as_known(frame, Price, "price_known").c
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
    product, day = priced.c.product_id, priced.c.day
    before = func.sum(priced.c.nav).over(partition_by=product, order_by=day, rows=(None, -1))
    return select(
        product,
        day,
        func.lag(priced.c.nav, 1, 0).over(partition_by=product, order_by=day).label("nav"),
        # PostgreSQL adds whole numbers up to a numeric, which would not divide as they do.
        cast(func.coalesce(before, 0), BigInteger).label("before"),
    ).cte("running_price")
