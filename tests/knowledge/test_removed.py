"""What is removed from a search is not there: not found, nobody's neighbour, no evidence."""

import json

import numpy as np
import pytest

from knowledge.evaluation import SINCE, Scratch, read_passages
from knowledge.evidence import Evidence
from knowledge.question import read_question
from knowledge.scope import Scope

CLAUSES = (
    "A premium client is visited every 45 days.",
    "A visit counts only if it is logged within three business days.",
    "A visit to a dormant client is agreed with the team lead.",
    "A lost card is blocked within one hour.",
    "The fee for a second card is 20 yuan.",
)
ASKED = read_question("Within how many days is a visit logged?")


def scratch_of(folder, clauses):
    path = folder / "p.jsonl"
    rows = ({"id": str(at), "title": "Rules", "text": text} for at, text in enumerate(clauses))
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return Scratch(read_passages(path), folder, "en")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    opened = scratch_of(tmp_path_factory.mktemp("removed"), CLAUSES)
    yield opened
    opened.close()


def found(search, question=ASKED):
    return search.search(question, Scope(SINCE), "en")


@pytest.mark.parametrize("gone", [[1], [0, 2], [0, 1, 2, 3, 4], []])
def test_removed_clauses_are_not_found_and_all_others_may_be(scratch, gone):
    search = scratch.search.without(gone)
    ids = {scratch.search.catalogue.ids[row] for row in gone}
    assert ids.isdisjoint(hit.clause_id for hit in found(search))
    assert len(found(search)) == len(CLAUSES) - len(gone)
    assert len(found(scratch.search)) == len(CLAUSES)


def test_nobody_is_found_by_a_removed_neighbour(scratch):
    by_id = {hit.clause_id: hit for hit in found(scratch.search.without([1]))}
    beside = by_id[scratch.search.catalogue.ids[0]].evidence.beside
    # With 1 removed, the neighbour of 0 is 2: it says less of the question than 1 did.
    before = {hit.clause_id: hit for hit in found(scratch.search)}
    assert 0 < beside < before[scratch.search.catalogue.ids[0]].evidence.beside


def test_evidence_is_what_the_clause_holds_of_the_question(scratch):
    first = found(scratch.search)[0]
    seen = first.evidence
    assert first.clause_id == scratch.search.catalogue.ids[1]
    # Of "within", "many", "days", "visit" and "logged" it holds all but one that nobody uses.
    assert seen.words == pytest.approx(1 - seen.foreign)
    assert seen.ideas == 1.0
    assert seen.off_subject == 0.0
    assert 0 < seen.lead <= seen.margin <= 1
    assert all(np.isfinite(seen.signals()))


def test_words_that_no_policy_uses_are_foreign(scratch):
    unknown = read_question("Within how many days is a zeppelin moored?")
    assert (
        found(scratch.search)[0].evidence.foreign
        < found(scratch.search, unknown)[0].evidence.foreign
    )


def test_with_one_clause_left_there_is_nothing_behind_it(scratch):
    (only,) = found(scratch.search.without([0, 2, 3, 4]))
    assert (only.evidence.lead, only.evidence.margin) == (1.0, 1.0)
    assert isinstance(only.evidence, Evidence)
