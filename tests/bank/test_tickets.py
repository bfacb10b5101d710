"""Tickets and verified answers in SQL, on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from bank.audit import Deed
from bank.days import OPEN, number
from bank.experts import experts, lead_officer, officers, policy_owner
from bank.models import Audit, OrgUnit, Staff, StaffLeave, StateEvent
from bank.rankings import NamedClause
from bank.tickets import (
    TicketRecord,
    answer_ticket,
    find_ticket,
    open_ticket,
    pressing_tickets,
    reassign,
    ticket_id,
    tickets,
)
from bank.verified import (
    VerifiedRecord,
    change_verified,
    find_verified,
    lapse,
    propose,
    verified_answers,
    verified_state,
)

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
TODAY = date(2026, 11, 17)
HOUR = timedelta(hours=1)
STAFF = {
    "M001": ("云小舟", "manager", "U11"),
    "L011": ("风入松", "team_lead", "U11"),
    "L010": ("白一鸣", "team_lead", "U10"),
    "C001": ("竹喧归", "compliance", "U11"),
    "C002": ("莲子清", "compliance", "U10"),
    "R001": ("石上泉", "risk", "U10"),
}
TICKET = TicketRecord(
    ticket_id("q1"), "q1", "M001", "T/D1/1.1", "zh", "能代签吗？", "", ("k1",), "C001", 1, "open",
    NOW, NOW + 4 * HOUR, NOW + 8 * HOUR, NOW + 12 * HOUR,
)  # fmt: skip
CLAUSE = NamedClause("kyc", "2.4", "d1")
PROPOSED = VerifiedRecord(
    "v1", TICKET.id, "能代签吗？", "zh", "不能。", "C001", "C002", None, "proposed", 1, NOW, NOW, "",
    (CLAUSE, NamedClause("aml", "3", "d2")),
)  # fmt: skip


def deed(actor, name, after=0):
    return Deed(actor, name, TODAY, NOW + after * HOUR)


@pytest.fixture
def bank(filled):
    def fill(database):
        units = [("U10", "滨江支行", None), ("U11", "团队一", "U10")]
        with database.write() as tx:
            tx.execute(insert(OrgUnit), [{"id": i, "name": n, "parent_id": p} for i, n, p in units])
            tx.execute(
                insert(Staff),
                [
                    {
                        "id": staff, "name": name, "role": role, "unit_id": unit, "lang": "zh",
                        "slack_user_id": f"U{staff}", "hired_day": 1, "left_day": OPEN,
                    }
                    for staff, (name, role, unit) in STAFF.items()
                ],
            )  # fmt: skip

    return filled("experts", fill)


def test_a_question_has_one_ticket_however_often_it_is_opened(bank):
    with bank.write() as tx:
        assert open_ticket(tx, TICKET, deed("M001", "open_ticket"))
        assert not open_ticket(tx, replace(TICKET, owner_id="C002"), deed("M001", "open_ticket"))

    with bank.read() as tx:
        assert find_ticket(tx, TICKET.id) == TICKET
        assert find_ticket(tx, "gone") is None
        assert [one.id for one in tickets(tx, "M001")] == [TICKET.id]
        assert [one.id for one in tickets(tx, "C001", state="open")] == [TICKET.id]
        assert tickets(tx, "C002") == ()
        assert list(tx.scalars(select(Audit.deed))) == ["open_ticket"]
        assert tx.execute(select(StateEvent.kind, StateEvent.to_state)).all() == [
            ("ticket", "open")
        ]


def test_no_two_questions_share_a_ticket():
    # The digests of these two begin with the same 40 bits.
    assert ticket_id("q1580391") != ticket_id("q2031051")


def test_of_two_answers_the_first_stands(bank):
    with bank.write() as tx:
        open_ticket(tx, TICKET, deed("M001", "open_ticket"))
    with bank.write() as tx:
        answered = answer_ticket(tx, TICKET, "不能。", deed("C001", "answer_ticket", 1))
    with bank.write() as tx:
        assert answer_ticket(tx, TICKET, "可以。", deed("C002", "answer_ticket", 2)) is None
        assert not reassign(tx, TICKET, "R001", deed("C002", "assign_ticket", 2))

    with bank.read() as tx:
        assert find_ticket(tx, TICKET.id) == answered
        assert (answered.reply, answered.answered_by) == ("不能。", "C001")
        assert list(tx.scalars(select(Audit.deed))) == ["open_ticket", "answer_ticket"]


def test_of_two_who_pass_it_on_one_does(bank):
    with bank.write() as tx:
        open_ticket(tx, TICKET, deed("M001", "open_ticket"))
        assert reassign(tx, TICKET, "R001", deed("C001", "assign_ticket"))
        assert not reassign(tx, TICKET, "C002", deed("C001", "assign_ticket"))
        assert answer_ticket(tx, TICKET, "不能。", deed("C001", "answer_ticket")) is None

    with bank.read() as tx:
        found = find_ticket(tx, TICKET.id)
    assert (found.owner_id, found.turn, found.state) == ("R001", 2, "open")


def test_a_ticket_presses_from_half_of_its_time_until_it_is_answered(bank):
    def pressing(after):
        with bank.read() as tx:
            return [one.id for one in pressing_tickets(tx, NOW + after * HOUR, TODAY)]

    with bank.write() as tx:
        open_ticket(tx, TICKET, deed("M001", "open_ticket"))
    assert (pressing(3), pressing(4)) == ([], [TICKET.id])

    with bank.write() as tx:
        answer_ticket(tx, TICKET, "不能。", deed("C001", "answer_ticket"))
    assert pressing(9) == []


def proposed(bank):
    with bank.write() as tx:
        open_ticket(tx, TICKET, deed("M001", "open_ticket"))
        answer_ticket(tx, TICKET, "不能。", deed("C001", "answer_ticket"))
        assert propose(tx, PROPOSED, deed("C001", "answer_ticket"))
        assert not propose(tx, replace(PROPOSED, id="v2"), deed("C001", "answer_ticket"))


def approved(record, after=1, **fields):
    at = NOW + after * HOUR
    values = {"state": "approved", "approver_id": "C002", "approved_on": TODAY, "changed_at": at}
    return replace(record, **values | fields)


def test_a_proposal_is_approved_once_and_every_step_is_written_down(bank):
    proposed(bank)
    after = approved(PROPOSED, text="不能代签。")
    with bank.write() as tx:
        assert change_verified(tx, after, PROPOSED, deed("C002", "approve", 1))
        assert not change_verified(tx, after, PROPOSED, deed("C002", "approve", 1))

    with bank.read() as tx:
        assert find_verified(tx, "v1") == replace(after, turn=2)
        assert [one.text for one in verified_answers(tx, ("approved",))] == ["不能代签。"]
        assert verified_state(tx).approved == 1
        events = select(StateEvent.to_state).where(StateEvent.kind == "verified")
        assert sorted(tx.scalars(events)) == ["approved", "proposed"]


def test_nobody_approves_what_they_wrote_also_past_the_desk(bank):
    proposed(bank)

    with pytest.raises(Exception, match="two_people"), bank.write() as tx:
        change_verified(
            tx, approved(PROPOSED, approver_id="C001"), PROPOSED, deed("C001", "approve")
        )


def test_an_answer_lapses_once_and_can_be_approved_with_the_clauses_new_words(bank):
    proposed(bank)
    with bank.write() as tx:
        change_verified(tx, approved(PROPOSED), PROPOSED, deed("C002", "approve", 1))
        first = find_verified(tx, "v1")
    with bank.write() as tx:
        assert lapse(tx, [first], NOW + 2 * HOUR) == (first,)
        assert lapse(tx, [first], NOW + 3 * HOUR) == ()
        stale = find_verified(tx, "v1")
        assert [one.id for one in verified_answers(tx, ("lapsed",))] == ["v1"]
        assert verified_state(tx).approved == 0
    with bank.write() as tx:
        again = approved(stale, 4, clauses=(NamedClause("kyc", "2.4", "d9"),))
        assert change_verified(tx, again, stale, deed("C002", "approve", 4))

    with bank.read() as tx:
        assert find_verified(tx, "v1") == replace(again, turn=4)
        assert verified_state(tx).newest == NOW + 4 * HOUR
        # Every state it was in stands in the sealed log, also what was nobody's deed.
        steps = select(Audit.actor_id, Audit.deed, Audit.detail).where(
            Audit.subject == "verified:v1"
        )
        assert tx.execute(steps.order_by(Audit.id)).all() == [
            ("C001", "answer_ticket", '{"from":"","to":"proposed"}'),
            ("C002", "approve", '{"from":"proposed","to":"approved"}'),
            ("daybook", "lapse", '{"from":"approved","to":"lapsed"}'),
            ("C002", "approve", '{"from":"lapsed","to":"approved"}'),
        ]


def test_the_owner_of_a_policy_is_found_by_id_name_or_unit(bank):
    def owner(named, without=()):
        with bank.read() as tx:
            found = policy_owner(tx, named, TODAY, without)
        return found.id if found else None

    assert owner("R001") == "R001"
    assert owner(" 石上泉 ") == "R001"
    assert owner("团队一") == owner("U11") == "C001"
    assert owner("U11", without={"C001"}) == "L011"
    assert owner("法律合规部") is None
    assert owner("R001", without={"R001"}) is None


def test_compliance_is_asked_in_turn_and_not_on_leave(bank):
    def first(without=()):
        with bank.read() as tx:
            return [one.id for one in officers(tx, TODAY, without)]

    assert first() == ["C001", "C002"]
    with bank.write() as tx:
        open_ticket(tx, TICKET, deed("M001", "open_ticket"))
    assert first() == ["C002", "C001"]
    assert first({"C002"}) == ["C001"]

    day = number(TODAY)
    with bank.write() as tx:
        leave = {"staff_id": "C002", "from_day": day, "to_day": day + 1, "kind": "annual"}
        tx.execute(insert(StaffLeave), leave)
    assert first() == ["C001"]
    assert first({"C001"}) == ["C002"]


def test_the_lead_of_compliance_sits_highest_and_experts_are_no_managers(bank):
    with bank.read() as tx:
        assert lead_officer(tx, TODAY).id == "C002"
        assert [one.id for one in experts(tx, TODAY, {"C001"})] == ["C002", "R001", "L010", "L011"]
