"""The demo drop: sound, repeatable, of any size, and laws of its parts."""

import csv
import hashlib
import json
import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.calendar import published_calendar
from bank.database import Database
from bank.demo import names, write_drop
from bank.demo.clients import client
from bank.demo.deposits import DemoAccount
from bank.demo.people import managers
from bank.demo.scene import DemoError, Scene
from bank.errors import CalendarError
from bank.importing import import_drop
from bank.schema import migrate
from scoring.scheme import default_scheme

ON = date(2026, 11, 16)
NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
SCENE = Scene(7, ON, published_calendar(), default_scheme())
REPOSITORY = Path(__file__).parents[2]
WELL_KNOWN = (
    *(
        "华为",
        "腾讯",
        "阿里",
        "百度",
        "京东",
        "小米",
        "美团",
        "比亚迪",
        "海尔",
        "格力",
        "联想",
        "中兴",
    ),
    *(
        "茅台",
        "蒙牛",
        "伊利",
        "平安",
        "万科",
        "恒大",
        "顺丰",
        "中通",
        "招商",
        "工商",
        "农业",
        "建设",
    ),
    *(
        "Apple",
        "Google",
        "Amazon",
        "Microsoft",
        "Tesla",
        "Sony",
        "Nike",
        "Shell",
        "Target",
        "Oracle",
    ),
)


def digests(directory: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.iterdir()
    }


