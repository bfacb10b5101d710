"""Policies from the command line: what changed, what is new, and a branch's own for the branch."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bank.people import find_staff
from bot.access import NotYoursError
from bot.desk import Desk
from knowledge.library import Library
from tests.bot import branch
from tests.bot.branch import TODAY

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
FRONT = """+++
id = "{id}"
title = "{title}"
version = "{version}"
lang = "{lang}"
in_force_from = {start}
audience = {audience}
owner = "Policy Office"
{more}
+++
"""
FEES = "1.1 A transfer costs 5 yuan.\n\n1.2 See section 1.1 of the Team One Rules for cash.\n"
TEAM = "1.1 A teller of team one counts the cash box at eight every evening.\n"


def put(folder, name, text, *, title, version="1", start="2026-01-01", audience='["all"]',
        lang="en", more=""):  # fmt: skip
    folder.mkdir(exist_ok=True)
    front = FRONT.format(
        id=name.partition("@")[0], title=title, version=version, lang=lang, start=start,
        audience=audience, more=more,
    )  # fmt: skip
    (folder / f"{name}.md").write_text(front + text, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "policies"
    put(folder, "fees", FEES, title="Fees")
    put(folder, "team", TEAM, title="Team One Rules", more='units = ["U11"]')
    return put(folder, "risk", "1.1 Risk alone reads this.\n", title="Risk", audience='["risk"]')


@pytest.fixture
def stocked(shell, folder):
    """M001 and M002 are in team U11, M003 in U12; L001 leads the branch above both."""
    branch.found(shell.database)
    assert shell.run("policy", "sync", folder).exit_code == 0
    return shell


def seen(shell, staff):
    return {p["policy"] for p in shell.json("policy", "list", "--as", staff)[0]["policies"]}


def test_a_person_is_shown_the_policies_of_their_units_and_role(stocked):
    assert seen(stocked, "M002") == {"fees", "team"}
    assert seen(stocked, "M003") == seen(stocked, "L001") == {"fees"}
    assert seen(stocked, "R001") == {"fees", "risk"}
    assert {p["policy"] for p in stocked.json("policy", "list")[0]["policies"]} == {
        "fees", "team", "risk",
    }  # fmt: skip


@pytest.mark.parametrize("words", [("show", "{}"), ("diff", "{}")])
def test_another_units_policy_reads_like_one_that_does_not_exist(stocked, words):
    def refused(policy):
        typed = [word.format(policy) for word in words]
        return stocked.refused("policy", *typed, "--as", "M003").replace(policy, "it")

    assert refused("team") == refused("nothing")


def test_another_units_policy_is_neither_quoted_nor_offered_nor_linked_to(stocked):
    question = "When does a teller of team one count the cash box?"
    mine, _ = stocked.json("ask", question, "--as", "M002")
    other, _ = stocked.json("ask", question, "--as", "M003")
    by_name, _ = stocked.json(
        "ask", "What does section 1.1 of the Team One Rules say?", "--as", "M003"
    )
    links = {
        staff: stocked.json("policy", "show", "fees", "--as", staff)[0]["clauses"][1]["links"]
        for staff in ("M002", "M003")
    }

    assert {citation["policy"] for citation in mine["citations"]} == {"team"}
    assert not {"team"} & {c["policy"] for c in (*other["citations"], *other["nearest"])}
    assert "teller" not in f"{other} {by_name}"
    assert [link["policy"] for link in links["M002"]] == ["team"]
    assert [link["policy"] for link in links["M003"]] == [None]


def test_in_a_channel_no_units_policy_is_quoted_and_sources_are_the_readers_own(stocked):
    library = Library(stocked.database, stocked.home)
    desk = Desk(stocked.database, library, ZoneInfo("Asia/Shanghai"))
    with stocked.database.read() as tx:
        mine, other = find_staff(tx, "M002"), find_staff(tx, "M003")

    def ask(name, *, shared):
        text = "When does a teller of team one count the cash box?"
        return desk.ask(mine, text, TODAY, question_id=name, now=NOW, shared=shared).answer

    alone, among_others = ask("q1", shared=False), ask("q2", shared=True)
    library.close()

    assert {citation.policy for citation in alone.citations} == {"team"}
    shown = (*among_others.citations, *among_others.nearest)
    assert "team" not in {citation.policy for citation in shown}
    assert desk.sources(mine, "q1", TODAY)[1][0].policy == "team"
    with pytest.raises(NotYoursError):
        desk.sources(other, "q1", TODAY)


def test_what_a_version_changed_is_told_in_both_faces(stocked, folder):
    put(folder, "fees@2", FEES.replace("5 yuan", "8 yuan") + "\n1.3 Notes are free.\n",
        title="Fees", version="2", start="2026-11-01", more='replaces = "1"')  # fmt: skip
    checked, _ = stocked.json("policy", "sync", folder, "--check")
    assert (checked["written"], checked["added"]) == (False, ["fees@2.md"])
    synced = stocked.run("policy", "sync", folder)
    for line in ("Fees: 2 against 1", "1.1: costs 5 yuan → costs 8 yuan", "1.3 is new: Notes are"):
        assert line in synced.stderr

    diff, code = stocked.json("policy", "diff", "fees")
    assert (code, diff["from"]["version"], diff["to"]["version"]) == (0, "1", "2")
    assert [change["clause"] for change in diff["changed"]] == ["1.1"]
    assert diff["changed"][0]["marks"][1:3] == [["-", "5"], ["+", "8"]]
    assert [change["after"] for change in diff["added"]] == ["Notes are free."]
    assert (diff["removed"], diff["moved"], diff["unchanged"]) == ([], [], 1)
    assert "1.1: costs 5 yuan → costs 8 yuan" in stocked.run("policy", "diff", "fees").stderr
    back, _ = stocked.json("policy", "diff", "fees", "--from", "2", "--to", "1")
    assert [change["before"] for change in back["removed"]] == ["Notes are free."]

    listed, _ = stocked.json("policy", "list", "--on", "2026-10-31")
    assert ("fees", "1") in {(p["policy"], p["version"]) for p in listed["policies"]}
    assert stocked.refused("policy", "diff", "fees", "--to", "3").endswith("it has 1, 2.")
    assert "nothing to compare" in stocked.refused("policy", "diff", "risk")


def test_what_is_listed_and_shown_is_headed_in_the_readers_language(stocked):
    chinese, english = (
        stocked.run("policy", "list", "--as", who).stderr for who in ("M003", "M002")
    )
    assert "施行日" in chinese
    assert "in force" in english

    shown = stocked.run("policy", "show", "fees", "--as", "M003").stderr
    assert shown.startswith("《Fees》1 版，自2026年1月1日起施行\n")


def test_news_is_told_to_whom_it_concerns_in_their_language(stocked):
    when = ("--on", "2026-01-01", "--since", "2025-12-31")
    found = {
        staff: stocked.json("policy", "changes", *when, "--as", staff)[0]["news"]
        for staff in ("M002", "M003", "R001")
    }

    assert {staff: {(n["policy"], n["news"]) for n in news} for staff, news in found.items()} == {
        "M002": {("fees", "came"), ("team", "came")},
        "M003": {("fees", "came")},
        "R001": {("fees", "came"), ("risk", "came")},
    }
    said = stocked.run("policy", "changes", *when, "--as", "M003").stderr
    assert "自2026年1月1日起施行：《Fees》（1 版）" in said
    nothing = stocked.run("policy", "changes", "--on", "2025-06-01", "--as", "M002").stderr
    assert nothing.startswith("No policy you may read changed from 2 May 2025 to 1 Jun 2025")


def test_since_after_the_day_is_wrong_usage(stocked):
    ran = stocked.run("policy", "changes", "--since", "2026-02-01", "--on", "2026-01-01")

    assert ran.exit_code == 2
    assert "--since 2026-02-01 is after 2026-01-01" in ran.stderr


def test_overlaps_and_most_of_the_library_gone_are_said(stocked, folder):
    put(folder, "charges", "1.1 Other text.\n", title="Fees")
    synced = stocked.run("policy", "sync", folder)
    assert "overlap: charges@1 and fees@1 have the same title" in synced.stderr

    for path in folder.glob("*.md"):
        if path.stem != "risk":
            path.unlink()
    assert "that needs --force" in stocked.run("policy", "sync", folder, "--check").stderr
    assert "give --force" in stocked.refused("policy", "sync", folder)
    assert stocked.json("policy", "sync", folder, "--force")[1] == 0
    stocked.environment["DAYBOOK_LANG"] = "zh"
    synced = stocked.run("policy", "sync", folder, "--check")
    assert (
        synced.stderr == "新增 0 份，更新 0 份，移除 0 份，未变 1 份，失败 0 份\n未写入任何内容\n"
    )
