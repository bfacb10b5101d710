"""What the risk department does: incidents decided on by two, and the check of loans' classes."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from bot.cli.typed.options import Actor, Json, On, run

incident = typer.Typer(help="Compliance incidents, which may veto a grade.", no_args_is_help=True)
classes = typer.Typer(help="The loans' five classes.", no_args_is_help=True)

IncidentId = Annotated[str, typer.Argument(metavar="ID", help="As incident list shows it.")]
Code = Literal["false_materials", "unauthorised_sale", "aml_failure", "major_breach", "loss"]
Why = Annotated[str, typer.Option("--reason", help="Why.")]


@incident.command("report")
def incident_report(
    manager: Annotated[str, typer.Argument(metavar="STAFF", help="The manager, such as M001.")],
    *,
    as_: Actor,
    code: Annotated[Code, typer.Option(help="What happened; a loss is a V2, the others a V1.")],
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="When it happened.")],
    text: Annotated[str, typer.Option(help="What happened, in a few sentences.")],
    evidence: Annotated[str, typer.Option(help="What proves it, and where that lies.")],
    clause: Annotated[str, typer.Option(help='The clause it breaks, such as "kyc 2.4".')],
    json: Json = False,
) -> None:
    """Report an incident, for a second person of the risk department to confirm."""
    run(
        "incidents", "report", json, manager=manager, staff=as_, code=code, day=day, text=text,
        evidence=evidence, clause=clause,
    )  # fmt: skip


@incident.command("confirm")
def incident_confirm(incident_id: IncidentId, *, as_: Actor, json: Json = False) -> None:
    """Have it cap the grade; somebody other than who reported it, and not in the manager's line."""
    run("incidents", "confirm", json, incident=incident_id, staff=as_)


@incident.command("dismiss")
def incident_dismiss(
    incident_id: IncidentId, *, as_: Actor, reason: Why, json: Json = False
) -> None:
    """Have it never count."""
    run("incidents", "dismiss", json, incident=incident_id, staff=as_, reason=reason)


@incident.command("list")
def incident_list(
    *,
    as_: Actor,
    everything: Annotated[
        bool, typer.Option("--all", help="Those that were decided on, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Those to be decided on; for a manager, their own that were confirmed."""
    run("incidents", "list_incidents", json, staff=as_, everything=everything)


@incident.command("show")
def incident_show(incident_id: IncidentId, *, as_: Actor, json: Json = False) -> None:
    """One incident with its evidence, its clause and the appeal against it."""
    run("incidents", "show", json, incident=incident_id, staff=as_)


@incident.command("appeal")
def incident_appeal(
    incident_id: IncidentId,
    *,
    as_: Actor,
    text: Annotated[str, typer.Option(help="What you object to, and why.")],
    json: Json = False,
) -> None:
    """Object to an incident of yours, once and in time."""
    run("incidents", "appeal", json, incident=incident_id, staff=as_, text=text)


@incident.command("decide")
def incident_decide(
    incident_id: IncidentId,
    *,
    as_: Actor,
    uphold: Annotated[
        bool, typer.Option("--uphold/--reject", help="Lift the veto, or let it stay.")
    ],
    reason: Why,
    json: Json = False,
) -> None:
    """Decide on an appeal; somebody without any part in the incident."""
    run(
        "incidents", "decide", json, incident=incident_id, staff=as_, uphold=uphold,
        reason=reason,
    )  # fmt: skip


@classes.command("check")
def classes_check(*, as_: Actor, on: On = None, json: Json = False) -> None:
    """Loans with a better class than the rules allow; nothing is changed."""
    run("classes", "check", json, staff=as_, on=on)
