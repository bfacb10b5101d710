"""Single rows that the bank's own people write, by the declarations the nightly drop follows.

So a visit logged in Slack meets the same checks as one that was sent, and a row is only ever
there with the audit row that says who wrote it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from bank.audit import Deed, record_deed
from bank.database import Transaction
from bank.errors import EntryError
from bank.importing.contract import FILES, File
from bank.upsert import insert_new, upsert


def admit(tx: Transaction, name: str, cells: Mapping[str, str], deed: Deed) -> bool:
    """Write one row of a file of the contract, its cells as the file would hold them.

    Whether a row whose key is known takes the new values or stays is the file's declaration.
    False when nothing changed. Raises EntryError where the import would refuse the row.
    """
    file = _FILES[name]
    row = _parse(file, cells, deed.on)
    _check_references(tx, file, row)
    if not _write(tx, file, row):
        return False
    record_deed(tx, deed, f"{file.model.__tablename__}:{row['id']}", row)
    return True


_FILES = {file.name: file for file in FILES}


def _parse(file: File, cells: Mapping[str, str], on: date) -> dict[str, Any]:
    """The row by the table's columns; a cell not given is an empty one."""
    row: dict[str, Any] = {}
    for column in file.columns:
        text = cells.get(column.name, "")
        try:
            row[column.field] = column.kind.parser(on)(text)
        except ValueError as error:
            raise EntryError(file.name, column.name, text, str(error)) from None
    for rule in file.rules:
        if not rule.holds(row):
            raise EntryError(file.name, rule.column, cells.get(rule.column, ""), rule.reason)
    return row


def _check_references(tx: Transaction, file: File, row: Mapping[str, Any]) -> None:
    for column in file.columns:
        value = row[column.field]
        if column.refers is None or value is None:
            continue
        there = _FILES[column.refers].model.__table__
        if tx.scalar(select(there.c.id).where(there.c.id == value)) is None:
            raise EntryError(file.name, column.name, value, f"is not known in {column.refers}")


def _write(tx: Transaction, file: File, row: Mapping[str, Any]) -> bool:
    """True when the row is new, or known and now otherwise."""
    written = {**row, "batch_id": None}
    if insert_new(tx, file.model, [written]):
        return True
    if file.known != "update":
        return False
    table = file.model.__table__
    same = [table.c[key] == row[key] for key in _keys(file)]
    before = tx.execute(select(*(table.c[field] for field in row)).where(*same)).one()
    if tuple(before) == tuple(row.values()):
        return False
    upsert(tx, file.model, [written], keys=_keys(file))
    return True


def _keys(file: File) -> list[str]:
    return [column.field for column in file.columns if column.name in file.key]
