"""P05 comprehensive financial assets, alike on both engines."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.performance.assets import asset_evidence
from bank.performance.deposits import increment
from bank.performance.measuring import load_frame
from bank.performance.sums import day_sums
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, evidence, facts
from tests.bank.ledger import Ledger

START, AS_OF, LONG_AGO = date(2026, 10, 1), date(2026, 11, 16), date(2025, 1, 1)
UNIT = 100
"""Units are told in hundredths."""


def actual(database, manager="M001"):
    return facts(database, "2026Q4", AS_OF)[manager]["P05"].actual


def mix(database, manager="M001"):
    rows = evidence(database, "P05", manager, period="2026Q4", as_of=AS_OF).rows
    return {row["id"]: {**row, "id": None} for row in rows}


def part(average, now=0, inflow=0, market=0, handed=0):
    told = {"now": now, "inflow": inflow, "market": market, "handed": handed}
    fen = {f"{name}_fen": amount * YUAN for name, amount in told.items()}
    return {"id": None, "average_fen": average * YUAN, **fen}


def test_deposits_and_holdings_by_their_weights_by_hand(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)])
        books.asset_base("C1", 60_000 * YUAN)
        books.account("C1", [(LONG_AGO, 94_000 * YUAN)])
        books.account("C1", [(LONG_AGO, 9_000 * YUAN)], excluded="pledged")
        # 10,000 units at 2 yuan, from 1 November on 2.5; half of it counts
        books.product("F", [(LONG_AGO, 20_000), (date(2026, 11, 1), 25_000)], coefficient=50)
        books.holding("C1", "F", [(LONG_AGO, 10_000 * UNIT)])
        books.loan("C1", "M001", LONG_AGO, [(LONG_AGO, "drawdown", 70_000 * YUAN)])
    # 31 days × 20,000 + 16 × 25,000 = 1,020,000, ÷ 47 × 50 % = 10,851.06 a day. The loan is not
    # netted: 94,000 + 10,851.06 − 60,000
    assert actual(database) == 44_851_06
    found = mix(database)
    assert found["fund"]["average_fen"] == 10_851_06
    assert found["deposits"] == part(94_000, now=94_000)
    assert found["base"] == {"id": None, "average_fen": -60_000 * YUAN}


def test_what_the_market_did_is_told_from_what_came_in(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)])
        prices = [(LONG_AGO, 10_000), (date(2026, 10, 20), 12_000), (date(2026, 11, 10), 9_000)]
        books.product("F", prices, coefficient=100)
        # 1,000 units; 500 bought at 1.2; 300 sold at 0.9
        units = [(LONG_AGO, 1_000), (date(2026, 11, 2), 1_500), (date(2026, 11, 11), 1_200)]
        books.holding("C1", "F", [(day, count * UNIT) for day, count in units])
        books.account("C1", [(LONG_AGO, 500 * YUAN), (date(2026, 11, 2), 800 * YUAN)])
    found = mix(database)
    # from 1,000 × 1.0 to 1,200 × 0.9 = 1,080 yuan. In: 500 × 1.2 − 300 × 0.9 = 330.
    # Market: 1,000 × 0.2 − 1,500 × 0.3 = −250. 1,000 + 330 − 250 = 1,080
    told = {name: found["fund"][f"{name}_fen"] for name in ("now", "inflow", "market", "handed")}
    assert told == {"now": 1_080 * YUAN, "inflow": 330 * YUAN, "market": -250 * YUAN, "handed": 0}
    assert found["deposits"]["inflow_fen"] == 300 * YUAN
    assert found["deposits"]["market_fen"] == 0


def test_a_handover_is_neither_inflow_nor_market_and_moves_the_base_along(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", START, date(2026, 11, 1)), ("M002", date(2026, 11, 1))])
        books.asset_base("C1", 1_000 * YUAN)
        books.account("C1", [(LONG_AGO, 48_000 * YUAN)])
        books.product("G", [(LONG_AGO, 10_000)], kind="gold", coefficient=100)
        books.holding("C1", "G", [(LONG_AGO, 47_000 * UNIT)], closed=date(2026, 11, 12))
    # M001: 31 of 47 days × (48,000 + 47,000 − 1,000); M002: 16 days of the account and the
    # base, 11 of the gold, which was sold on 12 November
    assert actual(database) == 94_000 * YUAN * 31 // 47
    assert actual(database, "M002") == (47_000 * 16 + 47_000 * 11) * YUAN // 47
    assert mix(database)["deposits"]["handed_fen"] == -48_000 * YUAN
    gold = mix(database, "M002")["gold"]
    assert (gold["handed_fen"], gold["inflow_fen"], gold["now_fen"]) == (
        47_000 * YUAN,
        -47_000 * YUAN,
        0,
    )


def test_without_clients_there_is_nothing_to_measure(database):
    with database.write() as tx:
        Ledger(tx).client("C1", held=[("M002", START)])
    assert actual(database) is None
    assert actual(database, "M002") == 0


def test_units_and_prices_whose_product_exceeds_64_bits_are_summed_exactly(database):
    units, nav = 10**12 + 1, 10**8 - 1
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)])
        books.product("G", [(LONG_AGO, nav)], kind="gold", coefficient=100)
        books.holding("C1", "G", [(LONG_AGO, units)])
    found = facts(database, "2026Q4", AS_OF)["M001"]["P05"]
    assert Fraction(found.numerator, found.scale) == Fraction(47 * units * nav, 10_000)


# ---- the law: managers sum to the bank, recounted day by day; rows add up to the figure

FIRST, DAYS = date(2026, 9, 20), 40
DAY1 = (START - FIRST).days
shares = st.sampled_from(({}, {"M001": 100}, {"M001": 35}, {"M001": 40, "M002": 60}))
days = st.integers(0, DAYS - 1)


def courses(most):
    return st.dictionaries(days, st.integers(0, most), min_size=1, max_size=4)


@st.composite
def clients(draw):
    """(shares before and after the handover, account, holding, its last day, asset base)."""
    units = draw(courses(10**10))
    closed = draw(st.none() | st.integers(min(units) + 1, DAYS))
    base = draw(st.none() | st.integers(0, 10**12))
    return draw(shares), draw(shares), draw(courses(10**12)), units, closed, base


@given(book=st.lists(clients(), min_size=1, max_size=2), prices=courses(10**6), turn=days)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_managers_and_pool_sum_to_the_bank_day_by_day(database, book, prices, turn):
    with database.engine.connect() as tx:
        books = Ledger(tx)
        books.product("F", dated(prices), coefficient=60)
        for number, (before, after, account, units, closed, base) in enumerate(book):
            client = f"C{number}"
            books.client(client)
            for start, end, held in ((LONG_AGO, at(turn), before), (at(turn), None, after)):
                for manager, share in held.items():
                    books.hold(client, manager, start, end, share)
            books.account(client, dated(account))
            books.holding(client, "F", dated(units), closed=closed and at(closed))
            if base is not None:
                books.asset_base(client, base)
        frame = load_frame(tx, default_scheme(), Period.parse("2026Q4"), at(DAYS - 1))
        sums = day_sums(tx, frame, ["M001", "M002"])
        found = {who: increment(frame, each, "P05") for who, each in sums.items()}
        behind = {who: asset_evidence(tx, frame, who).rows for who in sums}
        tx.rollback()
    span = range(DAY1, DAYS)
    parts = {
        who: sum(of_day(book, prices, turn, day, who) for day in span)
        for who in ("M001", "M002", None)
    }
    for who, measure in found.items():
        assert Fraction(measure.numerator, measure.scale) == parts[who]
        shown = sum(row["average_fen"] for row in behind[who])
        assert abs(shown - parts[who] / len(span)) <= len(behind[who])
        for row in behind[who]:
            if row["id"] != "base":
                assert "inflow_fen" in row
    assert all(parts[who] == 0 for who in ("M001", "M002") if who not in found)
    bank = sum(whole(client, prices, day) for client in book for day in span)
    assert sum(parts.values()) == bank


def at(day):
    return FIRST + timedelta(days=day)


def dated(course):
    return [(at(day), amount) for day, amount in sorted(course.items())]


def held_on(course, day):
    known = [start for start in course if start <= day]
    return course[max(known)] if known else 0


def whole(client, prices, day):
    """A client's weighted increment on one day, in fen, exactly."""
    *_, account, units, closed, base = client
    held = held_on(units, day) if closed is None or day < closed else 0
    worth = Fraction(held * held_on(prices, day) * 60, 10_000 * 100)
    return held_on(account, day) + worth - (base or 0)


def of_day(book, prices, turn, day, who):
    """A manager's part of one day, or for None the pool's."""
    total = Fraction(0)
    for client in book:
        shares_ = client[1] if day >= turn else client[0]
        share = shares_.get(who, 0) if who else 100 - sum(shares_.values())
        total += Fraction(share, 100) * whole(client, prices, day)
    return total
