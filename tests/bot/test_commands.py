"""The command line: one JSON object on stdout, words on stderr, exit codes, and plain errors."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bank.models import Outbox, Question, Visit
from tests.bot import branch
from tests.bot.office import POLICY
from tests.bot.shell import Shell

COMMAND = str(Path(sys.executable).with_name("daybook"))
COMMANDS = (
    "ask", "brief", "calendar", "demo", "import", "kpi", "migrate", "policy", "rate", "remind",
    "score", "serve", "try",
)  # fmt: skip


@pytest.fixture
def staffed(shell):
    branch.found(shell.database)
    return shell


def count(shell, model) -> int:
    with shell.database.read() as tx:
        return tx.scalar(select(func.count()).select_from(model))


def test_a_bank_from_nothing_to_a_morning(shell, tmp_path):
    drop, policies = tmp_path / "drop", tmp_path / "policies"
    policies.mkdir()
    (policies / "post-loan-2026.md").write_text(POLICY, encoding="utf-8")

    assert shell.json("migrate")[0].keys() == {"from", "to"}
    assert shell.json("demo", drop, "--clients", 120)[1] == 0

    checked, _ = shell.json("import", drop, "--check")
    assert (checked["committed"], checked["problems"]) == (False, [])
    taken, code = shell.json("import", drop)
    assert (taken["committed"], code) == (True, 0)
    assert {file["name"] for file in taken["files"]} >= {"clients.csv", "visits.csv"}
    assert all(file["accepted"] == file["rows"] for file in taken["files"])

    synced, _ = shell.json("policy", "sync", policies)
    assert (synced["added"], synced["failed"]) == (["post-loan-2026.md"], [])

    run, _ = shell.json("score", "--period", "2026Q4")
    assert run["managers"] == 12
    assert run.keys() >= {"managers", "seconds", "run_id"}
    for how in ("--rebuild", "--from-intervals"):
        again, _ = shell.json("score", "--period", "2026Q4", how)
        assert again["run_id"] == run["run_id"]

    card, code = shell.json("kpi", "--as", "M001", "--period", "2026Q4")
    assert code == 0
    assert card.keys() >= {
        "manager", "period", "as_of", "score", "grade", "veto", "dimensions", "pace", "forecast",
        "levers",
    }  # fmt: skip
    explained = {i["id"]: i["explain"] for d in card["dimensions"] for i in d["indicators"]}
    assert explained.keys() >= {"P01", "R03", "T02"}
    assert explained["P01"]["rows"]["items"][0]["id"]

    moment = ("--now", "2026-11-17T09:00")
    planned, _ = shell.json("remind", *moment)
    assert planned["sent"] == 0
    assert (count(shell, Outbox), len(planned["planned"]) > 0) == (0, True)
    assert planned["planned"][0].keys() == {
        "key", "recipient", "kind", "subject", "severity", "due_at", "text",
    }  # fmt: skip

    sent, _ = shell.json("remind", *moment, "--send")
    assert sent["sent"] == len(sent["planned"]) == len(planned["planned"]) == count(shell, Outbox)
    assert shell.json("remind", *moment, "--send")[0] == {"planned": [], "sent": 0}


def test_a_question_and_its_clause(staffed, tmp_path):
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "post-loan-2026.md").write_text(POLICY, encoding="utf-8")
    staffed.run("policy", "sync", policies)

    answer, code = staffed.json("ask", "客户逾期还款，多久内上报团队长？", "--as", "M001")

    assert code == 0
    assert answer.keys() >= {"status", "answer", "mode", "lang", "citations", "took_ms"}
    (citation, *_) = answer["citations"]
    assert (answer["status"], citation["clause"]) == ("answered", "第二条")
    assert "次一工作日" in citation["quote"]
    assert citation.keys() == {
        "policy", "version", "title", "clause", "page", "place", "quote", "in_force_from",
        "in_force_to",
    }  # fmt: skip
    assert count(staffed, Question) == 1
    for_people = staffed.run("ask", "客户逾期还款，多久内上报团队长？", "--as", "M001")
    assert (for_people.stdout, "《贷后管理办法》第二条" in for_people.stderr) == ("", True)


def test_a_question_no_policy_covers_is_refused_with_the_next_step(staffed, tmp_path):
    refused, code = staffed.json("ask", "What is the weather on Mars?", "--as", "M002")

    assert (refused["status"], refused["citations"], code) == ("refused", [], 1)
    assert "ask 竹喧归, compliance officer" in refused["answer"]


@pytest.mark.parametrize(
    ("question", "said"),
    [("", "There is no question here"), ("   ", "There is no question here"),
     ("w" * 10_000, "up to 2,000 characters, and this one has 10,000")],
)  # fmt: skip
def test_a_question_that_cannot_be_asked(staffed, question, said):
    told, code = staffed.json("ask", question, "--as", "M002")

    assert (told["status"], code) == ("error", 1)
    assert said in told["answer"]
    assert count(staffed, Question) == 0


def test_errors_come_in_the_askers_language(staffed):
    assert staffed.refused("ask", "", "--as", "M001").startswith("没有看到问题")
    assert "最长 2,000 字" in staffed.refused("ask", "为" * 2001, "--as", "M001")
    assert staffed.refused("kpi", "--as", "M001", "--of", "M002").startswith("没有这份考核结果")


def test_unknown_people_periods_and_policies(staffed):
    assert "no staff member M999" in staffed.refused("ask", "why?", "--as", "M999")
    assert "no staff member M999" in staffed.refused("kpi", "--as", "M999")
    assert "2026Q9" in staffed.refused("kpi", "--as", "M001", "--period", "2026Q9")
    assert "2026Q9" in staffed.refused("score", "--period", "2026Q9")
    assert "no policy 'nothing'" in staffed.refused("policy", "show", "nothing")


def test_not_yours_and_does_not_exist_are_one_sentence(staffed):
    for actor in ("M001", "L011", "R001"):
        somebody = staffed.refused("kpi", "--as", actor, "--of", "M003")
        assert staffed.refused("kpi", "--as", actor, "--of", "M404") == somebody


def test_no_score_yet_and_no_appraisal_of_ones_own(staffed):
    assert "There is no score for 2026Q4 yet" in staffed.refused("kpi", "--as", "M002")
    assert "没有个人考核" in staffed.refused("kpi", "--as", "L001")


def test_a_database_that_was_never_migrated_says_what_to_do(empty_url, tmp_path):
    shell = Shell(empty_url, tmp_path / "home")

    for words in (("kpi", "--as", "M001"), ("ask", "why?", "--as", "M001"), ("policy", "list")):
        assert "daybook migrate" in shell.refused(*words)
    shell.database.close()


def test_an_unreachable_database_and_an_unwritable_home(tmp_path):
    away = Shell("postgresql://daybook:hunter2@127.0.0.1:9/bank", tmp_path / "home")
    told = away.refused("kpi", "--as", "M001")
    assert "127.0.0.1" in told
    assert "hunter2" not in told

    (tmp_path / "file").write_text("in the way")
    blocked = Shell(f"sqlite:///{tmp_path}/x.db", tmp_path / "file" / "home")
    assert blocked.refused("migrate").startswith(f"DAYBOOK_HOME {tmp_path / 'file' / 'home'}")


def test_a_wrong_setting_is_one_line(shell):
    shell.environment["DAYBOOK_LANG"] = "fr"

    assert shell.refused("policy", "list") == "DAYBOOK_LANG holds 'fr': it may hold en or zh"


def test_a_drop_that_is_not_one_changes_nothing(staffed, tmp_path):
    report, code = staffed.json("import", tmp_path)

    assert (report["committed"], code) == (False, 1)
    assert report["problems"][0].keys() >= {"file", "line", "column", "reason"}
    assert count(staffed, Visit) == 0


@pytest.mark.parametrize(
    "words",
    [
        ("kpi",),
        ("nonsense",),
        ("ask", "why?", "--as", "M001", "--on", "yesterday"),
        ("ask", "why?", "--as", "M001", "--lang", "fr"),
        ("remind", "--now", "soon"),
        ("try", "--port", "99999"),
        ("demo", "x", "--managers", "0"),
    ],
)
def test_wrong_usage_ends_with_two(shell, words):
    ran = shell.run(*words)

    assert ran.exit_code == 2
    assert ran.stdout == ""


def test_serve_says_which_token_is_missing_and_where_to_get_it(shell):
    assert shell.refused("serve").startswith("SLACK_BOT_TOKEN is not set: copy it from")
    shell.environment["SLACK_BOT_TOKEN"] = "xoxb-1"
    assert shell.refused("serve").startswith("SLACK_APP_TOKEN is not set: copy it from")


def test_try_refuses_a_port_that_is_taken(shell):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert shell.refused("try", "--port", port) == (
            f"port {port} is taken: give another with --port"
        )


def test_the_command_itself_lists_what_there_is_and_loads_nothing_heavy():
    probe = (
        "import sys; from bot.cli import app; from typer.testing import CliRunner; "
        "print(CliRunner().invoke(app, ['--help']).stdout); "
        "print('HEAVY', sorted({'sqlalchemy','chromadb','langchain_core','slack_bolt','pydantic',"
        "'numpy','alembic','structlog'} & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    ).stdout

    assert all(f" {command} " in shown for command in COMMANDS)
    assert "HEAVY []" in shown


def test_stdout_is_one_object_and_the_exit_code_is_the_processs(database_url, tmp_path):
    environment = os.environ | {"DAYBOOK_DATABASE_URL": database_url, "DAYBOOK_HOME": str(tmp_path)}
    ran = subprocess.run(
        [COMMAND, "kpi", "--as", "M404", "--json"],
        capture_output=True, text=True, env=environment, cwd=tmp_path, check=False,
    )  # fmt: skip

    assert ran.returncode == 1
    assert json.loads(ran.stdout).keys() == {"error"}
    assert ran.stderr.strip() == json.loads(ran.stdout)["error"]


def test_what_nobody_foresaw_is_one_line_and_a_log_without_anybodys_words(tmp_path):
    probe = (
        "import typer; from bot.cli.output import guarded, Output\n"
        "app = typer.Typer()\n"
        "@app.command()\n"
        "def fail():\n"
        "    with guarded(Output(json=True)):\n"
        "        raise KeyError('戊石篱')\n"
        "app()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", probe],
        capture_output=True, text=True, cwd=tmp_path, check=False,
        env=os.environ | {"DAYBOOK_HOME": str(tmp_path / "home")},
    )  # fmt: skip

    log = tmp_path / "home" / "daybook.log"
    assert (ran.returncode, ran.stderr.strip()) == (
        1, f"something unforeseen went wrong (KeyError): the details are in {log}",
    )  # fmt: skip
    assert json.loads(log.read_text(encoding="utf-8"))["error"] == "KeyError"
    assert "戊石篱" not in log.read_text(encoding="utf-8")
