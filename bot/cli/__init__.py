"""The command line: what may be typed. What a command does is loaded only when it runs.

`daybook --help` must answer at once, while the rooms behind it take a second to load.
"""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.output import Output, guarded

app = typer.Typer(
    name="daybook",
    help="The Slack assistant of a bank's account managers: cited policy answers, appraisal, "
    "reminders.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
policy = typer.Typer(help="The bank's policies.", no_args_is_help=True)
app.add_typer(policy, name="policy")
glossary = typer.Typer(help="The glossary of synonyms.", invoke_without_command=True)
policy.add_typer(glossary, name="glossary")
calendar = typer.Typer(help="The bank's working days.", no_args_is_help=True)
app.add_typer(calendar, name="calendar")
evaluation = typer.Typer(help="How well the policies are searched.", no_args_is_help=True)
app.add_typer(evaluation, name="eval")

Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")]
On = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="As of this date, not today."),
]
Actor = Annotated[str, typer.Option("--as", metavar="STAFF", help="Who is asking, such as M001.")]
Reader = Annotated[
    str | None,
    typer.Option("--as", metavar="STAFF", help="Only what this person may read."),
]
PolicyId = Annotated[str, typer.Argument(metavar="ID", help="Such as post-loan.")]
Year = Annotated[int, typer.Argument(min=1950, max=2199, help="Such as 2026.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder.")]


def main() -> None:
    """Run the command that was typed."""
    app()


@app.command()
def migrate(*, json: Json = False) -> None:
    """Bring the database to this version's schema."""
    _run("records", "migrate", json)


@app.command("import")
def import_(
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The folder of a drop.")
    ] = None,
    *,
    url: Annotated[
        str | None, typer.Option("--from", metavar="URL", help="Read a warehouse's views instead.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only check; commit nothing.")] = False,
    json: Json = False,
) -> None:
    """Take in a nightly drop: all of it or nothing."""
    _run("importing", "take_in", json, directory=directory, url=url, check=check)


@app.command()
def demo(
    directory: Folder,
    *,
    managers: Annotated[int, typer.Option(min=1, help="Account managers.")] = 12,
    clients: Annotated[int, typer.Option(min=1, help="Clients.")] = 1200,
    seed: Annotated[int, typer.Option(help="The same seed writes the same bank.")] = 7,
    nightly: Annotated[
        int, typer.Option(min=0, max=20, help="Write a history, and so many nights after it.")
    ] = 0,
    json: Json = False,
) -> None:
    """Write a synthetic bank as drop files."""
    _run(
        "records",
        "demo",
        json,
        directory=directory,
        managers=managers,
        clients=clients,
        seed=seed,
        nightly=nightly,
    )


@policy.command("sync")
def policy_sync(
    directory: Folder,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what would change; write nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Even if most of the library would go.")
    ] = False,
    json: Json = False,
) -> None:
    """Take in a folder of policies: what is new, changed and gone."""
    _run("policies", "sync", json, directory=directory, check=check, force=force)


@policy.command("list")
def policy_list(*, on: On = None, as_: Reader = None, json: Json = False) -> None:
    """Every version of every policy, or those in force on a day."""
    _run("policies", "list_versions", json, on=on, staff=as_)


@policy.command("show")
def policy_show(
    policy_id: PolicyId, *, on: On = None, as_: Reader = None, json: Json = False
) -> None:
    """A policy's clauses as in force on a day."""
    _run("policies", "show", json, policy_id=policy_id, on=on, staff=as_)


@policy.command("diff")
def policy_diff(
    policy_id: PolicyId,
    *,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="VERSION", help="Against this one, not the one before."),
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="VERSION", help="This version, not the newest.")
    ] = None,
    as_: Reader = None,
    json: Json = False,
) -> None:
    """What a version changed, clause by clause."""
    _run("policy_changes", "diff", json, policy_id=policy_id, from_=from_, to=to, staff=as_)


@policy.command("changes")
def policy_changes(
    *,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="From this date, not 30 days ago."),
    ] = None,
    on: On = None,
    as_: Reader = None,
    json: Json = False,
) -> None:
    """What came into force or was changed, clause by clause, and what lapses soon."""
    _run("policy_changes", "changes", json, since=since, on=on, staff=as_)


