"""tune and policy confirm: both outcomes, who may, what is refused, and that questions notice."""

import json
import sys

import pytest
from sqlalchemy import select

from bank.models import Audit
from bank.rankings import RankerRecord, keep_ranker
from bot.wording import say
from knowledge.tuning import START
from tests.bot import branch
from tests.bot.test_ratings import NOW
from tests.knowledge.conftest import on_one_engine

RULES = """+++
id = "cards"
title = "Card Rules"
version = "1"
kind = "policy"
lang = "en"
in_force_from = 2026-01-01
audience = ["all"]
owner = "Policy Office"
+++
# Card Rules

1.1 A lost card is blocked within one hour of the call.

1.2 A replacement card is sent to the branch within 5 business days.

1.3 A card fee is charged once a year.

1.4 A card abroad pays a fee of 1% of the amount.
"""
CHINESE = """+++
id = "ka"
title = "银行卡管理办法"
version = "1"
kind = "policy"
lang = "zh"
in_force_from = 2026-01-01
audience = ["all"]
owner = "零售部"
+++
# 银行卡管理办法

第一条 银行卡挂失后五日内补发新卡。
"""
PLASTIC = "My plastic vanished on the train, now what?"
PAIR = {"question": PLASTIC, "policy": "cards", "clause": "1.1"}


@pytest.fixture
def bank(shell, tmp_path):
    branch.found(shell.database)
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "cards.md").write_text(RULES, encoding="utf-8")
    assert shell.run("policy", "sync", folder).exit_code == 0
    shell.folder = folder
    return shell


def written(folder, *rows):
    path = folder / "questions.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def ask(bank, text):
    return bank.json("ask", text, "--as", "M001", "--on", "2026-11-17", "--lang", "en")[0]


def test_a_confirmed_answer_is_found_again_until_its_words_change(bank, tmp_path):
    assert ask(bank, PLASTIC)["status"] == "refused"
    told, code = bank.json("policy", "confirm", written(tmp_path, PAIR), "--as", "C001")
    assert (told, code) == ({"added": 1, "again": 0}, 0)
    (held,) = bank.json("policy", "confirm", "--list")[0]["confirmed"]
    assert held | {"id": "", "confirmed_at": ""} == {
        **PAIR, "id": "", "lang": "en", "confirmed_by": "C001", "confirmed_at": "", "counts": True,
    }  # fmt: skip
    with bank.database.read() as tx:
        deeds = tx.execute(select(Audit.actor_id, Audit.deed, Audit.subject)).all()
    assert ("C001", "confirm", f"confirmed_answer:{held['id']}") in deeds

    again = bank.run("policy", "confirm", written(tmp_path, PAIR), "--as", "C001")
    assert again.stderr == "0 confirmed, 1 confirmed again\n"
    assert "yes" in bank.run("policy", "confirm", "--list").stderr

    changed = RULES.replace("one hour", "two hours")
    (bank.folder / "cards.md").write_text(changed, encoding="utf-8")
    bank.run("policy", "sync", bank.folder)
    assert not bank.json("policy", "confirm", "--list")[0]["confirmed"][0]["counts"]

    assert bank.run("policy", "confirm", "--remove", held["id"], "--as", "C001").exit_code == 0
    assert bank.json("policy", "confirm", "--list")[0] == {"confirmed": []}
    line = bank.refused("policy", "confirm", "--remove", "gone", "--as", "C001")
    assert line.startswith("there is no confirmed answer gone: nothing was removed")


def test_what_cannot_be_confirmed(bank, tmp_path):
    def refused(row, staff="C001"):
        return bank.refused("policy", "confirm", written(tmp_path, PAIR, row), "--as", staff)

    assert refused(PAIR, staff="M001") == say("zh", "access.not_allowed")
    assert "questions.jsonl:2" in refused(PAIR | {"clause": "9.9"})
    assert "cards@1 has no clause 9.9" in refused(PAIR | {"clause": "9.9"})
    assert "policy loans is not in force on" in refused(PAIR | {"policy": "loans"})
    assert '"question" is empty' in refused(PAIR | {"question": " "})
    for number in (
        "11010519900307123X",
        "6222 0212 3456 7890 123",
        "138-1234-5678",
        "１３８１２３４５６７８",
    ):
        line = refused(PAIR | {"question": f"May {number} have a card?"})
        assert line.startswith("questions.jsonl:2: the question holds what looks like")
    assert bank.json("policy", "confirm", "--list")[0] == {"confirmed": []}


