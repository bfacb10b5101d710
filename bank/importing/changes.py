"""Changes in time among the intervals already there: what goes, what comes, what was believed.

Splicing is worked out in temporary tables (`lay_out`), without touching the bank, and taken over
at once (`load_splice`).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    SelectBase,
    Table,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)

from bank.database import Transaction
from bank.days import OPEN
from bank.importing.news import News, Spans
from bank.importing.staging import fill, is_empty, update_statistics
from bank.importing.turns import Turn


@dataclass(frozen=True, slots=True)
class Splice:
    """The intervals that go and those that come; `touched` are things and the first day changed."""

    spans: Spans
    touched: FromClause
    born: Table
    gone: Table | None = None


def lay_out(tx: Transaction, news: News, turn: Turn) -> Splice:
    """Work out which intervals a drop's points replace, and by which.

    Each touched thing's intervals from its first changed day on are thought anew from all
    changes known: those there and those sent, one sent replacing another of its day. A change
    to the same values is none.
    """
    spans, name = news.spans, news.spans.table.name
    points = news.points.subquery()
    if is_empty(tx, spans.table):
        born = _intervals(points, spans, news.ends).subquery()
        everything = [*born.c, *_origin(spans, literal(turn.known), cast(null(), Integer))]
        first = select(points.c.thing, func.min(points.c.day).label("day")).group_by(points.c.thing)
        return Splice(spans, first.subquery(), fill(tx, f"born_{name}", select(*everything)))
    touched = fill(tx, f"touched_{name}", _touched(news, points), "thing")
    was = fill(tx, f"was_{name}", _met(spans, touched), "thing", "from_day")
    merged = _merged(news, turn, points, touched, was).subquery()
    now = fill(tx, f"now_{name}", _intervals(merged, spans, news.ends), "thing", "from_day")
    pair = _Pair(spans, turn, was, now)
    gone = fill(tx, f"gone_{name}", pair.gone(), "thing", "from_day")
    return Splice(spans, touched, fill(tx, f"born_{name}", pair.born()), gone)


def load_splice(tx: Transaction, splice: Splice, turn: Turn, batch_id: int) -> None:
    """Put the intervals that come in the place of those that go."""
    spans, gone, born = splice.spans, splice.gone, splice.born
    kept, superseded = spans.table, spans.superseded
    if gone is not None:
        if superseded is not None:
            believed = select(
                *(gone.c[name] for name in ("thing", "from_day", "to_day", *spans.values)),
                *(gone.c[name] for name in ("known_day", "batch_id")),
                literal(turn.known),
            ).where(gone.c.believed == 1)
            names = [*spans.columns, "known_day", "batch_id", "superseded_day"]
            tx.execute(insert(superseded).from_select(names, believed))
        places = select(gone.c.thing, gone.c.from_day)
        tx.execute(delete(kept).where(tuple_(kept.c[spans.thing], kept.c.from_day).in_(places)))
    batch = func.coalesce(born.c.batch_id, batch_id)
    origin = [born.c.known_day, batch] if superseded is not None else [batch]
    rows = select(
        *(born.c[name] for name in ("thing", "from_day", "to_day", *spans.values)), *origin
    )
    names = [*spans.columns, *_ORIGIN[-len(origin) :]]
    tx.execute(insert(kept).from_select(names, rows))
    if gone is None:
        update_statistics(tx, kept)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The touched things' intervals as they were and as they are now."""

    spans: Spans
    turn: Turn
    was: Table
    now: Table

    def gone(self) -> Select[Any]:
        """Those there no more; `believed` where others may know of the days that change."""
        was, now = self.was, self.now
        joined = was.outerjoin(now, self._goes_on)
        columns: list[ColumnElement[Any]] = list(was.c)
        if "known_day" in was.c:
            believed = and_(~self._stands, was.c.known_day < self.turn.known)
            columns.append(case((believed, 1), else_=0).label("believed"))
        left = or_(now.c.thing.is_(None), now.c.to_day != was.c.to_day)
        return select(*columns).select_from(joined).where(left)

    def born(self) -> Select[Any]:
        """Those not there yet, known and sent as before where only the end moved in the open."""
        was, now = self.was, self.now
        joined = now.outerjoin(was, self._goes_on)
        kept = and_(was.c.thing.is_not(None), self._stands)
        known: ColumnElement[int] = literal(self.turn.known)
        if "known_day" in was.c:
            known = case((kept, was.c.known_day), else_=known)
        batch = case((kept, was.c.batch_id), else_=null())
        new = or_(was.c.thing.is_(None), now.c.to_day != was.c.to_day)
        origin = _origin(self.spans, known, batch)
        return select(*now.c, *origin).select_from(joined).where(new)

    @property
    def _goes_on(self) -> ColumnElement[bool]:
        """That an interval begins as before with the same values, however its end has moved."""
        was, now = self.was, self.now
        same = (was.c[value].is_not_distinct_from(now.c[value]) for value in self.spans.values)
        return and_(was.c.thing == now.c.thing, was.c.from_day == now.c.from_day, *same)

    @property
    def _stands(self) -> ColumnElement[bool]:
        """That what was known of an interval's days still holds: none of them has changed."""
        was, now = self.was, self.now
        sooner = case((now.c.to_day < was.c.to_day, now.c.to_day), else_=was.c.to_day)
        changed = case((now.c.thing.is_(None), was.c.from_day), else_=sooner)
        return changed > self.turn.settled


