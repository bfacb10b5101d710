"""Comparing what the bank's totals will be with what the sender's ledger says they are."""

from collections.abc import Mapping

from sqlalchemy import FromClause, SelectBase, and_, case, exists, func, select, union_all

from bank.database import Transaction
from bank.days import number
from bank.importing.changes import Splice
from bank.importing.loading import Deltas, standing
from bank.importing.manifest import Manifest
from bank.importing.problems import Problems
from bank.models import BalanceInterval, LoanEvent


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
    """What is owed at the end of a day: drawn, less what was repaid, written off or sold.

    A reversal counts against what it takes back.
    """
    kept = LoanEvent.__table__
    names = ("day", "kind", "amount", "reverses_id")
    standing_moves = select(*(kept.c[name] for name in names))
    moves: SelectBase = standing_moves
    if "loan_events" in deltas:
        new = deltas["loan_events"].rows
        replaced = exists().where(new.c.id == kept.c.id)
        rows = select(*(new.c[name] for name in names))
        moves = union_all(standing_moves.where(~replaced), rows)
    move = moves.subquery()
    joined, of = standing(tx, deltas, "loan_events", move, move.c.reverses_id)
    adds = func.coalesce(of("kind"), move.c.kind) == "drawdown"
    back = move.c.kind == "reversal"
    owed = case((adds != back, move.c.amount), else_=-move.c.amount)
    statement = select(func.sum(owed)).select_from(joined).where(move.c.day <= day)
    return int(tx.scalar(statement) or 0)
