"""Levers: what one act is worth, by scoring again with it and without it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.appraisal import score_manager
from scoring.curves import Between, Deduction, Linear, Steps
from scoring.levers import COMPULSORY, Action, Effect, Step, affected, levers, next_step
from tests.scoring.cases import (
    MILLION,
    PERIOD,
    SCHEME,
    SUBJECT,
    facts,
    money,
    points,
    ratio,
    unmeasured,
)

DUE = date(2026, 11, 20)
ONE = Fraction(1)


def warning(name="W1", due=date(2026, 11, 18)):
    return Action("warning", name, "C9", due, (Effect("R03", ONE, asked=ONE),))


def visit(client="C1", units=ONE, *, counted=True, indicator="C03a"):
    effect = Effect(indicator, units, asked=Fraction(0) if counted else units)
    return Action("visit", client, client, DUE, (effect,))


def renewal(fen, days, *, client="C1", **more):
    """A deposit that stays so many days of the year, or goes."""
    effect = Effect("P01", Fraction(0), lapsed=Fraction(-fen * days))
    return Action("renewal", "A1", client, DUE, (effect,), amount=fen, **more)


def averages(actual, target=10 * MILLION):
    """P01 as it ends: an average over the 365 days of the year."""
    fact = money("P01", actual, target)
    return replace(fact, numerator=actual * 365, denominator=365)


def test_a_warning_answered_in_time_against_one_let_lapse():
    """The specification's example at our weights: the tenth warning of ten."""
    (lever,) = levers(SCHEME, PERIOD, facts(R03=ratio("R03", 9, 9, "95")), [warning()])
    # answered: 10 of 10 → 120; lapsed: 9 of 10 → 80; 40 points × 5 %
    assert lever.points == Decimal(2)


def test_a_million_that_arrives_on_23_november():
    """23 November to 31 December are 39 days: 39/365 of a million is 0.107 m of average."""
    arrives = Action("renewal", "A1", "C1", DUE, (Effect("P01", Fraction(39 * MILLION)),), MILLION)
    base = averages(8 * MILLION)
    after = affected(SCHEME.indicator("P01"), base, arrives.effects[0], done=True)
    assert after.actual - base.actual == 10_684_932  # fen: 1,000,000 yuan × 39 ÷ 365
    (lever,) = levers(SCHEME, PERIOD, facts(P01=base), [arrives])
    # 0.10684932 ÷ 10 × 100 × 14 % = 0.149589
    assert lever.points == Decimal("0.149589")
    assert round(lever.points, 2) == Decimal("0.15")


def test_the_rank_is_points_times_probability_for_an_hour():
    (lever,) = levers(SCHEME, PERIOD, facts(), [visit()])
    # C03a from 8 of 10 to 9 of 10 owed: 80 → 90; 10 points × 3 %; 90 % likely, an hour and a half
    assert (lever.points, lever.client_id) == (Decimal("0.3"), "C1")
    assert (lever.probability, lever.hours) == (Decimal("0.9"), Decimal("1.5"))
    assert lever.value == Decimal("0.18")  # 0.3 × 0.9 ÷ 1.5


def test_a_visit_still_to_fall_due_counts_against_letting_it_lapse():
    (lever,) = levers(SCHEME, PERIOD, facts(), [visit(counted=False)])
    # 9 of 11 → 81.818182 against 8 of 11 → 72.727273; 9.090909 × 3 %
    assert lever.points == Decimal("0.272727")


def test_one_visit_may_lift_two_indicators():
    both = Action("visit", "C1", "C1", DUE, (Effect("C03a", ONE), Effect("C03b", ONE)))
    (lever,) = levers(SCHEME, PERIOD, facts(C03b=ratio("C03b", 8, 10, "100")), [both])
    # C03a 80 → 90 at 3 %, C03b 80 → 90 at 2 %
    assert (lever.points, lever.indicator) == (Decimal("0.5"), "C03a")


def test_an_exam_against_missing_it():
    exam = Action("exam", "aml", "", DUE, (Effect("T02", Fraction(85), asked=ONE),))
    once = replace(points("T02", "90", "80"), numerator=90, denominator=1)
    (lever,) = levers(SCHEME, PERIOD, facts(T02=once), [exam])
    # (90 + 85) ÷ 2 = 87.5 → 107.5; missed: 90 ÷ 2 = 45, under 50 → 0; 107.5 × 4 %
    assert lever.points == Decimal("4.3")


def test_a_loan_that_turns_bad_unless_somebody_collects():
    lapsed = Fraction(2)
    loan = Action(
        "overdue", "L1", "C1", DUE, (Effect("R02", Fraction(0), lapsed=lapsed),), amount=5
    )
    (lever,) = levers(SCHEME, PERIOD, facts(), [loan])
    # R02 stays at 2 ÷ 400 = 0.5 % → 100; with it 4 ÷ 400 = 1 % → 66.666667; 33.333333 × 8 %
    assert (lever.points, lever.amount) == (Decimal("2.666667"), 5)


