"""tune: an order of clauses learnt from the bank's own questions."""

import getpass
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bank.guards import guards
from bank.rankings import RankerRecord, rankers, use_ranker
from bot import assemble
from bot.cli import clock, guarding
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
    from knowledge.courses import FEWEST  # noqa: PLC0415
    from knowledge.guarding import told  # noqa: PLC0415
    from knowledge.posed import read_trials  # noqa: PLC0415

    settings = read_settings()
    now = clock.now()
    posed = read_trials(questions, now.astimezone(settings.zone).date())
    answerable = [one for one in posed if one.answerable]
    user = getpass.getuser()
    with assemble.open_bank(settings) as database, progress() as report:
        library = assemble.open_library(settings, database)
        try:
            tuned = library.tune(answerable, user, now, lang=lang, report=report)
            fittings = library.tune_guards(posed, user, now, lang=lang, report=report)
        finally:
            library.close()
    learned = [
        {
            "lang": one.lang,
            "questions": one.questions,
            "remembered": one.remembered,
            "unknown": list(one.unknown),
            "default": _rounded(asdict(one.default)),
            "tuned": _rounded(asdict(one.tuned)),
            "kept": one.ranker is not None,
        }
        for one in tuned.found
    ]
    skipped = [
        {"lang": few.lang, "questions": few.questions, "needed": FEWEST} for few in tuned.skipped
    ]
    output.data({"languages": learned, "skipped": skipped, "guards": told(fittings)})
    for one in tuned.found:
        for line in _learned(one, settings.lang):
            output.line(visible(line))
    for few in tuned.skipped:
        held = few.questions
        output.line(say(settings.lang, "tune.skipped", language=few.lang, held=held, needed=FEWEST))
    for fitting in fittings:
        for line in guarding.fitted(fitting, settings.lang):
            output.line(line)
    if not any(one.ranker for one in tuned.found) and not any(one.guard for one in fittings):
        raise Rejected


def _learned(one: "Tuning", lang: str) -> Iterator[str]:
    yield say(
        lang,
        "tune.learned",
        language=one.lang,
        questions=one.questions,
        recall=guarding.step(one.default.recall, one.tuned.recall),
        precision=guarding.step(one.default.precision, one.tuned.precision),
    )
    for place in one.unknown[:SHOWN]:
        yield say(lang, "tune.unknown", place=place)
    if one.unknown:
        yield say(lang, "tune.left_out", n=len(one.unknown))
    yield say(lang, "tune.kept" if one.ranker else "tune.not_kept")


def _list(output: Output) -> None:
    settings = read_settings()
    with assemble.open_bank(settings) as database, database.read() as tx:
        kept, lines = rankers(tx), guards(tx)
    output.data(
        {
            "rankers": [_told(record) for record in kept],
            "guards": [guarding.shown(record) for record in lines],
        }
    )
    if not kept and not lines:
        output.line(say(settings.lang, "tune.nothing"))
    if kept and not output.json:
        heads = [say(settings.lang, f"tune.head.{name}") for name in HEADS]
        console().print(table(heads, [_row(record, settings.lang) for record in kept]))
    if lines and not output.json:
        guarding.print_guards(lines, settings.lang)


def _revert(output: Output, lang: str | None) -> None:
    settings = read_settings()
    with assemble.open_bank(settings) as database, database.write() as tx:
        kept = rankers(tx)
        active = [record for record in kept if record.active and lang in {None, record.lang}]
        lines = guarding.revert(tx, lang)
        if not active and not lines:
            raise BotError(say(settings.lang, "tune.none_active"))
        done = {record.lang: _before(record, kept) for record in active}
        for each, ranker_id in done.items():
            use_ranker(tx, each, ranker_id)
    output.data({"active": done, "guards": lines})
    for each, ranker_id in done.items():
        ranker = ranker_id or say(settings.lang, "tune.default")
        output.line(say(settings.lang, "tune.used", language=each, ranker=ranker))
    for each, guard_id in lines.items():
        guard = guard_id or say(settings.lang, "tune.guard_shipped")
        output.line(say(settings.lang, "tune.used", language=each, ranker=guard))


def _use(output: Output, ranker_id: str) -> None:
    settings = read_settings()
    with assemble.open_bank(settings) as database, database.write() as tx:
        found = next((record for record in rankers(tx) if record.id == ranker_id), None)
        if found:
            use_ranker(tx, found.lang, found.id)
        language = found.lang if found else guarding.use(tx, ranker_id)
        if language is None:
            raise BotError(visible(say(settings.lang, "tune.no_ranker", ranker=ranker_id)))
    output.data({"active": {language: ranker_id}})
    output.line(say(settings.lang, "tune.used", language=language, ranker=ranker_id))


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
        guarding.step(default["recall"], tuned["recall"]),
        guarding.step(default["precision"], tuned["precision"]),
        say(lang, "tune.active") if record.active else "",
    )


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}
