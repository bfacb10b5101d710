"""Indicators: what the bank's records can measure, and what a scheme makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scoring.curves import Curve, Text

Unit = Literal["cny", "percent", "count", "points"]
Kind = Literal["average", "flow", "rate", "stock"]
Attribution = Literal["time", "event", "originator"]
"""Who is credited: each day's owner, the owner on the event's day, or the originator for a time."""
UNITS: tuple[Unit, ...] = ("cny", "percent", "count", "points")
KINDS: tuple[Kind, ...] = ("average", "flow", "rate", "stock")
SIGNED: tuple[Kind, ...] = ("average", "flow")


@dataclass(frozen=True, slots=True)
class Measured:
    """How the records measure an indicator: no scheme can choose that."""

    unit: Unit
    type: Kind
    attribution: Attribution
    parent: str = ""
    """The indicator it is a part of."""


def _deposits(parent: str = "") -> Measured:
    return Measured("cny", "average", "time", parent)


def _sum(parent: str = "") -> Measured:
    return Measured("cny", "flow", "event", parent)


def _share(attribution: Attribution = "event", parent: str = "") -> Measured:
    return Measured("percent", "rate", attribution, parent)


CATALOGUE: Mapping[str, Measured] = {
    "P01": _deposits(),
    "P01a": _deposits("P01"),
    "P01b": _deposits("P01"),
    "P02": _sum(),
    "P02a": _sum("P02"),
    "P02b": _sum("P02"),
    "P02c": _share(parent="P02"),
    "P03": _sum(),
    "P03a": _sum("P03"),
    "P03b": _sum("P03"),
    "P03c": _sum("P03"),
    "P04": Measured("count", "flow", "event"),
    "P05": _deposits(),
    "C01a": Measured("points", "rate", "event"),
    "C01b": Measured("count", "rate", "event"),
    "C02a": _share("time"),
    "C02b": _share("time"),
    "C03a": _share("time"),
    "C03b": _share("time"),
    "C04": _share(),
    "R00": Measured("count", "stock", "event"),
    "R01": Measured("percent", "stock", "originator"),
    "R02": _share("originator"),
    "R03": _share(),
    "R04": _share(),
    "R04a": _share(parent="R04"),
    "R04b": _share(parent="R04"),
    "R05": _sum(),
    "T01": Measured("points", "rate", "event"),
    "T02": Measured("points", "rate", "event"),
    "T03": Measured("points", "flow", "event"),
    "S01": _share("time"),
    "S02": Measured("count", "rate", "time"),
    "S03": _sum(),
    "S04": _share("time"),
    "S04a": _deposits("S04"),
    "S05": _share(),
    "S06": _share(),
    "S07": _share("time"),
    "S08": _share(),
    "S09": _share(),
    "S10": Measured("count", "stock", "event"),
    "S11": _share("time"),
    "S11a": _share("time", "S11"),
    "S12": _share(),
}
"""Every indicator the bank's records may hold. S01 to S12 are monitored, and score little at most.

C01b counts complaints for every thousand clients, S02 categories of products for every client.
"""
GATE = "R00"
"""The veto: confirmed incidents. It carries no weight."""
DEPOSITS = frozenset({"P01", "P01a", "P01b", "P05"})
"""May be scored on day-averages only: point-in-time deposit targets are forbidden."""
MONITORED_MOST = 3
"""What a monitored indicator may weigh at most, because what it rests on is estimated."""


def is_monitored(indicator: str) -> bool:
    """Whether an indicator is named among the duties only (S01 to S12)."""
    return indicator.startswith("S")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A side of the appraisal, with its weight out of 100."""

    id: str
    name: Text
    weight: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """One measured figure of a dimension."""

    id: str
    dimension: str
    name: Text
    formula: Text
    unit: Unit
    type: Kind
    weight: int
    """Out of 100; the weights of a dimension's indicators sum to its own. 0: shown, not scored."""
    allowed: tuple[int, int]
    """The least and the most it may weigh."""
    target: Decimal | None
    """The same for everyone; None where each manager signs a yearly target."""
    curve: Curve
    gives_to: str | None
    """The indicator that carries its weight while it cannot be measured; None: its dimension."""
    clause: str | None
    """The policy clause behind it, as "policy-id clause"."""

    @property
    def parent(self) -> str:
        """The indicator it is a part of; empty where it stands by itself."""
        return CATALOGUE[self.id].parent

    @property
    def attribution(self) -> Attribution:
        """Who is credited."""
        return CATALOGUE[self.id].attribution

    @property
    def is_monitored(self) -> bool:
        """Whether it is shown apart from the dimensions, and not scored."""
        return is_monitored(self.id) and not self.weight

    @property
    def is_signed(self) -> bool:
        """Whether each manager signs a yearly target for it."""
        return is_signed(self.unit, self.type)


def is_signed(unit: Unit, kind: Kind) -> bool:
    """Sums and averages of money and clients are signed for; points are everyone's alike."""
    return kind in SIGNED and unit in {"cny", "count"}
