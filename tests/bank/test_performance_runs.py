"""A period scored, stored and read back: pace, vetoes, and the same run again."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import func, select

from bank.models import KpiResult, PlanVersion, ScoreRun
from bank.performance import latest_scorecard, score_period
from scoring.errors import PeriodError, SchemeError
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, Books

QUARTER, AS_OF = Period.parse("2026Q4"), date(2026, 11, 16)
NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
EARLY = date(2025, 6, 1)
MILLION = 1_000_000 * YUAN
seen: dict[str, str] = {}


def fill(books):
    """M001 with something in every indicator; M002 with a veto; M003 hardly there."""
    books.manager("M001")
    books.manager("M002")
    books.manager("M003", hired=date(2026, 11, 10))
    books.manager("M004", hired=date(2026, 11, 17))  # not yet there
    books.manager("M005", left=date(2026, 10, 1))  # gone before the quarter
    books.client("D", held=[("M001", EARLY)], base=5 * MILLION)
    books.account("D", [(EARLY, 13 * MILLION)])
    books.target("M001", "P01", 5 * MILLION)
    books.target("M001", "P02", 16 * MILLION)
    for client, tier in (("H1", "private"), ("H2", "premium")):
        books.client(client, tier=tier, held=[("M001", EARLY)])
    books.visit("H1", date(2026, 10, 1))  # ideal by 31 October, due by 15 November: overdue
    books.visit("H2", date(2026, 9, 28))  # ideal by 12 November, due by 27 November
    for n in range(4):
        books.client(f"S{n}", size="micro", held=[("M001", EARLY)])
        books.loan(f"S{n}", "M001", EARLY, [(EARLY, "drawdown", MILLION)])
    books.visit("S0", date(2026, 10, 20))
    books.visit("S1", date(2026, 10, 21))
    books.visit("S2", date(2026, 7, 1))
    books.visit("S3", date(2026, 9, 30))
    books.loan("D", "M001", date(2026, 10, 9), [(date(2026, 10, 9), "drawdown", 2 * MILLION)])
    for n in range(9):
        due = date(2026, 11, 10)
        books.warning(f"S{n % 4}", "M001", due, answered=due if n else date(2026, 11, 11))
    books.warning("S3", "M001", date(2026, 11, 18))
    books.course("M001", "aml", date(2026, 10, 30), [(date(2026, 10, 10), 90)])
    books.course("M002", "aml", date(2026, 10, 30), [(date(2026, 10, 10), 100)])
    books.incident("M002", "V1", date(2026, 10, 9), date(2026, 11, 2))


@contextmanager
def more(database):
    """Write on into books already begun."""
    with database.write() as tx:
        books = object.__new__(Books)
        books.tx, books.ids = tx, iter(range(1000, 2000))
        yield books


@pytest.fixture
def bank(database):
    with database.write() as tx:
        fill(Books(tx))
    return database


def card(bank, manager="M001", period=QUARTER, on=None):
    with bank.read() as tx:
        found = latest_scorecard(tx, manager, period, on)
    return found and found.card


def count(bank, model):
    with bank.read() as tx:
        return tx.scalar(select(func.count()).select_from(model))


def test_everyone_employed_in_the_period_so_far_is_scored(bank):
    summary = score_period(bank, QUARTER, AS_OF, NOW)
    assert summary.managers == 3
    assert (count(bank, ScoreRun), count(bank, KpiResult)) == (1, 3)
    with bank.read() as tx:
        run = latest_scorecard(tx, "M001", QUARTER).run
        assert latest_scorecard(tx, "M004", QUARTER) is None
        assert latest_scorecard(tx, "M001", Period.parse("2026")) is None
    assert (run.id, run.as_of, run.computed_at) == (summary.run_id, AS_OF, NOW)
    assert run.scheme == "account-manager-2026"


def test_a_whole_scorecard_by_hand(bank):
    score_period(bank, QUARTER, AS_OF, NOW)
    found = card(bank)
    seven = ("P01", "P02", "C03a", "C03b", "R01", "R03", "T02")
    actual = {each.id: each.actual for each in found.indicators() if each.id in seven}
    score = {each.id: each.score for each in found.indicators() if each.id in seven}
    assert actual == {
        "P01": 8 * MILLION,
        "P02": 2 * MILLION,
        "C03a": 100,  # H1 owed and seen on 1 October; H2 owed nothing by day 47 of 60
        "C03b": 50,
        "R01": 0,
        "R03": Decimal("88.888889"),  # 8 of 9
        "T02": 90,
    }
    # P02's plan so far: 1 m in October and 11 of November's 21 days: 1.523810 m → capped at 120.
    # P01's: the path averages 1.65 × 5 m = 8.27 m over the 47 days: 8 ÷ 8.27 → 96.73…
    assert Decimal(96) < score["P01"] < Decimal(98)
    # C03b: 50 ÷ 51.086957 % → 97.872340; R03: 100 × (88.888889 − 70) ÷ 25 = 75.555556
    # T02: 100 + 20 × (90 − 80) ÷ 20 = 110
    assert score == {
        "P01": score["P01"],
        "P02": 120,
        "C03a": 100,
        "C03b": Decimal("97.872340"),
        "R01": 120,
        "R03": Decimal("75.555556"),
        "T02": 110,
    }
    scored = [each for each in found.indicators() if each.score is not None]
    by_hand = sum(each.weight * each.score for each in scored) / 100
    by_hand += sum(item.points for item in found.items)  # no file of the clients' is filled: -2
    assert abs(found.score - by_hand) <= Decimal("0.0001")  # weights are told to six decimals
    assert found.grade == "excellent"


def test_pace_tells_what_the_rest_of_the_quarter_needs(bank):
    score_period(bank, QUARTER, AS_OF, NOW)
    pace = {each.indicator: each for each in card(bank).pace}
    loans, deposits = pace["P02"], pace["P01"]
    # 4 m planned for the quarter; 2 m are drawn; 10 business days left in November, 23 in December
    assert (loans.target, loans.needed, loans.days_left) == (4 * MILLION, 2 * MILLION, 33)
    assert loans.ahead == 2 * MILLION - loans.planned > 0
    # 45 calendar days left; (T × 92 − 8 m × 47) ÷ 45
    assert deposits.needed == (int(deposits.target) * 92 - 8 * MILLION * 47) // 45
    short = int(deposits.target) * 92 - 8 * MILLION * 92
    assert deposits.waiting.now == -(-short // 45)
    assert deposits.waiting.later == -(-short // 38)


def test_someone_leaving_in_the_quarter_has_till_the_last_day_worked(bank):
    with more(bank) as books:
        books.manager("M006", left=date(2026, 12, 1))
        books.client("E", held=[("M006", EARLY, date(2026, 12, 1))])
        books.account("E", [(EARLY, 3 * MILLION)])
        books.target("M006", "P01", 12 * MILLION)
    score_period(bank, QUARTER, AS_OF, NOW)
    (deposits,) = (each for each in card(bank, "M006").pace if each.indicator == "P01")
    # the target is a day-average of the whole quarter; 14 days are left to bring it in
    assert deposits.days_left == 14
    assert deposits.needed == (int(deposits.target) * 92 - 3 * MILLION * 47) // 14


def test_vetoes_cap_and_short_service_is_not_graded(bank):
    score_period(bank, QUARTER, AS_OF, NOW)
    vetoed = card(bank, "M002")
    # T02: 100 points of 100 → 120 at 4 × 1.5; no proposal is 0 at 2: 120 × 6 ÷ 8 = 90; V1 caps
    assert (vetoed.score, vetoed.grade) == (90, "needs_improvement")
    assert (vetoed.veto.code, vetoed.veto.grade_without) == ("V1", "excellent")
    hired = card(bank, "M003")
    # 10 November to 31 December are 52 days
    assert (hired.grade, hired.score) == ("not_graded", 0)  # without a proposal


def test_the_same_records_give_the_same_run_and_newer_ones_another(bank):
    first = score_period(bank, QUARTER, AS_OF, NOW)
    again = score_period(bank, QUARTER, AS_OF, NOW + timedelta(hours=1))
    assert again == first
    assert count(bank, ScoreRun) == 1
    with more(bank) as books:
        books.visit("S2", date(2026, 11, 16))
    changed = score_period(bank, QUARTER, AS_OF, NOW + timedelta(hours=2))
    assert changed.run_id != first.run_id
    assert {each.id: each.actual for each in card(bank).indicators()}["C03b"] == 75


def test_the_newest_business_day_is_shown_unless_an_earlier_one_is_asked_for(bank):
    score_period(bank, QUARTER, AS_OF, NOW)
    score_period(bank, QUARTER, date(2026, 11, 13), NOW + timedelta(hours=1))
    assert card(bank).as_of == AS_OF
    assert card(bank, on=date(2026, 11, 15)).as_of == date(2026, 11, 13)
    assert card(bank, on=date(2026, 11, 12)) is None


def test_a_year_is_scored_like_a_quarter(bank):
    year = Period.parse("2026")
    score_period(bank, year, AS_OF, NOW)
    actual = {each.id: each.actual for each in card(bank, period=year).indicators()}
    assert actual["P01"] == 8 * MILLION
    assert actual["P02"] == 2 * MILLION


def test_a_period_that_has_not_begun_is_refused_and_leaves_nothing(bank):
    with pytest.raises(PeriodError, match="2027Q1 begins on 2027-01-01"):
        score_period(bank, Period.parse("2027Q1"), AS_OF, NOW)
    assert count(bank, ScoreRun) == 0


def test_a_period_before_the_records_begin_is_refused_and_leaves_nothing(bank):
    # the first balance is of 1 June 2025
    with pytest.raises(PeriodError, match=r"2025Q1 by 2025-03-31: .* begin on 2025-06-01"):
        score_period(bank, Period.parse("2025Q1"), AS_OF, NOW)
    assert count(bank, ScoreRun) == 0
    assert score_period(bank, Period.parse("2025Q2"), AS_OF, NOW).managers


def test_two_processes_that_score_the_same_leave_one_run(bank):
    together = Barrier(2)

    def run():
        together.wait()
        return score_period(bank, QUARTER, AS_OF, NOW)

    with ThreadPoolExecutor(2) as pool:
        first, second = [each.result() for each in [pool.submit(run) for _ in range(2)]]
    assert first == second
    assert (count(bank, ScoreRun), count(bank, KpiResult)) == (1, first.managers)


def test_a_scheme_without_a_coefficient_for_some_account_is_refused(bank):
    lame = replace(default_scheme(), coefficients={"demand": 100})
    with pytest.raises(SchemeError, match="coefficients: add time, savings, margin"):
        score_period(bank, QUARTER, AS_OF, NOW, lame)


def test_the_scheme_a_run_used_is_kept_whole_and_once(bank):
    score_period(bank, QUARTER, AS_OF, NOW)
    score_period(bank, Period.parse("2026"), AS_OF, NOW + timedelta(hours=1))
    with bank.read() as tx:
        (plan,) = tx.execute(select(PlanVersion)).all()
        runs = tx.execute(select(ScoreRun.plan_id, ScoreRun.scheme)).all()
    assert set(runs) == {(plan.id, "account-manager-2026")}
    assert (plan.name, plan.recorded_at) == ("account-manager-2026", NOW)
    assert {each["id"]: each["weight"] for each in plan.content["indicators"]}["P01"] == (
        default_scheme().indicator("P01").weight
    )
    joining = replace(default_scheme().joining, graded_from_days=90)
    stricter = replace(default_scheme(), joining=joining)
    score_period(bank, QUARTER, AS_OF, NOW, stricter)
    assert count(bank, PlanVersion) == 2


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        (date(2026, 11, 3), date(2026, 11, 3)),
        (date(2026, 8, 3), date(2026, 8, 3)),  # what was so before may be so still
        (date(2026, 11, 17), None),  # after the last day the run looked at
    ],
)
def test_figures_say_that_a_correction_since_is_not_in_them(bank, first, shown):
    with more(bank) as books:
        books.correct("M001", date(2026, 10, 5))  # in the run already
    score_period(bank, QUARTER, AS_OF, NOW)
    with bank.read() as tx:
        assert latest_scorecard(tx, "M001", QUARTER).corrected_from is None
    with more(bank) as books:
        # An import that began before the run and ended after it.
        books.correct("M001", first, batch=2, at=NOW - timedelta(minutes=1))
    with bank.read() as tx:
        assert latest_scorecard(tx, "M001", QUARTER).corrected_from == shown
        assert latest_scorecard(tx, "M002", QUARTER).corrected_from is None
    score_period(bank, QUARTER, AS_OF, NOW + timedelta(hours=2))
    with bank.read() as tx:
        assert latest_scorecard(tx, "M001", QUARTER).corrected_from is None


def test_both_engines_give_the_same_scorecards_to_the_last_digit(bank):
    run = score_period(bank, QUARTER, AS_OF, NOW)
    cards = json.dumps([run.run_id, *(card(bank, who).to_json() for who in ("M001", "M002"))])
    assert seen.setdefault("cards", cards) == cards
