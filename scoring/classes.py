"""The five classes of a loan as the rules of 2023 want them at least: a check, never a class.

商业银行金融资产风险分类办法, in force since 1 July 2023. What claims of other banks call for (more
than 20 % of all debt over 90 days past due) cannot be told from the bank's own records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scoring.loans import NON_PERFORMING, months_before

CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
"""Best first."""
PER_CENT = 100

Cause = Literal["overdue", "debtor", "restructured"]


@dataclass(frozen=True, slots=True)
class ClassRules:
    """From when on a loan belongs to a class at least."""

    overdue: tuple[tuple[int, str], ...]
    """More days past due than this call for a class; the most days last."""
    debtor_over_pct: int
    """With more of a company's claims here non-performing, all of them are."""
    observed_months: int
    """A restructured loan is at least special mention for so long."""


RULES_2023 = ClassRules(
    overdue=((0, "special_mention"), (90, "substandard"), (270, "doubtful"), (360, "loss")),
    debtor_over_pct=10,
    observed_months=12,
)


@dataclass(frozen=True, slots=True)
class ClassedLoan:
    """A loan as the bank classes it, with what the rules look at.

    `grade` is empty for a loan without a class; `debtor_bad` of `debtor_whole` fen of the
    debtor's loans here are non-performing, by the bank's classes.
    """

    id: str
    grade: str
    days_past_due: int
    retail: bool
    debtor_bad: int
    debtor_whole: int
    restructured: date | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a loan must have a class at least, whatever secures it."""

    cause: Cause
    least: str


def shortfalls(loan: ClassedLoan, rules: ClassRules, on: date) -> tuple[Finding, ...]:
    """What calls for a worse class than the bank's own, worst first; none where nothing does."""
    held = CLASSES.index(loan.grade) if loan.grade else -1
    found = [each for each in _called_for(loan, rules, on) if CLASSES.index(each.least) > held]
    return tuple(sorted(found, key=lambda each: -CLASSES.index(each.least)))


def _called_for(loan: ClassedLoan, rules: ClassRules, on: date) -> Iterator[Finding]:
    reached = [grade for over, grade in rules.overdue if loan.days_past_due > over]
    if reached:
        yield Finding("overdue", reached[-1])
    over = loan.debtor_bad * PER_CENT > loan.debtor_whole * rules.debtor_over_pct
    if over and not loan.retail:
        yield Finding("debtor", next(grade for grade in CLASSES if grade in NON_PERFORMING))
    since = months_before(on, rules.observed_months)
    if loan.restructured is not None and since < loan.restructured <= on:
        yield Finding("restructured", "special_mention")
