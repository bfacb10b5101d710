"""Versions from a folder: what ends what, what overlaps, what goes, what changed.

What of this is SQL's is tested on both engines in tests/bank.
"""

import errno
import functools
import os
from datetime import date

import pytest
from sqlalchemy import update

from bank.models import OrgUnit, PolicyVersion
from bank.policies import policy_versions
from bank.policy_changes import policy_feed
from knowledge.folder import same_file
from knowledge.library import Library, SyncError
from tests.knowledge.conftest import NOW, TODAY

RULES = (
    "# Rules\n\n1.1 A premium client is visited every 45 days.\n\n1.2 A visit is logged at once.\n"
)
SHORTER = RULES.replace("45 days", "30 days")
LONG = "# Rules\n\n" + "\n\n".join(
    f"1.{n} Clause {n} asks for {n + 2} signatures of different people." for n in range(1, 7)
)


def two_versions(shelf, **later):
    shelf.put("visits-1.md", RULES, id="visits", version="1", start="2025-01-01")
    shelf.put(
        "visits-2.md", SHORTER, id="visits", version="2", start="2026-03-01",
        more='replaces = "1"', **later,
    )  # fmt: skip


def spans(shelf):
    return {v.id: (v.in_force_from, v.in_force_to) for v in shelf.library.versions()}


def news(database, since=TODAY, on=TODAY):
    with database.read() as tx:
        feed = policy_feed(tx, since, on)
    return [(each.kind, each.policy.id, [c.edits for c in each.changes]) for each in feed.news]


def test_a_version_ends_where_one_that_replaces_it_begins(shelf):
    two_versions(shelf)
    assert shelf.sync().failed == ()

    assert spans(shelf) == {
        "visits@1": (date(2025, 1, 1), date(2026, 3, 1)),
        "visits@2": (date(2026, 3, 1), None),
    }
    asked = [shelf.ask("visits 1.1", on=day).citations[0] for day in (date(2026, 2, 28), TODAY)]
    assert [citation.version for citation in asked] == ["1", "2"]


def test_it_goes_on_again_when_its_successor_is_withdrawn_or_put_off(shelf):
    two_versions(shelf)
    shelf.sync()
    shelf.put("visits-2.md", SHORTER, id="visits", version="2", start="2027-01-01",
              more='replaces = "1"')  # fmt: skip
    shelf.sync()
    assert spans(shelf)["visits@1"][1] == date(2027, 1, 1)
    assert shelf.ask("visits 1.1").citations[0].version == "1"

    (shelf.folder / "visits-2.md").unlink()
    shelf.sync()
    assert spans(shelf) == {"visits@1": (date(2025, 1, 1), None)}


def test_policies_that_overlap_are_told_of_every_time(shelf):
    shelf.put("gifts.md", LONG, title="Gifts")
    shelf.put("hospitality.md", RULES, title="Hospitality", more='replaces = "gifts@1"')
    shelf.put("copy.md", LONG.replace("signatures", "approvals", 1), title="Presents")
    shelf.put("twin.md", "1.1 Quite another text.", title="gifts ")
    first, again = shelf.sync(), shelf.sync()

    assert [(o.kind, o.one, o.other, o.shared) for o in again.overlaps] == [
        ("text", "copy@1", "gifts@1", 5),
        ("replaced", "hospitality@1", "gifts@1", 0),
        ("title", "gifts@1", "twin@1", 0),
    ]
    assert first.overlaps == again.overlaps
    assert (again.overlaps[0].since, again.overlaps[0].until) == (date(2026, 1, 1), None)


def test_most_of_the_library_goes_only_when_that_is_asked_for(shelf):
    for name in "abcd":
        shelf.put(f"{name}.md", RULES, title=name)
    shelf.sync()
    for name in "abc":
        (shelf.folder / f"{name}.md").unlink()

    assert shelf.sync(check=True).empties
    with pytest.raises(SyncError, match=r"3 of the 4 versions held are not in .* give --force"):
        shelf.sync()
    assert len(shelf.library.versions()) == 4
    assert shelf.sync(force=True).removed == ("a.md", "b.md", "c.md")


def test_moving_every_file_loses_nothing_and_needs_no_force(shelf):
    for name in "abc":
        shelf.put(f"{name}.md", RULES, title=name)
    shelf.sync()
    (shelf.folder / "new").mkdir()
    for name in "abc":
        (shelf.folder / f"{name}.md").rename(shelf.folder / "new" / f"{name}.md")
    report = shelf.sync()

    assert (len(report.added), len(report.removed), report.changes) == (3, 3, ())


