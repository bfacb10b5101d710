"""Questions in Slack: one visible outcome each, in the right place, for the right people."""

from datetime import date

import pytest
from sqlalchemy import select, update

from bank.days import number
from bank.models import Inbox, Outbox, Question, Staff
from bot.slack.guard import Identity, event_entry
from tests.bot.office import (
    GUEST,
    PARTNER,
    POLICY,
    SHARED_CHANNEL,
    STAFF_CHANNEL,
    STRANGER,
    eventually,
)
from tests.bot.office import text_of as said

ASKED = "借款人逾期还款，客户经理多久之内要上报团队长？"


def settled(office, outcomes=1):
    """Every question came to its end, and stays there."""

    def done():
        with office.database.read() as tx:
            states = list(tx.scalars(select(Inbox.state)))
            owed = list(tx.scalars(select(Outbox.state)))
        return len(states) >= outcomes and {*states, *owed} <= {"done", "failed", "sent"}

    eventually(done)


def test_a_direct_question_is_answered_once_with_the_clause_quoted(office, tmp_path):
    office.take_in(tmp_path / "policies")

    office.say("UM001", ASKED)
    settled(office)

    (answer,) = office.answers("UM001")
    assert "次一工作日内上报团队长" in said(answer)
    assert "《贷后管理办法》第二条" in said(answer)
    assert "自2026年1月1日起施行" in said(answer)
    assert answer.get("thread_ts") is None


def test_an_answer_to_a_threaded_question_stays_in_its_thread(office, tmp_path):
    office.take_in(tmp_path / "policies")
    root = office.say("UM001", ASKED)
    settled(office)

    office.say("UM001", ASKED, thread=root)
    settled(office, 2)

    first, second = office.answers("UM001")
    assert (first.get("thread_ts"), second["thread_ts"]) == (None, root)


def test_who_asked_what_is_written_down_with_its_clauses(office, tmp_path):
    office.take_in(tmp_path / "policies")
    ts = office.say("UM001", ASKED)
    settled(office)

    with office.database.read() as tx:
        (row,) = tx.execute(select(Question.staff_id, Question.text, Question.conversation,
                                   Question.status, Question.clause_ids)).all()  # fmt: skip
    assert row[:4] == ("M001", ASKED, f"T0BANK/DM001/{ts}", "answered")
    assert len(row[4]) >= 1


def test_a_question_the_policies_do_not_cover_is_refused_with_a_next_step(office, tmp_path):
    office.take_in(tmp_path / "policies")

    office.say("UM002", "What is the weather on Mars?")
    settled(office)

    (answer,) = office.answers("UM002")
    assert "not cover this" in said(answer)
    assert "ask 竹喧归, compliance officer" in said(answer)


def test_a_mention_is_answered_in_its_thread_without_naming_anybody(office, tmp_path):
    office.take_in(tmp_path / "policies")

    ts = office.say("UM002", "@Daybook What is the weather on Mars?", STAFF_CHANNEL)
    settled(office)

    (answer,) = office.answers("UM003", STAFF_CHANNEL)
    assert answer["thread_ts"] == ts
    assert "the compliance department" in said(answer)
    assert "竹喧归" not in said(answer)


def test_a_channel_hears_only_what_everybody_may_read(office, tmp_path):
    private = POLICY.replace('"all"', '"risk", "manager"')
    office.take_in(tmp_path / "policies", private)

    office.say("UM001", f"@Daybook {ASKED}", STAFF_CHANNEL)
    settled(office)
    office.say("UM001", ASKED)
    settled(office, 2)

    (in_channel,) = office.answers("UM001", STAFF_CHANNEL)
    (in_private,) = office.answers("UM001")
    assert "次一工作日" not in said(in_channel)
    assert "次一工作日" in said(in_private)


def test_talk_in_a_channel_that_does_not_mention_the_bot_is_left_alone(office):
    office.say("UM001", "anyone for lunch?", STAFF_CHANNEL)
    office.say("UM001", "@Daybook", STAFF_CHANNEL)
    settled(office)

    (answer,) = office.answers("UM001", STAFF_CHANNEL)
    assert "没有看到问题" in said(answer)


def test_a_question_that_is_too_long_is_told_so(office):
    office.say("UM002", "why " * 800)
    settled(office)

    (answer,) = office.answers("UM002")
    assert "up to 2,000 characters" in said(answer)


def test_a_stranger_is_turned_away_where_only_they_see_it(office):
    office.say(STRANGER.id, "hello")
    office.say(STRANGER.id, "@Daybook hello", STAFF_CHANNEL)
    settled(office, 2)
    eventually(lambda: office.answers(STRANGER.id, STAFF_CHANNEL))

    (direct,) = office.answers(STRANGER.id)
    (whispered,) = office.answers(STRANGER.id, STAFF_CHANNEL)
    assert "only serve staff" in said(direct)
    assert "只为已绑定工号的本行员工服务" in said(direct)
    assert whispered["ephemeral"] is True
    assert office.answers("UM001", STAFF_CHANNEL) == []


def test_guests_partners_and_shared_channels_are_refused(office):
    office.say(GUEST.id, "@Daybook hello", STAFF_CHANNEL)
    office.say(PARTNER.id, "@Daybook hello", SHARED_CHANNEL)
    office.say("UM001", f"@Daybook {ASKED}", SHARED_CHANNEL)
    settled(office, 3)
    eventually(lambda: office.answers("UM001", SHARED_CHANNEL))

    (guest,) = office.answers(GUEST.id, STAFF_CHANNEL)
    (ours,) = office.answers("UM001", SHARED_CHANNEL)
    assert "guest accounts" in said(guest)
    assert "shared with other organisations" in said(ours)
    assert (guest["ephemeral"], ours["ephemeral"]) == (True, True)


