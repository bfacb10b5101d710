"""C02a churn and C02b retention, by hand, alike on both engines."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from bank.days import OPEN, number
from bank.models import BalanceInterval, BalanceSuperseded
from bank.performance.measuring import load_frame
from bank.performance.retention import churn_evidence, retention_evidence, retention_facts
from bank.performance.targets import workers
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import YUAN
from tests.bank.records import AS_OF, Records, measured, shown, writing

EARLY = date(2025, 6, 1)
END = date(2026, 9, 30)
Q3 = {"period": "2026Q3", "as_of": END}
MILLION = 1_000_000 * YUAN


def premium(books, client, changes, *, held=(("M001", EARLY),), closed=None):
    books.client(client, tier="premium", held=held)
    books.account(client, changes, closed=closed)


def churn(database, manager="M001", **when):
    return measured(database, "C02a", **{**Q3, **when})[manager]


def retention(database, manager="M001", **when):
    return measured(database, "C02b", **{**Q3, **when})[manager]


def test_a_quarter_by_hand(database):
    with writing(database) as books:
        premium(books, "SAME", [(EARLY, MILLION)])
        premium(books, "FELL", [(EARLY, MILLION), (date(2026, 7, 15), MILLION // 5)])
        premium(books, "SHUT", [(EARLY, MILLION)], closed=date(2026, 9, 10))
        premium(books, "GREW", [(EARLY, MILLION), (date(2026, 7, 15), 2 * MILLION)])
        books.client("STANDARD", held=[("M001", EARLY)])
        books.account("STANDARD", [(EARLY, MILLION), (date(2026, 7, 2), 0)])
    # FELL, 30 days against half of the 90 before, in millions:
    #   31 July: 2–31 July are 13 days of 1 and 17 of 0.2 → 0.5467, not under 0.5
    #   31 August: 0.2; 4 May–1 August are 72 of 1 and 18 of 0.2 → 0.84, half is 0.42: low
    #   30 September: 0.2; 3 June–31 August are 42 of 1 and 48 of 0.2 → 0.5733, half 0.2867: low
    # Low at two month-ends in a row: lost. SHUT has no account left: lost. 2 of 4.
    assert churn(database).actual == 50
    assert churn(database).numerator / churn(database).scale == 2
    # Then 1 each (June). Now, 1–30 September: 1, 0.2, 9 ÷ 30 = 0.3, and 2, of which 1 counts:
    # (1 + 0.2 + 0.3 + 1) ÷ 4
    assert retention(database).actual == Decimal("62.5")
    told = shown(database, "C02a", **Q3)
    assert [(row["id"], row["state"], row["closed"]) for row in told.rows] == [
        ("SHUT", "lost", "2026-09-10"),
        ("FELL", "lost", ""),
    ]
    assert sum(row["weight"] for row in told.rows) == churn(database).numerator
    movers = shown(database, "C02b", **Q3)
    assert [row["id"] for row in movers.rows] == ["FELL", "SHUT", "SAME", "GREW"]
    assert (movers.rows[0]["then_fen"], movers.rows[0]["now_fen"]) == (MILLION, MILLION // 5)
    kept = sum(row["kept_fen_days"] * row["weight"] for row in movers.rows)
    assert kept == retention(database).numerator


def test_one_low_month_end_is_a_risk_and_two_are_a_loss(database):
    with writing(database) as books:
        premium(books, "FELL", [(EARLY, MILLION), (date(2026, 8, 20), MILLION // 5)])
    # 31 August: 2–31 August are 18 of 1 and 12 of 0.2 → 0.68. 30 September: 0.2 → the first.
    assert churn(database).actual == 0
    assert shown(database, "C02a", **Q3).rows[0]["state"] == "at_risk"
    # 31 October: 0.2; 4 July–1 October are 47 of 1 and 43 of 0.2 → 0.6178, half 0.3089: low
    fourth = {"period": "2026Q4", "as_of": AS_OF}
    assert churn(database, **fourth).actual == 100
    assert churn(database, **{**fourth, "as_of": date(2026, 10, 30)}).actual == 0


def test_whoever_was_lost_by_then_is_not_lost_again(database):
    with writing(database) as books:
        premium(books, "FELL", [(EARLY, MILLION), (date(2026, 7, 15), MILLION // 5)])
        premium(books, "SAME", [(EARLY, MILLION)])
    found = churn(database, period="2026Q4", as_of=AS_OF)
    assert (found.numerator, found.denominator) == (0, 100 * 47)  # of SAME alone
    assert churn(database, period="2026", as_of=AS_OF).actual == 50  # once in the year


def test_a_client_handed_over_is_lost_by_nobody(database):
    day = date(2026, 8, 1)
    with writing(database) as books:
        premium(books, "MOVED", [(EARLY, MILLION)], held=[("M001", EARLY, day), ("M002", day)])
    assert [churn(database, who).actual for who in ("M001", "M002")] == [0, 0]
    # 31 and 61 of 92 days
    assert churn(database, "M001").denominator == 3100
    assert churn(database, "M002").denominator == 6100


def test_a_client_of_the_pool_on_the_first_day_counts_for_who_took_it_over(database):
    with writing(database) as books:
        premium(
            books,
            "POOLED",
            [(EARLY, MILLION)],
            held=[("M001", date(2026, 8, 1))],
            closed=date(2026, 8, 20),
        )
    found = churn(database)
    assert (found.numerator, found.denominator) == (6100, 6100)


@pytest.mark.parametrize("reason", ["death", "dissolution", "bank"])
def test_an_end_nobody_could_prevent_is_left_out(database, reason):
    with writing(database) as books:
        premium(books, "GONE", [(EARLY, MILLION), (date(2026, 7, 9), 0)])
        books.end("GONE", date(2026, 8, 10), reason)
        premium(books, "SAME", [(EARLY, MILLION)])
    assert (churn(database).numerator, churn(database).denominator) == (0, 9200)
    assert retention(database).actual == 100
    # while it was not known, the client was merely empty
    before = churn(database, as_of=date(2026, 8, 9))
    assert before.denominator == 2 * 100 * 40


def test_a_client_who_left_is_held_to_the_end_by_its_last_manager(database):
    day = date(2026, 7, 10)
    with writing(database) as books:
        premium(books, "LEFT", [(EARLY, MILLION)], held=[("M001", EARLY, day)], closed=day)
        books.end("LEFT", day)
        premium(books, "SAME", [(EARLY, MILLION)])
    assert churn(database).actual == 50  # 92 days each, not 9 of 101


def test_the_cohort_is_that_of_the_first_day(database):
    day = date(2026, 7, 20)
    with writing(database) as books:
        for client, tier in (("DOWN", "standard"), ("UP", "premium")):
            books.client(client, tier=tier, held=[("M001", EARLY)])
            books.account(client, [(EARLY, MILLION)], closed=date(2026, 8, 20))
        books.was("DOWN", "premium", EARLY, day)
        books.was("DOWN", "standard", day)
        books.was("UP", "standard", EARLY, day)
        books.was("UP", "premium", day)
        premium(books, "NEW", [(day, MILLION)], closed=date(2026, 8, 20))
        books.describe("NEW", opened_day=number(day))
        premium(books, "EMPTY", [(EARLY, MILLION)], closed=date(2026, 6, 1))  # gone before
    assert [row["id"] for row in shown(database, "C02a", **Q3).rows] == ["DOWN"]
    assert churn(database).denominator == 9200


def test_without_quality_clients_there_is_no_figure(database):
    with writing(database) as books:
        books.client("STANDARD", held=[("M001", EARLY)])
    assert (churn(database).actual, churn(database).note) == (None, "no_clients")
    assert (retention(database).actual, retention(database).note) == (None, "no_clients")


def test_what_the_market_does_is_no_clients_leaving(database):
    with writing(database) as books:
        # 1 yuan before the period; the price then falls to a fifth
        books.product("FUND", [(EARLY, 10_000), (date(2026, 7, 2), 2_000)])
        premium(books, "HELD", [(EARLY, 0)])
        books.holding("HELD", "FUND", [(EARLY, 100_000_000)])  # 1 m units
        premium(books, "SOLD", [(EARLY, 0)])
        books.holding("SOLD", "FUND", [(EARLY, 100_000_000), (date(2026, 7, 2), 0)])
        # deposits that were put into the fund are still here
        premium(books, "SWAPPED", [(EARLY, MILLION), (date(2026, 7, 2), 0)])
        books.holding("SWAPPED", "FUND", [(date(2026, 7, 2), 100_000_000)])
    assert [row["id"] for row in shown(database, "C02a", **Q3).rows] == ["SOLD"]
    assert retention(database).actual == Decimal("66.666667")  # 2 of 3 millions


def test_a_product_of_the_period_counts_at_its_first_price(database):
    with writing(database) as books:
        books.product("NEW", [(date(2026, 7, 10), 10_000), (date(2026, 8, 1), 30_000)])
        premium(books, "C", [(EARLY, MILLION), (date(2026, 7, 10), 0)])
        books.holding("C", "NEW", [(date(2026, 7, 10), 50_000_000)])
    assert retention(database).actual == 50


def test_excluded_money_is_not_looked_at(database):
    with writing(database) as books:
        premium(books, "C", [(EARLY, MILLION)])
        books.account("C", [(EARLY, 9 * MILLION), (date(2026, 7, 2), 0)], excluded="abnormal")
    assert (churn(database).actual, retention(database).actual) == (0, 100)


def test_a_past_day_gives_what_was_believed_on_it(database):
    with writing(database) as books:
        premium(books, "C", [(EARLY, MILLION)])
        books.correct("M001", date(2026, 10, 20))
        # On 20 October the bank learnt that the client had gone in July.
        fell, learnt, account = number(date(2026, 7, 15)), number(date(2026, 10, 20)), "A1"
        rows = books.tx.execute(BalanceInterval.__table__.select()).all()
        (account,) = {row.account_id for row in rows}
        books.tx.execute(BalanceInterval.__table__.delete())
        known = {"account_id": account, "batch_id": None}
        believed = {"from_day": number(EARLY), "to_day": OPEN, "amount": MILLION}
        books.tx.execute(
            insert(BalanceSuperseded).values(
                **known, **believed, known_day=number(EARLY), superseded_day=learnt
            )
        )
        for start, end, fen in ((number(EARLY), fell, MILLION), (fell, OPEN, 0)):
            span = {"from_day": start, "to_day": end, "amount": fen}
            books.tx.execute(insert(BalanceInterval).values(**known, **span, known_day=learnt))
    assert churn(database).actual == 0  # as of the last day of the quarter
    assert churn(database, as_of=date(2026, 10, 20)).actual == 100


def test_an_account_larger_than_64_bits_allow_for_at_once(database):
    with writing(database) as books:
        largest = 10**14  # fen; × 30 days × 100 × 92 days is over 2^64
        premium(books, "VAST", [(EARLY, largest)])
        premium(books, "HALF", [(EARLY, largest), (date(2026, 9, 1), largest // 2)])
    found = retention(database)
    assert found.numerator == 9200 * 30 * (largest + largest // 2)
    assert found.actual == 75


days = st.integers(0, 91)
spans = st.lists(st.tuples(days, st.sampled_from(["M001", "M002", "M003"])), max_size=3)
courses = st.lists(
    st.tuples(st.integers(-120, 91), st.integers(0, 10)), max_size=4, unique_by=lambda c: c[0]
)


def test_managers_and_their_records_add_up_however_clients_are_handed_on(database):
    """The cohort's days are held by somebody, a loss is shared by days, and evidence adds up."""

    @settings(max_examples=12)
    @given(st.lists(st.tuples(spans, courses, st.none() | days), min_size=1, max_size=4))
    def law(clients):
        with database.read() as tx:  # which leaves nothing behind
            check_sums(tx, clients)

    law()


