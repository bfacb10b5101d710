"""Targets in Slack: the manager's message with the decomposition, signed or changed there."""

import pytest
from sqlalchemy import select

from bank.models import Outbox, Target, TargetProposal
from bot.targets import Targets, Wanted
from scoring.versions import PRODUCTS_OWN
from tests.bot.expertise import fill_in, hears, rows
from tests.bot.office import ZONE, eventually
from tests.bot.office import text_of as said

MILLION = 100_000_000


def desk(office):
    return Targets(office.database, ZONE, PRODUCTS_OWN)


def propose(office, amount="1000万", *, by="L011", holder="M001", year=2026, **more):
    wanted = Wanted(holder, "P02", amount, year, **more)
    return desk(office).propose(office.person(by), wanted, office.now())


def shows(office, user, words):
    eventually(lambda: any(words in said(one) for one in office.answers(user)))


@pytest.fixture
def asked(office):
    """The message M001 gets when their lead proposes ten million."""
    propose(office)
    return hears(office, "UM001", "待签署：云小舟")


def test_the_message_takes_the_target_apart_and_one_press_signs_it(office, asked):
    text = said(asked)
    assert "¥1000万（风入松提出）" in text
    assert "1季度  ¥62.5万 · ¥62.5万 · ¥125万  = ¥250万" in text
    assert "进取线（不签署）：¥1280万" in text
    assert "上级签署：风入松" in text
    assert office.answers("UM002") == []

    office.press("UM001", asked, "target_sign")
    office.press("UM001", asked, "target_sign")  # a double click makes one signature
    eventually(lambda: rows(office, Target.amount) == [(10 * MILLION,)])
    shows(office, "UM001", "✓ 双方已签署：云小舟")
    hears(office, "UL011", "双方已签署：云小舟")
    assert rows(office, TargetProposal.state) == [("signed",)]


def test_a_change_is_proposed_in_a_form_and_signed_by_the_lead(office, asked):
    office.press("UM001", asked, "target_change")
    wrong = fill_in(office, "UM001", amount="很多", reason=" ")
    assert set(wrong["errors"]) == {"amount", "reason"}
    fill_in(office, "UM001", amount="900万", reason="两户结清")
    lead = hears(office, "UL011", "待签署：云小舟")
    assert "理由：两户结清" in said(lead)
    assert "¥900" in said(lead)
    shows(office, "UM001", "✓ 已提出您的变更")  # in place of the message, with no buttons left
    office.press("UL011", lead, "target_sign")
    eventually(lambda: rows(office, Target.amount) == [(9 * MILLION,)])


def test_declined_in_a_form_the_lead_reads_why(office, asked):
    office.press("UM001", asked, "target_decline")
    fill_in(office, "UM001", reason="片区已调整")
    assert "片区已调整" in said(hears(office, "UL011", "已谢绝：云小舟"))
    assert rows(office, Target.amount) == []


def test_home_lists_what_waits_and_more_than_there_is_goes_to_hr(office):
    with_branch = propose(office, "12m", by="L001", holder="U11")
    desk(office).sign(office.person("L011"), with_branch.waiting.id, office.now())
    propose(office, "13m", over="新客群试点")
    held = hears(office, "UH001", "下达超过总额：云小舟")
    assert "超出¥100万：新客群试点" in said(held)
    office.do("open", "UH001", tab="home")
    eventually(lambda: "有1项目标等您签署" in said(office.see("UH001")["home"] or {"text": ""}))
    with office.database.read() as tx:
        asked = tx.execute(select(Outbox.recipient).where(Outbox.kind == "target")).all()
    assert ("M001",) not in asked
    office.press("UH001", held, "target_allow")
    own = hears(office, "UM001", "待签署：云小舟")
    assert "核准人：莲动渔" in said(own)
