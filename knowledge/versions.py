"""Which versions may stand side by side: one of a policy at a time, each after what it replaces.

A version that replaces another of its policy ends that one where it begins itself. Any other two
of one policy must not be in force together, or an answer could cite either. Different policies
may be; where they look as if they should not, that is told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations, product
from typing import Literal

from bank.policies import EVERYONE, PolicyRecord

_ALIKE = 0.5
"""From this share of the shorter one's clauses on, two policies are taken to say the same."""
_FEWEST_ALIKE = 3
_STOCK = 20
"""What more versions than this say is a stock phrase, and makes no two alike."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two versions of different policies, in force together from `since` until before `until`.

    replaced  the first replaces the second, which goes on
    title     they have the same title
    text      they have `shared` clauses in common
    """

    kind: Literal["replaced", "title", "text"]
    one: str
    other: str
    since: date
    until: date | None
    shared: int = 0


def refusal(
    record: PolicyRecord, standing: Iterable[PolicyRecord], everything: Sequence[PolicyRecord]
) -> str:
    """Why a version cannot stand beside others of its policy, empty when it can.

    `everything` has those as well that are still to be judged, itself among them.
    """
    replaced = next((other for other in everything if _replaces(record, other)), None)
    if replaced and replaced.in_force_from >= record.in_force_from:
        return (
            f"replaces version {replaced.version} ({replaced.path}), which comes into force later, "
            f"on {replaced.in_force_from}: correct replaces or in_force_from"
        )
    own_end = end_of(record, everything)
    for other in standing:
        if other.version == record.version:
            return f"version {record.version} of {record.policy!r} is also in {other.path}"
        end = end_of(other, everything)
        if _meet(record.in_force_from, own_end, other.in_force_from, end):
            until = end.isoformat() if end else "further notice"
            return (
                f"in force from {record.in_force_from}, while version {other.version} "
                f"({other.path}) is until {until}: set in_force_to of the earlier one, or "
                "replaces of the later one"
            )
    return ""


def end_of(record: PolicyRecord, group: Iterable[PolicyRecord]) -> date | None:
    """Until before which day a version is in force, with what of its policy replaces it."""
    ends = [
        other.in_force_from
        for other in group
        if _replaces(other, record) and other.in_force_from > record.in_force_from
    ]
    return min((end for end in (record.stated_to, *ends) if end is not None), default=None)


def replaced_id(record: PolicyRecord) -> str | None:
    """The id of the version that a version says it replaces."""
    if record.replaces is None or "@" in record.replaces:
        return record.replaces
    return f"{record.policy}@{record.replaces}"


def version_before(record: PolicyRecord, others: Iterable[PolicyRecord]) -> PolicyRecord | None:
    """The version, of those given, that a version follows: what it replaces, or the last one."""
    named = replaced_id(record)
    earlier = []
    for other in others:
        if other.id == named:
            return other
        if other.policy == record.policy and other.in_force_from < record.in_force_from:
            earlier.append(other)
    return max(earlier, key=lambda other: other.in_force_from, default=None)


def by_policy(records: Iterable[PolicyRecord]) -> defaultdict[str, list[PolicyRecord]]:
    """Versions by their policy, in the order they are given."""
    groups: defaultdict[str, list[PolicyRecord]] = defaultdict(list)
    for record in records:
        groups[record.policy].append(record)
    return groups


Chains = Mapping[str, AbstractSet[str]]
"""By unit, it and every unit above it. A unit that is not there stands alone."""


def find_overlaps(
    standing: Sequence[PolicyRecord], digests: Mapping[str, Sequence[str]], chains: Chains
) -> tuple[Overlap, ...]:
    """Pairs of policies in force together that one would expect to be one, by their ids.

    `digests` are of each version's clauses, by version id.
    """
    by_id = {record.id: record for record in standing}
    found: dict[tuple[str, str], Overlap] = {}
    for one, other, kind, shared in (
        *_replacing(standing, by_id),
        *_same_title(standing),
        *_same_text(by_id, digests),
    ):
        pair = (min(one.id, other.id), max(one.id, other.id))
        apart = one.policy != other.policy and pair not in found
        if apart and _seen_together(one, other, chains):
            since = max(one.in_force_from, other.in_force_from)
            ends = [end for end in (one.in_force_to, other.in_force_to) if end is not None]
            until = min(ends, default=None)
            found[pair] = Overlap(kind, one.id, other.id, since, until, shared)
    return tuple(found[pair] for pair in sorted(found))


_Pair = tuple[PolicyRecord, PolicyRecord, Literal["replaced", "title", "text"], int]


def _replacing(
    standing: Iterable[PolicyRecord], by_id: Mapping[str, PolicyRecord]
) -> Iterable[_Pair]:
    for record in standing:
        replaced = by_id.get(replaced_id(record) or "")
        if replaced is not None:
            yield record, replaced, "replaced", 0


def _same_title(standing: Iterable[PolicyRecord]) -> Iterable[_Pair]:
    titled: dict[str, list[PolicyRecord]] = defaultdict(list)
    for record in standing:
        titled["".join(record.title.lower().split())].append(record)
    for group in titled.values():
        for one, other in combinations(sorted(group, key=lambda record: record.id), 2):
            yield one, other, "title", 0


def _same_text(
    by_id: Mapping[str, PolicyRecord], digests: Mapping[str, Sequence[str]]
) -> Iterable[_Pair]:
    distinct = {version: frozenset(digests.get(version, ())) for version in by_id}
    counts = Counter(chain.from_iterable(distinct.values()))
    # Most clauses are only one version's: nothing is kept of those.
    several = frozenset(digest for digest, count in counts.items() if 1 < count <= _STOCK)
    holders: dict[str, list[str]] = defaultdict(list)
    for version, held in distinct.items():
        for digest in held & several:
            holders[digest].append(version)
    shared: Counter[tuple[str, str]] = Counter()
    for versions in holders.values():
        shared.update(combinations(sorted(versions), 2))
    for (one, other), count in shared.items():
        fewest = min(len(distinct[one]), len(distinct[other]))
        if count >= _FEWEST_ALIKE and count >= _ALIKE * fewest:
            yield by_id[one], by_id[other], "text", count


def _seen_together(one: PolicyRecord, other: PolicyRecord, chains: Chains) -> bool:
    """Whether anybody may read both on some day."""
    together = _meet(one.in_force_from, one.in_force_to, other.in_force_from, other.in_force_to)
    roles = {*one.audience, *other.audience}
    same_role = EVERYONE in roles or not set(one.audience).isdisjoint(other.audience)
    pairs = product(one.units, other.units)
    below = any(a in chains.get(b, {b}) or b in chains.get(a, {a}) for a, b in pairs)
    return together and same_role and (below or not one.units or not other.units)


def _replaces(record: PolicyRecord, other: PolicyRecord) -> bool:
    return replaced_id(record) == other.id


def _meet(one_from: date, one_to: date | None, two_from: date, two_to: date | None) -> bool:
    return (two_to is None or one_from < two_to) and (one_to is None or two_from < one_to)
