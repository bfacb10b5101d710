"""The week's answers: the report, its workbook, Monday's message, and what goes with time."""

import json
from datetime import UTC, date, datetime, timedelta
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from python_calamine import load_workbook
from sqlalchemy import insert, select, update

from bank import models
from bank.chain import find_head
from bank.days import OPEN, number
from bank.feedback import Verdict, give_verdict
from bank.models import AnswerFeedback, Inbox, Outbox, Question
from bank.outbox import OutboxRow, put
from bank.people import Person
from bot.replies.owed import owed
from bot.replies.tree import plain_text
from bot.wording import say
from jobs.keeping import keep_when_due
from jobs.weekly import tell_week_when_due, weekly_messages
from tests.bot import branch

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
WEEK = "2026-W46"  # 9 to 15 November
NAME = "星河灯塔贸易"
VAIN = ("能替客户保管印章吗", "能不能替客户保管印章", "替客户保管印章可以吗？")
FORMULA = '=HYPERLINK("http://evil") 能点吗'


def ask(database, n, text, staff="M001", status="refused", reason="off_topic", **more):
    """A question of the week, n hours after it began."""
    row = {
        "id": f"Q{n:02}", "asked_at": datetime(2026, 11, 8, 16, tzinfo=UTC) + timedelta(hours=n),
        "staff_id": staff, "conversation": "", "text": text, "lang": "zh", "status": status,
        "clause_ids": [], "mode": "extractive", "reason": reason, "took_ms": 10 * n,
    }  # fmt: skip
    branch.add(database, Question, **row | more)


def judge(database, n, staff, verdict, reason="", note="", at=MONDAY - timedelta(days=3)):
    with database.write() as tx:
        give_verdict(tx, Verdict(f"Q{n:02}", staff, verdict, reason, note, at))


def library(database):
    """A policy of two clauses."""
    version = {
        "id": "v1", "policy": "cards", "version": "2026", "title": "银行卡管理办法",
        "kind": "policy", "lang": "zh", "from_day": number(branch.LONG_AGO), "to_day": OPEN,
        "replaces": None, "audience": ["all"], "owner": "", "path": "cards.md",
        "content_hash": "", "units": [], "notices": [], "stated_to_day": OPEN, "digests": "",
        "since": 0,
    }  # fmt: skip
    clauses = [
        {
            "id": f"c{n}", "version_id": "v1", "position": n, "number": str(n),
            "label": f"第{'一二'[n]}条", "heading": "总则", "text": "额度按季复核。", "page": None,
            "vector": b"", "place": "", "start_at": 0, "end_at": 0, "tokens": "",
        }
        for n in range(2)
    ]  # fmt: skip
    with database.write() as tx:
        tx.execute(insert(models.PolicyVersion), version)
        tx.execute(insert(models.Clause), clauses)


def week(database):
    """Four questions in vain, three of them one; two answered, one of them found no good twice."""
    branch.found(database)
    branch.client(database, "K1", "M001", name=NAME)
    library(database)
    for n, text in enumerate(VAIN):
        ask(database, n, text, staff=("M001", "M002", "M001")[n])
    ask(database, 3, f"{NAME}的老板今天心情如何", reason="closest_only")
    answer = {"status": "answered", "reason": "", "clause_ids": ["c0"]}
    ask(database, 4, "信用卡额度多久复核", **answer)
    ask(database, 5, FORMULA, staff="M003", **answer, mode="verified")
    judge(database, 4, "M001", "down", "incomplete", "没说副卡")
    judge(database, 4, "M002", "down", "wrong_clause")
    judge(database, 4, "M003", "up")
    judge(database, 5, "M003", "down")
    ask(database, 24 * 7, "下一周的问题")


@pytest.fixture
def asked(shell):
    week(shell.database)
    return shell


REPORT = ("report", "answers", "--as", "C001", "--week", WEEK)


