"""What the bank's people ask, see and judge."""

from typing import Annotated, Literal

import typer

from bot.cli.typed.options import Actor, Json, Lang, On, run

commands = typer.Typer()

Verdict = Literal["up", "down"]
Complaint = Literal["wrong_clause", "out_of_date", "not_asked", "incomplete", "other"]


@commands.command()
def ask(
    text: Annotated[str, typer.Argument(help="The question, in English or Chinese.")],
    *,
    as_: Actor,
    on: On = None,
    lang: Annotated[Lang | None, typer.Option(help="Answer in this language.")] = None,
    conversation: Annotated[
        str, typer.Option(metavar="NAME", help="Questions of one name follow on each other.")
    ] = "",
    json: Json = False,
) -> None:
    """Ask the bank's policies."""
    run(
        "asking", "ask", json, text=text, staff=as_, on=on, lang=lang, conversation=conversation,
    )  # fmt: skip


@commands.command()
def feedback(
    question: Annotated[str, typer.Argument(metavar="QUESTION_ID", help="As daybook ask gives.")],
    verdict: Annotated[Verdict, typer.Argument(help="Whether the answer helped.")],
    *,
    as_: Actor,
    reason: Annotated[Complaint | None, typer.Option(help="What was wrong.")] = None,
    note: Annotated[str, typer.Option(help="In a sentence, without naming a client.")] = "",
    json: Json = False,
) -> None:
    """Say whether an answer helped; said again, it replaces what you said before."""
    run(
        "verdicts", "feedback", json, question=question, verdict=verdict, staff=as_,
        reason=reason or "", note=note,
    )  # fmt: skip


@commands.command()
def kpi(
    *,
    as_: Actor,
    of: Annotated[
        str | None, typer.Option(metavar="STAFF", help="Whose appraisal; your own without.")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="A quarter like 2026Q4 or a year like 2026.")
    ] = None,
    on: On = None,
    json: Json = False,
) -> None:
    """Where an appraisal stands."""
    run("standing", "kpi", json, staff=as_, of=of, period=period, on=on)


@commands.command()
def brief(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="A client's id.")],
    *,
    as_: Actor,
    on: On = None,
    json: Json = False,
) -> None:
    """What to know before seeing a client."""
    run("briefs", "brief", json, client=client, staff=as_, on=on)


@commands.command()
def rate(
    subject: Annotated[str, typer.Argument(metavar="STAFF", help="The manager, such as M001.")],
    *,
    as_: Actor,
    period: Annotated[str, typer.Option(help="A quarter like 2026Q4 or a year like 2026.")],
    kind: Annotated[Literal["superior", "risk"], typer.Option(help="As whom you rate.")],
    score: Annotated[int, typer.Option(help="0 to 100.")],
    comment: Annotated[str, typer.Option(help="Why.")],
    json: Json = False,
) -> None:
    """Rate a manager for a period; said again, it replaces what you said before."""
    run(
        "ratings", "rate", json, subject=subject, period=period, kind=kind, score=score,
        comment=comment, staff=as_,
    )  # fmt: skip
