"""The golden questions over the shipped policies: figures, and the least they may be.

`right` counts questions whose first citation is the one right clause (of the right version), out
of all that some policy answers; `cited` those where it is among the citations; `refused` the
questions no policy answers that were refused.
"""

from collections.abc import Iterator

import pytest

from knowledge.library import Answer, Library, Query
from tests.knowledge.golden import EVERYBODY, Golden, golden, open_library

LEAST = {
    "en": {"right": 0.80, "cited": 0.85, "refused": 0.90, "decided": 0.90},
    "zh": {"right": 0.85, "cited": 0.90, "refused": 0.88, "decided": 0.90},
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
        "refused": refused / len(unknown),
        "decided": (refused + answered) / len(asked),
    }


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_golden_questions_are_answered_right_or_refused(library, lang):
    asked = [
        (question, library.ask(Query(question.text, question.on, EVERYBODY)))
        for question in golden(lang)
    ]
    found = measure(asked)
    print(lang, len(asked), {name: round(share, 3) for name, share in found.items()})  # noqa: T201

    assert all(found[name] >= least for name, least in LEAST[lang].items()), found
    assert all(answer.lang == lang for _, answer in asked)
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
