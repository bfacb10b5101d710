"""eval answers, eval refusal, and the guards' part of tune, as an operator types them."""

import json

import pytest

from bank.generations import active_generation
from bank.guards import GuardRecord, keep_guard
from knowledge.guard import GUARDS, reading_of
from tests.bot import branch
from tests.bot.test_ratings import NOW
from tests.bot.test_tuning_commands import RULES, written
from tests.knowledge.conftest import on_one_engine

SECRET = RULES.replace('"cards"', '"fraud"').replace("Card Rules", "Fraud Rules")
SECRET = SECRET.replace('["all"]', '["risk"]').replace("A lost card is blocked", "A stolen seal is")
OLD = RULES.replace("one hour", "two hours").replace('version = "1"', 'version = "0"')
OLD = OLD.replace("2026-01-01", "2025-01-01\nin_force_to = 2026-01-01")
CHINESE = """+++
id = "visits"
title = "走访管理办法"
version = "1"
kind = "policy"
lang = "zh"
in_force_from = 2026-01-01
audience = ["all"]
owner = "制度办公室"
+++
# 走访管理办法

第一条 重点客户每四十五日走访一次。

第二条 走访记录应当在三个工作日内录入系统。
"""
DAY = "2026-11-17"
GOLDEN = (
    {"question": "When is a lost card blocked?", "policy": "cards", "clause": "1.1", "on": DAY},
    {"question": "When was a lost card blocked?", "policy": "cards", "clause": "1.1",
     "on": "2025-06-01", "version": "0"},
    {"question": "What is the replacement card's delivery time to the branch?",
     "policy": "cards", "clause": "1.2", "on": DAY},
    {"question": "Who waters the garden?", "policy": None, "clause": None, "on": DAY},
    {"question": "重点客户多久走访一次？", "policy": "visits", "clause": "第一条", "on": DAY},
    {"question": "食堂几点开门？", "policy": None, "clause": None, "on": DAY},
    {"question": "How often is a premium client visited?", "policy": "visits", "clause": "第一条",
     "on": DAY},
)  # fmt: skip


@pytest.fixture
def bank(shell, tmp_path):
    branch.found(shell.database)
    folder = tmp_path / "policies"
    folder.mkdir()
    for name, text in (("cards", RULES), ("fraud", SECRET), ("old", OLD), ("visits", CHINESE)):
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    assert shell.run("policy", "sync", folder).exit_code == 0
    return shell


@on_one_engine
def test_answers_are_measured_by_language(bank, tmp_path):
    golden = written(tmp_path, *GOLDEN)
    found, code = bank.json("eval", "answers", "--golden", golden)
    english, chinese = found["languages"]["en"], found["languages"]["zh"]
    assert code == 0
    assert [*found["languages"]] == ["en", "zh", "cross"]
    assert (english["questions"], chinese["questions"]) == (4, 2)
    assert (english["clause_recall"], english["refusal_accuracy"]) == (1.0, 1.0)
    assert (chinese["clause_recall"], chinese["refusal_accuracy"]) == (1.0, 1.0)
    assert (found["verbatim"], found["repealed"], found["outside"]) == (1.0, 0, 0)
    assert found["answered"] + found["refused"] == found["questions"] == len(GOLDEN)
    table = bank.run("eval", "answers", "--golden", golden, "--as-roles", "risk")
    assert (table.exit_code, table.stdout) == (0, "")
    assert "clause_recall" in table.stderr


@on_one_engine
def test_a_clause_that_is_not_held_counts_as_not_found_and_is_named(bank, tmp_path):
    gone = GOLDEN[0] | {"clause": "9.9"}
    found, _ = bank.json("eval", "answers", "--golden", written(tmp_path, GOLDEN[0], gone))
    assert found["unknown"] == ["questions.jsonl:2"]
    assert found["clause_recall"] == 0.5
    assert "questions.jsonl:1: the clause is not held" in bank.run(
        "eval", "answers", "--golden", written(tmp_path, gone)
    ).stderr  # fmt: skip


