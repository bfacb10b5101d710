"""Risk signals: when a client's figures deserve a warning, and of which severity.

W01 first arrears 逾期苗头 and W06 balance run-down 存款骤降; every threshold is the scheme's.
"""

from dataclasses import dataclass

from scoring.sla import Severity

FIRST_ARREARS = "W01"
RUN_DOWN = "W06"
CONFIDENTIAL = ("W35",)
"""Signals for compliance alone: telling the manager would be tipping off."""


@dataclass(frozen=True, slots=True)
class SignalRules:
    """Thresholds of the signals."""

    arrears_orange_from: int
    """Days past due from which W01 is orange; below it, from the first day, yellow."""
    arrears_to: int
    """Last day past due that is still *first* arrears."""
    run_down_below_pct: int
    """W06 yellow: the 30-day average is under this percentage of the 180-day average."""
    collapse_over_pct: int
    """W06 orange: the balance fell by more than this percentage in six months."""
    smallest_average: int
    """Fen: a client whose 180-day average is below this raises no W06."""


def first_arrears(days_past_due: int, rules: SignalRules) -> Severity | None:
    """W01 by days past due: 1-5 yellow, 6-30 orange; none when paid, or past first arrears."""
    if not 1 <= days_past_due <= rules.arrears_to:
        return None
    return "orange" if days_past_due >= rules.arrears_orange_from else "yellow"


def run_down(
    average_30: int, average_180: int, six_months_ago: int, now: int, rules: SignalRules
) -> Severity | None:
    """W06 by a client's deposits, all four in fen (averages over 30 and 180 days; two balances)."""
    if average_180 < rules.smallest_average:
        return None
    fall = six_months_ago - now
    if six_months_ago > 0 and fall * 100 > rules.collapse_over_pct * six_months_ago:
        return "orange"
    return "yellow" if average_30 * 100 < rules.run_down_below_pct * average_180 else None
