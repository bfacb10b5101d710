"""A second person's approval in Slack, and what comes of an approved answer there."""

from bank.models import Audit, ConfirmedAnswer, Question, VerifiedAnswer
from tests.bot.expertise import ASKED, REPLY, answered, fill_in, hears, modal, rows, verified
from tests.bot.office import POLICY, dm, eventually
from tests.bot.office import text_of as said


def test_a_second_person_approves_and_the_same_question_is_answered_as_verified(office, assigned):
    verified(office, assigned)

    office.say("UM003", "请问客户送的月饼可以收吗？")
    answer = hears(office, "UM003", REPLY)
    assert "2026年11月17日已由Iris Example核准" in said(answer)
    assert "每季度至少走访小微借款客户一次" in said(answer)
    assert ("verified", "M003") in rows(office, Question.mode, Question.staff_id)
    hears(office, "UC001", "您的答复已核准")
    assert rows(office, ConfirmedAnswer.policy, ConfirmedAnswer.number) == [("post-loan", "3")]


def test_another_question_is_not_answered_by_it(office, assigned):
    verified(office, assigned)

    office.say("UM003", "客户送的月饼不能收吗？")
    eventually(lambda: office.answers("UM003"))

    assert "核准" not in said(office.answers("UM003")[0])


def test_nobody_approves_what_they_wrote(office, assigned):
    answered(office, assigned)
    proposal = hears(office, "UC002", "answered a question. Approve it")
    assert [one for one in office.answers("UC001") if "是否核准" in said(one)] == []

    office.press("UC001", proposal | {"channel": dm("UC002")}, "approve")
    assert rows(office, VerifiedAnswer.state) == [("proposed",)]


def test_edited_words_are_the_editors_and_a_second_person_approves_them(office, assigned):
    answered(office, assigned)
    proposal = hears(office, "UC002", "answered a question. Approve it")
    office.press("UC002", proposal, "edit")
    fill_in(office, "UC002", text="不能收，当面退回。", question=ASKED)

    # Nothing is served by it, and whoever edited cannot approve: its first author is asked to.
    again = hears(office, "UC001", "是否核准")
    assert "不能收，当面退回。" in said(again)
    assert rows(office, VerifiedAnswer.state, VerifiedAnswer.author_id) == [("proposed", "C002")]
    office.press("UC002", proposal, "approve")
    assert rows(office, VerifiedAnswer.state) == [("proposed",)]

    office.press("UC001", again, "approve")
    told = hears(office, "UM001", "核准时做了更正")
    assert "不能收，当面退回。" in said(told)
    assert f"您的问题：{ASKED}" in said(told)
    hears(office, "UC002", "Your answer was approved")
    found = rows(office, VerifiedAnswer.text, VerifiedAnswer.state, VerifiedAnswer.approver_id)
    assert found == [("不能收，当面退回。", "approved", "C001")]


def test_a_declined_answer_is_never_served_and_both_are_told_why(office, assigned):
    answered(office, assigned)
    proposal = hears(office, "UC002", "answered a question. Approve it")
    office.press("UC002", proposal, "decline")
    fill_in(office, "UC002", reason="第三条没有说礼品。")

    assert "第三条没有说礼品" in hears(office, "UC001", "未获核准，不会给别人看到")["text"]
    assert "第三条没有说礼品" in hears(office, "UM001", "您得到的专家答复未获核准")["text"]
    office.say("UM003", ASKED)
    eventually(lambda: office.answers("UM003"))
    assert "核准" not in said(office.answers("UM003")[0])


def test_every_deed_is_audited(office, assigned):
    verified(office, assigned)

    deeds = [one for (one,) in rows(office, Audit.deed) if one != "answer"]
    # The reply, and the proposal that it makes.
    assert deeds[-4:] == ["open_ticket", "answer_ticket", "answer_ticket", "approve_answer"]


def test_the_home_tab_shows_what_is_to_answer_and_to_approve(office, assigned):
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


def test_what_lapsed_is_approved_again_from_the_home_tab(office, assigned, tmp_path):
    verified(office, assigned)
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
