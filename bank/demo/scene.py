"""When the demo plays, and chance that comes out the same every time."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bank.calendar import Calendar
from bank.errors import BankError
from scoring.scheme import Scheme

THIRTEEN_MONTHS = timedelta(days=395)


class DemoError(BankError):
    """A demo bank too small for its stories."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The demo bank as of business date `on`, under a calendar and an appraisal scheme."""

    seed: int
    on: date
    calendar: Calendar
    scheme: Scheme

    @property
    def first(self) -> date:
        """The first day with balances and visits, thirteen months ago."""
        return self.on - THIRTEEN_MONTHS

    @property
    def base_year(self) -> int:
        """The year whose day-averages this year's deposits are measured against."""
        return self.on.year - 1

    def dice(self, *about: object) -> Random:
        """A generator of its own for each subject, such as ("visits", "K000017").

        So a client's story hangs on the seed and the client alone, never on what came before it.
        """
        return Random(f"{self.seed}/" + "/".join(map(str, about)))  # noqa: S311 - test data

    def business_day(self, day: date) -> date:
        """The day itself if the bank works, or else the next one it does."""
        return self.calendar.add_business_days(day - timedelta(days=1), 1)

    def business_day_before(self, day: date) -> date:
        """The day itself if the bank works, or else the last one it did."""
        return self.calendar.add_business_days(day + timedelta(days=1), -1)
