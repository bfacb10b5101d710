"""`daybook eval retrieval`: the product's own search over passages and questions of one's own."""

import json

import pytest

from tests.bot.shell import Shell

PASSAGES = [
    ("v1", "Visits", "A premium client is visited every 45 days."),
    ("v2", "Visits", "A visit counts only if it is logged within three business days."),
    ("c1", "Cards", "A lost card is blocked at once, at any hour."),
    ("c2", "Cards", "The fee for a second card is 20 yuan."),
    ("d1", "贷后管理办法 第一条", "贷款发放后三十日内，客户经理应当完成首次检查。"),
    ("d2", "贷后管理办法 第二条", "贷款逾期的，应当在三个工作日内报告团队长。"),
]
QUESTIONS = [
    ("1", "How often is a premium client visited?", ["v1"]),
    ("2", "Within how many days is a visit logged?", ["v2"]),
    ("3", "What is the fee for a second card?", ["c2"]),
    ("4", "贷款逾期几天内报告团队长？", ["d2"]),
    ("5", "贷后管理办法首次检查几日内完成？", ["d1", "nowhere"]),
]


@pytest.fixture
def shell(tmp_path):
    """A shell without a bank: the command has a store of its own."""
    return Shell(f"sqlite:///{tmp_path / 'none.db'}", tmp_path)


@pytest.fixture
def files(tmp_path):
    passages, questions = tmp_path / "p.jsonl", tmp_path / "q.jsonl"
    rows = ({"id": key, "title": title, "text": text} for key, title, text in PASSAGES)
    passages.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    rows = ({"id": key, "question": text, "relevant": ids} for key, text, ids in QUESTIONS)
    questions.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return ("--passages", passages, "--questions", questions)


def test_both_languages_are_measured_in_one_run(shell, files):
    found, code = shell.json("eval", "retrieval", *files)

    assert code == 0
    # Every known passage comes first; of the fifth question's two only one can be found.
    assert found["recall@1"] == found["recall@10"] == pytest.approx(0.9)
    assert found["map@10"] == pytest.approx((4 + 0.5) / 5)
    assert found["mrr@10"] == 1
    assert found["questions"] == 5
    assert found["unknown"] == {"5": ["nowhere"]}
    assert found["p50_ms"] <= found["p95_ms"]
    assert found["index_per_s"] > 0


def test_people_are_told_which_questions_name_passages_that_are_not_there(shell, files):
    done = shell.run("eval", "retrieval", *files)

    assert done.exit_code == 0
    assert done.stdout == ""
    assert "recall@10" in done.stderr
    assert "question 5: no passage has the id nowhere" in done.stderr


def test_what_cannot_be_measured_is_refused_in_a_line(shell, files):
    files[1].write_text('{"id": "1", "text": "a"}\n{"id": "1", "text": "b"}\n')

    assert shell.refused("eval", "retrieval", *files).startswith("p.jsonl:2: the id '1'")
