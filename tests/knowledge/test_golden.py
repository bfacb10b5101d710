"""The golden questions over the shipped policies: figures, and the least they may be.

`right` counts questions whose first citation is the one right clause (of the right version), out
of all that some policy answers; `cited` those where it is among the citations; `refused` the
questions no policy answers that were refused.
"""

from collections.abc import Iterator

import pytest

from knowledge.library import Answer, Library, Query
from tests.knowledge.golden import EVERYBODY, SETS, Golden, golden, open_library

LEAST = {
    "en": {"right": 0.81, "cited": 0.87, "refused": 0.94, "decided": 0.96},
    "zh": {"right": 0.845, "cited": 0.90, "refused": 0.92, "decided": 0.95},
    "cross": {"right": 0.73, "cited": 0.80, "refused": 1.0, "decided": 0.85},
}


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Iterator[Library]:
    opened = open_library(tmp_path_factory.mktemp("golden"))
    yield opened
    opened.close()


def is_right(asked: Golden, citation) -> bool:
    return (citation.policy, citation.clause) == (asked.policy, asked.clause) and (
        asked.version in (None, citation.version)
    )


def measure(asked: list[tuple[Golden, Answer]]) -> dict[str, float]:
    known = [(question, answer) for question, answer in asked if question.policy]
    unknown = [answer for question, answer in asked if not question.policy]
    right = sum(is_right(q, c) for q, a in known for c in a.citations[:1])
    cited = sum(any(is_right(q, c) for c in a.citations) for q, a in known)
    refused = sum(answer.status == "refused" for answer in unknown)
    answered = sum(answer.status == "answered" for _, answer in known)
    return {
        "right": right / len(known),
        "cited": cited / len(known),
        "refused": refused / len(unknown) if unknown else 1.0,
        "decided": (refused + answered) / len(asked),
    }


@pytest.mark.parametrize("name", SETS)
def test_golden_questions_are_answered_right_or_refused(library, name):
    asked = [
        (question, library.ask(Query(question.text, question.on, EVERYBODY)))
        for question in golden(name)
    ]
    found = measure(asked)
    print(name, len(asked), {key: round(share, 3) for key, share in found.items()})  # noqa: T201

    assert all(found[key] >= least for key, least in LEAST[name].items()), found
    assert all(answer.lang == question.lang for question, answer in asked)
    assert all(len(answer.citations) <= 3 for _, answer in asked)
    for question, answer in asked:
        for citation in (*answer.citations, *answer.nearest):
            assert citation.in_force_from <= question.on
            assert citation.in_force_to is None or question.on < citation.in_force_to
            assert citation.marks


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
