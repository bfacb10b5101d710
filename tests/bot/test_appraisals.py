"""/mykpi in Slack: the score, why, and what would lift it, for one person's eyes."""

from datetime import timedelta

import pytest

from bank import models
from bank.days import number
from bank.performance import score_period
from scoring.periods import Period
from tests.bot import branch
from tests.bot.office import MORNING, STAFF_CHANNEL, eventually, opened
from tests.bot.office import text_of as said

AS_OF = branch.date(2026, 11, 16)


def score(database):
    """M001 and M002 took an exam this quarter: 90 and 40 of 100; nothing else is measured."""
    branch.found(database)
    for manager, score in (("M001", 90), ("M002", 40)):
        branch.add(
            database, models.TrainingResult, manager_id=manager, course="合规 2026Q4", attempt=1,
            due_day=number(AS_OF), taken_day=number(AS_OF), score=score,
        )  # fmt: skip
    for period in ("2026Q4", "2026"):
        score_period(database, Period.parse(period), AS_OF, MORNING)


@pytest.fixture
def scored(filled, tmp_path):
    with opened(filled("scored bank", score), tmp_path) as at_work:
        yield at_work


def last(office, user, room=""):
    eventually(lambda: office.answers(user, room))
    return office.answers(user, room)[-1]


def modal(office, user):
    eventually(lambda: office.see(user)["modals"])
    return office.see(user)["modals"][-1]


def test_the_score_comes_first_then_figures_that_explain_it(scored):
    scored.command("UM001")

    card = last(scored, "UM001")
    # T02 is B(100, 80, 50): 90 lies half way from 80 (100 points) to 100 (120): 110 points, and
    # weighs 4 × 1.5 in a quarter; no proposal is 0 points at 2: 110 × 6 ÷ 8 = 82.5.
    assert card["blocks"][0]["type"] == "header"
    assert card["blocks"][0]["text"]["text"] == "82.5 分 · 良好"
    text = said(card)
    assert "云小舟 · 2026Q4 · 数据截至2026年11月16日" in text
    assert "团队协作与成长 · ▓▓▓▓▓▓▓▓░░ 82.5" in text
    assert "培训考核 T02：110 分 · 90 / 目标 80（113%） · 计入" in text
    assert "未考核：跨部门协作；其权重共 3.6 由本维度其他指标承担。" in text
    assert "业绩贡献 · 暂无可考核事项，权重由其他维度承担" in text
    assert len(card["blocks"]) < 25  # a phone's reader must not drown


def test_it_is_shown_to_nobody_else_wherever_it_is_asked(scored):
    scored.command("UM001", room=STAFF_CHANNEL)

    assert last(scored, "UM001", STAFF_CHANNEL)["ephemeral"] is True
    assert scored.answers("UM002", STAFF_CHANNEL) == []


def test_english_for_those_who_read_english(scored):
    scored.command("UM002")

    # 40 is below 50, the bad end of the curve: nothing.
    text = said(last(scored, "UM002"))
    assert "0 points · Unsatisfactory" in text
    assert "Ada Example · 2026Q4 · figures up to 16 Nov 2026" in text


def test_the_switch_shows_the_year_in_place_and_back(scored):
    scored.command("UM001")
    card = last(scored, "UM001")
    assert "查看 2026 全年" in str(card["blocks"])

    scored.press("UM001", card, "period")
    eventually(lambda: "云小舟 · 2026 ·" in said(last(scored, "UM001")))
    scored.press("UM001", last(scored, "UM001"), "period")

    eventually(lambda: "云小舟 · 2026Q4 ·" in said(last(scored, "UM001")))
    assert len(scored.answers("UM001")) == 1


def test_explain_opens_formula_inputs_curve_and_records(scored):
    scored.command("UM001")
    shown = [block for block in last(scored, "UM001")["blocks"] if _menu(block)]
    choices = [option["value"] for block in shown for option in _menu(block)["options"]]
    assert {"M001|2026Q4|P01", "M001|2026Q4|P02a", "M001|2026Q4|R05"} <= set(choices)
    assert len(choices) == len(set(choices))
    scored.press("UM001", last(scored, "UM001"), "explain", 3, value="M001|2026Q4|T02")

    window = modal(scored, "UM001")
    text = said(window)
    assert "培训考核 T02" in text
    assert "90 ÷ 1 = 90" in text
    assert "合规 2026Q4：90 分，应于11月16日前完成" in text
    # 4 × 1.5 of 110 in a quarter: 5.45
    assert "（方案规定 4，季度考核折合 5.5）" in text
    assert "分担了未能考核指标的权重：" in text
    assert "归属事项发生当日的管户人或经办人。" in text


