"""The appraisal's course: opened, moved, rated, calibrated, published, appealed, locked."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from bot.cli.typed.options import Actor, Json, run

appraisal = typer.Typer(help="The course of appraisals.", no_args_is_help=True)

Period = Annotated[str, typer.Argument(metavar="PERIOD", help="Such as 2026Q4 or 2026.")]
Manager = Annotated[str, typer.Argument(metavar="STAFF", help="The manager, such as M001.")]
In = Annotated[str, typer.Option("--period", help="Such as 2026Q4 or 2026.")]
Why = Annotated[str, typer.Option("--reason", help="Why; it is kept, and the manager reads it.")]
MaybeWhy = Annotated[str, typer.Option("--reason", help="Why; it is kept.")]
Action = Literal[
    "propose",
    "start",
    "freeze",
    "preliminary",
    "recompute",
    "endorse",
    "acknowledge",
    "proceed",
    "close_ratings",
    "approve",
    "publish",
    "lock",
]


@appraisal.command("open")
def appraisal_open(
    period: Period,
    *,
    as_: Actor,
    unit: Annotated[
        str, typer.Option(metavar="UNIT", help="Only this unit and all below it.")
    ] = "",
    json: Json = False,
) -> None:
    """Begin a period's appraisals; those begun before stay as they are."""
    run("appraising", "open_period", json, period=period, staff=as_, unit=unit)


@appraisal.command("list")
def appraisal_list(period: Period, *, as_: Actor, json: Json = False) -> None:
    """A period's appraisals that you may see, and where each stands."""
    run("appraising", "list_period", json, period=period, staff=as_)


@appraisal.command("show")
def appraisal_show(subject: Manager, *, as_: Actor, period: In, json: Json = False) -> None:
    """One appraisal: its result and every step to it."""
    run("appraising", "show", json, subject=subject, period=period, staff=as_)


@appraisal.command("move")
def appraisal_move(
    action: Annotated[Action, typer.Argument(help="The step.")],
    *,
    as_: Actor,
    period: In,
    of: Annotated[
        str, typer.Option(metavar="STAFF", help="Whose; without, all you may take it for.")
    ] = "",
    reason: MaybeWhy = "",
    json: Json = False,
) -> None:
    """Take a step that needs nothing but doing it."""
    run("appraising", "move", json, action=action, staff=as_, period=period, of=of, reason=reason)


@appraisal.command("advance")
def appraisal_advance(
    *,
    as_: Actor,
    now: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M"], help="A moment, not now.")
    ] = None,
    json: Json = False,
) -> None:
    """Let the clock move what it may: signed, over, loaded, confirmed, rated, final."""
    run("appraising", "advance", json, staff=as_, at=now)


@appraisal.command("rate")
def appraisal_rate(
    subject: Manager,
    *,
    as_: Actor,
    period: In,
    score: Annotated[int | None, typer.Option(help="0 to 100; without it you stand aside.")] = None,
    reason: Why,
    json: Json = False,
) -> None:
    """Rate a manager for a year, as HR for the panel of clients, or stand aside."""
    run(
        "appraising", "rate", json, subject=subject, period=period, staff=as_, score=score,
        reason=reason,
    )  # fmt: skip


@appraisal.command("panel")
def appraisal_panel(subject: Manager, *, as_: Actor, period: In, json: Json = False) -> None:
    """The clients drawn to be asked about a manager, for HR."""
    run("appraising", "panel", json, subject=subject, period=period, staff=as_)


@appraisal.command("adjust")
def appraisal_adjust(
    subject: Manager,
    *,
    as_: Actor,
    period: In,
    points: Annotated[str, typer.Option(help="Such as -2.5.")],
    reason: Why,
    json: Json = False,
) -> None:
    """Add a risk report's points (-10 to 0), or for HR the clients' feedback (-3 to 3)."""
    run(
        "appraising", "report", json, subject=subject, period=period, staff=as_, points=points,
        reason=reason,
    )  # fmt: skip


@appraisal.command("comment")
def appraisal_comment(
    subject: Manager,
    *,
    as_: Actor,
    period: In,
    text: Annotated[str, typer.Option(help="What the superior says.")],
    json: Json = False,
) -> None:
    """Comment on a preliminary result as superior."""
    run("appraising", "comment", json, subject=subject, period=period, staff=as_, text=text)


