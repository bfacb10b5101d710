"""Experts' questions: one reminder a stage, to whom it belongs, and none once it is answered."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from bank.audit import Deed
from bank.days import OPEN, number
from bank.models import Clause, Outbox, PolicyVersion, Staff
from bank.rankings import NamedClause, digest
from bank.tickets import TicketRecord, answer_ticket, find_ticket, open_ticket, reassign, ticket_id
from bank.verified import VerifiedRecord, change_verified, find_verified, propose
from jobs import tickets
from jobs.delivery import Delivery
from jobs.planning import commit_plan, plan
from tests.fakes import Clock, FakeMessenger
from tests.jobs.branch import Branch

ZONE = ZoneInfo("Asia/Shanghai")


def local(text):
    """A moment by its clock in Shanghai, such as "17T08:30" for the 17th of November 2026."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE).astimezone(UTC)


OPENED = local("17T09:40")
HALF, DUE, LATE = local("17T13:40"), local("18T09:40"), local("18T13:40")
TICKET = TicketRecord(
    ticket_id("q1"), "q1", "M001", "T/D1/1.1", "zh", "能代签吗？", "", (), "C001", 1, "open",
    OPENED, HALF, DUE, LATE,
)  # fmt: skip
TEXT = "不得代签。"
CLAUSES = (NamedClause("kyc", "4", digest([TEXT])),)


def deed(actor):
    return Deed(actor, "test", date(2026, 11, 17), OPENED)


@pytest.fixture
def branch(database):
    branch = Branch(database).staff("M001").staff("C001", "C002", role="compliance")
    branch.imported(local("17T02:00"))
    with database.write() as tx:
        open_ticket(tx, TICKET, deed("M001"))
    return branch


def reminded(database, at):
    with database.read() as tx:
        found = tickets.reminders(tx, at, ZONE)
    return [(one.recipient, one.payload["stage"]) for one in found]


def ticket(database):
    with database.read() as tx:
        return find_ticket(tx, TICKET.id)


def leaves(database, staff_id):
    with database.write() as tx:
        gone = update(Staff).where(Staff.id == staff_id)
        tx.execute(gone.values(left_day=number(date(2026, 11, 17))))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("17T13:39", []),
        ("17T13:40", [("C001", "half")]),
        ("18T09:39", [("C001", "half")]),
        ("18T09:40", [("C001", "due")]),
        # After a standstill only the newest stage is told.
        ("18T13:40", [("C002", "late")]),
        ("25T09:00", [("C002", "late")]),
    ],
)
def test_the_owner_is_reminded_at_half_time_and_when_due_then_the_lead_is_told(
    database, branch, at, said
):
    assert reminded(database, local(at)) == said


def test_each_stage_is_told_once_however_many_replicas_tick(database, branch):
    counts = [
        tickets.remind_when_due(database, at, ZONE)
        for at in (HALF, HALF, DUE, DUE, LATE, LATE, LATE + timedelta(days=3))
    ]
    assert counts == [1, 0, 1, 0, 1, 0, 0]


def test_nobody_is_reminded_of_what_was_answered(database, branch):
    with database.write() as tx:
        answer_ticket(tx, TICKET, "不能。", deed("C001"))

    assert reminded(database, LATE) == []


def test_after_it_was_passed_on_the_new_owner_is_reminded(database, branch):
    with database.write() as tx:
        reassign(tx, TICKET, "C002", deed("C001"))

    assert reminded(database, HALF) == [("C002", "half")]
    assert reminded(database, LATE) == [("C001", "late")]


def test_when_its_owner_has_left_the_lead_hears_of_it_at_once(database, branch):
    leaves(database, "C001")

    assert reminded(database, OPENED) == [("C002", "left")]


