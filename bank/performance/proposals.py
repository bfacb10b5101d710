"""T03: how far a manager's proposals came."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    case,
    func,
    literal,
    select,
    union_all,
)

from bank.database import Transaction
from bank.days import day_of
from bank.models import Proposal, ProposalAuthor, ProposalStep
from bank.performance.facts import points_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from bank.performance.window import SHARE, Measure
from scoring.facts import EVIDENCE, Evidence, Fact
from scoring.rules import ProposalRules


def proposal_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """T03: what the manager's proposals gained in the window × the author's share, up to the cap.

    A proposal is worth the points of the furthest it came. What it gained is that by the last
    known day less that before the period: a step counts in the period of its own day, and the
    quarters add up to the year.
    """
    points = _points(tx, frame, [worker.id for worker in workers])
    most = frame.scheme.proposals.cap * SHARE
    for worker in workers:
        measure = Measure(min(points.get(worker.id, 0), most), SHARE, scale=SHARE)
        yield worker.id, points_fact(frame, "T03", measure)


def proposal_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The manager's proposals that came further in the window, those that gained most first.

    Their `points` × `share_pct` add up to the figure, as far as the cap lets them.
    """
    gained = _gained(frame, [manager]).subquery()
    count = tx.scalar(select(func.count()).select_from(gained)) or 0
    statement = (
        select(gained, Proposal.title)
        .join(Proposal, Proposal.id == gained.c.id)
        .order_by((gained.c.points * gained.c.share_pct).desc(), gained.c.id)
        .limit(EVIDENCE)
    )
    rows = tuple(
        {
            "id": found.id,
            "title": found.title,
            "on": day_of(found.day).isoformat(),
            "points": found.points,
            "share_pct": found.share_pct,
        }
        for found in tx.execute(statement)
    )
    return Evidence(rows, count)


def _points(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, int]:
    """Points × percent of share, by manager."""
    gained = _gained(frame, managers).subquery()
    statement = select(
        gained.c.manager_id, func.sum(gained.c.points * gained.c.share_pct)
    ).group_by(gained.c.manager_id)
    return {manager: int(points) for manager, points in tx.execute(statement)}


def _gained(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """(manager, proposal, share, points, day of the last step) of what came further."""
    window, rules = frame.window, frame.scheme.proposals
    steps = _steps(rules).subquery()
    before = func.max(case((steps.c.day < window.first, steps.c.points), else_=0))
    now = func.max(steps.c.points)
    return (
        select(
            ProposalAuthor.manager_id,
            ProposalAuthor.proposal_id.label("id"),
            ProposalAuthor.share_pct,
            (now - before).label("points"),
            func.max(steps.c.day).label("day"),
        )
        .join(steps, steps.c.proposal_id == ProposalAuthor.proposal_id)
        .where(ProposalAuthor.manager_id.in_(managers), steps.c.day < window.end)
        .group_by(ProposalAuthor.manager_id, ProposalAuthor.proposal_id, ProposalAuthor.share_pct)
        .having(now > before)
    )


def _steps(rules: ProposalRules) -> Any:  # noqa: ANN401 - a union of two selects
    """(proposal, day, points) of every step, the one that the proposal itself tells of included."""

    def points(state: SQLColumnExpression[str]) -> ColumnElement[int]:
        return case(*((state == step, worth) for step, worth in rules.points.items()), else_=0)

    return union_all(
        select(
            ProposalStep.proposal_id,
            ProposalStep.day,
            points(ProposalStep.state).label("points"),
        ),
        select(
            Proposal.id, func.coalesce(Proposal.decided_day, literal(0)), points(Proposal.state)
        ).where(Proposal.state.in_(tuple(rules.points))),
    )
