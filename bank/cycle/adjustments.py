"""What later facts change about a locked period: posted to an open one, the old figures staying."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, select, true

from bank.audit import Deed, record_deed
from bank.cycle.inputs import Pinned, newest_run, pinned, resettle, result_hash, share
from bank.cycle.records import AppraisalRecord, appraisals
from bank.database import Transaction
from bank.models import PriorAdjustment
from bank.seals import plain_digest
from bank.upsert import insert_new
from scoring.periods import Period
from scoring.results import Result
from scoring.rounding import micro
from scoring.scheme import Scheme

MICRO = 1_000_000
TAKES = (
    *("open", "target_proposed", "running", "data_freeze"),
    *("prelim", "confirmed", "rating", "calibration"),
)
"""States in which an appraisal still takes an adjustment."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a locked period comes to by later facts, against the version before.

    `version` is 1 for the first: the locked figures themselves are version 0. `points` count in
    the result of the period `posted_to`.
    """

    id: str
    appraisal_id: str
    manager_id: str
    period: str
    posted_to: str
    version: int
    points: Decimal
    reason: str
    run_id: str
    from_hash: str
    to_hash: str
    result: Mapping[str, Any]
    actor_id: str
    at: datetime


def adjustments(
    tx: Transaction,
    *,
    period: str = "",
    posted_to: str = "",
    managers: Collection[str] | None = None,
) -> tuple[Adjustment, ...]:
    """Adjustments of a locked period, or posted to a period; of some managers (all, without)."""
    return _adjustments(
        tx,
        and_(
            PriorAdjustment.period == period if period else true(),
            PriorAdjustment.posted_to == posted_to if posted_to else true(),
            PriorAdjustment.manager_id.in_(managers) if managers is not None else true(),
        ),
    )


def recomputed_hash(tx: Transaction, record: AppraisalRecord, scheme: Scheme) -> str:
    """The hash of an appraisal's result, made again from the rows it rests on; "" without any."""
    pins = pinned(tx, record.run_id or "", [record.manager_id])
    if record.manager_id not in pins:
        return ""
    pin, shared = pins[record.manager_id], share(tx, [record], scheme.cycle)
    return resettle(record, pin, shared, scheme).result_hash


def changed_since(
    tx: Transaction, record: AppraisalRecord, scheme: Scheme, on: date
) -> tuple[Result, Pinned] | None:
    """What a locked appraisal would come to by the newest run; None where that is the same."""
    run = newest_run(tx, Period.parse(record.period), on)
    pins = pinned(tx, run or "", [record.manager_id])
    if record.manager_id not in pins:
        return None
    pin = pins[record.manager_id]
    after = resettle(record, pin, share(tx, [record], scheme.cycle), scheme)
    stands, _ = _newest(tx, record)
    if after.result is None or dict(after.result) == dict(stands):
        return None
    return Result.from_json(dict(after.result)), pin


def open_period(tx: Transaction, record: AppraisalRecord) -> str:
    """The first later period of the same kind whose appraisal still takes adjustments; or ""."""
    later = appraisals(tx, states=TAKES, managers=[record.manager_id])
    found = [one.period for one in later if one.kind == record.kind and one.period > record.period]
    return min(found, default="")


def post(
    tx: Transaction, record: AppraisalRecord, found: tuple[Result, Pinned], reason: str, deed: Deed
) -> Adjustment | None:
    """Post what later facts change about a locked appraisal; None when it was posted meanwhile.

    The caller has seen that there is an open period.
    """
    result, pin = found
    stands, version = _newest(tx, record)
    before = Result.from_json(dict(stands)).score or Decimal(0)
    earlier = adjustments(tx, period=record.period, managers=[record.manager_id])
    stored = result.to_json()
    one = Adjustment(
        plain_digest([record.id, version + 1])[:16],
        record.id,
        record.manager_id,
        record.period,
        open_period(tx, record),
        version + 1,
        micro((result.score or Decimal(0)) - before),
        reason,
        pin.run_id,
        earlier[-1].to_hash if earlier else record.result_hash,
        result_hash(stored, pin),
        stored,
        deed.actor_id,
        deed.at,
    )
    if insert_new(tx, PriorAdjustment, [_row(one)]) == 0:
        return None
    content = {"points": str(one.points), "reason": reason, "to": one.to_hash}
    record_deed(tx, deed, f"adjustment:{one.id}", content)
    return one


def _newest(tx: Transaction, record: AppraisalRecord) -> tuple[Mapping[str, Any], int]:
    """The newest version of a locked appraisal's result, and its number."""
    found = adjustments(tx, period=record.period, managers=[record.manager_id])
    return (found[-1].result, found[-1].version) if found else (record.result or {}, 0)


def _row(one: Adjustment) -> dict[str, Any]:
    names = Adjustment.__dataclass_fields__
    values = {name: getattr(one, name) for name in names}
    return values | {"points": int(one.points * MICRO), "result": dict(one.result)}


def _adjustments(tx: Transaction, which: ColumnElement[bool]) -> tuple[Adjustment, ...]:
    rows = tx.execute(
        select(*PriorAdjustment.__table__.columns)
        .where(which)
        .order_by(PriorAdjustment.manager_id, PriorAdjustment.period, PriorAdjustment.version)
    ).mappings()
    return tuple(
        Adjustment(**{**row, "points": micro(Decimal(row["points"]) / MICRO)}) for row in rows
    )