def test_who_leaves_is_a_stranger_from_the_banks_midnight_on(office):
    leaves = number(date(2026, 11, 18))
    with office.database.write() as tx:
        tx.execute(update(Staff).where(Staff.id == "M002").values(left_day=leaves))
    office.step(minutes=21 * 60)  # 06:40 on the 18th in Shanghai; in UTC still the 17th

    office.say("UM002", "hello?")
    settled(office)

    (answer,) = office.answers("UM002")
    assert "only serve staff" in said(answer)


@pytest.mark.parametrize(
    ("subtype", "taken"),
    [("file_share", True), ("thread_broadcast", True), ("message_changed", False)],
)
def test_a_question_with_a_file_is_a_question_and_an_edit_is_not(subtype, taken):
    event = {"type": "message", "channel_type": "im", "user": "UM002", "channel": "DM002",
             "ts": "1.1", "text": "hello?", "subtype": subtype}  # fmt: skip
    body = {"team_id": "T0BANK", "event": event}

    assert (event_entry(body, Identity("T0BANK", "U0BOT", "B0BOT")) is not None) is taken


def test_an_event_sent_twice_is_answered_once(office):
    office.fault("*", "duplicate_event")

    office.say("UM002", "hello?")
    settled(office)

    assert len(office.answers("UM002")) == 1


def test_an_answer_whose_fate_is_unknown_is_looked_for_before_it_is_sent_again(office):
    office.fault("chat.postMessage", "accepted_then_500")

    office.say("UM002", "hello?")
    eventually(lambda: office.answers("UM002"))
    office.step(minutes=1)
    settled(office)

    assert len(office.answers("UM002")) == 1
    assert len(office.traffic("conversations.history")) == 1


def test_a_lost_answer_is_sent_again(office):
    office.fault("chat.postMessage", "reset_after_read")

    office.say("UM002", "hello?")
    eventually(lambda: _all(office, Outbox.state) == {"uncertain"})
    office.step(minutes=1)
    settled(office)

    assert len(office.answers("UM002")) == 1


def test_when_slack_cannot_say_who_is_asking_they_get_an_apology_and_no_answer(office, tmp_path):
    office.take_in(tmp_path / "policies")
    office.fault("users.info", "500")

    office.say("UM001", ASKED)
    settled(office)

    (answer,) = office.answers("UM001")
    assert "没有得到回答" in said(answer)


def test_a_worker_that_died_is_replaced_and_the_question_answered_once(office):
    with office.database.write() as tx:
        tx.execute(Inbox.__table__.insert().values(abandoned(office, attempts=1)))
    office.step(minutes=5)
    settled(office)

    assert len(office.answers("UM002")) == 1


def test_after_three_deaths_the_asker_gets_an_apology(office):
    with office.database.write() as tx:
        tx.execute(Inbox.__table__.insert().values(abandoned(office, attempts=3)))
    office.step(minutes=5)
    settled(office)

    (answer,) = office.answers("UM002")
    assert "was not answered" in said(answer)


def test_two_replicas_answer_a_question_once(office):
    with office.second_replica():
        for _ in range(6):
            office.say("UM002", "hello?")
        settled(office, 6)

    assert len(office.answers("UM002")) == 6


@pytest.mark.parametrize("error", ["not_in_channel", "channel_not_found", "invalid_blocks"])
def test_an_answer_slack_refuses_where_it_was_asked_ends_in_a_word_to_the_asker(office, error):
    office.fault("chat.postMessage", "ok_false", error=error)

    office.say("UM002", "@Daybook hello?", STAFF_CHANNEL)
    settled(office)

    (word,) = office.answers("UM002")
    assert "Slack does not let me answer" in word["text"]
    assert office.answers("UM003", STAFF_CHANNEL) == []


def test_that_word_is_looked_for_too_before_it_is_sent_again(office):
    office.fault("chat.postMessage", "ok_false", error="is_archived")
    office.fault("chat.postMessage", "accepted_then_500")

    office.say("UM002", "@Daybook hello?", STAFF_CHANNEL)
    eventually(lambda: "uncertain" in _all(office, Outbox.state))
    office.step(minutes=1)
    settled(office)

    assert len(office.answers("UM002")) == 1


def test_while_the_token_is_refused_an_answer_stays_owed(office):
    office.fault("chat.postMessage", "ok_false", error="token_revoked")

    office.say("UM002", "hello?")
    eventually(lambda: "token_revoked" in str(_all(office, Outbox.problem)))
    office.step(minutes=1)
    settled(office)

    assert len(office.answers("UM002")) == 1


def _all(office, column):
    with office.database.read() as tx:
        return set(tx.scalars(select(column)))


def abandoned(office, attempts):
    """A question whose worker died in the middle: its lease is about to end."""
    ts = "1763343600.000100"
    now = office.clock.now()
    payload = {
        "user": "UM002", "home_team": "T0BANK", "channel": "DM002", "ts": ts, "thread": None,
        "text": "hello?", "direct": True, "external": False,
    }  # fmt: skip
    return {
        "key": f"message:T0BANK/DM002/{ts}", "kind": "question", "payload": payload,
        "received_at": now, "state": "working", "attempts": attempts, "claim": "gone",
        "lease_until": now,
    }  # fmt: skip