def test_nothing_is_shown_above_a_cap():
    full = facts(C03b=ratio("C03b", 10, 10, "90"))
    assert levers(SCHEME, PERIOD, full, [visit(indicator="C03b", counted=False)]) == ()
    assert levers(SCHEME, PERIOD, facts(C03b=unmeasured("C03b")), [visit(indicator="C03b")]) == ()
    rich = facts(P01=averages(13 * MILLION))  # a million less is still above 120 %
    assert levers(SCHEME, PERIOD, rich, [renewal(MILLION, 39)]) == ()


def test_what_must_be_done_is_shown_even_where_it_brings_nothing():
    late = Action("warning", "W1", "C9", DUE, (Effect("R03", Fraction(0)),))
    (lever,) = levers(SCHEME, PERIOD, facts(), [late])
    assert (lever.points, lever.is_compulsory) == (0, True)


@pytest.mark.parametrize(
    ("more", "shown"), [({}, 1), ({"warned": True}, 0), ({"suitable": False}, 0)]
)
def test_nothing_is_sold_to_whom_it_does_not_suit_or_whose_warning_stands(more, shown):
    base = facts(P01=averages(8 * MILLION))
    assert len(levers(SCHEME, PERIOD, base, [renewal(MILLION, 39, **more)])) == shown
    seen = replace(visit(), **more)  # a visit sells nothing
    assert len(levers(SCHEME, PERIOD, base, [seen])) == 1


def test_money_for_one_day_is_worth_next_to_nothing():
    """A balance lifted for the last day alone counts 1/365."""
    base = facts(P01=averages(8 * MILLION))
    day, rest = (levers(SCHEME, PERIOD, base, [renewal(MILLION, n)])[0].points for n in (1, 39))
    assert day == Decimal("0.003836")  # 1 ÷ 365 ÷ 10 × 100 × 14 %
    assert rest / day > 38


def test_the_compulsory_come_first_by_deadline_then_the_most_an_hour_and_only_the_first_few():
    actions = [
        *(visit(f"C{n:02}") for n in range(20)),
        visit("half", counted=False),
        warning("W2", date(2026, 11, 20)),
        warning("W1", date(2026, 11, 17)),
    ]
    found = levers(SCHEME, PERIOD, facts(), actions)
    assert [lever.subject for lever in found[:3]] == ["W1", "W2", "C00"]
    assert len(found) == SCHEME.levers.most == 10


def test_what_is_missing_to_the_next_grade_and_step():
    (lever,) = levers(SCHEME, PERIOD, facts(), [visit()])
    done = score_manager(
        SCHEME, SUBJECT, facts(C03a=ratio("C03a", 9, 10, "100")), ()
    ).score  # in "good": 90 is the next
    assert Decimal(80) < done < Decimal(90)
    assert lever.to_grade == 90 - done
    assert lever.next_step == Step(Decimal(100), Decimal(100))  # the cap of C03a


@pytest.mark.parametrize(
    ("curve", "actual", "target", "step"),
    [
        (Linear(Decimal("0.6"), Decimal("1.2")), 5, 10, Step(Decimal(6), Decimal(60))),
        (Linear(Decimal("0.6"), Decimal("1.2")), 6, 10, Step(Decimal(10), Decimal(100))),
        (Linear(Decimal("0.6"), Decimal("1.2")), 12, 10, None),
        (Linear(Decimal("0.6"), Decimal("1.2")), 5, None, None),
        (Between(Decimal(0), Decimal(1), Decimal(8)), 3, 1, Step(Decimal(1), Decimal(100))),
        (Between(Decimal(0), Decimal(1), Decimal(2), "target"), 3, 2, Step(Decimal(2), Decimal(100))),
        (Between(Decimal(4), Decimal(0), Decimal(-4), "difference"), 9, 10, Step(Decimal(10), Decimal(100))),
        (Steps(((Decimal("0.9"), Decimal(60)), (Decimal(1), Decimal(100)))), 8, 10, Step(Decimal(9), Decimal(60))),
        (Deduction(Decimal(10)), 3, None, None),
    ],
)  # fmt: skip
def test_the_next_step_of_a_curve(curve, actual, target, step):
    aim = None if target is None else Decimal(target)
    assert next_step(curve, Decimal(actual), aim) == step


@given(
    made=st.integers(0, 20),
    more=st.integers(1, 20),
    counted=st.booleans(),
    kind=st.sampled_from(["C03a", "R03"]),
)
def test_points_are_the_difference_between_two_whole_scorecards(made, more, counted, kind):
    fact = ratio(kind, made, made + more, "95")
    action = visit(indicator=kind, counted=counted)
    done, lapsed = (
        score_manager(
            SCHEME,
            SUBJECT,
            facts(**{kind: affected(SCHEME.indicator(kind), fact, action.effects[0], done=done)}),
            (),
        ).score
        for done in (True, False)
    )
    found = levers(SCHEME, PERIOD, facts(**{kind: fact}), [action])
    assert [lever.points for lever in found] == ([done - lapsed] if done > lapsed else [])


@given(st.lists(st.sampled_from(["warning", "exam", "visit", "overdue", "recovery"]), max_size=12))
def test_nothing_comes_before_what_must_be_done(kinds):
    actions = [
        replace(visit(f"C{at}", counted=False), kind=kind, due_by=DUE)
        for at, kind in enumerate(kinds)
    ]
    found = [lever.kind in COMPULSORY for lever in levers(SCHEME, PERIOD, facts(), actions)]
    assert found == sorted(found, reverse=True)
