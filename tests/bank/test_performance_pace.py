"""Pace and targets of managers: joiners, leavers, leave, signed months, and what is out of reach."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bank.audit import Deed
from bank.calendar import known_year, load_calendar, published_calendar
from bank.performance.findings import find_all
from bank.targets import Holder, Terms, proposal_of, propose, sign
from scoring.milestones import decompose, shape_year
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, Books, facts

MILLION = 1_000_000 * YUAN
AS_OF = date(2026, 11, 16)
SHAPE = shape_year(2026, published_calendar().is_business)


def bank_of(database, *, hired=date(2020, 1, 1), left=None, drawn=(), target=10 * MILLION):
    """M001 with a client, a target of loans, and drawdowns [(day, fen)]."""
    with database.write() as tx:
        books = Books(tx)
        books.manager("M001", hired=hired, left=left)
        books.client("C1", held=[("M001", date(2025, 1, 1))])
        books.account("C1", [(date(2025, 1, 1), 0)])
        for day, fen in drawn:
            books.loan("C1", "M001", day, [(day, "drawdown", fen)])
        if target:
            books.target("M001", "P02", target)
    return database


def p02(database, *, period="2026Q4", as_of=AS_OF):
    return facts(database, period, as_of)["M001"]["P02"]


def pace(database, *, period="2026Q4", as_of=AS_OF):
    with database.read() as tx:
        (found,) = find_all(tx, default_scheme(), Period.parse(period), as_of)
    return next(each for each in found.pace if each.indicator == "P02")


def test_a_joiner_is_asked_for_what_is_left_past_the_ramp(database):
    bank_of(database, hired=date(2026, 7, 1))
    # July 0 %, August half, then all: 10 m × (½ + 2 + 4) ÷ 16 = 4.0625 m of the year,
    # (½ × 0.625 + 1.25) = 1.5625 m of the third quarter, 2.5 m of the fourth
    assert p02(database, period="2026").period_target == 406_250_000
    assert p02(database, period="2026Q3").period_target == 156_250_000
    assert p02(database).period_target == 250_000_000


def test_whoever_leaves_is_asked_up_to_the_last_day(database):
    bank_of(database, left=date(2026, 11, 1))
    # October of the fourth quarter: 0.625 m
    assert p02(database).period_target == 62_500_000


def test_under_sixty_days_there_is_a_score_and_no_grade(database):
    bank_of(database, hired=date(2026, 11, 10))
    with database.read() as tx:
        (found,) = find_all(tx, default_scheme(), Period.parse("2026Q4"), AS_OF)
    assert found.subject.exposure_days == 52
    assert default_scheme().graded_from_days == 60


def test_the_months_that_were_signed_are_asked_even_if_the_plan_would_weigh_otherwise(database):
    bank_of(database, target=0)
    months = (*([0] * 9), 5 * MILLION, 3 * MILLION, 2 * MILLION)
    terms = Terms(Holder("manager", "M001"), "P02", 2026, 1, 10 * MILLION, months, "")
    with database.write() as tx:
        deed = Deed("R001", "propose_target", date(2026, 1, 5), datetime(2026, 1, 5, 1, tzinfo=UTC))
        record = proposal_of(terms, deed)
        assert propose(tx, record, "above", deed)
        assert sign(tx, record, "below", deed)
    assert p02(database).period_target == 10 * MILLION
    # October's 5 m, and of November's 21 working days the 11 up to the 16th: 3 m × 11 ÷ 21,
    # week by week
    plan = decompose(10 * MILLION, SHAPE)
    assert p02(database).target != plan.planned(date(2026, 10, 1), AS_OF)
    assert abs(p02(database).target - (5 * MILLION + Decimal(3 * MILLION) * 11 / 21)) < 10


def test_what_is_missing_is_asked_of_the_month_and_the_week_that_run(database):
    bank_of(database, drawn=[(date(2026, 10, 20), 30_000_000)])
    found = pace(database)
    milestone = found.milestone
    # 2.5 m − 0.3 m = 2.2 m are missing; November has 10 of its 21 working days left and weighs
    # 1 × 10 ÷ 21, December 2: November takes 2.2 m × 10 ÷ 52 = 0.4231 m
    assert (milestone.month_of, milestone.month) == (date(2026, 11, 1), 62_500_000)
    assert milestone.month_now == 42_307_692
    # The week of the 16th has 4 of the 10 days left.
    assert (milestone.week_first, milestone.week_last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert milestone.week_now == 16_923_077
    # 2.2 m over 33 working days, in weeks of five: 2.2 m × 5 ÷ 33 = 0.3333 m
    assert milestone.per_week == 33_333_334


@pytest.mark.parametrize(("brought", "infeasible"), [(246_000_000, True), (247_000_000, False)])
def test_more_than_twice_the_best_thirteen_weeks_is_infeasible(database, brought, infeasible):
    # Of a year ago: 52 weeks before the 16th of November, brought ÷ 13 a week then.
    then = AS_OF - timedelta(days=52 * 7 - 30)
    bank_of(database, drawn=[(then, brought)])
    milestone = pace(database).milestone
    # 2.5 m are missing: 2.5 m × 5 ÷ 33 = 0.378788 m a week, against
    # 2 × 2.46 m ÷ 13 = 0.378462 m, or 2 × 2.47 m ÷ 13 = 0.38 m
    assert milestone.best == brought // 13
    assert milestone.per_week == 37_878_788
    assert milestone.infeasible is infeasible


def test_without_any_record_of_what_can_be_done_nothing_is_called_infeasible(database):
    bank_of(database)
    milestone = pace(database).milestone
    assert (milestone.best, milestone.infeasible) == (None, False)


def test_once_the_period_is_over_there_is_no_milestone(database):
    bank_of(database)
    assert pace(database, period="2026Q3").milestone is None


def test_the_calendar_of_next_year_is_provisional_and_still_sums(database):
    with database.read() as tx:
        calendar = load_calendar(tx)
        assert {day.provisional for day in known_year(tx, 2027)} == {True}
    plan = decompose(10 * MILLION, shape_year(2027, calendar.is_business))
    assert sum(plan.weeks) == sum(plan.months) == 10 * MILLION


def test_the_spring_festival_week_asks_for_nothing_and_the_one_before_has_six_days():
    weeks = {week.first: week for week in SHAPE.weeks}
    # ISO weeks 7 and 8 of 2026: 9 to 15 February with the make-up Saturday, and 16 to 22
    assert len(weeks[date(2026, 2, 9)].business_days) == 6
    assert weeks[date(2026, 2, 16)].business_days == ()
    plan = decompose(10 * MILLION, SHAPE)
    assert plan.planned(date(2026, 2, 16), date(2026, 2, 22)) == 0
