"""What a sync writes: the versions that come and go, and what each changed, clause by clause."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bank.database import Transaction
from bank.policies import EVERYONE, PolicyRecord, clause_digests, clauses_of, digest_of
from bank.policy_changes import ChangeRecord
from bank.revisions import Revision
from knowledge.answer import SyncReport, VersionChanges
from knowledge.changes import Comparison, Whole, compare, whole_clauses, words_of
from knowledge.folder import same_file
from knowledge.sync import Plan
from knowledge.versions import Chains, by_policy, find_overlaps, replaced_id, version_before


@dataclass(frozen=True, slots=True)
class Compared:
    """A version that comes, or follows one that does, with what it changed against `before`."""

    record: PolicyRecord
    before: PolicyRecord
    comparison: Comparison

    @property
    def edited(self) -> bool:
        """Whether it is the version's own text that changed."""
        return self.before.id == self.record.id


class Texts:
    """The clauses of versions, those that come from the plan and the others from SQL."""

    def __init__(self, tx: Transaction, plan: Plan) -> None:
        self._tx = tx
        self._added = {record.id: clauses for record, clauses in plan.added.items()}
        self._held: dict[str, tuple[Whole, ...]] = {}

    def after(self, record: PolicyRecord) -> tuple[Whole, ...]:
        """What a version says once the plan is done."""
        if record.id in self._added:
            return whole_clauses(self._added[record.id])
        return self.held(record)

    def held(self, record: PolicyRecord) -> tuple[Whole, ...]:
        """What SQL holds of a version."""
        if record.id not in self._held:
            self._held[record.id] = whole_clauses(clauses_of(self._tx, record.id))
        return self._held[record.id]


def compare_versions(tx: Transaction, plan: Plan) -> tuple[Compared, ...]:
    """What every version that comes changed, and every one that now follows another."""
    texts = Texts(tx, plan)
    return (*_edited(plan, texts), *_following(plan, texts))


def make_revision(
    plan: Plan, compared: Sequence[Compared], today: date, chains: Chains
) -> Revision:
    """A plan as what is to be written."""
    return Revision(
        removed=frozenset(record.id for record in plan.removed),
        ends=plan.ends,
        added=plan.added,
        links=plan.links,
        compared=frozenset(
            (each.record.policy, each.record.version) for each in compared if not each.edited
        ),
        forgotten=frozenset(_widened(plan, chains)),
        changes=[change for each in compared for change in _records(each, today, chains)],
    )


def report_on(
    tx: Transaction, plan: Plan, compared: Sequence[Compared], chains: Chains
) -> SyncReport:
    """A plan as it is told to people."""
    before = {record.path for record in plan.removed}
    after = {record.path for record in plan.added}
    digests = clause_digests(tx)
    for record, clauses in plan.added.items():
        digests[record.id] = tuple(digest_of(clause.text) for clause in clauses)
    return SyncReport(
        added=tuple(sorted(after - before)),
        updated=tuple(sorted(after & before)),
        removed=tuple(sorted(before - after)),
        unchanged=tuple(sorted(plan.unchanged)),
        failed=tuple(plan.failed),
        notices=tuple(plan.notices),
        changes=tuple(_told(compared, _renewed(plan))),
        overlaps=find_overlaps(plan.standing, digests, chains),
        empties=plan.empties,
    )


def _edited(plan: Plan, texts: Texts) -> Iterator[Compared]:
    """Versions whose own text changed; one that is only read differently did not."""
    held = {record.id: record for record in plan.removed}
    for record in plan.added:
        old = held.get(record.id)
        if old is not None and not same_file(old.content_hash, record.content_hash):
            comparison = compare(texts.held(old), texts.after(record))
            if comparison.changes:
                yield Compared(record, old, comparison)


def _following(plan: Plan, texts: Texts) -> Iterator[Compared]:
    """Versions that follow another, where either has just come."""
    standing, gone = by_policy(plan.standing), by_policy(plan.gone)
    coming, going = ({record.id for record in some} for some in (plan.added, plan.gone))
    by_id = {record.id: record for record in (*plan.gone, *plan.standing)}
    touched = {
        record.policy
        for record in plan.standing
        if record.id in coming or replaced_id(record) in coming
    }
    for policy in sorted(touched):
        for record in standing[policy]:
            named = by_id.get(replaced_id(record) or "")
            before = (
                named
                or version_before(record, standing[policy])
                or version_before(record, gone[policy])
            )
            if before is None or coming.isdisjoint((record.id, before.id)):
                continue
            old = texts.held(before) if before.id in going else texts.after(before)
            yield Compared(record, before, compare(old, texts.after(record)))


def _renewed(plan: Plan) -> frozenset[str]:
    """The versions that come and were not held as they are: not those only moved or read anew."""
    held = {record.id: record for record in plan.removed}
    return frozenset(
        record.id
        for record in plan.added
        if record.id not in held or not same_file(held[record.id].content_hash, record.content_hash)
    )


def _told(compared: Sequence[Compared], renewed: frozenset[str]) -> Iterator[VersionChanges]:
    """For each version that comes: what changed in its own text, or else against the one before."""
    edited = {each.record.id for each in compared if each.edited}
    for each in compared:
        if each.record.id in renewed and (each.edited or each.record.id not in edited):
            record = each.record
            yield VersionChanges(
                record.policy, record.version, record.title, _name(each), each.comparison
            )


def _name(compared: Compared) -> str:
    before = compared.before
    return before.version if before.policy == compared.record.policy else before.id


def _records(compared: Compared, today: date, chains: Chains) -> Iterator[ChangeRecord]:
    """Changes as they are kept for the version's readers.

    None if one of them could not read the text before: to them it is new. A change of the text
    of a version that is not in force yet is told with the version when it is.
    """
    record, before = compared.record, compared.before
    if not _covers(before, record, chains) or (compared.edited and not record.in_force(today)):
        return
    for position, change in enumerate(compared.comparison.changes):
        yield ChangeRecord(
            policy=record.policy,
            version=record.version,
            before=_name(compared),
            day=today if compared.edited else record.in_force_from,
            position=position,
            kind=change.kind,
            label=change.after.label if change.after else "",
            label_before=change.before.label if change.before else "",
            edits=words_of(change),
        )


def _widened(plan: Plan, chains: Chains) -> Iterator[tuple[str, str]]:
    """The policy and version of what people may read now who perhaps could not before."""
    held = {record.id: record for record in plan.removed}
    for record in plan.added:
        if record.id not in held or not _covers(held[record.id], record, chains):
            yield record.policy, record.version


def _covers(before: PolicyRecord, record: PolicyRecord, chains: Chains) -> bool:
    """Whether everybody who may read a version may read the one before as well."""
    roles = EVERYONE in before.audience or set(record.audience) <= set(before.audience)
    units = not before.units or (
        bool(record.units)
        and not any(chains.get(unit, {unit}).isdisjoint(before.units) for unit in record.units)
    )
    return roles and units
