"""Findings: all that a manager's score is made of, for every manager of a period."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bank.database import Transaction
from bank.performance.facts import Case, facts_of, pace_all
from bank.performance.measuring import load_frame, measure
from bank.performance.targets import workers
from bank.performance.window import MANAGERS_AT_ONCE
from scoring.appraisal import Subject
from scoring.facts import Fact
from scoring.grades import Veto
from scoring.levers import Duty
from scoring.pace import Pace
from scoring.periods import Period
from scoring.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Findings:
    """A manager's facts, vetoes, duties still open in the period, and pace."""

    subject: Subject
    facts: tuple[Fact, ...]
    vetoes: tuple[Veto, ...]
    duties: tuple[Duty, ...]
    pace: tuple[Pace, ...]


def find_all(tx: Transaction, scheme: Scheme, period: Period, as_of: date) -> Iterator[Findings]:
    """The findings of every manager employed in the period so far, by id.

    `as_of` is the last business day loaded. Raises as `load_frame` does.
    """
    frame = load_frame(tx, scheme, period, as_of)
    everyone = workers(tx, frame.window)
    for at in range(0, len(everyone), MANAGERS_AT_ONCE):
        some = everyone[at : at + MANAGERS_AT_ONCE]
        batch = measure(tx, frame, [worker.id for worker in some])
        for worker in some:
            yield _find(Case(frame, batch, worker))


def _find(case: Case) -> Findings:
    worker, window = case.worker, case.frame.window
    facts = facts_of(case)
    return Findings(
        Subject(
            worker.id,
            window.period,
            window.as_of,
            worker.days(window.period.first, window.period.last),
        ),
        facts,
        case.frame.vetoes.get(worker.id, ()),
        (*case.batch.answers.duties.get(worker.id, ()), *_visits(case)),
        pace_all(case, facts),
    )


def _visits(case: Case) -> Iterator[Duty]:
    """The due visits that would still count in the period."""
    for due in case.batch.visits.get(case.worker.id, ()):
        effects = case.batch.care.room.get((case.worker.id, due.client_id))
        if effects:
            yield Duty("visit", due.client_id, due.client_id, due.due_by, effects)
