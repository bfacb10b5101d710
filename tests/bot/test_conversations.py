"""Follow-ups, contradictions and leads, as people meet them in Slack and on the command line."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bank.models import Inbox, Outbox, Question
from bank.questions import QuestionRecord, earlier_questions, record_question
from tests.bot import branch
from tests.bot.office import STAFF_CHANNEL, eventually
from tests.bot.office import text_of as said

FRONT = """+++
id = "{id}"
title = "{title}"
version = "2026"
kind = "policy"
lang = "{lang}"
in_force_from = 2026-01-01
audience = {audience}
owner = "{owner}"
+++
"""
KITES = """# Kite Rules

## 1 Kites

1.1 A kite permit for individuals is renewed within 10 business days after it lapses.

1.2 A kite permit for companies is renewed within 3 business days after it lapses.

1.3 If a renewal is late, the kite is grounded and the harbour master is told.

## 2 Anchors

2.1 An anchor left by a guest may be kept in the boat house overnight.
"""
PIERS = """# Pier Guide

1.1 Pier lamps are lit at dusk by the pier office.

1.2 An anchor left by a guest must not be kept in the boat house overnight.
"""
ZH = """# 风筝办法

第一条　红色风筝应当在一个工作日内检修，由港务长批准放飞。

第二条　橙色风筝应当在五个工作日内检修，由领航员批准放飞。
"""


def take_in(office, folder, *, pier_audience='["all"]'):
    folder.mkdir(exist_ok=True)
    for name, lang, title, owner, text, audience in (
        ("kites", "en", "Kite Rules", "Harbour Office", KITES, '["all"]'),
        ("piers", "en", "Pier Guide", "Pier Office", PIERS, pier_audience),
        ("kites-zh", "zh", "风筝办法", "港务部", ZH, '["all"]'),
    ):
        front = FRONT.format(id=name, title=title, lang=lang, owner=owner, audience=audience)
        (folder / f"{name}.md").write_text(front + text, encoding="utf-8")
    assert office.library.sync(folder, office.clock.now()).failed == ()


def ask(office, user, text, **where):
    """Ask, wait for the outcome, and give everything the newest answer says."""
    before = len(office.answers(user, where.get("room", "")))
    ts = office.say(user, text, **where)
    eventually(lambda: len(office.answers(user, where.get("room", ""))) > before)
    eventually(lambda: settled(office))
    return ts, said(office.answers(user, where.get("room", ""))[-1])


def settled(office) -> bool:
    with office.database.read() as tx:
        states = {*tx.scalars(select(Inbox.state)), *tx.scalars(select(Outbox.state))}
    return states <= {"done", "failed", "sent"}


def test_a_follow_up_in_a_thread_is_read_with_the_question_before_it(office, tmp_path):
    take_in(office, tmp_path / "policies")
    root, first = ask(
        office, "UM002", "By when is a kite permit for individuals renewed after it lapses?"
    )

    _, second = ask(office, "UM002", "and for companies?", thread=root)

    assert (
        "within 10 business days after it lapses: the time set by Kite Rules · clause 1.1" in first
    )
    assert "Read as: By when is a kite permit for companies renewed after it lapses?" in second
    assert "within 3 business days" in second
    assert "clause 1.2" in second


def test_in_a_direct_conversation_what_was_just_asked_belongs_together(office, tmp_path):
    take_in(office, tmp_path / "policies")
    ask(office, "UM001", "红色风筝几个工作日内检修？")

    _, soon = ask(office, "UM001", "那橙色呢？")
    office.step(minutes=45)
    _, later = ask(office, "UM001", "那橙色呢？")

    assert "理解为：橙色风筝几个工作日内检修？" in soon or "理解为：橙色" in soon
    assert "五个工作日内" in soon
    assert "理解为" not in later


def test_nobody_elses_question_says_how_one_is_read(office, tmp_path):
    take_in(office, tmp_path / "policies")
    question = "@Daybook By when is a kite permit for individuals renewed after it lapses?"
    root, _ = ask(office, "UM002", question, room=STAFF_CHANNEL)

    _, other = ask(office, "UM003", "@Daybook and for companies?", room=STAFF_CHANNEL, thread=root)

    assert "Read as" not in other
    assert "理解为" not in other


def test_what_was_asked_in_private_is_not_read_in_a_channel(office, tmp_path):
    take_in(office, tmp_path / "policies")
    ask(office, "UM002", "By when is a kite permit for individuals renewed after it lapses?")

    _, there = ask(office, "UM002", "@Daybook and for companies?", room=STAFF_CHANNEL)

    assert "Read as" not in there


def test_two_rules_that_contradict_each_other_are_both_shown_with_their_owners(office, tmp_path):
    take_in(office, tmp_path / "policies")

    _, shown = ask(office, "UM002", "May an anchor left by a guest be kept in the boat house?")

    assert "disagree on whether it is allowed" in shown
    assert "An anchor left by a guest may be kept" in shown
    assert "An anchor left by a guest must not be kept" in shown
    assert "Harbour Office answers for it" in shown
    assert "Pier Office answers for it" in shown
    assert "Ask an expert" in shown
    with office.database.read() as tx:
        (row,) = tx.execute(select(Question.status, Question.clause_ids)).all()
    assert row[0] == "conflict"
    assert sorted(row[1]) == ["kites@2026#2.1", "piers@2026#1.2"]


def test_who_may_not_read_one_of_the_two_hears_of_no_contradiction(office, tmp_path):
    take_in(office, tmp_path / "policies", pier_audience='["compliance"]')

    _, shown = ask(office, "UM002", "May an anchor left by a guest be kept in the boat house?")

    assert "disagree" not in shown
    assert "Pier" not in shown
    assert "An anchor left by a guest may be kept" in shown


def test_a_question_across_the_languages_is_framed_in_the_askers(office, tmp_path):
    take_in(office, tmp_path / "policies")

    _, shown = ask(office, "UM002", "第二条", thread="")
    _, quoted = ask(office, "UM002", "kites-zh clause 2")

    assert shown
    assert "橙色风筝" in quoted
    assert "written in Chinese; these are its own words" in quoted


def test_the_command_line_follows_a_conversation_by_its_name(shell, tmp_path):
    branch.found(shell.database)
    folder = tmp_path / "policies"
    folder.mkdir()
    front = FRONT.format(
        id="kites", title="Kite Rules", lang="en", owner="Harbour Office", audience='["all"]'
    )
    (folder / "kites.md").write_text(front + KITES, encoding="utf-8")
    shell.json("policy", "sync", folder)
    asked = "By when is a kite permit for individuals renewed after it lapses?"

    first, _ = shell.json("ask", asked, "--as", "M002", "--conversation", "kites")
    second, _ = shell.json("ask", "and for companies?", "--as", "M002", "--conversation", "kites")
    elsewhere, _ = shell.json("ask", "and for companies?", "--as", "M002", "--conversation", "x")
    alone, _ = shell.json("ask", "and for companies?", "--as", "M002")

    assert first["fact"] == {
        "kind": "how_long",
        "words": "within 10 business days after it lapses",
    }
    assert first["lead"].startswith("within 10 business days after it lapses: ")
    assert (first["reading"], first["clash"], first["approval"]) == ("", None, None)
    assert second["reading"] == asked.replace("individuals", "companies")
    assert second["citations"][0]["clause"] == "1.2"
    assert (elsewhere["reading"], alone["reading"]) == ("", "")


def test_only_the_newest_few_of_a_person_and_a_place_come_before(database):
    branch.found(database)
    start = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)

    def put(name, minute, place, staff="M001", text="kite?"):
        at = start + timedelta(minutes=minute)
        record = QuestionRecord(name, at, staff, place, text, "en", "answered", ())
        with database.write() as tx:
            assert record_question(tx, record)

    for n in range(6):
        put(f"q{n}", n, "T/D1/root")
    put("other", 6, "T/D1/root", staff="M002")
    put("wiped", 6, "T/D1/root", text="")
    put("near", 7, "T/D1/9.9")
    put("like", 7, "T/D1_/9.9")
    put("now", 8, "T/D1/root")

    def before(**how):
        with database.read() as tx:
            found = earlier_questions(
                tx, "M001", "T/D1/root", before=start + timedelta(minutes=8), most=3, **how
            )
        return [one.id for one in found]

    assert before(but="now") == ["q3", "q4", "q5"]
    assert before(but="now", since=start + timedelta(minutes=6)) == ["q4", "q5", "near"]
    with database.read() as tx:
        assert tx.scalar(select(func.count()).select_from(Question)) == 11
