"""What can be wrong with the bank's database or a drop, one line each.

BankError
├── AuditBrokenError   the audit log's head does not hold: somebody changed it
├── AuditFileError     a file that is no exported audit log, or cannot be written
├── AuditKeyError      the audit log's key is missing, or another
├── CalendarError      a day the bank's calendar does not know
├── CalendarGapError   days that would leave unknown ones between them
├── DatabaseError      the database cannot be reached, read or written
├── DatabaseUrlError   the URL names no engine we run on
├── EntryError         an entry that the import would refuse as well
├── NothingLoadedError no drop was imported yet
├── SchemaError        the database is not at this version's schema
├── UnknownStaffError  no such person, or not somebody the asker may see
└── WarehouseError     a warehouse that cannot be reached or read
"""

from datetime import date


class BankError(Exception):
    """Something about the bank's records that its message says how to put right."""


class AuditBrokenError(BankError):
    """The audit log cannot be added to: what it ends with was changed or removed."""

    def __init__(self, reason: str) -> None:
        """Say what is wrong, and what finds out more."""
        super().__init__(f"{reason}: run daybook audit verify")


class AuditFileError(BankError):
    """A file of the audit log that cannot be written, or is not what it should be."""

    def __init__(self, path: object, reason: str) -> None:
        """Name the file and what is wrong with it."""
        super().__init__(f"{path}: {reason}")


class AuditKeyError(BankError):
    """The audit log's key is missing, unusable, or not the one it is sealed with."""

    def __init__(self, reason: str) -> None:
        """Say what is wrong, and where the key belongs."""
        super().__init__(
            f"{reason}: put the key into DAYBOOK_AUDIT_KEY, or back into audit.key of DAYBOOK_HOME"
        )


class CalendarError(BankError):
    """A day outside the bank's calendar."""

    def __init__(self, first: date, last: date) -> None:
        """Say which days are known and where more come from."""
        super().__init__(
            f"the bank's calendar knows only {first} to {last}:"
            " bring more in with daybook calendar import, or a newer version and daybook migrate"
        )


class CalendarGapError(BankError):
    """The bank's own days stand apart from those known: what lies between would be a guess."""

    def __init__(self, before: date, after: date) -> None:
        """Name the days around the gap."""
        super().__init__(
            f"nothing would be known of the days between {before} and {after}: give those too"
        )


class DatabaseError(BankError):
    """The database cannot be reached, read or written."""

    def __init__(self, url: str, reason: str) -> None:
        """Name the database (without its password) and the engine's own first line."""
        super().__init__(f"database {url}: {reason}")


class DatabaseUrlError(BankError):
    """The database URL is not one of SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        """Say which URL was refused and what would be accepted."""
        super().__init__(
            f"database URL {url!r} is not usable: give sqlite:///FILE or postgresql://USER@HOST/NAME"
        )


class EntryError(BankError):
    """Something somebody wrote that is not as the contract of the nightly drop has it."""

    def __init__(self, file: str, column: str, value: str, reason: str) -> None:
        """Name the place; a long value is shown by its start."""
        shown = f" {cut!r}" if (cut := value[:40]) else ""
        super().__init__(f"{file}, {column}{shown}: {reason}")


class NothingLoadedError(BankError):
    """The bank has no records yet."""

    def __init__(self) -> None:
        """Say how records come in."""
        super().__init__("the bank has no records yet: run daybook import with a drop's folder")


class SchemaError(BankError):
    """The database's schema is not the one this version works with."""


class UnknownStaffError(BankError):
    """No staff member of that id (or none the asker may see: both read the same)."""

    def __init__(self, staff_id: str) -> None:
        """Name the id that was asked for."""
        super().__init__(f"no staff member {staff_id!r}: check the staff id, such as M001")


class WarehouseError(BankError):
    """A warehouse that cannot be reached or read."""

    def __init__(self, url: object, reason: str) -> None:
        """Name the warehouse (as its URL shows itself, without the password) and what is wrong."""
        super().__init__(f"warehouse {url}: {reason}" if url else f"the warehouse's URL {reason}")
