"""From facts to a scorecard: weights, missing indicators, grades, vetoes, and the JSON."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.appraisal import Subject, score_manager
from scoring.scorecard import Scorecard
from scoring.weights import weigh
from tests.scoring.cases import (
    AS_OF,
    MILLION,
    PERIOD,
    SCHEME,
    SUBJECT,
    facts,
    money,
    ratio,
    unmeasured,
    veto,
)

IDS = [indicator.id for indicator in SCHEME.indicators]
some_scores = st.fixed_dictionaries({i: st.none() | st.decimals(0, 120, places=6) for i in IDS})


def card(*, vetoes=(), subject=SUBJECT, **changes):
    return score_manager(SCHEME, subject, facts(**changes), vetoes)


def scored(card, indicator):
    return next(each for each in card.indicators() if each.id == indicator)


def test_a_scorecard_by_hand():
    """Each dimension is its indicators' weighted mean, the score the dimensions'."""
    result = card()
    by_dimension = {d.id: d.score for d in result.dimensions}
    assert by_dimension == {
        "performance": Decimal(63),  # (28 × 90 + 12 × 0) ÷ 40
        "client": Decimal(88),  # (12 × 80 + 8 × 100) ÷ 20
        "risk": Decimal(96),  # (16 × 110 + 14 × 80) ÷ 30
        "team": Decimal(105),
    }
    # 0.40 × 63 + 0.20 × 88 + 0.30 × 96 + 0.10 × 105 = 25.2 + 17.6 + 28.8 + 10.5
    assert result.score == Decimal("82.1")
    assert result.grade == "good"
    assert result.veto is None


def test_weights_of_unmeasured_indicators_go_to_their_dimension_first():
    result = card(R01=unmeasured("R01"))
    # risk is R03 alone: 80. 25.2 + 17.6 + 24 + 10.5
    assert result.score == Decimal("77.3")
    assert scored(result, "R03").weight == 30
    assert (scored(result, "R01").weight, scored(result, "R01").status) == (0, "na")
    assert scored(result, "R03").explain["weight"] == {"scheme": 14, "carried": 30}


def test_an_empty_dimension_gives_its_weight_to_the_others_in_proportion():
    result = card(T02=unmeasured("T02"))
    # (25.2 + 17.6 + 28.8) ÷ 0.9 = 71.6 ÷ 0.9
    assert result.score == Decimal("79.555556")
    assert [d.weight for d in result.dimensions] == [
        Decimal("44.444444"),
        Decimal("22.222222"),
        Decimal("33.333333"),
        0,
    ]
    assert result.dimensions[3].score is None


def test_nothing_measured_is_no_score_and_no_grade():
    result = card(**{i: unmeasured(i) for i in IDS})
    assert (result.score, result.grade) == (None, "not_graded")
    assert {each.explain["note"] for each in result.indicators()} == {"nothing_due"}


def test_an_indicator_the_bank_does_not_measure_is_shown_as_such():
    result = score_manager(SCHEME, SUBJECT, facts()[1:], ())
    assert scored(result, "P01").explain["note"] == "not_measured"
    assert scored(result, "P02").weight == 40


@pytest.mark.parametrize(
    ("target", "note"),
    [(None, "no_target"), (0, "target_not_positive"), (-1, "target_not_positive")],
)
def test_without_a_target_above_zero_there_is_nothing_to_attain(target, note):
    fact = money("P01", 5 * MILLION, target or 0)
    if target is None:
        fact = type(fact)("P01", AS_OF, fact.actual, None, None, 5 * MILLION, 1, 47)
    result = scored(card(P01=fact), "P01")
    assert (result.status, result.score, result.attainment) == ("na", None, None)
    assert result.explain["note"] == note
    assert result.actual == 5 * MILLION


@given(scores=some_scores)
def test_weights_carried_sum_to_a_hundred_and_the_score_is_their_mean(scores):
    weighed = weigh(SCHEME, scores)
    known = {i: Fraction(s) for i, s in scores.items() if s is not None}
    assert (weighed.score is None) == (not known)
    assert all((weighed.indicators[i] > 0) == (i in known) for i in IDS)
    if known:
        assert sum(weighed.indicators.values()) == 100
        assert sum(weight for weight, _ in weighed.dimensions.values()) == 100
        exact = sum(weighed.indicators[i] * s for i, s in known.items()) / 100
        assert abs(Fraction(weighed.score) - exact) <= Fraction(1, 2_000_000)
        assert min(known.values()) <= exact <= max(known.values())


@given(scores=some_scores)
def test_a_missing_indicator_changes_no_other_dimensions_proportions(scores):
    """Redistribution stays inside a dimension while it has any score."""
    carried = weigh(SCHEME, scores).dimensions
    present = [d for d in SCHEME.dimensions if carried[d.id][0]]
    whole = sum(d.weight for d in present)
    assert all(carried[d.id][0] == Fraction(100 * d.weight, whole) for d in present)


@pytest.mark.parametrize(
    ("codes", "grade", "code"),
    [
        (["V2"], "competent", "V2"),
        (["V1"], "needs_improvement", "V1"),
        (["V2", "V1"], "needs_improvement", "V1"),
    ],
)
def test_a_veto_caps_the_grade_after_the_score(codes, grade, code):
    result = card(vetoes=[veto(each, f"I{n}") for n, each in enumerate(codes)])
    assert (result.score, result.grade) == (Decimal("82.1"), grade)
    assert (result.veto.code, result.veto.grade_without) == (code, "good")
    assert len(result.veto.incidents) == len(codes)
    assert result.veto.incidents[0]["event_day"] == "2026-10-09"


def test_a_veto_never_lifts_a_grade():
    low = {i: ratio(i, 0, 10, "95") for i in ("C03a", "C03b", "R03")}
    result = card(vetoes=[veto("V2")], P01=money("P01", 0, MILLION), **low)
    assert result.grade == result.veto.grade_without == "unsatisfactory"


@pytest.mark.parametrize(("days", "grade"), [(59, "not_graded"), (60, "good")])
def test_under_sixty_days_employed_is_scored_but_not_graded(days, grade):
    result = card(subject=Subject("M001", PERIOD, AS_OF, days))
    assert (result.score, result.grade) == (Decimal("82.1"), grade)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("120", "excellent"),
        ("90", "excellent"),
        ("89.999999", "good"),
        ("80", "good"),
        ("70", "competent"),
        ("69.999999", "needs_improvement"),
        ("60", "needs_improvement"),
        ("0", "unsatisfactory"),
    ],
)
def test_grades_start_where_the_scheme_says(score, grade):
    only = {i: unmeasured(i) for i in IDS if i != "P01"}
    million = Decimal(MILLION)
    fact = money("P01", int(Decimal(score) * million / 100), MILLION)
    assert card(P01=fact, **only).grade == (grade if Decimal(score) else "unsatisfactory")


def test_every_figure_explains_itself():
    told = scored(card(), "R03").explain
    assert told["formula"]["zh"].startswith("按时首次响应")
    assert told["curve"]["en"].startswith("the value itself: 120 points at 100")
    assert told["inputs"] == {"numerator": 9, "denominator": 10, "days": 47, "period_target": 95}
    assert told["as_of"] == "2026-11-16"
    assert told["clause"] == "early-warning 第十五条"
    assert told["rows"] == {"count": 0, "items": []}
    assert told["note"] == ""


def test_attainment_is_told_only_where_more_is_better():
    result = card()
    assert scored(result, "P01").attainment == Decimal("0.9")
    assert scored(result, "R01").attainment is None


@given(scores=st.lists(st.decimals(0, 100, places=6), min_size=7, max_size=7))
def test_a_stored_scorecard_reads_back_figure_for_figure(scores):
    changes = {
        i: money(i, int(s * 1_000_000), MILLION) if i[0] == "P" else ratio(i, int(s), 101, "95")
        for i, s in zip(IDS, scores, strict=True)
    }
    written = card(vetoes=[veto("V2")], **changes)
    assert Scorecard.from_json(json.loads(json.dumps(written.to_json()))) == written


def test_the_json_has_the_keys_of_the_command_line():
    data = card().to_json()
    assert list(data) == [
        "manager",
        "period",
        "as_of",
        "score",
        "grade",
        "veto",
        "dimensions",
        "pace",
        "forecast",
        "levers",
    ]
    assert (data["score"], data["forecast"], data["as_of"]) == (82.1, None, "2026-11-16")
    first = data["dimensions"][0]["indicators"][0]
    assert (first["actual"], type(first["actual"])) == (9 * MILLION, int)
    assert date.fromisoformat(first["as_of"]) == AS_OF
