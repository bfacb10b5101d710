"""A model's answers as people get them: one visible outcome a question, whatever the model does."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, select

from bank.models import Audit, Inbox
from bank.people import find_staff
from bank.questions import find_question
from bot.desk import Desk
from bot.replies import answers
from bot.replies.tree import Note, Quote, Span
from knowledge.answer import Answer, Claim
from knowledge.llm.drafter import Drafter, Terms
from tests.bot import branch
from tests.bot.office import POLICY, STAFF_CHANNEL, ZONE, eventually, opened
from tests.bot.office import text_of as said
from tests.bot.test_answers import CITED
from tests.bot.test_questions import ASKED, abandoned, settled
from tests.knowledge.conftest import on_one_engine
from tests.knowledge.model_server import (
    Reply,
    as_openai,
    called,
    claims,
    failing,
    quoting,
)
from tests.knowledge.model_server import said as spoke

QUOTE = "客户经理应当在应还款日的次一工作日内上报团队长"
CLAIM = "客户经理应当在次一工作日内上报团队长。"
INVENTED = "客户经理应当在三十日内自行处理"


@pytest.fixture
def server(monkeypatch):
    with as_openai(monkeypatch) as started:
        started.script = quoting(CLAIM, QUOTE)
        yield started


@pytest.fixture
def make(server, filled, tmp_path):
    """Opens an office whose library asks the model, with a policy taken in."""
    database = filled("small bank", branch.found)
    contexts = []

    def give(deadline=60.0):
        drafter = Drafter(
            database, Terms("openai:made-up", deadline, 1_000_000), lambda: date(2026, 11, 17)
        )
        drafter.open()
        contexts.append(opened(database, tmp_path, drafter))
        office = contexts[-1].__enter__()
        office.take_in(tmp_path / "policies")
        return office

    yield give
    server.let_go()
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.fixture
def office(make):
    return make()


def statuses(office, user="UM001"):
    return [one for room in office.see(user)["conversations"] for one in room["statuses"]]


def test_a_models_answer_is_its_sentences_with_the_words_they_rest_on(office):
    office.say("UM001", ASKED)
    settled(office)

    (answer,) = office.answers("UM001")
    assert CLAIM in said(answer)
    assert QUOTE in said(answer)
    assert "《贷后管理办法》第二条" in said(answer)
    assert "由模型 made-up 起草，引文均已与条款逐字核对" in said(answer)


def test_an_english_reply_says_who_drafted_it_and_that_the_clause_is_in_another_language():
    start = POLICY.index(QUOTE) - 11
    clause = replace(CITED, quote=POLICY[start : POLICY.index("联系借款人")], marks=())
    at = clause.quote.index(QUOTE)
    claim = Claim("Report it within 1 working day.", 0, at, at + len(QUOTE))
    found = Answer(
        "answered", "", "llm", "en", (clause,), (), 0, claims=(claim, claim), model="openai:gpt-x"
    )  # fmt: skip

    reply = answers.answer(found, None, "q1", date(2026, 11, 17))

    notes = [node.text for node in reply.nodes if isinstance(node, Note)]
    quotes = [node for node in reply.nodes if isinstance(node, Quote)]
    assert [quote.spans for quote in quotes] == [(Span(QUOTE),)] * 2
    assert "Drafted by the model gpt-x; every quote was checked" in notes[-1]
    assert sum("贷后管理办法 · 第二条" in note for note in notes) == 1
    assert reply.summary == "Report it within 1 working day. Report it within 1 working day."


FAULTS = {
    "429": lambda _: failing(429),
    "500": lambda _: failing(500),
    "cut": lambda _: Reply(claims().body, fault="cut"),
    "not JSON": lambda _: Reply("<html>"),
    "length": lambda _: called('{"answerable": true', "length"),
    "filter": lambda _: spoke("", "content_filter"),
    "empty": lambda _: spoke(""),
    "bad arguments": lambda _: called("{"),
}


@on_one_engine
@pytest.mark.parametrize("fault", FAULTS)
def test_when_the_model_fails_the_policies_own_answer_comes_once(office, server, fault):
    server.script = FAULTS[fault]

    office.say("UM001", ASKED)
    settled(office)

    (answer,) = office.answers("UM001")
    assert "次一工作日内上报团队长" in said(answer)
    assert "made-up" not in said(answer)


@on_one_engine
@pytest.mark.parametrize(
    "draft",
    [
        lambda asked: claims((INVENTED, asked.source(QUOTE), INVENTED)),
        lambda asked: claims((INVENTED, asked.source(QUOTE), QUOTE)),
        lambda _: claims((CLAIM, "C99", QUOTE)),
    ],
    ids=["invented quote", "figure that is not in the quote", "invented source"],
)
def test_when_nothing_stands_the_policies_own_answer_comes_and_no_unchecked_word_is_sent(
    office, server, draft
):
    server.script = draft

    office.say("UM001", ASKED)
    settled(office)

    (answer,) = office.answers("UM001")
    assert "次一工作日内上报团队长" in said(answer)
    assert "made-up" not in said(answer)
    assert "《贷后管理办法》第二条" in said(answer)
    sent = [body for name in ("chat.postMessage", "chat.update", "assistant.threads.setStatus")
            for body in office.traffic(name)]  # fmt: skip
    assert INVENTED not in str(sent)


@on_one_engine
def test_an_endpoint_that_drips_keeps_nobody_waiting(make, server):
    office = make(deadline=1.0)
    server.script = lambda _: Reply(claims().body, fault="drip")

    office.say("UM001", ASKED)
    settled(office)

    (answer,) = office.answers("UM001")
    assert "次一工作日内上报团队长" in said(answer)
    assert not server.released.is_set()  # it answered while the endpoint was still at it


@pytest.fixture
def held(server):
    """The first draft waits until this is set; the others come at once."""
    goes_on, first = threading.Event(), iter((True,))
    answer = server.script

    def script(asked):
        if next(first, False):
            goes_on.wait(60)
        return answer(asked)

    server.script = script
    yield goes_on
    goes_on.set()


@on_one_engine
def test_while_the_model_is_at_work_the_asker_is_told_so(office, server, held):
    office.say("UM001", ASKED)
    eventually(lambda: server.drafts)

    assert [one["status"] for one in statuses(office)] == ["正在查阅制度……"]
    assert office.answers("UM001") == []
    held.set()
    settled(office)
    eventually(lambda: statuses(office) == [])
    assert len(office.answers("UM001")) == 1


@on_one_engine
def test_a_status_slack_does_not_take_costs_no_answer(office):
    office.fault("assistant.threads.setStatus", "ok_false", error="missing_scope")

    office.say("UM001", ASKED)
    settled(office)

    assert len(office.answers("UM001")) == 1


@on_one_engine
def test_in_a_channel_there_is_one_post_and_no_status(office):
    ts = office.say("UM001", f"@Daybook {ASKED}", STAFF_CHANNEL)
    settled(office)

    (answer,) = office.answers("UM001", STAFF_CHANNEL)
    assert (answer["thread_ts"], CLAIM in said(answer)) == (ts, True)
    assert office.traffic("assistant.threads.setStatus") == []


@on_one_engine
def test_a_question_whose_worker_died_in_the_middle_is_answered_once(office):
    with office.database.write() as tx:
        tx.execute(insert(Inbox).values(abandoned(office, attempts=1)))
    office.step(minutes=5)
    settled(office)

    assert len(office.answers("UM002")) == 1


@on_one_engine
def test_a_worker_that_comes_back_too_late_says_nothing(office, server, held):
    with office.second_replica():
        office.say("UM001", ASKED)
        eventually(lambda: server.drafts)
        office.step(minutes=5)  # its lease has ended, and another takes the question up
        eventually(lambda: office.answers("UM001"))
        held.set()
        settled(office)

    assert len(server.drafts) == 2
    assert len(office.answers("UM001")) == 1


def test_a_question_that_is_worked_on_again_is_written_down_as_it_is_shown(make, server):
    office = make()
    desk = Desk(office.database, office.library, ZONE)
    with office.database.read() as tx:
        ada = find_staff(tx, "M002")

    def ask():
        return desk.ask(ada, ASKED, date(2026, 11, 17), question_id="q1", now=office.now())

    first, same = ask(), ask()
    server.script = lambda _: claims(answerable=False)
    other = ask()

    assert (first.answer.status, same.answer.status) == ("answered", "answered")
    assert other.answer.status == "refused"
    with office.database.read() as tx:
        assert find_question(tx, "q1").status == "refused"
        entries = tx.scalars(select(Audit.subject).where(Audit.deed == "ask")).all()
    assert entries == ["question:q1", "question:q1"]


@pytest.fixture
def asking(shell, server, tmp_path):
    """The command line over a bank with a policy and with a model."""
    branch.found(shell.database)
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "post-loan-2026.md").write_text(POLICY, encoding="utf-8")
    shell.run("policy", "sync", folder)
    shell.environment |= {"DAYBOOK_MODEL": "openai:made-up", "DAYBOOK_MODEL_DEADLINE": "60"}
    yield shell
    server.let_go()


@on_one_engine
def test_the_command_line_tells_the_model_and_its_claims(asking):
    answer, code = asking.json("ask", ASKED, "--as", "M001")

    assert (code, answer["status"], answer["mode"]) == (0, "answered", "llm")
    assert (answer["model"], answer["fallback"]) == ("openai:made-up", "")
    assert answer["claims"] == [{"text": CLAIM, "citation": 0, "quote": QUOTE}]
    assert answer["citations"][0]["clause"] == "第二条"
    assert answer["answer"] == f"{CLAIM} (《贷后管理办法》第二条)"
    assert CLAIM in asking.run("ask", ASKED, "--as", "M001").stderr


@on_one_engine
def test_the_command_line_says_why_a_models_answer_is_not_the_one_shown(asking, server):
    server.script = lambda _: failing(500)

    answer, code = asking.json("ask", ASKED, "--as", "M001")

    assert (code, answer["mode"], answer["fallback"]) == (0, "extractive", "unavailable")
    assert (answer["claims"], answer["model"]) == ([], "")


@on_one_engine
def test_a_package_that_is_missing_is_no_reason_to_leave_a_question_unanswered(asking):
    asking.environment["DAYBOOK_MODEL"] = "ollama:made-up"

    answer, code = asking.json("ask", ASKED, "--as", "M001")

    assert (code, answer["mode"], answer["fallback"]) == (0, "extractive", "unopened")


@on_one_engine
def test_the_bot_does_not_start_with_a_model_that_cannot_be_opened(asking):
    asking.environment |= {
        "DAYBOOK_MODEL": "ollama:made-up",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
    }

    line = asking.refused("serve")

    assert line.endswith("its package is missing: pip install 'daybook[ollama]'")


@on_one_engine
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DAYBOOK_MODEL", "gpt-5"),
        ("DAYBOOK_MODEL", "madeup:model"),
        ("DAYBOOK_MODEL_DEADLINE", "0"),
        ("DAYBOOK_MODEL_DEADLINE", "soon"),
        ("DAYBOOK_MODEL_BUDGET", "0"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_may_hold(asking, name, value):
    asking.environment[name] = value

    line = asking.refused("ask", ASKED, "--as", "M001")

    assert line.startswith(f"{name} holds '{value}': it may hold ")
