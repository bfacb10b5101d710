from collections.abc import Iterator

import pytest

from tests.workspace.desk import Desk, close_desk, open_desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    opened = open_desk()
    yield opened
    close_desk(opened)
