"""Doing something at a desk as somebody: what is refused becomes their line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from bank.database import Database
from bank.people import Person
from bot import assemble
from bot.access import NotYoursError
from bot.cli import clock
from bot.cli.asking import actor_of
from bot.errors import BotError, Refusal
from bot.replies.tickets import Seen
from bot.settings import Settings, read_settings
from bot.wording import say


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody at a desk: the database, who it is, and when."""

    settings: Settings
    database: Database
    actor: Person
    now: datetime

    @property
    def on(self) -> date:
        """The bank's date."""
        return self.now.astimezone(self.settings.zone).date()

    @property
    def seen(self) -> Seen:
        """How things are drawn for them."""
        return Seen(self.actor.lang, self.on, self.settings.zone)


@contextmanager
def sitting(staff: str, not_theirs: str) -> Iterator[Sitting]:
    """Open the bank for somebody; `not_theirs` is the sentence for what is not, or is not there."""
    settings = read_settings()
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, settings.lang)
        try:
            yield Sitting(settings, database, actor, clock.now())
        except Refusal as refusal:
            raise BotError(say(actor.lang, refusal.key, **refusal.values)) from None
        except NotYoursError:
            raise BotError(say(actor.lang, not_theirs)) from None
