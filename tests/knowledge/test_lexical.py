"""Candidates: the best of those somebody may be shown, however many others say it better."""

from collections import Counter

import numpy as np
import pytest

from bank.generations import active_generation
from knowledge.analysis import analyse
from knowledge.fusion import PROFILES
from knowledge.glossary import shipped
from knowledge.lexical import Entry, LexicalIndex
from knowledge.question import read_question
from knowledge.scope import Scope
from tests.knowledge.conftest import TODAY, on_one_engine

LIMIT = 10
LOUD, QUIET = (
    "A lantern permit is a permit for a lantern.",
    "Ask the harbour for a permit, page {}.",
)


def index_of(**counts: int) -> tuple[LexicalIndex, list[str]]:
    """So many clauses of each version, and the version of each row."""
    texts = {"loud": LOUD, "quiet": QUIET, "silent": "Bells ring at noon."}
    versions = [version for version, count in counts.items() for _ in range(count)]
    entries = (
        Entry(f"{version}#{row}", version, analyse("", texts[version].format(row), shipped()))
        for row, version in enumerate(versions)
    )
    return LexicalIndex(entries), versions


@pytest.mark.parametrize(
    "others",
    [
        {"loud": 5},  # some are left when the others are left out
        {"loud": 300},  # none would be: most of the best are others'
        {"loud": 2_000},  # they are so few that the others are not looked at
        {"silent": 50},
    ],
)
def test_the_best_of_those_among_whom_is_asked_are_found(others):
    index, versions = index_of(**others, quiet=40)
    rows = np.array([version == "quiet" for version in versions])
    question = read_question("Who gives a lantern permit?", "en")

    def among():
        return index.among(["quiet"])

    found, abroad = (
        index.candidates(question, PROFILES["en"], among, rows, LIMIT, at_home=at_home)
        for at_home in (True, False)
    )

    assert abroad == found

    assert len(set(found)) == LIMIT
    assert Counter(versions[row] for row in found) == {"quiet": LIMIT}


def test_no_more_are_found_than_say_anything_of_it():
    index, versions = index_of(quiet=3, silent=30)
    question = read_question("Who gives a lantern permit?", "en")
    everything = np.ones(len(versions), dtype=np.bool_)

    found = index.candidates(
        question, PROFILES["en"], lambda: index.among(["quiet", "silent"]), everything, LIMIT
    )

    assert sorted(found) == [0, 1, 2]


def test_what_is_not_there_is_passed_over_for_what_comes_after_it():
    index, versions = index_of(loud=60, quiet=40)
    question = read_question("Who gives a lantern permit?", "en")
    there = np.array([version == "quiet" for version in versions])
    there[60:95] = False

    def among():
        return index.among(["loud", "quiet"])

    assert set(index.candidates(question, PROFILES["en"], among, there, LIMIT)) == {*range(95, 100)}


@on_one_engine
def test_a_clause_that_stands_alone_has_nothing_beside_it(shelf, database):
    shelf.put("permits.md", "1.1 A lantern permit is given by the harbour.")
    shelf.sync()
    with database.read() as tx:
        search = shelf.library._engine.search_of(tx, active_generation(tx))
    sight = search.see(read_question("Who gives a lantern permit?", "en"), Scope(TODAY), "en")

    assert sight.legs.words.tolist() > [0]
    assert sight.legs.beside.tolist() == [0]