def test_a_check_tells_everything_and_writes_nothing(shelf, database):
    shelf.put("visits.md", RULES)
    shelf.sync()
    shelf.put("visits.md", SHORTER)
    shelf.put("new.md", LONG)
    report = shelf.sync(check=True)

    assert (report.added, report.updated) == (("new.md",), ("visits.md",))
    assert [change.kind for change in report.changes[0].comparison.changes] == ["changed"]
    assert [version.id for version in shelf.library.versions()] == ["visits@1"]
    assert news(database) == []


def test_what_looks_wrong_is_said_beside_what_was_taken(shelf, database):
    with database.write() as tx:
        tx.execute(OrgUnit.__table__.insert().values(id="B1", name="Riverside", parent_id=None))
    shelf.put("a.md", RULES, title="A", more='units = ["B1", "B9"]\nreplaces = "2019"')
    shelf.put("visits.md", RULES, id="visits", version="1", start="2025-01-01")
    first = shelf.sync()
    shelf.put("visits.md", SHORTER, id="visits", version="2", more='replaces = "1"')
    second = shelf.sync()

    assert [(notice.path, notice.text) for notice in first.notices] == [
        ("a.md", "replaces a@2019, which is not in the library"),
        ("a.md", "is for units the bank does not have: B9"),
    ]
    (gone,) = second.notices
    assert "version 1 of 'visits' goes with its file: keep the file" in gone.text


def test_a_team_is_told_what_changed_against_its_branchs_version(shelf, database):
    with database.write() as tx:
        for unit, above in (("B1", None), ("B1-2", "B1"), ("B2", None)):
            row = {"id": unit, "name": unit, "parent_id": above}
            tx.execute(OrgUnit.__table__.insert().values(**row))
    shelf.put("a.md", RULES, id="a", more='units = ["B1"]')
    shelf.sync()
    for unit in ("B1-2", "B2"):
        shelf.put("a-2.md", SHORTER, id="a", version="2", start="2026-06-01",
                  more=f'units = ["{unit}"]\nreplaces = "1"')  # fmt: skip
        shelf.sync()
        told = {key: bool(edits) for _, key, edits in news(database, since=date(2026, 6, 1))}
        assert told == {"a@2": unit == "B1-2"}


def test_whatever_goes_is_named(shelf):
    two_versions(shelf)
    shelf.put("gifts.md", LONG)
    shelf.sync()
    (shelf.folder / "visits-2.md").unlink()
    (shelf.folder / "gifts.md").unlink()

    gifts, visits = shelf.sync(force=True).notices
    assert (gifts.path, visits.path) == ("gifts.md", "visits-2.md")
    assert gifts.text == "version 1 of 'gifts' goes with its file: no other is held to answer from"
    assert visits.text.endswith("goes with its file: the one before it stands as its file says")


def test_a_folder_that_cannot_be_looked_into_loses_nothing(shelf, monkeypatch):
    for path in ("a.md", "branch/b.md", "branch/team/c.md", "d.md"):
        shelf.put(path, RULES, title=path)
    shelf.sync()
    (shelf.folder / "d.md").unlink()
    (shelf.folder / "d.md").symlink_to("nowhere.md")
    look = os.scandir

    def deny(place):
        if str(place).endswith("branch"):
            raise PermissionError(errno.EACCES, "Permission denied", str(place))
        return look(place)

    monkeypatch.setattr(os, "scandir", deny)
    report = shelf.sync()

    assert report.removed == ()
    assert [(failure.path, failure.reason) for failure in report.failed] == [
        ("branch", "cannot be read: Permission denied"),
        ("d.md", "cannot be read: No such file or directory"),
    ]
    assert len(shelf.library.versions()) == 4


@pytest.mark.parametrize("held", ["what an earlier release kept", "1:{}"])
def test_files_that_are_only_read_anew_or_moved_tell_nothing_again(shelf, database, held):
    two_versions(shelf)
    assert len(shelf.sync().changes) == 1
    day = date(2026, 3, 1)
    told = news(database, day, day)
    with database.write() as tx:
        for version in policy_versions(tx):
            known = held.format(version.content_hash.partition(":")[2])
            change = update(PolicyVersion).where(PolicyVersion.id == version.id)
            tx.execute(change.values(content_hash=known))
    again = shelf.sync()
    (shelf.folder / "old").mkdir()
    for name in ("visits-1.md", "visits-2.md"):
        (shelf.folder / name).rename(shelf.folder / "old" / name)
    moved = shelf.sync()

    assert (len(again.updated), again.changes) == (2, ())
    assert (len(moved.added), moved.changes, moved.notices) == (2, (), ())
    assert news(database, day, day) == told


