"""Weights: who carries what cannot be measured, by hand and as laws."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.appraisal import score_manager
from scoring.indicators import CATALOGUE
from scoring.weights import total_score, weigh, weights_of
from tests.scoring.cases import PERIOD, QUARTER, SCHEME, SUBJECT, WEIGHED, facts, unmeasured

D = Decimal
some_scores = st.fixed_dictionaries({i: st.none() | st.decimals(0, 120, places=6) for i in WEIGHED})
all_scores = st.fixed_dictionaries({i: st.decimals(0, 120, places=6) for i in WEIGHED})
periods = st.sampled_from([PERIOD, QUARTER])
DIMENSION = {indicator.id: indicator.dimension for indicator in SCHEME.indicators}
GIVES = {indicator.id: indicator.gives_to for indicator in SCHEME.indicators}


def card(**changes):
    return score_manager(SCHEME, SUBJECT, facts(**changes), ())


def scored(card, indicator):
    return next(each for each in card.indicators() if each.id == indicator)


def moved(card):
    return {each.indicator: (each.weight, each.how, each.to) for each in card.moved}


# ---- examples


def test_the_default_weights_are_the_specifications():
    weights = {i.id: i.weight for i in SCHEME.indicators}
    assert set(weights) == set(CATALOGUE)
    sums = {
        "performance": 14 + 3 + 4 + 3 + 0 + 7 + 5 + 4,  # P01, P02, a, b, c, P03, P04, P05: 40
        "client": 4 + 3 + 4 + 2 + 3 + 2 + 2,  # C01a, b, C02a, b, C03a, b, C04: 20
        "risk": 7 + 8 + 5 + 6 + 4,  # R01 to R05: 30
        "team": 4 + 4 + 2,  # T01 to T03: 10
    }
    assert {d.id: d.weight for d in SCHEME.dimensions} == sums
    assert [weights[i] for i in WEIGHED] == [
        *(14, 3, 4, 3, 7, 5, 4),
        *(4, 3, 4, 2, 3, 2, 2),
        *(7, 8, 5, 6, 4),
        *(4, 4, 2),
    ]


def test_weights_of_unmeasured_indicators_go_to_their_dimension_first():
    result = card(R03=unmeasured("R03"))
    # risk without R03: (2,970 − 5 × 80) ÷ 25 = 102.8; 28.4 + 20.4 + 0.3 × 102.8 + 9
    assert result.score == D("88.64")
    assert scored(result, "R01").weight == D("8.4")  # 7 × 30 ÷ 25
    assert (scored(result, "R03").weight, scored(result, "R03").status) == (0, "na")
    told = scored(result, "R04").explain["weight"]
    assert told == {"scheme": 6, "profile": 6, "carried": 7.2, "from": ["R03"], "to": []}
    assert moved(result) == {"R03": (D(5), "dimension", ("R01", "R02", "R04", "R05"))}


def test_an_empty_dimension_gives_its_weight_to_the_others_in_proportion():
    result = card(**{i: unmeasured(i) for i in ("T01", "T02", "T03")})
    # (28.4 + 20.4 + 29.7) ÷ 0.9 = 78.5 ÷ 0.9
    assert result.score == D("87.222222")
    assert [d.weight for d in result.dimensions] == [
        D("44.444444"),
        D("22.222222"),
        D("33.333333"),
        0,
    ]
    assert result.dimensions[3].score is None
    assert moved(result)["T03"] == (D(2), "others", ("performance", "client", "risk"))
    assert scored(result, "P01").explain["weight"]["from"] == ["T01", "T02", "T03"]


def test_no_bad_loans_and_no_target_give_the_recoverys_weight_to_the_existing_bad_loans():
    result = card(R05=unmeasured("R05"))
    # R01 carries 7 + 4: (11 × 110 + 8 × 100 + 5 × 80 + 6 × 100) ÷ 30 = 3,010 ÷ 30 = 100.3333…
    assert {d.id: d.score for d in result.dimensions}["risk"] == D("100.333333")
    assert [scored(result, i).weight for i in ("R01", "R02", "R05")] == [11, 8, 0]
    assert moved(result) == {"R05": (D(4), "indicator", ("R01",))}


def test_without_either_the_dimension_carries_both():
    result = card(R05=unmeasured("R05"), R01=unmeasured("R01"))
    # (8 × 100 + 5 × 80 + 6 × 100) ÷ 19 = 1,800 ÷ 19
    assert {d.id: d.score for d in result.dimensions}["risk"] == D("94.736842")
    carriers = ("R02", "R03", "R04")
    assert moved(result) == {
        "R01": (D(7), "dimension", carriers),
        "R05": (D(4), "dimension", carriers),
    }


@pytest.mark.parametrize(("period", "profile"), [(PERIOD, "annual"), (QUARTER, "quarterly")])
def test_the_period_chooses_the_profile(period, profile):
    assert weights_of(SCHEME, period).profile == profile


def test_the_quarters_profile_by_hand():
    weights = weights_of(SCHEME, QUARTER)
    # C03a 3, C03b 2, R03 5, R04 6, T02 4: 20 of 100 count half as much again: 110 in all
    assert weights.of("C03a") == Fraction(450, 110)
    assert weights.of("P01") == Fraction(1400, 110)
    assert weights.of("S01") == 0


# ---- laws


@given(scores=some_scores, period=periods)
def test_weights_carried_sum_to_a_hundred_and_the_score_is_their_mean(scores, period):
    weights = weights_of(SCHEME, period)
    weighed = weigh(weights, scores)
    known = {i: Fraction(s) for i, s in scores.items() if s is not None}
    assert (weighed.score is None) == (not known)
    assert weighed.score == total_score(weights, scores)
    assert set(weighed.indicators) == set(known)
    if known:
        assert sum(weighed.indicators.values()) == 100
        assert sum(weight for weight, _ in weighed.dimensions.values()) == 100
        exact = sum(weighed.indicators[i] * s for i, s in known.items()) / 100
        assert abs(Fraction(weighed.score) - exact) <= Fraction(1, 2_000_000)
        assert min(known.values()) <= exact <= max(known.values())


@given(scores=some_scores, period=periods)
def test_a_missing_indicator_changes_no_other_dimensions_proportions(scores, period):
    """Redistribution stays inside a dimension while it has any score."""
    weights = weights_of(SCHEME, period)
    carried = weigh(weights, scores).dimensions
    present = [share for share in weights.shares if carried[share.dimension][0]]
    whole = sum(share.weight for share in present)
    assert all(
        carried[share.dimension][0] == Fraction(100 * share.weight, whole) for share in present
    )


@given(scores=some_scores)
def test_inside_a_dimension_what_is_left_keeps_its_proportions(scores):
    weighed = weigh(weights_of(SCHEME, PERIOD), scores)
    own = {i.id: i.weight for i in SCHEME.indicators}
    if scores["R05"] is None and scores["R01"] is not None:
        own["R01"] += own["R05"]
    for one in weighed.indicators:
        for other in weighed.indicators:
            if DIMENSION[one] == DIMENSION[other]:
                assert weighed.indicators[one] * own[other] == weighed.indicators[other] * own[one]


@given(scores=some_scores)
def test_every_weight_that_moved_is_told_once_with_those_who_carry_it(scores):
    weighed = weigh(weights_of(SCHEME, PERIOD), scores)
    missing = [i for i in WEIGHED if scores[i] is None]
    if not weighed.indicators:
        assert weighed.moved == ()
        return
    assert [each.indicator for each in weighed.moved] == missing
    for each in weighed.moved:
        own = {i for i in weighed.indicators if DIMENSION[i] == DIMENSION[each.indicator]}
        if each.how == "others":
            assert not own
            assert set(each.to) == {DIMENSION[i] for i in weighed.indicators}
        elif each.how == "indicator":
            assert each.to == (GIVES[each.indicator],)
        else:
            assert set(each.to) == own


@given(scores=some_scores, which=st.sampled_from(WEIGHED), more=st.decimals(0, 120, places=6))
def test_a_better_indicator_never_lowers_the_score(scores, which, more):
    weights = weights_of(SCHEME, PERIOD)
    before = total_score(weights, scores)
    if scores[which] is not None:
        better = max(scores[which], more)
        assert total_score(weights, {**scores, which: better}) >= before


@given(scores=all_scores, same=st.decimals(0, 120, places=6))
def test_alike_scores_are_the_score_whatever_is_missing(scores, same):
    some = {i: same if score > 60 else None for i, score in scores.items()}
    assert total_score(weights_of(SCHEME, QUARTER), some) in {None, same}
