"""The appraisal scheme: dimensions, indicators, curves, grades and every threshold, as data."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from scoring import sections
from scoring.coverage import VisitStandards
from scoring.curves import Text
from scoring.cycle_rules import CycleRules, cycle_problems, read_cycle
from scoring.grades import Grade
from scoring.indicators import KINDS, UNITS, Dimension, Indicator
from scoring.outlook_rules import ForecastRules, LeverRules, read_forecast, read_levers
from scoring.periods import Period
from scoring.reading import Source, Table, read_toml
from scoring.rules import (
    DEPOSIT_KINDS,
    AssetRules,
    CheckRules,
    ChurnRules,
    CollabRules,
    ComplaintRules,
    EffectiveRules,
    FeeRules,
    FormationRules,
    ItemRule,
    JoinRules,
    LoanRules,
    PayRules,
    PlanRules,
    Profile,
    ProposalRules,
    RecoveryRules,
    ReferralRules,
    RetentionRules,
    SurveyRules,
    TrainingRules,
)
from scoring.signals import SignalRules
from scoring.sla import Sla
from scoring.soundness import Parts, problems

PACKAGED = "account-manager-2026"
SECTIONS: Mapping[str, Callable[[Table], Any]] = {
    "visits": sections.read_visits,
    "sla": sections.read_sla,
    "signals": sections.read_signals,
    "plan": sections.read_plan,
    "joining": sections.read_joining,
    "loans": sections.read_loans,
    "fees": sections.read_fees,
    "clients": sections.read_clients,
    "assets": sections.read_assets,
    "survey": sections.read_survey,
    "complaints": sections.read_complaints,
    "churn": sections.read_churn,
    "retention": sections.read_retention,
    "referrals": sections.read_referrals,
    "formation": sections.read_formation,
    "checks": sections.read_checks,
    "recovery": sections.read_recovery,
    "collab": sections.read_collab,
    "proposals": sections.read_proposals,
    "training": sections.read_training,
    "pay": sections.read_pay,
    "forecast": read_forecast,
    "levers": read_levers,
}
"""The fields of a scheme that are a section each, and how that is read."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A bank's appraisal scheme. `digest` changes with any word of its file."""

    id: str
    role: str
    """Whom it appraises, by their role in the bank."""
    version: int
    from_day: date
    to_day: date | None
    """First day it is no longer in force; None while it lasts."""
    name: Text
    dimensions: tuple[Dimension, ...]
    indicators: tuple[Indicator, ...]
    """Those of the dimensions and the monitored ones, a part after its whole."""
    least_weights: Mapping[str, int]
    """What a dimension must weigh at least, in every profile."""
    profiles: tuple[Profile, ...]
    items: tuple[ItemRule, ...]
    grades: tuple[Grade, ...]
    vetoes: Mapping[str, str]
    """Veto code to the grade it caps."""
    veto_coefficients: Mapping[str, Decimal]
    """Veto code to the coefficient it sets; one that is absent leaves the grade's."""
    visits: VisitStandards
    sla: Sla
    signals: SignalRules
    plan: PlanRules
    joining: JoinRules
    loans: LoanRules
    coefficients: Mapping[str, int]
    """Percent of a balance that counts, by kind of account."""
    deviation_pct: int
    """Month-end deposits this much above the month's average are a warning."""
    fees: FeeRules
    clients: EffectiveRules
    assets: AssetRules
    survey: SurveyRules
    complaints: ComplaintRules
    churn: ChurnRules
    retention: RetentionRules
    referrals: ReferralRules
    formation: FormationRules
    checks: CheckRules
    recovery: RecoveryRules
    collab: CollabRules
    proposals: ProposalRules
    training: TrainingRules
    pay: PayRules
    forecast: ForecastRules
    levers: LeverRules
    cycle: CycleRules
    digest: str

    @property
    def training_attempts(self) -> int:
        """Attempts at a course of which the best counts."""
        return self.training.attempts

    @property
    def graded_from_days(self) -> int:
        """Fewer days employed in a period are given no grade."""
        return self.joining.graded_from_days

    def indicator(self, indicator_id: str) -> Indicator:
        """The indicator of an id; KeyError if the scheme has none."""
        for found in self.indicators:
            if found.id == indicator_id:
                return found
        raise KeyError(indicator_id)

    def profile(self, period: Period) -> Profile:
        """How the weights change in a period."""
        kind = "quarter" if len(period.quarters()) == 1 else "year"
        return next(profile for profile in self.profiles if profile.period == kind)


@cache
def default_scheme() -> Scheme:
    """The scheme shipped with the product."""
    name = f"{PACKAGED}.toml"
    text = resources.files("scoring").joinpath("schemes", name).read_text(encoding="utf-8")
    return load_scheme(text, name)


def load_scheme(text: str, where: str) -> Scheme:
    """Read a scheme file's text.

    SchemeError names the file (`where`), the line, the key and the remedy.
    """
    source = Source(text, where)
    top = read_toml(source)
    grades = tuple(_grade(table) for table in top.tables("grades"))
    scheme = Scheme(
        id=top.text("id"),
        role=top.text("role"),
        version=top.number("version", least=1),
        from_day=top.day("from"),
        to_day=top.optional_day("to"),
        name=top.words("name"),
        dimensions=tuple(_dimension(table) for table in top.tables("dimensions")),
        indicators=tuple(_indicator(table) for table in top.tables("indicators")),
        least_weights=top.table("least_weights").numbers(),
        profiles=tuple(
            sections.read_profile(name, table)
            for name, table in top.table("profiles").named_tables()
        ),
        items=tuple(sections.read_item(table) for table in top.tables("items")),
        grades=grades,
        vetoes=top.table("vetoes").texts(),
        veto_coefficients=top.table("veto_coefficients").decimals(),
        cycle=read_cycle(top.table("cycle"), tuple(grade.id for grade in grades)),
        **_deposits(top.table("deposits")),
        **{name: read(top.table(name)) for name, read in SECTIONS.items()},
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    top.finish()
    _check(scheme, source)
    return scheme


def _deposits(table: Table) -> dict[str, Any]:
    """[deposits], whose two rules are the scheme's own fields."""
    coefficients = table.table("coefficients").numbers_of(DEPOSIT_KINDS)
    deviation = table.percent("deviation_pct")
    return table.done({"coefficients": coefficients, "deviation_pct": deviation})


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
            allowed=table.span("allowed"),
            target=table.optional_decimal("target"),
            curve=table.curve("curve"),
            gives_to=table.optional_text("gives_to"),
            clause=table.optional_text("clause"),
        )
    )


def _grade(table: Table) -> Grade:
    name = table.words("name")
    start, coefficient = table.decimal("from"), table.decimal("coefficient")
    return table.done(Grade(table.text("id"), name, start, coefficient))


def _check(scheme: Scheme, source: Source) -> None:
    """Refuse a scheme whose parts do not fit together."""
    parts = Parts(
        scheme.dimensions,
        scheme.indicators,
        scheme.least_weights,
        scheme.profiles,
        scheme.items,
        scheme.grades,
        scheme.vetoes,
        scheme.veto_coefficients,
        scheme.pay,
        (*scheme.fees.lines.values(), *scheme.checks.lines.values()),
    )
    for path, problem in (*problems(parts), *cycle_problems(scheme.cycle)):
        raise source.problem(path, problem)
    if scheme.to_day is not None and scheme.to_day <= scheme.from_day:
        raise source.problem(("to",), "is not after from; correct one of the two")
