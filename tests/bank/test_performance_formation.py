"""R01 loans gone bad as known on a day, and R02 loans that went bad, alike on both engines."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.performance.npl import quality_facts
from scoring.loans import NON_PERFORMING, months_before
from tests.bank.books import evidence, facts
from tests.bank.risk_books import MILLION, RiskBooks, Within, measured, writing

AS_OF = date(2026, 11, 16)
FIRST = date(2026, 10, 1)
OLD = date(2022, 5, 1)
QUARTER = {"period": "2026Q4", "as_of": AS_OF}


def fact(database, indicator="R02", manager="M001", as_of=AS_OF, period="2026Q4"):
    return facts(database, period, as_of)[manager][indicator]


def good_loan(books, client="C1", amount=MILLION, held=(("M001", OLD),), signed=OLD):
    books.client(client, held=held)
    return books.loan(client, "M001", signed, [(signed, "drawdown", amount)])


def test_new_bad_loans_by_hand(database):
    with writing(database) as books:
        good_loan(books, "C1", 6 * MILLION)
        books.client("C2", held=[("M001", OLD)])
        drawn, repaid = date(2026, 11, 1), date(2026, 11, 5)
        moves = [(drawn, "drawdown", 4 * MILLION), (repaid, "repayment", MILLION)]
        bad = books.loan("C2", "M001", OLD, moves)
        books.reclassify(bad, date(2026, 11, 10), "substandard")
    found = fact(database)
    # 1 October to 16 November are 47 days. Fen-days: 6 m × 47 + 4 m × 16 − 1 m × 12 = 334 m;
    # on 10 November 4 − 1 = 3 m went bad: 3 ÷ (334 ÷ 47) = 42.215569 %
    assert found.actual == Decimal("42.215569")
    scale = 100 * 47
    assert (found.numerator, found.denominator) == (3 * MILLION * scale, 334 * MILLION * 100)
    assert found.scale == scale
    shown = evidence(database, "R02", **QUARTER)
    assert shown.count == 1
    row = shown.rows[0]
    assert (row["id"], row["day"], row["balance_fen"]) == (bad, "2026-11-10", 3 * MILLION)
    assert (row["from_class"], row["class"], row["originator"]) == (
        "normal", "substandard", "M001",
    )  # fmt: skip


def test_that_a_loan_recovers_does_not_undo_it_and_it_counts_once_a_period(database):
    with writing(database) as books:
        loan = good_loan(books)
        books.reclassify(loan, date(2026, 10, 10), "substandard")
        books.reclassify(loan, date(2026, 10, 20), "special_mention")
        books.reclassify(loan, date(2026, 11, 2), "doubtful")
        books.reclassify(loan, date(2026, 11, 12), "normal")
    assert fact(database).actual == 100
    (row,) = evidence(database, "R02", **QUARTER).rows
    assert (row["day"], row["class"], row["class_now"]) == ("2026-10-10", "substandard", "normal")
    assert fact(database, "R01").actual == 0  # it is good again


def test_a_bad_loan_that_gets_worse_is_not_bad_anew_but_one_cured_in_between_is(database):
    with writing(database) as books:
        for client, cured in (("C1", False), ("C2", True)):
            loan = good_loan(books, client)
            books.reclassify(loan, date(2026, 8, 3), "substandard")
            if cured:
                books.reclassify(loan, date(2026, 9, 1), "normal")
            books.reclassify(loan, date(2026, 10, 12), "loss")
    assert [row["client"] for row in evidence(database, "R02", **QUARTER).rows] == ["C2"]
    assert fact(database).actual == 50
    assert fact(database, period="2026Q3", as_of=date(2026, 9, 30)).actual == 100


def test_what_was_bad_when_the_records_begin_is_not_new_but_a_new_loans_first_class_may_be(
    database,
):
    day = date(2026, 10, 8)
    with writing(database) as books:
        books.client("C1", held=[("M001", OLD)])
        moves = [(OLD, "drawdown", MILLION)]
        books.loan("C1", "M001", day, moves, grade="loss")  # the first class there is, 8 October
        later = date(2026, 10, 20)
        new = books.loan("C1", "M001", later, [(later, "drawdown", MILLION)], grade="substandard")
    assert [row["id"] for row in evidence(database, "R02", **QUARTER).rows] == [new]


@pytest.mark.parametrize("kind", ["write_off", "transfer_out"])
def test_writing_it_off_on_the_very_day_does_not_hide_it(database, kind):
    day = date(2026, 10, 8)
    with writing(database) as books:
        books.client("C1", held=[("M001", OLD)])
        moves = [(OLD, "drawdown", 3 * MILLION), (day, kind, 3 * MILLION)]
        loan = books.loan("C1", "M001", OLD, moves)
        books.reclassify(loan, day, "loss")
    found = fact(database)
    # 3 m for the seven days to 7 October, over 47 days: 21 m ÷ 47; 3 ÷ that = 671.43 %
    assert found.actual == Decimal("671.428571")


@pytest.mark.parametrize(
    ("signed", "fell", "shares"),
    [
        # signed on 20 October 2025: its originator's to 19 October 2026
        (date(2025, 10, 20), date(2026, 10, 19), {"M001": 1}),
        (date(2025, 10, 20), date(2026, 10, 20), {"M001": Decimal("0.3"), "M002": Decimal("0.7")}),
        (OLD, date(2026, 10, 4), {"M002": 1}),  # the day before M001 took 30 %
    ],
)
def test_it_is_whose_answer_for_the_loan_on_that_day(database, signed, fell, shares):
    with writing(database) as books:
        held = [
            ("M002", OLD, date(2026, 10, 5)),
            ("M001", date(2026, 10, 5), None, 30),
            ("M002", date(2026, 10, 5), None, 70),
        ]
        loan = good_loan(books, held=held, signed=signed)
        books.reclassify(loan, fell, "substandard")
    every = facts(database, "2026Q4", AS_OF)
    bad = {who: each["R02"].numerator // (47 * 100) for who, each in every.items()}
    assert {who: amount for who, amount in bad.items() if amount} == {
        who: share * MILLION for who, share in shares.items()
    }
    whole = sum(each["R02"].denominator for each in every.values())
    assert whole == MILLION * 100 * 47  # nobody's twice, and nothing left out


def test_a_loan_counts_for_both_managers_the_days_each_answered_for_it(database):
    with writing(database) as books:
        good_loan(books, held=[("M001", OLD, date(2026, 10, 11)), ("M002", date(2026, 10, 11))])
    # Ten days in October are M001's, 37 of the 47 M002's.
    assert fact(database).denominator == 10 * MILLION * 100
    assert fact(database, manager="M002").denominator == 37 * MILLION * 100


def test_without_loans_there_is_no_ratio(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", OLD)])
    assert (fact(database).actual, fact(database).note) == (None, "no_loans")


def test_a_past_day_gives_its_figure_again_whatever_was_learnt_since(database):
    with writing(database) as books:
        loan = good_loan(books, "C1", MILLION)
        good_loan(books, "C2", 3 * MILLION)
        # On 10 November the bank says that it has been substandard since 20 October.
        books.reclassify(loan, date(2026, 10, 20), "substandard", known=date(2026, 11, 10))
        books.loaded(AS_OF)
    for before in (date(2026, 10, 30), date(2026, 11, 9)):
        assert fact(database, "R01", as_of=before).actual == 0
        assert fact(database, as_of=before).actual == 0
        assert evidence(database, "R02", period="2026Q4", as_of=before).count == 0
    for since in (date(2026, 11, 10), AS_OF):
        assert fact(database, "R01", as_of=since).actual == 25
        assert fact(database, as_of=since).actual == 25


def test_a_write_off_that_was_taken_back_is_owed_again(database):
    off, back = date(2026, 10, 8), date(2026, 11, 10)
    with writing(database) as books:
        books.client("C1", held=[("M001", OLD)])
        moves = [
            (OLD, "drawdown", MILLION),
            (off, "write_off", MILLION),
            (back, "reversal", MILLION, 2),
        ]
        books.loan("C1", "M001", OLD, moves, grade="special_mention")
    assert (
        fact(database, "R01", as_of=date(2026, 11, 9)).actual == 100
    )  # written off: added to both
    assert fact(database, "R01", as_of=back).actual == 0
    assert fact(database, "R01", as_of=back).denominator == MILLION * 100


# ---- laws: a recount, day by day and loan by loan

DAYS = st.integers(0, 46)
GRADES = ("normal", "special_mention", "substandard", "loss")


@st.composite
def loans(draw):
    drawn = draw(st.integers(-60, 46))
    return {
        "signed": date(2025, 9, 15) + timedelta(days=draw(st.integers(0, 80))),
        "originator": draw(st.sampled_from(["M001", "M002"])),
        "amount": draw(st.integers(1, 10**9)),
        "drawn": drawn,
        "repaid": draw(st.one_of(st.none(), st.tuples(DAYS, st.integers(1, 10**9)))),
        "classes": sorted(draw(st.dictionaries(DAYS, st.sampled_from(GRADES), max_size=3)).items()),
        "handover": draw(DAYS),
        "share": draw(st.integers(1, 100)),
    }


def answers(loan, day):
    """Who answers for a loan on a day, by share."""
    if loan["signed"] > months_before(day, 12):
        return {loan["originator"]: 100}
    handed_over = day >= FIRST + timedelta(days=loan["handover"])
    return {"M002": loan["share"]} if handed_over else {"M001": 100}


def owed(loan, day):
    balance = loan["amount"] if day >= FIRST + timedelta(days=loan["drawn"]) else 0
    if loan["repaid"] and day >= FIRST + timedelta(days=max(loan["repaid"][0], loan["drawn"])):
        balance -= min(loan["repaid"][1], loan["amount"])
    return balance


def recount(all_loans, manager):
    """(bad × share, Σ balance × share over the days)."""
    bad = whole = 0
    for loan in all_loans:
        for n in range(47):
            day = FIRST + timedelta(days=n)
            whole += owed(loan, day) * answers(loan, day).get(manager, 0)
        grade = "normal"
        for n, new in loan["classes"]:
            if new in NON_PERFORMING and grade not in NON_PERFORMING:
                day = FIRST + timedelta(days=n)
                bad += owed(loan, day) * answers(loan, day).get(manager, 0)
                break
            grade = new
    return bad, whole


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(loans(), min_size=1, max_size=4))
def test_it_is_what_a_recount_gives_and_evidence_adds_up_to_it(database, all_loans):
    with database.write() as tx:
        books = RiskBooks(tx)
        for n, loan in enumerate(all_loans):
            books.client(
                f"C{n}",
                held=[
                    ("M001", OLD, FIRST + timedelta(days=loan["handover"])),
                    ("M002", FIRST + timedelta(days=loan["handover"]), None, loan["share"]),
                ],
            )
            moves = [(FIRST + timedelta(days=loan["drawn"]), "drawdown", loan["amount"])]
            if loan["repaid"]:
                day = FIRST + timedelta(days=max(loan["repaid"][0], loan["drawn"]))
                moves.append((day, "repayment", min(loan["repaid"][1], loan["amount"])))
            made = books.loan(f"C{n}", loan["originator"], loan["signed"], moves)
            for day, grade in loan["classes"]:
                books.reclassify(made, FIRST + timedelta(days=day), grade)

        seen = Within(tx)
        both = measured(tx, quality_facts, AS_OF)
        for manager in ("M001", "M002"):
            found = both[manager]["R02"]
            shown = evidence(seen, "R02", manager, **QUARTER)
            bad, whole = recount(all_loans, manager)
            assert (found.numerator, found.denominator) == ((bad * 47, whole) if whole else (0, 0))
            assert sum(row["balance_fen"] * row["share_pct"] for row in shown.rows) == bad
            shown = evidence(seen, "R01", manager, **QUARTER)
            added = sum(row["bad_fen"] * row["share_pct"] for row in shown.rows)
            assert added == both[manager]["R01"].numerator
        tx.rollback()
