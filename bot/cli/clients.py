"""client health: how well a client stands."""

from datetime import datetime

from bot import assemble
from bot.access import NotYoursError
from bot.cli import clock
from bot.cli.asking import actor_of
from bot.cli.output import Output
from bot.errors import BotError
from bot.health import check_up
from bot.replies.health import health_json, health_reply
from bot.settings import read_settings
from bot.terminal import console, show
from bot.text import cut, visible
from bot.wording import say


def health(output: Output, client: str, staff: str, on: datetime | None) -> None:
    """`daybook client health`."""
    settings = read_settings()
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, settings.lang)
        try:
            told = check_up(database, actor, client, clock.day(on, settings.zone))
        except NotYoursError:
            named = cut(visible(client), 64)
            raise BotError(say(actor.lang, "access.no_client", client=named)) from None
    output.data({"client": told.client.id, **health_json(told.found)})
    if not output.json:
        show(health_reply(told, actor.lang), console())
