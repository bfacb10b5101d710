"""Which index over the clauses everybody reads, and the one step that changes it.

A generation is built and checked before it is switched to; policies change in the same step.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from bank.database import Transaction
from bank.models import Clause, IndexGeneration, PolicyVersion
from bank.revisions import Revision, revise

_LOT = 2_000


@dataclass(frozen=True, slots=True)
class Generation:
    """A state of the policies with its indexes: by which embedder, of how many, of what content.

    `number` is one more than that of the generation before. The collection `base`, built with
    `base_clauses` vectors, holds those of versions that came with generations up to
    `base_number`. `analysis` names the rules that clauses' tokens were made by.
    """

    id: str
    embedder: str
    clauses: int
    fingerprint: str
    built_at: datetime
    number: int = 0
    analysis: str = ""
    base: str = ""
    base_number: int = 0
    base_clauses: int = 0


# Built once: it is asked with every question.
_ACTIVE = select(*(getattr(IndexGeneration, each.name) for each in fields(Generation))).where(
    IndexGeneration.active
)


def active_generation(tx: Transaction) -> Generation | None:
    """The generation everybody reads, None before the first sync."""
    row = tx.execute(_ACTIVE).one_or_none()
    return None if row is None else Generation(*row)


def switch_generation(
    tx: Transaction,
    generation: Generation,
    *,
    instead_of: str | None,
    revision: Revision,
    vectors: Mapping[str, bytes],
    tokens: Mapping[str, str],
) -> bool:
    """Change the policies and make `generation`, built over the result, the one that is read.

    `vectors` and `tokens` are new ones for clauses that stay, by clause id. It stands on the base
    of the one before, if that has the same embedder. False, with nothing changed, when the active
    generation is not `instead_of`: somebody was faster.
    """
    if tx.dialect.name == "postgresql":
        # SQLite's writers take turns from their first statement; here only these need to.
        tx.exec_driver_sql("LOCK TABLE index_generation IN SHARE ROW EXCLUSIVE MODE")
    active = active_generation(tx)
    if (active.id if active else None) != instead_of:
        return False
    revise(tx, revision, generation.number)
    _renew(tx, Clause.vector, vectors)
    _renew(tx, Clause.tokens, tokens)
    if active and active.embedder == generation.embedder:
        generation = replace(
            generation,
            base=active.base,
            base_number=active.base_number,
            base_clauses=active.base_clauses,
        )
    tx.execute(delete(IndexGeneration))
    tx.execute(insert(IndexGeneration).values(**asdict(generation), active=True))
    return True


def switch_base(
    tx: Transaction, generation_id: str, *, instead_of: str, base: str, number: int, clauses: int
) -> bool:
    """Let a generation stand on another collection, of versions up to `number`.

    False, with nothing changed, when it is gone or does not stand on `instead_of` any more.
    """
    changed = tx.execute(
        update(IndexGeneration)
        .where(IndexGeneration.id == generation_id, IndexGeneration.base == instead_of)
        .values(base=base, base_number=number, base_clauses=clauses)
    )
    return changed.rowcount == 1


def count_since(tx: Transaction, number: int) -> int:
    """How many clauses came with generations after one."""
    newer = select(PolicyVersion.id).where(PolicyVersion.since > number)
    counted = select(func.count()).select_from(Clause).where(Clause.version_id.in_(newer))
    return int(tx.execute(counted).scalar_one())


def clause_vectors(tx: Transaction) -> Iterator[tuple[str, bytes]]:
    """Every clause's id and vector."""
    rows = tx.execute(select(Clause.id, Clause.vector), execution_options={"yield_per": _LOT})
    return ((row[0], row[1]) for row in rows)


def _renew(
    tx: Transaction, column: InstrumentedAttribute[Any], values: Mapping[str, object]
) -> None:
    if values:
        statement = update(Clause).where(Clause.id == bindparam("clause_id"))
        changes = [{"clause_id": key, "value": value} for key, value in values.items()]
        tx.execute(statement.values({column: bindparam("value")}), changes)
