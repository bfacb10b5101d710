"""The guards' part of tune: what was fitted, which is in use, and back again."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bank.database import Transaction
from bank.guards import GuardRecord, guards, use_guard
from bot.terminal import console, table
from bot.wording import say

if TYPE_CHECKING:
    from knowledge.guarding import Fitting

HEADS = ("id", "lang", "made", "by", "questions", "answered", "refused", "active")


def fitted(one: "Fitting", lang: str) -> Iterator[str]:
    """What fitting a guard came to, for people."""
    yield say(
        lang,
        "tune.guard_fitted",
        language=one.lang,
        questions=one.questions,
        others=one.others,
        answered=step(one.default.answered, one.tuned.answered),
        refused=step(one.default.refused, one.tuned.refused),
    )
    yield say(lang, "tune.kept" if one.guard else "tune.guard_not_kept")


def shown(record: GuardRecord) -> dict[str, object]:
    """A guard that was kept, as JSON has it."""
    return {
        "id": record.id,
        "lang": record.lang,
        "made_at": record.made_at.isoformat(),
        "made_by": record.made_by,
        "metrics": dict(record.metrics),
        "active": record.active,
    }


def print_guards(kept: Sequence[GuardRecord], lang: str) -> None:
    """A table for people."""
    heads = [say(lang, f"tune.head.{name}") for name in HEADS]
    console().print(table(heads, [_row(record, lang) for record in kept]))


def revert(tx: Transaction, lang: str | None) -> dict[str, str | None]:
    """Back to the guard before, or to the shipped one (None), by language."""
    kept = guards(tx)
    done = {}
    for record in kept:
        if record.active and lang in {None, record.lang}:
            own = [one for one in kept if one.lang == record.lang]
            older = own[own.index(record) + 1 :]
            done[record.lang] = older[0].id if older else None
    for each, guard_id in done.items():
        use_guard(tx, each, guard_id)
    return done


def use(tx: Transaction, guard_id: str) -> str | None:
    """Use a guard that was kept; its language, or None if there is no such guard."""
    found = next((record for record in guards(tx) if record.id == guard_id), None)
    if found is None:
        return None
    use_guard(tx, found.lang, found.id)
    return found.lang


def step(before: float, after: float) -> str:
    """A figure before and after."""
    return f"{before:.3f} → {after:.3f}"


def _row(record: GuardRecord, lang: str) -> tuple[str, ...]:
    default, tuned = record.metrics["default"], record.metrics["tuned"]
    return (
        record.id,
        record.lang,
        f"{record.made_at:%Y-%m-%d %H:%M}",
        record.made_by,
        f"{record.metrics['questions']} + {record.metrics['others']}",
        step(default["answered"], tuned["answered"]),
        step(default["refused"], tuned["refused"]),
        say(lang, "tune.active") if record.active else "",
    )
