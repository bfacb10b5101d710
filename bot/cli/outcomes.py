"""eval answers and eval refusal: the three outcomes measured on questions of one's own."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from bot import assemble
from bot.cli import clock
from bot.cli.output import Output, UsageError
from bot.cli.progress import progress
from bot.settings import read_settings
from bot.terminal import console, table
from bot.text import visible
from knowledge.errors import EvaluationError, QuestionError
from knowledge.evaluation import Scratch, read_passages, read_questions
from knowledge.outcomes import (
    ask_all,
    by_language,
    everyone,
    figures,
    outside,
    read_base,
    unknown,
)
from knowledge.posed import Posed, read_trials
from knowledge.question import read_question

SHOWN = 5
"""Questions whose clause is not held that are named for people; JSON has them all."""
COLUMNS = ("answered", "false_answers", "right_shown", "threshold")


def answers(output: Output, golden: Path, roles: str | None) -> None:
    """`daybook eval answers`: without a model, over the policies the bank holds."""
    settings = read_settings()
    posed = read_trials(golden, clock.now().astimezone(settings.zone).date())
    _check(posed, golden)
    with assemble.open_bank(settings) as database, progress() as report:
        with database.read() as tx:
            base = read_base(tx)
        if not base.versions:
            raise EvaluationError(
                "there are no policies yet: take some in with daybook policy sync"
            )
        held, units = everyone(base)
        chosen = _roles(roles, held) if roles else held
        with closing(assemble.open_library(settings, database)) as library:
            asked = ask_all(library.ask, base, posed, chosen, units, report=report)
            nobody = ask_all(library.ask, base, posed, frozenset(), frozenset(), report=report)
    languages, lost = by_language(base, asked), unknown(asked)
    whole = figures(base, asked)
    whole["outside"] = outside(base, [*asked, *nobody])
    output.data({**whole, "languages": languages, "unknown": lost})
    if not output.json:
        heads = ("figure", *languages, "all")
        found = [*languages.values(), whole]
        rows = [(name, *(_cell(one[name]) for one in found)) for name in whole]
        console().print(table(heads, rows))
    for place in lost[:SHOWN]:
        output.line(f"{place}: the clause is not held on that day, which counts as not found")
    if len(lost) > SHOWN:
        output.line(f"{len(lost)} questions name a clause that is not held")


def refusal(
    output: Output,
    passages: Path,
    questions: Path,
    *,
    group: str | None,
    lang: str | None,
    folds: int,
) -> None:
    """`daybook eval refusal`: every question with its right passages there, and with them gone."""
    # Only this needs what fits.
    from knowledge.refusals import ask_twice, judge  # noqa: PLC0415

    texts, asked = read_passages(passages), read_questions(questions, lang)
    if len(asked) < folds:
        raise UsageError(
            f"--folds {folds} takes at least as many questions: there are {len(asked)}"
        )
    with (
        tempfile.TemporaryDirectory(prefix="daybook-eval-") as folder,
        progress() as report,
        closing(Scratch(texts, Path(folder), lang, report)) as scratch,
    ):
        found = judge(ask_twice(scratch, asked, group, report), folds)
    output.data({**found, "removed": group or "passages"})
    if not output.json:
        for name in ("questions", "auroc", "auroc_shown", "auroc_shipped"):
            output.line(f"{name} {found[name]}")
        console().print(table(COLUMNS, _curve(found["curve"])))


def _check(posed: Sequence[Posed], golden: Path) -> None:
    if not posed:
        raise EvaluationError(f"{golden} holds no question: give one JSON object a line")
    for one in posed:
        try:
            read_question(one.text, one.lang)
        except QuestionError as error:
            raise EvaluationError(f'{one.place}: "question": {error}') from None


def _roles(typed: str, held: frozenset[str]) -> frozenset[str]:
    roles = frozenset(role.strip() for role in typed.split(",") if role.strip())
    if strange := sorted(roles - held):
        known = ", ".join(sorted(held))
        raise UsageError(visible(f"no policy is for {', '.join(strange)}: there are {known}"))
    return roles


def _curve(points: object) -> list[tuple[str, ...]]:
    rows = points if isinstance(points, list) else []
    return [tuple(_cell(point[name]) for name in COLUMNS) for point in _mappings(rows)]


def _mappings(rows: Sequence[object]) -> list[Mapping[str, float]]:
    return [row for row in rows if isinstance(row, dict)]


def _cell(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
