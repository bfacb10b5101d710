"""What versions changed, clause by clause, and the news of policies that is made of it.

Whoever reads a version finds out what it changed against the one before it; here that is kept, so
that it can be told to its audience later, also when the older text is gone. It stands here, and
not with those who compare texts, because those who send the news do not know them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import bindparam, delete, insert, select

from bank.database import Transaction
from bank.days import day_of, number
from bank.models import ClauseChange
from bank.policies import PolicyRecord, policy_versions

LAPSE_DAYS = 30
"""So many days ahead it is told that a policy will lapse."""


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


@dataclass(frozen=True, slots=True)
class PolicyNews:
    """Something new about a version, for those who may read it.

    came     it came into force; `changes` are against the version before, none when it is the
             first that its readers could read
    edited   its own text was changed
    lapsed   it went out of force, and nothing took its place
    lapses   it will, within LAPSE_DAYS
    """

    kind: Literal["came", "edited", "lapsed", "lapses"]
    policy: PolicyRecord
    changes: tuple[ChangeRecord, ...] = ()
    first: bool = False
    """Whether there was no such policy before, by whatever name."""

    @property
    def before(self) -> str:
        """The version it took the place of, empty when it is the first."""
        return next((change.before for change in self.changes), "")


@dataclass(frozen=True, slots=True)
class PolicyFeed:
    """The news of policies from the day `since` up to and on the day `on`."""

    since: date
    on: date
    news: tuple[PolicyNews, ...]

    def open_to(self, roles: Collection[str], units: Collection[str]) -> "PolicyFeed":
        """Only what somebody holding these roles, in these units, may read."""
        return replace(self, news=tuple(n for n in self.news if n.policy.open_to(roles, units)))


def policy_feed(tx: Transaction, since: date, on: date) -> PolicyFeed:
    """The news of every policy, for everybody: `open_to` leaves what concerns one audience."""
    return make_feed(policy_versions(tx), _changes(tx, since, on), since, on)


_Found = defaultdict[tuple[str, str, bool], list[ChangeRecord]]
"""Changes by policy, version and whether they are of the version's own text."""


def make_feed(
    versions: Sequence[PolicyRecord], changes: Iterable[ChangeRecord], since: date, on: date
) -> PolicyFeed:
    """The news of these versions from `since` to `on`, by kind and then by policy."""
    found: _Found = defaultdict(list)
    for change in changes:
        edited = change.before == change.version
        found[change.policy, change.version, edited].append(change)
    news = [
        *_came(versions, found, since, on),
        *_edited(versions, found),
        *_ended(versions, since, on),
    ]
    return PolicyFeed(since, on, tuple(news))


def _came(
    versions: Sequence[PolicyRecord], found: _Found, since: date, on: date
) -> Iterator[PolicyNews]:
    begun: dict[str, date] = {}
    for record in versions:
        begun[record.policy] = min(record.in_force_from, begun.get(record.policy, date.max))
    for record in versions:
        if since <= record.in_force_from <= on:
            changes = found[record.policy, record.version, False]
            first = record.replaces is None and record.in_force_from == begun[record.policy]
            yield PolicyNews("came", record, tuple(changes), first and not changes)


def _edited(versions: Iterable[PolicyRecord], found: _Found) -> Iterator[PolicyNews]:
    for record in versions:
        if changes := found[record.policy, record.version, True]:
            yield PolicyNews("edited", record, tuple(changes))


def _ended(versions: Sequence[PolicyRecord], since: date, on: date) -> Iterator[PolicyNews]:
    ending = [
        record
        for record in versions
        if record.in_force_to
        and since <= record.in_force_to <= on + timedelta(LAPSE_DAYS)
        and not any(_succeeds(other, record) for other in versions)
    ]
    for record in sorted(ending, key=lambda record: record.in_force_to or date.max):
        lapsed = record.in_force_to is not None and record.in_force_to <= on
        yield PolicyNews("lapsed" if lapsed else "lapses", record)


def _succeeds(other: PolicyRecord, record: PolicyRecord) -> bool:
    """Whether a version is in force where another ends, in its place."""
    same = other.policy == record.policy or other.replaces == record.id
    return same and record.in_force_to is not None and other.in_force(record.in_force_to)


def _changes(tx: Transaction, since: date, on: date) -> Iterator[ChangeRecord]:
    rows = tx.execute(
        select(
            ClauseChange.policy,
            ClauseChange.version,
            ClauseChange.before,
            ClauseChange.day,
            ClauseChange.position,
            ClauseChange.kind,
            ClauseChange.label,
            ClauseChange.label_before,
            ClauseChange.edits,
        )
        .where(ClauseChange.day.between(number(since), number(on)))
        .order_by(ClauseChange.id)
    )
    for policy, version, before, day, position, kind, label, label_before, edits in rows:
        pairs = tuple((out, put) for out, put in edits)
        yield ChangeRecord(
            policy, version, before, day_of(day), position, kind, label, label_before, pairs
        )


def record_changes(
    tx: Transaction,
    compared: Iterable[tuple[str, str]],
    changes: Iterable[ChangeRecord],
    forgotten: Iterable[tuple[str, str]] = (),
) -> None:
    """Write what versions changed.

    Of each of `compared`, a policy and version, it takes the place of what was known against the
    version before. What was changed in a version's own text is a fact of its day, and stays,
    except for those `forgotten`, which people may now read who could not read what it was.
    """
    against_another = _OF_VERSION.where(ClauseChange.before != ClauseChange.version)
    for statement, versions in ((against_another, compared), (_OF_VERSION, forgotten)):
        if keys := [{"of_policy": policy, "of_version": version} for policy, version in versions]:
            tx.execute(statement, keys)
    if rows := [_row(change) for change in changes]:
        tx.execute(insert(ClauseChange), rows)


_OF_VERSION = delete(ClauseChange).where(
    ClauseChange.policy == bindparam("of_policy"), ClauseChange.version == bindparam("of_version")
)


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
