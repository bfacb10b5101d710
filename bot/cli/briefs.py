"""brief: a client, before one goes to see it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from bank.briefs import ClientBrief
from bot import assemble
from bot.access import NotYoursError
from bot.cli import clock
from bot.cli.asking import actor_of
from bot.cli.output import Output
from bot.errors import BotError
from bot.replies.brief import client_brief
from bot.replies.health import health_json
from bot.settings import read_settings
from bot.terminal import console, show
from bot.text import cut, visible
from bot.wording import say

MONEY = frozenset(
    {"now", "average_30", "then", "value", "amount", "outstanding", "next_amount", "overdue"}
)
"""Fields in fen; their JSON names say so. A warning's evidence stays as it was written."""


def brief(output: Output, client: str, staff: str, on: datetime | None) -> None:
    """`daybook brief`."""
    settings = read_settings()
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, settings.lang)
        day = clock.day(on, settings.zone)
        try:
            found = assemble.open_desk(settings, database).brief(actor, client, day)
        except NotYoursError:
            named = cut(visible(client), 64)
            raise BotError(say(actor.lang, "access.no_client", client=named)) from None
    output.data(as_json(found))
    if not output.json:
        show(client_brief(found, actor.lang), console())


def as_json(found: ClientBrief) -> dict[str, object]:
    """The brief as JSON: ISO dates, money as `…_fen`."""
    return {**_named(asdict(found)), "health": health_json(found.health)}


def _named(fields: Mapping[str, object]) -> dict[str, object]:
    return {
        f"{name}_fen" if name in MONEY else name: value if name == "evidence" else _plain(value)
        for name, value in fields.items()
    }


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return _named(value)
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    return value.isoformat() if isinstance(value, date) else value
