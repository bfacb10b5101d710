"""A refused question in Slack: who answers it, by when, and how the reply comes back."""

from sqlalchemy import func, select, update

from bank.models import Outbox, Staff, Ticket, VerifiedAnswer
from bot.experts import Reply
from tests.bot import branch
from tests.bot.expertise import ASKED, REPLY, answered, fill_in, hears, modal, rows, settled
from tests.bot.office import STAFF_CHANNEL, dm, eventually
from tests.bot.office import text_of as said


def test_a_refusal_offers_an_expert_and_says_who_has_it_until_when(office, refused, assigned):
    assert "支行检查组问到" in said(assigned)
    assert ASKED in said(assigned)
    # Eight working hours from 9:40 on Tuesday are 9:40 on Wednesday.
    assert "11月18日09:4" in said(assigned)
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


def test_pressing_again_opens_no_second_ticket_and_says_who_has_it(office, refused, assigned):
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


def test_the_reply_comes_back_to_the_askers_thread_once(office, assigned):
    answered(office, assigned)

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


def test_a_reply_whose_fate_is_unknown_is_looked_for_before_it_is_sent_again(office, assigned):
    settled(office)
    office.fault("chat.postMessage", "accepted_then_500")
    answered(office, assigned, covered="no", others="")
    hears(office, "UM001", REPLY)
    office.step(minutes=1)
    settled(office)

    assert len([one for one in office.answers("UM001") if REPLY in said(one)]) == 1


def test_a_reply_without_clauses_must_say_that_no_rule_covers_it(office, assigned):
    # The form says so itself, and keeps what was written.
    assert "请写明依据的条款" in str(answered(office, assigned, others=""))
    both = fill_in(office, "UC001", reply=REPLY, covered="no", others="kyc 1", question=ASKED)
    assert "不能同时选择" in str(both)
    assert rows(office, Ticket.state) == [("open",)]

    fill_in(office, "UC001", reply=REPLY, covered="no", others="", question=ASKED)
    reply = hears(office, "UM001", REPLY)
    assert "没有相关规定" in said(reply)
    # What rests on nothing could never lapse: it is no answer for others.
    settled(office)
    assert rows(office, VerifiedAnswer.id) == []


def test_a_clause_that_is_not_there_is_named(office, assigned):
    answered(office, assigned, others="post-loan 99")

    told = hears(office, "UC001", "post-loan 99")
    assert f"您写的答复，可重新提交：{REPLY}" in told["text"]  # its form is closed by now
    assert rows(office, Ticket.state) == [("open",)]


def test_a_reply_that_names_a_client_stays_in_the_form(office, assigned):
    branch.client(office.database, "K1", "M001", name="星河灯塔贸易有限公司")

    answer = answered(office, assigned, reply="按13912345678联系客户。")

    assert "客户名称" in str(answer)
    assert rows(office, Ticket.state) == [("open",)]


def test_of_two_who_answer_one_wins_and_the_other_is_told(office, assigned):
    office.press("UC001", assigned, "ticket_answer")
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


def test_not_for_me_gives_it_to_compliance_and_reassign_to_whom_one_chooses(office, assigned):
    office.press("UC001", assigned, "ticket_pass")
    second = hears(office, "UC002", "asks an expert")
    hears(office, "UC001", "已转给Iris Example")

    office.press("UC002", second, "ticket_assign")
    fill_in(office, "UC002", to="R001")
    third = hears(office, "UR001", "请教专家")

    answered(office, third, "UR001")
    assert "石上泉答复您的问题" in said(hears(office, "UM001", REPLY))


def test_a_message_of_a_ticket_that_is_somebody_elses_by_now_does_nothing(office, assigned):
    with office.database.read() as tx:
        ticket = tx.scalar(select(Ticket.id))
    office.experts.assign(office.person("C001"), ticket, "R001", office.now())
    third = hears(office, "UR001", "请教专家")
    office.experts.assign(office.person("C001"), ticket, "C002", office.now())

    office.press("UR001", third, "ticket_answer")

    hears(office, "UR001", "已不归您负责")
    assert office.see("UR001")["modals"] == []


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
