"""A question the policies do not answer, from the refusal to the day its answer lapses."""

from sqlalchemy import select

from bank.models import Outbox, VerifiedAnswer
from tests.bot.branch import found
from tests.bot.expertise import ASKED, REPLY, answered, fill_in, hears, rows
from tests.bot.office import POLICY, eventually, opened
from tests.bot.office import text_of as said


def a_question_is_refused_and_put_to_an_expert(office):
    office.say("UM001", ASKED)
    eventually(lambda: office.answers("UM001"))
    office.press("UM001", office.answers("UM001")[0], "expert")
    fill_in(office, "UM001", note="支行检查组问到。")
    assert "11月18日09:4" in hears(office, "UM001", "在竹喧归处")["text"]


def the_expert_is_reminded_when_half_of_the_time_is_over(office):
    hears(office, "UC001", "云小舟请教专家")
    office.step(minutes=4 * 60)
    hears(office, "UC001", "时间已过半")


def the_reply_stands_in_the_thread_of_the_question(office):
    answered(office, hears(office, "UC001", "云小舟请教专家"))
    reply = hears(office, "UM001", REPLY)
    assert reply["thread_ts"] == office.messages("UM001")[0]["ts"]
    assert "竹喧归答复您的问题" in said(reply)


def a_second_person_approves_it_and_others_are_answered_as_verified(office):
    proposal = hears(office, "UC002", "answered a question. Approve it")
    office.press("UC002", proposal, "approve")
    eventually(lambda: rows(office, VerifiedAnswer.state) == [("approved",)])
    office.say("UM003", "请问客户送的月饼可以收吗？")
    answer = hears(office, "UM003", REPLY)
    assert "已由Iris Example核准" in said(answer)
    assert "《贷后管理办法》第三条" in said(answer)


def a_clause_changes_and_it_is_served_no_more(office, folder):
    office.take_in(folder, POLICY.replace("现场照片与访谈记录", "现场照片"))
    office.say("UM003", ASKED)
    eventually(lambda: len(office.answers("UM003")) == 2)
    assert "核准" not in said(office.answers("UM003")[1])


def its_author_and_whoever_asked_are_told_once(office):
    hears(office, "UC001", "停止使用")
    hears(office, "UM001", "已改动或失效")
    assert rows(office, VerifiedAnswer.state) == [("lapsed",)]
    office.step(minutes=24 * 60)
    told = rows(office, Outbox.key, Outbox.kind)
    assert sorted(kind for _, kind in told if kind in ("stale", "verified_news")) == [
        "stale", "verified_news", "verified_news",
    ]  # fmt: skip
    with office.database.read() as tx:
        assert set(tx.scalars(select(Outbox.state))) <= {"sent", "cancelled"}


# One test, for each step stands on the one before it.
def test_an_experts_answer(filled, tmp_path):
    with opened(filled("small bank", found), tmp_path) as office:
        office.take_in(tmp_path / "policies")
        a_question_is_refused_and_put_to_an_expert(office)
        the_expert_is_reminded_when_half_of_the_time_is_over(office)
        the_reply_stands_in_the_thread_of_the_question(office)
        a_second_person_approves_it_and_others_are_answered_as_verified(office)
        a_clause_changes_and_it_is_served_no_more(office, tmp_path / "policies")
        its_author_and_whoever_asked_are_told_once(office)
