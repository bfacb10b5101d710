"""Incidents in Slack: reported from Home, confirmed by another, told to the manager, appealed."""

import pytest
from sqlalchemy import select, update

from bank.models import Appeal, Incident, Outbox, Staff
from tests.bot.expertise import fill_in, hears, modal, settled
from tests.bot.office import eventually
from tests.bot.office import text_of as said

WHAT, PROOF = "凭虚假购销合同放款", "档案 2026-117"
FORM = {
    "manager": "M001", "code": "false_materials", "summary": WHAT, "evidence": PROOF,
    "clause": "post-loan 2", "day": "2026-11-12",
}  # fmt: skip


@pytest.fixture
def at_work(office, tmp_path):
    """The office with three risk officers: R001, C001 and C002, who is asked in English."""
    with office.database.write() as tx:
        risk = Staff.id.in_(("C001", "C002"))
        tx.execute(update(Staff).where(risk).values(role="risk"))
    office.take_in(tmp_path / "policies")
    return office


def home(office, user):
    office.do("open", user, tab="home")
    eventually(lambda: office.see(user)["home"])
    return office.see(user)["home"]


def press_home(office, user, deed):
    view = home(office, user)
    block = next(b for b in view["blocks"] if f"'{deed}'" in str(b))
    office.do("press", user, view_id=view["id"], block_id=block["block_id"], action_id=deed)


def fill_report(office, user, **values):
    state = {name: {name: value} for name, value in (FORM | values).items()}
    return office.do("submit", user, view_id=modal(office, user)["id"], state=state)


@pytest.fixture
def asked(at_work):
    """The message of whoever is asked to confirm what R001 reported."""
    press_home(at_work, "UR001", "incident_report")
    fill_report(at_work, "UR001")
    return hears(at_work, "UC001", "有关云小舟的合规事件已上报")


@pytest.fixture
def told(at_work, asked):
    """The manager's message once it is confirmed."""
    at_work.press("UC001", asked, "incident_confirm")
    return hears(at_work, "UM001", "一项合规事件已确认")


def shows(office, user, words):
    """Where it was pressed there now stands a line with these words."""
    eventually(lambda: any(words in said(one) for one in office.answers(user)))


def state(office):
    with office.database.read() as tx:
        return tx.scalars(select(Incident.state)).all()


def test_reported_from_home_it_is_shown_whole_to_a_second_person(at_work, asked):
    text = said(asked)
    assert WHAT in text
    assert PROOF in text
    assert "post-loan 第二条" in text
    assert "石上泉上报" in text
    assert state(at_work) == ["reported"]
    settled(at_work)
    assert at_work.answers("UM001") == []  # the manager is not told of what is not confirmed
    assert "有1项合规事件等您处理" in said(home(at_work, "UC001"))
    assert "合规事件等您处理" not in said(home(at_work, "UR001"))  # their own report


def test_a_form_without_proof_stays_open(at_work):
    press_home(at_work, "UR001", "incident_report")
    answer = fill_report(at_work, "UR001", evidence=" ")
    assert "没有证据" in str(answer)
    assert state(at_work) == []


def test_only_risk_officers_have_the_button(at_work):
    assert "上报合规事件" in said(home(at_work, "UR001"))
    for user in ("UM001", "UL001", "UH001"):
        assert "incident_report" not in str(home(at_work, user))


def test_confirmed_the_manager_is_told_with_an_appeal_in_a_direct_message_alone(at_work, told):
    text = said(told)
    assert WHAT in text
    assert "等级受限（V1）" in text
    assert "石上泉" not in text  # by whom is not said
    assert "竹喧归" not in text
    settled(at_work)
    with at_work.database.read() as tx:
        rows = tx.execute(select(Outbox.kind, Outbox.recipient, Outbox.disclosure)).all()
    assert {tuple(row) for row in rows if row.kind == "incident_news"} == {
        ("incident_news", "M001", "client"), ("incident_news", "R001", "client"),
    }  # fmt: skip


def test_pressed_again_or_by_whoever_reported_it_nothing_changes(at_work, asked):
    at_work.press("UC001", asked, "incident_confirm")
    eventually(lambda: state(at_work) == ["confirmed"])
    shows(at_work, "UC001", "✓ 已确认：有关云小舟的事件")
    settled(at_work)
    with at_work.database.read() as tx:
        assert len(tx.scalars(select(Outbox.key).where(Outbox.recipient == "M001")).all()) == 1


def test_dismissed_with_a_reason_it_is_over_and_the_manager_never_hears(at_work, asked):
    at_work.press("UC001", asked, "incident_dismiss")
    fill_in(at_work, "UC001", text="合同属实")
    eventually(lambda: state(at_work) == ["dismissed"])
    hears(at_work, "UR001", "您上报的有关云小舟的事件已驳回")
    settled(at_work)
    assert at_work.answers("UM001") == []


def test_the_manager_appeals_and_a_third_person_lifts_it(at_work, told):
    at_work.press("UM001", told, "incident_appeal")
    fill_in(at_work, "UM001", text="合同由客户提供，已核验原件。")
    asked = hears(at_work, "UC002", "appeals against an incident")
    assert "已核验原件" in said(asked)
    shows(at_work, "UM001", "云小舟的申诉等待决定")

    at_work.press("UC002", asked, "incident_uphold")
    fill_in(at_work, "UC002", text="The originals were checked.")
    news = hears(at_work, "UM001", "您的申诉获得支持")
    assert "The originals were checked." in said(news)
    with at_work.database.read() as tx:
        row = tx.execute(select(Appeal.state, Appeal.handler_id)).one()
    assert tuple(row) == ("upheld", "C002")


def test_whoever_is_no_manager_any_more_is_told_what_everybody_is(at_work, told):
    with at_work.database.write() as tx:
        tx.execute(update(Staff).where(Staff.id == "M001").values(role="operator"))
    at_work.press("UM001", told, "incident_appeal")
    settled(at_work)
    with at_work.database.read() as tx:
        assert tx.scalars(select(Appeal.id)).all() == []
