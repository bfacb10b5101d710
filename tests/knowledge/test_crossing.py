"""Ranking with what other questions teach: never with what a question itself would."""

import sys
from contextlib import closing

import pytest

from knowledge.crossing import cross_rank
from knowledge.errors import TuningError
from knowledge.evaluation import DEPTH, Asked, Scratch, Text
from knowledge.question import read_question

THINGS = ("card", "loan", "deposit", "branch", "guarantee", "cheque")
FOLDS = 3


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    passages = [
        Text(f"{thing}-{verb}", f"Rules on the {thing}", f"The {thing} is {verb} within a day.")
        for thing in THINGS
        for verb in ("opened", "closed", "checked")
    ]
    with closing(Scratch(passages, tmp_path_factory.mktemp("scratch"), "en")) as opened:
        yield opened


def asked(number: int, text: str, answer: str) -> Asked:
    return Asked(str(number), read_question(text, "en"), frozenset({answer}))


PLAIN = [
    asked(n, f"When is the {thing} closed?", f"{thing}-closed") for n, thing in enumerate(THINGS)
]
# Words that no passage has: only a question that was answered tells what they mean. Five in three
# folds: each has an alike one in another, from which it may be learnt.
WAYS = ("", "today", "again", "at night", "in writing")
ALIKE = [
    asked(20 + n, f"wumple zorbs quonk {way}?", "guarantee-checked") for n, way in enumerate(WAYS)
]
ALONE = [asked(30, "the flimmer drells at snork?", "cheque-checked")]
SAME = [asked(40 + n, "the trindle vops by glarn?", "branch-checked") for n in range(2)]
EVERY = [*PLAIN, *ALIKE, *ALONE, *SAME]


@pytest.fixture(scope="module")
def forgetting(scratch):
    return cross_rank(scratch, EVERY, FOLDS, remembering=False)


@pytest.fixture(scope="module")
def remembering(scratch):
    return cross_rank(scratch, EVERY, FOLDS, remembering=True)


def test_before_learning_it_is_what_the_search_finds(scratch, forgetting):
    after, before = forgetting

    assert [one.found for one in before] == [one.found for one in scratch.rank(EVERY)]
    assert [one.asked for one in after] == EVERY
    assert all(len(set(one.found)) == len(one.found) == DEPTH for one in after)


def test_an_earlier_question_is_remembered_by_another_and_never_by_itself(forgetting, remembering):
    found = [{one.asked.id: one.found for one in before} for _, before in (forgetting, remembering)]

    for one in ALIKE:
        without, place = (found_by[one.id].index("guarantee-checked") for found_by in found)
        assert place < without
    for one in (*ALONE, *SAME):
        without, place = (found_by[one.id] for found_by in found)
        assert place == without


def test_without_the_extra_it_is_said_how_to_get_it(scratch, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)

    with pytest.raises(TuningError, match=r"^learning needs scikit-learn: pip install 'daybook\["):
        cross_rank(scratch, PLAIN, FOLDS, remembering=False)
