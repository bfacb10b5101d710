"""Which of a bank's schemes is in force: by role and day, the product's own where none is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scoring.periods import Period
from scoring.scheme import Scheme, default_scheme

APPRAISED = "manager"
"""The role that is appraised where no other is named."""


@dataclass(frozen=True, slots=True)
class Schemes:
    """The bank's own schemes, in any order."""

    own: Sequence[Scheme] = ()

    def on(self, day: date, role: str = APPRAISED) -> Scheme:
        """The scheme in force on a day: the one that began last, then the highest version."""
        held = [
            scheme
            for scheme in self.own
            if scheme.role == role
            and scheme.from_day <= day
            and (scheme.to_day is None or day < scheme.to_day)
        ]
        return max(held, key=lambda one: (one.from_day, one.version), default=default_scheme())

    def of_period(self, period: Period, role: str = APPRAISED) -> Scheme:
        """The scheme of a whole period: the one in force on its first day."""
        return self.on(period.first, role)

    def behind(self, scheme_id: str, period: Period) -> Scheme:
        """The scheme a run of a period names; the period's where it is not there any more."""
        found = [scheme for scheme in self.all() if scheme.id == scheme_id]
        newest = sorted(found, key=lambda one: (one.from_day <= period.first, one.version))
        return newest[-1] if newest else self.of_period(period)

    def all(self) -> tuple[Scheme, ...]:
        """The bank's own, then the product's."""
        return (*self.own, default_scheme())


PRODUCTS_OWN = Schemes()
"""Without any of the bank's."""
