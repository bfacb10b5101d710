"""Scorecards for Slack: /mykpi, the Home tab's window, and switching between periods."""

from dataclasses import dataclass
from datetime import date

from bank.people import Person
from bot.access import NotYoursError
from bot.desk import Desk, Standing
from bot.errors import Refusal
from bot.replies import appraisal
from bot.replies.notices import notice
from bot.replies.tree import Reply
from scoring.errors import PeriodError
from scoring.periods import Period


@dataclass(frozen=True, slots=True)
class Scorecards:
    """Fetches and draws them for one person."""

    desk: Desk

    def command(self, person: Person, text: str, today: date) -> Reply:
        """The answer to /mykpi with whatever was written after it."""
        try:
            subject, period = _read(text, person, today)
            standing = self.desk.kpi(person, subject, period, today, ahead=True)
            return self._draw(person, standing, today)
        except Refusal as refusal:
            return notice(person.lang, refusal.key, **refusal.values)
        except NotYoursError:
            own = person.role == "manager" or text.strip()
            return notice(person.lang, "access.not_yours" if own else "kpi.no_own")

    def named(self, person: Person, about: str, today: date) -> Reply:
        """The scorecard a button names, as "staff|period"."""
        return self._draw(person, self.standing(person, about, today), today)

    def standing(self, person: Person, about: str, today: date) -> Standing:
        """The values behind it. Raises NotYoursError."""
        subject, _, period = about.partition("|")
        return self.desk.kpi(person, subject, Period.parse(period), today, ahead=True)

    def _draw(self, person: Person, standing: Standing, today: date) -> Reply:
        other = appraisal.other_period(standing.period, today)
        return appraisal.scorecard(standing, other, person.lang)


def _read(text: str, person: Person, today: date) -> tuple[str, Period]:
    """A staff number and a period, in either order, each optional."""
    subject, period = person.id, Period.containing(today)
    for word in text.split():
        try:
            period = Period.parse(word)
        except PeriodError:
            if not _like_staff_number(word):
                raise Refusal("kpi.usage", word=word[:40]) from None
            subject = word.upper()
    return subject, period


def _like_staff_number(word: str) -> bool:
    return word.isascii() and word.isalnum() and word[:1].isalpha() and word[-1:].isdigit()
