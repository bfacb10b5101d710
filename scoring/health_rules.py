"""What the health score goes by: weights, ratios, readings, bands and reference quantiles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Literal

from scoring.curves import Text
from scoring.reading import Source, Table, read_toml

PACKAGED = "health-2026"
PartId = Literal["statement", "behaviour", "industry"]
PARTS: tuple[PartId, ...] = ("statement", "behaviour", "industry")
RATIOS = (
    "ebit_to_assets",
    "net_profit_plus_depreciation_to_liabilities",
    "equity_to_liabilities",
    "quick_ratio",
    "profit_on_sales_to_sales",
    "cash_ratio",
    "short_term_liabilities_days_of_sales",
    "profit_on_sales_to_assets",
    "working_capital_to_assets",
    "retained_earnings_to_assets",
)
"""What a statement gives (scoring/health.ratios)."""
BEHAVIOURS = (
    "days_past_due",
    "late_instalments",
    "worst_class",
    "balance_trend",
    "limit_use",
    "worst_warning",
)
"""What the records of a client give (bank/health)."""
Direction = Literal["higher", "lower"]
DIRECTIONS: tuple[Direction, ...] = ("higher", "lower")
QUANTILES = 99
FULL = 100


@dataclass(frozen=True, slots=True)
class PartRule:
    """A part's points out of 100, and who carries them while it cannot be told."""

    id: PartId
    name: Text
    weight: int
    gives_to: PartId | None
    """None: the other parts, in proportion to their weights."""


@dataclass(frozen=True, slots=True)
class RatioRule:
    """A ratio and its good direction; `quantiles` are the reference's 1st to 99th percentile."""

    id: str
    name: Text
    good: Direction
    quantiles: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class BehaviourRule:
    """How a figure of the records is read: (value, 0 to 100), with straight lines between."""

    id: str
    name: Text
    weight: int
    points: tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A range of scores, from `start` up to the next band's."""

    id: str
    name: Text
    start: Fraction


@dataclass(frozen=True, slots=True)
class AltmanRules:
    """Altman's Z″ for firms that are not listed and need not be manufacturers."""

    weights: Mapping[str, Fraction]
    distress_below: Fraction
    safe_above: Fraction


@dataclass(frozen=True, slots=True)
class HealthRules:
    """A bank's reading of its clients' health."""

    id: str
    version: int
    from_day: date
    reference: str
    """The table of quantiles, by its id."""
    parts: tuple[PartRule, ...]
    ratios: tuple[RatioRule, ...]
    behaviour: tuple[BehaviourRule, ...]
    bands: tuple[Band, ...]
    """From the weakest up; the first begins at 0."""
    altman: AltmanRules
    fewest_ratios: int
    stale_months: int
    industry_stale_months: int


@cache
def default_health() -> HealthRules:
    """The rules shipped with the product."""
    return load_health(_packaged(PACKAGED), f"{PACKAGED}.toml")


def load_health(text: str, where: str) -> HealthRules:
    """Read a rule file's text; SchemeError names the file, the line, the key and the remedy.

    The quantiles are read from the table the file names, which is packaged.
    """
    source = Source(text, where)
    top = read_toml(source)
    reference = top.text("quantiles")
    quantiles = read_quantiles(_packaged(reference), f"{reference}.toml")
    rules = HealthRules(
        id=top.text("id"),
        version=top.number("version", least=1),
        from_day=top.day("from"),
        reference=reference,
        parts=_parts(top.table("parts")),
        ratios=tuple(_ratio(table, quantiles) for table in top.tables("ratios")),
        behaviour=tuple(_behaviour(table) for table in top.tables("behaviour")),
        bands=tuple(_band(table) for table in top.tables("bands")),
        altman=_altman(top.table("altman")),
        fewest_ratios=top.number("fewest_ratios", least=1),
        stale_months=top.number("stale_months", least=1),
        industry_stale_months=top.number("industry_stale_months", least=1),
    )
    top.finish()
    _check(rules, source)
    return rules


