"""The tables of a unit's analysis: sums over managers, by team and by industry, in fen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bank.performance.potential import Potential
from bank.performance.units import Business, UnitAnalysis


@dataclass(frozen=True, slots=True)
class Total:
    """What some managers' clients brought together (bank/performance/units.Business)."""

    managers: int
    clients: Decimal
    corporate: int
    retail: int
    base: int
    kept: int
    drawn: int
    owed: int
    fees: Mapping[str, int]
    new_clients: int
    potential: Potential

    @property
    def deposits(self) -> int:
        """Day-average of all deposits."""
        return self.corporate + self.retail


@dataclass(frozen=True, slots=True)
class Team:
    """A unit whose managers are in the analysis, with what they brought."""

    id: str
    name: str
    total: Total
    potentials: tuple[Potential, ...]
    """By industry, by its name."""


def total_of(some: Iterable[Business]) -> Total:
    """Managers added up."""
    each = tuple(some)
    fees: Counter[str] = Counter()
    for one in each:
        fees.update(one.fees)
    return Total(
        len(each),
        sum((one.clients for one in each), Decimal(0)),
        sum(one.corporate for one in each),
        sum(one.retail for one in each),
        sum(one.base for one in each),
        sum(one.kept for one in each),
        sum(one.drawn for one in each),
        sum(one.owed for one in each),
        dict(fees),
        sum(one.new_clients for one in each),
        _added("", (row for one in each for row in one.potentials)),
    )


def teams(analysis: UnitAnalysis) -> tuple[Team, ...]:
    """The units of the managers, by name, then id."""
    found: defaultdict[tuple[str, str], list[Business]] = defaultdict(list)
    for one in analysis.managers:
        found[one.member.unit_name, one.member.unit_id].append(one)
    return tuple(
        Team(unit, name, total_of(some), industries(some))
        for (name, unit), some in sorted(found.items())
    )


def industries(some: Iterable[Business]) -> tuple[Potential, ...]:
    """What managers' clients are estimated to do elsewhere, by industry, by its name."""
    found: defaultdict[str, list[Potential]] = defaultdict(list)
    for one in some:
        for row in one.potentials:
            found[row.industry].append(row)
    return tuple(_added(industry, rows) for industry, rows in sorted(found.items()))


def _added(industry: str, some: Iterable[Potential]) -> Potential:
    rows = tuple(some)
    return Potential(
        industry,
        sum(row.clients for row in rows),
        sum(row.here for row in rows),
        sum(row.total for row in rows),
        sum(row.needs for row in rows),
    )
