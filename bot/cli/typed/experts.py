"""Questions put to experts, and the answers that a second person approves."""

from typing import Annotated, Literal

import typer

from bot.cli.typed.options import Actor, Json, run

ticket = typer.Typer(help="Questions put to experts.", no_args_is_help=True)
verified = typer.Typer(help="Experts' answers for everybody.", no_args_is_help=True)

TicketId = Annotated[str, typer.Argument(metavar="ID", help="As ticket list shows it.")]
AnswerId = Annotated[str, typer.Argument(metavar="ID", help="As verified list shows it.")]
Why = Annotated[str, typer.Option("--reason", help="Why; the author and the asker read it.")]


@ticket.command("list")
def ticket_list(
    *,
    as_: Actor,
    everything: Annotated[
        bool, typer.Option("--all", help="Those that were answered, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Yours to answer and those you opened; compliance sees all."""
    run("ticketing", "list_tickets", json, staff=as_, everything=everything)


@ticket.command("show")
def ticket_show(ticket_id: TicketId, *, as_: Actor, json: Json = False) -> None:
    """One ticket with the clauses its asker was shown."""
    run("ticketing", "show", json, ticket_id=ticket_id, staff=as_)


@ticket.command("open")
def ticket_open(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="As ask --json gives it.")],
    *,
    as_: Actor,
    note: Annotated[str, typer.Option(help="What the expert should know; no clients.")] = "",
    json: Json = False,
) -> None:
    """Put a question of yours to an expert; once."""
    run("ticketing", "open_ticket", json, question=question, staff=as_, note=note)


@ticket.command("answer")
def ticket_answer(
    ticket_id: TicketId,
    *,
    as_: Actor,
    text: Annotated[str, typer.Option(help="The answer; no clients.")],
    clause: Annotated[
        list[str] | None,
        typer.Option(metavar="CLAUSE", help='What it rests on, such as "kyc 2.4".'),
    ] = None,
    no_rule: Annotated[bool, typer.Option("--no-rule", help="No rule covers this.")] = False,
    question: Annotated[str, typer.Option(help="The question, as others may ask it.")] = "",
    json: Json = False,
) -> None:
    """Answer a ticket; with clauses it is proposed for others as well."""
    run(
        "ticketing",
        "answer",
        json,
        ticket_id=ticket_id,
        staff=as_,
        text=text,
        clauses=clause or [],
        uncovered=no_rule,
        question=question,
    )


@ticket.command("assign")
def ticket_assign(
    ticket_id: TicketId,
    *,
    as_: Actor,
    to: Annotated[
        str | None,
        typer.Option(metavar="STAFF", help="To whom; without, whoever in compliance is free."),
    ] = None,
    json: Json = False,
) -> None:
    """Give a ticket to another expert."""
    run("ticketing", "assign", json, ticket_id=ticket_id, staff=as_, to=to)


@verified.command("list")
def verified_list(
    *,
    as_: Actor,
    state: Annotated[
        Literal["proposed", "approved", "declined", "withdrawn", "lapsed"] | None,
        typer.Option(help="Only these; lapsed are those that went stale."),
    ] = None,
    json: Json = False,
) -> None:
    """Proposed, approved and stale answers; yours, or for compliance all."""
    run("verifying", "list_answers", json, staff=as_, state=state)


@verified.command("show")
def verified_show(answer_id: AnswerId, *, as_: Actor, json: Json = False) -> None:
    """One answer with its clauses as they are now in force."""
    run("verifying", "show", json, answer_id=answer_id, staff=as_)


@verified.command("approve")
def verified_approve(
    answer_id: AnswerId,
    *,
    as_: Actor,
    text: Annotated[str, typer.Option(help="The answer, put right.")] = "",
    question: Annotated[str, typer.Option(help="The question, put right.")] = "",
    json: Json = False,
) -> None:
    """Have an answer served, or propose it with edits; not its author, in compliance."""
    run(
        "verifying",
        "approve",
        json,
        answer_id=answer_id,
        staff=as_,
        text=text,
        question=question,
    )


@verified.command("decline")
def verified_decline(answer_id: AnswerId, *, as_: Actor, reason: Why, json: Json = False) -> None:
    """Have a proposed answer never served."""
    run("verifying", "decline", json, answer_id=answer_id, staff=as_, reason=reason)


@verified.command("withdraw")
def verified_withdraw(answer_id: AnswerId, *, as_: Actor, reason: Why, json: Json = False) -> None:
    """Have an approved answer served no more."""
    run("verifying", "withdraw", json, answer_id=answer_id, staff=as_, reason=reason)
