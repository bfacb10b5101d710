"""A refused question, an expert's answer, a second person's approval, and what comes of it."""

import pytest
from sqlalchemy import func, select, update

from bank.models import Audit, ConfirmedAnswer, Outbox, Question, Staff, Ticket, VerifiedAnswer
from bot.experts import Reply
from tests.bot import branch
from tests.bot.office import POLICY, STAFF_CHANNEL, dm, eventually
from tests.bot.office import text_of as said

ASKED = "客户送的月饼能不能收？"
REPLY = "不能收，当面退回并写进访谈记录。"


def settled(office):
    """Nothing is on its way any more."""

    def done():
        with office.database.read() as tx:
            return set(tx.scalars(select(Outbox.state))) <= {"sent", "cancelled"}

    eventually(done)


def hears(office, user, words, room=""):
    """The one message with these words that somebody gets."""

    def found():
        return [one for one in office.answers(user, room) if words in one["text"] + said(one)]

    eventually(found)
    (message,) = found()
    return message


def modal(office, user):
    eventually(lambda: office.see(user)["modals"])
    return office.see(user)["modals"][-1]


def fill_in(office, user, **values):
    state = {name: {name: value} for name, value in values.items()}
    return office.do("submit", user, view_id=modal(office, user)["id"], state=state)


def rows(office, *columns):
    with office.database.read() as tx:
        return tx.execute(select(*columns)).all()


@pytest.fixture
def refused(office, tmp_path):
    """The refusal of a question M001 asked, its button not pressed yet."""
    office.take_in(tmp_path / "policies")
    office.say("UM001", ASKED)
    eventually(lambda: office.answers("UM001"))
    return office.answers("UM001")[0]


@pytest.fixture
def opened(office, refused):
    """The ticket's message as its owner has it."""
    office.press("UM001", refused, "expert")
    fill_in(office, "UM001", note="支行检查组问到。")
    return hears(office, "UC001", "请教专家")


def answered(office, message, user="UC001", **values):
    office.press(user, message, "ticket_answer")
    form = {"reply": REPLY, "covered": "yes", "others": "post-loan 3", "clauses": []}
    return fill_in(office, user, **form | {"question": ASKED} | values)


def verified(office, opened):
    """Answered by C001 and approved by C002."""
    answered(office, opened)
    proposal = hears(office, "UC002", "answered a question. Approve it")
    office.press("UC002", proposal, "approve")
    eventually(lambda: rows(office, VerifiedAnswer.state) == [("approved",)])


def test_a_refusal_offers_an_expert_and_says_who_has_it_until_when(office, refused, opened):
    assert "支行检查组问到" in said(opened)
    assert ASKED in said(opened)
    # Eight working hours from 9:40 on Tuesday are 9:40 on Wednesday.
    assert "11月18日09:4" in said(opened)
    told = hears(office, "UM001", "这个问题在竹喧归处")
    assert "11月18日09:4" in told["text"]


def test_a_question_that_makes_sense_only_after_another_goes_to_the_expert_whole(office, tmp_path):
    office.take_in(tmp_path / "policies")
    office.say("UM001", "个人客户能不能带宠物进贵宾厅？")
    eventually(lambda: len(office.answers("UM001")) == 1)
    office.say("UM001", "那对公客户呢？")
    eventually(lambda: len(office.answers("UM001")) == 2)
    office.press("UM001", office.answers("UM001")[1], "expert")
    fill_in(office, "UM001", note="")

    message = hears(office, "UC001", "请教专家")
    assert "对公客户能不能带宠物进贵宾厅" in said(message)


def test_pressing_again_opens_no_second_ticket_and_says_who_has_it(office, refused, opened):
    office.press("UM001", refused, "expert")

    eventually(lambda: len(office.answers("UM001")) == 3)
    assert "在竹喧归处" in office.answers("UM001")[2]["text"]
    assert len(rows(office, Ticket.id)) == 1
    assert office.see("UM001")["modals"] == []


def test_two_forms_at_once_open_one_ticket(office, refused):
    office.press("UM001", refused, "expert")
    first = modal(office, "UM001")
    office.press("UM001", refused, "expert")
    eventually(lambda: office.see("UM001")["modals"][-1]["id"] != first["id"])
    for window in office.see("UM001")["modals"][::-1]:
        office.do("submit", "UM001", view_id=window["id"], state={})

    hears(office, "UC001", "请教专家")
    settled(office)
    assert len(rows(office, Ticket.id)) == 1
    assert len([one for one in office.answers("UC001") if "请教专家" in said(one)]) == 1