def test_whom_it_goes_to_after_somebody_left_is_overdue_like_anybody(database, branch):
    leaves(database, "C001")
    branch.staff("C003", role="compliance")
    assert tickets.remind_when_due(database, OPENED, ZONE) == 1
    with database.write() as tx:
        reassign(tx, TICKET, "C003", deed("C002"))

    assert [reminded(database, at) for at in (OPENED, HALF, DUE, LATE)] == [
        [], [("C003", "half")], [("C003", "due")], [("C002", "late")],
    ]  # fmt: skip


def test_what_would_be_reminded_stands_in_the_plan_of_the_moment(database, branch):
    with database.read() as tx:
        keys = [one.key for one in plan(tx, HALF, ZONE)]
    assert keys == [f"ticket:{TICKET.id}:half"]

    assert commit_plan(database, HALF, ZONE) == 1
    assert commit_plan(database, HALF, ZONE) == 0


def sent(database, at, *, before=lambda: None, start=HALF):
    """What goes out at a moment of what was planned at `start`, after something happened."""
    tickets.remind_when_due(database, start, ZONE)
    before()
    clock = Clock(at)
    slack = FakeMessenger(clock)
    Delivery(database, slack, ZONE, clock).deliver_due()
    return [post.recipient for post in slack.posts]


def test_a_reminder_is_sent_while_it_is_the_recipients_to_answer(database, branch):
    assert sent(database, HALF) == ["C001"]


def test_a_reminder_planned_before_the_answer_is_not_sent_after_it(database, branch):
    def answered():
        with database.write() as tx:
            answer_ticket(tx, TICKET, "不能。", deed("C002"))

    assert sent(database, HALF, before=answered) == []


def test_a_reminder_planned_before_it_was_passed_on_is_not_sent_to_the_owner_before(
    database, branch
):
    def passed_on():
        with database.write() as tx:
            reassign(tx, TICKET, "C002", deed("C001"))

    assert sent(database, HALF, before=passed_on) == []


def test_a_reminder_does_not_go_to_somebody_who_has_left(database, branch):
    assert sent(database, HALF, before=lambda: leaves(database, "C001")) == []


def test_reminders_keep_to_peoples_hours(database, branch):
    """The time of a ticket given at 16:50 with one hour runs out at 9:50 the next morning."""
    at_night = local("18T21:00")
    tickets.remind_when_due(database, at_night, ZONE)

    with database.read() as tx:
        assert tx.scalar(select(Outbox.due_at)) == local("19T08:00")


@pytest.fixture
def approved(database, branch):
    """An approved answer on a policy's fourth clause, in force from this year."""
    _policy(database, "2026", TEXT)
    record = VerifiedRecord(
        "v1", TICKET.id, "能代签吗？", "zh", "不能。", "C001", "C002", None, "proposed", 1, OPENED,
        OPENED, "", CLAUSES,
    )  # fmt: skip
    with database.write() as tx:
        propose(tx, record, deed("C001"))
        after = replace(record, state="approved", approved_on=date(2026, 11, 17))
        change_verified(tx, after, record, deed("C002"))
    return after


def _policy(database, version, text, since=date(2026, 1, 1), until=None):
    row = {
        "id": f"kyc@{version}", "policy": "kyc", "version": version, "title": "客户身份识别办法",
        "kind": "policy", "lang": "zh", "from_day": number(since),
        "to_day": number(until) if until else OPEN, "replaces": None, "audience": ["all"],
        "owner": "法律合规部", "path": "kyc.md", "content_hash": "h",
    }  # fmt: skip
    clause = {
        "id": f"kyc@{version}#4", "version_id": row["id"], "position": 0, "number": "4",
        "label": "第四条", "heading": "", "text": text, "page": None, "vector": b"",
    }  # fmt: skip
    with database.write() as tx:
        tx.execute(insert(PolicyVersion), row)
        tx.execute(insert(Clause), clause)


def lapsed(database, at=DUE):
    count = tickets.review_when_due(database, at, ZONE)
    with database.read() as tx:
        return count, find_verified(tx, "v1").state


def change(database, **values):
    with database.write() as tx:
        tx.execute(update(PolicyVersion).values(**values))