def test_the_report_counts_and_gathers_what_asks_alike(asked):
    told, code = asked.json(*REPORT)

    assert (code, told["asked"], told["people"]) == (0, 6, 3)
    assert told["outcomes"] == {"refused": 3, "closest": 1, "answered": 2}
    assert told["modes"] == {"extractive": 5, "verified": 1}
    # 0, 10, 20, 30, 40 and 50 ms: the third of six is the median, the sixth the 95th of 100.
    assert (told["median_ms"], told["p95_ms"]) == (20, 50)
    first, second = told["unanswered"]
    assert (first["words"], first["count"], first["people"]) == (VAIN[0], 3, 2)
    assert (second["count"], second["reason"]) == (1, "closest_only")
    disputed, other = told["disputed"]
    assert (disputed["down"], disputed["up"]) == (2, 1)
    assert disputed["clause"] == "银行卡管理办法 第一条"
    assert sorted(disputed["complaints"]) == [["incomplete", 1], ["wrong_clause", 1]]
    assert other["down"] == 1
    assert told["uncited"] == [{"policy": "cards", "clauses": 2, "uncited": 1}]


def test_a_verdict_is_told_in_the_week_it_was_given(asked):
    """Friday's answer is found bad on Tuesday, when Monday's message is out."""
    judge(asked.database, 3, "M001", "down", "not_asked", at=MONDAY + timedelta(days=1))

    before, _ = asked.json(*REPORT)
    assert (before["down"], len(before["disputed"])) == (3, 2)
    after, _ = asked.json(*REPORT[:-1], "2026-W47")
    assert (after["asked"], after["down"], after["people"]) == (1, 1, 1)
    assert [one["complaints"] for one in after["disputed"]] == [[["not_asked", 1]]]
    with asked.database.read() as tx:
        facts = weekly_messages(tx, MONDAY + timedelta(days=7), ZONE)[0].payload
    assert (facts["asked"], facts["up"], facts["down"]) == (1, 0, 1)


def test_no_client_is_in_it(asked, tmp_path):
    golden = tmp_path / "golden.jsonl"
    shown = asked.run(*REPORT, "--golden", golden).stderr + asked.run(*REPORT, "--json").stdout

    assert NAME not in shown
    assert "的老板今天心情如何" in shown
    assert NAME not in golden.read_text(encoding="utf-8")


def test_the_workbook_has_heads_filters_and_no_formula(asked, tmp_path):
    file = tmp_path / "week.xlsx"

    assert asked.run(*REPORT, "--xlsx", file).exit_code == 0

    book = load_workbook(file)
    assert book.sheet_names == [
        "统计", "未能回答的问题", "差评的回答", "已失效的核准答复", "一年内无人引用的条款",
    ]  # fmt: skip
    heads, first, second = book.get_sheet_by_name("差评的回答").to_python()
    assert heads[:4] == ["问题", "语言", "没有帮助", "有帮助"]
    assert first[2:4] == [2, 1]
    assert first[-1] == "没说副卡"
    assert second[0] == FORMULA  # as words
    assert file.stat().st_mode & 0o777 == 0o600
    assert "name a new file" in asked.refused(*REPORT, "--xlsx", file)


HOSTILE = (
    "=cmd|'/c calc'!A0",
    "+A1 or what?",
    "-2+3 又如何",
    "@SUM(B2:B9) 何时",
    "\t=1+1",
    "字" * 2_000,
    "a\x07\x1b[31m\ufffe印章",
    "https://evil.example/" + "a" * 1_900,
    "_x000D_ 与 \u202e倒写",
)


def test_the_workbook_takes_whatever_people_write(asked, tmp_path):
    for n, text in enumerate(HOSTILE):
        ask(asked.database, 40 + n, text)
    file = tmp_path / "week.xlsx"

    assert asked.run(*REPORT, "--xlsx", file).exit_code == 0

    rows = load_workbook(file).get_sheet_by_name("未能回答的问题").to_python()
    told = [str(row[0]) for row in rows]
    for text in HOSTILE[:4]:
        assert text in told
    assert HOSTILE[5] in told
    assert not [one for one in told if any(sign in one for sign in "\x07\x1b")]
    with ZipFile(file) as inside:
        sheets = [inside.read(name) for name in inside.namelist() if "sheet" in name]
        # Every one is a string: no formula, no link.
        assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<hyperlink" in sheet]


def test_answers_found_no_good_become_questions_to_judge(asked, tmp_path):
    golden = tmp_path / "golden.jsonl"
    asked.run(*REPORT, "--golden", golden)

    first, _ = (json.loads(line) for line in golden.read_text(encoding="utf-8").splitlines())
    assert first == {
        "question": "信用卡额度多久复核", "lang": "zh", "policy": "cards", "clause": "第一条",
        "status": "answered", "complaints": ["incomplete", "wrong_clause"], "notes": ["没说副卡"],
    }  # fmt: skip


