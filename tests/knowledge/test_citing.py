"""Which clauses are cited beside the first."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from knowledge.citing import MOST_CITED, arrange, choose
from knowledge.evidence import SIGNALS, Evidence
from knowledge.hit import Hit

NOTHING = Evidence(*[0.0] * len(SIGNALS))
SHARES = st.floats(0, 1)
EVIDENCE = st.builds(Evidence, *[SHARES] * len(SIGNALS))
HITS = st.lists(st.builds(Hit, st.just("c"), st.floats(0.01, 3), EVIDENCE), max_size=5).map(
    lambda hits: sorted(hits, key=lambda hit: -hit.score)
)


def hit(score: float, **seen: float) -> Hit:
    return Hit("c", score, replace(NOTHING, **seen))


def test_a_clause_that_speaks_of_what_is_asked_goes_before_one_that_shares_more_words():
    found = [hit(1.0, ideas=1.0), hit(0.9), hit(0.7, ideas=1.0, wants=1.0)]
    # 1.0 + 0.4 = 1.4; 0.9; 0.7 + 0.4 + 0.1 = 1.2
    assert arrange(found) == (0, 2, 1)
    # 1.4 - 0.35 = 1.05: the second of them comes up to it, the third does not.
    assert choose([found[0], found[2], found[1]]) == 2


def test_a_clear_answer_is_cited_alone():
    assert choose([hit(1.0, ideas=1.0), hit(0.6)]) == 1
    assert choose([hit(1.0)]) == 1
    assert arrange([]) == ()


@given(HITS)
def test_all_are_kept_the_first_stays_first_and_something_is_cited(hits):
    order = arrange(hits)
    assert sorted(order) == list(range(len(hits)))
    if hits:
        assert order[0] == 0
        assert 1 <= choose([hits[at] for at in order]) <= MOST_CITED
