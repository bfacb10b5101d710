"""R05: what was recovered on loans gone bad, against the signed target, alike on both engines."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.performance.recovery import recovery_facts
from tests.bank.books import evidence, facts
from tests.bank.risk_books import MILLION, RiskBooks, Within, cards, measured, writing

AS_OF = date(2026, 11, 16)
FIRST = date(2026, 10, 1)
OLD = date(2022, 5, 1)
DAY = date(2026, 10, 12)


def fact(database, manager="M001", as_of=AS_OF, period="2026Q4"):
    return facts(database, period, as_of)[manager]["R05"]


def shown(database, manager="M001"):
    return evidence(database, "R05", manager, period="2026Q4", as_of=AS_OF)


def loan(books, client="C1", *, grade="substandard", off=(), held=(("M001", OLD),)):
    """A loan of 2 m, bad since before the period unless said otherwise."""
    books.client(client, held=held)
    moves = [(OLD, "drawdown", 2 * MILLION), *off]
    return books.loan(client, "M002", OLD, moves, grade=grade)


def test_receipts_by_hand(database):
    with writing(database) as books:
        bad = loan(books, "C1")
        written = loan(books, "C2", off=[(date(2026, 9, 1), "write_off", 2 * MILLION)])
        good = loan(books, "C3", grade="special_mention")
        books.recovered(bad, DAY, MILLION)  # cash, counts whole
        books.recovered(bad, DAY, MILLION, kind="repossession", booked=date(2026, 11, 2))
        books.recovered(written, DAY, 300_000_00)  # written off before: counts
        books.recovered(good, DAY, 500_000_00)  # not bad that day: counts for nothing
        books.recovered(bad, DAY, 7 * MILLION, booked=date(2026, 11, 17))  # not booked yet
        books.recovered(bad, date(2026, 9, 29), 90_000_00)  # the quarter before
        # A target of 16 m a year: 4 m this quarter, 1 m in October, 1 m in November, of whose
        # 21 business days 11 are over by the 16th.
        books.target("M001", "R05", 16 * MILLION)
    found = fact(database)
    # 1 m + 70 % of 1 m + 0.3 m = 2 m
    assert found.actual == 2 * MILLION
    assert found.period_target == 4 * MILLION
    assert abs(found.target - MILLION - MILLION * 11 // 21) < 20
    every = shown(database)
    assert every.count == 4
    counted = {
        (row["loan"], row["kind"]): row["amount_fen"] * row["share_pct"] * row["counts_pct"]
        for row in every.rows
    }
    assert counted == {
        (bad, "cash"): MILLION * 10_000,
        (bad, "repossession"): MILLION * 7_000,
        (written, "cash"): 300_000_00 * 10_000,
        (good, "cash"): 0,
    }
    assert sum(counted.values()) == found.numerator


def test_goods_count_when_booked_by_the_shares_of_the_day_they_came_in(database):
    booked = date(2026, 11, 3)
    with writing(database) as books:
        held = [
            ("M001", OLD, date(2026, 10, 20)),
            ("M001", date(2026, 10, 20), None, 25),
            ("M002", date(2026, 10, 20), None, 75),
        ]
        bad = loan(books, held=held)
        books.recovered(bad, DAY, MILLION, kind="repossession", booked=booked)
        books.recovered(bad, date(2026, 10, 26), 2 * MILLION)
    # 70 % of 1 m as M001's alone, and a quarter of 2 m
    assert fact(database).actual == Decimal("1.2") * MILLION
    assert fact(database, "M002").actual == Decimal("1.5") * MILLION
    assert fact(database, as_of=booked - timedelta(days=1)).actual == Decimal("0.5") * MILLION


def test_reclassifying_refinancing_and_selling_are_no_recoveries(database):
    with writing(database) as books:
        cured = loan(books, "C1")
        books.reclassify(cured, DAY, "normal")
        rolled = loan(books, "C2", off=[(DAY, "repayment", 2 * MILLION)])
        books.client("C4", held=[("M001", OLD)])
        books.loan("C4", "M002", DAY, [(DAY, "drawdown", 2 * MILLION)], refinances=True)
        loan(books, "C3", off=[(DAY, "transfer_out", 2 * MILLION)])
        books.recovered(cured, DAY + timedelta(days=1), MILLION)  # it was good again by then
        books.target("M001", "R05", 16 * MILLION)
    assert rolled
    assert fact(database).actual == 0


def test_what_is_paid_on_a_loan_whose_write_off_was_taken_back_is_no_recovery(database):
    off, back = date(2026, 9, 1), date(2026, 10, 5)
    with writing(database) as books:
        moves = [(off, "write_off", 2 * MILLION), (back, "reversal", 2 * MILLION, 2)]
        again = loan(books, grade="special_mention", off=moves)
        books.recovered(again, DAY, MILLION)
        books.target("M001", "R05", 16 * MILLION)
    assert fact(database).actual == 0


def test_without_a_bad_loan_and_a_target_there_is_nothing_and_r01_carries_the_weight(database):
    with writing(database) as books:
        loan(books, grade="normal")
        late = loan(books, "C2", grade="normal")
        books.reclassify(late, date(2026, 10, 9), "loss")  # after the period began
    assert (fact(database).actual, fact(database).note) == (None, "no_bad_loans")
    scores = {each.id: each for each in cards(database, "2026Q4", AS_OF)["M001"].indicators()}
    assert scores["R05"].status == "na"
    # R05's 4 go to R01's 7; what the rest cannot measure is spread over R01 and R02 alike.
    assert float(scores["R01"].weight / scores["R02"].weight) == pytest.approx((7 + 4) / 8, 1e-5)


def test_with_a_bad_loan_but_no_target_the_target_is_what_is_missing(database):
    with writing(database) as books:
        bad = loan(books)
        books.recovered(bad, DAY, MILLION)
    found = fact(database)
    assert (found.actual, found.target) == (MILLION, None)
    scored = next(
        each for each in cards(database, "2026Q4", AS_OF)["M001"].indicators() if each.id == "R05"
    )
    assert (scored.status, scored.explain["note"]) == ("na", "no_target")


def test_with_a_target_but_nothing_recovered_it_is_zero(database):
    with writing(database) as books:
        books.target("M001", "R05", 16 * MILLION)
    assert fact(database).actual == 0
    assert fact(database, as_of=date(2026, 10, 5)).note == "nothing_due"  # still the holiday


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 46), st.integers(1, 10**11), st.booleans(), st.booleans(),
            st.integers(0, 10),
        ),
        max_size=8,
    ),
    st.integers(1, 100),
    st.integers(0, 46),
)  # fmt: skip
def test_it_is_what_a_recount_gives_and_evidence_adds_up_to_it(database, came, share, handover):
    over = FIRST + timedelta(days=handover)
    with database.write() as tx:
        books = RiskBooks(tx)
        held = [("M001", OLD, over), ("M001", over, None, share)]
        loans = {
            bad: loan(books, f"C{bad}", grade=("normal", "loss")[bad], held=held) for bad in (0, 1)
        }
        wanted = 0
        for n, amount, bad, goods, wait in came:
            day = FIRST + timedelta(days=n)
            booked = day + timedelta(days=wait)
            kind = "repossession" if goods else "cash"
            books.recovered(loans[bad], day, amount, kind=kind, booked=booked)
            counts = (70 if goods else 100) if bad and booked <= AS_OF else 0
            wanted += amount * (100 if day < over else share) * counts
        found = measured(tx, recovery_facts, AS_OF)["M001"]["R05"]
        every = shown(Within(tx))
        assert found.numerator == wanted
        added = (row["amount_fen"] * row["share_pct"] * row["counts_pct"] for row in every.rows)
        assert sum(added) == wanted
        tx.rollback()
