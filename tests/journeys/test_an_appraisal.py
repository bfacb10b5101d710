"""A quarter's appraisal in Slack, from the preliminary result to the lock, by everybody's hands."""

from sqlalchemy import select

from bank.models import Outbox
from bot.cycle import Appraisals
from tests.bot.branch import found
from tests.bot.course import Q3, card, run, sign
from tests.bot.expertise import fill_in, hears, modal
from tests.bot.office import STAFF_CHANNEL, ZONE, eventually, opened
from tests.bot.office import text_of as said

WEEK = 7 * 24 * 60


def desk(office):
    return Appraisals(office.database, ZONE)


def state(office, manager="M001"):
    on = office.now().astimezone(ZONE).date()
    return desk(office).show(office.person("H001"), Q3, manager, on).record.state


def reads(office, user, words):
    """What somebody alone is told where they pressed."""
    eventually(lambda: [one for one in office.messages(user) if words in one["text"] + said(one)])


def scores_are_computed_and_the_manager_sees_a_preliminary_result(office):
    hr = office.person("H001")
    sign(office.database, "M001", "M002", "M003")
    desk(office).open(hr, Q3, office.now())
    for manager in ("M001", "M002", "M003"):
        desk(office).act(hr, Q3, manager, "propose", now=office.now())
    cards = [card("M001", Q3, 91), card("M002", Q3, 75), card("M003", Q3, 82)]
    run(office.database, Q3, cards, at=office.now())
    message = hears(office, "UM001", "初评结果已生成")
    assert "91 分 · 优秀" in said(message)
    assert "Your preliminary result for 2026Q3" in said(hears(office, "UM002", "preliminary"))


def the_risk_department_reports_points_and_confirms(office):
    message = hears(office, "UR001", "份初评结果待您确认")
    office.press("UR001", message, "course_report")
    wrong = fill_in(office, "UR001", who="M001", points="-11", reason="逾期")
    assert "须在 -10" in str(wrong)
    fill_in(office, "UR001", who="M001", points="-0.5", reason="逾期两笔")
    reads(office, "UR001", "已为 云小舟 上报：-0.5 分")
    office.press("UR001", message, "course_todo")
    fill_in(office, "UR001", who="*", note="")
    reads(office, "UR001", "您已确认 3 份结果")


def the_superior_confirms_theirs_and_it_is_confirmed(office):
    message = hears(office, "UL011", "有 2 份初评结果待您确认")
    office.press("UL011", message, "course_todo")
    assert "90.5 分" in said({"blocks": modal(office, "UL011")["blocks"], "text": ""})
    fill_in(office, "UL011", who="*", note="继续保持")
    eventually(lambda: state(office) == "confirmed")
    assert state(office, "M003") == "prelim"


def the_manager_asks_about_a_figure_and_is_answered(office):
    message = hears(office, "UM001", "的结果已确认")
    office.press("UM001", message, "course_query")
    fill_in(office, "UM001", item="R03", text="两条预警在休假期间送达")
    reads(office, "UM001", "的疑问已转给上级")
    asked = hears(office, "UL011", "个数据疑问待您答复")
    office.press("UL011", asked, "course_todo")
    choices = modal(office, "UL011")["blocks"][-2]["element"]["options"]
    fill_in(office, "UL011", which=choices[0]["value"], text="已核对，按规定计入")
    answer = hears(office, "UM001", "已核对，按规定计入")
    office.press("UM001", answer, "course_ack")
    reads(office, "UM001", "您已阅 2026Q3 的结果")


def it_is_calibrated_approved_and_published_to_each_alone(office):
    office.step(minutes=2 * WEEK)
    hears(office, "UH001", "待委员会校准")
    desk(office).act_on_all(office.person("H001"), Q3, "approve", office.now())
    message = hears(office, "UH001", "份结果已核准，可以发布")
    office.press("UH001", message, "course_publish")
    reads(office, "UH001", "已发布 2 份结果")
    result = hears(office, "UM001", "的结果已发布")
    office.press("UM001", result, "course")
    shown = said({"blocks": modal(office, "UM001")["blocks"], "text": ""})
    for words in (
        "90.5 分 · 优秀",
        "风险报告：-0.5（逾期两笔）",
        "绩效系数 1.2，提成比例 100%（估算，非工资）",
        "继续保持",
    ):
        assert words in shown


def an_appeal_is_decided_by_somebody_else(office):
    result = hears(office, "UM002", "Your result for 2026Q3 is published")
    office.press("UM002", result, "course_appeal")
    fill_in(office, "UM002", item="R03", claim="One came on my leave.", evidence="Leave form")
    reads(office, "UM002", "is with 莲动渔, who had no part")
    message = hears(office, "UH001", "份申诉待您决定")
    office.press("UH001", message, "course_todo")
    choices = modal(office, "UH001")["blocks"][-4]["element"]["options"]
    fill_in(
        office, "UH001", which=choices[0]["value"], how="upheld", points="1.5", reason="已核实休假"
    )
    hears(office, "UM002", "was upheld: 已核实休假")
    news = [one for one in office.answers("UM002") if "76.5 points" in said(one)]
    assert len(news) == 1


def it_is_locked_and_stays_readable(office):
    office.step(minutes=3 * WEEK)
    eventually(lambda: state(office) == "locked")
    eventually(lambda: state(office, "M002") == "locked")


def nothing_of_it_was_said_to_anybody_else(office):
    assert office.answers("UM001", STAFF_CHANNEL) == []
    with office.database.read() as tx:
        kinds = ("appraisal", "appraisal_todo", "training")
        found = select(Outbox.disclosure).where(Outbox.kind.in_(kinds)).distinct()
        assert list(tx.scalars(found)) == ["personal"]
    for user, other in (("UM001", "Ada"), ("UM003", "云小舟")):
        assert not [one for one in office.answers(user) if other in said(one)]


# One test, for each step stands on the one before it.
def test_an_appraisal(filled, tmp_path):
    with opened(filled("small bank", found), tmp_path) as office:
        scores_are_computed_and_the_manager_sees_a_preliminary_result(office)
        the_risk_department_reports_points_and_confirms(office)
        the_superior_confirms_theirs_and_it_is_confirmed(office)
        the_manager_asks_about_a_figure_and_is_answered(office)
        it_is_calibrated_approved_and_published_to_each_alone(office)
        an_appeal_is_decided_by_somebody_else(office)
        it_is_locked_and_stays_readable(office)
        nothing_of_it_was_said_to_anybody_else(office)
