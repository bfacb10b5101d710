"""Fitting a guard: it finds what separates, leaves out what pulls the wrong way, and is judged
on questions it has not seen.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calibration import Sample, fit, folded, sample, separation, unseen
from knowledge.evidence import SIGNALS, Evidence

WORDS, FOREIGN, WANTS = (SIGNALS.index(name) for name in ("words", "foreign", "wants"))


def made(count: int, **pulls: float) -> Sample:
    """Questions, half of them with an answer, whose signals differ by so much between the two."""
    random = np.random.default_rng(3)
    answerable = np.arange(count) % 2 == 0
    signals = random.random((count, len(SIGNALS)))
    for name, pull in pulls.items():
        signals[answerable, SIGNALS.index(name)] += pull
    return Sample(signals, answerable, np.arange(count))


def test_what_separates_is_found_by_a_fit_that_has_not_seen_the_question():
    found = made(200, words=1.0, foreign=-1.0)
    guard = fit(found)
    assert guard.weights[WORDS] > 1
    assert guard.weights[FOREIGN] < -1
    assert separation(unseen(found), found.answerable) > 0.9


def test_a_signal_that_pulls_the_wrong_way_is_left_out():
    guard = fit(made(200, words=1.0, wants=-1.0, foreign=1.0))
    assert guard.weights[WANTS] == guard.weights[FOREIGN] == 0


def test_noise_separates_nothing_unseen():
    found = made(200)
    assert abs(separation(unseen(found), found.answerable) - 0.5) < 0.15


def test_the_threshold_answers_nearly_every_question_that_has_an_answer():
    found = made(200, words=2.0)
    guard = fit(found)
    estimates = [guard.estimate(Evidence(*row)) for row in found.signals.tolist()]
    answered = np.array([guard.outcome(one) == "answered" for one in estimates])
    assert answered[found.answerable].mean() == pytest.approx(0.98)
    assert not answered[~found.answerable].all()
    told, decided = folded(found)
    assert len(told) == len(decided) == 200


def test_the_same_questions_give_the_same_guard():
    assert fit(made(60, words=1.0)) == fit(made(60, words=1.0))


def test_a_sample_has_a_row_for_each_evidence():
    one = Evidence(*np.linspace(0, 1, len(SIGNALS)).tolist())
    found = sample([one, one], [True, False], [4, 4])
    assert found.signals.shape == (2, len(SIGNALS))
    assert found.signals[0].tolist() == list(one.signals())


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30).filter(
        lambda rows: len({answerable for _, answerable in rows}) == 2
    )
)
def test_separation_is_the_share_of_pairs_in_the_right_order(rows):
    estimates = np.array([float(value) for value, _ in rows])
    answerable = np.array([flag for _, flag in rows])
    pairs = [
        1.0 if yes > no else 0.5 if yes == no else 0.0
        for yes in estimates[answerable]
        for no in estimates[~answerable]
    ]
    assert separation(estimates, answerable) == pytest.approx(sum(pairs) / len(pairs))
