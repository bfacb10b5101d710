"""The appraisal scheme: dimensions, indicators, curves, grades and every threshold, as data."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal

from scoring.coverage import VisitStandard, VisitStandards
from scoring.curves import Curve, Text, needs_target
from scoring.errors import SchemeError
from scoring.grades import Grade
from scoring.reading import Table, read_toml
from scoring.signals import SignalRules
from scoring.sla import SEVERITIES, Sla

Unit = Literal["cny", "percent", "count", "points"]
Kind = Literal["average", "flow", "rate", "stock"]
UNITS: tuple[Unit, ...] = ("cny", "percent", "count", "points")
KINDS: tuple[Kind, ...] = ("average", "flow", "rate", "stock")
SIGNED: tuple[Kind, ...] = ("average", "flow")
"""Kinds measured against a manager's signed yearly target."""
VETOES = ("V1", "V2")
PACKAGED = "account-manager-2026"


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
    """Out of 100; the weights of a dimension's indicators sum to its own."""
    target: Decimal | None
    """The same for everyone; None where each manager signs a yearly target."""
    curve: Curve
    clause: str | None
    """The policy clause behind it, as "policy-id clause"."""


@dataclass(frozen=True, slots=True)
class LoanRules:
    """What a disbursement is, and who answers for a loan gone bad."""

    repaid_within_days: int
    originator_months: int
    write_off_months: int


@dataclass(frozen=True, slots=True)
class PlanRules:
    """How a yearly target is spread."""

    quarters: tuple[int, ...]
    months: tuple[int, ...]
    wait_days: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """A bank's appraisal scheme. `digest` changes with any word of its file."""

    id: str
    name: Text
    dimensions: tuple[Dimension, ...]
    indicators: tuple[Indicator, ...]
    grades: tuple[Grade, ...]
    vetoes: Mapping[str, str]
    """Veto code to the grade it caps."""
    visits: VisitStandards
    sla: Sla
    signals: SignalRules
    plan: PlanRules
    loans: LoanRules
    coefficients: Mapping[str, int]
    """Percent of a balance that counts, by kind of account."""
    training_attempts: int
    graded_from_days: int
    digest: str

    def indicator(self, indicator_id: str) -> Indicator:
        """The indicator of an id; KeyError if the scheme has none."""
        return next(found for found in self.indicators if found.id == indicator_id)


@cache
def default_scheme() -> Scheme:
    """The scheme shipped with the product."""
    name = f"{PACKAGED}.toml"
    text = resources.files("scoring").joinpath("schemes", name).read_text(encoding="utf-8")
    return load_scheme(text, name)