def test_it_is_compliances_alone_and_a_week_is_written_as_calendars_do(asked):
    for staff, lang in (("M001", "zh"), ("O001", "en")):
        refused = asked.refused("report", "answers", "--as", staff)
        assert refused == say(lang, "access.not_allowed")
    for wrong in ("47", "2026-47", "2025-W53", "2026-W00"):
        assert "write it like 2026-W47" in asked.refused(*REPORT[:-1], wrong)


def test_compliance_hears_of_it_on_monday_once(database):
    week(database)
    with database.read() as tx:
        # At seven on Monday it is too early, and at nine not yet said.
        assert weekly_messages(tx, MONDAY - timedelta(hours=2), ZONE) == ()
        assert [one.subject for one in weekly_messages(tx, MONDAY, ZONE)] == [WEEK, WEEK]
    told = [tell_week_when_due(database, MONDAY + timedelta(hours=n), ZONE) for n in (-2, 0, 1, 50)]
    assert told == [0, 2, 0, 0]

    with database.read() as tx:
        rows = tx.execute(select(Outbox.key, Outbox.payload).order_by(Outbox.key)).all()
    assert [row.key for row in rows] == [f"answers_week:{who}:{WEEK}" for who in ("C001", "C002")]
    row = rows[0]
    counts = {name: row.payload[name] for name in ("asked", "answered", "closest", "refused")}
    assert counts == {"asked": 6, "answered": 2, "closest": 1, "refused": 3}
    assert (row.payload["up"], row.payload["down"], row.payload["lapsed"]) == (1, 3, 0)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_message_is_short_and_says_where_the_rest_is(lang):
    facts = {
        "week": WEEK, "asked": 6, "answered": 2, "closest": 1, "refused": 3, "conflict": 0,
        "up": 1, "down": 3, "lapsed": 2,
    }  # fmt: skip
    hired, left = branch.LONG_AGO, date.max
    person = Person("C001", "竹喧归", "compliance", "U10", "UC001", lang, hired, left)

    reply = owed("answers_week", facts, person, MONDAY.date())

    words = "\n".join(plain_text(line) for node in reply.nodes for line in node.lines)
    assert WEEK in reply.summary
    assert f"daybook report answers --week {WEEK} --xlsx" in words
    assert len(words.splitlines()) <= 8
    assert reply.disclosure == "staff"


def test_nobody_is_told_of_a_week_in_which_nothing_was_asked(database):
    branch.found(database)

    assert tell_week_when_due(database, MONDAY, ZONE) == 0


def slack(database, state, sent):
    """A question as it came in and went out."""
    at = MONDAY - timedelta(days=6)
    branch.add(
        database, Inbox, key=f"message:{state}", kind="question", payload={"text": VAIN[0]},
        received_at=at, state=state, attempts=1,
    )  # fmt: skip
    with database.write() as tx:
        for kind in ("answer", "notice"):
            facts = {"text": VAIN[0]}
            row = OutboxRow(f"{kind}:{state}", "M001", kind, "staff", "blue", facts, at)
            put(tx, [row])
            tx.execute(update(Outbox).where(Outbox.key == row.key).values(state=sent))


def test_words_go_after_their_time_and_the_logs_end_is_noted_once_a_day(asked):
    noted = []
    slack(asked.database, "done", "sent")
    slack(asked.database, "received", "planned")
    keep = [asked.database, MONDAY + timedelta(days=2), ZONE, 7, lambda head, at: noted.append(at)]

    assert keep_when_due(*keep) == 6  # all of that week
    assert keep_when_due(*keep) == 0

    with asked.database.read() as tx:
        words = dict(tx.execute(select(Question.id, Question.text)).all())
        notes = list(tx.scalars(select(AnswerFeedback.note).where(AnswerFeedback.note != "")))
        came = dict(tx.execute(select(Inbox.key, Inbox.payload)).all())
        went = dict(tx.execute(select(Outbox.key, Outbox.payload)).all())
        assert find_head(tx) is not None
    assert [key for key, text in words.items() if text] == ["Q168"]
    assert notes == []
    # What is still to be done needs its words.
    assert came == {"message:done": {}, "message:received": {"text": VAIN[0]}}
    kept = {"text": VAIN[0]}
    assert went == {
        "answer:done": {},
        "answer:received": kept,
        "notice:done": {},
        "notice:received": kept,
    }
    assert len(noted) == 1
    assert asked.run("audit", "verify").exit_code == 0
