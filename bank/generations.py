"""Which index over the clauses everybody reads, and the one step that changes it.

A generation is built and checked before it is switched to; policies change in the same step.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from bank.database import Transaction
from bank.models import Clause, IndexGeneration
from bank.revisions import Revision, revise


@dataclass(frozen=True, slots=True)
class Generation:
    """A built dense index over every clause: by which embedder, of how many, of what content."""

    id: str
    embedder: str
    clauses: int
    fingerprint: str
    built_at: datetime


def active_generation(tx: Transaction) -> Generation | None:
    """The generation everybody reads, None before the first sync."""
    row = tx.execute(
        select(
            IndexGeneration.id,
            IndexGeneration.embedder,
            IndexGeneration.clauses,
            IndexGeneration.fingerprint,
            IndexGeneration.built_at,
        ).where(IndexGeneration.active)
    ).one_or_none()
    return None if row is None else Generation(*row)


def switch_generation(
    tx: Transaction,
    generation: Generation,
    *,
    instead_of: str | None,
    revision: Revision,
    vectors: Mapping[str, bytes],
) -> bool:
    """Change the policies and make `generation`, built over the result, the one that is read.

    `vectors` are new ones for clauses that stay, by clause id. False, with nothing changed, when
    the active generation is not `instead_of`: somebody was faster.
    """
    if tx.dialect.name == "postgresql":
        # SQLite's writers take turns from their first statement; here only these need to.
        tx.exec_driver_sql("LOCK TABLE index_generation IN SHARE ROW EXCLUSIVE MODE")
    active = active_generation(tx)
    if (active.id if active else None) != instead_of:
        return False
    revise(tx, revision)
    if vectors:
        statement = update(Clause).where(Clause.id == bindparam("clause_id"))
        changes = [{"clause_id": key, "vector": vector} for key, vector in vectors.items()]
        tx.execute(statement.values(vector=bindparam("vector")), changes)
    tx.execute(delete(IndexGeneration))
    tx.execute(insert(IndexGeneration).values(**asdict(generation), active=True))
    return True
