"""The names and numbers by which the bank knows people: what must not leave the house."""

from collections.abc import Collection, Iterator

from sqlalchemy import func, or_, select

from bank.database import Transaction
from bank.models import Account, Client, ImportBatch, Staff

NAMES_AT_ONCE = 100_000
NUMBERS_AT_ONCE = 10_000


def last_import(tx: Transaction) -> int:
    """The number of the newest drop that was committed; 0 before the first."""
    return tx.scalar(select(func.max(ImportBatch.id))) or 0


def names_since(tx: Transaction, batch: int | None) -> Iterator[list[str]]:
    """The names of clients and staff that came or changed with drops after `batch`, in portions.

    All of them for None.
    """
    for model in (Client, Staff):
        statement = select(model.name)
        if batch is not None:
            statement = statement.where(or_(model.batch_id > batch, model.batch_id.is_(None)))
        rows = tx.execution_options(yield_per=NAMES_AT_ONCE).scalars(statement)
        for some in rows.partitions():
            yield list(some)


def held_numbers(tx: Transaction, wanted: Collection[str]) -> frozenset[str]:
    """Those of these that are an account's number or a client's id."""
    found: set[str] = set()
    ids = sorted(wanted)
    for start in range(0, len(ids), NUMBERS_AT_ONCE):
        some = ids[start : start + NUMBERS_AT_ONCE]
        for model in (Client, Account):
            found.update(tx.scalars(select(model.id).where(model.id.in_(some))))
    return frozenset(found)
