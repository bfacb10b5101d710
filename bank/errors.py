"""What can be wrong with the bank's database or a drop, one line each.

BankError
├── DatabaseUrlError   the URL names no engine we run on
├── SchemaError        the database is not at this version's schema
└── UnknownStaffError  no such person, or not somebody the asker may see
"""


class BankError(Exception):
    """Something about the bank's records that its message says how to put right."""


class DatabaseUrlError(BankError):
    """The database URL is not one of SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        """Say which URL was refused and what would be accepted."""
        super().__init__(
            f"database URL {url!r} is not usable: give sqlite:///FILE or postgresql://USER@HOST/NAME"
        )


class SchemaError(BankError):
    """The database's schema is not the one this version works with."""


class UnknownStaffError(BankError):
    """No staff member of that id (or none the asker may see: both read the same)."""

    def __init__(self, staff_id: str) -> None:
        """Name the id that was asked for."""
        super().__init__(f"no staff member {staff_id!r}: check the staff id, such as M001")