def _menu(block):
    found = [e for e in block.get("elements", []) if e.get("action_id") == "explain"]
    return found[0] if found else None


def test_what_could_not_be_measured_explains_why_and_who_carries_its_weight(scored):
    scored.command("UM001")
    scored.press("UM001", last(scored, "UM001"), "explain", 3, value="M001|2026Q4|T01")

    text = said(modal(scored, "UM001"))
    assert "权重 0 / 100（方案规定 4，季度考核折合 3.6）" in text
    assert "其权重由以下承担：培训考核；创新提案。" in text


@pytest.mark.parametrize(
    ("user", "words", "told"),
    [
        ("UM001", "2026q4", "82.5 分"),
        ("UM001", "2026", "云小舟 · 2026 ·"),
        ("UM001", "2025Q1", "2025Q1 还没有得分"),
        ("UM001", "soon", "没有看懂“soon”"),
        ("UM001", "M002", "没有这份考核结果，或您无权查看。"),
        ("UM001", "M404", "没有这份考核结果，或您无权查看。"),
        ("UL001", "", "您的岗位没有个人考核"),
        ("UL001", "M001 2026", "云小舟 · 2026 ·"),
        ("UL011", "m001", "82.5 分"),
        ("UL011", "M003", "没有这份考核结果，或您无权查看。"),
        ("UH001", "2026 M002", "Ada Example · 2026 ·"),
        ("UR001", "M001", "没有这份考核结果，或您无权查看。"),
        ("UC001", "", "您的岗位没有个人考核"),
        ("U0NEW", "", "只为已绑定工号的本行员工服务"),
    ],
)
def test_what_may_be_written_after_the_command(scored, user, words, told):
    scored.command(user, words)

    assert told in said(last(scored, user))


def test_the_home_tab_leads_to_the_scorecard_and_on_to_the_year(scored):
    scored.do("open", "UM001", tab="home")
    eventually(lambda: scored.see("UM001")["home"])
    home = scored.see("UM001")["home"]
    assert "2026Q4：82.5 分 · 良好" in said(home)

    press(scored, home, "kpi")
    card = modal(scored, "UM001")
    assert "82.5 分 · 良好" in said(card)
    press(scored, card, "period")
    eventually(lambda: "云小舟 · 2026 ·" in said(modal(scored, "UM001")))
    press(scored, modal(scored, "UM001"), "explain", value="M001|2026|P01")

    eventually(lambda: "公式" in said(modal(scored, "UM001")))
    assert len(scored.see("UM001")["modals"]) == 2


def press(office, view, deed, **more):
    block = next(
        b for b in view["blocks"]
        if deed in [e.get("action_id") for e in [*b.get("elements", []), b.get("accessory") or {}]]
    )  # fmt: skip
    where = {"view_id": view["id"], "block_id": block["block_id"], "action_id": deed}
    office.do("press", "UM001", **where, **more)


@pytest.mark.parametrize(
    ("user", "staff", "line"),
    [
        ("UM001", "M001", "银行已更正 2026年11月3日起的数据，以上数字尚未计入。"),
        ("UM002", "M002", "corrected its records from 3 Nov 2026 on; these figures do not have it"),
    ],
)
def test_figures_older_than_a_correction_say_so_until_they_are_computed_again(
    scored, user, staff, line
):
    first = number(branch.date(2026, 11, 3))
    branch.add(
        scored.database, models.ImportBatch, id=90, source="core", business_day=number(AS_OF),
        batch=90, digest="", rows=1, imported_at=MORNING + timedelta(minutes=1),
    )  # fmt: skip
    branch.add(scored.database, models.Correction, batch_id=90, manager_id=staff, first_day=first)
    scored.command(user)
    assert line in said(last(scored, user))

    later = MORNING + timedelta(minutes=2)
    score_period(scored.database, Period.parse("2026Q4"), AS_OF, later)
    scored.command(user)

    eventually(lambda: len(scored.answers(user)) == 2)
    assert line not in said(last(scored, user))
