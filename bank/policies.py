"""Policies as SQL holds them: versions, their clauses with vectors, what clauses refer to.

Everything else that knows clauses (the word index, Chroma) is derived from these rows, and is
checked against them before a word is shown.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, case, delete, insert, select, update

from bank.database import Transaction
from bank.days import OPEN, day_of, number
from bank.models import Clause, ClauseLink, PolicyVersion

EVERYONE = "all"
"""The audience entry that opens a policy to everybody."""

_BATCH = 500
_LOT = 2_000
"""Rows written at once: a hundred thousand clauses as rows take as much memory again."""


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """One version of a policy, in force from `in_force_from` until before `in_force_to`.

    `in_force_to` is None while no end is set. `path` is the file's inside the synced folder,
    `content_hash` what it held when it was read, `notices` what of it could not be taken.
    It is for people of one of `units` or of a unit below one, for everybody when there are none.
    `stated_to` is the end its file gives, which may be later than where a version that replaces
    it begins. `since` is the number of the generation it came with.
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
    units: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    stated_to: date | None = None
    since: int = field(default=0, compare=False)

    @property
    def id(self) -> str:
        """The key of its row: "post-loan@2026"."""
        return f"{self.policy}@{self.version}"

    def in_force(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.in_force_from <= on and (self.in_force_to is None or on < self.in_force_to)

    def open_to(self, roles: Collection[str], units: Collection[str] = ()) -> bool:
        """Whether somebody holding these roles, in these units, may read it.

        `units` is the person's own and every unit above it; without any, only policies that are
        for all units are open.
        """
        by_role = EVERYONE in self.audience or not set(self.audience).isdisjoint(roles)
        return by_role and (not self.units or not set(self.units).isdisjoint(units))


@dataclass(frozen=True, slots=True)
class ClauseRecord:
    """One clause (or piece of a long one) of a version; `vector` is float32, little-endian.

    `place` says where it stands in a file without pages ("Fees!12", "slide 3"). Its text is
    [start, end) of the characters that were read from the file. `tokens` are the word index's.
    """

    id: str
    version_id: str
    position: int
    number: str
    label: str
    heading: str
    text: str
    page: int | None
    vector: bytes
    place: str = ""
    start: int = 0
    end: int = 0
    tokens: str = ""


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """What a clause refers to, or a term it defines, at [start, end) of its text.

    A reference names the clause `target_number`, or a whole policy when that is empty, of
    `target_policy` as it calls it, or of its own policy when that is empty. A definition has
    its `term` instead. `position` counts a clause's links.
    """

    clause_id: str
    position: int
    kind: str
    start: int
    end: int
    target_number: str
    target_policy: str
    term: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause with the policy version it stands in."""

    clause: ClauseRecord
    policy: PolicyRecord


def policy_versions(tx: Transaction, policy: str | None = None) -> tuple[PolicyRecord, ...]:
    """Every version of a policy, or of all, by policy and the day it came into force."""
    versions = select(*_VERSION_COLUMNS).order_by(PolicyVersion.policy, PolicyVersion.from_day)
    if policy is not None:
        versions = versions.where(PolicyVersion.policy == policy)
    return tuple(_version(row) for row in tx.execute(versions))


def clauses(tx: Transaction, versions: Collection[str] | None = None) -> Iterator[ClauseRecord]:
    """Every clause of every version, or of those of some ids, by version and position."""
    statement = select(*_CLAUSE_COLUMNS).order_by(Clause.version_id, Clause.position)
    if versions is None:
        rows = tx.execute(statement, execution_options={"yield_per": _BATCH})
        return (_clause(row) for row in rows)
    return (
        _clause(row)
        for some in batched(sorted(versions))
        for row in tx.execute(statement.where(Clause.version_id.in_(some)))
    )


def clauses_of(tx: Transaction, version_id: str) -> tuple[ClauseRecord, ...]:
    """The clauses of one version in order; none when there is no such version."""
    rows = tx.execute(
        select(*_CLAUSE_COLUMNS).where(Clause.version_id == version_id).order_by(Clause.position)
    )
    return tuple(_clause(row) for row in rows)


def find_passages(tx: Transaction, clause_ids: Sequence[str]) -> dict[str, Passage]:
    """The clauses of these ids with their versions; ids that are gone are left out."""
    split = len(_CLAUSE_COLUMNS)
    passages = (
        Passage(_clause(row[:split]), _version(row[split:]))
        for row in tx.execute(_PASSAGES, {"ids": [*clause_ids]})
    )
    return {passage.clause.id: passage for passage in passages}


def links_of(tx: Transaction, clause_ids: Collection[str]) -> dict[str, tuple[LinkRecord, ...]]:
    """What these clauses refer to and define, each in order; those without any are left out."""
    found: dict[str, tuple[LinkRecord, ...]] = {}
    rows = tx.execute(
        select(*_LINK_COLUMNS)
        .where(ClauseLink.clause_id.in_(clause_ids))
        .order_by(ClauseLink.clause_id, ClauseLink.position)
    )
    for row in rows:
        link = LinkRecord(*row)
        found[link.clause_id] = (*found.get(link.clause_id, ()), link)
    return found


def definitions_of(tx: Transaction, version_ids: Collection[str]) -> tuple[LinkRecord, ...]:
    """Every term that these versions define, in the order of their clauses."""
    rows = tx.execute(
        select(*_LINK_COLUMNS)
        .join(Clause, Clause.id == ClauseLink.clause_id)
        .where(Clause.version_id.in_(version_ids), ClauseLink.kind == "definition")
        .order_by(Clause.version_id, Clause.position, ClauseLink.position)
    )
    return tuple(LinkRecord(*row) for row in rows)


def find_clause(tx: Transaction, version_id: str, number: str) -> Passage | None:
    """The clause of a number in a version (the first one for ""), its first piece if it is long.

    Where only clauses below it are numbered ("3.1" of section 3), the first of those.
    """
    statement = select(Clause.id).where(Clause.version_id == version_id)
    if number:
        below = Clause.number.startswith(f"{number}.", autoescape=True)
        statement = statement.where((Clause.number == number) | below)
        statement = statement.order_by(case((Clause.number == number, 0), else_=1))
    found = tx.execute(statement.order_by(Clause.position).limit(1)).scalar()
    return find_passages(tx, [found]).get(found) if found else None


def add_versions(
    tx: Transaction,
    added: Mapping[PolicyRecord, Sequence[ClauseRecord]],
    links: Mapping[str, Iterable[LinkRecord]],
    since: int,
) -> None:
    """Write versions with their clauses and, by version id, what these refer to.

    They come with the generation of the number `since`.
    """
    versions = [
        {
            **_version_row(policy),
            "since": since,
            "digests": " ".join(digest_of(clause.text) for clause in found),
        }
        for policy, found in added.items()
    ]
    clause_rows = (_clause_row(clause) for found in added.values() for clause in found)
    link_rows = (_link_row(link) for policy in added for link in links.get(policy.id, ()))
    for table, rows in (
        (PolicyVersion, iter(versions)),
        (Clause, clause_rows),
        (ClauseLink, link_rows),
    ):
        while lot := [*islice(rows, _LOT)]:
            tx.execute(insert(table), lot)


def remove_versions(tx: Transaction, version_ids: Collection[str]) -> None:
    """Delete versions, and with them their clauses."""
    for some in batched(sorted(version_ids)):
        tx.execute(delete(PolicyVersion).where(PolicyVersion.id.in_(some)))


def end_versions(tx: Transaction, ends: Mapping[str, date | None]) -> None:
    """Set until before which day versions are in force, by version id."""
    if ends:
        statement = update(PolicyVersion).where(PolicyVersion.id == bindparam("version_id"))
        rows = [{"version_id": key, "end": _end_day(end)} for key, end in ends.items()]
        tx.execute(statement.values(to_day=bindparam("end")), rows)


def clause_digests(tx: Transaction) -> dict[str, tuple[str, ...]]:
    """A digest of what each clause says, by version id and in order."""
    rows = tx.execute(select(PolicyVersion.id, PolicyVersion.digests))
    return {version: tuple(digests.split()) for version, digests in rows}


def digest_of(text: str) -> str:
    """The same for texts that differ in white space alone."""
    return blake2b("".join(text.split()).encode(), digest_size=8).hexdigest()


def batched(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """Keys in lots that one statement may name."""
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))


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
    PolicyVersion.units,
    PolicyVersion.notices,
    PolicyVersion.stated_to_day,
    PolicyVersion.since,
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
    Clause.place,
    Clause.start_at,
    Clause.end_at,
    Clause.tokens,
)
# Built once: it is asked with every question, and building it takes longer than its answer.
_PASSAGES = (
    select(*_CLAUSE_COLUMNS, *_VERSION_COLUMNS)
    .join(PolicyVersion, PolicyVersion.id == Clause.version_id)
    .where(Clause.id.in_(bindparam("ids", expanding=True)))
)
_LINK_COLUMNS = (
    ClauseLink.clause_id,
    ClauseLink.position,
    ClauseLink.kind,
    ClauseLink.start_at,
    ClauseLink.end_at,
    ClauseLink.target_number,
    ClauseLink.target_policy,
    ClauseLink.term,
)


def _version(row: Sequence[Any]) -> PolicyRecord:
    policy, version, title, kind, lang, start, end, replaces, audience, *rest = row
    owner, path, digest, units, notices, stated, since = rest
    return PolicyRecord(
        policy=policy,
        version=version,
        title=title,
        kind=kind,
        lang=lang,
        in_force_from=day_of(start),
        in_force_to=_end_of(end),
        replaces=replaces,
        audience=tuple(audience),
        owner=owner,
        path=path,
        content_hash=digest,
        units=tuple(units),
        notices=tuple(notices),
        stated_to=_end_of(stated),
        since=since,
    )


def _end_of(day: int) -> date | None:
    return None if day == OPEN else day_of(day)


def _end_day(end: date | None) -> int:
    return OPEN if end is None else number(end)


def _clause(row: Sequence[Any]) -> ClauseRecord:
    return ClauseRecord(*row)


def _version_row(policy: PolicyRecord) -> dict[str, object]:
    return {
        "id": policy.id,
        "policy": policy.policy,
        "version": policy.version,
        "title": policy.title,
        "kind": policy.kind,
        "lang": policy.lang,
        "from_day": number(policy.in_force_from),
        "to_day": _end_day(policy.in_force_to),
        "stated_to_day": _end_day(policy.stated_to),
        "replaces": policy.replaces,
        "audience": list(policy.audience),
        "owner": policy.owner,
        "path": policy.path,
        "content_hash": policy.content_hash,
        "units": list(policy.units),
        "notices": list(policy.notices),
    }


def _clause_row(clause: ClauseRecord) -> dict[str, object]:
    return {
        "id": clause.id,
        "version_id": clause.version_id,
        "position": clause.position,
        "number": clause.number,
        "label": clause.label,
        "heading": clause.heading,
        "text": clause.text,
        "page": clause.page,
        "vector": clause.vector,
        "place": clause.place,
        "start_at": clause.start,
        "end_at": clause.end,
        "tokens": clause.tokens,
    }


def _link_row(link: LinkRecord) -> dict[str, object]:
    return {
        "clause_id": link.clause_id,
        "position": link.position,
        "kind": link.kind,
        "start_at": link.start,
        "end_at": link.end,
        "target_number": link.target_number,
        "target_policy": link.target_policy,
        "term": link.term,
    }
