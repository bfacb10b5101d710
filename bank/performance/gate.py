"""R00, the veto: confirmed incidents, and losses or new bad loans over their limit."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from bank.database import Transaction
from bank.days import number
from bank.incidents import vetoes
from bank.models import Appeal
from bank.performance.formation import losses
from bank.performance.measuring import Frame
from bank.performance.npl import quality_facts
from bank.performance.targets import Worker
from bank.performance.window import SHARE
from scoring.facts import EVIDENCE, Evidence, Fact
from scoring.grades import Veto
from scoring.rounding import whole

BY_FIGURE = "V2"
LOSS, FORMATION = "R00", "R02"
"""What a veto by a figure is named after, and what an appeal against it is about."""


def figure_vetoes(
    tx: Transaction, frame: Frame, workers: Sequence[Worker], facts: Mapping[str, Sequence[Fact]]
) -> Mapping[str, tuple[Veto, ...]]:
    """V2 by figures: new bad loans (R02 among `facts`), or what was lost, over the limit.

    Nobody has to report a figure; an appeal against R02 or R00 of the period that was upheld
    lifts it as it lifts an incident.
    """
    rules = frame.scheme.formation
    lost = losses(tx, frame, [worker.id for worker in workers])
    lifted = _lifted(tx, frame, [worker.id for worker in workers])
    found = {}
    for worker in workers:
        loss = whole(Fraction(lost.get(worker.id, 0), SHARE))
        formed = [fact for fact in facts[worker.id] if fact.indicator == FORMATION]
        ratio = formed[0].actual if formed else None
        over = [_veto(frame, LOSS, loss, Decimal(rules.loss_over_fen))]
        over += [_veto(frame, FORMATION, ratio or Decimal(0), rules.veto_over_pct)]
        found[worker.id] = tuple(
            veto for veto in over if veto and (worker.id, veto.incident_id) not in lifted
        )
    return found


def gate_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The vetoes, the longest known first."""
    worker = Worker(manager, frame.window.period.first, frame.window.period.last)
    facts = {manager: [fact for _, fact in quality_facts(tx, frame, [worker])]}
    own = vetoes(tx, frame.window.period, frame.window.as_of).get(manager, ())
    every = (*own, *figure_vetoes(tx, frame, [worker], facts)[manager])
    return Evidence(tuple(_rows(every))[:EVIDENCE], len(every))


def _rows(every: Sequence[Veto]) -> Iterator[Mapping[str, str | int]]:
    for veto in every:
        row: dict[str, str | int] = {
            "id": veto.incident_id,
            "code": veto.code,
            "event": veto.event_day.isoformat(),
            "known": veto.known_day.isoformat(),
            "summary": veto.summary,
            "policy": veto.clause,
        }
        if veto.limit is not None:
            row |= {"actual": str(veto.actual), "limit": str(veto.limit)}
        yield row


def _veto(frame: Frame, about: str, actual: Decimal, limit: Decimal) -> Veto | None:
    """A veto by a figure over its limit; it is of the window's last day."""
    if actual <= limit:
        return None
    window = frame.window
    clause = frame.scheme.indicator(about).clause if frame.wants(about) else None
    return Veto(BY_FIGURE, about, window.through, window.as_of, "", clause or "", actual, limit)


def _lifted(tx: Transaction, frame: Frame, managers: Sequence[str]) -> frozenset[tuple[str, str]]:
    """(manager, what it was about) of the period's appeals that were upheld by the as-of day."""
    rows = tx.execute(
        select(Appeal.manager_id, Appeal.item).where(
            Appeal.manager_id.in_(managers),
            Appeal.period == frame.window.period.id,
            Appeal.item.in_((LOSS, FORMATION)),
            Appeal.state == "upheld",
            Appeal.decided_day <= number(frame.window.as_of),
        )
    )
    return frozenset((manager, item) for manager, item in rows)
