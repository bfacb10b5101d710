"""From facts to a scorecard: items, grades, vetoes in their order, what is told, and the JSON."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.appraisal import Subject, score_manager
from scoring.grades import grade_of
from scoring.scorecard import Scorecard
from tests.scoring.cases import (
    AS_OF,
    MILLION,
    PERIOD,
    QUARTER,
    SCHEME,
    SUBJECT,
    WEIGHED,
    facts,
    money,
    points,
    ratio,
    unmeasured,
    veto,
)

D = Decimal


def card(*, vetoes=(), subject=SUBJECT, scheme=SCHEME, **changes):
    return score_manager(scheme, subject, facts(**changes), vetoes)


def scored(card, indicator):
    return next(each for each in card.indicators() if each.id == indicator)


def test_a_scorecard_by_hand():
    """Each dimension is its indicators' weighted mean, the score the dimensions'."""
    result = card()
    assert {d.id: d.score for d in result.dimensions} == {
        # (14 × 90 + 3 × 0 + 4 × 100 + 3 × 100 + 7 × 0 + 5 × 80 + 4 × 120) ÷ 40 = 2,840 ÷ 40
        "performance": D(71),
        # (4 × 110 + 3 × 120 + 4 × 100 + 2 × 100 + 3 × 80 + 2 × 100 + 2 × 100) ÷ 20 = 2,040 ÷ 20
        "client": D(102),
        # (7 × 110 + 8 × 100 + 5 × 80 + 6 × 100 + 4 × 100) ÷ 30 = 2,970 ÷ 30
        "risk": D(99),
        # (4 × 100 + 4 × 105 + 2 × 40) ÷ 10 = 900 ÷ 10
        "team": D(90),
    }
    # 0.40 × 71 + 0.20 × 102 + 0.30 × 99 + 0.10 × 90 = 28.4 + 20.4 + 29.7 + 9
    assert result.score == D("87.5")
    assert (result.grade, result.profile) == ("good", "annual")
    assert result.veto is None
    assert (result.moved, result.items) == ((), ())


def test_the_same_facts_in_a_quarter_count_the_process_half_as_much_again():
    result = card(subject=replace(SUBJECT, period=QUARTER, exposure_days=92))
    # points × weight in the year: 8,750 of 100. More by half: C03a 1.5 × 80, C03b 1 × 100,
    # R03 2.5 × 80, R04 3 × 100, T02 2 × 105 = 120 + 100 + 200 + 300 + 210 = 930, for a weight of 10
    assert result.score == D(88)  # (8,750 + 930) ÷ 110
    assert result.profile == "quarterly"
    # R03: 7.5 ÷ 110; the risk dimension: 35.5 ÷ 110
    told = scored(result, "R03").explain["weight"]
    assert told == {"scheme": 5, "profile": 6.818182, "carried": 6.818182, "from": [], "to": []}
    assert {d.id: d.weight for d in result.dimensions}["risk"] == D("32.272727")


def test_nothing_measured_is_no_score_and_no_grade():
    result = card(**{i: unmeasured(i) for i in WEIGHED})
    assert (result.score, result.grade, result.moved) == (None, "not_graded", ())
    assert {scored(result, i).explain["note"] for i in WEIGHED} == {"nothing_due"}


def test_an_indicator_the_bank_does_not_measure_is_shown_as_such():
    result = score_manager(SCHEME, SUBJECT, facts()[1:], ())
    assert scored(result, "P01").explain["note"] == "not_measured"
    assert scored(result, "P02").weight == D("4.615385")  # 3 × 40 ÷ 26


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


# ---- items, then vetoes


@pytest.mark.parametrize(
    ("certificates", "files", "adds", "score"),
    [
        (0, 100, {}, "87.5"),
        (1, 100, {"B01": D("0.5")}, "88"),  # 0.5 for one
        (5, 100, {"B01": D(1)}, "88.5"),  # 5 × 0.5 = 2.5, at most 1
        (0, 80, {}, "87.5"),  # at the start: nothing
        (0, 70, {"D01": D(-1)}, "86.5"),  # 10 below 80 × −0.1
        (0, 20, {"D01": D(-2)}, "85.5"),  # 60 × −0.1 = −6, at most 2
        (2, 70, {"B01": D(1), "D01": D(-1)}, "87.5"),
    ],
)
def test_items_add_and_deduct_up_to_their_caps(certificates, files, adds, score):
    result = card(S10=points("S10", certificates, 1), S07=ratio("S07", files, 100, "95"))
    assert {item.id: item.points for item in result.items} == adds
    assert result.score == D(score)


def test_what_an_item_looks_at_and_is_not_measured_gives_nothing():
    assert card(S10=unmeasured("S10"), S07=unmeasured("S07")).items == ()


def test_items_alone_are_no_score():
    nothing = {i: unmeasured(i) for i in WEIGHED}
    assert card(S10=points("S10", 1, 1), **nothing).score is None


@given(
    each=st.decimals(-10, 10, places=2).filter(bool),
    start=st.decimals(-100, 100, places=2),
    cap=st.decimals("0.01", 5, places=2),
    side=st.sampled_from(["above", "below"]),
    actual=st.decimals(-1000, 1000, places=2),
)
def test_no_item_moves_the_score_by_more_than_its_cap(each, start, cap, side, actual):
    rule = replace(SCHEME.items[0], each=each, start=start, cap=cap, side=side)
    scheme = replace(SCHEME, items=(rule,))
    result = card(scheme=scheme, S10=points("S10", actual, 1))
    assert abs(result.score - D("87.5")) <= cap <= 5
    assert result.score == D("87.5") + sum(item.points for item in result.items)


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
    assert (result.score, result.grade) == (D("87.5"), grade)
    assert (result.veto.code, result.veto.grade_without) == (code, "good")
    assert len(result.veto.incidents) == len(codes)
    assert result.veto.incidents[0]["event_day"] == "2026-10-09"


def test_no_bonus_lifts_a_grade_over_a_veto():
    """The order is fixed: 89.5 and 1 point more are excellent, and then the veto caps it."""
    near = {"P01": money("P01", 104 * MILLION // 10, 10 * MILLION)}  # 104: 14 × 14 = 196 points
    bonus = points("S10", 2, 1)
    assert card(**near).score == D("89.46")  # 87.5 + 1.96
    assert card(**near).grade == "good"
    assert card(S10=bonus, **near).grade == "excellent"
    vetoed = card(S10=bonus, vetoes=[veto("V2")], **near)
    assert (vetoed.score, vetoed.grade) == (D("90.46"), "competent")
    assert vetoed.veto.grade_without == "excellent"


@given(
    deposits=st.integers(0, 12),
    certificates=st.integers(0, 3),
    codes=st.lists(st.sampled_from(["V1", "V2"]), max_size=3),
)
def test_the_grade_is_the_worse_of_the_scores_and_every_cap(deposits, certificates, codes):
    changes = {"P01": money("P01", deposits * MILLION, 10 * MILLION)}
    changes["S10"] = points("S10", certificates, 1)
    result = card(vetoes=[veto(code, f"I{n}") for n, code in enumerate(codes)], **changes)
    assert result.score == card(**changes).score  # a veto takes no points
    order = [grade.id for grade in SCHEME.grades]
    reached = grade_of(SCHEME.grades, result.score)
    assert result.grade == max([reached, *(SCHEME.vetoes[c] for c in codes)], key=order.index)


def test_a_veto_never_lifts_a_grade():
    low = {i: ratio(i, 0, 10, "95") for i in ("C03a", "C03b", "R03", "R04", "C02b", "C04")}
    poor = {i: money(i, 0, MILLION) for i in ("P01", "P02a", "P02b", "P04", "P05", "R05")}
    result = card(vetoes=[veto("V2")], **low, **poor)
    assert result.grade == result.veto.grade_without == "unsatisfactory"


@pytest.mark.parametrize(("days", "grade"), [(59, "not_graded"), (60, "good")])
def test_under_sixty_days_employed_is_scored_but_not_graded(days, grade):
    result = card(subject=Subject("M001", PERIOD, AS_OF, days))
    assert (result.score, result.grade) == (D("87.5"), grade)


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
    only = {i: unmeasured(i) for i in WEIGHED if i != "P01"}
    fact = money("P01", int(D(score) * MILLION / 100), MILLION)
    assert card(P01=fact, **only).grade == grade


def test_the_gate_shows_how_many_incidents_are_confirmed_and_carries_nothing():
    told = scored(card(vetoes=[veto("V1"), veto("V2", "I2")]), "R00")
    assert (told.actual, told.score, told.weight, told.status) == (2, 0, 0, "ok")
    assert scored(card(), "R00").actual == 0


# ---- parts and monitored indicators


def test_a_part_without_a_weight_is_scored_beside_its_whole_and_carries_nothing():
    result = card(R04a=ratio("R04a", 80, 100, "95"))
    told = scored(result, "R04a")
    assert (told.parent, told.score, told.weight, told.status) == ("R04", 0, 0, "ok")
    assert result.score == D("87.5")


def test_a_monitored_indicator_is_shown_apart_and_never_scored():
    result = card(S01=ratio("S01", 30, 100, "40"))
    told = next(each for each in result.monitored if each.id == "S01")
    assert (told.actual, told.score, told.weight, told.status) == (30, None, 0, "ok")
    assert [each.id for each in result.monitored][:3] == ["S01", "S02", "S03"]
    assert all(each.id[0] != "S" for d in result.dimensions for each in d.indicators)
    assert result.score == D("87.5")
    assert {each.status for each in result.monitored if each.id != "S01"} == {"na"}


def test_a_monitored_indicator_with_a_weight_is_scored_in_its_dimension():
    lighter = {"S05": 3, "R03": 2}
    indicators = tuple(
        replace(each, weight=lighter.get(each.id, each.weight)) for each in SCHEME.indicators
    )
    result = card(scheme=replace(SCHEME, indicators=indicators), S05=ratio("S05", 100, 100, "100"))
    # risk: 2,970 − 3 × 80 + 3 × 100 = 3,030 → ÷ 30 = 101
    assert {d.id: d.score for d in result.dimensions}["risk"] == 101
    assert "S05" not in {each.id for each in result.monitored}


# ---- what is told


def test_every_figure_explains_itself():
    told = scored(card(), "R03").explain
    assert told["formula"]["zh"].startswith("按时首次响应")
    assert told["curve"]["en"].startswith("the value itself: 120 points at 100")
    assert told["inputs"] == {"numerator": 9, "denominator": 10, "days": 47, "period_target": 95}
    assert told["as_of"] == "2026-11-16"
    assert told["clause"] == "early-warning 第十五条"
    assert told["attribution"] == "event"
    assert told["weight"] == {"scheme": 5, "profile": 5, "carried": 5, "from": [], "to": []}
    assert told["note"] == ""


def test_attainment_is_told_only_where_more_is_better():
    result = card()
    assert scored(result, "P01").attainment == D("0.9")
    assert scored(result, "R01").attainment is None


@given(reached=st.fixed_dictionaries({i: st.integers(0, 130) for i in WEIGHED}))
def test_a_stored_scorecard_reads_back_figure_for_figure(reached):
    changes = {
        i: money(i, share * MILLION // 100, MILLION) if i[0] == "P" else ratio(i, share, 131, "95")
        for i, share in reached.items()
    }
    changes["S10"] = points("S10", 1, 1)
    changes["T01"] = unmeasured("T01")
    written = card(vetoes=[veto("V2")], **changes)
    assert written.items
    assert written.moved
    assert Scorecard.from_json(json.loads(json.dumps(written.to_json()))) == written


def test_a_scorecard_stored_before_there_were_profiles_reads_back():
    data = card().to_json()
    for key in ("monitored", "items", "moved", "profile"):
        del data[key]
    for indicator in (i for d in data["dimensions"] for i in d["indicators"]):
        del indicator["parent"]
    found = Scorecard.from_json(data)
    assert (found.score, found.monitored, found.items, found.moved) == (D("87.5"), (), (), ())


def test_the_json_has_the_keys_of_the_command_line():
    data = card(T01=unmeasured("T01")).to_json()
    assert list(data) == [
        "manager",
        "period",
        "as_of",
        "score",
        "grade",
        "veto",
        "dimensions",
        "pace",
        "monitored",
        "items",
        "moved",
        "profile",
    ]
    assert data["as_of"] == "2026-11-16"
    assert data["moved"] == [
        {"indicator": "T01", "weight": 4, "how": "dimension", "to": ["T02", "T03"]}
    ]
    first = data["dimensions"][0]["indicators"][0]
    assert (first["actual"], type(first["actual"])) == (9 * MILLION, int)
    assert date.fromisoformat(first["as_of"]) == AS_OF
