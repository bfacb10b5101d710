"""The audit log from the command line: checked, exported, cut, and gone on with."""

import json
import stat

import pytest
from sqlalchemy import select, text

from bank.audit import Deed, record_deed
from bank.chain import find_head
from bank.models import Audit
from bot.heads import note_head
from bot.vault import KEY_FILE
from bot.wording import say
from tests.bot import branch
from tests.bot.test_ratings import NOW, PERIOD, REASON

RATE = ("rate", "M001", "--as", "L011", "--kind", "superior", *PERIOD, *REASON, "--score")


@pytest.fixture
def staffed(shell):
    """A bank whose log holds three deeds, and the row that began it."""
    branch.found(shell.database)
    for score in (70, 80, 90):
        assert shell.run(*RATE, score).exit_code == 0
    return shell


def spoil(shell, change):
    """What somebody does who owns the database, but not the key."""
    with shell.database.write() as tx:
        if tx.dialect.name == "sqlite":
            tx.execute(text("DROP TRIGGER audit_refuses_update"))
            tx.execute(text("DROP TRIGGER audit_refuses_delete"))
        else:
            tx.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_refuses_change"))
        tx.execute(text(change))
        if tx.dialect.name == "postgresql":
            tx.execute(text("ALTER TABLE audit ENABLE TRIGGER audit_refuses_change"))


def test_a_sound_log_is_told_with_its_bounds(staffed):
    assert staffed.run("audit", "verify").stderr == "The log holds: 4 rows, 1 to 4.\n"

    told, code = staffed.json("audit", "verify")
    assert (code, told["ok"], told["rows"], told["first"], told["last"]) == (0, True, 4, 1, 4)
    assert told["fault"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE audit SET actor_id = 'M002' WHERE id = 3", "Row 3 is not as it was written"),
        ("DELETE FROM audit WHERE id = 2", "Row 3 does not follow row 1"),
        ("DELETE FROM audit WHERE id = 4", "Row 4 is gone"),
        ("DELETE FROM audit_head", "no end written down"),
    ],
)
def test_whatever_was_done_to_it_is_told_with_its_row(staffed, change, said):
    spoil(staffed, change)

    assert said in staffed.refused("audit", "verify")
    told, code = staffed.json("audit", "verify")
    assert (code, told["ok"]) == (1, False)
    assert said in told["fault"]["what"]


def test_what_was_noted_each_day_outlives_a_log_that_is_cut_and_sealed_again(staffed):
    with staffed.database.read() as tx:
        head = find_head(tx)
    note_head(staffed.home / "audit-heads.jsonl", head, NOW)
    assert staffed.run("audit", "verify").exit_code == 0

    spoil(staffed, "DELETE FROM audit")
    with staffed.database.write() as tx:
        tx.execute(text("DELETE FROM audit_head"))
    staffed.run(*RATE, 60)

    assert "row 4 was noted outside the database" in staffed.refused("audit", "verify")


def test_a_database_restored_from_a_backup_goes_on_once_somebody_says_so(staffed):
    heads = staffed.home / "audit-heads.jsonl"
    line = {"at": NOW.isoformat(), "row": 9, "seal": "of a row written after the backup"}
    heads.write_text(json.dumps(line) + "\n", encoding="utf-8")
    said = staffed.refused("audit", "verify")
    assert "row 9 was noted outside the database" in said
    assert "daybook audit restored --as STAFF" in said

    assert "没有这项权限" in staffed.refused("audit", "restored", "--as", "M001")
    told, code = staffed.json("audit", "restored", "--as", "C001")

    assert (told["row"], told["noted"], code) == (4, 9, 0)
    assert staffed.run("audit", "verify").exit_code == 0
    assert '"restored": 4' in heads.read_text(encoding="utf-8")
    # Both the log and the file outside it say so; the log grows beyond row 9 and is sound.
    for points in range(61, 67):
        staffed.run(*RATE, points)
    assert staffed.run("audit", "verify").exit_code == 0
    assert staffed.refused("audit", "restored", "--as", "C001").startswith("Nothing was noted")


def test_what_was_written_before_somebody_said_so_stands_after_a_restored_backup(staffed):
    heads = staffed.home / "audit-heads.jsonl"
    with staffed.database.read() as tx:
        kept = find_head(tx)
    # Noted of the log that is lost: row 4 is in the backup, 6 and 8 came after it.
    lost = [(kept.row_id, kept.last), (6, "gone"), (8, "gone as well")]
    lines = [json.dumps({"at": NOW.isoformat(), "row": row, "seal": seal}) for row, seal in lost]
    heads.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for points in range(61, 64):
        staffed.run(*RATE, points)
    said = staffed.refused("audit", "verify")
    assert "Row 6 is not what was noted" in said
    assert "daybook audit restored --as STAFF" in said

    told, code = staffed.json("audit", "restored", "--as", "C001")

    assert (told["row"], told["noted"], code) == (5, 8, 0)
    assert staffed.run("audit", "verify").exit_code == 0
    assert heads.read_text(encoding="utf-8").startswith(lines[0] + "\n" + lines[1])