@glossary.callback()
def policy_glossary(
    context: typer.Context,
    *,
    own: Annotated[bool, typer.Option("--own", help="Only the bank's own entries.")] = False,
    json: Json = False,
) -> None:
    """What people mean by the same idea, in both languages, and where each entry comes from."""
    if context.invoked_subcommand is None:
        _run("glossary", "show", json, own=own)


@glossary.command("import")
def policy_glossary_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Entries, as TOML.")],
    *,
    json: Json = False,
) -> None:
    """Lay a file's entries over the shipped ones, instead of those of the file before."""
    _run("glossary", "take_in", json, file=file)


@policy.command("confirm")
def policy_confirm(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help='{"question","policy","clause"}, one a line.'),
    ] = None,
    *,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="STAFF", help="The compliance officer.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Show what is confirmed.")] = False,
    remove: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Forget a confirmed answer.")
    ] = None,
    json: Json = False,
) -> None:
    """Confirm which clauses answer questions, so that alike ones find them."""
    _run("confirming", "confirm", json, file=file, staff=as_, listed=list_, remove=remove or [])


@app.command()
def tune(
    *,
    questions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='{"question","policy","clause"[,"on"]}, one a line.'),
    ] = None,
    lang: Annotated[Literal["en", "zh"] | None, typer.Option(help="Only this language.")] = None,
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
    _run(
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
        Literal["en", "zh"] | None, typer.Option(help="Take every text to be in this language.")
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
    _run(
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


@calendar.command("import")
def calendar_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="date,is_business,name as CSV.")],
    *,
    json: Json = False,
) -> None:
    """Take in the bank's own working days: all of the file or nothing."""
    _run("calendar", "take_in", json, file=file)


@calendar.command("show")
def calendar_show(year: Year, *, json: Json = False) -> None:
    """A year's holidays and make-up days, and who says so."""
    _run("calendar", "show", json, year=year)


@calendar.command("reset")
def calendar_reset(year: Year, *, json: Json = False) -> None:
    """Forget the bank's own days of a year: as published again."""
    _run("calendar", "reset", json, year=year)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The question, in English or Chinese.")],
    *,
    as_: Actor,
    on: On = None,
    lang: Annotated[
        Literal["en", "zh"] | None, typer.Option(help="Answer in this language.")
    ] = None,
    json: Json = False,
) -> None:
    """Ask the bank's policies."""
    _run("asking", "ask", json, text=text, staff=as_, on=on, lang=lang)


@app.command()
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
    _run("standing", "kpi", json, staff=as_, of=of, period=period, on=on)


@app.command()
def brief(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="A client's id.")],
    *,
    as_: Actor,
    on: On = None,
    json: Json = False,
) -> None:
    """What to know before seeing a client."""
    _run("briefs", "brief", json, client=client, staff=as_, on=on)


@app.command()
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
    _run(
        "ratings", "rate", json, subject=subject, period=period, kind=kind, score=score,
        comment=comment, staff=as_,
    )  # fmt: skip


@app.command()
def score(
    *,
    period: Annotated[str, typer.Option(help="A quarter like 2026Q4 or a year like 2026.")],
    on: On = None,
    json: Json = False,
) -> None:
    """Compute and store every manager's result of a period."""
    _run("standing", "score", json, period=period, on=on)


@app.command()
def remind(
    *,
    now: Annotated[str, typer.Option(metavar="ISO", help="The moment to decide for.")],
    send: Annotated[bool, typer.Option("--send", help="Write down and send what is due.")] = False,
    json: Json = False,
) -> None:
    """What would go out at a moment; sent only with --send."""
    _run("reminding", "remind", json, now=now, send=send)


@app.command("try")
def try_(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the page is.")] = 8765,
) -> None:
    """Talk to Daybook in the browser, with a demo bank."""
    _run("serving", "try_out", False, port=port)


@app.command()
def serve() -> None:
    """Run the bot in Slack, over Socket Mode."""
    _run("serving", "serve", False)


def _run(module: str, name: str, json: bool, **given: object) -> None:  # noqa: FBT001
    with guarded(Output(json=json)) as output:
        getattr(import_module(f"bot.cli.{module}"), name)(output, **given)
