"""tune: an order of clauses learnt from the bank's own questions."""

import getpass
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bank.rankings import RankerRecord, rankers, use_ranker
from bot import assemble
from bot.cli import clock
from bot.cli.output import Output, Rejected, UsageError
from bot.cli.progress import progress
from bot.errors import BotError
from bot.settings import read_settings
from bot.terminal import console, table
from bot.text import visible
from bot.wording import say

if TYPE_CHECKING:
    from knowledge.courses import Tuning

HEADS = ("id", "lang", "made", "by", "questions", "recall", "precision", "active")
SHOWN = 5
"""Questions without a clause that are named for people; JSON has them all."""


def tune(
    output: Output,
    questions: Path | None,
    lang: str | None,
    *,
    listed: bool,
    revert: bool,
    use: str | None,
) -> None:
    """`daybook tune`."""
    if sum((questions is not None, listed, revert, use is not None)) != 1:
        raise UsageError("give one of --questions FILE, --list, --revert and --use ID")
    if questions:
        _learn(output, questions, lang)
    elif listed:
        _list(output)
    elif use:
        _use(output, use)
    else:
        _revert(output, lang)


def _learn(output: Output, questions: Path, lang: str | None) -> None:
    # Loads what learns, which only this needs.
    from knowledge.posed import read_posed  # noqa: PLC0415

    settings = read_settings()
    now = clock.now()
    posed = read_posed(questions, now.astimezone(settings.zone).date())
    with assemble.open_bank(settings) as database, progress() as report:
        library = assemble.open_library(settings, database)
        try:
            found = library.tune(posed, getpass.getuser(), now, lang=lang, report=report)
        finally:
            library.close()
    told = [
        {
            "lang": one.lang,
            "questions": one.questions,
            "remembered": one.remembered,
            "unknown": list(one.unknown),
            "default": _rounded(asdict(one.default)),
            "tuned": _rounded(asdict(one.tuned)),
            "kept": one.ranker is not None,
        }
        for one in found
    ]
    output.data({"languages": told})
    for one in found:
        for line in _learned(one, settings.lang):
            output.line(visible(line))
    if not any(one.ranker for one in found):
        raise Rejected


def _learned(one: "Tuning", lang: str) -> Iterator[str]:
    yield say(
        lang,
        "tune.learned",
        language=one.lang,
        questions=one.questions,
        recall=_step(one.default.recall, one.tuned.recall),
        precision=_step(one.default.precision, one.tuned.precision),
    )
    for place in one.unknown[:SHOWN]:
        yield say(lang, "tune.unknown", place=place)
    if one.unknown:
        yield say(lang, "tune.left_out", n=len(one.unknown))
    yield say(lang, "tune.kept" if one.ranker else "tune.not_kept")


def _list(output: Output) -> None:
    settings = read_settings()
    with assemble.open_bank(settings) as database, database.read() as tx:
        kept = rankers(tx)
    output.data({"rankers": [_told(record) for record in kept]})
    if not kept:
        output.line(say(settings.lang, "tune.nothing"))
    elif not output.json:
        heads = [say(settings.lang, f"tune.head.{name}") for name in HEADS]
        console().print(table(heads, [_row(record, settings.lang) for record in kept]))


def _revert(output: Output, lang: str | None) -> None:
    settings = read_settings()
    with assemble.open_bank(settings) as database, database.write() as tx:
        kept = rankers(tx)
        active = [record for record in kept if record.active and lang in {None, record.lang}]
        if not active:
            raise BotError(say(settings.lang, "tune.none_active"))
        done = {record.lang: _before(record, kept) for record in active}
        for each, ranker_id in done.items():
            use_ranker(tx, each, ranker_id)
    output.data({"active": done})
    for each, ranker_id in done.items():
        ranker = ranker_id or say(settings.lang, "tune.default")
        output.line(say(settings.lang, "tune.used", language=each, ranker=ranker))


def _use(output: Output, ranker_id: str) -> None:
    settings = read_settings()
    with assemble.open_bank(settings) as database, database.write() as tx:
        found = next((record for record in rankers(tx) if record.id == ranker_id), None)
        if found is None:
            raise BotError(visible(say(settings.lang, "tune.no_ranker", ranker=ranker_id)))
        use_ranker(tx, found.lang, found.id)
    output.data({"active": {found.lang: found.id}})
    output.line(say(settings.lang, "tune.used", language=found.lang, ranker=found.id))


def _before(record: RankerRecord, kept: Sequence[RankerRecord]) -> str | None:
    """The newest ranker of the same language that is older; None is the default order."""
    own = [one for one in kept if one.lang == record.lang]
    older = own[own.index(record) + 1 :]
    return older[0].id if older else None


def _told(record: RankerRecord) -> dict[str, object]:
    return {
        "id": record.id,
        "lang": record.lang,
        "made_at": record.made_at.isoformat(),
        "made_by": record.made_by,
        "metrics": dict(record.metrics),
        "active": record.active,
    }


def _row(record: RankerRecord, lang: str) -> tuple[str, ...]:
    default, tuned = record.metrics["default"], record.metrics["tuned"]
    return (
        record.id,
        record.lang,
        f"{record.made_at:%Y-%m-%d %H:%M}",
        record.made_by,
        str(record.metrics["questions"]),
        _step(default["recall"], tuned["recall"]),
        _step(default["precision"], tuned["precision"]),
        say(lang, "tune.active") if record.active else "",
    )


def _step(before: float, after: float) -> str:
    return f"{before:.3f} → {after:.3f}"


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}
