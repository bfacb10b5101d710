"""The cascade: what a unit gives out must sum to what it has; more is never given silently."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Cascade:
    """A unit's target, and what of it was given to whom, in the indicator's unit."""

    amount: int
    given: Mapping[str, int]

    @property
    def total(self) -> int:
        """All that was given."""
        return sum(self.given.values())

    @property
    def left(self) -> int:
        """What is still to be given; the parts sum to the whole when both this and `over` are 0."""
        return max(self.amount - self.total, 0)

    @property
    def over(self) -> int:
        """By how much more was given than there is."""
        return max(self.total - self.amount, 0)

    def giving(self, child: str, amount: int) -> "Cascade":
        """The same with another amount for one child."""
        return replace(self, given={**self.given, child: amount})
