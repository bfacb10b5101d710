"""docs/data.md says what the import does."""

from pathlib import Path

from bank.importing.contract import FILES
from bank.importing.documentation import contract_page
from tests.bank.drops import branch

PAGE = Path(__file__).parents[2] / "docs" / "data.md"


def test_the_page_is_the_contract():
    again = "write it again: python -m bank.importing.documentation > docs/data.md"
    assert PAGE.read_text("utf-8") == contract_page(), again


# What people decide in Daybook, and no other system sends.
OWN = {"incidents": {"code", "evidence", "reason"}, "appeals": {"evidence", "points"}}


def test_every_file_and_column_is_on_the_page():
    page = PAGE.read_text("utf-8")
    for file in FILES:
        section = page.split(f"### {file.name}\n")[1].split("\n### ")[0]
        for column in file.columns:
            assert f"| `{column.name}` | {column.kind.words} |" in section


def test_every_column_of_a_table_comes_from_its_file():
    for file in FILES:
        fields = {column.field for column in file.columns}
        if file.known == "changes":
            fields = fields - {"day"} | {"from_day", "to_day", "known_day"}
        own = OWN.get(file.name, set())
        assert set(file.model.__table__.columns.keys()) == fields | own | {"batch_id"}


def test_the_tests_branch_holds_every_file():
    assert list(branch()) == [file.name for file in FILES]
