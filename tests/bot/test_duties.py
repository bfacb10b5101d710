"""The morning message, warnings, and what Done, Answer and Snooze change."""

import pytest
from sqlalchemy import select

from bank.days import day_of
from bank.models import Snooze, Visit, WarningResponse
from tests.bot import branch
from tests.bot.office import eventually
from tests.bot.office import text_of as said

NAME = "星河灯塔贸易"


def morning(office):
    """The next morning, with its message for M001."""
    before = len(office.answers("UM001"))
    office.step(to="next_morning")
    eventually(lambda: len(office.answers("UM001")) > before)
    return office.answers("UM001")[-1]


def anew(office, message):
    """The message as it stands now."""
    return next(one for one in office.answers("UM001") if one["ts"] == message["ts"])


def modal(office, user="UM001"):
    eventually(lambda: office.see(user)["modals"])
    return office.see(user)["modals"][-1]


def fill_in(office, window, **values):
    state = {name: {name: value} for name, value in values.items()}
    return office.do("submit", "UM001", view_id=window["id"], state=state)


def rows(office, *columns):
    with office.database.read() as tx:
        return tx.execute(select(*columns)).all()


@pytest.fixture
def owing(office):
    """M001 owes two visits and the answer to a yellow warning."""
    branch.client(office.database, "K1", "M001", name=NAME)
    branch.client(office.database, "K2", "M001", name="鹿角帆影包装")
    branch.client(office.database, "K3", "M002", name="Blue Lantern Trading", tier="standard")
    branch.warning(office.database, "W01:K2:2026-11-16", "K2", "M001")
    return office


def test_evidence_of_another_system_in_a_form_of_its_own_stops_no_message(office):
    branch.client(office.database, "K2", "M001", name="鹿角帆影包装")
    strange = {"days_past_due": "三天", "amount": None, "average_30": "12万", "average_180": 1.5}
    branch.warning(office.database, "W01:K2:2026-11-16", "K2", "M001", evidence=strange)
    assert "黄色预警：请在11月20日前答复\n出现逾期" in said(morning(office))


def test_one_digest_says_who_why_and_until_when(owing):
    digest = morning(owing)

    text = said(digest)
    assert "云小舟，早上好 · 11月18日 星期三" in text
    assert text.index("黄色预警：请在11月20日前答复") < text.index(f"{NAME}\n走访已逾期")
    assert "出现逾期 · 逾期 3 天 · 应还 ¥12万" in text
    assert "尚未走访过" in text


def test_ticks_and_replicas_do_not_repeat_it(owing):
    with owing.second_replica():
        morning(owing)
        owing.step(minutes=30)
        owing.command("UM001")
        eventually(lambda: any("还没有得分" in said(one) for one in owing.answers("UM001")))

    assert sum("11月18日 星期三" in said(one) for one in owing.answers("UM001")) == 1


def test_done_asks_how_it_went_logs_the_visit_and_removes_the_item(owing):
    digest = morning(owing)
    owing.press("UM001", digest, "done")
    window = modal(owing)
    assert "登记走访" in window["title"]["text"]

    fill_in(owing, window, kind="onsite", day="2026-11-18", note="谈了续贷，下周送材料")
    eventually(lambda: f"✓ {NAME}：已完成" in said(anew(owing, digest)))

    assert said(anew(owing, digest)).count("尚未走访过") == 1  # the other client's
    (visit,) = rows(owing, Visit.client_id, Visit.manager_id, Visit.day, Visit.kind, Visit.note)
    assert (*visit[:2], day_of(visit.day).isoformat(), *visit[3:]) == (
        "K1", "M001", "2026-11-18", "onsite", "谈了续贷，下周送材料",
    )  # fmt: skip


def test_a_form_with_something_wrong_stays_open_and_says_what(owing):
    owing.press("UM001", morning(owing), "done")
    window = modal(owing)

    refused = fill_in(owing, window, kind="onsite", day="2026-11-19", note="  \n ")

    assert refused["errors"] == {
        "note": "没有记录的走访不计数：请写下谈了什么、约定了什么。",
        "day": "走访日期不能晚于今天。",
    }
    assert owing.see("UM001")["modals"]
    assert rows(owing, Visit.id) == []


