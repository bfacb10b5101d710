"""One bank for all cases of a file: what a case changed would show in the next."""

import pytest

from bank.database import Database
from knowledge.library import Library
from tests.injection.house import House, fill


@pytest.fixture(scope="module", params=["sqlite"])
def bank(tmp_path_factory):
    """A bank on SQLite: nothing here depends on the engine."""
    from bank.schema import migrate  # noqa: PLC0415 - only here

    place = tmp_path_factory.mktemp("injection")
    database = Database(f"sqlite:///{place / 'daybook.db'}")
    migrate(database)
    fill(database)
    yield database, place
    database.close()


@pytest.fixture(scope="module")
def house(bank):
    """The bank with its policies."""
    database, place = bank
    library = Library(database, place / "home")
    opened = House(database, library, place / "policies")
    opened.take_in()
    yield opened
    library.close()
