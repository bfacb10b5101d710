from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bank.errors import EntryError
from bank.models import WarningResponse
from bank.warnings import (
    WarningAnswer,
    answer_warning,
    client_warnings,
    find_warning,
    open_warnings,
    raise_warnings,
    revise_warning,
    standing_warnings,
)
from tests.jobs.branch import TODAY, Branch, warning

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)


@pytest.fixture
def branch(database):
    return Branch(database).staff("M001", "M002").client("C1", "M001").client("C2", "M002")


def test_one_warning_stands_per_client_and_signal(database, branch):
    first = warning("C1", "M001")
    again = replace(first, id="another", severity="orange")
    other = warning("C1", "M001", signal="W06")
    with database.write() as tx:
        raise_warnings(tx, [first])
        raise_warnings(tx, [again, other])
        assert open_warnings(tx) == (first, other)
        assert standing_warnings(tx, ["W06"]) == (other,)
        assert open_warnings(tx, ["M002"]) == ()


def test_after_one_is_closed_the_signal_may_be_raised_anew(database, branch):
    first = warning("C1", "M001")
    with database.write() as tx:
        raise_warnings(tx, [first])
        assert revise_warning(tx, first, replace(first, state="closed"), TODAY)
        raise_warnings(tx, [replace(first, id="second")])
        assert [found.id for found in standing_warnings(tx, ["W01"])] == ["second"]


def test_an_answer_is_recorded_once(database, branch):
    branch.warning("C1", "M001")
    with database.write() as tx:
        first = WarningAnswer("W01:C1", "M001", "  货款周五到账，已核实合同 ")
        assert answer_warning(tx, first, TODAY, NOW)
        assert answer_warning(tx, first, TODAY, NOW)  # told again
        for warning_id, text in (("W01:C1", "again"), ("W01:C9", "no such warning")):
            assert not answer_warning(tx, WarningAnswer(warning_id, "M001", text), TODAY, NOW)
        columns = (WarningResponse.warning_id, WarningResponse.staff_id, WarningResponse.text)
        assert tx.execute(select(*columns)).all() == [
            ("W01:C1", "M001", "货款周五到账，已核实合同")
        ]
        assert open_warnings(tx) == ()
        assert find_warning(tx, "W01:C1").state == "answered"


def test_a_client_s_warnings_are_told_as_they_stood_on_a_day(database, branch):
    raised = date(2026, 11, 10)
    with database.write() as tx:
        first = warning("C1", "M001", raised=raised)
        raise_warnings(tx, [first, warning("C1", "M001", signal="W35", raised=raised)])
        answer_warning(tx, WarningAnswer(first.id, "M001", "called"), date(2026, 11, 12), NOW)
        answered = replace(first, state="answered")
        assert revise_warning(tx, answered, replace(answered, state="closed"), TODAY)
        told = {on: client_warnings(tx, "C1", date(2026, 11, on)) for on in (9, 10, 11, 12, 17)}
    assert told == {9: (), 10: (first,), 11: (first,), 12: (), 17: ()}


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "text: is empty"), (" \n", "text: is empty"), ("长" * 4_001, "has 4,001 characters")],
)
def test_an_answer_that_says_nothing_or_too_much_is_refused(database, branch, text, problem):
    branch.warning("C1", "M001")
    with pytest.raises(EntryError, match=problem), database.write() as tx:
        answer_warning(tx, WarningAnswer("W01:C1", "M001", text), TODAY, NOW)
    with database.read() as tx:
        assert [found.state for found in open_warnings(tx)] == ["open"]


def test_a_scan_does_not_reopen_what_was_answered_meanwhile(database, branch):
    read = warning("C1", "M001")
    branch.warning("C1", "M001")
    with database.write() as tx:
        answer_warning(tx, WarningAnswer(read.id, "M001", "paid today"), TODAY, NOW)
        assert not revise_warning(
            tx, read, replace(read, evidence={"held_on": "2026-11-17"}), TODAY
        )
        assert find_warning(tx, read.id).state == "answered"


def test_a_warning_is_revised_in_every_respect_it_may_change(database, branch):
    read = warning("C1", "M001")
    worse = replace(
        read,
        manager_id="M002",
        severity="orange",
        due=date(2026, 11, 19),
        evidence={"days_past_due": 6},
    )
    with database.write() as tx:
        raise_warnings(tx, [read])
        assert revise_warning(tx, read, worse, TODAY)
        assert open_warnings(tx) == (worse,)


def test_what_only_compliance_may_know_is_shown_to_no_manager(database, branch):
    secret = warning("C1", "M001", "orange", signal="W35")
    with database.write() as tx:
        raise_warnings(tx, [secret])
        assert open_warnings(tx) == open_warnings(tx, ["M001"]) == ()
        assert find_warning(tx, secret.id) is None
