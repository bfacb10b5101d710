"""Files that trip readers up: right text and numbers, or one line why not; the rest still syncs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bank.policies import clauses
from knowledge.errors import ReadingError
from knowledge.reading.reader import READABLE, LostError, Reader, exchange
from tests.knowledge.awkward import CORPUS, REFUSED, SOUND, write_corpus
from tests.knowledge.awkward_files import ENGLISH

ON_ONE_ENGINE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_the_corpus_is_large_and_of_every_kind():
    suffixes = {Path(awkward.name).suffix for awkward in CORPUS}

    assert len(CORPUS) >= 40
    assert suffixes >= set(READABLE) - {".htm"}


@ON_ONE_ENGINE
def test_one_sync_takes_every_sound_file_and_says_of_the_others_why_not(shelf, database, no_base):
    write_corpus(shelf.folder)
    (shelf.folder / "linked.md").symlink_to("marked.md")
    names = [*(awkward.name for awkward in CORPUS), "linked.md"]
    (shelf.folder / "policy.toml").write_text(
        "\n".join(_table(name, number) for number, name in enumerate(names)), encoding="utf-8"
    )
    report = shelf.sync()

    assert set(report.added) == {*(awkward.name for awkward in SOUND), "linked.md"}
    reasons = {failure.path: failure.reason for failure in report.failed}
    wanted = {awkward.name: awkward.reason for awkward in REFUSED}
    wanted |= dict.fromkeys(("nowhere.md", "loop.md"), "cannot be read")
    assert reasons.keys() == wanted.keys()
    assert {path: reason for path, reason in reasons.items() if wanted[path] not in reason} == {}
    assert all("\n" not in reason and len(reason) < 200 for reason in reasons.values())
    said = {(notice.path, notice.text) for notice in report.notices}
    for awkward in SOUND:
        for part in awkward.notices:
            assert any(path == awkward.name and part in text for path, text in said), awkward
    with database.read() as tx:
        held = list(clauses(tx))
    for number, awkward in enumerate(SOUND):
        found = {c.number: c.text for c in reversed(held) if c.version_id == f"file-{number}@1"}
        if awkward.clauses:
            assert found == awkward.clauses, awkward.name
        for key, text in awkward.holds.items():
            assert found[key].startswith(text), awkward.name


def _table(name, number):
    """What policy.toml says of a file."""
    return (
        f'[{_quoted(name)}]\nid = "file-{number}"\ntitle = "File {number}"\nversion = "1"\n'
        'in_force_from = 2026-01-01\naudience = ["all"]\nowner = "Policy Office"\n'
    )


def _quoted(name):
    return '"' + name.replace('"', '\\"').replace("\n", "\\n") + '"'


@ON_ONE_ENGINE
def test_a_name_that_is_no_text_costs_only_its_own_file(shelf):
    shelf.put("good.md", ENGLISH)
    bad = os.fsencode(shelf.folder) + b"/bad\xff.md"
    with open(bad, "wb") as file:  # noqa: PTH123 - pathlib takes text
        file.write(b"1.1 Text.")
    report = shelf.sync()

    assert report.added == ("good.md",)
    assert len(report.failed) == 1
    report.failed[0].path.encode()


@ON_ONE_ENGINE
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_opened_costs_only_itself(shelf):
    shelf.put("good.md", ENGLISH)
    shelf.put("shut.md", ENGLISH).chmod(0)
    report = shelf.sync()

    assert report.added == ("good.md",)
    assert "Permission denied" in report.failed[0].reason


# The child that reads.


def test_files_are_read_in_their_order_however_long_each_takes(tmp_path):
    paths = []
    for number in range(20):
        paths.append(tmp_path / f"{number}.md")
        paths[-1].write_text(f"1.1 Text {number}. " * (5_000 if number % 7 == 0 else 1))
    with Reader(children=2) as reader:
        texts = [document.blocks[0].text for document in reader.read_many(paths)]

    assert [text.split()[2] for text in texts] == [f"{number}." for number in range(20)]


def test_a_child_that_dies_is_started_again_for_the_next_file(tmp_path):
    good = tmp_path / "good.md"
    good.write_text("1.1 Text.")
    with Reader(children=1) as reader:
        reader.read(good)
        reader._children[0]._process.kill()
        with pytest.raises(ReadingError, match="broke its reader"):
            reader.read(good)
        assert reader.read(good).blocks[0].text == "1.1 Text."


def test_an_answer_that_drips_is_given_up_when_the_time_is_over():
    drips = "import time\nwhile True: time.sleep(0.02); print('[', end='', flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", drips], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        with pytest.raises(LostError, match=r"too much time \(over 0.3 s\)"):
            exchange(process, "{}", 0.3)
        process.kill()


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        ("import pathlib; pathlib.Path('x').write_text('x'); print('written')", "File too large"),
        ("import socket; socket.socket(); print('opened')", "opens no connections"),
        ("bytearray(900_000_000); print('taken')", "MemoryError"),
    ],
)
def test_while_it_parses_a_child_writes_nothing_and_calls_nobody(tmp_path, attempt, refusal):
    confined = (
        "from knowledge.reading.child import allow_writing, confine\n"
        f"confine(500_000_000)\nallow_writing(allowed=False)\n{attempt}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", confined],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert refusal in done.stderr
    assert done.stdout == ""
