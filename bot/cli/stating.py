"""report statement and report unit: one manager's result, and a unit's business."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path

from bank.balances import last_business_day
from bank.database import Database
from bank.performance.potential import Potential
from bank.performance.units import UnitAnalysis
from bot import assemble
from bot.access import NotYoursError
from bot.cli.asking import actor_of
from bot.cli.output import Output
from bot.errors import BotError, Refusal
from bot.replies.statement import statement_lines, statement_sheets
from bot.replies.unit import unit_lines, unit_sheets
from bot.settings import read_settings
from bot.statements import Statement
from bot.tables import Total, industries, teams, total_of
from bot.wording import say
from bot.workbook import write_workbook
from scoring.periods import Period
from scoring.scorecard import number_json


def report_statement(
    output: Output, staff: str, of: str, period: str | None, xlsx: Path | None
) -> None:
    """`daybook report statement`."""
    settings = read_settings()
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, settings.lang)
        wanted, day = _when(database, period)
        try:
            told = assemble.open_reports(settings, database).statement(actor, of, wanted, day)
        except NotYoursError:
            raise BotError(say(actor.lang, "access.not_yours")) from None
        except Refusal as refusal:
            raise BotError(say(actor.lang, refusal.key, **refusal.values)) from None
    if xlsx:
        write_workbook(xlsx, statement_sheets(told, actor.lang))
    output.data(_statement(told))
    _say(output, statement_lines(told, actor.lang), xlsx, actor.lang)


def report_unit(output: Output, staff: str, of: str, period: str | None, xlsx: Path | None) -> None:
    """`daybook report unit`."""
    settings = read_settings()
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, settings.lang)
        wanted, day = _when(database, period)
        try:
            told = assemble.open_reports(settings, database).unit(actor, of, wanted, day)
        except NotYoursError:
            raise BotError(say(actor.lang, "report.unit.not_yours")) from None
    if xlsx:
        write_workbook(xlsx, unit_sheets(told, actor.lang))
    output.data(_unit(told))
    _say(output, unit_lines(told, actor.lang), xlsx, actor.lang)


def _when(database: Database, period: str | None) -> tuple[Period, date]:
    """The period, the running one if none is named, and the last business day loaded."""
    with database.read() as tx:
        day = last_business_day(tx)
    return (Period.parse(period) if period else Period.containing(day)), day


def _say(output: Output, lines: Iterable[str], xlsx: Path | None, lang: str) -> None:
    for line in () if output.json else lines:
        output.line(line)
    if xlsx:
        output.line(say(lang, "report.written", file=xlsx))


def _statement(told: Statement) -> dict[str, object]:
    run, corrected = told.latest.run, told.latest.corrected_from
    return {
        **told.latest.card.to_json(),
        "name": told.manager.name,
        "unit": told.unit,
        "scheme": {"id": run.scheme, "version": told.scheme.version},
        "run_id": run.id,
        "computed_at": run.computed_at.isoformat(),
        "corrected_from": None if corrected is None else corrected.isoformat(),
        "evidence": {
            indicator: {"count": found.count, "items": list(found.rows)}
            for indicator, found in told.evidence.items()
        },
    }


def _unit(told: UnitAnalysis) -> dict[str, object]:
    return {
        "unit": told.unit_id,
        "name": told.unit_name,
        "period": told.period.id,
        "as_of": told.as_of.isoformat(),
        "scheme": {"id": told.scheme.id, "version": told.scheme.version},
        "total": _business(total_of(told.managers)),
        "managers": [
            {
                "manager": one.member.id,
                "name": one.member.name,
                "unit": one.member.unit_id,
                **_business(total_of([one])),
            }
            for one in told.managers
        ],
        "teams": [
            {
                "unit": team.id,
                "name": team.name,
                **_business(team.total),
                "potential": [_potential(row) for row in team.potentials],
            }
            for team in teams(told)
        ],
        "industries": [_potential(row) for row in industries(told.managers)],
    }


def _business(total: Total) -> dict[str, object]:
    """A total by its own names; money is fen."""
    told = asdict(total) | {"clients": number_json(total.clients)}
    told["potential"] = _potential(total.potential)
    return told


def _potential(row: Potential) -> Mapping[str, object]:
    return {**asdict(row), "elsewhere": row.total - row.here}
