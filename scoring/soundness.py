"""Whether the parts of a scheme fit together, and what to do where they do not."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.curves import Between, Gate, needs_target
from scoring.grades import Grade
from scoring.indicators import (
    CATALOGUE,
    DEPOSITS,
    GATE,
    MONITORED_MOST,
    Dimension,
    Indicator,
    is_monitored,
)
from scoring.lines import Path
from scoring.rules import ItemRule, PayRules, Profile
from scoring.sections import ITEM_MOST, PERIODS

VETOES = ("V1", "V2")
WHOLE = 100
POINT_IN_TIME = (
    "deposits and assets are scored on day-averages only, because point-in-time deposit targets "
    'are forbidden; write type = "average"'
)
Problem = tuple[Path, str]
"""The key that is wrong, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What must fit together."""

    dimensions: tuple[Dimension, ...]
    indicators: tuple[Indicator, ...]
    least_weights: Mapping[str, int]
    profiles: tuple[Profile, ...]
    items: tuple[ItemRule, ...]
    grades: tuple[Grade, ...]
    vetoes: Mapping[str, str]
    veto_coefficients: Mapping[str, Decimal]
    pay: PayRules
    lines: tuple[str, ...]
    """Indicators that other sections send their figures to."""


def problems(parts: Parts) -> Iterator[Problem]:
    """Everything that is wrong, what others follow from first."""
    for indicator in parts.indicators:
        yield from _indicator(indicator, parts)
    yield from _weights(parts)
    yield from _profiles(parts)
    yield from _items(parts)
    yield from _grades(parts)
    yield from _pay(parts)
    known = {indicator.id for indicator in parts.indicators}
    for line in sorted(set(parts.lines) - known):
        yield ("indicators",), f"{line} is named by another section, but missing; add it"


def _indicator(indicator: Indicator, parts: Parts) -> Iterator[Problem]:
    path = ("indicators", indicator.id)
    ids = [each.id for each in parts.indicators]
    if ids.count(indicator.id) > 1:
        yield path, "is there twice; give each indicator its own id"
    if indicator.id not in CATALOGUE:
        yield path, f"is no indicator the records can measure; name one of {', '.join(CATALOGUE)}"
        return
    if indicator.dimension not in {dimension.id for dimension in parts.dimensions}:
        yield (*path, "dimension"), f"no dimension {indicator.dimension!r}; name one of the list"
    if indicator.parent and indicator.parent not in ids:
        yield path, f"is a part of {indicator.parent}, which is missing; add it, or remove both"
    yield from _measured(indicator, path)
    yield from _weight(indicator, path)
    yield from _target(indicator, path)
    if indicator.gives_to is not None and not _takes(indicator, parts):
        yield (*path, "gives_to"), "name another indicator of its dimension that has a weight"


def _takes(indicator: Indicator, parts: Parts) -> bool:
    """Whether what it gives its weight to can carry it, and hands it no further."""
    return any(
        each.id == indicator.gives_to
        and each.dimension == indicator.dimension
        and each.id != indicator.id
        and each.weight
        and each.gives_to is None
        for each in parts.indicators
    )


def _measured(indicator: Indicator, path: Path) -> Iterator[Problem]:
    measured = CATALOGUE[indicator.id]
    if indicator.id in DEPOSITS and indicator.type != "average":
        yield (*path, "type"), POINT_IN_TIME
    elif indicator.type != measured.type:
        yield (*path, "type"), f'the records measure it so; write type = "{measured.type}"'
    if indicator.unit != measured.unit:
        yield (*path, "unit"), f'the records measure it so; write unit = "{measured.unit}"'


def _weight(indicator: Indicator, path: Path) -> Iterator[Problem]:
    least, most = indicator.allowed
    if is_monitored(indicator.id) and most > MONITORED_MOST:
        yield (
            (*path, "allowed"),
            f"it is monitored and may weigh {MONITORED_MOST} at most; write [0, {MONITORED_MOST}]",
        )
    if not least <= indicator.weight <= most:
        yield (*path, "weight"), f"{indicator.weight} is not allowed; give {least} to {most}"
    gate = isinstance(indicator.curve, Gate)
    if gate != (indicator.id == GATE):
        yield (*path, "curve"), f"a gate G is for {GATE}, and {GATE} is a gate; correct the curve"
    elif gate and most:
        yield (*path, "allowed"), "a gate carries no weight; write [0, 0]"


def _target(indicator: Indicator, path: Path) -> Iterator[Problem]:
    if isinstance(indicator.curve, Gate):
        return
    where = (*path, "target")
    if indicator.is_signed and indicator.target is not None:
        yield where, "managers sign this target; leave it out here"
    if not indicator.is_signed and indicator.target is None:
        yield where, "is missing; give the target everyone has"
    if indicator.target is None:
        return
    if indicator.target <= 0 and needs_target(indicator.curve):
        yield where, 'is not above zero; use a curve B with of = "difference"'
    elif indicator.target < 0 and not _on_difference(indicator):
        yield where, 'is below zero; use a curve B with of = "difference"'
    good = _good_value(indicator)
    if good is not None and indicator.target != good:
        yield where, f"is not the {good} that the curve gives 100 points for; write both alike"


def _good_value(indicator: Indicator) -> Decimal | None:
    """What a curve on the value itself takes for the target."""
    curve = indicator.curve
    return curve.good if isinstance(curve, Between) and curve.of == "value" else None


def _on_difference(indicator: Indicator) -> bool:
    return isinstance(indicator.curve, Between) and indicator.curve.of == "difference"


def _weights(parts: Parts) -> Iterator[Problem]:
    total = sum(dimension.weight for dimension in parts.dimensions)
    if total != WHOLE:
        yield ("dimensions",), f"the weights sum to {total}; make them sum to {WHOLE}"
    for dimension in parts.dimensions:
        held = sum(i.weight for i in parts.indicators if i.dimension == dimension.id)
        if held != dimension.weight:
            yield (
                ("dimensions", dimension.id),
                f"its indicators' weights sum to {held}; make them sum to {dimension.weight}",
            )
    for name in sorted(set(parts.least_weights) - {each.id for each in parts.dimensions}):
        yield ("least_weights", name), "is no dimension; name one of the list"


def _profiles(parts: Parts) -> Iterator[Problem]:
    known = {indicator.id for indicator in parts.indicators}
    counted = Counter(profile.period for profile in parts.profiles)
    if counted != Counter(PERIODS):
        yield ("profiles",), "give one profile for the quarter and one for the year"
    for profile in parts.profiles:
        path = ("profiles", profile.id, "multiply")
        for name, factor in profile.multiply.items():
            if name not in known:
                yield (*path, name), "is no indicator of this scheme; correct its id"
            if factor <= 0:
                yield (*path, name), "give a factor above 0"
        weights = dimension_weights(parts.indicators, profile)
        for name, least in parts.least_weights.items():
            held = weights.get(name, Fraction(0))
            if held < least:
                weighs = f"it weighs {float(held):.4g} in the profile {profile.id}"
                yield ("least_weights", name), f"{weighs}; raise its weights until it has {least}"


def dimension_weights(
    indicators: tuple[Indicator, ...], profile: Profile
) -> Mapping[str, Fraction]:
    """What each dimension weighs in a profile, out of 100."""
    raw: dict[str, Fraction] = {}
    for indicator in indicators:
        factor = Fraction(profile.multiply.get(indicator.id, Decimal(1)))
        held = raw.get(indicator.dimension, Fraction(0))
        raw[indicator.dimension] = held + factor * indicator.weight
    total = sum(raw.values())
    return {name: weight * WHOLE / total for name, weight in raw.items()} if total else raw


def _items(parts: Parts) -> Iterator[Problem]:
    known = {indicator.id for indicator in parts.indicators}
    ids = [item.id for item in parts.items]
    for item in parts.items:
        path = ("items", item.id)
        if ids.count(item.id) > 1:
            yield path, "is there twice; give each item its own id"
        if item.of not in known:
            yield (*path, "of"), f"no indicator {item.of!r}; name one of this scheme"
        if not 0 < item.cap <= ITEM_MOST:
            yield (*path, "cap"), f"give more than 0 and at most {ITEM_MOST} points"
        if not item.each:
            yield (*path, "each"), "give the points of a unit, below 0 for a deduction"


def _grades(parts: Parts) -> Iterator[Problem]:
    starts = [grade.start for grade in parts.grades]
    if starts != sorted(set(starts), reverse=True) or not starts or starts[-1] != 0:
        yield ("grades",), "list them best first, with falling `from`, the last from 0"
    for grade in parts.grades:
        if grade.coefficient < 0:
            yield ("grades", grade.id, "coefficient"), "give 0 or more"
    if set(parts.vetoes) != set(VETOES):
        yield ("vetoes",), f"give the cap of each of {', '.join(VETOES)}"
    known = {grade.id for grade in parts.grades}
    for code, cap in parts.vetoes.items():
        if cap not in known:
            yield ("vetoes", code), f"no grade {cap!r}; name one of {', '.join(sorted(known))}"
    for code in sorted(set(parts.veto_coefficients) - set(VETOES)):
        yield ("veto_coefficients", code), f"is no veto; name one of {', '.join(VETOES)}"


def _pay(parts: Parts) -> Iterator[Problem]:
    known = {grade.id for grade in parts.grades}
    path = ("pay", "commission_pct")
    if set(parts.pay.commission_pct) != known:
        yield path, f"give the percentage of each of {', '.join(sorted(known))}"
    if sum(parts.pay.deferral.parts) != WHOLE:
        yield ("pay", "deferral", "parts"), f"make them sum to {WHOLE}"
