"""The law of the kinds: a column is read as its cells would be, one by one."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.days import OPEN
from bank.importing.kinds import Choice, Day, Flag, Identifier, JsonObject, Kind, Text, Whole

ON = date(2026, 11, 16)
KINDS = (
    Text(),
    Text(optional=True),
    Identifier(),
    Identifier(optional=True),
    Choice(("", "micro", "small")),
    Flag(),
    Day(),
    Day(future=True),
    Day(empty=OPEN),
    Day(empty=None),
    Whole(),
    Whole(0, 100),
    Whole(optional=True),
    JsonObject(),
)
CELLS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "", " ", "0", "7", "-7", "007", "+7", "1_0", "٣", "100", "101", "9" * 15, "9" * 16,
                "true", "false", "True", "micro", "small", "A1", "A 1", "A" * 64, "A" * 65, "\0",
                "a\tb", "\u200b", "\u3000", "x" * 4_000, "x" * 4_001, "{}", '{"a": 1}', "[1]", "[",
                "2026-11-16", "2026-11-17", "2026-02-30", "9999-12-31", "2026-W47-1", "20261116",
            ]
        ),
        st.text(max_size=8),
        st.dates().map(str),
        st.integers(-(10**16), 10**16).map(str),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def one_by_one(kind: Kind, cells: list[str]) -> list[object] | None:
    parse = kind.parser(ON)
    try:
        return [parse(cell) for cell in cells]
    except ValueError:
        return None


def at_once(kind: Kind, cells: list[str]) -> list[object] | None:
    try:
        return list(kind.column_parser(ON)(cells))
    except ValueError:
        return None


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@settings(max_examples=50)
@given(cells=CELLS)
def test_a_column_is_read_as_its_cells_are(kind, cells):
    assert at_once(kind, cells) == one_by_one(kind, cells)


@pytest.mark.parametrize("kind", [Flag(), Day(), JsonObject()], ids=repr)
@settings(max_examples=50)
@given(cells=CELLS)
def test_what_was_read_before_changes_nothing(kind, cells):
    parse = kind.column_parser(ON)
    first = [at_once(kind, [cell]) for cell in cells]
    again = []
    for cell in cells:
        try:
            again.append(list(parse([cell])))
        except ValueError:
            again.append(None)
    assert again == first