def test_in_a_channel_only_the_asker_may_ask_an_expert(office, tmp_path):
    office.take_in(tmp_path / "policies")
    office.say("UM001", f"@Daybook {ASKED}", STAFF_CHANNEL)
    eventually(lambda: office.answers("UM002", STAFF_CHANNEL))
    (refusal,) = office.answers("UM002", STAFF_CHANNEL)

    office.press("UM002", refusal, "expert")

    hears(office, "UM002", "settled already, or it is not yours", STAFF_CHANNEL)
    assert rows(office, Ticket.id) == []


def test_a_note_that_names_a_client_stays_in_the_form(office, refused):
    branch.client(office.database, "K1", "M001", name="星河灯塔贸易有限公司")
    office.press("UM001", refused, "expert")

    answer = fill_in(office, "UM001", note="星河灯塔贸易有限公司，卡号4111111111111111")

    assert "客户名称" in str(answer)
    assert rows(office, Ticket.id) == []


def test_the_owner_does_not_see_the_client_that_the_question_named(office, tmp_path):
    branch.client(office.database, "K1", "M001", name="星河灯塔贸易有限公司")
    office.take_in(tmp_path / "policies")
    office.say("UM001", "星河灯塔贸易有限公司送的月饼能不能收？手机13912345678")
    eventually(lambda: office.answers("UM001"))
    office.press("UM001", office.answers("UM001")[0], "expert")
    fill_in(office, "UM001", note="")

    message = hears(office, "UC001", "请教专家")
    assert "星河" not in said(message)
    assert "139" not in said(message)
    assert "［客户1］" in said(message)


def test_the_reply_comes_back_to_the_askers_thread_once(office, opened):
    answered(office, opened)

    reply = hears(office, "UM001", REPLY)
    settled(office)
    assert "竹喧归答复您的问题" in said(reply)
    assert "每季度至少走访小微借款客户一次" in said(reply)
    assert "尚未核准" in said(reply)
    asked = office.messages("UM001")[0]
    assert reply["thread_ts"] == asked["ts"]
    assert len([one for one in office.answers("UM001") if REPLY in said(one)]) == 1
    assert "✓ 竹喧归已答复" in said(office.answers("UC001")[0])


def test_a_channels_question_is_answered_in_its_thread_without_naming_anybody(office, tmp_path):
    office.take_in(tmp_path / "policies")
    ts = office.say("UM001", f"@Daybook {ASKED}", STAFF_CHANNEL)
    eventually(lambda: office.answers("UM001", STAFF_CHANNEL))
    office.press("UM001", office.answers("UM001", STAFF_CHANNEL)[0], "expert")
    fill_in(office, "UM001", note="")
    answered(office, hears(office, "UC001", "请教专家"))

    reply = hears(office, "UM003", REPLY, STAFF_CHANNEL)
    assert reply["thread_ts"] == ts
    assert "本行专家答复" in said(reply)
    assert "竹喧归" not in said(reply)


def test_where_slack_refuses_the_channel_the_reply_goes_to_the_asker_alone(office, tmp_path):
    office.take_in(tmp_path / "policies")
    office.say("UM001", f"@Daybook {ASKED}", STAFF_CHANNEL)
    eventually(lambda: office.answers("UM001", STAFF_CHANNEL))
    office.press("UM001", office.answers("UM001", STAFF_CHANNEL)[0], "expert")
    fill_in(office, "UM001", note="")
    message = hears(office, "UC001", "请教专家")
    settled(office)
    with office.database.read() as tx:
        ticket = tx.scalar(select(Ticket.id))
    office.fault("chat.postMessage", "ok_false", error="is_archived", times=1)
    with office.database.write() as tx:
        # The approver hears of it only later, so that the fault meets the reply.
        tx.execute(update(Staff).where(Staff.id == "C002").values(role="hr"))
    office.experts.answer(
        office.person("C001"), ticket, Reply(REPLY, ("post-loan 3",)), office.now()
    )

    assert "本行专家答复" in said(hears(office, "UM001", REPLY))
    assert message["channel"] == dm("UC001")
    assert [one for one in office.answers("UM003", STAFF_CHANNEL) if REPLY in said(one)] == []


def test_a_reply_whose_fate_is_unknown_is_looked_for_before_it_is_sent_again(office, opened):
    settled(office)
    office.fault("chat.postMessage", "accepted_then_500")
    answered(office, opened, covered="no", others="")
    hears(office, "UM001", REPLY)
    office.step(minutes=1)
    settled(office)

    assert len([one for one in office.answers("UM001") if REPLY in said(one)]) == 1


