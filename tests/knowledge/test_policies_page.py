"""docs/policies.md says what a policy may say of itself."""

import re
from pathlib import Path

import pytest

from knowledge.errors import ReadingError
from knowledge.reading.metadata import ROLES, check_meta
from knowledge.reading.reader import READABLE

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| .* \| (yes)? ?\|$", re.MULTILINE)


def test_the_page_has_every_key_and_which_must_be_there():
    table = dict(ROW.findall(PAGE))
    with pytest.raises(ReadingError) as lacking:
        check_meta({})
    good = {"id": "x", "title": "X", "version": "1", "in_force_from": 1, "audience": 1, "owner": 1}
    with pytest.raises(ReadingError) as unknown:
        check_meta(good | {"colour": "red"})

    assert {key for key, must in table.items() if must} == {
        key.strip() for key in str(lacking.value).partition("lacks ")[2].split(",")
    }
    held = str(unknown.value).partition("it may hold ")[2].rstrip(")")
    assert set(table) == {key.strip() for key in held.split(",")}


def test_the_page_names_every_format_and_role():
    missing = [name for name in READABLE if f"`{name}`" not in PAGE and name != ".htm"]

    assert missing == []
    assert [role for role in ROLES if role not in PAGE] == []
