from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

from bank.generations import Generation, active_generation, switch_base, switch_generation
from bank.models import OrgUnit, Staff
from bank.policies import (
    ClauseRecord,
    LinkRecord,
    Passage,
    PolicyRecord,
    clause_digests,
    clauses,
    clauses_of,
    definitions_of,
    digest_of,
    find_clause,
    find_passages,
    links_of,
    policy_versions,
)
from bank.questions import QuestionRecord, find_question, record_question
from bank.revisions import Revision

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
OLD = PolicyRecord(
    policy="post-loan",
    version="2024",
    title="贷后管理办法",
    kind="policy",
    lang="zh",
    in_force_from=date(2024, 1, 1),
    in_force_to=date(2026, 3, 1),
    replaces=None,
    audience=("all",),
    owner="风险管理部",
    path="post-loan-2024.pdf",
    content_hash="h1",
)
NEW = replace(
    OLD,
    version="2026",
    in_force_from=date(2026, 3, 1),
    in_force_to=None,
    replaces="2024",
    audience=("risk", "manager"),
    path="post-loan-2026.docx",
    units=("B1",),
    notices=("page 3 has no text",),
)


def clause(policy, number, text="应当检查。"):
    return ClauseRecord(
        id=f"{policy.id}#{number}",
        version_id=policy.id,
        position=number,
        number=str(number),
        label=f"第{number}条",
        heading="第一章 总则",
        text=text,
        page=None,
        vector=b"\x00\x00\x80\x3f",
        place="slide 3",
        start=number * 10,
        end=number * 10 + len(text),
    )


LINK = LinkRecord("post-loan@2026#2", 0, "reference", 2, 5, "1", "", "")
TERM = LinkRecord("post-loan@2026#2", 1, "definition", 0, 2, "", "", "逾期")


def generation(name, count, number=1):
    return Generation(name, "embedder", count, "fingerprint", NOW, number=number)


@pytest.fixture
def filled(database):
    added = {OLD: [clause(OLD, 1)], NEW: [clause(NEW, 1), clause(NEW, 2)]}
    with database.write() as tx:
        assert switch_generation(
            tx,
            generation("g1", 3),
            instead_of=None,
            revision=Revision(added=added, links={NEW.id: [LINK, TERM]}),
            vectors={},
            tokens={},
        )
    return database


def test_what_was_written_reads_back(filled):
    with filled.read() as tx:
        assert policy_versions(tx) == (OLD, NEW)
        assert clauses_of(tx, NEW.id) == (clause(NEW, 1), clause(NEW, 2))
        assert [found.id for found in clauses(tx)] == [
            "post-loan@2024#1",
            "post-loan@2026#1",
            "post-loan@2026#2",
        ]
        assert active_generation(tx) == generation("g1", 3)
        links = links_of(tx, [clause(NEW, 1).id, clause(NEW, 2).id])
        assert links == {clause(NEW, 2).id: (LINK, TERM)}
        assert definitions_of(tx, {OLD.id, NEW.id}) == (TERM,)
        assert definitions_of(tx, {OLD.id}) == ()


def test_a_clause_is_found_by_its_number_in_a_version(filled):
    with filled.read() as tx:
        assert find_clause(tx, NEW.id, "2") == Passage(clause(NEW, 2), NEW)
        assert find_clause(tx, NEW.id, "") == Passage(clause(NEW, 1), NEW)
        assert find_clause(tx, OLD.id, "2") is None


def test_force_is_half_open_and_audience_is_any_of_the_roles():
    assert OLD.in_force(date(2026, 2, 28))
    assert not OLD.in_force(date(2026, 3, 1))
    assert NEW.in_force(date(2026, 3, 1))
    assert OLD.open_to(())
    assert NEW.open_to({"manager", "hr"}, {"B1", "HQ"})
    assert not NEW.open_to({"hr"}, {"B1"})


def test_a_policy_of_some_units_is_for_them_and_the_units_below_alone():
    everywhere = replace(NEW, units=())
    assert everywhere.open_to({"risk"})
    assert everywhere.open_to({"risk"}, {"B2"})
    assert not NEW.open_to({"risk"})
    assert not NEW.open_to({"risk"}, {"B2", "HQ"})


