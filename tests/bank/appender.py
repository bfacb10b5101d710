"""Writing deeds down as a process of its own, for the tests of the chain."""

from datetime import UTC, date, datetime

from bank.audit import Deed, record_deed
from bank.database import Database
from bank.seals import AuditKeys

KEYS = AuditKeys.parse("the-key-of-a-bank-that-is-made-up-for-tests")
ON = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 6, 30, tzinfo=UTC)


def append_some(url: str, name: str, count: int) -> None:
    """Write so many deeds down, each in a transaction of its own."""
    database = Database(url, KEYS)
    for n in range(count):
        with database.write() as tx:
            record_deed(tx, Deed(name, "test", ON, NOW), f"thing:{name}-{n}", {"n": n})
    database.close()
