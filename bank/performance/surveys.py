"""C01a: what clients said of a manager, drawn towards the branch's mean where few have said it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from bank.database import Transaction
from bank.days import number
from bank.models import OrgUnit, Staff, StaffUnit, SurveyResponse
from bank.performance.facts import points_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from bank.performance.window import Measure, Window
from scoring.facts import EVIDENCE, TOO_FEW, Evidence, Fact, Row

BANDS = ((95, "95-100"), (85, "85-94"), (60, "60-84"), (0, "0-59"))
"""Points from which a response lies in a band of the distribution."""
TOGETHER = 2
"""Responses that must share a theme before it is shown: one alone would tell whose it is."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Responses and the sum of their points."""

    count: int
    points: int


def survey_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """C01a: (n × mean + prior × the branch's mean) ÷ (n + prior), in points.

    A client's latest response about a manager in each quarter counts, of those given by the last
    known day; the branch's mean is that of all responses about its managers. Too few responses
    are no figure.
    """
    rules = frame.scheme.survey
    heard, branches = _heard(tx, frame.window), _branches(tx, frame.window)
    of_branch = _by_branch(heard, branches)
    for worker in workers:
        own = heard.get(worker.id)
        measure = None
        if own is not None and own.count >= rules.fewest:
            branch = of_branch[branches[worker.id]]
            measure = Measure(
                own.points * branch.count + rules.prior * branch.points,
                (own.count + rules.prior) * branch.count,
                scale=branch.count,
            )
        yield worker.id, points_fact(frame, "C01a", measure, why_none=TOO_FEW)


def survey_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """How many answered, in bands and by theme; never what one client said.

    The points of "own" and of "branch" add up to the figure's numerator. Too few responses are
    told by their number alone.
    """
    rules, window = frame.scheme.survey, frame.window
    latest = _latest(window).subquery()
    mine = tx.execute(
        select(latest.c.score, latest.c.theme).where(
            latest.c.manager_id == manager, latest.c.newest == 1
        )
    ).all()
    if len(mine) < rules.fewest:
        return Evidence((), len(mine))
    heard, branches = _heard(tx, window), _branches(tx, window)
    branch = _by_branch(heard, branches)[branches[manager]]
    bands = Counter(next(name for least, name in BANDS if score >= least) for score, _ in mine)
    themes = Counter(theme.strip() for _, theme in mine if theme.strip())
    rows: list[Row] = [
        {"id": "own", "responses": len(mine), "points": sum(score for score, _ in mine)},
        {
            "id": "branch",
            "responses": rules.prior,
            "points": f"{rules.prior} × {branch.points} ÷ {branch.count}",
        },
    ]
    rows += [{"id": name, "responses": bands[name]} for _, name in BANDS]
    rows += [
        {"id": "theme", "theme": theme, "responses": count}
        for theme, count in themes.most_common()
        if count >= TOGETHER
    ]
    return Evidence(tuple(rows[:EVIDENCE]), len(mine))


def _heard(tx: Transaction, window: Window) -> Mapping[str, Heard]:
    """What was heard of every manager of the bank: the branches' means need all of them."""
    latest = _latest(window).subquery()
    statement = (
        select(latest.c.manager_id, func.count(), func.sum(latest.c.score))
        .where(latest.c.newest == 1)
        .group_by(latest.c.manager_id)
    )
    return {manager: Heard(count, int(points)) for manager, count, points in tx.execute(statement)}


def _latest(window: Window) -> Select[*tuple[Any, ...]]:
    """(manager, score, theme, newest): the responses of the window.

    `newest` is 1 where no later one of the same client, manager and quarter takes its place.
    """
    order = func.row_number().over(
        partition_by=(SurveyResponse.manager_id, SurveyResponse.client_id, _quarter(window)),
        order_by=(SurveyResponse.day.desc(), SurveyResponse.id.desc()),
    )
    return select(
        SurveyResponse.manager_id,
        SurveyResponse.score,
        SurveyResponse.theme,
        order.label("newest"),
    ).where(SurveyResponse.day.between(window.first, window.end - 1))


def _quarter(window: Window) -> ColumnElement[int]:
    """Which of the period's quarters a response was given in."""
    quarters = window.period.quarters()
    return case(
        *((SurveyResponse.day <= number(each.last), at) for at, each in enumerate(quarters)),
        else_=len(quarters),
    )


def _branches(tx: Transaction, window: Window) -> Mapping[str, str]:
    """The branch of everyone on the last known day: the unit above theirs, but never the bank."""
    last = window.end - 1
    then, own, above = aliased(StaffUnit), aliased(OrgUnit), aliased(OrgUnit)
    statement = (
        select(Staff.id, case((above.parent_id.is_not(None), above.id), else_=own.id))
        .outerjoin(
            then, (then.staff_id == Staff.id) & (then.from_day <= last) & (then.to_day > last)
        )
        .join(own, own.id == func.coalesce(then.unit_id, Staff.unit_id))
        .outerjoin(above, above.id == own.parent_id)
    )
    return dict(tx.execute(statement).all())


def _by_branch(heard: Mapping[str, Heard], branches: Mapping[str, str]) -> Mapping[str, Heard]:
    found: defaultdict[str, Heard] = defaultdict(lambda: Heard(0, 0))
    for manager, each in heard.items():
        of = found[branches[manager]]
        found[branches[manager]] = Heard(of.count + each.count, of.points + each.points)
    return found
