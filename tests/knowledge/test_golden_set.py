"""The golden questions themselves: enough of each kind, and each names a clause there is."""

from tests.knowledge.golden import EVERYBODY, SETS, TODAY, golden
from tests.knowledge.test_golden import library

__all__ = ["library"]

COMPLIANCE = frozenset({"compliance"})
ALL = [question for name in SETS for question in golden(name)]


def test_there_are_enough_questions_of_every_kind():
    chinese = [question for question in ALL if question.lang == "zh"]
    unanswerable = [question for question in ALL if question.policy is None]
    earlier = [question for question in ALL if question.on != TODAY]
    across = [*golden("cross")]

    assert len(ALL) >= 150
    assert len(chinese) >= 75
    assert len(ALL) - len(chinese) >= 75
    assert len(unanswerable) >= 30
    assert {lang: sum(q.lang == lang for q in unanswerable) >= 10 for lang in ("en", "zh")} == {
        "en": True,
        "zh": True,
    }
    assert len(earlier) >= 15
    assert {lang: sum(q.lang == lang for q in across) >= 15 for lang in ("en", "zh")} == {
        "en": True,
        "zh": True,
    }


def test_compliance_may_read_every_policy_that_it_may_be_asked_about(library):
    """Or nobody could approve what an expert answers by it."""
    asked = {question.policy for question in ALL if question.policy}

    assert [
        v.id for v in library.versions() if v.policy in asked and not v.open_to(COMPLIANCE)
    ] == []


def test_no_question_stands_twice():
    asked = [(question.text, question.on) for question in ALL]

    assert len(set(asked)) == len(asked)


def test_every_question_names_a_clause_of_the_version_in_force_on_its_day(library):
    held = {
        (version.policy, version.version): (version.lang, version.open_to(EVERYBODY))
        for version in library.versions()
    }
    wrong = []
    for name in SETS:
        for question in golden(name):
            if question.policy is None:
                continue
            shown = library.show(question.policy, question.on)
            found = [citation for citation in shown if citation.clause == question.clause]
            version = found[0].version if found else ""
            lang, readable = held.get((question.policy, version), ("", False))
            fits = (
                readable
                and question.version in (None, version)
                and (lang != question.lang) == (name == "cross")
            )
            if not fits:
                wrong.append((name, question.text, question.policy, question.clause, version))

    assert wrong == []


def test_what_only_some_may_read_is_asked_about(library):
    kept = {version.policy for version in library.versions() if not version.open_to({"manager"})}

    assert kept
    assert kept <= {question.policy for question in ALL}
