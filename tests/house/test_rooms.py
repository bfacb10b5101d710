"""The rooms, what may import what, and that our package names are ours alone."""

import ast
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "jobs", "knowledge", "bank", "scoring", "workspace")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_rooms_import_each_other_in_one_direction_only():
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def test_no_other_distribution_ships_our_package_names():
    ours = {name for room in ROOMS for name in (room, f"{room}.py")}
    others = {
        (found.metadata["Name"], path.parts[0])
        for found in distributions()
        if found.metadata["Name"] != "daybook"
        for path in found.files or ()
        if path.parts[0] in ours
    }

    assert others == set()


def test_scoring_needs_nothing_but_python_and_its_arrays():
    imported = {
        name.split(".")[0]
        for path in (ROOT / "scoring").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported(node)
    }

    assert imported - sys.stdlib_module_names <= {"scoring", "numpy"}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def test_help_starts_without_the_heavy_libraries():
    code = (
        "import sys, bot.cli; "
        "print(sorted({'chromadb', 'langchain_core', 'tantivy', 'wordllama', 'matplotlib'}"
        " & set(sys.modules)))"
    )

    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "[]"
