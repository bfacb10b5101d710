"""The guard: more support never makes an answer less likely, and its data comes back."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.evidence import AGAINST, SIGNALS, Evidence
from knowledge.fusion import ACROSS
from knowledge.guard import GUARDS, Guard, from_data, guard_of, reading_of
from knowledge.question import read_question

SHARES = st.floats(0, 1)
EVIDENCE = st.builds(Evidence, *[SHARES] * len(SIGNALS))
NOTHING = Evidence(*[0.0] * len(SIGNALS))


def test_an_estimate_is_a_logistic_curve_over_the_signals():
    weights = [0.0] * len(SIGNALS)
    weights[SIGNALS.index("words")] = 2.0
    guard = Guard(-1.0, tuple(weights), answer=0.5, show=0.3)
    # -1 + 2 * 0.5 = 0, and 1 / (1 + e^0) = 0.5
    assert guard.estimate(replace(NOTHING, words=0.5)) == 0.5
    assert guard.outcome(0.5) == "answered"
    assert guard.outcome(0.49) == "closest_only"
    assert guard.outcome(0.29) == "off_topic"


@given(EVIDENCE, st.sampled_from(SIGNALS), SHARES, st.sampled_from(sorted(GUARDS)))
def test_no_shipped_guard_likes_an_answer_more_for_being_less_supported(seen, name, value, guard):
    changed = replace(seen, **{name: value})
    supported = value >= getattr(seen, name)
    if name in AGAINST:
        supported = value <= getattr(seen, name)
    more, less = (changed, seen) if supported else (seen, changed)
    assert GUARDS[guard].estimate(more) >= GUARDS[guard].estimate(less)


@pytest.mark.parametrize("name", sorted(GUARDS))
def test_without_any_support_nothing_is_answered_or_shown(name):
    assert GUARDS[name].outcome(GUARDS[name].estimate(NOTHING)) == "off_topic"
    assert 0 < GUARDS[name].show <= GUARDS[name].answer < 1


def test_policies_in_another_language_have_a_guard_of_their_own():
    question = read_question("How often is a client visited?")
    assert guard_of(GUARDS, question, "en") is GUARDS["en"]
    assert guard_of(GUARDS, question, "zh") is GUARDS[ACROSS]


@pytest.mark.parametrize("name", sorted(GUARDS))
def test_a_guard_comes_back_from_its_data(name):
    assert from_data(json.loads(json.dumps(GUARDS[name].to_data()))) == GUARDS[name]


@pytest.mark.parametrize(
    ("key", "value"),
    [("intercept", None), ("weights", {}), ("answer", "much"), ("show", float("nan"))],
)
def test_damaged_data_is_refused(key, value):
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_data(GUARDS["en"].to_data() | {key: value})


def test_a_guard_fits_one_embedder_only():
    assert reading_of("wordllama") == reading_of("wordllama") != reading_of("openai:small")
