"""Files damaged at random: whatever a byte was turned into, it is told in a line, or it is a row."""

import io
import random
from datetime import date
from hashlib import sha256

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bank.importing.contract import FILES
from bank.importing.folder import Folder
from bank.importing.manifest import Listed
from bank.importing.problems import Problems
from tests.bank.drops import branch, text_of

TRIED = 250
ROWS = 300
TELLING = b'\x00\n\r",=\xff\xc3\xe2'
"""Bytes that mean something to a reader, or nothing at all."""


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content with some bytes changed, lost, or added."""
    damage = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(damage))
        if chance.random() < 0.3:  # a Parquet file says what it is at its end
            place = max(0, len(damage) - chance.randint(1, 800))
        match chance.choice(("changed", "changed", "lost", "added")):
            case "changed":
                damage[place] = chance.choice((chance.choice(TELLING), chance.randrange(256)))
            case "lost":
                del damage[place : place + chance.randint(1, 4)]
            case "added":
                damage[place:place] = bytes([chance.choice(TELLING)])
        damage = damage or bytearray(b"\n")
    return bytes(damage)


def read(folder, name: str, content: bytes, rows: int) -> tuple[int, Problems]:
    (folder / name).write_bytes(content)
    file = next(file for file in FILES if file.name == name.split(".", maxsplit=1)[0])
    listed = Listed(name, file.name, rows, sha256(content).hexdigest())
    problems = Problems()
    reader = Folder(folder).reader(file, listed, date(2026, 11, 16), problems)
    return sum(1 for _ in reader.read()), problems


def parquet(compression: str) -> bytes:
    table = pa.table(
        {
            "account_id": [f"A{number % 50}" for number in range(ROWS)],
            "date": pa.array([date(2026, 11, 1)] * ROWS),
            "amount_fen": pa.array(range(ROWS)),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out, compression=compression, row_group_size=100)
    return out.getvalue()


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd"])
def test_a_damaged_parquet_file_is_told_in_lines(tmp_path, compression):
    chance, content = random.Random(compression), parquet(compression)
    assert read(tmp_path, "balances.parquet", content, ROWS)[0] == ROWS
    for _ in range(TRIED):
        rows, problems = read(tmp_path, "balances.parquet", damaged(content, chance), ROWS)
        assert problems.count or rows == ROWS


@pytest.mark.parametrize("name", ["clients", "visits", "warnings"])
def test_a_damaged_csv_file_is_told_in_lines(tmp_path, name):
    sent = branch()[name]
    chance, content = random.Random(name), text_of(sent * 20)
    for _ in range(TRIED):
        rows, problems = read(tmp_path, f"{name}.csv", damaged(content, chance), len(sent) * 20)
        assert problems.count or rows == len(sent) * 20
        assert all("\n" not in found.reason for found in problems.kept)
