"""What stands around a candidate, by worked examples and by law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.counting import Counted
from knowledge.features import PLAIN, look
from knowledge.surroundings import AROUND, REACH, surroundings
from tests.knowledge.sights import sight


def counted(*rows):
    counts = np.array(rows, dtype=np.float32)
    width = counts.shape[1]
    rarities = np.arange(1, width + 1, dtype=np.float32)
    names = tuple(f"t{number}" for number in range(width))
    return Counted(names, counts, np.ones(len(rows), dtype=np.float32), rarities)


def figures(words, pairs, places):
    found = surroundings(words, pairs, np.array(places), pair_weight=0.5)
    return [dict(zip(AROUND, row.tolist(), strict=True)) for row in found]


def test_neighbours_say_what_a_clause_lacks():
    # Three words that weigh 1, 2 and 3; the clause holds the second, the one before the third.
    words = counted([0, 0, 1], [0, 1, 0], [1, 0, 0])
    none = Counted((), np.zeros((3, 0), np.float32), words.lengths, np.zeros(0, np.float32))
    (row,) = figures(words, none, [[-1, 0, 1, 2, -1]])
    assert row["joined_before"] == pytest.approx(3 / 6)
    assert row["joined_after"] == pytest.approx(1 / 6)
    assert row["joined_1"] == row["joined_2"] == pytest.approx(4 / 6)
    # BM25 with k1 0.6 and b 0.6 of one mention in a clause of the usual length is the rarity.
    assert row["said_before_1"] == pytest.approx(3 / 6)
    assert row["said_after_1"] == pytest.approx(1 / 6)
    assert row["said_before_2"] == row["said_after_2"] == row["joined_pairs"] == 0
    assert row["length_before"] == row["length_after"] == pytest.approx(np.log(2))


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_a_clause_alone_has_no_surroundings(seed, count):
    random = np.random.default_rng(seed)
    words = counted(*random.integers(0, 2, size=(count, 3)).tolist())
    places = np.full((count, 2 * REACH + 1), -1)
    places[:, REACH] = np.arange(count)
    assert not surroundings(words, words, places, 0.5).any()


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_more_neighbours_never_say_less(seed, count):
    random = np.random.default_rng(seed)
    words = counted(*random.integers(0, 2, size=(count, 3)).tolist())
    places = random.integers(-1, count, size=(count, 2 * REACH + 1))
    places[:, REACH] = np.arange(count)
    for row in figures(words, words, places):
        assert 0 <= max(row["joined_before"], row["joined_after"]) <= row["joined_1"]
        assert row["joined_1"] <= row["joined_2"] <= 1


def test_the_best_few_vote_for_what_stands_near_them():
    seen = sight(np.random.default_rng(5), 4)
    seen.rows[:] = [10, 11, 20, 500]
    seen.legs.policy[:] = [0, 0, 0, 1]
    seen.fused[:] = [0.9, 0.3, 0.6, 0.5]
    view = look(seen)
    by_row = {
        row: dict(zip(PLAIN, figures.tolist(), strict=True))
        for row, figures in zip(view.rows.tolist(), view.figures, strict=True)
    }
    # Best first: 10 with a vote of 1, 20 with 1/2, 500 of another policy, 11 with 1/4.
    assert by_row[11]["votes_3"] == 1
    assert by_row[11]["votes_15"] == 1.5
    assert by_row[10]["votes_15"] == pytest.approx(1 / 2 + 1 / 4)
    assert by_row[500]["votes_60"] == 0
    assert [by_row[row]["from_best"] for row in (10, 11, 20, 500)] == pytest.approx(
        [0, 1 / 200, 10 / 200, 1]
    )
