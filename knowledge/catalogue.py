"""The clauses of a generation as rows of one process, and which of them somebody may be shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bank.policies import PolicyRecord

_GONE = -1

Rows = NDArray[np.bool_]
"""One truth value a row."""


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

    def of(self, versions: Iterable[str]) -> Rows:
        """The rows of some versions' clauses."""
        chosen = np.zeros(self._next + 1, dtype=np.bool_)
        chosen[[self._numbers[version] for version in versions]] = True
        # The last place is where _GONE points.
        return chosen[self._version_of]

    def versions(self, rows: Sequence[int]) -> NDArray[np.int32]:
        """By row, a number of the version its clause stands in."""
        return self._version_of[np.asarray(rows, dtype=np.intp)]
