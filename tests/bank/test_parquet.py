"""Drops of Parquet files: the same rows as CSV would bring, and nothing that could mean two things."""

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bank.database import Database
from bank.models import Base
from bank.schema import migrate
from tests.bank.drops import Files, branch, counts, load, text_of, write_drop

SENT = ("units", "staff", "clients", "products", "accounts", "balances", "loans", "warnings")


def some() -> Files:
    """Files with every kind of column, and little to check."""
    return {name: rows for name, rows in branch().items() if name in SENT}


@pytest.fixture
def drop(tmp_path) -> Path:
    return write_drop(tmp_path / "drop", some())


def write_parquet(drop, name: str, table: pa.Table, change=lambda content: content, **options):
    """Replace a file of a drop by a Parquet file, true to the manifest."""
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    (drop / f"{name}.csv").unlink(missing_ok=True)
    replace(drop, name, change(out.getvalue()), table.num_rows)


def replace(drop, name: str, content: bytes, rows: int) -> None:
    (drop / f"{name}.parquet").write_bytes(content)
    manifest = json.loads((drop / "manifest.json").read_text())
    for listed in manifest["files"]:
        if listed["name"].split(".")[0] == name:
            listed.update(name=f"{name}.parquet", sha256=sha256(content).hexdigest(), rows=rows)
    (drop / "manifest.json").write_text(json.dumps(manifest))


def texts(name: str) -> pa.Table:
    """A file of the small branch with every cell as text."""
    rows = list(csv.DictReader(io.StringIO(text_of(branch()[name]).decode())))
    return pa.table({column: [row[column] for row in rows] for column in rows[0]})


