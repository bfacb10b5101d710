"""Approved answers served: to whom, as of when, and only while their clauses say what they said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from bank.audit import Deed
from bank.days import OPEN
from bank.models import Clause, OrgUnit, Staff
from bank.rankings import NamedClause
from bank.tickets import TicketRecord, answer_ticket, open_ticket
from bank.verified import (
    VerifiedRecord,
    change_verified,
    find_verified,
    lapse,
    present_clause,
    propose,
)
from knowledge.answer import Query
from knowledge.library import Library
from knowledge.question import read_question
from knowledge.scope import Scope
from knowledge.verified import Verified

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
TODAY = date(2026, 11, 17)
HOUR = timedelta(hours=1)
ASKED = "客户能不能带宠物进贵宾厅？"
POLICY = """+++
id = "{id}"
title = "{title}"
version = "2026"
kind = "policy"
lang = "zh"
in_force_from = 2026-01-01
in_force_to = 2026-12-31
audience = [{audience}]
owner = "网点管理部"
+++
# {title}

第一条　贵宾厅由大堂经理管理，客户进入须登记。

第二条　营业场所应当保持整洁，动物由客户自行看管。
"""


@pytest.fixture
def library(database, tmp_path):
    folder = tmp_path / "policies"
    folder.mkdir()
    for name, title, audience in (
        ("hall", "营业场所管理办法", '"all"'),
        ("inner", "贵宾厅内部规程", '"compliance"'),
    ):
        text = POLICY.format(id=name, title=title, audience=audience)
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    opened = Library(database, tmp_path / "home")
    assert opened.sync(folder, NOW).failed == ()
    people = [("M001", "manager", "云小舟"), ("C001", "compliance", "竹喧归")]
    people.append(("C002", "compliance", "桂子香"))
    with database.write() as tx:
        tx.execute(insert(OrgUnit), {"id": "U1", "name": "滨江支行", "parent_id": None})
        for staff, role, name in people:
            row = {"id": staff, "name": name, "role": role, "unit_id": "U1", "lang": "zh"}
            row |= {"slack_user_id": None, "hired_day": 1, "left_day": OPEN}
            tx.execute(insert(Staff), row)
    yield opened
    opened.close()


def approve(database, name, text, clauses, *, question=ASKED, at=NOW):
    """An answer of C001's that C002 approved."""
    deed = Deed("C001", "test", TODAY, at)
    ticket = TicketRecord(
        name, name, "M001", "", "zh", question, "", (), "C001", 1, "open", at, at + HOUR,
        at + 2 * HOUR, at + 3 * HOUR,
    )  # fmt: skip
    with database.write() as tx:
        named = tuple(present_clause(tx, policy, number, TODAY).name for policy, number in clauses)
        record = VerifiedRecord(
            name, name, question, "zh", text, "C001", "C002", None, "proposed", 1, at, at, "", named
        )
        open_ticket(tx, ticket, deed)
        answer_ticket(tx, ticket, text, deed)
        propose(tx, record, deed)
        after = replace(record, state="approved", approved_on=TODAY, changed_at=at)
        change_verified(tx, after, record, replace(deed, actor_id="C002"))


def ask(library, text=ASKED, on=TODAY, role="manager"):
    roles = frozenset({role}) if role else frozenset()
    return library.ask(Query(text, on, roles, None, frozenset({"U1"}) if role else frozenset()))


def test_it_comes_first_with_who_approved_it_and_its_clauses(database, library):
    approve(database, "v1", "可以，由大堂经理引导。", [("hall", "1"), ("hall", "2")])

    answer = ask(library, "请问客户可以带宠物进贵宾厅吗")

    assert (answer.status, answer.mode) == ("answered", "verified")
    assert [(one.policy, one.clause) for one in answer.citations] == [
        ("hall", "第一条"), ("hall", "第二条"),
    ]  # fmt: skip
    approval = answer.approval
    assert (approval.text, approval.expert, approval.approver) == (
        "可以，由大堂经理引导。", "C001", "C002",
    )  # fmt: skip
    assert (approval.by, approval.approved_on) == ("桂子香", TODAY)


def test_where_others_read_along_nobody_is_named(database, library):
    approve(database, "v1", "可以。", [("hall", "1")])

    assert ask(library, role=None).approval.by == ""


@pytest.mark.parametrize(("role", "mode"), [("compliance", "verified"), ("manager", "extractive")])
def test_it_is_for_those_who_may_read_every_clause_of_it(database, library, role, mode):
    approve(database, "v1", "可以。", [("hall", "1"), ("inner", "1")])

    assert ask(library, role=role).mode == mode


@pytest.mark.parametrize(
    ("on", "mode"),
    [
        (date(2025, 12, 31), "extractive"),
        (date(2026, 1, 1), "verified"),
        (date(2026, 12, 30), "verified"),
        (date(2027, 1, 1), "extractive"),
    ],
)
def test_it_holds_on_the_days_its_clauses_are_in_force(database, library, on, mode):
    approve(database, "v1", "可以。", [("hall", "1")])

    assert ask(library, on=on).mode == mode


def test_it_is_not_served_once_a_clause_has_other_words_though_nobody_noticed(database, library):
    approve(database, "v1", "可以。", [("hall", "1")])
    assert ask(library).mode == "verified"
    with database.write() as tx:
        tx.execute(update(Clause).where(Clause.number == "1").values(text="贵宾厅谢绝宠物。"))

    assert ask(library).mode != "verified"


@pytest.mark.parametrize("end", ["lapsed", "withdrawn"])
def test_what_another_process_ends_is_not_served_by_this_one(database, library, end):
    approve(database, "v1", "可以。", [("hall", "1")])
    assert ask(library).mode == "verified"
    with database.write() as tx:
        held = find_verified(tx, "v1")
        if end == "lapsed":
            assert lapse(tx, [held], NOW + HOUR)
        else:
            after = replace(held, state=end, changed_at=NOW + HOUR)
            change_verified(tx, after, held, Deed("C002", "test", TODAY, NOW))

    assert ask(library).mode != "verified"


def test_of_two_the_one_approved_last_is_served_and_the_other_when_that_may_not_be(
    database, library
):
    approve(database, "v1", "可以。", [("hall", "1")])
    approve(database, "v2", "不可以。", [("inner", "1")], at=NOW + HOUR)

    assert ask(library, role="compliance").approval.text == "不可以。"
    assert ask(library).approval.text == "可以。"


def test_a_clause_asked_for_by_its_number_is_quoted_and_not_answered(database, library):
    named = "营业场所管理办法第一条怎么说？"
    approve(database, "v1", "可以。", [("hall", "2")], question=named)

    assert ask(library, named).mode == "extractive"


def test_one_that_names_no_clause_that_stands_is_nobodys_answer(database, library):
    approve(database, "v1", "可以。", [("hall", "1")])
    gone = NamedClause("hall", "9", "0")
    with database.write() as tx:
        held = find_verified(tx, "v1")
        after = replace(held, clauses=(*held.clauses, gone), changed_at=NOW + HOUR)
        change_verified(tx, after, held, Deed("C002", "test", TODAY, NOW))

    with database.read() as tx:
        scope = Scope(TODAY, frozenset({"manager"}))
        assert Verified().answer(tx, read_question(ASKED), scope) is None