def test_an_answer_stays_while_its_clauses_stand(database, approved):
    assert lapsed(database) == (0, "approved")


def test_an_answer_lapses_when_a_clause_of_it_has_other_words(database, approved):
    with database.write() as tx:
        tx.execute(update(Clause).values(text="可以代签。"))

    assert lapsed(database) == (1, "lapsed")


def test_an_answer_lapses_when_a_clause_of_it_ends_and_not_before(database, approved):
    change(database, to_day=number(date(2026, 11, 19)))

    assert lapsed(database, local("18T09:00")) == (0, "approved")
    assert lapsed(database, local("19T07:59")) == (0, "approved")
    assert lapsed(database, local("19T08:00")) == (1, "lapsed")


def test_an_answer_outlives_a_new_version_that_says_the_same(database, approved):
    change(database, to_day=number(date(2026, 11, 18)))
    _policy(database, "2027", TEXT, since=date(2026, 11, 18))

    assert lapsed(database, local("18T09:00")) == (0, "approved")


def test_its_owner_and_whoever_asked_are_told_once(database, approved):
    change(database, to_day=number(date(2026, 11, 17)))
    for at in (local("17T10:00"), local("17T10:00"), local("18T10:00"), local("19T10:00")):
        tickets.review_when_due(database, at, ZONE)

    with database.read() as tx:
        rows = tx.execute(select(Outbox.recipient, Outbox.kind).order_by(Outbox.kind)).all()
    assert rows == [("C001", "stale"), ("M001", "verified_news")]


def test_the_lead_is_told_when_its_owner_has_left(database, approved):
    change(database, to_day=number(date(2026, 11, 17)))
    leaves(database, "C001")
    tickets.review_when_due(database, local("18T10:00"), ZONE)

    with database.read() as tx:
        stale = select(Outbox.recipient).where(Outbox.kind == "stale")
        assert list(tx.scalars(stale)) == ["C002"]


PROPOSED = VerifiedRecord(
    TICKET.id, TICKET.id, "能代签吗？", "zh", TEXT, "C001", "C002", None, "proposed", 1,
    OPENED, OPENED, "", CLAUSES,
)  # fmt: skip


@pytest.fixture
def proposed(database, branch):
    branch.staff("C003", role="compliance")
    with database.write() as tx:
        answer_ticket(tx, TICKET, TEXT, deed("C001"))
        propose(tx, PROPOSED, deed("C001"))
    return branch


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("18T09:39", []),
        ("18T09:40", [("C002", "waits")]),
        ("18T13:39", [("C002", "waits")]),
        # After half as much again the lead of compliance, who did not write it.
        ("18T13:40", [("C002", "waits_late")]),
    ],
)
def test_who_is_to_approve_is_reminded_after_a_working_day(database, proposed, at, said):
    assert reminded(database, local(at)) == said


def test_each_reminder_of_an_approval_is_told_once_and_none_after_it(database, proposed):
    counts = [tickets.remind_when_due(database, at, ZONE) for at in (DUE, DUE, LATE, LATE)]
    assert counts == [1, 0, 1, 0]

    after = replace(PROPOSED, state="approved", approved_on=date(2026, 11, 18))
    with database.write() as tx:
        assert change_verified(tx, after, PROPOSED, deed("C002"))
    assert reminded(database, LATE) == []
    with database.read() as tx:
        for row in tx.execute(select(Outbox.recipient, Outbox.kind, Outbox.payload)):
            item = FakeItem(*row)
            if item.kind == "approval":
                assert tickets.still_holds(tx, item, date(2026, 11, 18)) is None


@dataclass(frozen=True)
class FakeItem:
    """What of a message in the outbox is looked at as it leaves."""

    recipient: str
    kind: str
    payload: dict


def test_where_whoever_was_asked_has_left_the_lead_hears_of_it(database, proposed):
    leaves(database, "C002")

    assert reminded(database, DUE) == [("C003", "waits_late")]
