"""Drops whose files or manifest cannot be trusted: refused, and nothing written."""

import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from bank.importing.contract import FILES
from bank.importing.folder import Folder
from bank.importing.problems import Problems
from tests.bank.drops import Files, branch, counts, entry, load, rewrite, text_of, write_drop

SENT = ("units", "staff", "clients", "products", "accounts", "balances", "visits")


def some() -> Files:
    """Enough of the branch to have every kind of trouble with, and little to check."""
    return {name: rows for name, rows in branch().items() if name in SENT}


@pytest.fixture
def drop(tmp_path) -> Path:
    return write_drop(tmp_path / "drop", some())


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, text_of(branch()["units"]))
    return out.getvalue()


BYTES = {
    "GBK": (
        text_of(branch()["units"]).replace(b"Team one", "星河".encode("gbk")),
        (3, "", "is not UTF-8 but GBK, it seems: save the file as UTF-8"),
    ),
    "a missing column": (b"id,name\r\n", (1, "parent_id", "is missing: add the column")),
    "an unknown column": (
        b"id,name,parent_id,colour\r\n",
        (1, "colour", "is no column of this file: take it away"),
    ),
    "a column twice": (b"id,id,name,parent_id\r\n", (1, "id", "is there twice")),
    "no header": (
        b"".join(text_of(branch()["units"]).splitlines(keepends=True)[1:]),
        (1, "id", "is missing: add the column"),
    ),
    "a row with too few cells": (
        text_of(branch()["units"]) + b"U11,Two\r\n",
        (4, "", "has 2 columns instead of 3"),
    ),
    "a row with too many cells": (
        text_of(branch()["units"]) + b"U11,Two,B1,\r\n",
        (4, "", "has 4 columns instead of 3"),
    ),
    "semicolons": (
        text_of(branch()["units"]).replace(b",", b";"),
        (1, "id", "is missing: add the column"),
    ),
    "an empty line": (
        text_of(branch()["units"]) + b"\r\n",
        (4, "", "has 0 columns instead of 3"),
    ),
    "cut short within a row": (
        text_of(branch()["units"])[:-6],
        (3, "", "has 2 columns instead of 3"),
    ),
    "cut short between rows": (
        b"".join(text_of(branch()["units"]).splitlines(keepends=True)[:2]),
        (0, "", "has 1 rows, the manifest says 2: send it again"),
    ),
    "line ends of old": (
        text_of(branch()["units"]).replace(b"\r\n", b"\r"),
        (1, "", "holds a lone carriage return: end every row with LF or CR LF"),
    ),
    "zero bytes": (
        text_of(branch()["units"]) + b"U\x0011,Two,B1\r\n",
        (4, "id", "holds a space or an unprintable character: remove it"),
    ),
    "UTF-16": (
        text_of(branch()["units"]).decode().encode("utf-16"),
        (0, "", "is in UTF-16: save it as UTF-8"),
    ),
    "UTF-16 without its mark": (
        text_of(branch()["units"]).decode().encode("utf-16-be"),
        (0, "", "is in UTF-16 or no text at all: save it as UTF-8"),
    ),
    "a ZIP archive": (
        zipped("units.csv"),
        (0, "", "is a ZIP archive or an Excel workbook: send the CSV file itself"),
    ),
    "an Excel workbook": (
        zipped("[Content_Types].xml"),
        (0, "", "is a ZIP archive or an Excel workbook: send the CSV file itself"),
    ),
    "an old Excel workbook": (
        bytes.fromhex("d0cf11e0a1b11ae1"),
        (0, "", "is an Excel workbook: save it as CSV in UTF-8"),
    ),
    # A bomb: a hundred bytes that would be a hundred thousand; nothing here unpacks them.
    "gzip": (
        gzip.compress(b"0" * 100_000),
        (0, "", "is compressed with gzip: send the CSV file itself"),
    ),
    "Parquet": (
        b"PAR1" + bytes(100) + b"PAR1",
        (0, "", "is a Parquet file: name it .parquet, in the manifest too"),
    ),
    "noise": (
        bytes(range(250, 127, -1)) * 4,
        (1, "", "is not UTF-8: save the file as UTF-8"),
    ),
    "a line of two megabytes": (
        text_of(branch()["units"]) + b"U11," + b"x" * 2_000_000 + b",B1\r\n",
        (4, "", "is longer than 1,000,000 bytes: end every row with a line end"),
    ),
    "nothing at all": (b"", (1, "", "has no header: begin with the columns' names")),
    "a row too many": (
        text_of(branch()["units"]) + b"U11,Two,B1\r\n",
        (0, "", "has 3 rows, the manifest says 2: send it again"),
    ),
}


