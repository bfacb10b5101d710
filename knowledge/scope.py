"""Who asks as of when: what a search may find, worked out once and kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bank.policies import PolicyRecord


@dataclass(frozen=True, slots=True)
class Scope:
    """As of when somebody asks, and what they may read: by their roles, in their units."""

    on: date
    roles: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()

    def admits(self, policy: PolicyRecord) -> bool:
        """Whether a version is in force then and open to them."""
        return policy.in_force(self.on) and policy.open_to(self.roles, self.units)

    def admitted(self, policies: Iterable[PolicyRecord]) -> Iterator[PolicyRecord]:
        """The versions of many that it admits."""
        # Thousands of versions are for a few dozen sets of roles and units.
        readers: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = {}
        for policy in policies:
            if policy.in_force(self.on):
                for_whom = (policy.audience, policy.units)
                if for_whom not in readers:
                    readers[for_whom] = policy.open_to(self.roles, self.units)
                if readers[for_whom]:
                    yield policy