def test_a_new_version_is_compared_with_the_one_before_and_told_on_its_day(shelf, database):
    two_versions(shelf)
    report = shelf.sync()

    (told,) = report.changes
    assert (told.policy, told.version, told.before) == ("visits", "2", "1")
    assert (len(told.comparison.changes), told.comparison.unchanged) == (1, 1)
    edit = (("every 45 days", "every 30 days"),)
    day = date(2026, 3, 1)
    assert news(database, day, day) == [("came", "visits@2", [edit])]


def test_a_version_written_over_the_one_before_is_compared_all_the_same(shelf, database):
    shelf.put("visits.md", RULES, id="visits", version="1", start="2025-01-01")
    shelf.sync()
    shelf.put("visits.md", SHORTER, id="visits", version="2", start="2026-03-01")
    (told,) = shelf.sync().changes

    assert (told.version, told.before) == ("2", "1")
    assert news(database, date(2026, 3, 1)) == [
        ("came", "visits@2", [(("every 45 days", "every 30 days"),)])
    ]


def test_a_correction_of_a_text_in_force_is_news_of_its_day(shelf, database):
    shelf.put("visits.md", RULES)
    shelf.sync()
    shelf.put("visits.md", SHORTER)
    (told,) = shelf.sync().changes

    assert (told.version, told.before) == ("1", "1")
    assert news(database) == [("edited", "visits@1", [(("every 45 days", "every 30 days"),)])]


def test_an_earlier_version_that_comes_later_is_compared_with_its_successor(shelf, database):
    shelf.put("v2.md", SHORTER, id="v", version="2", start="2026-03-01", more='replaces = "1"')
    shelf.sync()
    shelf.put("v1.md", RULES, id="v", version="1", start="2025-01-01")
    assert shelf.sync().changes == ()

    assert news(database, date(2026, 3, 1)) == [
        ("came", "v@2", [(("every 45 days", "every 30 days"),)])
    ]


def test_words_are_kept_only_for_those_who_could_read_them(shelf, database):
    shelf.put("v1.md", RULES, id="v", version="1", start="2025-01-01", end="2026-11-17",
              audience='["risk"]')  # fmt: skip
    shelf.put("v2.md", SHORTER, id="v", version="2", start="2026-11-17", audience='["all"]')
    shelf.sync()
    assert news(database) == [("came", "v@2", [])]

    shelf.put("v2.md", SHORTER, id="v", version="2", start="2026-11-17", audience='["risk"]')
    shelf.sync()
    assert news(database) == [("came", "v@2", [(("every 45 days", "every 30 days"),)])]

    shelf.put("v2.md", LONG, id="v", version="2", start="2026-11-17", audience='["risk"]')
    shelf.sync()
    assert len(news(database)) == 2
    shelf.put("v2.md", LONG, id="v", version="2", start="2026-11-17", audience='["all"]')
    shelf.sync()
    assert news(database) == [("came", "v@2", [])]


def test_words_of_another_policy_go_when_it_is_kept_from_its_successors_readers(shelf, database):
    put_gifts = functools.partial(shelf.put, "gifts.md", RULES, id="gifts", start="2025-01-01",
                                  end="2026-11-17")  # fmt: skip
    put_gifts()
    shelf.put("hosts.md", SHORTER, id="hosts", start="2026-11-17", more='replaces = "gifts@1"')
    shelf.sync()
    assert news(database) == [("came", "hosts@1", [(("every 45 days", "every 30 days"),)])]

    put_gifts(audience='["risk"]')
    shelf.sync()
    assert news(database) == [("came", "hosts@1", [])]


def test_of_two_syncs_at_once_one_wins_and_the_other_says_so(shelf, database, tmp_path):
    shelf.put("visits.md", RULES)
    other = Library(database, tmp_path / "elsewhere")
    with pytest.raises(SyncError, match="another sync finished in the meantime: run it again"):
        shelf.sync(report=lambda *_: other.sync(shelf.folder, NOW))
    other.close()

    assert [version.id for version in shelf.library.versions()] == ["visits@1"]
    assert shelf.sync().unchanged == ("visits.md",)


def test_a_sync_that_dies_changes_nothing(shelf, database):
    shelf.put("visits.md", RULES)
    shelf.sync()
    shelf.put("visits.md", SHORTER)
    shelf.put("zeal.md", RULES)

    def die(path, *_):
        if path == "zeal.md":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf.sync(report=die)
    with database.read() as tx:
        assert [version.id for version in policy_versions(tx)] == ["visits@1"]
    assert "45 days" in shelf.ask("visits 1.1").citations[0].quote


def test_a_file_read_in_another_way_is_the_same_file():
    assert same_file("1:ab", "2:ab")
    assert not same_file("2:ab", "2:cd")
    assert same_file("what an earlier version kept", "2:ab")