def test_a_phone_call_is_logged_but_does_not_count(owing):
    digest = morning(owing)
    owing.press("UM001", digest, "done")

    fill_in(owing, modal(owing), kind="phone", day="2026-11-18", note="电话里谈了")
    eventually(lambda: any("暂不计为走访" in one["text"] for one in owing.answers("UM001")))

    assert said(anew(owing, digest)).count("尚未走访过") == 2


def test_an_answer_to_a_warning_is_recorded_and_removes_it(owing):
    digest = morning(owing)
    owing.press("UM001", digest, "answer")

    fill_in(owing, modal(owing), text="已致电，周五还款")
    eventually(lambda: "✓ 鹿角帆影包装：已完成" in said(anew(owing, digest)))

    assert rows(owing, WarningResponse.staff_id, WarningResponse.text) == [
        ("M001", "已致电，周五还款")
    ]


def test_snooze_puts_one_item_off_by_working_days(owing):
    digest = morning(owing)
    choice = next(
        option["value"]
        for block in digest["blocks"]
        for element in block.get("elements", [])
        for option in element.get("options", [])
        if option["value"] == "3|visit:K1"
    )
    nth = [b for b in digest["blocks"] if "visit:K1" in str(b)]
    owing.do(
        "press", "UM001", channel=digest["channel"], ts=digest["ts"],
        block_id=nth[0]["block_id"], action_id="snooze", value=choice,
    )  # fmt: skip
    eventually(lambda: f"⏸ {NAME}：已推迟" in said(anew(owing, digest)))

    # Wednesday 18 November and three working days: Monday the 23rd.
    (put_off,) = rows(owing, Snooze.item, Snooze.until_day)
    assert (put_off.item, day_of(put_off.until_day).isoformat()) == ("visit:K1", "2026-11-23")
    assert NAME not in said(morning(owing))


def test_a_second_press_on_what_is_settled_says_so(owing):
    digest = morning(owing)
    owing.press("UM001", digest, "answer")
    fill_in(owing, modal(owing), text="已致电")
    eventually(lambda: "✓" in said(anew(owing, digest)))
    before = len(owing.answers("UM001"))

    owing.press("UM001", anew(owing, digest), "done")
    fill_in(owing, modal(owing), kind="video", day="2026-11-18", note="视频见面")
    eventually(lambda: NAME not in said(anew(owing, digest)).replace(f"✓ {NAME}", ""))

    assert len(owing.answers("UM001")) == before


def test_red_warnings_offer_no_snooze(office):
    branch.client(office.database, "K9", "M001", name=NAME, tier="standard")
    branch.warning(office.database, "W01:K9:2026-11-16", "K9", "M001", severity="red")

    digest = morning(office)

    actions = [block for block in digest["blocks"] if block["type"] == "actions"]
    offered = {element["action_id"] for block in actions for element in block["elements"]
               if "W01:K9" in str(element)}  # fmt: skip
    assert offered == {"answer"}


def test_somebody_elses_message_moves_nothing(owing):
    digest = morning(owing)

    refused = owing.press("UM002", digest, "done")

    assert refused["ok"] is False
    assert rows(owing, Visit.id) == []


def test_the_home_tab_shows_what_is_due_and_changes_with_it(owing):
    owing.do("open", "UM001", tab="home")
    eventually(lambda: owing.see("UM001")["home"])
    home = owing.see("UM001")["home"]
    assert "云小舟，您好" in said(home)
    assert said(home).count("尚未走访过") == 2

    block = next(b for b in home["blocks"] if "visit:K1" in str(b))
    owing.do("press", "UM001", view_id=home["id"], block_id=block["block_id"], action_id="done")
    fill_in(owing, modal(owing), kind="video", day="2026-11-17", note="视频见面")

    eventually(lambda: said(owing.see("UM001")["home"]).count("尚未走访过") == 1)


def test_the_home_tab_of_an_officer_and_of_a_stranger(office):
    for user in ("UC001", "U0NEW"):
        office.do("open", user, tab="home")
    eventually(lambda: all(office.see(user)["home"] for user in ("UC001", "U0NEW")))

    assert "竹喧归，您好" in said(office.see("UC001")["home"])
    assert "今日事项" not in said(office.see("UC001")["home"])
    assert "only serve staff" in said(office.see("U0NEW")["home"])


def test_opening_the_messages_tab_suggests_questions(office):
    office.do("open", "UM002", tab="messages")

    def prompts():
        (here,) = (c for c in office.see("UM002")["conversations"] if c["id"] == "DM002")
        return here["prompts"]

    eventually(prompts)
    assert "How long" in str(prompts())
