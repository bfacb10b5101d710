"""How soon a warning must be answered: the one table behind the reminders and KPI R03."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

Severity = Literal["red", "orange", "yellow", "blue"]
SEVERITIES: tuple[Severity, ...] = ("red", "orange", "yellow", "blue")
"""Worst first."""
WHOLE = 100
"""Percent."""


@dataclass(frozen=True, slots=True)
class Sla:
    """Business days to the first substantive response, by severity (from the scheme)."""

    red: int
    orange: int
    yellow: int
    blue: int
    unscored: tuple[str, ...]
    """Severities that KPI R03 leaves out."""
    restart_left_pct: int
    """A warning handed over starts anew only with more than this percentage of its time left."""

    def days(self, severity: Severity) -> int:
        """Business days allowed for a severity."""
        return int(getattr(self, severity))

    def due_day(
        self, severity: Severity, raised: date, add_business_days: Callable[[date, int], date]
    ) -> date:
        """Last day on which a first response is on time.

        `add_business_days(day, n)` gives the n-th business day after a day.
        """
        return add_business_days(raised, self.days(severity))

    def restarts(self, severity: Severity, left: int) -> bool:
        """Whether a warning handed over with so many business days left starts anew."""
        return left * WHOLE > self.days(severity) * self.restart_left_pct