def swap(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def balances(**columns) -> pa.Table:
    """Balances in the types a warehouse would write; some columns may be others."""
    return pa.table(
        {
            "account_id": ["A1", "A2"],
            "date": pa.array([date(2026, 11, 1), date(2026, 10, 1)]),
            "amount_fen": pa.array([100_000, 500]),
            **columns,
        }
    )


def everything(database) -> dict[str, list]:
    with database.read() as tx:
        return {
            table.name: sorted(map(repr, tx.execute(table.select())))
            for table in Base.metadata.sorted_tables
            if table.name not in ("calendar_day", "import_batch")
        }


def test_a_drop_of_parquet_brings_what_csv_brings(database, databases, drop):
    url = databases.copy("migrated", migrate)
    other = Database(url)
    load(other, drop)
    for name in some():
        write_parquet(drop, name, texts(name))
    report = load(database, drop)
    assert report.problems == ()
    assert {file.name for file in report.files} == {f"{name}.parquet" for name in some()}
    assert everything(database) == everything(other)
    other.close()
    databases.drop(url)


TYPES = {
    "whole numbers of any width": balances(amount_fen=pa.array([100_000, 500], pa.uint32())),
    "text for numbers and dates": balances(
        date=["2026-11-01", "2026-10-01"], amount_fen=["100000", "500"]
    ),
    "large text": balances(account_id=pa.array(["A1", "A2"], pa.large_string())),
    "views of text": balances(account_id=pa.array(["A1", "A2"], pa.string_view())),
    "a dictionary": balances(account_id=pa.array(["A1", "A2"]).dictionary_encode()),
    "a dictionary of whole numbers": balances(
        amount_fen=pa.array([100_000, 500]).dictionary_encode()
    ),
}


@pytest.mark.parametrize("table", TYPES.values(), ids=TYPES)
def test_types_with_one_certain_text_are_accepted(database, drop, table):
    write_parquet(drop, "balances", table)
    report = load(database, drop)
    assert report.problems == ()
    assert report.committed


def test_null_is_an_empty_cell_and_a_boolean_a_flag(database, drop):
    closed = pa.array([None, date(2026, 11, 1)], pa.date32())
    accounts = swap(texts("accounts"), "closed_date", closed)
    loans = swap(texts("loans"), "refinances", pa.array([False]))
    units = swap(texts("units"), "parent_id", pa.nulls(2))
    write_parquet(drop, "accounts", accounts)
    write_parquet(drop, "loans", loans)
    write_parquet(drop, "units", units)
    assert load(database, drop).problems == ()


CERTAIN = "write it as text, whole numbers, date32 or booleans"
FAULTS = {
    "amounts with fractions": (
        {"amount_fen": [1.0, 2.0]},
        (1, "amount_fen", f"holds double: {CERTAIN}"),
    ),
    "decimals": (
        {"amount_fen": pa.array([Decimal("1.00"), Decimal("2.00")])},
        (1, "amount_fen", f"holds decimal128(3, 2): {CERTAIN}"),
    ),
    "moments for days": (
        {"date": pa.array([datetime(2026, 11, 1), datetime(2026, 10, 1)])},  # noqa: DTZ001
        (1, "date", f"holds timestamp[us]: {CERTAIN}"),
    ),
    "lists": ({"account_id": [["A1"], ["A2"]]}, (1, "account_id", "holds list<element: string>: " + CERTAIN)),
    "bytes": ({"account_id": [b"A1", b"A2"]}, (1, "account_id", f"holds binary: {CERTAIN}")),
    "null where a value is due": (
        {"account_id": [None, "A2"]},
        (2, "account_id", "is empty: give a code"),
    ),
    "a day that is yet to come": (
        {"date": pa.array([date(2026, 11, 1), date(2026, 11, 17)])},
        (3, "date", "is after the business date 2026-11-16"),
    ),
    "a column too many": (
        {"currency": ["CNY", "CNY"]},
        (1, "currency", "is no column of this file: take it away"),
    ),
    # A dictionary repeats it for nothing; unpacked it is there once a row.
    "a text of a megabyte": (
        {"account_id": pa.array(["A" * 1_000_000] * 2).dictionary_encode()},
        (2, "account_id", "holds a text of 1,000,000 bytes: shorten it"),
    ),
    "text that is not UTF-8": (
        {"account_id": pa.array([b"A1", b"\xd0\xc7"]).view(pa.string())},
        (2, "account_id", "is not UTF-8 from here on: write its text as UTF-8"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("columns", "problem"), FAULTS.values(), ids=FAULTS)
def test_a_parquet_file_that_breaks_the_contract_is_refused(database, drop, columns, problem):
    write_parquet(drop, "balances", balances(**columns))
    refused_with(database, drop, "balances.parquet", *problem)


def refused_with(database, drop, file, line, column, reason):
    before = counts(database)
    first = load(database, drop).problems[0]
    assert (first.file, first.line, first.column, first.reason) == (file, line, column, reason)
    assert counts(database) == before


def test_a_missing_column_is_told(database, drop):
    write_parquet(drop, "balances", balances().drop_columns(["date"]))
    refused_with(database, drop, "balances.parquet", 1, "date", "is missing: add the column")


def test_fewer_rows_than_announced_are_refused_before_any_is_read(database, drop):
    out = io.BytesIO()
    pq.write_table(balances(), out)
    (drop / "balances.csv").unlink()
    replace(drop, "balances", out.getvalue(), rows=3)
    reason = "has 2 rows, the manifest says 3: send it again"
    refused_with(database, drop, "balances.parquet", 0, "", reason)


def expanding(content: bytes) -> bytes:
    """The file with a footer that claims 4 TB for its row group."""
    metadata = pq.ParquetFile(io.BytesIO(content)).metadata
    length = int.from_bytes(content[-8:-4], "little")
    body, footer = content[: -8 - length], content[-8 - length : -8]
    told = b"\x16" + varint(metadata.row_group(0).total_byte_size)
    assert footer.count(told) == 1
    footer = footer.replace(told, b"\x16" + varint(1 << 42))
    return body + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def varint(value: int) -> bytes:
    """A number as a Parquet footer writes it: zigzag, seven bits a byte."""
    value, out = value << 1, b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def test_a_footer_that_claims_a_huge_expansion_is_refused(database, drop):
    write_parquet(drop, "balances", balances(), change=expanding)
    reason = (
        "unpacks to 4,398,046,511,104 bytes in row group 1: write groups of at most 536,870,912"
    )
    refused_with(database, drop, "balances.parquet", 0, "", reason)


DAMAGE = {
    "CSV under its name": lambda content: text_of(branch()["balances"]),
    "nothing at all": lambda content: b"",
    "cut short": lambda content: content[: len(content) // 2],
    "a footer of noise": lambda content: content[:-40] + bytes(range(32)) + content[-8:],
    "pages of noise": lambda content: content[:4] + b"\xff" * 60 + content[64:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_refused_in_one_line(database, drop, damage):
    write_parquet(drop, "balances", balances(), change=damage)
    reason = "is no sound Parquet file: write it again"
    refused_with(database, drop, "balances.parquet", 0, "", reason)


def test_a_file_in_both_formats_is_refused(database, drop):
    manifest = json.loads((drop / "manifest.json").read_text())
    unit = next(file for file in manifest["files"] if file["name"] == "units.csv")
    manifest["files"].append({**unit, "name": "units.parquet"})
    (drop / "manifest.json").write_text(json.dumps(manifest))
    problem = load(database, drop).problems[0]
    assert problem.reason == "is listed beside units.csv: send only one of the two"


def test_a_parquet_file_nobody_listed_is_refused(database, drop):
    pq.write_table(balances(), drop / "balances.parquet")
    problem = load(database, drop).problems[0]
    assert str(problem) == ("balances.parquet: is not in manifest.json: list it, or take it away")


def test_many_rows_keep_their_lines(database, drop):
    """Batches are ten thousand rows; the row with the fault is in the second."""
    number = 12_000
    table = pa.table(
        {
            "account_id": ["A1"] * number,
            "date": ["2026-11-01"] * number,
            "amount_fen": ["1"] * 11_000 + ["x"] + ["1"] * 999,
        }
    )
    write_parquet(drop, "balances", table, row_group_size=5_000)
    first = load(database, drop).problems[0]
    assert (first.line, first.value) == (11_002, "x")
