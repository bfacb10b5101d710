"""Verdicts on answers: in Slack and from the command line, one a person, never with a client."""

import pytest
from sqlalchemy import select

from bank.chain_check import check_log
from bank.models import AnswerFeedback, Audit
from bank.seals import AuditKeys
from tests.bot import branch
from tests.bot.office import STAFF_CHANNEL, eventually
from tests.bot.shell import KEY
from tests.bot.test_duties import fill_in, modal
from tests.bot.test_presses import hears, told
from tests.bot.test_questions import ASKED, settled

NOTED = "已记下，谢谢"
NAME = "星河灯塔贸易"
COLUMNS = (
    AnswerFeedback.staff_id, AnswerFeedback.verdict, AnswerFeedback.reason, AnswerFeedback.note,
)  # fmt: skip


def given(database):
    with database.read() as tx:
        return sorted(tuple(row) for row in tx.execute(select(*COLUMNS)))


@pytest.fixture
def answered(office, tmp_path):
    """UM001 has asked in a conversation of two, and was answered."""
    office.take_in(tmp_path / "policies")
    office.say("UM001", ASKED)
    settled(office)
    return office


def press(office, user, half, room=""):
    """One of the two buttons beneath the first answer."""
    answer = office.answers(user, room)[0]
    (block,) = [one for one in answer["blocks"] if one["type"] == "context_actions"]
    chosen = block["elements"][0][f"{half}_button"]["value"]
    office.press(user, answer, "feedback", value=chosen)


def test_a_good_verdict_is_noted_where_it_was_given(answered):
    press(answered, "UM001", "positive")

    hears(answered, NOTED)
    assert given(answered.database) == [("M001", "up", "", "")]


def test_a_bad_one_counts_at_once_and_the_form_says_why(answered):
    press(answered, "UM001", "negative")
    window = modal(answered)

    assert given(answered.database) == [("M001", "down", "", "")]
    fill_in(answered, window, reason="incomplete", note="没有提到对公客户")
    hears(answered, NOTED)
    assert given(answered.database) == [("M001", "down", "incomplete", "没有提到对公客户")]


def test_whoever_has_no_answer_yet_can_ask_an_expert_from_the_form(answered):
    press(answered, "UM001", "negative")
    window = modal(answered)
    (block,) = [
        block for block in window["blocks"] for one in block.get("elements", ())
        if one.get("action_id") == "expert"
    ]  # fmt: skip
    where = {"view_id": window["id"], "block_id": block["block_id"]}
    answered.do("press", "UM001", **where, action_id="expert")

    eventually(lambda: "本行专家会在这个对话里答复您" in str(answered.see("UM001")["modals"]))


def test_a_verdict_can_be_changed_and_counts_once(answered):
    for half in ("positive", "negative", "positive"):
        press(answered, "UM001", half)
        settled(answered)

    eventually(lambda: given(answered.database) == [("M001", "up", "", "")])


def test_another_reason_needs_a_sentence_and_the_form_stays_open_without(answered):
    press(answered, "UM001", "negative")
    window = modal(answered)

    refused = fill_in(answered, window, reason="other", note="")

    assert refused["errors"] == {"note": "选择“其他”时，请用一句话说明。"}
    assert given(answered.database) == [("M001", "down", "", "")]


def test_a_sentence_that_names_a_client_is_not_kept(answered):
    branch.client(answered.database, "K1", "M001", name=NAME)
    press(answered, "UM001", "negative")
    window = modal(answered)

    fill_in(answered, window, reason="other", note=f"{NAME}的情况没说")

    settled(answered, 3)
    assert given(answered.database) == [("M001", "down", "", "")]
    assert not any(NOTED in told(one) for one in answered.answers("UM001"))


def test_in_a_channel_each_has_a_verdict_of_their_own(office, tmp_path):
    office.take_in(tmp_path / "policies")
    office.say("UM001", f"@Daybook {ASKED}", STAFF_CHANNEL)
    settled(office)

    press(office, "UM001", "positive", STAFF_CHANNEL)
    press(office, "UM003", "negative", STAFF_CHANNEL)

    eventually(lambda: len(given(office.database)) == 2)
    assert given(office.database) == [("M001", "up", "", ""), ("M003", "down", "", "")]


@pytest.fixture
def asked(shell, tmp_path):
    """The id of a question of M001's, from the command line."""
    branch.found(shell.database)
    branch.client(shell.database, "K1", "M001", name=NAME)
    told, _ = shell.json("ask", ASKED, "--as", "M001")
    return told["question"]


def test_the_command_line_takes_them_as_well(shell, asked):
    down = ("feedback", asked, "down", "--as", "M001")

    assert shell.json(*down, "--reason", "wrong_clause") == (
        {"question": asked, "verdict": "down", "reason": "wrong_clause"}, 0,
    )  # fmt: skip
    assert shell.run("feedback", asked, "up", "--as", "M001").stderr == "已记下：有帮助。\n"

    assert given(shell.database) == [("M001", "up", "", "")]
    with shell.database.read() as tx:
        deeds = list(tx.scalars(select(Audit.deed).order_by(Audit.id)))
        assert deeds == ["audit.begin", "ask", "feedback", "feedback"]
        assert check_log(tx, AuditKeys.parse(KEY), {}, lambda _: None).fault is None


def test_whoever_could_not_read_an_answer_learns_nothing_of_it(shell, asked):
    line = shell.refused("feedback", asked, "up", "--as", "M002")

    assert line == shell.refused("feedback", "nothing", "up", "--as", "M002")
    assert line == "There is no such answer."
    assert given(shell.database) == []


@pytest.mark.parametrize("note", [f"{NAME}的没说", "他的卡是6222020200112233448"])
def test_nor_does_it_keep_a_client(shell, asked, note):
    line = shell.refused("feedback", asked, "down", "--as", "M001", "--note", note)

    assert note not in line
    assert given(shell.database) == []
