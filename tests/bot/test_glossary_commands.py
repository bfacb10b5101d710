"""The glossary from the command line: what is in use, and the bank's own file of it."""

import pytest

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

OURS = """[ours]
tiger = { en = ["tiger plan"], zh = ["猛虎计划"] }
gift = {}
"""


@pytest.fixture
def ours(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(OURS, encoding="utf-8")
    return path


@pytest.fixture
def ready(shell):
    assert shell.run("migrate").exit_code == 0
    return shell


def test_the_glossary_says_where_each_entry_comes_from(ready, ours):
    assert ready.json("policy", "glossary", "import", ours)[0]["own"] == 1

    entries = {entry["entry"]: entry for entry in ready.json("policy", "glossary")[0]["entries"]}

    assert entries["tiger"] == {
        "entry": "tiger",
        "kind": "idea",
        "en": ["tiger plan"],
        "zh": ["猛虎计划"],
        "from": "bank",
    }
    assert entries["superior"]["from"] == "shipped"
    assert "gift" not in entries
    assert "猛虎计划" in ready.run("policy", "glossary", "--own").output


def test_a_file_with_a_fault_is_refused_and_what_was_there_stays(ready, ours):
    ready.run("policy", "glossary", "import", ours)
    ours.write_text("[ours]\ntiger = { zh = ['LPR'] }\n", encoding="utf-8")

    told = ready.refused("policy", "glossary", "import", ours)

    assert told.startswith("ours.toml:2: 'tiger'")
    assert len(ready.json("policy", "glossary", "--own")[0]["entries"]) == 1


def test_without_entries_of_its_own_the_bank_is_told_how_to_have_some(ready):
    assert "glossary import" in ready.run("policy", "glossary", "--own").stderr
