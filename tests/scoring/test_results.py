"""An appraisal's result, worked by hand, and what follows from it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.consequences import Outcome, follows, in_a_row, training_due
from scoring.grades import NOT_GRADED
from scoring.milestones import allocate
from scoring.pay import Volume, estimate
from scoring.raters import View
from scoring.results import Added, Inputs, Result, out_of_quota, quarter_of_peers, settle
from scoring.rules import Deferral, PayRules, UnitPrice
from scoring.scheme import default_scheme

SCHEME = default_scheme()
RULES = SCHEME.cycle
GRADES = [grade.id for grade in SCHEME.grades]


def quarter(score, *added, veto="", moved="", graded=True):
    items = tuple(Added(kind, Decimal(str(points)), "why", "row") for kind, points in added)
    value = None if score is None else Decimal(str(score))
    inputs = Inputs("quarter", value, graded, veto, items=items, moved=moved)
    return settle(SCHEME, RULES, inputs)


def test_a_quarter_is_its_indicators_and_what_was_reported():
    # 91.4 − 2.5 (risk) + 1 (clients) = 89.9: one tenth under excellent
    found = quarter(91.4, ("risk", -2.5), ("client", 1))
    assert (found.score, found.grade) == (Decimal("89.9"), "good")


def test_points_may_not_take_a_score_below_zero():
    assert quarter(4, ("risk", -10)).score == 0


def test_a_year_is_70_of_its_indicators_and_30_of_its_raters():
    views = (
        View("superior", Decimal(90), Decimal(50), 1),
        View("risk", Decimal(80), Decimal(30), 1),
        View("client", Decimal(70), Decimal(20), 1),
    )
    quarters = dict(zip(("2026Q1", "2026Q2", "2026Q3"), map(Decimal, (80, 84, 91)), strict=True))
    found = settle(
        SCHEME, RULES,
        Inputs("year", Decimal(87), True, quarters=quarters | {"2026Q4": None}, views=views),
    )  # fmt: skip
    # The quarters that were scored: (80 + 84 + 91) / 3 = 85; with the year's own: (85 + 87) / 2 = 86
    assert found.indicators == Decimal(86)
    # 90 × 0.5 + 80 × 0.3 + 70 × 0.2 = 83;  86 × 0.7 + 83 × 0.3 = 60.2 + 24.9 = 85.1
    assert (found.rated, found.score, found.grade) == (Decimal(83), Decimal("85.1"), "good")


def test_a_year_without_quarters_is_its_own_score():
    found = settle(SCHEME, RULES, Inputs("year", Decimal(87), True))
    assert (found.indicators, found.score) == (Decimal(87), Decimal(87))


@pytest.mark.parametrize(
    ("score", "added", "veto", "moved", "grade"),
    [
        (95, (), "", "", "excellent"),
        (95, (), "V1", "", "needs_improvement"),
        (95, (), "V2", "", "competent"),
        # A bonus comes before the veto: no points lift what it caps.
        (89, (("client", 3),), "V1", "", "needs_improvement"),
        (55, (), "V1", "", "unsatisfactory"),
        (85, (), "", "excellent", "excellent"),
        (85, (), "", "competent", "competent"),
        # Nor does the committee.
        (85, (), "V1", "excellent", "needs_improvement"),
        (85, (), "V2", "unsatisfactory", "unsatisfactory"),
    ],
)
def test_the_order_is_points_then_grade_then_the_committee_then_the_veto(
    score, added, veto, moved, grade
):
    assert quarter(score, *added, veto=veto, moved=moved).grade == grade


def test_who_has_no_score_or_too_few_days_has_no_grade_and_none_can_be_given():
    assert quarter(None, ("risk", -2)).score is None
    assert quarter(None, moved="good").grade == NOT_GRADED
    few = quarter(91, graded=False, moved="good", veto="V1")
    assert (few.score, few.grade) == (Decimal(91), NOT_GRADED)


results = st.builds(
    lambda score, points, veto, moved, graded: quarter(
        score, *(("risk", each) for each in points), veto=veto, moved=moved, graded=graded
    ),
    st.none() | st.decimals(0, 120, places=6), st.lists(st.decimals(-10, 3, places=2), max_size=4),
    st.sampled_from(["", "V1", "V2"]), st.sampled_from(["", *GRADES]), st.booleans(),
)  # fmt: skip


@given(results)
def test_a_result_reads_back_figure_for_figure(found):
    assert Result.from_json(found.to_json()) == found


@given(st.decimals(0, 120, places=6), st.sampled_from(["V1", "V2"]), st.sampled_from(GRADES))
def test_no_way_leads_above_a_vetos_cap(score, veto, moved):
    grade = quarter(score, ("client", 3), veto=veto, moved=moved).grade
    assert GRADES.index(grade) >= GRADES.index(SCHEME.vetoes[veto])


def test_a_quota_is_a_percent_of_those_graded_and_at_least_one():
    grades = ["excellent"] * 3 + ["good"] * 6 + [NOT_GRADED] * 10
    # 20 % of nine graded is 1.8, so one may be excellent: two too many
    assert out_of_quota(grades, {"excellent": 20}) == (("excellent", 2),)
    assert out_of_quota(["excellent", "good"], {"excellent": 20}) == ()
    assert out_of_quota(grades, {}) == ()


def test_somebody_learns_their_quarter_only_among_enough():
    scores = [Decimal(each) for each in (95, 90, 85, 80, 75, 70, 65, 60)]
    found = [quarter_of_peers(each, scores, 8) for each in scores]
    assert found == [1, 1, 2, 2, 3, 3, 4, 4]
    assert quarter_of_peers(Decimal(95), scores[:7], 8) is None


def run_of(*grades):
    """Quarters from 2026Q3 on; "x" has a veto, "-" was not graded."""
    periods = [f"{year}Q{number}" for year in (2026, 2027) for number in range(1, 5)][2:]
    named = {"E": "excellent", "x": "needs_improvement", "-": NOT_GRADED, "G": "good"}
    return [
        Outcome(period, named[grade], grade == "x")
        for period, grade in zip(periods, grades, strict=False)
    ]


@pytest.mark.parametrize(
    ("grades", "open_"),
    [
        ("E", False),
        ("EE", True),
        ("GEE", True),
        ("EGE", False),
        ("GEEG", False),  # the newest one must be excellent itself
        ("E-E", True),  # 2026Q3, then 2026Q4 not graded, then 2027Q1: it pauses over the year's end
        ("E--E", True),
        ("ExE", False),  # a veto breaks it
        ("ExEE", True),
        ("x-E", False),
        ("EE-", False),
        ("-E", False),
        ("", False),
    ],
)
def test_two_excellent_quarters_in_a_row(grades, open_):
    assert in_a_row(run_of(*grades), "excellent", 2) is open_


def test_quarters_in_a_row_cross_the_years_end():
    quarters = [Outcome("2026Q4", "excellent", False), Outcome("2027Q1", "excellent", False)]
    assert in_a_row(quarters, "excellent", 2)


def test_an_excellent_score_that_a_veto_capped_breaks_the_run_whatever_its_grade():
    quarters = [Outcome("2026Q3", "excellent", True), Outcome("2026Q4", "excellent", False)]
    assert not in_a_row(quarters, "excellent", 2)


@given(st.lists(st.sampled_from("EGx-"), max_size=6).map("".join))
def test_pauses_never_change_a_run_that_goes_on(grades):
    def opens(of):
        return in_a_row(run_of(*of, "E"), "excellent", 2)

    # No more periods are needed than there are.
    assert opens(grades[:5]) == opens(grades[:5].replace("-", ""))


def test_what_a_grade_entails():
    two = [Outcome("2026Q3", "excellent", False), Outcome("2026Q4", "excellent", False)]
    top = follows(RULES, "excellent", "", two)
    assert (top.promotion, top.development, top.pool, top.training) == (True, True, True, False)
    poor = follows(RULES, "needs_improvement", "", ())
    assert (poor.promotion, poor.development, poor.pool, poor.training) == (
        False, False, False, True,
    )  # fmt: skip
    capped = follows(RULES, "competent", "V2", ())
    assert (capped.promotion, capped.development, capped.training) == (False, False, False)


def test_a_training_plan_takes_30_business_days_and_is_called_to_mind_before_its_end():
    def add(day, count):
        """Business days of a calendar in which every day is one."""
        return day + timedelta(count)

    due, days = training_due(RULES.training, date(2026, 10, 26), add)
    assert due == date(2026, 11, 25)
    assert days == (date(2026, 11, 15), date(2026, 11, 22), date(2026, 11, 24))


PAY = PayRules(
    False,
    (UnitPrice("deposit", "corporate", Decimal(8)), UnitPrice("loan", "retail", Decimal("4.5"))),
    {"excellent": 100, "competent": 90},
    Deferral(40, (30, 30, 40)),
)


def test_a_pay_estimate_by_hand():
    volumes = [
        Volume("deposit", "corporate", 1_000_000_00),
        Volume("loan", "retail", 2_000_000_00),
        Volume("gold", "retail", 5_000_000_00),  # has no price
    ]
    found = estimate(PAY, volumes, "competent", Decimal("1.1"))
    # 1,000,000 × 8 bp = 800;  2,000,000 × 4.5 bp = 900;  1,700 × 90 % × 1.1 = 1,683.00
    assert found.gross == 1_683_00
    # 40 % of 1,683.00 is 673.20; in parts of 30, 30 and 40 %: 201.96, 201.96 and 269.28
    assert (found.deferred, found.parts) == (673_20, (201_96, 201_96, 269_28))
    assert found.now == 1_009_80
    assert found.to_json()["label"] == "estimate, not payroll"


def test_a_coefficient_of_zero_or_volumes_below_zero_pay_nothing_and_take_nothing():
    volume = [Volume("deposit", "corporate", 1_000_000_00)]
    assert estimate(PAY, volume, "competent", Decimal(0)).gross == 0
    fell = estimate(PAY, [replace(volume[0], fen=-1_000_000_00)], "excellent", Decimal("1.2"))
    assert (fell.gross, fell.now, fell.parts) == (0, 0, (0, 0, 0))


@given(
    st.integers(-(10**13), 10**13), st.integers(0, 100),
    st.lists(st.integers(1, 60), min_size=1, max_size=5),
)  # fmt: skip
def test_what_is_deferred_and_what_is_not_add_up(fen, pct, parts):
    rules = replace(PAY, deferral=Deferral(pct, tuple(allocate(100, parts))))
    found = estimate(rules, [Volume("deposit", "corporate", fen)], "excellent", Decimal("1.2"))
    assert found.now + found.deferred == found.gross >= 0
    assert sum(found.parts) == found.deferred
