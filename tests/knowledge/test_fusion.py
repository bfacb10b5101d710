"""Legs into one score: the laws it keeps, and the exact counts behind it."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.counting import Column, numbers_of
from knowledge.fusion import PROFILES, Legs, fuse, lack

NAMES = ("words", "pairs", "beside", "about", "covered", "ideas", "wants", "rule", "near")
COLUMNS = st.lists(st.floats(0, 1, width=32), min_size=4, max_size=4)
PROFILE = st.sampled_from(sorted(PROFILES))


@st.composite
def several_legs(draw):
    columns = {name: np.array(draw(COLUMNS), dtype=np.float32) for name in NAMES}
    policy = np.array(draw(st.lists(st.integers(0, 2), min_size=4, max_size=4)))
    return Legs(rarity=draw(st.floats(1, 50)), policy=policy, **columns)


def legs(count=2, **given_):
    blank = {name: np.zeros(count, dtype=np.float32) for name in NAMES}
    known = {name: np.array(values, dtype=np.float32) for name, values in given_.items()}
    return Legs(rarity=10.0, policy=np.arange(count), **blank | known)


def test_a_score_worked_by_hand():
    profile = replace(
        PROFILES["en"], pairs=0.5, beside=0.1, about=0.3, policy=0, ideas=2, wants=8, rule=20,
        near=0.05, near_instead=1, enough=0.5,
    )  # fmt: skip
    one = legs(1, words=[4], pairs=[2], beside=[3], about=[0.5], covered=[0.2], ideas=[5],
               wants=[1], rule=[1], near=[1])  # fmt: skip

    # The best clause covers 0.2 of the question, 0.5 would be enough: 0.6 is lacking.
    assert lack(one, profile) == pytest.approx(0.6)
    said = (4 + 0.5 * 2 + 0.1 * 3) / 10
    meant = 0.6 * (2 * 5 + 8 * 1 + 20 * 1) / 10
    assert fuse(one, profile)[0] == pytest.approx(said + meant + 0.3 * 0.5 + (0.05 + 0.6) * 1)


@pytest.mark.parametrize("name", ["en", "zh"])
def test_ideas_decide_only_where_words_find_nothing(name):
    wordy = {"words": [6, 3], "covered": [0.9, 0.4], "ideas": [0, 8]}
    assert np.argmax(fuse(legs(**wordy), PROFILES[name])) == 0

    vague = {"words": [0.6, 0.3], "covered": [0.06, 0.03], "ideas": [0, 8]}
    assert np.argmax(fuse(legs(**vague), PROFILES[name])) == 1


@given(several_legs(), PROFILE, st.permutations(range(4)))
def test_the_order_of_candidates_means_nothing(some, name, order):
    turned = replace(
        some, policy=some.policy[order], **{leg: getattr(some, leg)[order] for leg in NAMES}
    )

    assert np.allclose(fuse(some, PROFILES[name])[order], fuse(turned, PROFILES[name]), atol=1e-4)


@given(several_legs(), PROFILE, st.sampled_from(["words", "pairs", "ideas", "wants", "about"]))
def test_saying_more_never_lowers_a_clause(some, name, leg):
    more = getattr(some, leg).copy()
    more[0] += 0.5
    profile = replace(PROFILES[name], policy=0)

    assert fuse(replace(some, **{leg: more}), profile)[0] >= fuse(some, profile)[0] - 1e-6


def test_no_candidates_have_no_scores():
    assert len(fuse(legs(0), PROFILES["zh"])) == 0


WORDS = st.lists(st.sampled_from(["loan", "rate", "贷", "款", "=20%"]), max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=6), st.sets(st.sampled_from(["loan", "贷", "none"])))
def test_counts_are_those_of_the_tokens(rows, asked):
    column = Column()
    for row in rows:
        column.add(" ".join(row))
    tokens = sorted(asked)

    counts, lengths = column.count(range(len(rows)), numbers_of(tokens))

    assert counts.tolist() == [[Counter(row)[token] for token in tokens] for row in rows]
    assert lengths.tolist() == [len(row) for row in rows]
    assert column.lengths().tolist() == [len(row) for row in rows]
