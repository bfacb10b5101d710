"""What may not be in the repository, and sizes that keep it readable."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "jobs", "knowledge", "bank", "scoring", "workspace")
# Spelt in pieces so that this file does not contain what it looks for.
INDEX_ADDRESSES = re.compile("|".join(("py" + "pi\\.", "python" + "hosted", "npm" + "js\\.")))
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def sources() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def test_no_package_index_is_named_anywhere():
    named = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if INDEX_ADDRESSES.search(path.read_bytes().decode("utf-8", "ignore"))
    ]

    assert named == []


def test_every_locked_requirement_has_a_hash():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=\S)", text.replace("\n    #", " #"))
        pinned = [entry for entry in entries if "==" in entry.split("\n")[0]]

        assert len(pinned) > 50
        assert [entry.split("==")[0] for entry in pinned if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short_enough_to_read(path):
    text = path.read_text(encoding="utf-8")
    long_functions = [
        f"{node.name} has {length} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]

    assert len(text.splitlines()) <= LONGEST_FILE
    assert long_functions == []