def test_passages_carry_their_version_and_gone_ones_are_left_out(filled):
    with filled.read() as tx:
        found = find_passages(tx, ["post-loan@2024#1", "post-loan@2024#9"])

    assert list(found) == ["post-loan@2024#1"]
    assert found["post-loan@2024#1"].policy == OLD
    assert found["post-loan@2024#1"].clause == clause(OLD, 1)


def test_a_switch_removes_adds_and_changes_vectors_at_once(filled):
    changed = replace(OLD, content_hash="h2")
    with filled.write() as tx:
        assert switch_generation(
            tx,
            generation("g2", 3, number=2),
            instead_of="g1",
            revision=Revision(frozenset({OLD.id}), {changed: [clause(OLD, 1, "不得拖延。")]}),
            vectors={"post-loan@2026#2": b"\x00\x00\x00\x40"},
            tokens={"post-loan@2026#2": "拖 延"},
        )
    with filled.read() as tx:
        assert policy_versions(tx) == (changed, NEW)
        assert clauses_of(tx, OLD.id)[0].text == "不得拖延。"
        assert clauses_of(tx, NEW.id)[1].vector == b"\x00\x00\x00\x40"
        assert clauses_of(tx, NEW.id)[1].tokens == "拖 延"
        assert active_generation(tx) == generation("g2", 3, number=2)
        assert [version.since for version in policy_versions(tx)] == [2, 1]
        assert [found.id for found in clauses(tx, {OLD.id, "gone@1"})] == ["post-loan@2024#1"]


def test_a_version_that_stays_may_end_and_go_on_again(filled):
    for name, before, end in (("g2", "g1", date(2027, 1, 1)), ("g3", "g2", None)):
        with filled.write() as tx:
            assert switch_generation(
                tx, generation(name, 3), instead_of=before, revision=Revision(ends={NEW.id: end}),
                vectors={}, tokens={},
            )  # fmt: skip
        with filled.read() as tx:
            assert policy_versions(tx) == (OLD, replace(NEW, in_force_to=end))


def test_digests_tell_clauses_that_say_the_same(filled):
    with filled.read() as tx:
        digests = clause_digests(tx)

    assert digests == {OLD.id: (digest_of("应当 检查。"),), NEW.id: (digest_of("应当检查。"),) * 2}
    assert digest_of("不得检查。") != digest_of("应当检查。")


def test_a_generation_moves_to_another_base_once(filled):
    moved = {"base": "b1", "number": 1, "clauses": 3}
    with filled.write() as tx:
        assert switch_base(tx, "g1", instead_of="", **moved)
        assert not switch_base(tx, "g1", instead_of="", **moved)
        assert not switch_base(tx, "g0", instead_of="b1", **moved)
    with filled.read() as tx:
        expected = replace(generation("g1", 3), base="b1", base_number=1, base_clauses=3)
        assert active_generation(tx) == expected


def test_whoever_comes_second_changes_nothing(filled):
    with filled.write() as tx:
        switched = switch_generation(
            tx,
            generation("g3", 0),
            instead_of="g0",
            revision=Revision(removed=frozenset({OLD.id, NEW.id})),
            vectors={},
            tokens={},
        )
    with filled.read() as tx:
        assert not switched
        assert policy_versions(tx) == (OLD, NEW)
        assert active_generation(tx).id == "g1"


def test_a_question_is_written_once_with_what_answered_it(database):
    question = QuestionRecord(
        id="T1/C1/1.1",
        asked_at=NOW,
        staff_id="M001",
        conversation="T1/C1/1.1",
        text="几天内要录入走访？",
        lang="zh",
        status="answered",
        clause_ids=("kyc-zh@2026#18",),
    )
    staff = {
        "id": "M001",
        "name": "云小舟",
        "role": "manager",
        "unit_id": "U10",
        "slack_user_id": None,
        "lang": "zh",
        "hired_day": 1,
        "left_day": 3_652_059,
    }
    with database.write() as tx:
        tx.execute(insert(OrgUnit).values(id="U10", name="团队一", parent_id=None))
        tx.execute(insert(Staff).values(**staff))
        assert record_question(tx, question)
        assert not record_question(tx, replace(question, status="refused"))
    with database.read() as tx:
        assert find_question(tx, question.id) == question
        assert find_question(tx, "T1/C1/9.9") is None
