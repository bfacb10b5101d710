"""What versions changed, clause by clause, as it was found when they were read.

Whoever reads a version finds out what it changed against the one before it; here that is kept, so
that it can be told to its audience later, also when the older text is gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert

from bank.database import Transaction
from bank.days import number
from bank.models import ClauseChange


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One clause that a version added, changed, removed or moved, from `day` on.

    `before` is the version it is compared with: `version` itself when its own text was changed.
    `edits` are pairs of words left out and put in; of a clause added or removed, how it begins.
    The labels are as printed, empty on the side where there is no such clause.
    """

    policy: str
    version: str
    before: str
    day: date
    position: int
    kind: str
    label: str
    label_before: str
    edits: tuple[tuple[str, str], ...]


def record_changes(
    tx: Transaction, compared: Iterable[tuple[str, str]], changes: Iterable[ChangeRecord]
) -> None:
    """Write what versions changed.

    Of each of `compared`, a policy and version, it takes the place of what was known against the
    version before. What was changed in a version's own text is a fact of its day, and stays.
    """
    for policy, version in compared:
        tx.execute(
            delete(ClauseChange).where(
                ClauseChange.policy == policy,
                ClauseChange.version == version,
                ClauseChange.before != version,
            )
        )
    if rows := [_row(change) for change in changes]:
        tx.execute(insert(ClauseChange), rows)


def _row(change: ChangeRecord) -> dict[str, object]:
    return {
        "policy": change.policy,
        "version": change.version,
        "before": change.before,
        "day": number(change.day),
        "position": change.position,
        "kind": change.kind,
        "label": change.label,
        "label_before": change.label_before,
        "edits": change.edits,
    }