@appraisal.command("query")
def appraisal_query(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The indicator, such as R03.")],
    *,
    as_: Actor,
    period: In,
    text: Annotated[str, typer.Option(help="What does not look right.")],
    json: Json = False,
) -> None:
    """Ask about a figure of yours."""
    run("appraising", "query", json, item=item, period=period, staff=as_, text=text)


@appraisal.command("answer")
def appraisal_answer(
    subject: Manager,
    turn: Annotated[int, typer.Argument(metavar="TURN", help="As show gives it.")],
    *,
    as_: Actor,
    period: In,
    text: Annotated[str, typer.Option(help="The answer.")],
    json: Json = False,
) -> None:
    """Answer a manager's question about a figure."""
    run(
        "appraising", "answer", json, subject=subject, turn=turn, period=period, staff=as_,
        text=text,
    )  # fmt: skip


@appraisal.command("calibrate")
def appraisal_calibrate(
    subject: Manager,
    *,
    as_: Actor,
    period: In,
    grade: Annotated[str, typer.Option(help="A grade of the scheme, such as good.")],
    reason: Why,
    json: Json = False,
) -> None:
    """Move a grade; before and after are kept. No move lifts a veto's cap."""
    run(
        "appraising", "calibrate", json, subject=subject, period=period, staff=as_, grade=grade,
        reason=reason,
    )  # fmt: skip


@appraisal.command("approve")
def appraisal_approve(period: Period, *, as_: Actor, json: Json = False) -> None:
    """Approve what was calibrated; somebody who moved none of the grades."""
    run("appraising", "move", json, action="approve", staff=as_, period=period, of="", reason="")


@appraisal.command("publish")
def appraisal_publish(period: Period, *, as_: Actor, json: Json = False) -> None:
    """Publish what was approved: each manager is told alone."""
    run("appraising", "move", json, action="publish", staff=as_, period=period, of="", reason="")


@appraisal.command("lock")
def appraisal_lock(period: Period, *, as_: Actor, json: Json = False) -> None:
    """Make final what no appeal is open against, once the time to appeal is over."""
    run("appraising", "move", json, action="lock", staff=as_, period=period, of="", reason="")


@appraisal.command("appeal")
def appraisal_appeal(
    item: Annotated[
        str, typer.Argument(metavar="ITEM", help="R03, an incident, grade, ratings, risk, client.")
    ],
    *,
    as_: Actor,
    period: In,
    claim: Annotated[str, typer.Option(help="What you object to.")],
    evidence: Annotated[str, typer.Option(help="What shows it.")] = "",
    json: Json = False,
) -> None:
    """Appeal against an item of your published result."""
    run(
        "objecting", "appeal", json, item=item, period=period, staff=as_, claim=claim,
        evidence=evidence,
    )  # fmt: skip


@appraisal.command("decide")
def appraisal_decide(
    appeal: Annotated[str, typer.Argument(metavar="APPEAL", help="As show gives it.")],
    verdict: Annotated[Literal["upheld", "rejected"], typer.Argument(help="The decision.")],
    *,
    as_: Actor,
    reason: Why,
    points: Annotated[
        str, typer.Option(help="What it adds, where the figures alone do not.")
    ] = "0",
    json: Json = False,
) -> None:
    """Decide an appeal; never somebody who rated, reported or confirmed."""
    run(
        "objecting", "decide", json, appeal_id=appeal, verdict=verdict, staff=as_, reason=reason,
        points=points,
    )  # fmt: skip


@appraisal.command("adjustments")
def appraisal_adjustments(
    period: Period,
    *,
    as_: Actor,
    post: Annotated[
        bool, typer.Option("--post", help="Post what later facts change, to the open period.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Make locked figures again and compare their hashes.")
    ] = False,
    reason: MaybeWhy = "",
    json: Json = False,
) -> None:
    """What later facts change about a locked period."""
    run(
        "objecting", "adjustments", json, period=period, staff=as_, posting=post, check=check,
        reason=reason,
    )  # fmt: skip


@appraisal.command("confirm")
def appraisal_confirm(
    subject: Manager,
    what: Annotated[Literal["pool", "training"], typer.Argument(help="What follows.")],
    *,
    as_: Actor,
    period: In,
    json: Json = False,
) -> None:
    """Confirm what follows from a grade, as HR."""
    run("objecting", "confirm", json, subject=subject, what=what, period=period, staff=as_)


@appraisal.command("pay")
def appraisal_pay(subject: Manager, *, as_: Actor, period: In, json: Json = False) -> None:
    """What a published result might come to: an estimate, not payroll."""
    run("objecting", "pay", json, subject=subject, period=period, staff=as_)
