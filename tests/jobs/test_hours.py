from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.calendar import Calendar
from jobs import hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
START, END = date(2026, 1, 1), date(2027, 12, 31)
WEEKDAYS = Calendar(
    START,
    END,
    tuple(
        day for day in range(START.toordinal(), END.toordinal() + 1)
        if date.fromordinal(day).weekday() < 5
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("local", "opens"),
    [
        ("2026-11-17T07:59", "2026-11-17T08:00"),
        ("2026-11-17T08:00", "2026-11-17T08:00"),
        ("2026-11-17T19:59", "2026-11-17T19:59"),
        ("2026-11-17T20:00", "2026-11-18T08:00"),
        ("2026-11-20T20:00", "2026-11-23T08:00"),
        ("2026-11-21T12:00", "2026-11-23T08:00"),
    ],
)
def test_nobody_is_disturbed_outside_the_hours_of_a_business_day(local, opens):
    now = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI)
    expected = datetime.fromisoformat(opens).replace(tzinfo=SHANGHAI)
    assert hours.next_open(now, SHANGHAI, WEEKDAYS) == expected


def test_a_local_hour_is_the_moment_it_is_there():
    assert hours.moment(date(2026, 11, 17), time(8, 30), SHANGHAI) == datetime(
        2026, 11, 17, 0, 30, tzinfo=UTC
    )
    # New York leaves summer time on 1 November 2026: 08:00 is first UTC-4, then UTC-5.
    new_york = ZoneInfo("America/New_York")
    assert hours.moment(date(2026, 10, 30), hours.OPENS, new_york).hour == 12
    assert hours.moment(date(2026, 11, 2), hours.OPENS, new_york).hour == 13


def test_every_local_day_has_one_morning_in_every_zone_whatever_its_clocks_do():
    """Ticks every half hour round each clock change of two years, in every known zone."""
    seen = set()
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        changes = tuple(_clock_changes(zone))
        if changes and changes not in seen:
            seen.add(changes)
            for change, _ in changes:
                _check_mornings(zone, change)
    assert len(seen) > 20


def _clock_changes(zone):
    noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    noons = (noon + timedelta(days=days) for days in range(728))
    for (_, before), (then, after) in pairwise((n, n.astimezone(zone).utcoffset()) for n in noons):
        if before != after:
            yield then.date(), after


def _check_mornings(zone, change):
    first = datetime.combine(change - timedelta(days=2), time(0), UTC)
    mornings = {}
    for ticks in range(48 * 4):
        now = first + timedelta(minutes=30 * ticks)
        local = now.astimezone(zone)
        morning = hours.moment(local.date(), hours.OPENS, zone)
        assert morning.astimezone(zone).time() == hours.OPENS
        if morning <= now and not hours.is_over(now, zone):
            mornings.setdefault(local.date(), set()).add(morning)
    assert all(len(moments) == 1 for moments in mornings.values())
    assert len(set().union(*mornings.values())) == len(mornings) >= 3


def in_shanghai(local):
    return datetime.fromisoformat(local).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "working_hours", "due"),
    [
        # The bank works from 9 to 17: eight hours are a day.
        ("2026-11-17T09:40", 8, "2026-11-18T09:40"),
        ("2026-11-17T09:40", 4, "2026-11-17T13:40"),
        ("2026-11-17T09:00", 8, "2026-11-17T17:00"),
        ("2026-11-17T16:00", 1, "2026-11-17T17:00"),
        ("2026-11-17T16:00", 2, "2026-11-18T10:00"),
        ("2026-11-17T17:00", 1, "2026-11-18T10:00"),
        ("2026-11-17T22:00", 8, "2026-11-18T17:00"),
        ("2026-11-17T03:00", 1, "2026-11-17T10:00"),
        # Friday afternoon, and a Sunday: the weekend does not count.
        ("2026-11-20T16:30", 8, "2026-11-23T16:30"),
        ("2026-11-22T12:00", 12, "2026-11-24T13:00"),
    ],
)
def test_working_time_passes_only_while_the_bank_works(start, working_hours, due):
    span = timedelta(hours=working_hours)
    passed = hours.after_working(in_shanghai(start), span, SHANGHAI, WEEKDAYS)
    assert passed == in_shanghai(due)


@given(
    st.datetimes(datetime(2026, 1, 5), datetime(2027, 6, 1)),  # noqa: DTZ001 - its zone is drawn too
    st.integers(1, 2_000),
    st.integers(1, 2_000),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/Berlin"]),
)
def test_working_time_adds_up_and_ends_while_the_bank_works(local, first, second, name):
    zone = ZoneInfo(name)
    start = local.replace(tzinfo=zone).astimezone(UTC)

    def after(begin, minutes):
        return hours.after_working(begin, timedelta(minutes=minutes), zone, WEEKDAYS)

    middle, end = after(start, first), after(start, first + second)
    assert start < middle < end == after(middle, second)
    opens, closes = hours.WORK
    for one in (middle, end):
        assert opens < one.astimezone(zone).time() <= closes
        assert WEEKDAYS.is_business(one.astimezone(zone).date())