@pytest.mark.parametrize(("content", "problem"), BYTES.values(), ids=BYTES)
def test_a_file_that_is_no_such_csv_is_refused(database, drop, content, problem):
    rewrite(drop, "units", content)
    before = counts(database)
    report = load(database, drop)
    first = report.problems[0]
    assert (first.file, first.line, first.column, first.reason) == ("units.csv", *problem)
    assert counts(database) == before


def test_a_quote_that_is_never_closed_is_refused(database, drop):
    rewrite(drop, "clients", text_of(branch()["clients"]) + b'C3,"Three' + b"x" * 200_000)
    report = load(database, drop)
    assert "write CSV with commas and closed quotes" in report.problems[0].reason


def test_two_gigabytes_without_a_line_end_are_refused_unread(database, drop):
    """The file is sparse: to read it whole would take the disk no time, but us two gigabytes."""
    os.truncate(drop / "units.csv", 2 << 30)
    problem = load(database, drop).problems[0]
    assert str(problem) == (
        "units.csv line 4: is longer than 1,000,000 bytes: end every row with a line end"
    )


@pytest.mark.parametrize("name", ["units.csv", "manifest.json"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(database, drop, name):
    (drop / name).unlink()
    os.mkfifo(drop / name)
    assert "cannot be read (No plain file)" in str(load(database, drop).problems[0])


def test_a_folder_in_the_place_of_a_file_is_refused(database, drop):
    (drop / "units.csv").unlink()
    (drop / "units.csv").mkdir()
    assert "units.csv: cannot be read (Is a directory)" in str(load(database, drop).problems[0])


def test_a_file_that_changes_under_the_eyes_of_its_reader_is_refused(tmp_path):
    """Its digest was right when it was looked at; what came after it is anybody's guess."""
    row = {"account_id": "A1", "date": "2026-11-01", "amount_fen": "1"}
    folder = Folder(write_drop(tmp_path / "drop", {"balances": [row] * 5_000}))
    problems = Problems()
    manifest = folder.manifest(problems)
    file = next(file for file in FILES if file.name == "balances")
    rows = folder.reader(file, manifest.files[0], manifest.business_date, problems).read()
    next(rows)
    os.utime(tmp_path / "drop" / "balances.csv", (0, 0))
    assert len(list(rows)) == 4_999
    assert [str(found) for found in problems.kept] == [
        "balances.csv: was changed while it was read: send the drop again"
    ]


def test_lines_are_counted_as_an_editor_does(database, drop):
    """A quoted cell may go over several lines; what follows it is told by its own."""
    note = b'V7,C1,M001,2026-06-01,2026-06-02,onsite,"one\r\ntwo\nthree"\r\n'
    rewrite(drop, "visits", text_of(branch()["visits"]) + note + b"V8,C1\r\n")
    problem = load(database, drop).problems[0]
    assert (problem.line, problem.reason) == (6, "has 2 columns instead of 7")


def test_a_byte_order_mark_and_another_column_order_are_fine(database, tmp_path):
    files = some()
    files["clients"] = [dict(reversed(row.items())) for row in files["clients"]]
    drop = write_drop(tmp_path / "drop", files)
    rewrite(drop, "clients", b"\xef\xbb\xbf" + text_of(files["clients"]))
    assert load(database, drop).committed


MANIFESTS = {
    "no batch": ({"batch": None}, "batch", "is not a number from 1"),
    "a batch that is no number": ({"batch": True}, "batch", "is not a number from 1"),
    "no such day": ({"business_date": "2026-13-01"}, "business_date", "is not a date"),
    "no source": ({"source": ""}, "source", "is not a name: give the sending system's"),
    "no files": ({"files": []}, "files", "is not a list of files"),
    "a strange file": (
        {"files": [entry("../etc/passwd", b"", 0)]},
        "files",
        "is no file of the contract: see docs/data.md",
    ),
    "a file twice": (
        {"files": [entry("units", b"", 0)] * 2},
        "files",
        "is listed twice: list each file once",
    ),
    "no digest": (
        {"files": [{**entry("units", b"", 0), "sha256": "abc"}]},
        "units.csv sha256",
        "is not 64 hexadecimal digits",
    ),
    "no rows": (
        {"files": [{**entry("units", b"", 0), "rows": "2"}]},
        "units.csv rows",
        "is not a number of rows",
    ),
    "a file of a folder below": (
        {"files": [entry("sub/units", b"", 0)]},
        "files",
        "is no file of the contract: see docs/data.md",
    ),
    "a source that could be two": (
        {"source": "co\u200bre"},
        "source",
        "is not a name: give the sending system's",
    ),
    "more rows than there can be": (
        {"files": [{**entry("units", b"", 0), "rows": 2**31}]},
        "units.csv rows",
        "is not a number of rows",
    ),
    "a snapshot of units": (
        {"files": [{**entry("units", b"", 0), "complete": True}]},
        "units.csv complete",
        "is only for files of changes: leave it out",
    ),
    "completeness in words": (
        {"files": [{**entry("balances", b"", 0), "complete": "yes"}]},
        "balances.csv complete",
        "is neither true nor false",
    ),
    "a ledger of fractions": (
        {"ledger": {"deposits_fen": 1.5}},
        "ledger",
        "is not a JSON object of whole numbers for deposits_fen and loans_fen",
    ),
    "a ledger of something else": (
        {"ledger": {"gold_fen": 1}},
        "ledger",
        "is not a JSON object of whole numbers for deposits_fen and loans_fen",
    ),
    "totals that are no numbers": (
        {"files": [{**entry("units", b"", 0), "totals": {"id": "1"}}]},
        "units.csv totals",
        "is not a JSON object of whole numbers",
    ),
}


@pytest.mark.parametrize(("changes", "column", "reason"), MANIFESTS.values(), ids=MANIFESTS)
def test_a_manifest_that_says_nothing_sure_is_refused(database, drop, changes, column, reason):
    write_drop(drop, some(), **changes)
    report = load(database, drop)
    first = report.problems[0]
    assert (first.file, first.column, first.reason) == ("manifest.json", column, reason)
    assert report.committed is False


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 100_000, b"x" * 1_000_001])
def test_a_manifest_that_is_no_json_object_is_refused(database, drop, content):
    (drop / "manifest.json").write_bytes(content)
    report = load(database, drop)
    assert "is not a JSON object of source" in report.problems[0].reason


