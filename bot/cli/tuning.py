"""tune: an order of clauses learnt from the bank's own questions."""

import getpass
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bank.rankings import RankerRecord, rankers, use_ranker
from bot import assemble
from bot.cli import clock
from bot.cli.output import Output, Rejected, UsageError
from bot.cli.progress import progress
from bot.errors import BotError
from bot.settings import read_settings
from bot.terminal import console, table
from bot.text import visible

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
        output.line(
            f"{one.lang}: {one.questions} questions, cross-validated:"
            f" recall@10 {one.default.recall:.3f} → {one.tuned.recall:.3f},"
            f" MAP@10 {one.default.precision:.3f} → {one.tuned.precision:.3f}"
        )
        for place in one.unknown[:SHOWN]:
            output.line(visible(f"{place}: no clause in force that answers it was found"))
        if one.unknown:
            output.line(f"{len(one.unknown)} questions were left out for that")
        output.line(
            "kept: used from the next question on (daybook tune --revert takes it back)"
            if one.ranker
            else "not kept: it is not better than the default by more than chance"
        )
    if not any(one.ranker for one in found):
        raise Rejected


def _list(output: Output) -> None:
    with assemble.open_bank(read_settings()) as database, database.read() as tx:
        kept = rankers(tx)
    output.data({"rankers": [_told(record) for record in kept]})
    if not kept:
        output.line("nothing was learnt yet: the default order is used")
    elif not output.json:
        heads = ("id", "lang", "made", "by", "questions", "recall@10", "MAP@10", "active")
        console().print(table(heads, [_row(record) for record in kept]))


def _revert(output: Output, lang: str | None) -> None:
    with assemble.open_bank(read_settings()) as database, database.write() as tx:
        kept = rankers(tx)
        active = [record for record in kept if record.active and lang in {None, record.lang}]
        if not active:
            raise BotError("no ranker is active: the default order is used already")
        done = {record.lang: _before(record, kept) for record in active}
        for each, ranker_id in done.items():
            use_ranker(tx, each, ranker_id)
    output.data({"active": done})
    for each, ranker_id in done.items():
        output.line(f"{each}: {ranker_id or 'the default order'} is used from the next question on")


def _use(output: Output, ranker_id: str) -> None:
    with assemble.open_bank(read_settings()) as database, database.write() as tx:
        found = next((record for record in rankers(tx) if record.id == ranker_id), None)
        if found is None:
            raise BotError(visible(f"there is no ranker {ranker_id}: daybook tune --list has them"))
        use_ranker(tx, found.lang, found.id)
    output.data({"active": {found.lang: found.id}})
    output.line(f"{found.lang}: {found.id} is used from the next question on")


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


def _row(record: RankerRecord) -> tuple[str, ...]:
    default, tuned = record.metrics["default"], record.metrics["tuned"]
    return (
        record.id,
        record.lang,
        f"{record.made_at:%Y-%m-%d %H:%M}",
        record.made_by,
        str(record.metrics["questions"]),
        f"{default['recall']:.3f} → {tuned['recall']:.3f}",
        f"{default['precision']:.3f} → {tuned['precision']:.3f}",
        "yes" if record.active else "",
    )


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}
