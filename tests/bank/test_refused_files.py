"""Drops whose files or manifest cannot be trusted: refused, and nothing written."""

import json

import pytest

from tests.bank.drops import branch, counts, entry, load, rewrite, text_of, write_drop

BYTES = {
    "not UTF-8": (
        text_of(branch()["clients"]).replace("星河".encode(), "星河".encode("gbk")),
        (2, "", "is not UTF-8 but GBK, it seems: save the file as UTF-8"),
    ),
    "a missing column": (
        b"id,name,customer_class,size_class,opened_date\r\n",
        (1, "tier", "is missing: add the column"),
    ),
    "an unknown column": (
        b"id,name,customer_class,size_class,tier,opened_date,colour\r\n",
        (1, "colour", "is no column of this file: take it away"),
    ),
    "a column twice": (
        b"id,id,name,customer_class,size_class,tier,opened_date\r\n",
        (1, "id", "is there twice"),
    ),
    "a row with too few cells": (
        text_of(branch()["clients"]) + b"C3,Three\r\n",
        (4, "", "has 2 columns instead of 6"),
    ),
    "nothing at all": (b"", (1, "", "has no header: begin with the columns' names")),
    "a row too many": (
        text_of(branch()["clients"]) + b"C3,Three,retail,,private,2020-01-01\r\n",
        (0, "", "has 3 rows, the manifest says 2: send it again"),
    ),
}


@pytest.mark.parametrize(("content", "problem"), BYTES.values(), ids=BYTES)
def test_a_file_that_is_no_such_csv_is_refused(database, drop, content, problem):
    rewrite(drop, "clients", content)
    before = counts(database)
    report = load(database, drop)
    first = report.problems[0]
    assert (first.file, first.line, first.column, first.reason) == ("clients.csv", *problem)
    assert counts(database) == before


def test_a_quote_that_is_never_closed_is_refused(database, drop):
    rewrite(drop, "clients", text_of(branch()["clients"]) + b'C3,"Three' + b"x" * 200_000)
    report = load(database, drop)
    assert "write CSV with commas and closed quotes" in report.problems[0].reason


def test_a_byte_order_mark_and_another_column_order_are_fine(database, tmp_path):
    files = branch()
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
    "totals that are no numbers": (
        {"files": [{**entry("units", b"", 0), "totals": {"id": "1"}}]},
        "units.csv totals",
        "is not a JSON object of whole numbers",
    ),
}


@pytest.mark.parametrize(("changes", "column", "reason"), MANIFESTS.values(), ids=MANIFESTS)
def test_a_manifest_that_says_nothing_sure_is_refused(database, drop, changes, column, reason):
    write_drop(drop, branch(), **changes)
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
    (drop / "clients.csv").write_bytes(text_of(branch()["clients"]) + b"\n")
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
        ({"amount_fen": 1}, "adds up to 450500, the manifest says 1: send it again"),
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
    files = branch()
    files["clients"][0]["tier"] = "premium"
    report = load(database, write_drop(drop, files))
    assert [str(found) for found in report.problems] == [
        "manifest.json, batch '1': was imported already with other content: raise batch to 2"
    ]
    assert load(database, write_drop(drop, files, batch=2)).committed


def test_a_drop_older_than_the_last_is_refused(database, drop):
    load(database, drop)
    report = load(database, write_drop(drop, branch(), business_date="2026-11-13"))
    assert [str(found) for found in report.problems] == [
        (
            "manifest.json, business_date '2026-11-13': is before 2026-11-16, imported already:"
            " send corrections with that date or a later one"
        )
    ]