def test_saying_that_a_backup_was_restored_makes_nothing_else_good(staffed):
    heads = staffed.home / "audit-heads.jsonl"
    line = {"at": NOW.isoformat(), "row": 3, "seal": "of another log"}
    heads.write_text(json.dumps(line) + "\n", encoding="utf-8")
    spoil(staffed, "UPDATE audit SET actor_id = 'M002' WHERE id = 4")

    said = staffed.refused("audit", "restored", "--as", "C001")

    assert "Row 4 is not as it was written" in said
    assert "restored" not in heads.read_text(encoding="utf-8")


def test_an_export_can_be_checked_alone_and_tells_no_words(staffed, tmp_path):
    file = tmp_path / "audit.jsonl"

    told, code = staffed.json("audit", "export", file, "--as", "C001")

    assert (code, told["rows"], told["first"], told["last"]) == (0, 4, 1, 4)
    checked, code = staffed.json("audit", "verify", "--file", file)
    assert (code, checked["ok"], checked["seal"]) == (0, True, told["seal"])
    assert "稳健" not in file.read_text(encoding="utf-8")
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:2], *lines[3:]]) + "\n", encoding="utf-8")
    assert "does not follow" in staffed.refused("audit", "verify", "--file", file)


@pytest.mark.parametrize("command", ["export", "seal"])
def test_an_export_is_compliances_alone(staffed, tmp_path, command):
    for staff in ("M001", "O001"):
        line = staffed.refused("audit", command, tmp_path / "a.jsonl", "--as", staff)
        assert line in {say(lang, "access.not_allowed") for lang in ("en", "zh")}
    assert list(tmp_path.glob("*.jsonl")) == []


def test_rows_leave_only_once_they_were_kept_long_enough(staffed, tmp_path):
    file = tmp_path / "old.jsonl"
    seal = ("audit", "seal", file, "--as", "C001")

    assert staffed.refused(*seal).startswith("No sealed row is from before ")
    assert "kept for 3650 days" in staffed.refused(*seal, "--before", "2026-11-17")
    assert not file.exists()


def test_rows_that_were_are_moved_into_a_file_and_accounted_for(shell, tmp_path):
    branch.found(shell.database)
    with shell.database.write() as tx:
        for year in (2010, 2011):
            moment = NOW.replace(year=year)
            record_deed(tx, Deed("M001", "rate", moment.date(), moment), f"rating:{year}", {})
    shell.run(*RATE, 80)
    file = tmp_path / "old.jsonl"

    told, code = shell.json("audit", "seal", file, "--as", "C001")

    # Row 1 began the log in 2010, and 2 and 3 are that year's and the next one's.
    assert (code, told["rows"], told["first"], told["last"]) == (0, 3, 1, 3)
    checked, code = shell.json("audit", "verify")
    assert (code, checked["first"], checked["last"]) == (0, 4, 5)
    assert shell.json("audit", "verify", "--file", file)[1] == 0


@pytest.mark.usefixtures("own_logging")
def test_with_a_lost_key_the_operator_goes_on_and_the_log_says_so(staffed):
    staffed.environment["DAYBOOK_AUDIT_KEY"] = "quite-another-key-that-nobody-had-before"

    line = staffed.refused(*RATE, 50)
    assert line.startswith("the audit log is sealed with the key ")
    assert line.endswith(
        "put the key into DAYBOOK_AUDIT_KEY, or back into audit.key of DAYBOOK_HOME"
    )
    assert "was sealed with the key" in staffed.refused("audit", "verify")
    # Before it connects to anything.
    staffed.environment |= {"SLACK_BOT_TOKEN": "xoxb-made-up", "SLACK_APP_TOKEN": "xapp-made-up"}
    assert line == staffed.refused("serve").splitlines()[-1]

    assert staffed.run("audit", "restart", "--as", "O001").exit_code == 0
    assert staffed.run(*RATE, 50).exit_code == 0
    told, code = staffed.json("audit", "verify")
    assert (code, told["unchecked"], told["restarts"]) == (0, 4, [5])


def test_without_a_key_given_one_is_made_that_its_owner_alone_may_read(staffed, tmp_path):
    del staffed.environment["DAYBOOK_AUDIT_KEY"]
    staffed.run("audit", "verify")

    key = staffed.home / KEY_FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    held = key.read_text()
    assert len(held.strip()) == 64
    staffed.run("audit", "verify")
    assert key.read_text() == held

    key.chmod(0o644)
    assert staffed.refused("audit", "verify").endswith(f"chmod 600 {key}")


@pytest.mark.parametrize("given", ["short", "x" * 40 + ",short"])
def test_a_key_that_is_too_short_is_refused_and_never_shown(staffed, given):
    staffed.environment["DAYBOOK_AUDIT_KEY"] = given

    line = staffed.refused("audit", "verify")

    assert line.startswith("DAYBOOK_AUDIT_KEY holds ")
    assert given not in line


def test_migrating_begins_the_log(shell):
    shell.run("migrate")

    with shell.database.read() as tx:
        (begun,) = tx.execute(select(Audit.deed, Audit.detail)).all()
    assert begun.deed == "audit.begin"
    assert json.loads(begun.detail)["rows"] == 0
    assert shell.run("audit", "verify").exit_code == 0
