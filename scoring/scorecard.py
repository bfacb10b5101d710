"""The scorecard: a manager's result for a period, as values and as the JSON it is stored in."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Self

from scoring.curves import Text
from scoring.indicators import Unit
from scoring.items import Item
from scoring.pace import Milestone, Pace, Waiting
from scoring.rounding import micro
from scoring.weights import Moved

Json = dict[str, Any]
MILESTONE_DAYS = ("month_of", "week_first", "week_last")


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """An indicator as scored. `weight` is what it carried out of 100 (0 where `status` is na)."""

    id: str
    parent: str
    """The indicator it is a part of; empty where it stands by itself."""
    name: Text
    unit: Unit
    actual: Decimal | None
    target: Decimal | None
    """What was to be reached by `as_of`."""
    attainment: Decimal | None
    """Actual ÷ target, 1 being the target; None where less is better, and without a target."""
    score: Decimal | None
    weight: Decimal
    as_of: date
    status: Literal["ok", "na"]
    explain: Json
    """formula, as_of, inputs, curve, attribution, clause, note, weight: see appraisal._explain."""


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """A dimension as scored; `weight` is what it carried out of 100."""

    id: str
    weight: Decimal
    score: Decimal | None
    indicators: tuple[IndicatorScore, ...]


@dataclass(frozen=True, slots=True)
class VetoNote:
    """What capped the grade: the worst veto, all its incidents, and the grade without it."""

    code: str
    incidents: tuple[Json, ...]
    grade_without: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A manager's result for a period as of a day."""

    manager: str
    period: str
    as_of: date
    score: Decimal | None
    grade: str
    """A grade's id in the scheme, or "not_graded"."""
    veto: VetoNote | None
    dimensions: tuple[DimensionScore, ...]
    pace: tuple[Pace, ...] = ()
    monitored: tuple[IndicatorScore, ...] = ()
    """Indicators that are shown and never scored."""
    items: tuple[Item, ...] = ()
    """Points beside the weighted score; `score` has them."""
    moved: tuple[Moved, ...] = ()
    """The weights of what could not be measured, and who carries them."""
    profile: str = ""
    """The weights' profile; empty on scorecards from before there were any."""

    def indicators(self) -> tuple[IndicatorScore, ...]:
        """The indicators of every dimension, then the monitored ones."""
        scored = (row for dimension in self.dimensions for row in dimension.indicators)
        return (*scored, *self.monitored)

    def to_json(self) -> Json:
        """The shape it is stored in, and `daybook kpi --json` prints with the forecast and levers.

        Money is whole fen, the rest plain numbers.
        """
        return {
            "manager": self.manager,
            "period": self.period,
            "as_of": self.as_of.isoformat(),
            "score": number_json(self.score),
            "grade": self.grade,
            "veto": asdict(self.veto) if self.veto else None,
            "dimensions": [_dimension_json(dimension) for dimension in self.dimensions],
            "pace": [_pace_json(pace) for pace in self.pace],
            "monitored": [_indicator_json(indicator) for indicator in self.monitored],
            "items": [_item_json(item) for item in self.items],
            "moved": [_moved_json(moved) for moved in self.moved],
            "profile": self.profile,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The scorecard that `to_json` wrote, figure for figure."""
        veto = data["veto"]
        return cls(
            data["manager"],
            data["period"],
            date.fromisoformat(data["as_of"]),
            _decimal(data["score"]),
            data["grade"],
            VetoNote(veto["code"], tuple(veto["incidents"]), veto["grade_without"])
            if veto
            else None,
            tuple(_dimension(each) for each in data["dimensions"]),
            tuple(_pace(each) for each in data["pace"]),
            tuple(_indicator(each) for each in data.get("monitored", ())),
            tuple(_item(each) for each in data.get("items", ())),
            tuple(_moved(each) for each in data.get("moved", ())),
            data.get("profile", ""),
        )


def number_json(value: Decimal | None) -> int | float | None:
    """A decimal of at most six places as a JSON number that reads back to the same decimal."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else micro(Decimal(str(value)))


def _dimension_json(dimension: DimensionScore) -> Json:
    return {
        "id": dimension.id,
        "weight": number_json(dimension.weight),
        "score": number_json(dimension.score),
        "indicators": [_indicator_json(indicator) for indicator in dimension.indicators],
    }


def _dimension(data: Json) -> DimensionScore:
    return DimensionScore(
        data["id"],
        _number(data["weight"]),
        _decimal(data["score"]),
        tuple(_indicator(each) for each in data["indicators"]),
    )


def _indicator_json(scored: IndicatorScore) -> Json:
    return {
        "id": scored.id,
        "parent": scored.parent,
        "name": scored.name,
        "unit": scored.unit,
        "actual": number_json(scored.actual),
        "target": number_json(scored.target),
        "attainment": number_json(scored.attainment),
        "score": number_json(scored.score),
        "weight": number_json(scored.weight),
        "as_of": scored.as_of.isoformat(),
        "status": scored.status,
        "explain": scored.explain,
    }


def _indicator(data: Json) -> IndicatorScore:
    return IndicatorScore(
        data["id"],
        data.get("parent", ""),
        data["name"],
        data["unit"],
        _decimal(data["actual"]),
        _decimal(data["target"]),
        _decimal(data["attainment"]),
        _decimal(data["score"]),
        _number(data["weight"]),
        date.fromisoformat(data["as_of"]),
        data["status"],
        data["explain"],
    )


def _pace_json(pace: Pace) -> Json:
    return {
        "indicator": pace.indicator,
        "target": number_json(pace.target),
        "planned": number_json(pace.planned),
        "actual": number_json(pace.actual),
        "ahead": number_json(pace.ahead),
        "needed": number_json(pace.needed),
        "days_left": pace.days_left,
        "waiting": asdict(pace.waiting) if pace.waiting else None,
        "milestone": _milestone_json(pace.milestone),
    }


def _milestone_json(milestone: Milestone | None) -> Json | None:
    if milestone is None:
        return None
    days = {name: getattr(milestone, name).isoformat() for name in MILESTONE_DAYS}
    return asdict(milestone) | days


def _milestone(data: Json | None) -> Milestone | None:
    if data is None:
        return None
    days = {name: date.fromisoformat(data[name]) for name in MILESTONE_DAYS}
    return Milestone(**data | days)


def _pace(data: Json) -> Pace:
    return Pace(
        data["indicator"],
        _number(data["target"]),
        _number(data["planned"]),
        _number(data["actual"]),
        _number(data["ahead"]),
        _decimal(data["needed"]),
        data["days_left"],
        Waiting(**data["waiting"]) if data["waiting"] else None,
        _milestone(data.get("milestone")),
    )


def _number(value: float) -> Decimal:
    return micro(Decimal(str(value)))


def _item_json(item: Item) -> Json:
    return {
        "id": item.id,
        "name": item.name,
        "points": number_json(item.points),
        "of": item.of,
        "actual": number_json(item.actual),
        "clause": item.clause,
    }


def _item(data: Json) -> Item:
    points, actual = _number(data["points"]), _number(data["actual"])
    return Item(data["id"], data["name"], points, data["of"], actual, data["clause"])


def _moved_json(moved: Moved) -> Json:
    return {
        "indicator": moved.indicator,
        "weight": number_json(moved.weight),
        "how": moved.how,
        "to": list(moved.to),
    }


def _moved(data: Json) -> Moved:
    return Moved(data["indicator"], _number(data["weight"]), data["how"], tuple(data["to"]))