def test_too_few_questions_are_refused_with_how_many_it_takes(bank, tmp_path):
    line = bank.refused("tune", "--questions", written(tmp_path, *[PAIR] * 3))
    assert line == (
        "tuning takes at least 50 questions of a language whose clause is held: there are 3 in en;"
        " a few hundred are better"
    )
    assert bank.run("tune").exit_code == 2


def test_without_the_extra_it_is_said_how_to_get_it(bank, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    line = bank.refused("tune", "--questions", written(tmp_path, PAIR))
    assert line == "learning needs scikit-learn: pip install 'daybook[tune]'"


@on_one_engine
def test_what_is_no_better_is_not_kept(bank, tmp_path):
    rows = [
        {"question": f"{words} {number}", "policy": "cards", "clause": clause}
        for number in range(13)
        for words, clause in (
            ("lost card blocked", "1.1"),
            ("replacement card sent to the branch", "1.2"),
            ("card fee charged a year", "1.3"),
            ("card abroad fee of the amount", "1.4"),
        )
    ]
    rows.append({"question": "Who may sign?", "policy": "signatures", "clause": "1"})
    (bank.folder / "ka.md").write_text(CHINESE, encoding="utf-8")
    assert bank.run("policy", "sync", bank.folder).exit_code == 0
    rows += [
        {"question": f"挂失后第{n}天补卡？", "policy": "ka", "clause": "第一条"} for n in (3, 5)
    ]
    done = bank.run("tune", "--questions", written(tmp_path, *rows), "--json")
    (english,) = json.loads(done.stdout)["languages"]
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "en: 52 questions, cross-validated: recall@10 1.000 → 1.000, MAP@10 1.000 → 1.000",
        "questions.jsonl:53: no clause in force that answers it was found",
        "1 question was left out for that",
        "not kept: it is not better than the default by more than chance",
        "zh: not tuned, it has 2 of the 50 questions that tuning takes: its order stays as it was",
    ]
    few = json.loads(done.stdout)["skipped"]
    assert few == [{"lang": "zh", "questions": 2, "needed": 50}]
    assert say("zh", "tune.skipped", language="zh", held=2, needed=50).startswith("zh：未调优")
    assert english["default"] == {"recall": 1.0, "precision": 1.0}
    assert english | {"default": 0, "tuned": 0} == {
        "lang": "en", "questions": 52, "remembered": 0, "default": 0, "tuned": 0,
        "unknown": ["questions.jsonl:53"], "kept": False,
    }  # fmt: skip
    assert bank.json("tune", "--list")[0] == {"rankers": [], "guards": []}


def test_rankers_are_listed_reverted_and_used_again(bank):
    metrics = {
        "questions": 80,
        "remembered": 0,
        "default": {"recall": 0.5, "precision": 0.4},
        "tuned": {"recall": 0.6, "precision": 0.5},
    }
    data = {"worth": {}, "turn": [[[]], []], "start": START, "trees": []}
    with bank.database.write() as tx:
        for number in (1, 2):
            made = NOW.replace(day=number)
            record = RankerRecord(f"r{number}", "en", made, "op", "other", metrics, active=True)
            keep_ranker(tx, record, data)

    def used():
        listed = bank.json("tune", "--list")[0]["rankers"]
        return [one["id"] for one in listed if one["active"]]

    assert used() == ["r2"]
    # Made for other features: ignored, and said so only in the log.
    assert ask(bank, "When is a lost card blocked?")["status"] == "answered"
    assert bank.json("tune", "--revert")[0] == {"active": {"en": "r1"}, "guards": {}}
    assert bank.json("tune", "--revert")[0] == {"active": {"en": None}, "guards": {}}
    assert used() == []
    assert bank.refused("tune", "--revert").startswith("no ranker is active")
    assert bank.json("tune", "--use", "r2")[0] == {"active": {"en": "r2"}}
    assert used() == ["r2"]
    assert bank.refused("tune", "--use", "r9").startswith("there is no ranker and no guard r9")

    bank.environment["DAYBOOK_LANG"] = "zh"
    assert "recall@10" in bank.run("tune", "--list").stderr
    assert bank.run("tune", "--revert").stderr == "en：自下一个问题起使用r1\n"
    assert bank.run("tune", "--revert").stderr == "en：自下一个问题起使用默认排序\n"
