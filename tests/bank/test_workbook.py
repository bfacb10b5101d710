"""The workbook of refused rows: every bad row with what is wrong with it, as plain text."""

import re
import stat
import zipfile

import pytest
from lxml import etree

from bank.importing.workbook import write_refused
from tests.bank.drops import branch, load, write_drop

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(path) -> dict[str, list[list[str]]]:
    """Every sheet's cells; a cell that is anything but text fails."""
    with zipfile.ZipFile(path) as book:
        names = [
            sheet.get("name")
            for sheet in etree.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
        ]
        return {
            name: [
                [cell_text(cell) for cell in row]
                for row in etree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")).iter(
                    f"{MAIN}row"
                )
            ]
            for number, name in enumerate(names, 1)
        }


def cell_text(cell) -> str:
    assert cell.get("t") == "inlineStr"
    assert cell.find(f"{MAIN}f") is None
    return "".join(text.text or "" for text in cell.iter(f"{MAIN}t"))


@pytest.fixture
def refused(database, tmp_path):
    """A drop with a row that cannot be read, one that breaks a rule, and one nobody knows."""
    files = branch()
    files = {name: files[name] for name in ("clients", "visits")}
    files["clients"][1].update(tier="gold", opened_date="soon", name="=HYPERLINK(1)")
    files["visits"][0]["logged_date"] = "2026-05-31"
    return load(database, write_drop(tmp_path / "drop", files, source="../core/银行"))


def test_bad_rows_stand_there_with_their_reasons_and_cells(refused, tmp_path):
    path = write_refused(refused, tmp_path / "refused")
    assert path == tmp_path / "refused" / ".._core_银行-2026-11-16-1.xlsx"
    found = sheets(path)
    assert list(found) == ["clients.csv", "visits.csv"]
    assert found["clients.csv"][0][:5] == ["line", "column", "reason", "id", "name"]
    [row] = found["clients.csv"][1:]
    assert row[:2] == ["3", "tier, opened_date"]
    assert row[2] == (
        "tier is not one of: private, premium, standard;"
        " opened_date is not a date: write it like 2026-11-16"
    )
    assert row[3:5] == ["C2", "=HYPERLINK(1)"]
    [visit] = found["visits.csv"][1:]
    assert visit[:3] == ["2", "logged_date", "is before date: correct one of the two"]


def test_rows_that_contradict_others_are_quoted_too(database, tmp_path):
    files = branch()
    files = {name: files[name] for name in ("units", "staff", "clients", "assignments")}
    files["assignments"][1]["client_id"] = "C9"
    report = load(database, write_drop(tmp_path / "drop", files))
    path = write_refused(report, tmp_path / "refused")
    [row] = sheets(path)["assignments.csv"][1:]
    assert row[:3] == [
        "3",
        "client_id",
        "is not known: add it to clients.csv, or send it in an earlier drop",
    ]
    named = dict(zip(sheets(path)["assignments.csv"][0], row, strict=False))
    assert (named["client_id"], named["from_date"], named["to_date"]) == ("C9", "2026-07-01", "")


def test_only_its_owner_may_read_it_and_the_next_one_replaces_it(refused, tmp_path):
    folder = tmp_path / "refused"
    path = write_refused(refused, folder)
    assert write_refused(refused, folder) == path
    assert [found.name for found in folder.iterdir()] == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_thousand_problems_are_kept_and_a_monstrous_row_is_cut(database, tmp_path):
    row = {"account_id": "A 1", "date": "2026-11-01", "amount_fen": "x"}
    monster = {**row, "account_id": "A" * 50_000}
    report = load(database, write_drop(tmp_path / "drop", {"balances": [monster] + [row] * 599}))
    [rows] = sheets(write_refused(report, tmp_path / "refused")).values()
    # Two problems a row: the code, and the amount.
    assert (len(rows), report.problem_count) == (1 + 500, 1_200)
    assert re.fullmatch("A{20000}…", rows[1][3])


def test_without_a_bad_row_there_is_no_workbook(database, tmp_path):
    drop = write_drop(tmp_path / "drop", {"units": branch()["units"]})
    (drop / "units.csv").unlink()
    report = load(database, drop)
    assert write_refused(report, tmp_path / "refused") is None
    assert not (tmp_path / "refused").exists()