def read_quantiles(text: str, where: str) -> Mapping[str, tuple[Fraction, ...]]:
    """Each ratio's 1st to 99th percentile of a table of reference."""
    top = read_toml(Source(text, where))
    for told in ("id", "derived_from"):
        top.text(told)
    top.number("companies", least=1)
    found = {name: _rising(table) for name, table in top.table("ratios").named_tables()}
    return top.done(found)


def _packaged(name: str) -> str:
    return resources.files("scoring").joinpath("schemes", f"{name}.toml").read_text("utf-8")


def _rising(table: Table) -> tuple[Fraction, ...]:
    values = table.decimals_of("percentiles")
    if len(values) != QUANTILES or any(a > b for a, b in pairwise(values)):
        raise table.problem("percentiles", f"give {QUANTILES} numbers that never fall")
    return table.done(tuple(map(Fraction, values)))


def _parts(table: Table) -> tuple[PartRule, ...]:
    found = []
    for part in PARTS:
        one = table.table(part)
        weight, to = one.number("weight", least=1), one.optional_choice("gives_to", PARTS)
        found.append(one.done(PartRule(part, one.words("name"), weight, to)))
    if sum(part.weight for part in found) != FULL:
        raise table.problem(PARTS[0], "the weights of the parts must sum to 100; change one")
    return table.done(tuple(found))


def _ratio(table: Table, quantiles: Mapping[str, tuple[Fraction, ...]]) -> RatioRule:
    ratio = table.choice("id", RATIOS)
    if ratio not in quantiles:
        raise table.problem("id", "has no quantiles; add them to the table of reference")
    good = table.choice("good", DIRECTIONS)
    return table.done(RatioRule(ratio, table.words("name"), good, quantiles[ratio]))


def _behaviour(table: Table) -> BehaviourRule:
    points = tuple((Fraction(at), Fraction(to)) for at, to in table.pairs("points"))
    readings = [reading for _, reading in points]
    rises = all(a[0] < b[0] for a, b in pairwise(points))
    one_way = readings in (sorted(readings), sorted(readings, reverse=True))
    if not points or not rises or not one_way or min(readings) < 0 or max(readings) > FULL:
        raise table.problem(
            "points", "give values that rise, with readings of 0 to 100 that only rise or only fall"
        )
    weight = table.number("weight", least=1)
    behaviour = table.choice("id", BEHAVIOURS)
    return table.done(BehaviourRule(behaviour, table.words("name"), weight, points))


def _band(table: Table) -> Band:
    return table.done(Band(table.text("id"), table.words("name"), Fraction(table.decimal("from"))))


def _altman(table: Table) -> AltmanRules:
    below, above = (Fraction(table.decimal(key)) for key in ("distress_below", "safe_above"))
    terms = (
        "working_capital_to_assets",
        "retained_earnings_to_assets",
        "ebit_to_assets",
        "equity_to_liabilities",
    )
    return table.done(
        AltmanRules({term: Fraction(table.decimal(term)) for term in terms}, below, above)
    )


def _check(rules: HealthRules, source: Source) -> None:
    starts = [band.start for band in rules.bands]
    if not starts or starts[0] != 0 or any(a >= b for a, b in pairwise(starts)):
        raise source.problem(("bands",), "begin the first band at 0, and let the others rise")
    if not 1 <= rules.fewest_ratios <= len(rules.ratios):
        raise source.problem(("fewest_ratios",), f"give 1 to {len(rules.ratios)}")
    if not rules.behaviour:
        raise source.problem(("behaviour",), "give at least one figure of the records")
    for key, ids in (
        ("ratios", [ratio.id for ratio in rules.ratios]),
        ("behaviour", [each.id for each in rules.behaviour]),
    ):
        if len(set(ids)) < len(ids):
            raise source.problem((key,), "names a figure twice; remove one")
