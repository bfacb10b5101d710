"""How well a client stands: 0 to 100, of its statements, its behaviour, and its industry.

Reminders specification §7. A ratio is read by its percentile among companies, a figure of the
records by a straight-line reading, an industry by its index; each is shown with its points, and
the points add up to the score exactly. Nothing here was fitted to who failed. Altman's Z″ stands
beside the score and is no part of it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from scoring.curves import Text
from scoring.health_rules import AltmanRules, Band, BehaviourRule, HealthRules, PartId
from scoring.loans import months_before

DAYS_OF_SALES = 365
FULL = Fraction(100)
Why = Literal["", "none", "few", "stale"]
"""Why a part tells nothing: no figures, too few of them, or too old ones; empty where it does."""
Zone = Literal["distress", "grey", "safe"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A company's annual statement, in fen; what it earned is of the whole year."""

    year_end: date
    received: date
    assets: int
    current_assets: int
    inventory: int
    cash: int
    liabilities: int
    current_liabilities: int
    retained_earnings: int
    sales: int
    sales_profit: int
    ebit: int
    net_profit: int
    depreciation: int


@dataclass(frozen=True, slots=True)
class Prosperity:
    """An industry's index of 0 to 100 (景气指数), in force from a day."""

    industry: str
    from_day: date
    index: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a client on a day; `behaviour` holds only what the records tell."""

    on: date
    as_of: date
    """The end of the day that the figures of behaviour tell of."""
    statement: Statement | None
    behaviour: Mapping[str, Fraction]
    industry: Prosperity | None


@dataclass(frozen=True, slots=True)
class Item:
    """One figure: what it is, how it reads (0 to 100), and its points out of its weight.

    A figure that is missing has neither and weighs nothing; the others of its part carry it.
    """

    id: str
    name: Text
    value: Fraction | None
    reading: Fraction | None
    weight: Fraction

    @property
    def points(self) -> Fraction:
        """What it adds to the score."""
        return Fraction(0) if self.reading is None else self.reading * self.weight / FULL


@dataclass(frozen=True, slots=True)
class Part:
    """One side of a client: its own weight, the weight it carries now, and its figures."""

    id: PartId
    name: Text
    weight: int
    carries: Fraction
    day: date | None
    """The day its figures tell of; None where there are none."""
    why: Why
    items: tuple[Item, ...]

    @property
    def points(self) -> Fraction:
        """What it adds to the score."""
        return sum((item.points for item in self.items), Fraction(0))


@dataclass(frozen=True, slots=True)
class Altman:
    """Z″, and what its author makes of it."""

    z: Fraction
    zone: Zone


@dataclass(frozen=True, slots=True)
class Health:
    """A client's health on a day; `score` and `band` are None where nothing is known."""

    on: date
    score: Fraction | None
    band: Band | None
    parts: tuple[Part, ...]
    altman: Altman | None
    """None without a statement that gives all of its ratios."""


def assess(known: Known, rules: HealthRules) -> Health:
    """The health of a client of whom so much is known."""
    found = ratios(known.statement) if known.statement else {}
    figures: Mapping[PartId, tuple[Item, ...]] = {
        "statement": statement_items(found, rules),
        "behaviour": _behaviour_items(known.behaviour, rules.behaviour),
        "industry": _industry_items(known.industry),
    }
    why: Mapping[PartId, Why] = {
        "statement": _statement_why(known, figures["statement"], rules),
        "behaviour": "" if known.behaviour else "none",
        "industry": _industry_why(known, rules),
    }
    days: Mapping[PartId, date | None] = {
        "statement": known.statement.year_end if known.statement else None,
        "behaviour": known.as_of if known.behaviour else None,
        "industry": known.industry.from_day if known.industry else None,
    }
    carried = _carried(why, rules)
    parts = tuple(
        Part(
            rule.id,
            rule.name,
            rule.weight,
            carried[rule.id],
            days[rule.id],
            why[rule.id],
            _weighed(figures[rule.id], carried[rule.id]),
        )
        for rule in rules.parts
    )
    score = sum((part.points for part in parts), Fraction(0)) if any(carried.values()) else None
    band = None if score is None else band_of(score, rules.bands)
    return Health(known.on, score, band, parts, altman(found, rules.altman))


def ratios(statement: Statement) -> dict[str, Fraction]:
    """A statement's ratios; one without a denominator above zero is absent."""
    one = statement
    quick, working = (
        one.current_assets - one.inventory,
        one.current_assets - one.current_liabilities,
    )
    of: Mapping[str, tuple[int, int]] = {
        "ebit_to_assets": (one.ebit, one.assets),
        "net_profit_plus_depreciation_to_liabilities": (
            one.net_profit + one.depreciation,
            one.liabilities,
        ),
        "equity_to_liabilities": (one.assets - one.liabilities, one.liabilities),
        "quick_ratio": (quick, one.current_liabilities),
        "profit_on_sales_to_sales": (one.sales_profit, one.sales),
        "cash_ratio": (one.cash, one.current_liabilities),
        "short_term_liabilities_days_of_sales": (
            one.current_liabilities * DAYS_OF_SALES,
            one.sales,
        ),
        "profit_on_sales_to_assets": (one.sales_profit, one.assets),
        "working_capital_to_assets": (working, one.assets),
        "retained_earnings_to_assets": (one.retained_earnings, one.assets),
    }
    return {name: Fraction(above, below) for name, (above, below) in of.items() if below > 0}


