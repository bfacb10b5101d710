"""Comparing what the bank's totals will be with what the sender's ledger says they are."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, FromClause, and_, case, func, select

from bank.database import Transaction
from bank.days import number
from bank.importing.changes import Splice
from bank.importing.loading import Deltas, standing
from bank.importing.manifest import Manifest
from bank.importing.problems import Problems
from bank.models import BalanceInterval, Base, LoanEvent


def check_ledger(
    tx: Transaction,
    deltas: Deltas,
    splices: Mapping[str, Splice],
    manifest: Manifest,
    problems: Problems,
) -> None:
    """Note each total of the bank at the business date's end that is not the ledger's."""
    day = number(manifest.business_date)
    for name, stated in manifest.ledger.items():
        total = _deposits(tx, splices, day) if name == "deposits_fen" else _loans(tx, deltas, day)
        if total != stated:
            reason = (
                f"is {total} in the bank, {total - stated:+} fen: send what is missing or wrong"
            )
            problems.add(manifest.name, 0, f"ledger {name}", str(stated), reason)


def _deposits(tx: Transaction, splices: Mapping[str, Splice], day: int) -> int:
    """The balances at the end of a day, those of every source."""

    def total(spans: FromClause) -> int:
        holds = and_(spans.c.from_day <= day, spans.c.to_day > day)
        return int(tx.scalar(select(func.sum(spans.c.amount)).where(holds)) or 0)

    kept = total(BalanceInterval.__table__)
    splice = splices.get(BalanceInterval.__tablename__)
    if splice is None:
        return kept
    return kept + total(splice.born) - (0 if splice.gone is None else total(splice.gone))


def _loans(tx: Transaction, deltas: Deltas, day: int) -> int:
    """What is owed at the end of a day: drawn, less what was repaid, written off or sold."""
    kept = Base.metadata.tables[LoanEvent.__tablename__]
    total = _owed(tx, deltas, kept, day)
    if "loan_events" in deltas:
        new = deltas["loan_events"].rows
        replaced = select(kept).join(new, new.c.id == kept.c.id).subquery()
        total += _owed(tx, deltas, new, day) - _owed(tx, deltas, replaced, day)
    return total


def _owed(tx: Transaction, deltas: Deltas, moves: FromClause, day: int) -> int:
    """What moves up to a day add up to; a reversal counts against what it takes back."""

    def total(rows: FromClause, kind: ColumnElement[str], which: ColumnElement[bool]) -> int:
        adds = case((kind == "drawdown", moves.c.amount), else_=-moves.c.amount)
        found = select(func.sum(adds)).select_from(rows).where(moves.c.day <= day, which)
        return int(tx.scalar(found) or 0)

    # The few reversals alone are joined with what they take back.
    back = moves.c.kind == "reversal"
    joined, of = standing(tx, deltas, "loan_events", moves, moves.c.reverses_id)
    return total(moves, moves.c.kind, ~back) - total(joined, of("kind"), back)
