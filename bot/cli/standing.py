"""kpi and score: where appraisals stand, and computing them."""

from collections.abc import Mapping
from datetime import date, datetime
from time import perf_counter

from bank.balances import last_business_day
from bank.database import Database
from bank.performance import score_period
from bank.performance.rollup import build
from bot import assemble
from bot.access import NotYoursError
from bot.cli import clock
from bot.cli.asking import actor_of
from bot.cli.output import Output
from bot.desk import Standing
from bot.errors import BotError
from bot.replies.appraisal import other_period, scorecard
from bot.settings import read_settings
from bot.terminal import console, show
from bot.wording import say
from scoring.facts import Evidence
from scoring.periods import Period


def kpi(
    output: Output, staff: str, of: str | None, period: str | None, on: datetime | None
) -> None:
    """`daybook kpi`."""
    settings = read_settings()
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, settings.lang)
        day = on.date() if on else _loaded(database)
        wanted = Period.parse(period) if period else Period.containing(day)
        desk = assemble.open_desk(settings, database)
        try:
            standing = desk.kpi(actor, of or actor.id, wanted, day, ahead=True)
            records = desk.evidence(actor, standing.manager.id, wanted, day) if output.json else {}
        except NotYoursError:
            alone = of is None and actor.role != "manager"
            key = "kpi.no_own" if alone else "access.not_yours"
            raise BotError(say(actor.lang, key)) from None
    _print(output, standing, records, day, actor.lang)


def score(
    output: Output, period: str, on: datetime | None, *, rebuild: bool, from_intervals: bool
) -> None:
    """`daybook score`."""
    settings = read_settings()
    wanted = Period.parse(period)
    with assemble.open_bank(settings) as database:
        loaded = _loaded(database)
        as_of = min(on.date(), loaded) if on else loaded
        began = perf_counter()
        scheme = assemble.open_schemes(settings).of_period(wanted)
        if rebuild:
            build(database)
        run = score_period(
            database, wanted, as_of, clock.now(), scheme, from_intervals=from_intervals
        )
    seconds = round(perf_counter() - began, 3)
    output.data(
        {"managers": run.managers, "seconds": seconds, "run_id": run.run_id, "period": wanted.id}
    )
    output.line(f"{run.managers} managers scored for {wanted.id} as of {as_of} in {seconds} s")


def _loaded(database: Database) -> date:
    """The last business day the bank's data reaches."""
    with database.read() as tx:
        return last_business_day(tx)


def _print(
    output: Output, standing: Standing, records: Mapping[str, Evidence], day: date, lang: str
) -> None:
    if standing.card is None:
        raise BotError(say(lang, "kpi.no_score", period=standing.period.id))
    corrected = standing.corrected_from
    told = {"corrected_from": None if corrected is None else corrected.isoformat()}
    card, outlook = standing.card.to_json(), standing.outlook
    card["forecast"] = outlook.forecast.to_json() if outlook and outlook.forecast else None
    card["levers"] = [lever.to_json() for lever in outlook.levers] if outlook else []
    for dimension in card["dimensions"]:
        for scored in dimension["indicators"]:
            found = records.get(scored["id"], Evidence((), 0))
            rows = {"count": found.count, "items": list(found.rows)}
            scored["explain"] = {**scored["explain"], "rows": rows}
    output.data({**card, **told})
    if not output.json:
        other = other_period(standing.period, day)
        show(scorecard(standing, other, lang), console())
