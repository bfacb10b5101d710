"""What follows from a grade: eligibility, a run of excellent quarters, a training plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.cycle_rules import CycleRules, TrainingRules
from scoring.grades import NOT_GRADED


@dataclass(frozen=True, slots=True)
class Outcome:
    """A quarter's grade, and whether a veto capped it."""

    period: str
    grade: str
    vetoed: bool


@dataclass(frozen=True, slots=True)
class Follows:
    """What a grade entails, besides money."""

    promotion: bool
    """Whether promotion and rotation are open."""
    development: bool
    """Whether there is a seat in the development programme."""
    pool: bool
    """Whether the quarters before and this one open the pool of premium clients."""
    training: bool


def follows(rules: CycleRules, grade: str, veto: str, quarters: Sequence[Outcome]) -> Follows:
    """What an appraisal's grade entails; `quarters` end with its own, the oldest first.

    Nothing is open to somebody whose grade a veto capped.
    """
    clear = not veto
    return Follows(
        promotion=clear and grade in rules.promotion,
        development=clear and grade in rules.development,
        pool=in_a_row(quarters, rules.streak_grade, rules.streak_quarters),
        training=grade in rules.training.grades,
    )


def in_a_row(quarters: Sequence[Outcome], grade: str, count: int) -> bool:
    """Whether the newest quarter completes so many of a grade on end.

    One that was not graded pauses the run, over a year's end as well; a veto breaks it. The newest
    one must have the grade itself.
    """
    if not quarters or quarters[-1].grade == NOT_GRADED:
        return False
    run = 0
    for quarter in quarters:
        if quarter.vetoed:
            run = 0
        elif quarter.grade == grade:
            run += 1
        elif quarter.grade != NOT_GRADED:
            run = 0
    return run >= count


def training_due(
    rules: TrainingRules, given: date, add_business_days: Callable[[date, int], date]
) -> tuple[date, tuple[date, ...]]:
    """The last day of a plan given on a day, and the days on which it is called to mind.

    `add_business_days(day, n)` gives the n-th business day after a day, before it where n < 0.
    """
    due = add_business_days(given, rules.days)
    return due, tuple(add_business_days(due, -before) for before in rules.reminders)
