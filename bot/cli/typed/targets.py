"""Targets: proposed by one side, signed by both."""

from typing import Annotated

import typer

from bot.cli.typed.options import Actor, Json, run

target = typer.Typer(help="Yearly targets, signed by both sides.", no_args_is_help=True)

Holder = Annotated[str, typer.Argument(metavar="HOLDER", help="A manager or a unit, such as M001.")]
IndicatorId = Annotated[str, typer.Argument(metavar="INDICATOR", help="Such as P01.")]
ProposalId = Annotated[str, typer.Argument(metavar="ID", help="As target list shows it.")]
Amount = Annotated[
    str, typer.Option("--amount", help="Yuan, as 10000000, 1000万 or 10m; or whole clients.")
]
Year = Annotated[int | None, typer.Option("--year", min=2000, max=2099, help="Not this year.")]
Over = Annotated[
    str, typer.Option("--over", help="Why more may be given out than there is; HR must allow it.")
]


@target.command("list")
def target_list(
    *,
    as_: Actor,
    of: Annotated[str, typer.Option("--of", metavar="HOLDER", help="Of one holder.")] = "",
    year: Year = None,
    json: Json = False,
) -> None:
    """Targets of the year: your own, or of everybody you lead; what waits, and what is left."""
    run("targets", "overview", json, staff=as_, of=of, year=year)


@target.command("show")
def target_show(
    holder: Holder,
    indicator: IndicatorId,
    *,
    as_: Actor,
    year: Year = None,
    json: Json = False,
) -> None:
    """One target taken apart to months and weeks, with its signatures and both replans."""
    run("targets", "show", json, holder=holder, indicator=indicator, staff=as_, year=year)


@target.command("propose")
def target_propose(
    holder: Holder,
    indicator: IndicatorId,
    *,
    as_: Actor,
    amount: Amount,
    year: Year = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, for a change.")] = "",
    over: Over = "",
    json: Json = False,
) -> None:
    """Propose a first target, or a change of what the other side proposed."""
    run(
        "targets", "propose", json, holder=holder, indicator=indicator, amount=amount, year=year,
        reason=reason, over=over, staff=as_, amend=False,
    )  # fmt: skip


@target.command("amend")
def target_amend(
    holder: Holder,
    indicator: IndicatorId,
    *,
    as_: Actor,
    amount: Amount,
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    year: Year = None,
    over: Over = "",
    json: Json = False,
) -> None:
    """Propose a new version of a signed target; the one before stays until both signed."""
    run(
        "targets", "propose", json, holder=holder, indicator=indicator, amount=amount, year=year,
        reason=reason, over=over, staff=as_, amend=True,
    )  # fmt: skip


@target.command("sign")
def target_sign(proposal: ProposalId, *, as_: Actor, json: Json = False) -> None:
    """Sign what the other side proposed; from then on it never changes."""
    run("targets", "sign", json, proposal=proposal, staff=as_)


@target.command("decline")
def target_decline(
    proposal: ProposalId,
    *,
    as_: Actor,
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    json: Json = False,
) -> None:
    """End a proposal, the other side's or your own."""
    run("targets", "decline", json, proposal=proposal, staff=as_, reason=reason)


@target.command("allow")
def target_allow(proposal: ProposalId, *, as_: Actor, json: Json = False) -> None:
    """Let more be given out than there is; for HR, other than who proposed it."""
    run("targets", "allow", json, proposal=proposal, staff=as_)