def check_sums(tx, clients):
    books, first = Records(tx), date(2026, 7, 1)
    for manager in ("M001", "M002", "M003"):
        books.manager(manager)
    for at, (handovers, course, closed) in enumerate(clients):
        starts = {0: "M001", **dict(handovers)}
        ends = [*sorted(starts)[1:], None]
        held = [
            (starts[start], EARLY if start == 0 else first + timedelta(start), end)
            for start, end in zip(sorted(starts), ends, strict=True)
        ]
        held = [(who, day, end and first + timedelta(end)) for who, day, end in held]
        changes = {EARLY: 10, **{first + timedelta(day): fen for day, fen in course}}
        premium(
            books,
            f"C{at}",
            [(day, fen * MILLION) for day, fen in sorted(changes.items())],
            held=held,
            closed=first + timedelta(closed + 1) if closed is not None else None,
        )
    frame = load_frame(tx, default_scheme(), Period.parse("2026Q3"), END)
    facts = list(retention_facts(tx, frame, workers(tx, frame.window)))
    lost = {who: fact for who, fact in facts if fact.indicator == "C02a"}
    kept = {who: fact for who, fact in facts if fact.indicator == "C02b"}
    weights = sum(fact.denominator for fact in lost.values())
    assert weights % 9200 == 0
    assert weights <= 9200 * len(clients)
    assert sum(fact.numerator for fact in lost.values()) % 9200 == 0
    for who, fact in lost.items():
        rows = churn_evidence(tx, frame, who).rows
        assert sum(row["weight"] for row in rows if row["state"] == "lost") == fact.numerator
        rows = retention_evidence(tx, frame, who).rows
        total = sum(row["weight"] * row["kept_fen_days"] for row in rows)
        assert total == kept[who].numerator
