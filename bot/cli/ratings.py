"""rate: what a superior or the risk department says of a manager."""

from bank.people import find_staff
from bank.ratings import RatingEntry
from bot import assemble
from bot.access import NotYoursError
from bot.cli import clock
from bot.cli.asking import actor_of
from bot.cli.output import Output
from bot.errors import BotError, Refusal
from bot.ratings import rate as record
from bot.settings import read_settings
from bot.wording import say
from scoring.periods import Period


def rate(
    output: Output, *, subject: str, period: str, kind: str, score: int, comment: str, staff: str
) -> None:
    """`daybook rate`."""
    settings = read_settings()
    rating = RatingEntry(subject, Period.parse(period).id, kind, staff, score, comment)
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, settings.lang)
        now = clock.now()
        try:
            on = now.astimezone(settings.zone).date()
            rating_id = record(database, actor, rating, on, now)
        except NotYoursError:
            raise BotError(say(actor.lang, "access.no_rating")) from None
        except Refusal as refusal:
            raise BotError(say(actor.lang, refusal.key, **refusal.values)) from None
        with database.read() as tx:
            name = find_staff(tx, rating.manager_id).name
    output.data(
        {
            "id": rating_id,
            "manager": rating.manager_id,
            "period": rating.period,
            "kind": rating.kind,
            "score": rating.score,
        }
    )
    told = {"name": name, "period": rating.period, "score": rating.score}
    output.line(say(actor.lang, "rate.recorded", **told))
