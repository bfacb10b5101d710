"""Clients and staff are called what the bank's drop says; a name is never more than a name."""

import io
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from bank.database import Database
from bank.people import find_staff
from bank.schema import migrate
from bot import terminal
from bot.desk import Desk
from bot.replies import answers
from bot.replies.brief import client_brief
from bot.replies.owed import owed
from bot.slack import blocks
from bot.text import visible
from jobs.digest import item_facts
from knowledge.answer import Answer
from tests.bot import branch
from tests.bot.branch import TODAY
from tests.injection.cases import cases, check_inert

CLIENTS = [case for case in cases("names") if case.values[0]["of"] == "client"]
STAFF = [case for case in cases("names") if case.values[0]["of"] == "staff"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The desk of a bank whose clients of M001 are called all of that."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('names') / 'daybook.db'}")
    migrate(database)
    branch.found(database)
    for nth, case in enumerate(CLIENTS):
        branch.client(database, f"K{nth}", "M001", name=case.values[0]["text"])
        branch.warning(database, f"W01:K{nth}:2026-11-16", f"K{nth}", "M001")
    with database.read() as tx:
        yield Desk(database, None, ZoneInfo("Asia/Shanghai")), find_staff(tx, "M001")
    database.close()


def check(reply) -> None:
    """Safe in Slack and in a terminal."""
    check_inert(blocks.message(reply))
    screen = io.StringIO()
    terminal.show(reply, Console(file=screen, markup=False, emoji=False, highlight=False))
    assert visible(screen.getvalue()) == screen.getvalue()


@pytest.mark.parametrize(("nth", "case"), [(n, c.values[0]) for n, c in enumerate(CLIENTS)], ids=[c.id for c in CLIENTS])  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_clients_name_is_only_a_name(desk, nth, case, lang):
    at, actor = desk
    due = [one for one in at.day(actor, TODAY) if one.client_name == case["text"]]
    assert len(due) == 2
    facts = [item_facts(one) for one in due]
    person = replace(actor, lang=lang)

    morning = owed("digest", {"date": TODAY.isoformat(), "items": facts, "more": 0}, person, TODAY)
    alone = owed("warning", next(f for f in facts if f["kind"] == "warning"), person, TODAY)
    brief = client_brief(at.brief(actor, f"K{nth}", TODAY), lang)

    for reply in (morning, alone, brief):
        check(reply)
        assert reply.disclosure == "client"


@pytest.mark.parametrize("case", STAFF)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_colleagues_name_is_only_a_name(desk, case, lang):
    _, actor = desk
    refusal = Answer("refused", "off_topic", "extractive", lang, (), (), 0)
    person = replace(actor, lang=lang, name=case["text"])

    check(answers.answer(refusal, case["text"], "q1", TODAY))
    check(owed("digest", {"date": TODAY.isoformat(), "items": [], "more": 0}, person, TODAY))
