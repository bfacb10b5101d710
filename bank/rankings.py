"""What the bank has taught the search, as SQL holds it: rankers and confirmed answers."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from bank.database import Transaction
from bank.models import Clause, ConfirmedAnswer, PolicyVersion, Ranker
from bank.upsert import upsert

_LOT = 500


@dataclass(frozen=True, slots=True)
class RankerRecord:
    """A stored ranker without its data: what it fits and how well it did."""

    id: str
    lang: str
    made_at: datetime
    made_by: str
    reading: str
    metrics: Mapping[str, Any]
    active: bool


@dataclass(frozen=True, slots=True)
class NamedClause:
    """A clause as it was when something was said of it: its policy, number and words.

    It stands for as long as a version's clause of that number has the words whose `digest` this
    is.
    """

    policy: str
    number: str
    digest: str


@dataclass(frozen=True, slots=True)
class ConfirmedRecord:
    """A question and the clause that answers it; it counts for as long as the clause stands."""

    question: str
    lang: str
    policy: str
    number: str
    digest: str
    confirmed_by: str
    confirmed_at: datetime

    @property
    def id(self) -> str:
        """The key of its row: the same pair is confirmed once."""
        named = f"{self.policy}\n{self.number}\n{self.question}"
        return hashlib.sha256(named.encode()).hexdigest()[:16]

    @property
    def clause(self) -> NamedClause:
        """The clause with the words it was confirmed with."""
        return NamedClause(self.policy, self.number, self.digest)


@dataclass(frozen=True, slots=True)
class Taught:
    """What there is to be read, cheap enough to ask with every question."""

    rankers: tuple[str, ...]
    confirmed: int
    newest: datetime | None


def digest(texts: Sequence[str]) -> str:
    """The digest of a clause's words, piece by piece."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def taught(tx: Transaction) -> Taught:
    """The active rankers' ids and how far the confirmed answers go."""
    count, newest = tx.execute(_CONFIRMED).one()
    return Taught(tuple(tx.scalars(_ACTIVE)), int(count), newest)


# Built once: they are asked with every question.
_ACTIVE = select(Ranker.id).where(Ranker.active).order_by(Ranker.id)
_CONFIRMED = select(func.count(), func.max(ConfirmedAnswer.confirmed_at)).select_from(
    ConfirmedAnswer
)


def rankers(tx: Transaction) -> tuple[RankerRecord, ...]:
    """Every ranker that was kept, newest first."""
    rows = tx.execute(select(*_RANKER_COLUMNS).order_by(Ranker.made_at.desc(), Ranker.id))
    return tuple(RankerRecord(*row) for row in rows)


def ranker_data(tx: Transaction, ranker_id: str) -> Mapping[str, Any] | None:
    """What a ranker consists of; None when it is gone."""
    found: Mapping[str, Any] | None = tx.scalar(select(Ranker.data).where(Ranker.id == ranker_id))
    return found


def keep_ranker(tx: Transaction, record: RankerRecord, data: Mapping[str, Any]) -> None:
    """Store a ranker; an active one takes the place of its language's."""
    if record.active:
        use_ranker(tx, record.lang, None)
    tx.execute(insert(Ranker).values(**asdict(record), data=dict(data)))


def use_ranker(tx: Transaction, lang: str, ranker_id: str | None) -> None:
    """Make a ranker its language's active one; None is the default order."""
    statement = update(Ranker).where(Ranker.lang == lang)
    tx.execute(statement.values(active=Ranker.id == (ranker_id or "")))


def confirmed_answers(tx: Transaction) -> tuple[ConfirmedRecord, ...]:
    """Every confirmed answer, whether it still counts or not, oldest first."""
    order = (ConfirmedAnswer.confirmed_at, ConfirmedAnswer.id)
    rows = tx.execute(select(*_CONFIRMED_COLUMNS).order_by(*order))
    return tuple(ConfirmedRecord(*row) for row in rows)


def confirm(tx: Transaction, records: Sequence[ConfirmedRecord]) -> None:
    """Store confirmed answers; one that was there takes the new clause's words, who and when."""
    upsert(tx, ConfirmedAnswer, [{"id": one.id, **asdict(one)} for one in records], ["id"])


def forget(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove confirmed answers; ids that are gone already are passed over."""
    for start in range(0, len(ids), _LOT):
        chosen = ConfirmedAnswer.id.in_(ids[start : start + _LOT])
        tx.execute(delete(ConfirmedAnswer).where(chosen))


def standing(tx: Transaction, records: Sequence[ConfirmedRecord]) -> dict[str, tuple[str, ...]]:
    """By id of those that still count, the ids of the clauses (or pieces of one) they name."""
    found = find_named(tx, [one.clause for one in records])
    return {one.id: found[one.clause] for one in records if one.clause in found}


def find_named(
    tx: Transaction, named: Collection[NamedClause]
) -> dict[NamedClause, tuple[str, ...]]:
    """The ids of the clauses (or pieces of one) of each that stands, in whatever versions."""
    pairs = sorted({(one.policy, one.number) for one in named})
    pieces: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for start in range(0, len(pairs), _LOT):
        some = pairs[start : start + _LOT]
        policies, numbers = ({pair[at] for pair in some} for at in (0, 1))
        rows = tx.execute(
            select(PolicyVersion.policy, Clause.version_id, Clause.number, Clause.id, Clause.text)
            .join(PolicyVersion, PolicyVersion.id == Clause.version_id)
            .where(PolicyVersion.policy.in_(policies), Clause.number.in_(numbers))
            .order_by(Clause.version_id, Clause.position)
        )
        wanted = set(some)
        for policy, version, number, clause_id, text in rows:
            if (policy, number) in wanted:
                pieces.setdefault((policy, number, version), []).append((clause_id, text))
    by_words: dict[NamedClause, list[str]] = {}
    for (policy, number, _), found in pieces.items():
        key = NamedClause(policy, number, digest([text for _, text in found]))
        by_words.setdefault(key, []).extend(clause_id for clause_id, _ in found)
    return {one: tuple(by_words[one]) for one in named if one in by_words}


_RANKER_COLUMNS = (
    Ranker.id,
    Ranker.lang,
    Ranker.made_at,
    Ranker.made_by,
    Ranker.reading,
    Ranker.metrics,
    Ranker.active,
)
_CONFIRMED_COLUMNS = (
    ConfirmedAnswer.question,
    ConfirmedAnswer.lang,
    ConfirmedAnswer.policy,
    ConfirmedAnswer.number,
    ConfirmedAnswer.digest,
    ConfirmedAnswer.confirmed_by,
    ConfirmedAnswer.confirmed_at,
)
