"""Risk warnings through a client's days: raised, worse, answered, clean, closed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bank.calendar import Calendar, load_calendar
from bank.models import WarningTerm
from bank.warnings import WarningAnswer, answer_warning, find_warning, open_warnings
from jobs.risks import CLEAN_DAYS, Morning, Sign, revised, scan, write_changes
from scoring.scheme import default_scheme
from tests.jobs.branch import AS_OF, LONG_AGO, TODAY, Branch, warning
from tests.jobs.test_planning import local

SCHEME = default_scheme()


@pytest.fixture
def branch(database):
    branch = Branch(database).staff("M001", "M002").imported(local("17T02:00"))
    return branch.client("C1", "M001").client("C2", "M002")


def scanned(database, on=TODAY):
    with database.read() as tx:
        return scan(tx, on, load_calendar(tx), SCHEME)


def written(database, on=TODAY):
    changes = scanned(database, on)
    with database.write() as tx:
        write_changes(tx, changes)
    return changes


@pytest.mark.parametrize(
    ("days", "severity"),
    [(0, None), (1, "yellow"), (5, "yellow"), (6, "orange"), (30, "orange"), (31, None)],
)
def test_first_arrears_are_yellow_then_orange(database, branch, days, severity):
    branch.instalment("C1", "M001", days)
    found = [(one.signal, one.severity) for one in scanned(database).new]
    assert found == ([("W01", severity)] if severity else [])


def test_what_is_paid_raises_nothing_and_of_several_loans_the_worst_counts(database, branch):
    branch.instalment("C2", "M002", 20, paid=AS_OF)
    branch.instalment("C1", "M001", 3).instalment("C1", "M001", 12).instalment("C1", "M001", 4)
    (only,) = scanned(database).new
    assert (only.client_id, only.severity) == ("C1", "orange")
    assert only.evidence["days_past_due"] == 12


def test_a_warning_names_its_manager_its_deadline_and_its_evidence(database, branch):
    branch.instalment("C1", "M001", 12, amount=88_000_00)
    (raised,) = scanned(database).new
    assert (raised.id, raised.manager_id) == ("W01:C1:2026-11-17", "M001")
    # Orange: two business days from Tuesday the 17th.
    assert (raised.raised, raised.due) == (TODAY, date(2026, 11, 19))
    assert raised.evidence["as_of"] == raised.evidence["held_on"] == "2026-11-16"
    assert raised.evidence["amount"] == 88_000_00


@pytest.mark.parametrize(
    ("steps", "severity"),
    [
        # 30-day average 2 m, 180-day average (150·6 + 30·2)/180 = 5.33 m: 37.5 %, under half.
        (((400, 6_000_000), (29, 2_000_000)), "yellow"),
        # 30-day average 4 m of (150·6 + 30·4)/180 = 5.67 m: 70.6 %, no warning.
        (((400, 6_000_000), (29, 4_000_000)), None),
        # From 6 m to 0.2 m in six months: fallen by 96.7 %.
        (((400, 6_000_000), (29, 200_000)), "orange"),
    ],
)
def test_a_balance_that_runs_down_is_yellow_and_a_collapse_orange(
    database, branch, steps, severity
):
    branch.balances("C1", *steps)
    found = [(one.signal, one.severity) for one in scanned(database).new]
    assert found == ([("W06", severity)] if severity else [])


def test_a_scan_raises_each_warning_once(database, branch):
    branch.instalment("C1", "M001", 3)
    assert len(written(database).new) == 1
    again = written(database)
    assert (again.new, again.revisions) == ((), ())
    assert [one.id for one in again.open] == ["W01:C1:2026-11-17"]


def test_a_worse_value_raises_the_severity_and_is_told_and_owed_again(database, branch):
    branch.instalment("C1", "M001", 3)
    written(database)
    with database.write() as tx:
        answer = WarningAnswer("W01:C1:2026-11-17", "M001", "pays on Friday")
        answer_warning(tx, answer, TODAY, local("17T09:00"))
    branch.instalment("C1", "M001", 10)
    later = date(2026, 11, 18)
    (worse,) = written(database, later).raised
    assert (worse.severity, worse.state, worse.due) == ("orange", "open", date(2026, 11, 20))
    assert worse.raised == later  # the answer of the day before does not answer it
    with database.read() as tx:
        assert open_warnings(tx, ["M001"]) == (worse,)


def test_an_open_warning_that_worsens_is_never_due_later_than_it_was():
    before = warning("C1", "M001", due=date(2026, 11, 18))
    after = revised(before, sign("orange"), morning(TODAY))
    assert (after.severity, after.due) == ("orange", date(2026, 11, 18))
    assert after.raised == before.raised


def test_a_milder_value_leaves_severity_deadline_and_evidence_as_they_were():
    before = warning("C1", "M001", "orange")
    after = revised(before, sign("yellow"), morning(TODAY))
    assert after == replace(before, evidence={**before.evidence, "held_on": "2026-11-16"})


def test_it_closes_once_answered_and_three_months_clean_and_not_a_day_before():
    held = warning("C1", "M001", evidence={"held_on": "2026-11-16"})
    answered = replace(held, state="answered")
    clean = TODAY + CLEAN_DAYS
    assert revised(answered, None, morning(clean - timedelta(days=1))) == answered
    assert revised(answered, None, morning(clean)).state == "closed"
    assert revised(held, None, morning(clean)) == held
    unseen = warning("C1", "M001", state="answered", signal="W22", evidence={})
    assert revised(unseen, None, morning(clean)) == unseen


def test_a_leavers_open_warning_goes_to_the_clients_present_manager(database, branch):
    branch.staff("M009", left=date(2026, 11, 1))
    branch.warning("C2", "M009", due=date(2026, 11, 2)).warning("C1", "M009", state="answered")
    (revision,) = written(database).revisions
    # Nothing of its time is left: it does not start anew.
    assert (revision.after.manager_id, revision.after.due) == ("M002", date(2026, 11, 2))
    with database.read() as tx:
        assert [one.client_id for one in open_warnings(tx, ["M002"])] == ["C2"]
        assert find_warning(tx, "W01:C1").manager_id == "M009"


def test_a_leavers_warning_nobody_took_over_keeps_its_deadline(database, branch):
    branch.staff("M009", left=date(2026, 11, 1)).client("C9", "M009")
    branch.warning("C9", "M009", due=date(2026, 11, 2))
    assert written(database).revisions == ()


def test_an_open_warning_follows_its_client_to_another_manager(database, branch):
    handed_over = date(2026, 11, 10)
    branch.client("C8", "M001", since=LONG_AGO, until=handed_over)
    branch.assign("C8", "M002", handed_over)
    branch.warning("C8", "M001", due=date(2026, 11, 20))
    (revision,) = written(database).revisions
    assert revision.after.manager_id == "M002"
    with database.read() as tx:
        assert open_warnings(tx, ["M001"]) == ()


@pytest.mark.parametrize(
    ("severity", "due", "then"),
    [
        # Yellow has five business days; from Tuesday the 17th the fifth is Tuesday the 24th.
        ("yellow", date(2026, 11, 20), date(2026, 11, 24)),  # 18, 19, 20: 60 % left
        ("yellow", date(2026, 11, 19), date(2026, 11, 19)),  # 18, 19: 40 %
        ("orange", date(2026, 11, 18), date(2026, 11, 18)),  # one of two: half is not more
        ("orange", date(2026, 11, 19), date(2026, 11, 19)),  # two of two: anew, the same day
        ("red", date(2026, 11, 17), date(2026, 11, 17)),  # due today: nothing left
    ],
)
def test_handed_over_it_starts_anew_with_more_than_half_of_its_time_left(
    database, branch, severity, due, then
):
    branch.client("C8", "M001", since=LONG_AGO, until=TODAY).assign("C8", "M002", TODAY)
    branch.warning("C8", "M001", severity, due=due)
    (revision,) = written(database).revisions
    assert (revision.after.manager_id, revision.after.due) == ("M002", then)
    with database.read() as tx:
        kept = tx.execute(select(WarningTerm.manager_id, WarningTerm.due_day)).all()
    assert kept == [("M001", due.toordinal())]  # what it asked of M001 until today


def test_a_co_holder_keeps_their_open_warning(database, branch):
    branch.client("C8", "M001", since=LONG_AGO, share=70)
    branch.assign("C8", "M002", LONG_AGO, share=30)
    branch.warning("C8", "M002", due=date(2026, 11, 19))
    assert written(database).revisions == ()


def test_a_client_nobody_looks_after_is_warned_of_to_nobody(database, branch):
    branch.client("C7", "M001", since=LONG_AGO, until=date(2026, 11, 1)).instalment("C7", "M001", 9)
    assert scanned(database).new == ()


def sign(severity):
    return Sign("W01", "C1", "星河灯塔 C1", severity, {"as_of": "2026-11-16", "days_past_due": 9})


def morning(on):
    first, last = date(2026, 1, 1), date(2027, 12, 31)
    every_day = tuple(range(first.toordinal(), last.toordinal() + 1))
    return Morning(on, on - timedelta(days=1), Calendar(first, last, every_day), SCHEME)
