"""Levers: what one more visit or answer is worth, by scoring again."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from scoring.appraisal import score_manager
from scoring.levers import SHOWN, Duty, Effect, affected, levers
from tests.scoring.cases import PERIOD, SCHEME, SUBJECT, facts, ratio, unmeasured


def warning(name="W1", due=date(2026, 11, 18)):
    return Duty("warning", name, "C9", due, (Effect("R03", 1, counted=False),))


def visit(client="C1", units=1, *, counted=True, indicator="C03a"):
    effect = Effect(indicator, units, counted=counted)
    return Duty("visit", client, client, date(2026, 11, 20), (effect,))


def test_a_warning_answered_in_time_against_one_let_lapse():
    """The specification's example at our weights: the tenth warning of ten."""
    (lever,) = levers(SCHEME, PERIOD, facts(R03=ratio("R03", 9, 9, "95")), [warning()])
    # answered: 10 of 10 → 120; lapsed: 9 of 10 → 80; 40 points × 5 %
    assert lever.points == Decimal(2)


def test_a_visit_that_is_owed_already():
    (lever,) = levers(SCHEME, PERIOD, facts(), [visit()])
    # C03a from 8 of 10 to 9 of 10 owed: 80 → 90; 10 points × 3 %
    assert (lever.points, lever.client_id) == (Decimal("0.3"), "C1")


def test_a_visit_still_to_fall_due_counts_against_letting_it_lapse():
    (lever,) = levers(SCHEME, PERIOD, facts(), [visit(counted=False)])
    # 9 of 11 → 81.818182 against 8 of 11 → 72.727273; 9.090909 × 3 %
    assert lever.points == Decimal("0.272727")


def test_one_visit_may_lift_two_indicators():
    both = Duty(
        "visit",
        "C1",
        "C1",
        date(2026, 11, 20),
        (Effect("C03a", 1, counted=True), Effect("C03b", 1, counted=True)),
    )
    (lever,) = levers(SCHEME, PERIOD, facts(C03b=ratio("C03b", 8, 10, "100")), [both])
    # C03a 80 → 90 at 3 %, C03b 80 → 90 at 2 %
    assert (lever.points, lever.indicator) == (Decimal("0.5"), "C03a")


def test_nothing_is_shown_that_lifts_nothing():
    full = facts(C03b=ratio("C03b", 10, 10, "90"))  # already above the cap
    assert levers(SCHEME, PERIOD, full, [visit(indicator="C03b", counted=False)]) == ()
    assert levers(SCHEME, PERIOD, facts(C03b=unmeasured("C03b")), [visit(indicator="C03b")]) == ()


def test_deadlines_come_first_then_the_most_points_and_only_the_first_few():
    duties = [
        *(visit(f"C{n:02}") for n in range(20)),
        visit("half", counted=False),
        warning("W2", date(2026, 11, 20)),
        warning("W1", date(2026, 11, 17)),
    ]
    found = levers(SCHEME, PERIOD, facts(), duties)
    assert [lever.subject for lever in found[:3]] == ["W1", "W2", "C00"]
    assert len(found) == SHOWN


@given(
    made=st.integers(0, 20),
    more=st.integers(1, 20),
    counted=st.booleans(),
    kind=st.sampled_from(["C03a", "R03"]),
)
def test_points_are_the_difference_between_two_whole_scorecards(made, more, counted, kind):
    fact = ratio(kind, made, made + more, "95")
    duty = visit(indicator=kind, counted=counted)
    done, lapsed = (
        score_manager(
            SCHEME, SUBJECT, facts(**{kind: affected(fact, duty.effects[0], done=done)}), ()
        ).score
        for done in (True, False)
    )
    found = levers(SCHEME, PERIOD, facts(**{kind: fact}), [duty])
    assert [lever.points for lever in found] == ([done - lapsed] if done > lapsed else [])
