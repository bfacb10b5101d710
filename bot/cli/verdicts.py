"""feedback: a verdict on an answer, from the command line."""

from bot import assemble
from bot.access import NotYoursError
from bot.cli import clock
from bot.cli.asking import actor_of
from bot.cli.output import Output, UsageError
from bot.errors import BotError, Refusal
from bot.settings import read_settings
from bot.wording import say


def feedback(
    output: Output, question: str, verdict: str, *, staff: str, reason: str, note: str
) -> None:
    """`daybook feedback`."""
    if verdict == "up" and (reason or note):
        raise UsageError("--reason and --note go with down")
    settings = read_settings()
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, settings.lang)
        verdicts = assemble.open_verdicts(settings, database)
        try:
            verdicts.give(actor, question, verdict, clock.now(), reason=reason, note=note)
        except NotYoursError:
            raise BotError(say(actor.lang, "feedback.not_yours")) from None
        except Refusal as refusal:
            raise BotError(say(actor.lang, refusal.key, **refusal.values)) from None
    output.data({"question": question, "verdict": verdict, "reason": reason})
    key = "feedback.up_of" if verdict == "up" else "feedback.down_of"
    output.line(say(actor.lang, "feedback.kept", verdict=say(actor.lang, key)))
