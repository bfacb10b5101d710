"""eval retrieval: the search measured on passages and questions of one's own."""

import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bot.cli.output import Output
from bot.cli.progress import progress
from bot.terminal import console, table
from bot.text import visible
from knowledge.evaluation import Scratch, evaluate, read_passages, read_questions, unknown

SHOWN = 5
"""Questions with unknown passages that are named for people; JSON has them all."""


def retrieval(output: Output, passages: Path, questions: Path, lang: str | None) -> None:
    """`daybook eval retrieval`."""
    texts = read_passages(passages)
    asked = read_questions(questions, lang)
    lost = unknown(asked, texts)
    with (
        tempfile.TemporaryDirectory(prefix="daybook-eval-") as folder,
        progress() as report,
        closing(Scratch(texts, Path(folder), lang, report)) as scratch,
    ):
        found = evaluate(scratch, scratch.rank(asked, report))
    output.data(found | {"unknown": {key: list(ids) for key, ids in lost.items()}})
    if not output.json:
        console().print(table(("figure", "value"), [(key, str(v)) for key, v in found.items()]))
    _tell(output, lost)


def _tell(output: Output, lost: Mapping[str, tuple[str, ...]]) -> None:
    for key, ids in list(lost.items())[:SHOWN]:
        output.line(visible(f"question {key}: no passage has the id {', '.join(ids)}"))
    if lost:
        output.line(
            f"{len(lost)} questions name passages that do not exist, which count as not found"
        )