def test_a_reply_without_clauses_must_say_that_no_rule_covers_it(office, opened):
    answered(office, opened, others="")
    hears(office, "UC001", "请写明依据的条款")
    assert rows(office, Ticket.state) == [("open",)]

    answered(office, opened, others="", covered="no")
    reply = hears(office, "UM001", REPLY)
    assert "没有相关规定" in said(reply)
    # What rests on nothing could never lapse: it is no answer for others.
    settled(office)
    assert rows(office, VerifiedAnswer.id) == []


def test_a_clause_that_is_not_there_is_named(office, opened):
    answered(office, opened, others="post-loan 99")

    hears(office, "UC001", "post-loan 99")
    assert rows(office, Ticket.state) == [("open",)]


def test_a_reply_that_names_a_client_stays_in_the_form(office, opened):
    branch.client(office.database, "K1", "M001", name="星河灯塔贸易有限公司")

    answer = answered(office, opened, reply="按13912345678联系客户。")

    assert "客户名称" in str(answer)
    assert rows(office, Ticket.state) == [("open",)]


def test_of_two_who_answer_one_wins_and_the_other_is_told(office, opened):
    office.press("UC001", opened, "ticket_answer")
    mine = modal(office, "UC001")
    with office.database.read() as tx:
        ticket = tx.scalar(select(Ticket.id))
    other = Reply("Not needed.", ("post-loan 3",))
    office.experts.answer(office.person("C002"), ticket, other, office.now())
    state = {"reply": "需要。", "covered": "yes", "others": "post-loan 3", "question": ASKED}
    raw = {name: {name: value} for name, value in state.items()}
    office.do("submit", "UC001", view_id=mine["id"], state=raw)

    hears(office, "UC001", "Iris Example已先答复")
    hears(office, "UM001", "Not needed.")
    settled(office)
    assert not any("需要。" in said(one) for one in office.answers("UM001"))


def test_not_for_me_gives_it_to_compliance_and_reassign_to_whom_one_chooses(office, opened):
    office.press("UC001", opened, "ticket_pass")
    second = hears(office, "UC002", "asks an expert")
    hears(office, "UC001", "已转给Iris Example")

    office.press("UC002", second, "ticket_assign")
    fill_in(office, "UC002", to="R001")
    third = hears(office, "UR001", "请教专家")

    answered(office, third, "UR001")
    assert "石上泉答复您的问题" in said(hears(office, "UM001", REPLY))


def test_a_message_of_a_ticket_that_is_somebody_elses_by_now_does_nothing(office, opened):
    with office.database.read() as tx:
        ticket = tx.scalar(select(Ticket.id))
    office.experts.assign(office.person("C001"), ticket, "R001", office.now())
    third = hears(office, "UR001", "请教专家")
    office.experts.assign(office.person("C001"), ticket, "C002", office.now())

    office.press("UR001", third, "ticket_answer")

    hears(office, "UR001", "已不归您负责")
    assert office.see("UR001")["modals"] == []


def test_a_second_person_approves_and_the_same_question_is_answered_as_verified(office, opened):
    verified(office, opened)

    office.say("UM003", "请问客户送的月饼可以收吗？")
    answer = hears(office, "UM003", REPLY)
    assert "2026年11月17日已由Iris Example核准" in said(answer)
    assert "每季度至少走访小微借款客户一次" in said(answer)
    assert ("verified", "M003") in rows(office, Question.mode, Question.staff_id)
    hears(office, "UC001", "您的答复已核准")
    assert rows(office, ConfirmedAnswer.policy, ConfirmedAnswer.number) == [("post-loan", "3")]


def test_another_question_is_not_answered_by_it(office, opened):
    verified(office, opened)

    office.say("UM003", "客户送的月饼不能收吗？")
    eventually(lambda: office.answers("UM003"))

    assert "核准" not in said(office.answers("UM003")[0])


def test_nobody_approves_what_they_wrote(office, opened):
    answered(office, opened)
    proposal = hears(office, "UC002", "answered a question. Approve it")
    assert [one for one in office.answers("UC001") if "是否核准" in said(one)] == []

    office.press("UC001", proposal | {"channel": dm("UC002")}, "approve")
    assert rows(office, VerifiedAnswer.state) == [("proposed",)]


