"""T01: how others found working with a manager, and credit files that were right at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select

from bank.database import Transaction
from bank.days import day_of
from bank.models import CollabRating, CreditFile
from bank.performance.facts import points_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from bank.performance.window import Measure
from scoring.facts import EVIDENCE, TOO_FEW, Evidence, Fact, Row

ALL = 100


@dataclass(frozen=True, slots=True)
class Ratings:
    """The ratings kept after the cut at both ends, and the sum of their points."""

    count: int
    points: int


@dataclass(frozen=True, slots=True)
class Files:
    """Credit files handed in, and those of them that came back."""

    submitted: int
    returned: int


def collab_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """T01: the trimmed mean of ratings, and files accepted at once, each by its part.

    A quarter with too few raters gives no ratings; without any there is no figure. Without files
    the ratings stand alone.
    """
    rules, managers = frame.scheme.collab, [worker.id for worker in workers]
    rated, files = _ratings(tx, frame, managers), _files(tx, frame, managers)
    for worker in workers:
        ratings, handed = rated.get(worker.id), files.get(worker.id)
        measure = None
        if ratings and handed:
            scale = ratings.count * handed.submitted
            accepted = ALL * (handed.submitted - handed.returned)
            measure = Measure(
                rules.rating_pct * ratings.points * handed.submitted
                + rules.file_pct * accepted * ratings.count,
                (rules.rating_pct + rules.file_pct) * scale,
                scale=scale,
            )
        elif ratings:
            measure = Measure(ratings.points, ratings.count)
        yield worker.id, points_fact(frame, "T01", measure, why_none=TOO_FEW)


def collab_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The ratings as one sum, never whose or what each was, then the files that came back.

    `points` ÷ `count` of the ratings, and `accepted` of `count` files, each by its `pct`, make
    the figure.
    """
    rules = frame.scheme.collab
    ratings = _ratings(tx, frame, [manager]).get(manager)
    files = _files(tx, frame, [manager]).get(manager, Files(0, 0))
    rows: list[Row] = []
    if ratings:
        rows.append(
            {
                "id": "ratings",
                "count": ratings.count,
                "points": ratings.points,
                "pct": rules.rating_pct,
            }
        )
    if files.submitted:
        rows.append(
            {
                "id": "files",
                "count": files.submitted,
                "accepted": files.submitted - files.returned,
                "pct": rules.file_pct,
            }
        )
    returned = (
        select(CreditFile)
        .where(CreditFile.manager_id == manager, _submitted(frame), _returned(frame))
        .order_by(CreditFile.returned_day.desc(), CreditFile.id)
        .limit(EVIDENCE - len(rows))
    )
    count = len(rows) + files.returned
    rows += (
        {
            "id": file.id,
            "client": file.client_id,
            "submitted": day_of(file.submitted_day).isoformat(),
            "returned": day_of(file.returned_day).isoformat(),
            "reason": file.reason,
        }
        for file in tx.execute(returned)
    )
    return Evidence(tuple(rows), count)


def _ratings(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, Ratings]:
    """The ratings of the period's quarters known by the as-of day, each quarter's ends cut off.

    A manager who was rated by too few in every quarter is absent.
    """
    rules = frame.scheme.collab
    whose = (CollabRating.manager_id, CollabRating.quarter)
    raters = func.count().over(partition_by=whose)
    cut = raters * rules.trim_pct // ALL
    place = func.row_number().over(
        partition_by=whose, order_by=(CollabRating.score, CollabRating.rater_id)
    )
    ranked = (
        select(
            CollabRating.manager_id,
            CollabRating.score,
            raters.label("raters"),
            and_(place > cut, place <= raters - cut).label("kept"),
        )
        .where(
            CollabRating.manager_id.in_(managers),
            CollabRating.quarter.in_([quarter.id for quarter in frame.window.period.quarters()]),
            CollabRating.day <= frame.known,
        )
        .subquery()
    )
    statement = (
        select(ranked.c.manager_id, func.count(), func.sum(ranked.c.score))
        .where(ranked.c.raters >= rules.fewest, ranked.c.kept)
        .group_by(ranked.c.manager_id)
    )
    return {who: Ratings(count, int(points)) for who, count, points in tx.execute(statement)}


def _files(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, Files]:
    """The credit files handed in on the days of the window, and what came back by the as-of day."""
    statement = (
        select(
            CreditFile.manager_id,
            func.count(),
            func.sum(case((_returned(frame), 1), else_=0)),
        )
        .where(CreditFile.manager_id.in_(managers), _submitted(frame))
        .group_by(CreditFile.manager_id)
    )
    return {who: Files(count, int(returned)) for who, count, returned in tx.execute(statement)}


def _submitted(frame: Frame) -> ColumnElement[bool]:
    return CreditFile.submitted_day.between(frame.window.first, frame.window.end - 1)


def _returned(frame: Frame) -> ColumnElement[bool]:
    return CreditFile.returned_day <= frame.known