def load_scheme(text: str, where: str) -> Scheme:
    """Read a scheme file's text; SchemeError names the file (`where`), the key and the remedy."""
    top = read_toml(text, where)
    scheme = Scheme(
        id=top.text("id"),
        name=top.words("name"),
        dimensions=tuple(_dimension(table) for table in top.tables("dimensions")),
        indicators=tuple(_indicator(table) for table in top.tables("indicators")),
        grades=tuple(_grade(table) for table in top.tables("grades")),
        vetoes=top.table("vetoes").texts(),
        visits=_visits(top.table("visits")),
        sla=_sla(top.table("sla")),
        signals=_signals(top.table("signals")),
        plan=_plan(top.table("plan")),
        loans=_loans(top.table("loans")),
        coefficients=top.table("deposits").table("coefficients").numbers(),
        training_attempts=top.table("training").number("attempts", least=1),
        graded_from_days=top.number("graded_from_days", least=0),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    top.finish()
    _check(scheme, where)
    return scheme


def _dimension(table: Table) -> Dimension:
    return table.done(
        Dimension(table.text("id"), table.words("name"), table.number("weight", least=1))
    )


def _indicator(table: Table) -> Indicator:
    return table.done(
        Indicator(
            id=table.text("id"),
            dimension=table.text("dimension"),
            name=table.words("name"),
            formula=table.words("formula"),
            unit=table.choice("unit", UNITS),
            type=table.choice("type", KINDS),
            weight=table.number("weight", least=0),
            target=table.optional_decimal("target"),
            curve=table.curve("curve"),
            clause=table.optional_text("clause"),
        )
    )


def _grade(table: Table) -> Grade:
    return table.done(Grade(table.text("id"), table.words("name"), table.decimal("from")))


def _visits(table: Table) -> VisitStandards:
    tiers = {}
    for tier, standard in table.table("tiers").named_tables():
        ideal = standard.number("ideal", least=1)
        tiers[tier] = standard.done(VisitStandard(ideal, standard.number("maximum", least=ideal)))
    return table.done(
        VisitStandards(
            tiers,
            frozenset(table.choices("scored_tiers", tuple(tiers))),
            table.number("sme_ideal", least=1),
            table.number("log_within", least=0),
        )
    )


def _sla(table: Table) -> Sla:
    red, orange, yellow, blue = (table.number(severity, least=1) for severity in SEVERITIES)
    return table.done(Sla(red, orange, yellow, blue, table.choices("unscored", SEVERITIES)))


def _signals(table: Table) -> SignalRules:
    orange = table.number("arrears_orange_from", least=2)
    return table.done(
        SignalRules(
            orange,
            table.number("arrears_to", least=orange),
            table.number("run_down_below_pct", least=1),
            table.number("collapse_over_pct", least=1),
            table.number("smallest_average", least=1),
        )
    )


def _plan(table: Table) -> PlanRules:
    return table.done(
        PlanRules(
            table.weights("quarters", 4),
            table.weights("months", 3),
            table.number("wait_days", least=1),
        )
    )


def _loans(table: Table) -> LoanRules:
    return table.done(
        LoanRules(
            table.number("repaid_within_days", least=0),
            table.number("originator_months", least=0),
            table.number("write_off_months", least=0),
        )
    )


def _check(scheme: Scheme, where: str) -> None:
    """Refuse a scheme whose parts do not fit together."""
    problems = (
        *_weight_problems(scheme),
        *_indicator_problems(scheme),
        *_grade_problems(scheme),
    )
    for key, problem in problems:
        raise SchemeError(f"{where}: {key}: {problem}")


def _weight_problems(scheme: Scheme) -> list[tuple[str, str]]:
    problems = []
    total = sum(dimension.weight for dimension in scheme.dimensions)
    if total != 100:  # noqa: PLR2004 - weights are percent
        problems.append(("dimensions", f"the weights sum to {total}; make them sum to 100"))
    for dimension in scheme.dimensions:
        parts = sum(i.weight for i in scheme.indicators if i.dimension == dimension.id)
        if parts != dimension.weight:
            problems.append(
                (
                    f"dimensions.{dimension.id}",
                    f"its indicators' weights sum to {parts}; make them sum to {dimension.weight}",
                )
            )
    return problems


def _indicator_problems(scheme: Scheme) -> list[tuple[str, str]]:
    problems = []
    ids = [indicator.id for indicator in scheme.indicators]
    dimensions = {dimension.id for dimension in scheme.dimensions}
    for indicator in scheme.indicators:
        key = f"indicators.{indicator.id}"
        if ids.count(indicator.id) > 1:
            problems.append((key, "is there twice; give each indicator its own id"))
        if indicator.dimension not in dimensions:
            problems.append((f"{key}.dimension", f"no dimension {indicator.dimension!r}"))
        if indicator.type in SIGNED and indicator.target is not None:
            problems.append((f"{key}.target", "managers sign this target; leave it out here"))
        if indicator.type not in SIGNED and indicator.target is None:
            problems.append((f"{key}.target", "is missing; give the target everyone has"))
        if indicator.target is not None and indicator.target <= 0 and needs_target(indicator.curve):
            problems.append(
                (f"{key}.target", "is not above zero; use a curve B on the value or difference")
            )
    return problems


def _grade_problems(scheme: Scheme) -> list[tuple[str, str]]:
    problems = []
    starts = [grade.start for grade in scheme.grades]
    if starts != sorted(set(starts), reverse=True) or not starts or starts[-1] != 0:
        problems.append(("grades", "list them best first, with falling `from`, the last from 0"))
    if set(scheme.vetoes) != set(VETOES):
        problems.append(("vetoes", f"give the cap of each of {', '.join(VETOES)}"))
    known = {grade.id for grade in scheme.grades}
    problems += [
        (f"vetoes.{code}", f"no grade {cap!r}; name one of {', '.join(sorted(known))}")
        for code, cap in scheme.vetoes.items()
        if cap not in known
    ]
    return problems
