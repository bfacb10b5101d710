"""Findings: all that a manager's score is made of, for every manager of a period."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bank.database import Transaction
from bank.performance.catalogue import EVIDENCE, MEASURES
from bank.performance.gate import figure_vetoes
from bank.performance.measuring import Frame, load_frame
from bank.performance.pacing import find_pace
from bank.performance.targets import Worker, workers
from bank.performance.window import MANAGERS_AT_ONCE
from scoring.appraisal import Subject
from scoring.facts import Evidence, Fact
from scoring.grades import Veto
from scoring.pace import Pace
from scoring.periods import Period
from scoring.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Findings:
    """A manager's facts, vetoes and pace."""

    subject: Subject
    facts: tuple[Fact, ...]
    vetoes: tuple[Veto, ...]
    pace: tuple[Pace, ...]


def find_all(
    tx: Transaction,
    scheme: Scheme,
    period: Period,
    as_of: date,
    *,
    from_intervals: bool = False,
) -> Iterator[Findings]:
    """The findings of every manager employed in the period so far, by id.

    `as_of` is the last business day loaded. Nothing is looked up in the rollup `from_intervals`.
    Raises as `load_frame` does.
    """
    frame = load_frame(tx, scheme, period, as_of)
    frame = replace(frame, rolled=frame.rolled and not from_intervals)
    everyone = workers(tx, frame.window, frame.scheme.joining.ramp)
    for at in range(0, len(everyone), MANAGERS_AT_ONCE):
        yield from _find_some(tx, frame, everyone[at : at + MANAGERS_AT_ONCE])


def find_evidence(tx: Transaction, frame: Frame, manager: str, indicator: str) -> Evidence:
    """The records behind one indicator of one manager, as known on the as-of day."""
    found = EVIDENCE.get(indicator)
    return found(tx, frame, manager) if found else Evidence((), 0)


def _find_some(tx: Transaction, frame: Frame, some: Sequence[Worker]) -> Iterator[Findings]:
    order = {indicator.id: at for at, indicator in enumerate(frame.scheme.indicators)}
    facts: defaultdict[str, list[Fact]] = defaultdict(list)
    for measure in MEASURES:
        for manager, fact in measure(tx, frame, some):
            if fact.indicator in order:
                facts[manager].append(fact)
    by_figure = figure_vetoes(tx, frame, some, facts)
    sorted_facts = {
        worker.id: tuple(sorted(facts[worker.id], key=lambda fact: order[fact.indicator]))
        for worker in some
    }
    paces = find_pace(tx, frame, some, sorted_facts)
    for worker in some:
        yield Findings(
            _subject(frame, worker),
            sorted_facts[worker.id],
            (*frame.vetoes.get(worker.id, ()), *by_figure[worker.id]),
            paces[worker.id],
        )


def _subject(frame: Frame, worker: Worker) -> Subject:
    window = frame.window
    exposure = worker.days(window.period.first, window.period.last)
    return Subject(worker.id, window.period, window.as_of, exposure)
