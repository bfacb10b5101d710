"""The monitored S01 wallet share, S02 products in use and S04a loan increment, on both engines."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.performance.catalogue import EVIDENCE
from bank.performance.deposits import deposit_facts
from bank.performance.measuring import load_frame
from bank.performance.targets import workers
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, evidence, facts
from tests.bank.ledger import Ledger

AS_OF, LONG_AGO = date(2026, 11, 16), date(2024, 1, 1)
THOUSAND = 1_000 * YUAN


def fact(database, indicator, manager="M001", as_of=AS_OF):
    return facts(database, "2026Q4", as_of)[manager][indicator]


def behind(database, indicator, manager="M001"):
    return evidence(database, indicator, manager, period="2026Q4", as_of=AS_OF)


def test_wallet_share_by_hand(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)])
        books.wallet("C1", date(2026, 1, 5), 900 * THOUSAND)  # an older one
        books.wallet("C1", date(2026, 6, 1), 400 * THOUSAND)
        books.account("C1", [(LONG_AGO, 50 * THOUSAND), (date(2026, 11, 1), 60 * THOUSAND)])
        books.account("C1", [(LONG_AGO, 7 * THOUSAND)], excluded="interbank")
        books.account("C1", [(LONG_AGO, 9 * THOUSAND)], closed=date(2026, 11, 2))
        books.product("F", [(LONG_AGO, 15_000)], coefficient=50)
        books.holding("C1", "F", [(LONG_AGO, 20_000 * 100)])  # 20,000 units at 1.5 yuan
        drawn = [
            (LONG_AGO, "drawdown", 50 * THOUSAND),
            (date(2026, 3, 1), "repayment", 20 * THOUSAND),
        ]
        books.loan("C1", "M001", LONG_AGO, drawn)
        books.client("C2", held=[("M001", LONG_AGO, None, 50), ("M002", LONG_AGO, None, 50)])
        books.wallet("C2", date(2026, 6, 1), 200 * THOUSAND)
        books.account("C2", [(LONG_AGO, 20 * THOUSAND)])
    # C1: 60 + 30 + 30 = 120 of 400; C2, half of it: 10 of 100. 130 ÷ 500
    assert fact(database, "S01").actual == 26
    assert fact(database, "S01", "M002").actual == 10
    first = behind(database, "S01").rows[0]
    told = {"id": "C1", "here_fen": 120 * THOUSAND, "total_fen": 400 * THOUSAND}
    assert first == {**told, "day": "2026-06-01", "source": "tax returns", "share_pct": 100}


@pytest.mark.parametrize(
    ("day", "actual"), [(date(2025, 11, 16), None), (date(2025, 11, 17), 50), (AS_OF, 50)]
)
def test_an_estimate_is_good_for_twelve_months(database, day, actual):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)])
        books.account("C1", [(LONG_AGO, 50 * THOUSAND)])
        books.wallet("C1", day, 100 * THOUSAND)
    assert fact(database, "S01").actual == actual


def test_categories_in_use_by_hand(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)])
        for kind in ("demand", "savings", "time"):  # the everyday account, and a time deposit
            books.account("C1", [(LONG_AGO, THOUSAND)], kind=kind)
        books.account("C1", [(LONG_AGO, THOUSAND)], kind="margin", closed=AS_OF)
        books.product("F", [(LONG_AGO, 10_000)])
        books.product("G", [(LONG_AGO, 10_000)], kind="gold")
        books.holding("C1", "F", [(LONG_AGO, 100)])
        books.holding("C1", "G", [(LONG_AGO, 100)], closed=AS_OF)
        books.client("C2", held=[("M001", LONG_AGO, None, 40), ("M002", LONG_AGO, None, 60)])
        books.loan("C2", "M001", LONG_AGO, [(LONG_AGO, "drawdown", THOUSAND)])
        books.client("C3", held=[("M002", LONG_AGO, AS_OF)])  # handed to nobody
    # C1 has three: everyday, time, fund; C2 one, a loan: (3 + 0.4 × 1) ÷ 1.4
    assert fact(database, "S02").actual == Decimal("2.428571")
    assert fact(database, "S02", "M002").actual == 1
    uses = {row["id"]: row["uses"] for row in behind(database, "S02").rows}
    assert uses == {"C1": "everyday fund time", "C2": "loan"}


def test_a_manager_of_no_clients_has_neither(database):
    with database.write() as tx:
        Ledger(tx)
    for indicator in ("S01", "S02", "S04a"):
        assert (fact(database, indicator).actual, fact(database, indicator).note) == (
            None,
            "no_clients",
        )


def test_what_the_records_do_not_hold_is_not_measured(database):
    with database.write() as tx:
        Ledger(tx)
    assert not {"S03", "S04"} & set(facts(database, "2026Q4", AS_OF)["M001"])


def test_loan_increment_by_hand(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client(
            "C1", held=[("M001", LONG_AGO, date(2026, 11, 1)), ("M002", date(2026, 11, 1))]
        )
        # 365,000 for 73 of the 365 days of 2025: 73,000 on average; 94,000 in this quarter
        moves = [
            (date(2025, 2, 1), "drawdown", 365 * THOUSAND),
            (date(2025, 4, 15), "repayment", 365 * THOUSAND),
            (date(2026, 10, 1), "drawdown", 94 * THOUSAND),
        ]
        books.loan("C1", "M001", date(2025, 2, 1), moves)
    # 21,000 more: 31 of 47 days of it M001's, 16 M002's
    assert fact(database, "S04a").actual == round(21 * THOUSAND * 31 / 47)
    assert fact(database, "S04a", "M002").actual == round(21 * THOUSAND * 16 / 47)
    assert fact(database, "S04a", "M002").level == 21 * THOUSAND
    assert behind(database, "S04a").rows == (
        {"id": "C1", "average_fen": round(21 * THOUSAND * 31 / 47)},
    )


# ---- the law: loan increments of managers and pool sum to the bank's

FIRST, DAYS = date(2025, 6, 1), 500
moves = st.lists(
    st.tuples(st.integers(0, DAYS - 1), st.sampled_from(("drawdown", "repayment")),
              st.integers(1, 10**12)),
    max_size=5,
)  # fmt: skip
shares = st.sampled_from(({}, {"M001": 100}, {"M001": 35}, {"M001": 40, "M002": 60}))


@given(book=st.lists(st.tuples(shares, shares, moves), min_size=1, max_size=2))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_managers_and_pool_sum_to_the_bank(database, book):
    turn, last = 490, DAYS - 1
    with database.engine.connect() as tx:
        books = Ledger(tx)
        for number, (before, after, moved) in enumerate(book):
            client = f"C{number}"
            books.client(client)
            for start, end, held in ((LONG_AGO, at(turn), before), (at(turn), None, after)):
                for manager, share in held.items():
                    books.hold(client, manager, start, end, share)
            books.loan(client, "M001", FIRST, [(at(day), kind, fen) for day, kind, fen in moved])
        frame = load_frame(tx, default_scheme(), Period.parse("2026Q4"), at(last))
        everyone = [who for who in workers(tx, frame.window) if who.id in ("M001", "M002")]
        found = {
            who: each
            for who, each in deposit_facts(tx, frame, everyone)
            if each.indicator == "S04a" and each.actual is not None
        }
        rows = {who: EVIDENCE["S04a"](tx, frame, who).rows for who in found}
        tx.rollback()
    days = range((date(2026, 10, 1) - FIRST).days, DAYS)
    parts = {
        who: sum(of_day(book, day, turn, who) for day in days) for who in ("M001", "M002", None)
    }
    for who, each in found.items():
        assert each.numerator == parts[who]
        assert abs(sum(row["average_fen"] for row in rows[who]) - each.actual) <= len(book)
    bank = sum(365 * owed(client, day) - base(client) for client in book for day in days)
    assert sum(parts.values()) == 100 * bank


def at(day):
    return FIRST + timedelta(days=day)


def owed(client, day):
    return sum(
        fen if kind == "drawdown" else -fen for start, kind, fen in client[2] if start <= day
    )


def base(client):
    """What a client owed on the days of 2025, added up."""
    return sum(owed(client, day) for day in range((date(2026, 1, 1) - FIRST).days))


def of_day(book, day, turn, who):
    total = 0
    for client in book:
        held = client[1] if day >= turn else client[0]
        share = held.get(who, 0) if who else 100 - sum(held.values())
        total += share * (365 * owed(client, day) - base(client))
    return total