def read(directory: Path, name: str) -> list[dict[str, str]]:
    with (directory / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---- the drop


def test_a_seed_gives_the_same_bytes_in_every_process(tmp_path):
    write = "import sys, pathlib; from bank.demo import write_drop;"
    write += "write_drop(pathlib.Path(sys.argv[1]), managers=4, clients=60, seed=3)"
    elsewhere = {**os.environ, "PYTHONHASHSEED": "3"}
    command = [sys.executable, "-c", write, tmp_path / "a"]
    subprocess.run(command, check=True, env=elsewhere, cwd=REPOSITORY)
    write_drop(tmp_path / "b", managers=4, clients=60, seed=3)
    write_drop(tmp_path / "c", managers=4, clients=60, seed=4)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a")["balances.csv"] != digests(tmp_path / "c")["balances.csv"]


def test_the_manifest_tells_rows_digests_and_control_totals(tmp_path):
    write_drop(tmp_path, managers=4, clients=30)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["business_date"] == "2026-11-16"
    listed = {file["name"]: file for file in manifest["files"]}
    balances = read(tmp_path, "balances")
    assert listed["balances.csv"]["rows"] == len(balances)
    assert listed["balances.csv"]["totals"] == {
        "amount_fen": sum(int(row["amount_fen"]) for row in balances)
    }
    assert {name: file["sha256"] for name, file in listed.items()} == {
        name: digest for name, digest in digests(tmp_path).items() if name != "manifest.json"
    }


def test_a_drop_that_breaks_off_has_no_manifest(tmp_path):
    write_drop(tmp_path, managers=4, clients=5)
    with pytest.raises(DemoError, match="at least 4 managers"):
        write_drop(tmp_path, managers=3, clients=5)
    assert (tmp_path / "manifest.json").exists(), "refused before anything was touched"
    (tmp_path / "visits.csv").unlink()
    (tmp_path / "visits.csv").mkdir()
    with pytest.raises(OSError, match="visits"):
        write_drop(tmp_path, managers=4, clients=5)
    assert not (tmp_path / "manifest.json").exists()


@pytest.mark.parametrize("processes", [1, 2])
def test_a_full_disk_leaves_no_manifest(tmp_path, processes):
    (tmp_path / "balances.csv").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        write_drop(tmp_path, managers=4, clients=200, processes=processes)
    assert not (tmp_path / "manifest.json").exists()


def test_memory_does_not_grow_with_the_clients(tmp_path):
    def peak(clients: int) -> int:
        tracemalloc.start()
        write_drop(tmp_path / str(clients), managers=4, clients=clients)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(20)  # what is loaded once
    few, many = peak(40), peak(160)
    assert many < few * 1.5


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Iterator[Database]:
    """A migrated database, to check drops against."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('bank')}/daybook.db")
    migrate(database)
    yield database
    database.close()


def test_a_bigger_bank_has_more_branches_and_imports_too(tmp_path, empty):
    write_drop(tmp_path, managers=30, clients=150, seed=11)
    assert import_drop(empty, tmp_path, now=NOW, check_only=True).problems == ()
    staff = Counter(row["role"] for row in read(tmp_path, "staff"))
    # 30 employed and one who left; ⌈30 ÷ 12⌉ = 3 branches, each with a lead
    assert staff == {"manager": 31, "team_lead": 3, "risk": 1, "compliance": 2, "hr": 1}
    units = {row["id"]: row["parent_id"] for row in read(tmp_path, "units")}
    assert units["U30"] == "B003"
    assert units["B003"] == "B000"


@pytest.mark.parametrize("on", [date(2026, 3, 31), date(2026, 7, 4), date(2027, 2, 1)])
def test_other_days_make_a_sound_drop(tmp_path, empty, on):
    write_drop(tmp_path, managers=5, clients=60, on=on)
    assert import_drop(empty, tmp_path, now=NOW, check_only=True).problems == ()


def test_a_day_the_calendar_does_not_reach_back_from_is_refused_in_one_line(tmp_path):
    with pytest.raises(CalendarError, match="knows only 2025-01-01 to"):
        write_drop(tmp_path / "drop", managers=5, clients=100, on=date(2026, 1, 5))
    assert not (tmp_path / "drop").exists()


# ---- names


def test_no_company_bears_the_name_of_a_known_one():
    made = [names.company(at) for at in range(20_000)]
    assert len(set(made)) == len(made)
    begins = {head + tail for head, tail in product(names.HEADS, names.TAILS)}
    begins |= {f"{one} {two}" for one, two in product(names.ADJECTIVES, names.NOUNS)}
    for name in made:
        assert name[:4] in begins or " ".join(name.split(" ")[:2]) in begins
    for known in WELL_KNOWN:
        assert not any(known in begin for begin in begins)


def test_people_have_names_nobody_bears():
    for name in map(names.person, range(5_000)):
        assert name[0] in names.STEMS or name.split(" ")[-1] in names.SURNAMES


# ---- clients


@given(number=st.integers(0, 5_000), count=st.integers(4, 40), seed=st.integers(0, 10**6))
def test_every_day_of_a_client_has_one_hundred_percent_of_owners(number, count, seed):
    scene = Scene(seed, ON, SCENE.calendar, SCENE.scheme)
    made = client(number, managers(count, scene), scene)
    edges = sorted({edge for held in made.holdings for edge in (held.start, held.end)})
    assert edges[0] >= made.opened
    assert edges[-1] == made.closed
    for day, _ in pairwise(edges):
        owners = [held for held in made.holdings if held.start <= day < held.end]
        assert sum(held.share for held in owners) == 100
        assert all(held.manager.hired <= day or day < date(2026, 1, 1) for held in owners)
        assert all(day < held.manager.left for held in owners)


@given(
    changes=st.dictionaries(st.integers(0, 40), st.integers(0, 10**9), max_size=8),
    start=st.integers(0, 40),
    length=st.integers(0, 40),
    closed=st.integers(1, 60),
)
def test_day_sums_are_those_of_a_day_by_day_count(changes, start, length, closed):
    first = date(2026, 1, 1)
    at = [(first + timedelta(days=day), amount) for day, amount in sorted(changes.items())]
    account = DemoAccount("A", "K", "demand", first, first + timedelta(days=closed), tuple(at))
    expected = 0
    for day in range(start, min(start + length, closed)):
        before = [changes[known] for known in sorted(changes) if known <= day]
        expected += before[-1] if before else 0
    days = (first + timedelta(days=start), first + timedelta(days=start + length))
    assert account.day_sum(*days) == expected
