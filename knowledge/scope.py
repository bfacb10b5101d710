"""Who asks as of when: what a search may find, worked out once and kept."""

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
        return policy.in_force(self.on) and self.opens(policy)

    def opens(self, policy: PolicyRecord) -> bool:
        """Whether a version is open to them, in force or not."""
        return policy.open_to(self.roles, self.units)
