"""P02 loans disbursed and R01 loans gone bad, alike on both engines."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest

from tests.bank.books import YUAN, Books, evidence, facts

AS_OF = date(2026, 11, 16)
LONG_AGO = date(2025, 1, 1)
MILLION = 1_000_000 * YUAN


@contextmanager
def writing(database):
    with database.write() as tx:
        books = Books(tx)
        books.manager("M001")
        books.manager("M002")
        yield books


def fact(database, indicator, manager="M001", as_of=AS_OF, period="2026Q4"):
    return facts(database, period, as_of)[manager][indicator]


def rows(database, indicator):
    return evidence(database, indicator, period="2026Q4", as_of=AS_OF).rows


def test_drawdowns_count_on_their_day_by_that_days_shares(database):
    with writing(database) as books:
        books.client(
            "C1",
            held=[
                ("M001", LONG_AGO, date(2026, 11, 1)),
                ("M001", date(2026, 11, 1), None, 30),
                ("M002", date(2026, 11, 1), None, 70),
            ],
        )
        books.loan(
            "C1",
            "M001",
            date(2026, 9, 1),
            [
                (date(2026, 9, 30), "drawdown", 9 * MILLION),  # before the quarter
                (date(2026, 10, 31), "drawdown", 2 * MILLION),  # M001's alone
                (date(2026, 11, 16), "drawdown", MILLION),  # 30 : 70
                (date(2026, 11, 17), "drawdown", 5 * MILLION),  # not known yet
            ],
        )
    assert fact(database, "P02").actual == Decimal("2.3") * MILLION
    assert fact(database, "P02", "M002").actual == Decimal("0.7") * MILLION


def test_refinancing_and_loans_repaid_within_30_days_count_for_nothing_and_say_why(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", LONG_AGO)])
        day = date(2026, 10, 8)
        counted = books.loan("C1", "M001", day, [(day, "drawdown", MILLION)])
        over = [(day, "drawdown", 2 * MILLION), (date(2026, 11, 7), "repayment", 2 * MILLION)]
        early = books.loan("C1", "M001", day, over)  # day 30
        late = [(day, "drawdown", 3 * MILLION), (date(2026, 11, 8), "repayment", 3 * MILLION)]
        kept = books.loan("C1", "M001", day, late)  # day 31
        rolled = books.loan("C1", "M001", day, [(day, "drawdown", 4 * MILLION)], refinances=True)
    found = fact(database, "P02")
    assert found.actual == 4 * MILLION
    assert {row["id"]: row["excluded"] for row in rows(database, "P02")} == {
        f"{kept}-1": "",
        f"{counted}-1": "",
        f"{early}-1": "repaid_early",
        f"{rolled}-1": "refinances",
    }


def test_what_was_taken_back_is_taken_off_the_day_it_was_drawn(database):
    with writing(database) as books:
        books.client(
            "C1", held=[("M001", LONG_AGO, date(2026, 11, 1)), ("M002", date(2026, 11, 1))]
        )
        day, later = date(2026, 10, 8), date(2026, 11, 12)
        part = books.loan(
            "C1", "M001", day, [(day, "drawdown", 3 * MILLION), (later, "reversal", MILLION, 1)]
        )
        books.loan("C1", "M001", day, [(day, "drawdown", MILLION), (later, "reversal", MILLION, 1)])
    # 3 − 1 + 1 − 1; all of it M001's, whose client it was when the money was drawn
    found = fact(database, "P02")
    assert found.actual == 2 * MILLION
    assert fact(database, "P02", "M002").actual == 0
    taken_back = next(row for row in rows(database, "P02") if row["id"] == f"{part}-2")
    assert (taken_back["amount_fen"], taken_back["day"]) == (-MILLION, "2026-10-08")
    # before it was known, the whole drawdowns counted
    assert fact(database, "P02", as_of=date(2026, 11, 11)).actual == 4 * MILLION


def test_a_loan_that_had_to_be_restructured_counts_for_nothing_once_that_is_known(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", LONG_AGO)])
        day = date(2026, 10, 8)
        moves = [(day, "drawdown", MILLION)]
        books.loan("C1", "M001", day, moves, restructured=date(2026, 11, 12))
    assert fact(database, "P02", as_of=date(2026, 11, 11)).actual == MILLION
    found = fact(database, "P02", as_of=date(2026, 11, 12))
    assert (found.actual, rows(database, "P02")[0]["excluded"]) == (0, "restructured")


def test_a_repayment_that_was_taken_back_was_never_too_soon(database):
    day, later = date(2026, 10, 8), date(2026, 10, 20)
    with writing(database) as books:
        books.client("C1", held=[("M001", LONG_AGO)])
        moves = [
            (day, "drawdown", MILLION),
            (later, "repayment", MILLION),
            (date(2026, 11, 12), "reversal", MILLION, 2),
        ]
        books.loan("C1", "M001", day, moves)
    assert fact(database, "P02", as_of=date(2026, 11, 11)).actual == 0
    assert fact(database, "P02", as_of=date(2026, 11, 12)).actual == MILLION
    assert fact(database, "R01").denominator == MILLION * 100  # owed again


def test_a_repayment_that_is_not_known_yet_excludes_nothing(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", LONG_AGO)])
        moves = [
            (date(2026, 9, 28), "drawdown", MILLION),
            (date(2026, 10, 5), "repayment", MILLION),
        ]
        books.loan("C1", "M001", LONG_AGO, moves)
    assert fact(database, "P02", as_of=date(2026, 9, 30), period="2026Q3").actual == MILLION
    # A later look at the same quarter knows better.
    assert fact(database, "P02", as_of=AS_OF, period="2026Q3").actual == 0


def test_the_target_of_a_flow_is_its_milestones_so_far(database):
    with writing(database) as books:
        books.target("M001", "P02", 16 * MILLION)
        books.target("M002", "P02", 0)
    found = fact(database, "P02")
    # Quarter 4 m: October 1 m; November 1 m over its 21 business days, of which 11 by the 16th.
    assert found.period_target == 4 * MILLION
    assert abs(found.target - MILLION - MILLION * 11 // 21) < 20
    assert (found.actual, found.note) == (0, "")
    assert fact(database, "P02", "M002").target == 0
    holiday = fact(database, "P02", as_of=date(2026, 10, 5))
    assert (holiday.target, holiday.actual, holiday.note) == (0, None, "nothing_due")


def test_npl_ratio_by_hand_with_write_offs_added_back(database):
    old = date(2022, 5, 1)
    with writing(database) as books:
        books.client("C1", held=[("M001", old)])
        good = [(old, "drawdown", 8 * MILLION), (date(2026, 1, 5), "repayment", 2 * MILLION)]
        books.loan("C1", "M001", old, good)
        books.loan("C1", "M001", old, [(old, "drawdown", MILLION)], grade="special_mention")
        bad = books.loan("C1", "M001", old, [(old, "drawdown", MILLION)], grade="doubtful")
        gone = [(old, "drawdown", 3 * MILLION), (date(2025, 3, 1), "write_off", 2 * MILLION)]
        written = books.loan("C1", "M001", old, gone, grade="loss")
        longer = [(old, "drawdown", 5 * MILLION), (date(2024, 11, 16), "write_off", 5 * MILLION)]
        books.loan("C1", "M001", old, longer, grade="loss")  # over 24 months ago
    found = fact(database, "R01")
    # bad: 1 doubtful + (1 left + 2 written off) = 4; all: 6 + 1 + 1 + 3 = 11
    assert found.actual == Decimal("36.363636")
    assert (found.numerator, found.denominator) == (4 * MILLION * 100, 11 * MILLION * 100)
    assert [row["id"] for row in rows(database, "R01")] == [written, bad]
    assert rows(database, "R01")[0]["written_off_fen"] == 2 * MILLION


@pytest.mark.parametrize("kind", ["write_off", "transfer_out"])
def test_writing_a_loan_off_or_selling_it_does_not_improve_the_ratio(database, kind):
    old = date(2022, 5, 1)
    with writing(database) as books:
        for manager in ("M001", "M002"):
            books.client(f"C{manager}", held=[(manager, old)])
            books.loan(f"C{manager}", manager, old, [(old, "drawdown", 9 * MILLION)])
        bad = [(old, "drawdown", MILLION)]
        books.loan("CM001", "M001", old, bad, grade="loss")
        off = [*bad, (date(2026, 10, 20), kind, MILLION)]
        books.loan("CM002", "M002", old, off, grade="loss")
    assert fact(database, "R01").actual == fact(database, "R01", "M002").actual == 10


@pytest.mark.parametrize(
    ("signed", "left", "owner"),
    [
        (date(2025, 11, 17), None, "M001"),  # within twelve months: the originator's
        (date(2025, 11, 16), None, "M002"),  # twelve months on: the current manager's
        (date(2026, 8, 1), date(2026, 11, 1), "M002"),  # the originator has left
    ],
)
def test_a_loan_stays_with_its_originator_for_twelve_months(database, signed, left, owner):
    with database.write() as tx:
        books = Books(tx)
        books.manager("M001", left=left)
        books.manager("M002")
        books.client("C1", held=[("M001", LONG_AGO, date(2026, 9, 1)), ("M002", date(2026, 9, 1))])
        books.loan("C1", "M001", signed, [(signed, "drawdown", MILLION)], grade="substandard")
    found = {who: every["R01"].actual for who, every in facts(database, "2026Q4", AS_OF).items()}
    assert {who for who, actual in found.items() if actual is not None} == {owner}
    assert found[owner] == 100


def test_loans_sum_to_the_bank_over_originators_owners_and_shares(database):
    recent, old = date(2026, 3, 1), date(2023, 3, 1)
    with writing(database) as books:
        for n, signed in enumerate((recent, old)):
            books.client(f"C{n}", held=[("M001", old, None, 25), ("M002", old, None, 75)])
            books.loan(f"C{n}", "M001", signed, [(signed, "drawdown", (n + 1) * MILLION)])
    found = facts(database, "2026Q4", AS_OF)
    # M001: the recent 1 m as originator + 25 % of 2 m; M002: 75 % of 2 m; together 3 m
    assert found["M001"]["R01"].denominator == Decimal("1.5") * MILLION * 100
    assert found["M002"]["R01"].denominator == Decimal("1.5") * MILLION * 100


def test_without_loans_there_is_no_ratio(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", LONG_AGO)])
        moves = [(LONG_AGO, "drawdown", MILLION), (date(2026, 2, 1), "repayment", MILLION)]
        books.loan("C1", "M001", LONG_AGO, moves)
    assert (fact(database, "R01").actual, fact(database, "R01").note) == (None, "no_loans")
