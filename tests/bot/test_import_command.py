"""`daybook import`: what people and scripts see of a drop being taken in, or refused."""

import json
import re
import stat

import pytest

from bank.database import Database
from tests.bank.drops import branch, rewrite, write_drop
from tests.bank.test_warehouse import fill
from tests.bank.test_workbook import sheets

NAME = "=HYPERLINK(星河灯塔)"


def some():
    """Enough of a bank to see what the command does with it."""
    return {name: branch()[name] for name in ("units", "staff", "clients")}


@pytest.fixture
def drop(tmp_path):
    return write_drop(tmp_path / "drop", some())


@pytest.fixture
def broken(tmp_path):
    """A drop with one client nobody could take in."""
    files = some()
    files["clients"][1].update(name=NAME, tier="gold")
    return write_drop(tmp_path / "broken", files)


def test_a_sound_drop_is_taken_in_and_counted(shell, drop):
    done = shell.run("import", drop)
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "clients.csv" in done.stderr
    assert done.stderr.endswith("the drop is taken in\n")
    assert shell.run("import", drop).stderr.endswith(
        "this drop was taken in before; nothing changed\n"
    )


def test_a_correction_says_whose_results_it_touches(shell, tmp_path):
    files = {**some(), "assignments": branch()["assignments"]}
    files |= {name: branch()[name] for name in ("products", "accounts", "balances")}
    shell.run("import", write_drop(tmp_path / "first", files))
    again = {"balances": [{"account_id": "A1", "date": "2026-11-05", "amount_fen": "7"}]}
    done = shell.run("import", write_drop(tmp_path / "again", again, batch=2))
    assert done.exit_code == 0, done.stderr
    assert done.stderr.splitlines()[-1] == (
        "it corrects what the results of 2 managers rest on since 2026-11-05:"
        " run daybook score again for the periods it reaches into"
    )
    assert shell.json("import", tmp_path / "again")[0]["corrected"] == 0


def test_checking_takes_nothing_in(shell, drop):
    found, code = shell.json("import", drop, "--check")
    assert (found["committed"], found["refused_rows"], code) == (False, None, 0)
    assert shell.json("import", drop)[0]["repeated"] is False


def test_a_refused_drop_says_where_and_leaves_its_rows_in_a_workbook(shell, broken):
    done = shell.run("import", broken)
    path = shell.home / "refused" / "core-2026-11-16-1.xlsx"
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "clients.csv:3:tier 'gold': is not one of: private, premium, standard",
        "1 problem; nothing was taken in",
        f"the refused rows are in {path}",
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    [row] = sheets(path)["clients.csv"][1:]
    assert NAME in row


def test_a_refused_value_is_shown_without_what_it_hides(shell, broken):
    files = some()
    files["clients"][1].update(tier="\x1b[2J\u202egold\n")
    first = shell.run("import", write_drop(broken, files)).stderr.splitlines()[0]
    assert first.startswith(r"clients.csv:3:tier '\x1b[2J\u202egold\n': is not one of")


def test_scripts_learn_where_the_workbook_is(shell, broken):
    found, code = shell.json("import", broken, "--check")
    assert code == 1
    assert found["refused_rows"] == str(shell.home / "refused" / "core-2026-11-16-1.xlsx")
    [problem] = found["problems"]
    assert (problem["file"], problem["line"], problem["column"]) == ("clients.csv", 3, "tier")


def test_no_client_is_in_the_log(shell, broken):
    shell.run("import", broken)
    shell.run("import", broken.parent / "nowhere")
    shell.run("import", "--from", f"sqlite:///{broken}/none.db")
    logs = [path for path in shell.home.rglob("*") if path.is_file() and path.suffix == ".log"]
    assert not any("星河" in path.read_text() for path in logs)


def test_a_workbook_that_cannot_be_written_hides_no_reason(shell, broken):
    shell.home.mkdir()
    (shell.home / "refused").write_text("in the way")
    done = shell.run("import", broken)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[0] == (
        f"the refused rows could not be written to {shell.home / 'refused'} (File exists)"
    )
    assert "clients.csv:3:tier" in done.stderr


def test_what_a_sender_hides_in_a_header_does_not_reach_the_terminal(shell, drop):
    header = b"id,name,parent_id,\x1b[2J\xe2\x80\xae" + b"x" * 10_000 + b"\r\n"
    rewrite(drop, "units", header)
    first = shell.run("import", drop).stderr.splitlines()[0]
    assert first.startswith("units.csv:1:[2Jxxx")
    assert first.endswith("…: is no column of this file: take it away")
    assert len(first) < 160


@pytest.mark.parametrize("words", [(), ("DROP", "--from", "sqlite:///x.db")])
def test_it_is_either_a_folder_or_a_warehouse(shell, words):
    done = shell.run("import", *words)
    assert done.exit_code == 2
    assert done.stderr == "give either a drop's folder or --from URL\n"


def test_a_drop_comes_straight_from_a_warehouse(shell, tmp_path):
    url = f"sqlite:///{tmp_path}/warehouse.db"
    warehouse = Database(url)
    fill(warehouse)
    warehouse.close()
    found, code = shell.json("import", "--from", url)
    assert (found["committed"], code) == (True, 0)
    assert "daybook_clients" in shell.run("import", "--from", url).stderr


def test_a_warehouse_that_is_not_there_is_one_line(shell, tmp_path):
    done = shell.run("import", "--from", f"sqlite:///{tmp_path}/none.db", "--json")
    reason = f"warehouse sqlite:///{tmp_path}/none.db: unable to open database file"
    assert done.exit_code == 1
    assert done.stderr == f"{reason}\n"
    assert json.loads(done.stdout) == {"error": reason}


def test_a_terminal_shows_how_far_it_is(shell, drop):
    shell.environment |= {"FORCE_COLOR": "1", "COLUMNS": "100"}
    drawn = shell.run("import", drop).stderr
    assert re.search("[━╸]", drawn)
    assert "checking" in drawn
    assert "the drop is taken in" in drawn


def test_a_pipe_gets_no_bar(shell, drop):
    assert not re.search("[━╸\x1b]", shell.run("import", drop).stderr)
