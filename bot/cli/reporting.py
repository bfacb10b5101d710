"""report answers: the week's answers, as lines, as a workbook, and as questions to judge."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot import assemble
from bot.access import NotYoursError, permit
from bot.cli import clock
from bot.cli.asking import actor_of
from bot.cli.output import Output
from bot.clients import ClientGuard
from bot.errors import BotError, Refusal
from bot.replies.report import lines, sheets
from bot.report import Hide, WeeklyReport, candidates, weekly_report
from bot.settings import read_settings
from bot.text import visible
from bot.wording import say
from bot.workbook import claim, write_workbook
from scoring.weeks import Week


def report_answers(
    output: Output, staff: str, week: str | None, xlsx: Path | None, golden: Path | None
) -> None:
    """`daybook report answers`."""
    settings = read_settings()
    today = clock.day(None, settings.zone)
    wanted = Week.parse(week) if week else Week.of(today).before
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, settings.lang)
        try:
            permit(actor, "report_answers", today)
        except NotYoursError:
            raise BotError(say(actor.lang, "access.not_allowed")) from None
        hide = _hiding(assemble.open_clients(database))
        report = weekly_report(database, wanted, settings.zone, hide)
        judged = candidates(database, wanted, settings.zone, hide) if golden else []
    if golden:
        _write_lines(golden, judged)
    if xlsx:
        write_workbook(xlsx, sheets(report, actor.lang))
    output.data(_data(report))
    for line in () if output.json else lines(report, actor.lang):
        output.line(visible(line))
    if xlsx:
        output.line(say(actor.lang, "report.written", file=xlsx))
    if golden:
        output.line(say(actor.lang, "report.candidates", n=len(judged), file=golden))


def _hiding(clients: ClientGuard) -> Hide:
    """Hides clients; once that cannot be done for sure, nothing more is shown."""
    unsure = False

    def hide(words: str, lang: str) -> str:
        nonlocal unsure
        if not unsure:
            try:
                return clients.without_clients(words, lang)
            except Refusal:
                unsure = True
        return say(lang, "report.withheld")

    return hide


def _write_lines(path: Path, told: Sequence[dict[str, object]]) -> None:
    claim(path)
    text = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in told)
    path.write_text(text, encoding="utf-8")


def _data(report: WeeklyReport) -> dict[str, object]:
    return {
        "week": str(report.week),
        "asked": report.asked,
        "people": report.people,
        "outcomes": report.outcomes,
        "modes": report.modes,
        "langs": report.langs,
        "median_ms": report.median,
        "p95_ms": report.slow,
        "up": report.up,
        "down": report.down,
        "unanswered": [asdict(group) for group in report.unanswered],
        "disputed": [asdict(group) for group in report.disputed],
        "lapsed": [{"id": one.id, "question": one.question} for one in report.lapsed],
        "uncited": [
            {"policy": one.policy, "clauses": one.clauses, "uncited": len(one.uncited)}
            for one in report.uncited
        ],
    }
