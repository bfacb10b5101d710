"""What a manager owes on a day, in which order, and what the morning message holds of it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bank.clients import contacts
from bank.snoozes import snooze
from bank.visits import VisitEntry, log_visit
from bank.warnings import ClientWarning, WarningAnswer, answer_warning
from jobs.digest import arrange, digest_facts, due_items, item_facts, item_key, worst_severity
from scoring.coverage import DueVisit, due_visits
from scoring.scheme import default_scheme
from tests.jobs.branch import TODAY, Branch, warning

VISITS = default_scheme().visits
NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)


def visit(client_id, late=0):
    """A private client's visit, so many days past its last day (before it when negative)."""
    due_by = TODAY - timedelta(days=late)
    return DueVisit(
        client_id, f"星河灯塔 {client_id}", "private", due_by - timedelta(days=45),
        due_by - timedelta(days=15), due_by, "overdue" if late > 0 else "due",
    )  # fmt: skip


def owed(database, manager_id, on=TODAY):
    with database.read() as tx:
        return [item_key(item) for item in due_items(tx, manager_id, on, VISITS)]


def test_warnings_come_first_by_severity_then_overdue_visits_then_due_ones():
    yellow, red, orange = (
        warning(f"W{n}", "M001", severity) for n, severity in enumerate(("yellow", "red", "orange"))
    )
    later = warning("W9", "M001", "red", due=TODAY + timedelta(days=9))
    visits = [visit("soonest", -5), visit("late", 3), visit("later", 1), visit("soon", -2)]
    items = arrange("M001", [yellow, later, red, orange], visits, frozenset())
    assert [item.client_id for item in items] == [
        "W1", "W9", "W2", "W0", "late", "later", "soon", "soonest",
    ]  # fmt: skip


def test_seven_items_are_shown_and_the_rest_counted():
    items = arrange("M001", [], [visit(f"C{n}") for n in range(9)], frozenset())
    facts = digest_facts(items, TODAY)
    assert facts["date"] == "2026-11-17"
    assert [item["client_id"] for item in facts["items"]] == [f"C{n}" for n in range(7)]
    assert facts["more"] == 2
    assert digest_facts(items[:7], TODAY)["more"] == 0


def test_a_digest_is_as_severe_as_its_worst_warning():
    assert worst_severity([visit("C1", 9)]) == "blue"
    assert worst_severity([visit("C1"), warning("C2", "M001", "yellow")]) == "yellow"
    both = [warning("C1", "M001", "yellow"), warning("C2", "M001", "red")]
    assert worst_severity(both) == "red"


def test_an_item_says_all_that_its_wording_needs():
    assert item_facts(visit("C1", 3)) == {
        "item": "visit:C1",
        "kind": "visit",
        "client_id": "C1",
        "client_name": "星河灯塔 C1",
        "tier": "private",
        "last_visit": "2026-09-30",
        "ideal_by": "2026-10-30",
        "due_by": "2026-11-14",
        "state": "overdue",
    }
    assert item_facts(warning("C1", "M001", "orange")) == {
        "item": "warning:W01:C1",
        "kind": "warning",
        "warning_id": "W01:C1",
        "signal": "W01",
        "severity": "orange",
        "client_id": "C1",
        "client_name": "星河灯塔 C1",
        "raised": "2026-11-16",
        "due": "2026-11-20",
        "evidence": {"as_of": "2026-11-16", "days_past_due": 3},
    }


CLIENTS = st.integers(0, 99).map("C{:02}".format)
SEVERITIES = st.sampled_from(["red", "orange", "yellow", "blue"])
ITEMS = st.lists(
    st.builds(visit, CLIENTS, st.integers(-15, 90))
    | st.builds(warning, CLIENTS, st.just("M001"), SEVERITIES),
    unique_by=item_key,
    max_size=12,
)


@given(ITEMS, st.sets(st.integers(0, 11), max_size=3))
def test_putting_an_item_off_removes_that_item_and_moves_no_other(items, places):
    warnings = [item for item in items if isinstance(item, ClientWarning)]
    visits = [item for item in items if isinstance(item, DueVisit)]
    everything = arrange("M001", warnings, visits, frozenset())
    assert [*everything] == sorted(everything, key=lambda item: isinstance(item, DueVisit))
    off = {item_key(items[place]) for place in places if place < len(items)}
    left = arrange("M001", warnings, visits, frozenset(("M001", name) for name in off))
    assert left == tuple(item for item in everything if item_key(item) not in off)
    someone_elses = frozenset(("M002", name) for name in off)
    assert arrange("M001", warnings, visits, someone_elses) == everything


def test_a_visit_logged_and_a_warning_answered_are_owed_no_more(database):
    branch = Branch(database).staff("M001")
    branch.overdue("C1", "M001", 3).overdue("C2", "M001", 1).warning("C2", "M001")
    assert owed(database, "M001") == ["warning:W01:C2", "visit:C1", "visit:C2"]
    with database.write() as tx:
        entry = VisitEntry("V-new", "C1", "M001", TODAY, "onsite", "saw the new line run")
        assert log_visit(tx, entry, TODAY, NOW)
        answer = WarningAnswer("W01:C2", "M001", "paid this morning")
        assert answer_warning(tx, answer, TODAY, NOW)
    assert owed(database, "M001") == ["visit:C2"]


def test_an_item_put_off_comes_back_on_its_day_and_its_interval_stays(database):
    Branch(database).staff("M001").overdue("C1", "M001", 3).overdue("C2", "M001", 1)
    until = TODAY + timedelta(days=3)
    with database.read() as tx:
        before = due_items(tx, "M001", until, VISITS)
    with database.write() as tx:
        snooze(tx, "M001", "visit:C1", until, NOW)
    assert owed(database, "M001") == ["visit:C2"]
    with database.read() as tx:
        assert due_items(tx, "M001", until, VISITS) == before


def test_reminder_and_kpi_decide_visits_by_the_same_function(database):
    branch = Branch(database).staff("M001")
    for days in range(-20, 20, 5):
        branch.overdue(f"C{days + 20:02}", "M001", days)
    with database.read() as tx:
        decided = due_visits(contacts(tx, ["M001"], TODAY, VISITS)["M001"], VISITS, TODAY)
        reminded = due_items(tx, "M001", TODAY, VISITS)
    assert {item.client_id for item in reminded} == {due.client_id for due in decided}
    assert {item.client_id for item in decided if item.state == "overdue"} == {
        "C25", "C30", "C35",
    }  # fmt: skip
