"""What the bank's tests share."""

from pathlib import Path

import pytest

from bank.database import Database
from tests.bank.drops import branch, load, write_drop


@pytest.fixture
def drop(tmp_path) -> Path:
    """A drop of the small branch, with nothing wrong."""
    return write_drop(tmp_path / "drop", branch())


@pytest.fixture
def loaded(filled, drop) -> Database:
    """A bank of its own that has the small branch from that drop, Monday's, already."""
    return filled("small branch", lambda database: load(database, drop))
