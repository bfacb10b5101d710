"""The nine-grid (九宫格): where a client stands by the business it has here and by its risk.

Reminders specification §9. The gravest of what is known of the risk decides; a restricted
industry moves a client one column to the right, an encouraged one shortens its cell's spans.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Literal

from scoring.curves import Text
from scoring.reading import Source, Table, read_toml
from scoring.rules import CLASSES, SEGMENTS, Segment

PACKAGED = "segments-2026"
Size = Literal["large", "medium", "small"]
SIZES: tuple[Size, ...] = ("large", "medium", "small")
Risk = Literal["low", "medium", "high"]
RISKS: tuple[Risk, ...] = ("low", "medium", "high")
SEVERITIES = ("red", "orange", "yellow", "blue")


@dataclass(frozen=True, slots=True)
class Cell:
    """One of the nine, and how often its clients are called and visited: (ideal, most) days."""

    id: str
    size: Size
    risk: Risk
    name: Text
    how: Text
    call: tuple[int, int]
    visit: tuple[int, int]
    post_loan: int


@dataclass(frozen=True, slots=True)
class RiskRules:
    """What makes a client's risk low, medium or high."""

    low_from: Fraction
    medium_from: Fraction
    classes: Mapping[str, Risk]
    warnings: Mapping[str, Risk]


@dataclass(frozen=True, slots=True)
class SegmentRules:
    """A bank's nine-grid."""

    id: str
    version: int
    from_day: date
    sizes: Mapping[Segment, tuple[int, int]]
    """Fen from which a client is large, and medium."""
    risk: RiskRules
    cells: tuple[Cell, ...]
    encouraged: frozenset[str]
    encouraged_pct: int
    restricted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides a client's cell; `business` is deposits, products and loans in fen."""

    segment: Segment
    business: int
    industry: str
    health: Fraction | None
    classes: frozenset[str]
    """Of its loans."""
    warnings: frozenset[str]
    """Severities of the unanswered ones."""


def place(standing: Standing, rules: SegmentRules) -> Cell:
    """A client's cell, with the spans that hold for its industry."""
    size, risk = size_of(standing, rules), risk_of(standing, rules)
    cell = next(cell for cell in rules.cells if (cell.size, cell.risk) == (size, risk))
    if standing.industry not in rules.encouraged:
        return cell
    pct = rules.encouraged_pct
    return replace(
        cell,
        call=_shortened(cell.call, pct),
        visit=_shortened(cell.visit, pct),
        post_loan=_shortened((cell.post_loan, cell.post_loan), pct)[1],
    )


def size_of(standing: Standing, rules: SegmentRules) -> Size:
    """A client's row."""
    large, medium = rules.sizes[standing.segment]
    if standing.business >= large:
        return "large"
    return "medium" if standing.business >= medium else "small"


def risk_of(standing: Standing, rules: SegmentRules) -> Risk:
    """A client's column: the gravest of its health, its loans' classes and its warnings."""
    found: list[Risk] = [rules.risk.classes.get(each, "low") for each in standing.classes]
    found += [rules.risk.warnings.get(each, "low") for each in standing.warnings]
    found.append(_of_health(standing.health, rules.risk))
    at = max(RISKS.index(each) for each in found)
    if standing.industry in rules.restricted:
        at = min(at + 1, len(RISKS) - 1)
    return RISKS[at]


@cache
def default_segments() -> SegmentRules:
    """The nine-grid shipped with the product."""
    name = f"{PACKAGED}.toml"
    text = resources.files("scoring").joinpath("schemes", name).read_text("utf-8")
    return load_segments(text, name)


def load_segments(text: str, where: str) -> SegmentRules:
    """Read a nine-grid's text; SchemeError names the file, the line, the key and the remedy."""
    source = Source(text, where)
    top = read_toml(source)
    sizes = top.table("sizes")
    rules = SegmentRules(
        id=top.text("id"),
        version=top.number("version", least=1),
        from_day=top.day("from"),
        sizes=sizes.done({segment: _sizes(sizes, segment) for segment in SEGMENTS}),
        risk=_risk(top.table("risk")),
        cells=tuple(_cell(table) for table in top.tables("cells")),
        encouraged=frozenset(top.texts_of("encouraged")),
        encouraged_pct=top.percent("encouraged_pct"),
        restricted=frozenset(top.texts_of("restricted")),
    )
    top.finish()
    held = sorted((cell.size, cell.risk) for cell in rules.cells)
    if held != sorted((size, risk) for size in SIZES for risk in RISKS):
        raise source.problem(("cells",), "give each size and risk one cell, nine in all")
    return rules


def _of_health(score: Fraction | None, rules: RiskRules) -> Risk:
    if score is None:
        return "medium"
    if score >= rules.low_from:
        return "low"
    return "medium" if score >= rules.medium_from else "high"


def _shortened(span: tuple[int, int], pct: int) -> tuple[int, int]:
    """A span's days in percent, whole ones, and at least one."""
    ideal, most = (max(days * pct // 100, 1) for days in span)
    return ideal, most


def _sizes(table: Table, segment: Segment) -> tuple[int, int]:
    one = table.table(segment)
    large, medium = (one.number(size, least=1) for size in ("large", "medium"))
    if large <= medium:
        raise table.problem(segment, "let large begin above medium")
    return one.done((large, medium))


def _risk(table: Table) -> RiskRules:
    low, medium = (Fraction(table.decimal(key)) for key in ("low_from", "medium_from"))
    if low <= medium:
        raise table.problem("low_from", "let it be above medium_from")
    return table.done(
        RiskRules(
            low, medium, _grave(table, "classes", CLASSES), _grave(table, "warnings", SEVERITIES)
        )
    )


def _grave(table: Table, what: str, words: Sequence[str]) -> dict[str, Risk]:
    found: dict[str, Risk] = dict.fromkeys(table.choices(f"medium_{what}", words), "medium")
    return found | dict.fromkeys(table.choices(f"high_{what}", words), "high")


def _cell(table: Table) -> Cell:
    return table.done(
        Cell(
            id=table.text("id"),
            size=table.choice("size", SIZES),
            risk=table.choice("risk", RISKS),
            name=table.words("name"),
            how=table.words("how"),
            call=table.span("call"),
            visit=table.span("visit"),
            post_loan=table.number("post_loan", least=1),
        )
    )
