"""The nine-grid: which cell a client stands in, and why."""

from dataclasses import replace
from fractions import Fraction
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import SchemeError
from scoring.rules import CLASSES
from scoring.segments import RISKS, SEVERITIES, Standing, default_segments, load_segments, place

RULES = default_segments()
YUAN = 100
LARGE, MEDIUM = 50_000_000 * YUAN, 5_000_000 * YUAN


def standing(business=LARGE, health=80, classes=(), warnings=(), industry="food"):
    score = None if health is None else Fraction(health)
    return Standing("corporate", business, industry, score, frozenset(classes), frozenset(warnings))


def cell(*args, **told):
    return place(standing(*args, **told), RULES).id


def test_the_nine_cells():
    rows = [
        [cell(business, health) for health in (60, 40, Fraction("39.9"))]
        for business in (LARGE, MEDIUM, MEDIUM - 1)
    ]
    assert rows == [
        ["core", "core_watch", "defuse"],
        ["potential", "steady", "reduce"],
        ["nurture", "standard", "exit"],
    ]


def test_people_are_large_with_less():
    person = replace(standing(business=6_000_000 * YUAN), segment="retail")
    assert place(person, RULES).size == "large"
    assert place(replace(person, business=500_000 * YUAN - 1), RULES).size == "small"


def test_the_gravest_of_what_is_known_decides():
    assert cell(classes=["normal", "special_mention"]) == "core_watch"
    assert cell(classes=["substandard"]) == "defuse"
    assert cell(warnings=["yellow"]) == "core"
    assert cell(warnings=["orange"]) == "core_watch"
    assert cell(warnings=["orange", "red"]) == "defuse"
    assert cell(health=None) == "core_watch"


def test_industries_shift_and_shorten():
    shifting = replace(RULES, restricted=frozenset({"steel"}), encouraged=frozenset({"solar"}))
    assert place(standing(industry="steel"), shifting).id == "core_watch"
    assert place(standing(health=10, industry="steel"), shifting).id == "defuse"
    # 80 % of 14/21, 30/45 and 90 days: 11.2, 16.8, 24, 36 and 72, in whole days.
    core = place(standing(industry="solar"), shifting)
    assert (core.call, core.visit, core.post_loan) == ((11, 16), (24, 36), 72)


@given(
    st.integers(0, 10**11), st.fractions(0, 100), st.sampled_from(CLASSES),
    st.sampled_from(SEVERITIES), st.fractions(0, 100),
)  # fmt: skip
def test_better_health_never_moves_a_client_to_the_right(business, health, grade, severity, by):
    before = place(standing(business, health, [grade], [severity]), RULES)
    after = place(standing(business, health + by, [grade], [severity]), RULES)
    assert RISKS.index(after.risk) <= RISKS.index(before.risk)
    assert after.size == before.size


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('risk = "medium"', 'risk = "low"', "nine in all"),
        ("large = 5_000_000_000", "large = 1", "let large begin above medium"),
        ('low_from = "60"', 'low_from = "30"', "let it be above medium_from"),
        ("restricted = []", "restricted = [1]", "give a list of texts"),
    ],
)
def test_a_grid_that_makes_no_sense_is_refused(old, new, problem):
    text = resources.files("scoring").joinpath("schemes", "segments-2026.toml").read_text("utf-8")
    with pytest.raises(SchemeError, match=problem):
        load_segments(text.replace(old, new, 1), "segments.toml")
