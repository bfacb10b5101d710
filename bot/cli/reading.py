"""The policies a command may show: everybody's to the operator, a person's own with --as."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bank.database import Transaction
from bank.policies import PolicyRecord, policy_versions
from bot import assemble
from bot.access import NotYoursError, permit, policy_roles, policy_units
from bot.cli import clock
from bot.cli.asking import actor_of
from bot.errors import BotError
from bot.settings import Settings
from bot.wording import say


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be read, and in which language to speak to who reads it."""

    tx: Transaction
    lang: str
    versions: tuple[PolicyRecord, ...]

    def of(self, policy_id: str) -> list[PolicyRecord]:
        """A policy's versions by the day they came into force.

        BotError if there is none, whether it does not exist or may not be read.
        """
        found = [version for version in self.versions if version.policy == policy_id]
        if not found:
            raise BotError(say(self.lang, "policies.unknown", policy=policy_id))
        return found


@contextmanager
def open_shelf(settings: Settings, staff: str | None) -> Iterator[Shelf]:
    """Every version, or those that a person may read."""
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, settings.lang) if staff else None
        with database.read() as tx:
            versions = policy_versions(tx)
            if actor is None:
                yield Shelf(tx, settings.lang, versions)
                return
            try:
                permit(actor, "policies", clock.day(None, settings.zone))
            except NotYoursError:
                raise BotError(say(actor.lang, "access.not_allowed")) from None
            roles = policy_roles(actor, shared=False)
            units = policy_units(tx, actor, shared=False)
            readable = tuple(v for v in versions if v.open_to(roles, units))
            yield Shelf(tx, actor.lang, readable)
