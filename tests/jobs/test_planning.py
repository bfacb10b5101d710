"""A morning: what is planned, once, and what is left of it when it goes out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from bank.days import number
from bank.models import Assignment, Outbox, RiskWarning, ScheduleFire, Staff
from bank.snoozes import snooze
from bank.visits import VisitEntry, log_visit
from bank.warnings import WarningAnswer, answer_warning
from jobs.delivery import Delivery
from jobs.planning import commit_plan, plan, plan_when_due
from scoring.coverage import VisitStandard
from scoring.scheme import default_scheme
from scoring.versions import PRODUCTS_OWN, Schemes
from tests.fakes import Clock, FakeMessenger
from tests.jobs.branch import AS_OF, TODAY, Branch

ZONE = ZoneInfo("Asia/Shanghai")


def local(text):
    """A moment by its clock in Shanghai, such as "17T08:30" for the 17th of November 2026."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE).astimezone(UTC)


MORNING = local("17T08:00")


@pytest.fixture
def branch(database):
    """Three managers: the first owes visits and is warned, the second owes one, the third none."""
    branch = Branch(database).staff("M001", "M002", "M003").staff("L001", role="team_lead")
    branch.imported(local("17T02:00"))
    branch.overdue("C1", "M001", 3).overdue("C2", "M001", 1).client("C3", "M001")
    branch.overdue("C4", "M002", 2).client("C5", "M003")
    return branch.instalment("C3", "M001", 10)


def planned(database, now=MORNING, schemes=PRODUCTS_OWN):
    with database.read() as tx:
        return plan(tx, now, ZONE, schemes)


def counted(database, *models):
    with database.read() as tx:
        return [tx.scalar(select(func.count()).select_from(model)) for model in models]


def delivery(database, clock):
    slack = FakeMessenger(clock)
    return slack, Delivery(database, slack, ZONE, clock)


def test_a_morning_is_one_message_a_person_and_what_is_urgent_at_once(database, branch):
    messages = {message.key: message for message in planned(database)}
    assert sorted(messages) == [
        "digest:M001:2026-11-17",
        "digest:M002:2026-11-17",
        "warning:W01:C3:2026-11-17:orange",
    ]
    digest, urgent = (
        messages["digest:M001:2026-11-17"],
        messages["warning:W01:C3:2026-11-17:orange"],
    )
    assert (digest.recipient, digest.kind, digest.severity) == ("M001", "digest", "orange")
    assert (digest.due_at, digest.subject) == (local("17T08:30"), "2026-11-17")
    assert [item["item"] for item in digest.payload["items"]] == [
        "warning:W01:C3:2026-11-17",
        "visit:C1",
        "visit:C2",
    ]
    assert (urgent.recipient, urgent.kind, urgent.subject) == ("M001", "warning", "C3")
    assert urgent.due_at == MORNING
    assert {message.disclosure for message in messages.values()} == {"client"}


def test_visits_and_deadlines_are_those_of_the_scheme_in_force(database, branch):
    """Reminders and scores read one scheme: here private clients are seen every 60 days."""
    own = default_scheme()
    tiers = {**own.visits.tiers, "private": VisitStandard(ideal=60, maximum=60)}
    visits, sla = replace(own.visits, tiers=tiers), replace(own.sla, orange=4)
    schemes = Schemes([replace(own, id="own", visits=visits, sla=sla)])

    digests = [one for one in planned(database, schemes=schemes) if one.kind == "digest"]
    facts = [item for digest in digests for item in digest.payload["items"]]

    # C1, C2 and C4 have been held for 48, 46 and 47 days: due after 45, but not after 60.
    assert [item["item"] for item in facts] == ["warning:W01:C3:2026-11-17"]
    # Raised on Tuesday the 17th, to be answered in 4 business days: 18, 19, 20, Monday the 23rd.
    assert facts[0]["due"] == "2026-11-23"
    commit_plan(database, MORNING, ZONE, schemes)
    clock = Clock(local("17T08:30"))
    slack = FakeMessenger(clock)
    Delivery(database, slack, ZONE, clock, schemes).deliver_due()
    told = [post.payload for post in slack.posts if post.key.startswith("digest")]
    assert [[item["item"] for item in payload["items"]] for payload in told] == [
        ["warning:W01:C3:2026-11-17"]
    ]