def percentile(value: Fraction, quantiles: Sequence[Fraction]) -> Fraction:
    """Where a value stands among a reference's 1st to 99th percentiles, from 0 to 100.

    In proportion between two of them; 0 below the first, 100 above the last; in the middle of
    several that are alike.
    """
    low, high = bisect_left(quantiles, value), bisect_right(quantiles, value)
    if low < high:
        return Fraction(low + 1 + high, 2)
    if not low:
        return Fraction(0)
    if low == len(quantiles):
        return FULL
    below, above = quantiles[low - 1], quantiles[low]
    return low + (value - below) / (above - below)


def statement_items(found: Mapping[str, Fraction], rules: HealthRules) -> tuple[Item, ...]:
    """Each ratio's reading; those there are count alike."""
    items = []
    for rule in rules.ratios:
        value, reading = found.get(rule.id), None
        if value is not None:
            place = percentile(value, rule.quantiles)
            reading = place if rule.good == "higher" else FULL - place
        items.append(Item(rule.id, rule.name, value, reading, Fraction(1)))
    return tuple(items)


def statement_reading(found: Mapping[str, Fraction], rules: HealthRules) -> Fraction | None:
    """The statement part by itself, from 0 to 100; None with too few ratios."""
    items = statement_items(found, rules)
    readings = [item.reading for item in items if item.reading is not None]
    return (
        sum(readings, Fraction(0)) / len(readings) if len(readings) >= rules.fewest_ratios else None
    )


def altman(found: Mapping[str, Fraction], rules: AltmanRules) -> Altman | None:
    """Z″ = 6.56 WC/TA + 3.26 RE/TA + 6.72 EBIT/TA + 1.05 BE/TL; None if a ratio is missing."""
    if not rules.weights.keys() <= found.keys():
        return None
    z = sum((by * found[name] for name, by in rules.weights.items()), Fraction(0))
    if z < rules.distress_below:
        return Altman(z, "distress")
    return Altman(z, "safe" if z > rules.safe_above else "grey")


def band_of(score: Fraction, bands: Sequence[Band]) -> Band:
    """The band a score lies in."""
    return next(band for band in reversed(bands) if score >= band.start)


def read_behaviour(value: Fraction, rule: BehaviourRule) -> Fraction:
    """How a figure of the records reads, from 0 to 100."""
    points = rule.points
    at = bisect_right(points, value, key=lambda point: point[0])
    if not at:
        return points[0][1]
    if at == len(points):
        return points[-1][1]
    (low, start), (high, end) = points[at - 1], points[at]
    return start + (value - low) / (high - low) * (end - start)


def _behaviour_items(
    found: Mapping[str, Fraction], rules: Sequence[BehaviourRule]
) -> tuple[Item, ...]:
    return tuple(
        Item(
            rule.id,
            rule.name,
            found.get(rule.id),
            read_behaviour(found[rule.id], rule) if rule.id in found else None,
            Fraction(rule.weight),
        )
        for rule in rules
    )


def _industry_items(found: Prosperity | None) -> tuple[Item, ...]:
    if found is None:
        return ()
    index = Fraction(found.index)
    name = {"en": "Prosperity index", "zh": "景气指数"}
    return (Item("prosperity", name, index, index, Fraction(1)),)


def _statement_why(known: Known, items: Sequence[Item], rules: HealthRules) -> Why:
    if known.statement is None:
        return "none"
    if known.statement.year_end < months_before(known.on, rules.stale_months):
        return "stale"
    told = sum(item.reading is not None for item in items)
    return "" if told >= rules.fewest_ratios else "few"


def _industry_why(known: Known, rules: HealthRules) -> Why:
    if known.industry is None:
        return "none"
    oldest = months_before(known.on, rules.industry_stale_months)
    return "stale" if known.industry.from_day < oldest else ""


def _carried(why: Mapping[PartId, Why], rules: HealthRules) -> dict[PartId, Fraction]:
    """What each part weighs now: an untold one gives its weight on, and the sum stays 100."""
    told = {part.id: part.weight for part in rules.parts if not why[part.id]}
    carried = {part.id: Fraction(told.get(part.id, 0)) for part in rules.parts}
    for part in rules.parts:
        if part.id in told or not told:
            continue
        takers = {part.gives_to: 1} if part.gives_to in told else told
        for taker, weight in takers.items():
            carried[taker] += Fraction(part.weight * weight, sum(takers.values()))
    return carried


def _weighed(items: Sequence[Item], carries: Fraction) -> tuple[Item, ...]:
    """The items with their shares of what their part carries; missing ones have none."""
    whole = sum((item.weight for item in items if item.reading is not None), Fraction(0))
    return tuple(
        Item(
            item.id,
            item.name,
            item.value,
            item.reading,
            carries * item.weight / whole if item.reading is not None and whole else Fraction(0),
        )
        for item in items
    )
