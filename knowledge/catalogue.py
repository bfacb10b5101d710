"""The clauses of a generation as rows of one process, and which of them somebody may be shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bank.policies import PolicyRecord
from knowledge.scope import Scope

_GONE = -1
_OPEN = np.iinfo(np.int32).max

Rows = NDArray[np.bool_]
"""One truth value a row."""
Numbers = NDArray[np.intp]
"""Versions by their numbers in a catalogue."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The versions of one language, column by column: thousands are weighed for every scope.

    `since` and `until` are the days each is in force from and until before. It has the readers of
    the `kinds` of versions, of which `kind` says the place.
    """

    policies: tuple[PolicyRecord, ...]
    numbers: Numbers
    since: NDArray[np.int32]
    until: NDArray[np.int32]
    kinds: tuple[PolicyRecord, ...]
    kind: NDArray[np.intp]

    def admitted(self, scope: Scope) -> tuple[tuple[PolicyRecord, ...], Numbers]:
        """The versions that a scope admits, and their numbers."""
        on = scope.on.toordinal()
        readable = np.array([scope.opens(one) for one in self.kinds], dtype=np.bool_)
        places = np.flatnonzero((self.since <= on) & (on < self.until) & readable[self.kind])
        return tuple(self.policies[at] for at in places.tolist()), self.numbers[places]


class Catalogue:
    """Versions by id and clauses by row. Never changes; `changed` gives the one that follows.

    A clause keeps its row for as long as it is held, and no row is ever used again.
    """

    def __init__(self) -> None:
        """Hold nothing."""
        self.policies: Mapping[str, PolicyRecord] = MappingProxyType({})
        self.ids: list[str] = []
        """By row, those that are gone too; shared with the catalogues that follow."""
        self._numbers: dict[str, int] = {}
        self._next = 0
        self._version_of = np.zeros(0, dtype=np.int32)

    def changed(
        self,
        removed: Collection[str],
        added: Sequence[PolicyRecord],
        clauses: Iterable[tuple[str, str]],
        amended: Iterable[PolicyRecord] = (),
    ) -> "Catalogue":
        """This one without some versions, by id, and then with others and their clauses.

        `clauses` are ids of clauses with those of their versions, all of them `added`; they get
        the next rows in this order. Of `amended` versions the clauses stay.
        """
        other = Catalogue()
        policies = {key: value for key, value in self.policies.items() if key not in removed}
        numbers = {key: value for key, value in self._numbers.items() if key not in removed}
        policies.update((policy.id, policy) for policy in amended)
        gone = [self._numbers[key] for key in removed if key in self._numbers]
        for number, policy in enumerate(added, self._next):
            policies[policy.id], numbers[policy.id] = policy, number
        other._next = self._next + len(added)
        other.policies, other._numbers = MappingProxyType(policies), numbers
        other.ids = self.ids
        fresh = []
        for clause_id, version_id in clauses:
            other.ids.append(clause_id)
            fresh.append(numbers[version_id])
        held = np.where(np.isin(self._version_of, gone), _GONE, self._version_of)
        other._version_of = np.concatenate([held, np.asarray(fresh, dtype=np.int32)])
        return other

    def __len__(self) -> int:
        return int(np.count_nonzero(self._version_of != _GONE))

    @property
    def rows(self) -> int:
        """How many rows there are, those of clauses that are gone too."""
        return len(self._version_of)

    def admitted(self, scope: Scope, lang: str) -> tuple[tuple[PolicyRecord, ...], Numbers]:
        """The versions of a language that a scope admits, and their numbers."""
        shelf = self._shelves.get(lang)
        return shelf.admitted(scope) if shelf else ((), np.zeros(0, dtype=np.intp))

    def of(self, versions: Iterable[str]) -> Rows:
        """The rows of some versions' clauses."""
        return self.rows_of(np.array([self._numbers[v] for v in versions], dtype=np.intp))

    def rows_of(self, numbers: Numbers) -> Rows:
        """The rows of the clauses of versions by their numbers."""
        chosen = np.zeros(self._next + 1, dtype=np.bool_)
        chosen[numbers] = True
        # The last place is where _GONE points.
        return chosen[self._version_of]

    def versions(self, rows: Sequence[int]) -> NDArray[np.int32]:
        """By row, a number of the version its clause stands in."""
        return self._version_of[np.asarray(rows, dtype=np.intp)]

    @cached_property
    def _shelves(self) -> Mapping[str, Shelf]:
        by_lang: dict[str, list[PolicyRecord]] = {}
        for policy in self.policies.values():
            by_lang.setdefault(policy.lang, []).append(policy)
        return {lang: self._shelf(policies) for lang, policies in by_lang.items()}

    def _shelf(self, policies: Sequence[PolicyRecord]) -> Shelf:
        kinds: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[int, PolicyRecord]] = {}
        kind = [kinds.setdefault((p.audience, p.units), (len(kinds), p))[0] for p in policies]
        ends = (p.in_force_to for p in policies)
        return Shelf(
            policies=tuple(policies),
            numbers=np.array([self._numbers[p.id] for p in policies], dtype=np.intp),
            since=np.array([p.in_force_from.toordinal() for p in policies], dtype=np.int32),
            until=np.array([e.toordinal() if e else _OPEN for e in ends], dtype=np.int32),
            kinds=tuple(policy for _, policy in kinds.values()),
            kind=np.array(kind, dtype=np.intp),
        )
