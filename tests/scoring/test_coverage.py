"""Visits: which count, how many are owed, which are due; reminder and KPI must agree."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.coverage import (
    Contact,
    Visit,
    counted_days,
    counts,
    due_visits,
    is_drawn,
    is_owed,
    required_visits,
)
from scoring.periods import Period
from scoring.scheme import default_scheme

STANDARDS = default_scheme().visits
MONDAY = date(2026, 11, 16)


def weekdays(start: date, end: date) -> int:
    """Business days after start, up to and including end, on a plain calendar."""
    days = range(1, (end - start).days + 1)
    return sum((start + timedelta(days=at)).weekday() < 5 for at in days)


def visit(day=MONDAY, logged=MONDAY, kind="onsite", note="met the owner", client="C1"):
    return Visit(client, day, logged, kind, note)


def contact(tier="private", *, sme=False, held=date(2020, 1, 1), last=None, client="C1"):
    return Contact(client, "Blue Lantern Trading", tier, sme, held, last)


@pytest.mark.parametrize(
    ("made", "valid"),
    [
        (visit(), True),
        (visit(kind="video"), True),
        (visit(kind="phone"), False),
        (visit(note="  "), False),
        (visit(logged=date(2026, 11, 19)), True),  # Thursday, the third business day after
        (visit(logged=date(2026, 11, 20)), False),  # Friday, the fourth
        (visit(day=date(2026, 11, 13), logged=date(2026, 11, 18)), True),  # over a weekend
        (visit(logged=date(2026, 11, 15)), False),  # logged before it happened
    ],
)
def test_what_counts_as_a_visit(made, valid):
    assert counts(made, STANDARDS.log_within, weekdays) is valid


def test_two_visits_on_one_day_are_one():
    made = [visit(), visit(kind="video"), visit(day=date(2026, 11, 12)), visit(kind="phone")]
    days = counted_days(made, STANDARDS.log_within, weekdays)
    assert days == {"C1": (date(2026, 11, 12), MONDAY)}


@pytest.mark.parametrize(
    ("held", "complete", "owed"),
    [
        (92, True, 2),  # 92 ÷ 45 = 2.04
        (47, False, 1),
        (44, False, 0),  # not overdue yet
        (44, True, 1),  # over half an interval, and no more days to come
        (22, True, 0),  # 22 × 2 < 45
        (23, True, 1),
    ],
)
def test_visits_owed_to_a_private_client_every_45_days(held, complete, owed):
    assert required_visits(held, 45, complete=complete) == owed


@pytest.mark.parametrize(
    ("last", "state"),
    [
        (MONDAY - timedelta(days=29), None),
        (MONDAY - timedelta(days=30), "due"),
        (MONDAY - timedelta(days=45), "due"),
        (MONDAY - timedelta(days=46), "overdue"),
    ],
)
def test_a_private_client_is_due_after_30_days_and_overdue_after_45(last, state):
    due = due_visits([contact(last=last)], STANDARDS, MONDAY)
    assert [found.state for found in due] == ([state] if state else [])


def test_a_client_never_visited_is_counted_from_its_first_day_held():
    (due,) = due_visits([contact("premium", held=date(2026, 9, 1))], STANDARDS, MONDAY)
    # 1 September + 60 days
    assert (due.due_by, due.state, due.last_visit) == (date(2026, 10, 31), "overdue", None)


@pytest.mark.parametrize(
    ("held", "last", "ideal_by", "due_by"),
    [
        # last seen in the quarter before: 60 days on, by the end of this quarter
        (date(2020, 1, 1), date(2026, 9, 1), date(2026, 10, 31), date(2026, 12, 31)),
        # ideal never earlier than the quarter it is for
        (date(2020, 1, 1), date(2026, 7, 2), date(2026, 10, 1), date(2026, 12, 31)),
        # the whole third quarter passed without a visit
        (date(2020, 1, 1), date(2026, 6, 30), date(2026, 8, 29), date(2026, 9, 30)),
        # taken over early in the quarter: owed in it
        (date(2026, 10, 5), None, date(2026, 12, 4), date(2026, 12, 31)),
    ],
)
def test_an_sme_borrower_is_owed_one_visit_each_quarter(held, last, ideal_by, due_by):
    client = contact("none", sme=True, held=held, last=last)
    on = max(ideal_by, MONDAY)
    (due,) = due_visits([client], STANDARDS, on)
    assert (due.ideal_by, due.due_by) == (ideal_by, due_by)
    assert due.state == ("overdue" if on > due_by else "due")


def test_an_sme_borrower_taken_over_late_is_owed_in_the_next_quarter():
    late = contact("standard", sme=True, held=date(2026, 11, 20))
    assert due_visits([late], STANDARDS, date(2026, 12, 31)) == ()
    (due,) = due_visits([late], STANDARDS, date(2027, 2, 1))
    assert due.due_by == date(2027, 3, 31)


def test_a_client_under_two_rules_is_due_by_the_stricter_and_named_once():
    both = contact("private", sme=True, last=date(2026, 10, 10))
    (due,) = due_visits([both], STANDARDS, MONDAY)
    assert due.due_by == date(2026, 11, 24)  # 45 days, before the quarter's end


def test_the_most_overdue_come_first():
    many = [contact(last=date(2026, 10, day), client=f"C{day}") for day in (9, 1, 5)]
    assert [due.client_id for due in due_visits(many, STANDARDS, MONDAY)] == ["C1", "C5", "C9"]


@given(
    gaps=st.lists(st.integers(1, 45), min_size=12, max_size=30),
    before=st.integers(0, 44),
    elapsed=st.integers(1, 92),
)
def test_a_manager_who_is_never_overdue_owes_no_visit_of_the_frequency_kpi(gaps, before, elapsed):
    """Reminder and C03a agree on every day of a quarter, whatever the visiting pattern."""
    quarter = Period.parse("2026Q4")
    day = quarter.first - timedelta(days=before)
    visited = []
    for gap in gaps:
        visited.append(day)
        day += timedelta(days=gap)
    on = quarter.first + timedelta(days=elapsed - 1)
    if on > visited[-1]:
        return
    done = sum(quarter.first <= day <= on for day in visited)
    last = max(day for day in visited if day <= on)
    overdue = [d for d in due_visits([contact(last=last)], STANDARDS, on) if d.state == "overdue"]
    assert overdue == []
    assert done >= required_visits(elapsed, 45, complete=elapsed == quarter.days)


@given(
    held=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    last=st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)),
)
def test_an_sme_visit_due_by_this_quarters_end_is_one_the_coverage_kpi_misses(held, last):
    """On the quarter's last day: still to visit for the reminder = owed and unvisited for C03b."""
    quarter = Period.parse("2026Q4")
    client = contact("none", sme=True, held=min(held, last or held), last=last)
    due = due_visits([client], STANDARDS, quarter.last)
    in_quarter = (quarter.last - max(client.held_from, quarter.first)).days + 1
    unvisited = last is None or last < quarter.first
    assert bool(due) == (unvisited and is_owed(in_quarter, quarter.days))


@given(st.text(min_size=1, max_size=20), st.integers(0, 100), st.integers(0, 100))
def test_a_visit_drawn_at_some_percent_is_drawn_at_any_more(visit, one, other):
    assert is_drawn(visit, min(one, other)) <= is_drawn(visit, max(one, other))
    assert is_drawn(visit, 100)
    assert not is_drawn(visit, 0)


def test_about_so_many_of_a_hundred_are_drawn():
    drawn = sum(is_drawn(f"V{at}", 10) for at in range(2_000))
    assert 150 <= drawn <= 250
