"""The catalogue: which module measures which indicators, and what stands behind each.

A measure gives facts of a few hundred managers by one statement or two, one fact an indicator
and manager, records or none. Evidence is asked of one manager, when somebody looks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from bank.database import Transaction
from bank.performance import (
    acquisition,
    care,
    conduct,
    deposits,
    formation,
    gate,
    income,
    lending,
    npl,
    recovery,
    timeliness,
)
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from scoring.facts import Evidence, Fact
from scoring.levers import Duty

MEASURES: tuple[
    Callable[[Transaction, Frame, Sequence[Worker]], Iterable[tuple[str, Fact]]], ...
] = (
    deposits.deposit_facts,
    lending.drawdown_facts,
    income.income_facts,
    acquisition.effective_facts,
    care.visit_facts,
    npl.npl_facts,
    formation.formation_facts,
    timeliness.answer_facts,
    recovery.recovery_facts,
    conduct.training_facts,
)
"""Give (manager id, fact); what the scheme has no use for is left out by whoever asks."""

EVIDENCE: Mapping[str, Callable[[Transaction, Frame, str], Evidence]] = {
    "P01": deposits.deposit_evidence,
    "P02": lending.drawdown_evidence,
    "P02a": lending.inclusive_evidence,
    "P02b": lending.green_evidence,
    "P02c": lending.strategic_evidence,
    "P03": income.income_evidence,
    "P03a": partial(income.line_evidence, indicator="P03a"),
    "P03b": partial(income.line_evidence, indicator="P03b"),
    "P03c": partial(income.line_evidence, indicator="P03c"),
    "P04": acquisition.effective_evidence,
    "C03a": care.frequency_evidence,
    "C03b": care.coverage_evidence,
    "R00": gate.gate_evidence,
    "R01": npl.npl_evidence,
    "R02": formation.formation_evidence,
    "R03": timeliness.answer_evidence,
    "R05": recovery.recovery_evidence,
    "T02": conduct.training_evidence,
}
"""The records behind an indicator's fact of one manager, by the measure's own filters."""

DUTIES: tuple[Callable[[Transaction, Frame, Sequence[Worker]], Iterable[tuple[str, Duty]]], ...] = (
    timeliness.answer_duties,
    care.visit_duties,
)
"""Give (manager id, something still to do that would count)."""
