"""daybook scheme, and the bank's own schemes in the folder DAYBOOK_SCHEMES."""

from datetime import date
from importlib import resources

import pytest

from bank import models
from bank.days import number
from bot.errors import BotError
from bot.schemes import read_schemes
from scoring.errors import SchemeError
from scoring.periods import Period
from tests.bot import branch

TEXT = resources.files("scoring").joinpath("schemes/account-manager-2026.toml").read_text("utf-8")
AS_OF = branch.date(2026, 11, 16)


def own(folder, name="own", *, begins="2026-01-01", version=1, **changes):
    text = TEXT.replace('id = "account-manager-2026"', f'id = "{name}"', 1)
    text = text.replace("version = 1", f"version = {version}", 1)
    text = text.replace("from = 2026-01-01", f"from = {begins}", 1)
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / f"{name}-{version}.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "schemes"
    made.mkdir()
    return made


def test_the_products_scheme_is_in_force_where_the_bank_has_none(shell):
    told, code = shell.json("scheme", "list", "--on", "2026-11-16")
    assert code == 0
    assert [(each["id"], each["in_force"]) for each in told["schemes"]] == [
        ("account-manager-2026", True)
    ]
    assert "in force" in shell.run("scheme", "list").output


def test_a_scheme_is_shown_whole(shell):
    told, _ = shell.json("scheme", "show")
    assert {d["id"]: d["weight"] for d in told["dimensions"]} == {
        "performance": 40, "client": 20, "risk": 30, "team": 10,
    }  # fmt: skip
    deposits = told["dimensions"][0]["indicators"][0]
    assert (deposits["id"], deposits["weight"], deposits["allowed"]) == ("P01", 14, [10, 20])
    assert deposits["curve"]["en"].startswith("100 × actual ÷ target")
    assert next(each["id"] for each in told["monitored"]) == "S01"
    assert told["profiles"]["quarterly"]["multiply"]["R03"] == "1.5"
    words = shell.run("scheme", "show", "account-manager-2026").output
    assert "Excellent: from 90, coefficient 1.2" in words
    assert "L 0.6 to 1.2" in words


def test_an_unknown_scheme_is_refused_with_those_there_are(shell):
    assert shell.refused("scheme", "show", "other") == (
        "there is no scheme other: name one of account-manager-2026"
    )


def test_check_says_that_a_file_is_in_order(shell, folder):
    path = own(folder)
    told, code = shell.json("scheme", "check", path)
    assert (code, told["ok"], told["id"], told["from"]) == (0, True, "own", "2026-01-01")
    assert "in order: own, version 1, for manager from 2026-01-01" in (
        shell.run("scheme", "check", path).output
    )


def test_check_names_the_line_of_a_mistake(shell, folder):
    path = own(folder, deposits=('type = "average"', 'type = "stock"'))
    at = path.read_text("utf-8").split('type = "stock"')[0].count("\n") + 1
    line = shell.refused("scheme", "check", path)
    assert line.startswith(f"{path}:{at}: indicators.P01.type: deposits and assets are scored on")
    told, code = shell.json("scheme", "check", path)
    assert (told, code) == ({"error": line}, 1)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (None, "cannot be read"),
        (b"\xff\xfe", "is not UTF-8 text: save it as UTF-8"),
        (b"#" * 1_000_001, "is larger than a scheme"),
    ],
)
def test_what_is_no_scheme_is_refused_in_one_line(shell, tmp_path, written, told):
    path = tmp_path / "a.toml"
    if written is not None:
        path.write_bytes(written)
    assert told in shell.refused("scheme", "check", path)


def test_the_scheme_in_force_began_last(folder):
    own(folder, "early", begins="2026-04-01")
    own(folder, "late", begins="2026-10-01")
    own(folder, "late-again", begins="2026-10-01", version=2)
    own(folder, "leads", begins="2026-10-02", role=('role = "manager"', 'role = "team_lead"'))
    own(folder, "short", begins="2026-11-01", name_=("\n[plan]", "\nto = 2026-12-01\n[plan]"))
    schemes = read_schemes(folder)

    def on(day, *role):
        return schemes.on(day, *role).id

    assert on(date(2026, 3, 31)) == "account-manager-2026"
    assert on(date(2026, 4, 1)) == on(date(2026, 9, 30)) == "early"
    assert on(date(2026, 10, 1)) == "late-again"
    assert on(date(2026, 11, 30)) == "short"
    assert on(date(2026, 12, 1)) == "late-again"
    assert on(date(2026, 12, 1), "team_lead") == "leads"
    # a period has the scheme of its first day, and keeps the one its run names
    assert schemes.of_period(Period.parse("2026Q4")).id == "late-again"
    assert schemes.behind("early", Period.parse("2026Q4")).id == "early"
    assert schemes.behind("gone", Period.parse("2026Q4")).id == "late-again"


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({"name": "own", "version": 1}, "give one of the two another version"),
        ({"name": "other", "version": 1}, "begins on the same day"),
        ({"name": "account-manager-2026", "version": 9}, "is the product's own"),
    ],
)
def test_two_schemes_that_would_be_in_force_at_once_are_refused(folder, second, told):
    own(folder)
    path = own(folder, **second)
    path.rename(folder / "zz.toml")
    own(folder)
    with pytest.raises(BotError, match=told):
        read_schemes(folder)


def test_a_folder_with_one_broken_scheme_is_refused_by_file_and_line(folder):
    own(folder, risk=("risk = 25", "risk = 31"))
    with pytest.raises(SchemeError, match=r"own-1\.toml:\d+: least_weights\.risk: it weighs 30"):
        read_schemes(folder)
    with pytest.raises(BotError, match="is no folder: make it, or name another one"):
        read_schemes(folder / "none")


def test_score_and_kpi_use_the_banks_own_scheme(shell, folder):
    branch.found(shell.database)
    branch.add(
        shell.database, models.TrainingResult, manager_id="M001", course="合规 2026Q4", attempt=1,
        due_day=number(AS_OF), taken_day=number(AS_OF), score=90,
    )  # fmt: skip
    own(folder, "own", grade=('en = "Excellent", zh = "优秀"', 'en = "Splendid", zh = "卓越"'),
        start=('from = "90"', 'from = "81"'))  # fmt: skip
    shell.environment["DAYBOOK_SCHEMES"] = str(folder)
    told, code = shell.json("score", "--period", "2026Q4", "--on", "2026-11-16")
    assert code == 0, told
    # 82.5 points, as tests/bot/test_appraisals has them: from 81 on that is the best grade here
    assert "卓越" in shell.run("kpi", "--as", "M001", "--period", "2026Q4").output
