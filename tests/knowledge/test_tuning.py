"""Tuning: keeps what is surely better on questions it has not seen, and nothing else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.memory import Remembered
from knowledge.tuning import cross_validate, fit, folds_of, groups_of, surely_better
from tests.knowledge.sights import cases

NO_VECTOR = np.zeros(0, dtype=np.float32)


def firsts(made, ranked):
    """Whether each question's first candidate is the right one."""
    pairs = zip(made, ranked, strict=True)
    return np.array([float(rows[0] in case.asked.rows) for case, rows in pairs])


def test_what_separates_is_found_and_kept():
    made = cases(120, tells=True, count=4)
    folds = folds_of([case.asked for case in made], 3)
    default = firsts(made, [case.view.rows.tolist() for case in made])
    tuned = firsts(made, cross_validate(made, folds))
    assert default.mean() < 0.4
    assert tuned.mean() > 0.7
    assert surely_better(default, tuned)


def test_noise_is_not_kept():
    made = cases(40, tells=False, count=4)
    folds = folds_of([case.asked for case in made], 3)
    default = firsts(made, [case.view.rows.tolist() for case in made])
    assert not surely_better(default, firsts(made, cross_validate(made, folds)))


def test_the_same_questions_teach_the_same_ranker():
    made = cases(9, tells=True, count=4)
    folds = folds_of([case.asked for case in made], 3)
    assert fit(made, folds).to_data() == fit(made, folds).to_data()


def test_no_gain_and_a_lucky_few_are_not_sure():
    nothing = np.zeros(100)
    lucky = np.zeros(100)
    lucky[:2] = 1
    assert not surely_better(nothing, nothing)
    assert not surely_better(nothing, lucky)
    assert surely_better(nothing, nothing + 0.1)


@given(
    st.lists(
        st.frozensets(st.sampled_from("abcd"), min_size=1, max_size=2), min_size=1, max_size=40
    ),
    st.integers(2, 6),
)
def test_questions_of_the_same_words_are_in_one_fold(tokens, count):
    asked = [Remembered(one, NO_VECTOR, frozenset({1})) for one in tokens]
    folds, groups = folds_of(asked, count), groups_of(asked)
    assert set(folds.tolist()) <= set(range(count))
    for group in set(groups.tolist()):
        assert len(set(folds[groups == group].tolist())) == 1