def test_an_approver_may_put_it_right_and_the_asker_is_told(office, opened):
    answered(office, opened)
    proposal = hears(office, "UC002", "answered a question. Approve it")
    office.press("UC002", proposal, "edit")
    fill_in(office, "UC002", text="不能收，当面退回。", question=ASKED)

    told = hears(office, "UM001", "核准时做了更正")
    assert "不能收，当面退回。" in said(told)
    assert rows(office, VerifiedAnswer.text) == [("不能收，当面退回。",)]


def test_a_declined_answer_is_never_served_and_both_are_told_why(office, opened):
    answered(office, opened)
    proposal = hears(office, "UC002", "answered a question. Approve it")
    office.press("UC002", proposal, "decline")
    fill_in(office, "UC002", reason="第三条没有说礼品。")

    assert "第三条没有说礼品" in hears(office, "UC001", "未获核准，不会给别人看到")["text"]
    assert "第三条没有说礼品" in hears(office, "UM001", "您得到的专家答复未获核准")["text"]
    office.say("UM003", ASKED)
    eventually(lambda: office.answers("UM003"))
    assert "核准" not in said(office.answers("UM003")[0])


def test_every_deed_is_audited(office, opened):
    verified(office, opened)

    deeds = [one for (one,) in rows(office, Audit.deed) if one != "answer"]
    assert deeds[-3:] == ["open_ticket", "answer_ticket", "approve_answer"]


def test_the_home_tab_shows_what_is_to_answer_and_to_approve(office, opened):
    home = at_home(office, "UC001")
    assert "有1个问题请您答复" in said(home)
    assert ASKED in said(home)
    block = next(b for b in home["blocks"] if "accessory" in b)
    order = {"view_id": home["id"], "block_id": block["block_id"], "action_id": "ticket"}
    office.do("press", "UC001", **order)
    window = modal(office, "UC001")
    assert "支行检查组问到" in said(window)
    block = next(b for b in window["blocks"] if b["type"] == "actions")
    order = {"view_id": window["id"], "block_id": block["block_id"], "action_id": "ticket_answer"}
    office.do("press", "UC001", **order)
    eventually(lambda: len(office.see("UC001")["modals"]) > 1)
    form = {"reply": REPLY, "covered": "yes", "others": "post-loan 3", "clauses": []}
    fill_in(office, "UC001", **form | {"question": ASKED})
    hears(office, "UC002", "answered a question. Approve it")

    assert "One answer for you to approve" in said(at_home(office, "UC002"))


def test_what_lapsed_is_approved_again_from_the_home_tab(office, opened, tmp_path):
    verified(office, opened)
    office.take_in(tmp_path / "policies", POLICY.replace("现场照片与访谈记录", "现场照片"))
    hears(office, "UC001", "停止使用")

    home = at_home(office, "UC002")
    assert "One answer for you to approve" in said(home)
    block = next(b for b in home["blocks"] if "accessory" in b)
    order = {"view_id": home["id"], "block_id": block["block_id"], "action_id": "verified"}
    office.do("press", "UC002", **order)
    window = modal(office, "UC002")
    assert "走访应当留存现场照片。" in said(window)
    block = next(b for b in window["blocks"] if b["type"] == "actions")
    order = {"view_id": window["id"], "block_id": block["block_id"], "action_id": "approve"}
    office.do("press", "UC002", **order)
    eventually(lambda: rows(office, VerifiedAnswer.state) == [("approved",)])

    office.say("UM003", ASKED)
    assert "核准" in said(hears(office, "UM003", REPLY))


def at_home(office, user):
    office.do("open", user, tab="home")
    eventually(lambda: office.see(user)["home"])
    return office.see(user)["home"]


def test_two_replicas_ask_remind_and_reply_once(office, refused):
    with office.second_replica():
        office.press("UM001", refused, "expert")
        fill_in(office, "UM001", note="")
        message = hears(office, "UC001", "请教专家")
        office.step(minutes=4 * 60 + 1)
        hears(office, "UC001", "时间已过半")
        answered(office, message)
        hears(office, "UM001", REPLY)
        office.step(minutes=20 * 60)
        settled(office)

    with office.database.read() as tx:
        kinds = tx.execute(
            select(Outbox.kind, func.count()).group_by(Outbox.kind).order_by(Outbox.kind)
        ).all()
    assert [tuple(row) for row in kinds] == [
        ("answer", 1), ("approval", 1), ("ticket", 2), ("ticket_reply", 1),
    ]  # fmt: skip
