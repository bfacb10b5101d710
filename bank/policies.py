"""Policies as SQL holds them: versions, their clauses with vectors, the active generation.

Everything else that knows clauses (the word index, Chroma) is derived from these rows, and is
checked against them before a word is shown.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from bank.database import Transaction
from bank.days import OPEN, day_of, number
from bank.models import Clause, IndexGeneration, PolicyVersion

EVERYONE = "all"
"""The audience entry that opens a policy to everybody."""

_BATCH = 500


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """One version of a policy, in force from `in_force_from` until before `in_force_to`.

    `in_force_to` is None while no end is set. `path` is the file's inside the synced folder,
    `content_hash` what it held when it was read.
    """

    policy: str
    version: str
    title: str
    kind: str
    lang: str
    in_force_from: date
    in_force_to: date | None
    replaces: str | None
    audience: tuple[str, ...]
    owner: str
    path: str
    content_hash: str

    @property
    def id(self) -> str:
        """The key of its row: "post-loan@2026"."""
        return f"{self.policy}@{self.version}"

    def in_force(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.in_force_from <= on and (self.in_force_to is None or on < self.in_force_to)

    def open_to(self, roles: Collection[str]) -> bool:
        """Whether somebody holding these roles may read it."""
        return EVERYONE in self.audience or not set(self.audience).isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class ClauseRecord:
    """One clause (or piece of a long one) of a version; `vector` is float32, little-endian."""

    id: str
    version_id: str
    position: int
    number: str
    label: str
    heading: str
    text: str
    page: int | None
    vector: bytes


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause with the policy version it stands in."""

    clause: ClauseRecord
    policy: PolicyRecord


@dataclass(frozen=True, slots=True)
class Generation:
    """A built dense index over every clause: by which embedder, of how many, of what content."""

    id: str
    embedder: str
    clauses: int
    fingerprint: str
    built_at: datetime


def policy_versions(tx: Transaction) -> tuple[PolicyRecord, ...]:
    """Every version of every policy, by policy and then by the day it came into force."""
    rows = tx.execute(
        select(*_VERSION_COLUMNS).order_by(PolicyVersion.policy, PolicyVersion.from_day)
    )
    return tuple(_version(row) for row in rows)


def clauses(tx: Transaction) -> Iterator[ClauseRecord]:
    """Every clause of every version, by version and position."""
    rows = tx.execute(
        select(*_CLAUSE_COLUMNS).order_by(Clause.version_id, Clause.position),
        execution_options={"yield_per": _BATCH},
    )
    return (_clause(row) for row in rows)


def clauses_of(tx: Transaction, version_id: str) -> tuple[ClauseRecord, ...]:
    """The clauses of one version in order; none when there is no such version."""
    rows = tx.execute(
        select(*_CLAUSE_COLUMNS).where(Clause.version_id == version_id).order_by(Clause.position)
    )
    return tuple(_clause(row) for row in rows)


def find_passages(tx: Transaction, clause_ids: Sequence[str]) -> dict[str, Passage]:
    """The clauses of these ids with their versions; ids that are gone are left out."""
    split = len(_CLAUSE_COLUMNS)
    statement = (
        select(*_CLAUSE_COLUMNS, *_VERSION_COLUMNS)
        .join(PolicyVersion, PolicyVersion.id == Clause.version_id)
        .where(Clause.id.in_(clause_ids))
    )
    passages = (
        Passage(_clause(row[:split]), _version(row[split:])) for row in tx.execute(statement)
    )
    return {passage.clause.id: passage for passage in passages}


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
    removed: Collection[str],
    added: Mapping[PolicyRecord, Sequence[ClauseRecord]],
    vectors: Mapping[str, bytes],
) -> bool:
    """Change the policies and make `generation`, built over the result, the one that is read.

    `removed` are ids of versions, `vectors` new ones for clauses that stay, by clause id. False,
    with nothing changed, when the active generation is not `instead_of`: somebody was faster.
    """
    if tx.dialect.name == "postgresql":
        # SQLite's writers take turns from their first statement; here only these need to.
        tx.exec_driver_sql("LOCK TABLE index_generation IN SHARE ROW EXCLUSIVE MODE")
    active = active_generation(tx)
    if (active.id if active else None) != instead_of:
        return False
    if removed:
        tx.execute(delete(PolicyVersion).where(PolicyVersion.id.in_(removed)))
    for policy, its_clauses in added.items():
        tx.execute(insert(PolicyVersion).values(_version_row(policy)))
        if its_clauses:
            tx.execute(insert(Clause), [asdict(clause) for clause in its_clauses])
    if vectors:
        statement = update(Clause).where(Clause.id == bindparam("clause_id"))
        changes = [{"clause_id": key, "vector": vector} for key, vector in vectors.items()]
        tx.execute(statement.values(vector=bindparam("vector")), changes)
    tx.execute(delete(IndexGeneration))
    tx.execute(insert(IndexGeneration).values(**asdict(generation), active=True))
    return True


_VERSION_COLUMNS = (
    PolicyVersion.policy,
    PolicyVersion.version,
    PolicyVersion.title,
    PolicyVersion.kind,
    PolicyVersion.lang,
    PolicyVersion.from_day,
    PolicyVersion.to_day,
    PolicyVersion.replaces,
    PolicyVersion.audience,
    PolicyVersion.owner,
    PolicyVersion.path,
    PolicyVersion.content_hash,
)
_CLAUSE_COLUMNS = (
    Clause.id,
    Clause.version_id,
    Clause.position,
    Clause.number,
    Clause.label,
    Clause.heading,
    Clause.text,
    Clause.page,
    Clause.vector,
)


def _version(row: Sequence[Any]) -> PolicyRecord:
    policy, version, title, kind, lang, start, end, replaces, audience, owner, path, digest = row
    return PolicyRecord(
        policy=policy,
        version=version,
        title=title,
        kind=kind,
        lang=lang,
        in_force_from=day_of(start),
        in_force_to=None if end == OPEN else day_of(end),
        replaces=replaces,
        audience=tuple(audience),
        owner=owner,
        path=path,
        content_hash=digest,
    )


def _clause(row: Sequence[Any]) -> ClauseRecord:
    return ClauseRecord(*row)


def _version_row(policy: PolicyRecord) -> dict[str, object]:
    end = policy.in_force_to
    return {
        "id": policy.id,
        "policy": policy.policy,
        "version": policy.version,
        "title": policy.title,
        "kind": policy.kind,
        "lang": policy.lang,
        "from_day": number(policy.in_force_from),
        "to_day": OPEN if end is None else number(end),
        "replaces": policy.replaces,
        "audience": list(policy.audience),
        "owner": policy.owner,
        "path": policy.path,
        "content_hash": policy.content_hash,
    }
