"""R00: which incidents, and which figures, veto a grade; alike on both engines."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from scoring.scheme import default_scheme
from tests.bank.books import YUAN, evidence
from tests.bank.risk_books import MILLION, cards, writing

AS_OF = date(2026, 11, 16)
OLD = date(2022, 5, 1)
DAY = date(2026, 10, 12)


def card(database, as_of=AS_OF, manager="M001"):
    return cards(database, "2026Q4", as_of)[manager]


def excellent(books):
    """M001 answers every warning in time: with nothing else to measure, 120 points."""
    books.client("W1", held=[("M001", OLD)])
    books.warning("W1", "M001", DAY, answered=DAY)


def lent(books, bad, *, off=0):
    """Loans of 100 m, of which so much went bad on 12 October and so much was written off."""
    books.client("C1", held=[("M001", OLD)])
    books.loan("C1", "M001", OLD, [(OLD, "drawdown", 100 * MILLION - bad)])
    moves = [(OLD, "drawdown", bad)] if bad else []
    if off:
        moves.append((DAY, "write_off", off))
    if bad:
        loan = books.loan("C1", "M001", OLD, moves)
        books.reclassify(loan, DAY, "loss")


def test_what_is_not_confirmed_by_the_day_has_no_effect(database):
    with writing(database) as books:
        excellent(books)
        books.incident("M001", "V1", DAY, DAY, state="reported")
        books.incident("M001", "V1", DAY, DAY, state="dismissed")
    assert card(database).veto is None
    assert card(database).grade == "excellent"


def test_a_v1_caps_at_needs_improvement_and_a_v2_at_competent(database):
    with writing(database) as books:
        excellent(books)
        books.incident("M001", "V2", DAY, date(2026, 10, 20))
        books.incident("M001", "V1", DAY, date(2026, 11, 2))
    assert [card(database, day).grade for day in (DAY, date(2026, 10, 20), AS_OF)] == [
        "excellent", "competent", "needs_improvement",
    ]  # fmt: skip
    found = card(database)
    assert (found.veto.code, found.veto.grade_without) == ("V1", "excellent")
    shown = evidence(database, "R00", period="2026Q4", as_of=AS_OF)
    assert [row["code"] for row in shown.rows] == ["V2", "V1"]
    gate = next(each for each in found.indicators() if each.id == "R00")
    assert gate.actual == shown.count == 2


@pytest.mark.parametrize(
    ("bad", "grades"),
    [
        (3 * MILLION, None),  # 3 % of 100 m, all 47 days: at the limit is not over it
        (3 * MILLION + 100 * YUAN, "V2"),
    ],
)
def test_new_bad_loans_over_the_limit_are_a_v2_that_nobody_has_to_report(database, bad, grades):
    with writing(database) as books:
        excellent(books)
        lent(books, bad)
    found = card(database)
    ratio = next(each for each in found.indicators() if each.id == "R02").actual
    limit = default_scheme().formation.veto_over_pct
    assert (ratio > limit) == (grades is not None)
    if grades is None:
        assert found.veto is None
        return
    (incident,) = found.veto.incidents
    assert (incident["id"], incident["code"], incident["limit"]) == ("R02", "V2", 3)
    assert incident["actual"] == pytest.approx(3.0001)
    assert (incident["event_day"], found.veto.code) == ("2026-11-16", "V2")
    (row,) = evidence(database, "R00", period="2026Q4", as_of=AS_OF).rows
    assert (row["id"], row["limit"]) == ("R02", "3")


@pytest.mark.parametrize(("off", "over"), [(MILLION, False), (MILLION + YUAN, True)])
def test_a_loss_over_the_limit_is_a_v2(database, off, over):
    with writing(database) as books:
        excellent(books)
        lent(books, 2 * MILLION, off=off)
    found = card(database)
    assert (found.veto is not None) == over
    if over:
        (incident,) = found.veto.incidents
        assert (incident["id"], incident["actual"], incident["limit"]) == (
            "R00", MILLION + YUAN, MILLION,
        )  # fmt: skip
    assert card(database, DAY - timedelta(days=1)).veto is None  # before it was written off


def test_a_loss_is_borne_by_share_and_by_whom_it_was_on_the_day(database):
    with writing(database) as books:
        held = [("M001", OLD, None, 45), ("M002", OLD, None, 55)]
        books.client("C1", held=held)
        moves = [(OLD, "drawdown", 2 * MILLION), (DAY, "write_off", 2 * MILLION)]
        books.loan("C1", "M001", OLD, moves)
    assert card(database).veto is None  # 0.9 m
    (incident,) = card(database, manager="M002").veto.incidents
    assert incident["actual"] == Decimal("1.1") * MILLION


@pytest.mark.parametrize("item", ["R02", "R00"])
def test_an_appeal_upheld_against_the_figure_lifts_its_veto_from_that_day(database, item):
    decided = date(2026, 11, 10)
    with writing(database) as books:
        excellent(books)
        if item == "R02":
            lent(books, 4 * MILLION)
        else:
            lent(books, 2 * MILLION, off=2 * MILLION)
        books.appeal("M001", "2026Q4", item, decided)
        books.appeal("M001", "2026Q3", "R02", decided)
        books.appeal("M001", "2026Q4", "R03", decided)
    assert card(database, decided - timedelta(days=1)).veto is not None
    assert card(database, decided).veto is None


def test_an_appeal_that_was_rejected_lifts_nothing(database):
    with writing(database) as books:
        excellent(books)
        lent(books, 4 * MILLION)
        books.appeal("M001", "2026Q4", "R02", DAY, state="rejected")
    assert card(database).veto is not None


def test_a_veto_caps_the_grade_and_leaves_the_score(database):
    with writing(database) as books:
        excellent(books)
        books.incident("M001", "V1", DAY, date(2026, 11, 2))
    before, after = card(database, date(2026, 11, 1)), card(database, date(2026, 11, 2))
    assert before.score == after.score
    assert (before.grade, after.grade) == ("excellent", "needs_improvement")
