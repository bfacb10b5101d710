"""Several raters, worked by hand: weights, who is missing, and severity."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring.raters import Given, combined, corrected, missing, views
from scoring.scheme import default_scheme

RULES = default_scheme().cycle.raters


def given_by(rater, kind, scores, unit="U10"):
    return [Given(f"M{n:03}", kind, rater, score, unit) for n, score in scores.items()]


def of(manager, ratings, rules=RULES):
    return views([one for one in corrected(ratings, rules) if one.given.manager == manager], rules)


def test_three_sides_are_weighed_50_30_20():
    ratings = [
        *given_by("L1", "superior", {1: 90}),
        *given_by("R1", "risk", {1: 80}),
        *given_by("H1", "client", {1: 70}),
    ]
    # 90 × 50 % + 80 × 30 % + 70 × 20 % = 45 + 24 + 14 = 83
    assert combined(of("M001", ratings)) == Decimal(83)


def test_without_the_client_panel_its_weight_goes_to_the_others_and_that_shows():
    ratings = [*given_by("L1", "superior", {1: 90}), *given_by("R1", "risk", {1: 80})]
    found = of("M001", ratings)
    # 50 / 80 = 62.5 % and 30 / 80 = 37.5 %; 90 × 62.5 % + 80 × 37.5 % = 56.25 + 30 = 86.25
    assert [(one.kind, one.weight, one.count) for one in found] == [
        ("superior", Decimal("62.5"), 1), ("risk", Decimal("37.5"), 1), ("client", 0, 0),
    ]  # fmt: skip
    assert combined(found) == Decimal("86.25")
    assert combined(of("M002", ratings)) is None


def test_two_of_a_kind_count_by_their_mean():
    ratings = [*given_by("R1", "risk", {1: 80}), *given_by("R2", "risk", {1: 90})]
    assert of("M001", ratings)[1].score == Decimal(85)


def test_a_severe_rater_of_eight_is_set_right_by_half_and_a_mild_one_too():
    # L1 gives 90 to each of eight, L2 gives 80 to each of eight, in one unit: its mean is 85.
    # Severity: n / (n + prior) × (90 − 85) = 8/16 × 5 = 2.5; so 90 counts 87.5, and 80 counts 82.5.
    ratings = [
        *given_by("L1", "superior", dict.fromkeys(range(8), 90)),
        *given_by("L2", "superior", dict.fromkeys(range(8, 16), 80)),
    ]
    found = corrected(ratings, RULES)
    assert {(one.given.rater, one.score, one.severity) for one in found} == {
        ("L1", Decimal("87.5"), Decimal("2.5")),
        ("L2", Decimal("82.5"), Decimal("-2.5")),
    }
    assert {one.given.score for one in found} == {80, 90}  # what was given is kept


def test_a_rater_of_seven_is_left_alone():
    ratings = [
        *given_by("L1", "superior", dict.fromkeys(range(7), 90)),
        *given_by("L2", "superior", dict.fromkeys(range(7, 16), 80)),
    ]
    # The unit's mean is (7 × 90 + 9 × 80) / 16 = 84.375; only L2 is corrected:
    # 9/17 × (80 − 84.375) = −2.316176…, so 80 counts 82.316176.
    scores = {one.given.rater: one.score for one in corrected(ratings, RULES)}
    assert scores == {"L1": Decimal(90), "L2": Decimal("82.316176")}


def test_each_ratee_is_held_against_their_own_unit():
    # R1 rates four in U1 (mean there 90, as R1 gave) and four in U2, where R2's 60s bring the mean
    # of eight down to 75: R1 gave 90 there. Apart: (4 × 0 + 4 × 15) / 8 = 7.5; half of it: 3.75.
    ratings = [
        *given_by("R1", "risk", dict.fromkeys(range(4), 90), "U1"),
        *given_by("R1", "risk", dict.fromkeys(range(4, 8), 90), "U2"),
        *given_by("R2", "risk", dict.fromkeys(range(8, 12), 60), "U2"),
    ]
    scores = {one.given.rater: one.score for one in corrected(ratings, RULES)}
    assert scores == {"R1": Decimal("86.25"), "R2": Decimal(60)}


def test_the_mandatory_sides_are_named():
    assert missing({}, RULES) == ("superior", "risk")
    assert missing({"superior": 1, "client": 3}, RULES) == ("risk",)
    assert missing({"superior": 1, "risk": 1}, RULES) == ()


marks = st.lists(st.integers(0, 100), min_size=8, max_size=20)


@given(marks, marks)
def test_correcting_never_widens_the_gap_between_two_raters_nor_turns_it_round(first, second):
    ratings = [
        *given_by("L1", "superior", dict(enumerate(first))),
        *given_by("L2", "superior", dict(enumerate(second, start=100))),
    ]
    found = corrected(ratings, replace(RULES, severity_prior=8))
    held = {one.given.rater: one.severity for one in found}

    def mean(scores):
        return Fraction(sum(scores), len(scores))

    usual = mean([*first, *second])
    for rater, scores in (("L1", first), ("L2", second)):
        apart = mean(scores) - usual
        assert abs(Fraction(held[rater])) <= abs(apart) + Fraction(1, 1_000_000)
        assert Fraction(held[rater]) * apart >= 0
    assert all(0 <= one.score <= 100 for one in found)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=20))
def test_a_rater_alone_in_a_unit_is_usual_there(scores):
    found = corrected(given_by("L1", "superior", dict(enumerate(scores))), RULES)
    assert sum(one.score for one in found) == sum(scores)