def test_a_folder_without_a_drop_is_refused(database, tmp_path):
    report = load(database, tmp_path / "absent")
    assert [str(found) for found in report.problems] == [
        (
            "manifest.json: cannot be read (No such file or directory):"
            " give the folder that holds the drop"
        )
    ]


def test_a_file_that_changed_on_its_way_is_refused(database, drop):
    (drop / "clients.csv").write_bytes(text_of(some()["clients"]) + b"\n")
    problem = load(database, drop).problems[0]
    assert str(problem) == "clients.csv: differs from the manifest's sha256: send the drop again"


def test_a_file_that_got_lost_is_refused(database, drop):
    (drop / "clients.csv").unlink()
    assert "clients.csv: cannot be read" in str(load(database, drop).problems[0])


def test_a_file_nobody_listed_is_refused(database, drop):
    (drop / "gifts.csv").write_text("id\n")
    problem = load(database, drop).problems[0]
    assert str(problem) == "gifts.csv: is not in manifest.json: list it, or take it away"


@pytest.mark.parametrize(
    ("totals", "problem"),
    [
        # 100,000 + 100,000 + 250,000 + 500
        ({"amount_fen": 450_500}, None),
        ({"amount_fen": 450_499}, "adds up to 450500, the manifest says 450499: send it again"),
        ({"account_id": 1}, "has no total: only columns of numbers have"),
    ],
)
def test_control_totals_are_checked(database, drop, totals, problem):
    manifest = json.loads((drop / "manifest.json").read_text())
    next(file for file in manifest["files"] if file["name"] == "balances.csv")["totals"] = totals
    (drop / "manifest.json").write_text(json.dumps(manifest))
    report = load(database, drop)
    assert [found.reason for found in report.problems] == ([problem] if problem else [])


def test_other_content_under_the_same_batch_is_refused(database, drop):
    load(database, drop)
    files = some()
    files["clients"][0]["tier"] = "premium"
    report = load(database, write_drop(drop, files))
    assert [str(found) for found in report.problems] == [
        "manifest.json, batch '1': was imported already with other content: raise batch to 2"
    ]
    assert load(database, write_drop(drop, files, batch=2)).committed