def test_planning_writes_nothing_and_committing_writes_exactly_what_it_showed(database, branch):
    shown = planned(database)
    assert planned(database) == shown
    assert counted(database, Outbox, RiskWarning, ScheduleFire) == [0, 0, 0]
    assert commit_plan(database, MORNING, ZONE) == len(shown) == 3
    with database.read() as tx:
        columns = (Outbox.key, Outbox.recipient, Outbox.payload, Outbox.due_at, Outbox.severity)
        written = [tuple(row) for row in tx.execute(select(*columns).order_by(Outbox.key))]
    assert written == [
        (one.key, one.recipient, one.payload, one.due_at, one.severity)
        for one in sorted(shown, key=lambda message: message.key)
    ]
    assert counted(database, RiskWarning) == [1]


def test_committing_again_adds_nothing(database, branch):
    commit_plan(database, MORNING, ZONE)
    assert planned(database) == ()
    assert commit_plan(database, MORNING, ZONE) == 0
    assert commit_plan(database, local("17T15:00"), ZONE) == 0
    assert counted(database, Outbox, RiskWarning) == [3, 1]


def test_a_morning_is_planned_once_whatever_the_number_of_replicas(database, branch):
    with ThreadPoolExecutor(4) as replicas:
        new = list(replicas.map(lambda _: plan_when_due(database, MORNING, ZONE), range(4)))
    assert sum(new) == 3
    assert counted(database, Outbox, RiskWarning) == [3, 1]
    assert plan_when_due(database, local("17T08:05"), ZONE) == 0


def test_what_comes_up_after_the_morning_waits_for_the_next(database, branch):
    plan_when_due(database, MORNING, ZONE)
    branch.overdue("C9", "M003", 5)
    assert plan_when_due(database, local("17T10:00"), ZONE) == 0
    plan_when_due(database, local("18T08:00"), ZONE)
    with database.read() as tx:
        mine = select(Outbox.key).where(Outbox.recipient == "M003")
        assert tx.scalars(mine).all() == ["digest:M003:2026-11-18"]


def test_before_the_morning_only_a_new_import_is_a_reason_to_plan(database, branch):
    assert plan_when_due(database, local("17T01:59"), ZONE) == 0
    assert plan_when_due(database, local("17T02:00"), ZONE) == 3
    with database.read() as tx:
        urgent = select(Outbox.due_at).where(Outbox.kind == "warning")
        assert tx.scalar(urgent) == local("17T08:00")


def test_a_late_import_is_told_the_same_day(database, branch):
    plan_when_due(database, MORNING, ZONE)
    branch.client("C8", "M003").instalment("C8", "M003", 7).imported(
        local("17T11:00"), day=AS_OF + timedelta(days=1)
    )
    assert plan_when_due(database, local("17T11:00"), ZONE) == 2
    assert {message.key for message in planned(database)} == set()
    with database.read() as tx:
        keys = set(tx.scalars(select(Outbox.key).where(Outbox.recipient == "M003")))
    assert keys == {"digest:M003:2026-11-17", "warning:W01:C8:2026-11-17:orange"}


@pytest.mark.parametrize("closed", ["21T09:00", "22T09:00", "17T20:00", "17T23:59"])
def test_nothing_is_planned_on_a_day_off_or_after_hours(database, branch, closed):
    assert planned(database, local(closed)) == ()
    assert plan_when_due(database, local(closed), ZONE) == 0
    assert counted(database, RiskWarning) == [0]


def test_a_make_up_saturday_is_a_working_day(database, branch):
    # 10 October 2026 is worked for the National Day holiday.
    saturday = datetime(2026, 10, 10, 9, tzinfo=ZONE)
    Branch.overdue(branch, "C9", "M003", 80)
    assert [message.recipient for message in planned(database, saturday)] == ["M003"]


