"""eval retrieval: the search measured on passages and questions of one's own."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from bot.cli.output import Output
from bot.cli.progress import progress
from bot.terminal import console, table
from bot.text import visible
from knowledge.evaluation import (
    Asked,
    Report,
    Scratch,
    evaluate,
    figures,
    read_passages,
    read_questions,
    unknown,
)

SHOWN = 5
"""Questions with unknown passages that are named for people; JSON has them all."""


def retrieval(
    output: Output,
    passages: Path,
    questions: Path,
    lang: str | None,
    *,
    tuned: bool,
    memory: bool,
    folds: int,
) -> None:
    """`daybook eval retrieval`; tuned or with memory, the figures are cross-validated."""
    texts = read_passages(passages)
    asked = read_questions(questions, lang)
    lost = unknown(asked, texts)
    with (
        tempfile.TemporaryDirectory(prefix="daybook-eval-") as folder,
        progress() as report,
        closing(Scratch(texts, Path(folder), lang, report)) as scratch,
    ):
        ranked = scratch.rank(asked, report)
        found: dict[str, object] = {**evaluate(scratch, ranked)}
        if tuned or memory:
            found |= _learnt(scratch, asked, folds, report, remembering=memory)
    output.data(found | {"unknown": {key: list(ids) for key, ids in lost.items()}})
    if not output.json:
        console().print(table(("figure", "value"), _rows(found)))
    _tell(output, lost)


def _learnt(
    scratch: Scratch,
    asked: Sequence[Asked],
    folds: int,
    report: Report | None,
    *,
    remembering: bool,
) -> dict[str, object]:
    """The figures after learning, in place of the default's, which `untuned` then has."""
    # Loads what learns, which only this needs.
    from knowledge.crossing import cross_rank  # noqa: PLC0415

    after, before = cross_rank(scratch, asked, folds, remembering=remembering, report=report)
    rounded = [
        {name: round(value, 4) for name, value in figures(ranked).items()}
        for ranked in (after, before)
    ]
    return {**rounded[0], "untuned": rounded[1], "folds": folds, "memory": remembering}


def _rows(found: Mapping[str, object]) -> list[tuple[str, str]]:
    before = found.get("untuned")
    beside = before if isinstance(before, dict) else {}
    plain = ((key, value) for key, value in found.items() if key != "untuned")
    return [
        (key, f"{value} (untuned {beside[key]})" if key in beside else str(value))
        for key, value in plain
    ]


def _tell(output: Output, lost: Mapping[str, tuple[str, ...]]) -> None:
    for key, ids in list(lost.items())[:SHOWN]:
        output.line(visible(f"question {key}: no passage has the id {', '.join(ids)}"))
    if lost:
        output.line(
            f"{len(lost)} questions name passages that do not exist, which count as not found"
        )
