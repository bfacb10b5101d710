"""What one sync changes of the policies, written in one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bank.database import Transaction
from bank.glossary import GlossaryRecord, replace_glossary
from bank.policies import (
    ClauseRecord,
    LinkRecord,
    PolicyRecord,
    add_versions,
    end_versions,
    remove_versions,
)
from bank.policy_changes import ChangeRecord, record_changes


@dataclass(frozen=True, slots=True)
class Revision:
    """Versions that go (by id) and come, with what their clauses refer to and changed.

    `ends` are new last days (exclusive) of versions that stay, by version id, as are `links` of
    those that come. `compared` are the policy and version of those whose `changes`
    against the version before were found anew, `forgotten` of those whose earlier ones are not
    for all who may read them now. `glossary` are the bank's own entries instead of those held,
    None where they stay.
    """

    removed: frozenset[str] = frozenset()
    added: Mapping[PolicyRecord, Sequence[ClauseRecord]] = field(default_factory=dict)
    ends: Mapping[str, date | None] = field(default_factory=dict)
    links: Mapping[str, Sequence[LinkRecord]] = field(default_factory=dict)
    compared: frozenset[tuple[str, str]] = frozenset()
    forgotten: frozenset[tuple[str, str]] = frozenset()
    changes: Sequence[ChangeRecord] = ()
    glossary: Sequence[GlossaryRecord] | None = None


def revise(tx: Transaction, revision: Revision, since: int) -> None:
    """Write a revision, which comes with the generation of the number `since`.

    The caller switches to that generation in the same transaction.
    """
    remove_versions(tx, revision.removed)
    end_versions(tx, revision.ends)
    add_versions(tx, revision.added, revision.links, since)
    record_changes(tx, revision.compared, revision.changes, revision.forgotten)
    if revision.glossary is not None:
        replace_glossary(tx, revision.glossary)
