"""Reports: the week's answers, a manager's statement, a unit's business."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.typed.options import Actor, Json, run

report = typer.Typer(help="Reports, as lines, JSON or a workbook.", no_args_is_help=True)

Period = Annotated[
    str | None,
    typer.Option(metavar="PERIOD", help="Such as 2026Q4 or 2026; the running quarter without."),
]
Xlsx = Annotated[Path | None, typer.Option(metavar="FILE", help="Also as a new workbook.")]


@report.command("answers")
def report_answers(
    *,
    as_: Actor,
    week: Annotated[
        str | None, typer.Option(metavar="WEEK", help="Such as 2026-W47; last week without.")
    ] = None,
    xlsx: Xlsx = None,
    golden: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Questions with bad answers, to judge, one a line."),
    ] = None,
    json: Json = False,
) -> None:
    """A week's answers: asked in vain, found no good, gone stale, shown to nobody."""
    run("reporting", "report_answers", json, staff=as_, week=week, xlsx=xlsx, golden=golden)


@report.command("statement")
def report_statement(
    *,
    as_: Actor,
    of: Annotated[str, typer.Option(metavar="STAFF", help="Whose, such as M001.")],
    period: Period = None,
    xlsx: Xlsx = None,
    json: Json = False,
) -> None:
    """A manager's result: every figure with its target, points, weight and records."""
    run("stating", "report_statement", json, staff=as_, of=of, period=period, xlsx=xlsx)


@report.command("unit")
def report_unit(
    *,
    as_: Actor,
    of: Annotated[str, typer.Option(metavar="UNIT", help="Which, such as U10.")],
    period: Period = None,
    xlsx: Xlsx = None,
    json: Json = False,
) -> None:
    """A unit's business: deposits retained, loans, fees, new clients, and potential."""
    run("stating", "report_unit", json, staff=as_, of=of, period=period, xlsx=xlsx)
