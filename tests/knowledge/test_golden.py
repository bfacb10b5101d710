"""The golden questions over the shipped policies: figures, and the least they may be.

The figures are those of `daybook eval answers` (knowledge.outcomes says what each is); `right` is
the share of the answerable whose first citation is the right clause.
"""

from collections.abc import Iterator

import pytest

from knowledge.library import Library, Query
from knowledge.outcomes import ask_all, everyone, figures, read_base
from knowledge.posed import read_trials
from tests.knowledge.golden import QUESTIONS, SETS, TODAY, golden, open_library

LEAST = {
    "en": {"right": 0.81, "clause_recall": 0.90, "refusal_accuracy": 0.94, "answered_share": 0.97},
    "zh": {"right": 0.84, "clause_recall": 0.90, "refusal_accuracy": 0.92, "answered_share": 0.97},
    "cross": {"right": 0.76, "clause_recall": 0.84, "answered_share": 0.95},
}
PRECISION = {"en": 0.49, "zh": 0.46, "cross": 0.49}
LEADS = {"en": 55, "zh": 105, "cross": 15}
"""How many answers put the words first that answer outright; few of the wrong clause."""


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Iterator[Library]:
    opened = open_library(tmp_path_factory.mktemp("golden"))
    yield opened
    opened.close()


@pytest.mark.parametrize("name", SETS)
def test_golden_questions_are_answered_right_or_refused(library, name):
    with library._database.read() as tx:
        base = read_base(tx)
    asked = ask_all(
        library.ask, base, read_trials(QUESTIONS / f"{name}.jsonl", TODAY), *everyone(base)
    )
    found = figures(base, asked)
    firsts = [one.answer.citations[:1] for one in asked if one.posed.answerable]
    wanted = [one.wanted for one in asked if one.posed.answerable]
    right = sum(
        first[0].clause_id in ids for first, ids in zip(firsts, wanted, strict=True) if first
    )
    found["right"] = right / len(wanted)
    leads = [one for one in asked if one.answer.fact]
    wrong = [one.posed.text for one in leads if one.answer.citations[0].clause_id not in one.wanted]
    found |= {"leads": len(leads), "wrong": len(wrong)}
    print(name, found, wrong)  # noqa: T201

    assert all(found[key] >= least for key, least in LEAST[name].items()), found
    assert found["citation_precision"] >= PRECISION[name]
    assert (found["verbatim"], found["repealed"], found["outside"]) == (1.0, 0, 0)
    assert len(leads) >= LEADS[name]
    assert len(wrong) <= 0.12 * len(leads)
    assert found["conflicts"] == 0
    assert all(wanted)
    assert all(len(one.answer.citations) <= 3 for one in asked)
    assert all(c.marks for one in asked for c in (*one.answer.citations, *one.answer.nearest))


def test_an_account_manager_never_sees_what_is_kept_from_them(library):
    kept = {version.policy for version in library.versions() if not version.open_to({"manager"})}
    manager = frozenset({"manager"})
    shown = {
        citation.policy
        for lang in ("en", "zh")
        for question in golden(lang)
        if question.policy in kept
        for answer in [library.ask(Query(question.text, question.on, manager))]
        for citation in (*answer.citations, *answer.nearest)
    }

    assert kept
    assert shown.isdisjoint(kept)
