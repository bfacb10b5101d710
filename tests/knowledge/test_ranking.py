"""Rankers: plain data, the same on every machine, and nothing but an order of candidates."""

import json
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.tree import ExtraTreeRegressor

from knowledge.boosting import Growth, boost, grown
from knowledge.counting import Counted
from knowledge.features import MEMORY, NAMES, PLAIN, Sight, figures_of, look
from knowledge.fusion import Legs
from knowledge.learned import reorder
from knowledge.lessons import learn
from knowledge.memory import blank
from knowledge.ranking import Forest, Ranker, begin, from_data
from tests.knowledge.sights import cases, sight

SMALL = Growth(forests=1, trees=12, leaves=6, least=5, rate=0.1)


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    made = cases(60, tells=True)
    examples = [case.example for case in made]
    lessons = learn(examples)
    figures = [figures_of(one.view, lessons, blank(len(one.relevant))) for one in examples]
    starts = [begin(one.view, 10.0) for one in examples]
    trees = boost(figures, [one.relevant for one in examples], starts, SMALL, seed=1)
    return Ranker(lessons, 10.0, Forest(trees))


seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.integers(1, 30))
def test_a_ranker_through_json_gives_equal_scores(ranker, seed, count):
    view = look(sight(np.random.default_rng(seed), count))
    again = from_data(json.loads(json.dumps(ranker.to_data())))
    assert np.array_equal(again.score(view, blank(count)), ranker.score(view, blank(count)))


@given(seeds, st.integers(2, 40))
def test_our_trees_say_what_scikit_learns_say(seed, leaves):
    random = np.random.default_rng(seed)
    rows = random.normal(size=(80, 6)).astype(np.float32)
    fitted = ExtraTreeRegressor(max_leaf_nodes=leaves, random_state=seed % 2**31).fit(
        rows, random.normal(size=80)
    )
    tree = grown(fitted.tree_)
    tree = replace(tree, value=fitted.tree_.value[:, 0, 0] * (fitted.tree_.children_left < 0))
    asked = random.normal(size=(50, 6)).astype(np.float32)
    assert Forest([tree]).score(asked) == pytest.approx(fitted.predict(asked))
    both = Forest([tree, tree.times(0.5)]).score(asked)
    assert both == pytest.approx(1.5 * fitted.predict(asked))


@given(seeds, st.integers(1, 30))
def test_the_order_of_candidates_does_not_matter(ranker, seed, count):
    random = np.random.default_rng(seed)
    seen = sight(random, count)
    order = random.permutation(count)
    mixed = turned(seen, order)
    first, _ = reorder(seen, ranker, None, None)
    second, _ = reorder(mixed, ranker, None, None)
    assert mixed.rows[second].tolist() == seen.rows[first].tolist()


def turned(seen: Sight, order) -> Sight:
    legs = {
        each.name: getattr(seen.legs, each.name)[order]
        for each in fields(Legs)
        if each.name != "rarity"
    }

    def counted(one: Counted) -> Counted:
        return replace(one, counts=one.counts[order], lengths=one.lengths[order])

    return replace(
        seen,
        rows=seen.rows[order],
        legs=replace(seen.legs, **legs),
        fused=seen.fused[order],
        words=counted(seen.words),
        pairs=counted(seen.pairs),
        positions=seen.positions[order],
        around=seen.around[order],
        vectors=seen.vectors[order],
        named=seen.named[order],
    )


@given(seeds, st.integers(1, 100))
def test_without_a_ranker_the_default_order_stands(seed, count):
    seen = sight(np.random.default_rng(seed), count)
    order, scores = reorder(seen, None, None, None)
    assert order.tolist() == np.argsort(-seen.fused, kind="stable").tolist()
    assert scores.tolist() == seen.fused[order].tolist()


@given(seeds, st.integers(1, 100))
def test_a_ranker_loses_nobody_and_keeps_the_scores_falling(ranker, seed, count):
    seen = sight(np.random.default_rng(seed), count)
    order, scores = reorder(seen, ranker, None, None)
    assert sorted(order.tolist()) == list(range(count))
    assert sorted(scores.tolist()) == sorted(seen.fused.tolist())
    assert all(high >= low for high, low in pairwise(scores.tolist()))


def test_every_figure_has_a_name(ranker):
    view = look(sight(np.random.default_rng(1), 9))
    assert view.figures.shape == (9, len(PLAIN))
    assert figures_of(view, ranker.lessons, blank(9)).shape == (9, len(NAMES))
    assert NAMES[-len(MEMORY) :] == MEMORY


def test_what_is_worth_little_is_learnt():
    # Only the token "t0" separates: where it is held, the candidate is the wrong one.
    random = np.random.default_rng(3)
    examples = []
    for _ in range(80):
        seen = sight(random, 2)
        counts = np.array([[1, 0], [0, 1]], dtype=np.float32)
        words = Counted(("t0", "t1"), counts, np.ones(2, np.float32), np.ones(2, np.float32))
        none = Counted((), np.zeros((2, 0), np.float32), np.ones(2, np.float32), np.zeros(0))
        view = look(replace(seen, words=words, pairs=none))
        right = view.rows == seen.rows[1]
        examples.append(replace(cases(1, tells=False)[0].example, view=view, relevant=right))
    worth = learn(examples).worth
    assert worth["t0"] < 1 < worth["t1"]