@on_one_engine
def test_golden_questions_that_cannot_be_taken(bank, tmp_path):
    def refused(*rows, roles=()):
        return bank.refused("eval", "answers", "--golden", written(tmp_path, *rows), *roles)

    assert refused().endswith("holds no question: give one JSON object a line")
    assert refused({"question": 3}) == 'questions.jsonl:1: "question" must be a string'
    assert refused(GOLDEN[0], GOLDEN[0] | {"on": "soon"}).startswith('questions.jsonl:2: "on" must')
    assert refused(GOLDEN[3] | {"question": "x" * 3000}).startswith('questions.jsonl:1: "question"')
    strange = bank.run(
        "eval", "answers", "--golden", written(tmp_path, *GOLDEN), "--as-roles", "king"
    )
    assert strange.exit_code == 2
    assert strange.stderr.startswith("no policy is for king: there are all, risk")


def test_without_policies_there_is_nothing_to_measure(shell, tmp_path):
    line = shell.refused("eval", "answers", "--golden", written(tmp_path, *GOLDEN))
    assert line.startswith("there are no policies yet")


PASSAGES = [
    {"id": f"{subject}/{number}", "title": "", "text": f"{text} by the {subject} desk."}
    for subject in ("card", "loan", "deposit")
    for number, text in enumerate(
        ("A renewal is signed within three days", "A complaint is answered", "A fee is waived")
    )
]
ASKED = [
    {"id": row["id"], "question": f"When is it: {row['text']}", "relevant": [row["id"]]}
    for row in PASSAGES
]


def files(tmp_path):
    for name, rows in (("p", PASSAGES), ("q", ASKED)):
        lines = "\n".join(json.dumps(row) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return ("--passages", tmp_path / "p.jsonl", "--questions", tmp_path / "q.jsonl")


@on_one_engine
def test_refusal_is_measured_with_the_right_passages_there_and_gone(shell, tmp_path):
    near, code = shell.json("eval", "refusal", *files(tmp_path), "--folds", 3)
    far, _ = shell.json("eval", "refusal", *files(tmp_path), "--folds", 3, "--group", "[a-z]+/")
    assert code == 0
    assert (near["questions"], near["removed"], far["removed"]) == (9, "passages", "[a-z]+/")
    assert near["auroc_shown"] >= near["auroc"] > 0.7
    rates = [point["answered"] for point in near["curve"]]
    false = [point["false_answers"] for point in near["curve"]]
    assert rates == sorted(rates, reverse=True)
    assert false == sorted(false, reverse=True)
    assert "false_answers" in shell.run("eval", "refusal", *files(tmp_path), "--folds", 3).stderr


@on_one_engine
def test_refusal_says_what_is_wrong_with_its_options(shell, tmp_path):
    line = shell.refused("eval", "refusal", *files(tmp_path), "--group", "(")
    assert line.startswith("--group is not a pattern: ")
    few = shell.run("eval", "refusal", *files(tmp_path), "--folds", 10)
    assert few.exit_code == 2
    assert few.stderr == "--folds 10 takes at least as many questions: there are 9\n"


def test_guards_are_listed_used_and_reverted(bank):
    line = {"answered": 0.9, "refused": 0.9, "separation": 0.95}
    metrics = {"questions": 60, "others": 30, "default": line, "tuned": line}
    shut = GUARDS["en"].to_data() | {"answer": 2.0}  # answers nothing
    with bank.database.write() as tx:
        ours = reading_of(active_generation(tx).embedder)
        for number, reading in ((1, reading_of("other")), (2, ours)):
            made = NOW.replace(day=number)
            record = GuardRecord(f"g{number}", "en", made, "op", reading, metrics, active=True)
            keep_guard(tx, record, shut)

    def status():
        return bank.json(
            "ask", GOLDEN[0]["question"], "--as", "M001", "--on", DAY, "--lang", "en"
        )[0]["status"]  # fmt: skip

    assert status() == "refused"
    assert [one["id"] for one in bank.json("tune", "--list")[0]["guards"]] == ["g2", "g1"]
    assert "60 + 30" in bank.run("tune", "--list").stderr
    assert bank.json("tune", "--revert")[0] == {"active": {}, "guards": {"en": "g1"}}
    assert status() == "answered"  # g1 is another embedder's: the shipped guard stands in
    assert bank.json("tune", "--use", "g2")[0] == {"active": {"en": "g2"}}
    assert bank.json("tune", "--revert")[0] == {"active": {}, "guards": {"en": "g1"}}
    assert (
        bank.run("tune", "--revert").stderr
        == "en: the shipped line is used from the next question on\n"
    )