_ORIGIN = ("known_day", "batch_id")


def _origin(
    spans: Spans, known: ColumnElement[Any], batch: ColumnElement[Any]
) -> list[ColumnElement[Any]]:
    """The columns that say where an interval comes from; a history has no knowledge days."""
    columns: list[ColumnElement[Any]] = [known.label("known_day"), batch.label("batch_id")]
    return columns if spans.superseded is not None else columns[1:]


def _touched(news: News, points: FromClause) -> Select[Any]:
    """The things that change and their first changed day: most of a snapshot changes nothing."""
    spans, kept = news.spans, news.spans.table
    stands = exists().where(
        kept.c[spans.thing] == points.c.thing,
        kept.c.from_day <= points.c.day,
        kept.c.to_day > points.c.day,
        *(kept.c[value].is_not_distinct_from(points.c[value]) for value in spans.values),
    )
    changed = select(points.c.thing, points.c.day).where(~stands)
    every = (union_all(changed, news.closings) if news.closings is not None else changed).subquery()
    return select(every.c.thing, func.min(every.c.day).label("day")).group_by(every.c.thing)


def _met(spans: Spans, touched: Table) -> Select[Any]:
    """The touched things' intervals that reach their first changed day.

    The one that ends on it belongs to it: the new one may carry on its values.
    """
    kept = spans.table
    names = ["from_day", "to_day", *spans.values, *(n for n in _ORIGIN if n in kept.c)]
    meets = and_(kept.c[spans.thing] == touched.c.thing, kept.c.to_day >= touched.c.day)
    return select(kept.c[spans.thing].label("thing"), *(kept.c[name] for name in names)).join(
        touched, meets
    )


def _merged(
    news: News, turn: Turn, points: FromClause, touched: Table, was: Table
) -> CompoundSelect[Any]:
    """The touched things' changes: those sent, and those there that were not sent anew."""
    values = news.spans.values
    sent = select(points.c.thing, points.c.day, *(points.c[value] for value in values))
    # What is sent of the days before the first change is what stands: it adds nothing.
    fresh = and_(touched.c.thing == points.c.thing, points.c.day >= touched.c.day)
    again = exists().where(
        points.c.thing == was.c.thing,
        points.c.day == was.c.from_day,
        points.c.day >= touched.c.day,
    )
    standing = [was.c[value] for value in values]
    parts = [
        sent.join(touched, fresh),
        select(was.c.thing, was.c.from_day, *standing)
        .join(touched, touched.c.thing == was.c.thing)
        .where(~again),
    ]
    if news.snapshot and turn.until < OPEN:
        # From the next snapshot on, what that one said still holds.
        holds = and_(was.c.from_day < turn.until, turn.until < was.c.to_day)
        parts.append(select(was.c.thing, literal(turn.until), *standing).where(holds))
    return union_all(*parts)


def _intervals(points: FromClause, spans: Spans, ends: SelectBase | None) -> Select[Any]:
    """The spans between the points at which a value really changes, up to the thing's end."""
    thing, values = points.c.thing, [points.c[value] for value in spans.values]
    before = [
        func.lag(value).over(partition_by=thing, order_by=points.c.day).label(f"last_{place}")
        for place, value in enumerate(values)
    ]
    told = select(thing, points.c.day, *values, *before).subquery()
    # The first value column is never null: without one before it, this is the thing's first point.
    differs = [
        told.c[value].is_distinct_from(told.c[f"last_{place}"])
        for place, value in enumerate(spans.values)
    ]
    kept = [told.c[value] for value in spans.values]
    real = select(told.c.thing, told.c.day, *kept).where(or_(*differs)).subquery()
    until = func.lead(real.c.day, 1, literal(OPEN), type_=Integer()).over(
        partition_by=real.c.thing, order_by=real.c.day
    )
    kept = [real.c[value] for value in spans.values]
    if ends is None:
        return select(real.c.thing, real.c.day.label("from_day"), until.label("to_day"), *kept)
    run = select(real.c.thing, real.c.day, until.label("until"), *kept).subquery()
    over = ends.subquery()
    sooner = case((over.c.day < run.c.until, over.c.day), else_=run.c.until)
    return (
        select(
            run.c.thing,
            run.c.day.label("from_day"),
            sooner.label("to_day"),
            *(run.c[value] for value in spans.values),
        )
        .select_from(run.outerjoin(over, over.c.thing == run.c.thing))
        .where(or_(over.c.day.is_(None), run.c.day < over.c.day))
    )