def test_after_two_days_down_there_is_one_digest_and_it_is_todays(database, branch):
    clock = Clock(MORNING)
    plan_when_due(database, clock.now, ZONE)
    slack, sender = delivery(database, clock)
    clock.now = local("19T09:00")
    assert plan_when_due(database, clock.now, ZONE) == 2
    assert sender.deliver_due() == {"cancelled": 2, "sent": 3}
    assert sorted(slack.sent_keys()) == [
        "digest:M001:2026-11-19",
        "digest:M002:2026-11-19",
        "warning:W01:C3:2026-11-17:orange",
    ]


def test_a_digest_goes_out_at_half_past_eight_and_says_what_is_owed_then(database, branch):
    clock = Clock(MORNING)
    commit_plan(database, MORNING, ZONE)
    slack, sender = delivery(database, clock)
    assert sender.deliver_due() == {"sent": 1}
    with database.write() as tx:
        entry = VisitEntry("V-new", "C1", "M001", TODAY, "onsite", "saw the new line run")
        log_visit(tx, entry, TODAY, MORNING)
        snooze(tx, "M001", "visit:C2", TODAY + timedelta(days=1), clock.now)
        entry = VisitEntry("V-2", "C4", "M002", TODAY, "video", "agreed a plan")
        log_visit(tx, entry, TODAY, MORNING)
    clock.now = local("17T08:30")
    assert sender.deliver_due() == {"sent": 1, "cancelled": 1}
    digest = slack.posts[-1]
    assert [item["item"] for item in digest.payload["items"]] == ["warning:W01:C3:2026-11-17"]
    with database.read() as tx:
        kept = tx.scalar(select(Outbox.payload).where(Outbox.key == digest.key))
    assert kept == digest.payload


def test_a_client_handed_over_before_the_digest_leaves_it(database, branch):
    commit_plan(database, MORNING, ZONE)
    with database.write() as tx:
        tx.execute(
            update(Assignment).where(Assignment.client_id == "C4").values(to_day=number(TODAY))
        )
    branch.assign("C4", "M003", TODAY)
    clock = Clock(local("17T08:30"))
    _, sender = delivery(database, clock)
    assert sender.deliver_due() == {"sent": 2, "cancelled": 1}


def test_who_leaves_before_a_message_goes_out_is_told_nothing(database, branch):
    commit_plan(database, MORNING, ZONE)
    with database.write() as tx:
        tx.execute(update(Staff).where(Staff.id == "M001").values(left_day=number(TODAY)))
    slack, sender = delivery(database, Clock(local("17T08:30")))
    assert "cancelled" in sender.deliver_due()
    assert "M001" not in {post.recipient for post in slack.posts}


def test_an_answered_warning_is_not_told_any_more(database, branch):
    commit_plan(database, MORNING, ZONE)
    with database.write() as tx:
        answer = WarningAnswer("W01:C3:2026-11-17", "M001", "pays on Friday")
        answer_warning(tx, answer, TODAY, MORNING)
    _, sender = delivery(database, Clock(MORNING))
    assert sender.deliver_due() == {"cancelled": 1}


def test_an_urgent_warning_held_up_past_closing_waits_for_the_next_morning(database, branch):
    clock = Clock(local("17T19:59"))
    commit_plan(database, clock.now, ZONE)
    slack, sender = delivery(database, clock)
    clock.now = local("17T20:00")
    assert sender.deliver_due() == {"planned": 1, "cancelled": 2}
    clock.now = local("18T07:59")
    assert sender.deliver_due() == {}
    clock.now = local("18T08:00")
    assert sender.deliver_due() == {"sent": 1}
    assert slack.sent_keys() == ["warning:W01:C3:2026-11-17:orange"]


def test_three_urgent_messages_a_person_at_most_and_all_of_it_in_the_digest(database, branch):
    for place in range(5):
        branch.client(f"D{place}", "M003").instalment(f"D{place}", "M003", 10 + place)
    mine = [message for message in planned(database) if message.recipient == "M003"]
    assert sorted(message.kind for message in mine) == ["digest", "warning", "warning", "warning"]
    digest = next(message for message in mine if message.kind == "digest")
    assert len(digest.payload["items"]) == 5


def test_who_has_left_is_told_nothing(database):
    branch = Branch(database).staff("M009", left=date(2026, 11, 1)).overdue("C1", "M009", 5)
    branch.imported(local("17T02:00"))
    assert planned(database) == ()
