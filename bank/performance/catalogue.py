"""The catalogue: which module measures which indicators, and what stands behind each.

A measure gives facts of a few hundred managers by one statement or two, one fact an indicator
and manager, records or none. Evidence is asked of one manager, when somebody looks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from bank.database import Transaction
from bank.performance import (
    acquisition,
    assets,
    care,
    checks,
    complaints,
    deposits,
    duties,
    formation,
    freshness,
    gate,
    income,
    lending,
    loan_growth,
    npl,
    proposals,
    recovery,
    referrals,
    retention,
    statements,
    surveys,
    teamwork,
    timeliness,
    training,
    wallets,
)
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from scoring.facts import Evidence, Fact

MEASURES: tuple[
    Callable[[Transaction, Frame, Sequence[Worker]], Iterable[tuple[str, Fact]]], ...
] = (
    deposits.deposit_facts,
    lending.drawdown_facts,
    income.income_facts,
    acquisition.effective_facts,
    surveys.survey_facts,
    complaints.complaint_facts,
    retention.retention_facts,
    care.visit_facts,
    referrals.referral_facts,
    npl.quality_facts,
    timeliness.answer_facts,
    checks.check_facts,
    recovery.recovery_facts,
    teamwork.collab_facts,
    training.training_facts,
    proposals.proposal_facts,
    duties.duty_facts,
    duties.inquiry_facts,
    freshness.freshness_facts,
    training.certificate_facts,
    wallets.wallet_facts,
    statements.statement_facts,
)
"""Give (manager id, fact); what the scheme has no use for is left out by whoever asks."""

EVIDENCE: Mapping[str, Callable[[Transaction, Frame, str], Evidence]] = {
    "P01": deposits.deposit_evidence,
    "P01a": partial(deposits.deposit_evidence, indicator="P01a"),
    "P01b": partial(deposits.deposit_evidence, indicator="P01b"),
    "P02": lending.drawdown_evidence,
    "P02a": lending.inclusive_evidence,
    "P02b": lending.green_evidence,
    "P02c": lending.strategic_evidence,
    "P03": income.income_evidence,
    "P03a": partial(income.line_evidence, indicator="P03a"),
    "P03b": partial(income.line_evidence, indicator="P03b"),
    "P03c": partial(income.line_evidence, indicator="P03c"),
    "P04": acquisition.effective_evidence,
    "P05": assets.asset_evidence,
    "C01a": surveys.survey_evidence,
    "C01b": complaints.complaint_evidence,
    "C02a": retention.churn_evidence,
    "C02b": retention.retention_evidence,
    "C03a": care.frequency_evidence,
    "C03b": care.coverage_evidence,
    "C04": referrals.referral_evidence,
    "R00": gate.gate_evidence,
    "R01": npl.npl_evidence,
    "R02": formation.formation_evidence,
    "R03": timeliness.answer_evidence,
    "R04": partial(checks.check_evidence, "R04"),
    "R04a": partial(checks.check_evidence, "R04a"),
    "R04b": partial(checks.check_evidence, "R04b"),
    "R05": recovery.recovery_evidence,
    "T01": teamwork.collab_evidence,
    "T02": training.training_evidence,
    "T03": proposals.proposal_evidence,
    **{each.indicator: partial(duties.duty_evidence, each) for each in duties.PLANNED},
    "S01": wallets.wallet_evidence,
    "S02": wallets.category_evidence,
    "S04a": loan_growth.loan_evidence,
    "S07": freshness.freshness_evidence,
    "S08": duties.inquiry_evidence,
    "S10": training.certificate_evidence,
    "S11a": statements.statement_evidence,
}
"""The records behind an indicator's fact of one manager, by the measure's own filters."""
