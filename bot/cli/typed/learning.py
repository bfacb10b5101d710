"""What is learnt from questions, and how good the search is."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.typed.options import Json, Lang, run

commands = typer.Typer()
evaluation = typer.Typer(help="How well the policies are searched.", no_args_is_help=True)


@commands.command()
def tune(
    *,
    questions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='{"question","policy","clause"[,"on"]}, one a line.'),
    ] = None,
    lang: Annotated[Lang | None, typer.Option(help="Only this language.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Show what was learnt, when.")] = False,
    revert: Annotated[
        bool, typer.Option("--revert", help="Back to the ranker before, or to the default.")
    ] = False,
    use: Annotated[
        str | None, typer.Option(metavar="ID", help="Use a ranker that --list shows.")
    ] = None,
    json: Json = False,
) -> None:
    """Learn from the bank's own questions how to rank clauses; kept only when it is better."""
    run(
        "tuning",
        "tune",
        json,
        questions=questions,
        lang=lang,
        listed=list_,
        revert=revert,
        use=use,
    )


@evaluation.command("retrieval")
def eval_retrieval(
    *,
    passages: Annotated[
        Path, typer.Option(metavar="FILE", help='{"id","title","text"}, one a line.')
    ],
    questions: Annotated[
        Path, typer.Option(metavar="FILE", help='{"id","question","relevant":[ids]}, one a line.')
    ],
    lang: Annotated[
        Lang | None, typer.Option(help="Take every text to be in this language.")
    ] = None,
    tuned: Annotated[
        bool, typer.Option("--tuned", help="With what the other questions teach, cross-validated.")
    ] = False,
    memory: Annotated[
        bool, typer.Option("--memory", help="The same, with their answers remembered as well.")
    ] = False,
    folds: Annotated[int, typer.Option(min=3, max=20, help="Parts to cross-validate in.")] = 5,
    json: Json = False,
) -> None:
    """Measure the search on passages and questions of your own, in a scratch store."""
    run(
        "evaluating",
        "retrieval",
        json,
        passages=passages,
        questions=questions,
        lang=lang,
        tuned=tuned,
        memory=memory,
        folds=folds,
    )


@evaluation.command("answers")
def eval_answers(
    *,
    golden: Annotated[
        Path,
        typer.Option("--golden", help="JSON lines: question, policy and clause, or null."),
    ],
    as_roles: Annotated[
        str | None,
        typer.Option("--as-roles", help="Who asks: roles, with commas. As a rule every role."),
    ] = None,
    json: Json = False,
) -> None:
    """Ask questions of the policies held: what is answered, refused, cited right."""
    run("outcomes", "answers", json, golden=golden, roles=as_roles)


@evaluation.command("refusal")
def eval_refusal(
    *,
    passages: Annotated[Path, typer.Option("--passages", help="JSON lines: id, title, text.")],
    questions: Annotated[
        Path, typer.Option("--questions", help="JSON lines: id, question, relevant ids.")
    ],
    group: Annotated[
        str | None,
        typer.Option("--group", help="Remove, too, what begins with the same match of a pattern."),
    ] = None,
    lang: Annotated[Lang | None, typer.Option("--lang", help="The passages' language.")] = None,
    folds: Annotated[int, typer.Option("--folds", min=2, help="How often it is fitted.")] = 5,
    json: Json = False,
) -> None:
    """Ask every question with its right passages there and without: what tells them apart."""
    run(
        "outcomes",
        "refusal",
        json,
        passages=passages,
        questions=questions,
        group=group,
        lang=lang,
        folds=folds,
    )
