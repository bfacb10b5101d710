"""Confirmed answers: alike questions raise their clauses, others change nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.features import MEMORY
from knowledge.learned import BOOST, reorder
from knowledge.memory import ALIKE, Memory, Remembered
from tests.knowledge.sights import sight

NO_VECTOR = np.zeros(0, dtype=np.float32)

words = st.sampled_from([f"w{number}" for number in range(30)])
questions = st.frozensets(words, min_size=1, max_size=6)
earlier = st.lists(
    st.builds(
        lambda tokens, rows: Remembered(tokens, NO_VECTOR, rows),
        questions,
        st.frozensets(st.integers(0, 50), min_size=1, max_size=3),
    ),
    max_size=20,
)


@given(earlier, questions)
def test_likeness_is_a_cosine_and_one_for_the_same_words(held, asked):
    memory = Memory([*held, Remembered(asked, NO_VECTOR, frozenset({7}))])
    alike = memory.recall(asked, NO_VECTOR).alike
    assert ((alike >= 0) & (alike <= 1 + 1e-9)).all()
    assert alike[-1] == max(alike)
    assert 7 in memory.named(memory.recall(asked, NO_VECTOR)) or len(held) >= 5


@given(earlier, st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_a_memory_of_unrelated_questions_changes_nothing(held, seed, count):
    memory = Memory(held)
    recalled = memory.recall(frozenset({"another", "matter"}), NO_VECTOR)
    assert memory.named(recalled) == frozenset()
    seen = sight(np.random.default_rng(seed), count)
    with_it, _ = reorder(seen, None, memory, recalled)
    without, _ = reorder(seen, None, None, None)
    assert with_it.tolist() == without.tolist()


@given(earlier, questions)
def test_what_is_left_out_says_nothing(held, asked):
    memory = Memory([*held, Remembered(asked, NO_VECTOR, frozenset({7}))])
    recalled = memory.recall(asked, NO_VECTOR, np.ones(len(memory), dtype=np.bool_))
    assert not memory.tell(recalled, range(50)).any()
    assert memory.named(recalled) == frozenset()


def test_a_like_question_raises_its_clause_by_how_alike_it_is():
    seen = sight(np.random.default_rng(5), 6)
    row = int(seen.rows[3])
    memory = Memory(
        [
            Remembered(frozenset({"fee", "card"}), NO_VECTOR, frozenset({row})),
            Remembered(frozenset({"loan"}), NO_VECTOR, frozenset({row + 1})),
        ]
    )
    # Of two words as rare as each other one is shared: a cosine of 1 / 2.
    recalled = memory.recall({"fee", "loan"}, NO_VECTOR)
    assert recalled.alike[0] == 0.5 > ALIKE
    assert memory.tell(recalled, [row])[0, 0] == 0.5
    assert memory.named(recalled) == {row, row + 1}
    order, scores = reorder(seen, None, memory, recalled)
    place = order.tolist().index(3)
    assert scores[place] == np.float32(seen.fused[3]) + BOOST * 0.5


def test_words_and_vectors_tell_together():
    def vector(*values):
        return np.array(values, dtype=np.float32)

    memory = Memory(
        [
            Remembered(frozenset({"fee", "card"}), vector(0.6, 0.8), frozenset({10})),
            Remembered(frozenset({"loan"}), vector(-1, 0), frozenset({11})),
        ]
    )
    recalled = memory.recall({"fee", "loan"}, vector(1, 0))
    rows = (10, 11, 12)
    told = {
        name: figures.tolist()
        for name, figures in zip(MEMORY, memory.tell(recalled, rows).T, strict=True)
    }
    # Row 10: words alike by 1 / 2, vectors by 0.6. Row 11: opposed vectors count as not alike.
    assert told["told_both"] == pytest.approx([0.55, recalled.alike[1] / 2, 0])
    assert told["told_near_sum"] == pytest.approx([0.6**4, 0, 0])
    assert told["told_both_most"] == pytest.approx([0.55] * 3)
    assert told["told_both_gap"] == pytest.approx([0, recalled.alike[1] / 2 - 0.55, -0.55])
    assert told["told_beside"] == pytest.approx([recalled.alike[1], 0.5, recalled.alike[1]])
