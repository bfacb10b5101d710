"""Risk signals W01 and W06, and how soon a warning must be answered."""

from datetime import date, timedelta

import pytest

from scoring.scheme import default_scheme
from scoring.signals import first_arrears, run_down

RULES = default_scheme().signals
SLA = default_scheme().sla
BIG = 10_000_000  # 100,000 yuan in fen


@pytest.mark.parametrize(
    ("days", "severity"),
    [
        (0, None),
        (1, "yellow"),
        (5, "yellow"),
        (6, "orange"),
        (30, "orange"),
        (31, None),
        (-1, None),
    ],
)
def test_first_arrears(days, severity):
    assert first_arrears(days, RULES) == severity


@pytest.mark.parametrize(
    ("average_30", "average_180", "then", "now", "severity"),
    [
        (BIG // 2, BIG, BIG, BIG, None),  # exactly half is not under half
        (BIG // 2 - 1, BIG, BIG, BIG, "yellow"),
        (BIG, BIG, BIG, BIG * 5 // 100, None),  # a fall of exactly 95 %
        (BIG, BIG, BIG, BIG * 5 // 100 - 1, "orange"),
        (0, BIG, BIG, 0, "orange"),  # both hold: the worse
        (0, RULES.smallest_average - 1, BIG, 0, None),  # too small to mean anything
        (BIG, BIG, 0, 0, None),  # nothing there six months ago
    ],
)
def test_run_down(average_30, average_180, then, now, severity):
    assert run_down(average_30, average_180, then, now, RULES) == severity


@pytest.mark.parametrize(
    ("severity", "days"), [("red", 1), ("orange", 2), ("yellow", 5), ("blue", 10)]
)
def test_one_table_of_deadlines(severity, days):
    due = SLA.due_day(severity, date(2026, 11, 16), lambda day, n: day + timedelta(days=n))
    assert due == date(2026, 11, 16) + timedelta(days=days)
