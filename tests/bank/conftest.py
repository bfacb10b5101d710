"""What the bank's tests share."""

from pathlib import Path

import pytest

from tests.bank.drops import branch, write_drop


@pytest.fixture
def drop(tmp_path) -> Path:
    """A drop of the small branch, with nothing wrong."""
    return write_drop(tmp_path / "drop", branch())
