"""The names and numbers by which the bank knows people: what must not leave the house."""

from collections.abc import Collection, Iterator
from string import ascii_letters, digits

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from bank.database import Transaction
from bank.models import Account, Client, ImportBatch, Staff

NAMES_AT_ONCE = 100_000
NUMBERS_AT_ONCE = 10_000
_ALIKE = dict.fromkeys(map(ord, f"{ascii_letters}{digits}"), "0")


def last_import(tx: Transaction) -> int:
    """The number of the newest drop that was committed; 0 before the first."""
    return tx.scalar(select(func.max(ImportBatch.id))) or 0


def names_since(tx: Transaction, batch: int | None) -> Iterator[list[str]]:
    """The names of clients and staff that came or changed with drops after `batch`, in portions.

    All of them for None.
    """
    for model in (Client, Staff):
        yield from _portions(tx, select(model.name).where(_after(model, batch)))


def groupings_since(tx: Transaction, batch: int | None) -> frozenset[str]:
    """How numbers that came or changed with drops after `batch` are written: 0000-00 for AC12-34.

    Only of those that are written with other signs between; all of them for None.
    """
    found: set[str] = set()
    for model in (Client, Account):
        for some in _portions(tx, select(model.id).where(_after(model, batch))):
            # In one go: of a million numbers one by one takes seconds.
            found.update("\n".join(some).translate(_ALIKE).split("\n"))
    return frozenset(one for one in found if not one.isalnum())


def _after(model: type[Client | Account | Staff], batch: int | None) -> ColumnElement[bool]:
    return true() if batch is None else or_(model.batch_id > batch, model.batch_id.is_(None))


def _portions(tx: Transaction, statement: Select[str]) -> Iterator[list[str]]:
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
