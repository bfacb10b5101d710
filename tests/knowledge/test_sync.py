"""A folder into the library: what changed, what clashes, what is broken; on both engines."""

import zipfile

import docx
import pytest

from bank.generations import active_generation
from bank.policies import clauses, policy_versions
from knowledge.errors import ReadingError
from knowledge.library import Failure, SyncError
from knowledge.reading.metadata import parse_meta
from knowledge.reading.reader import Limits, Reader
from tests.knowledge.conftest import NOW
from tests.knowledge.test_reading_pdf import page, write_pdf

ONE = "# Test Policy\n\n## 1 Visits\n\n1.1 A premium client is visited every 45 days.\n"
TWO = ONE + "\n1.2 A visit is logged within 3 business days.\n"


def held(shelf, database):
    with database.read() as tx:
        return {clause.id: clause.text for clause in clauses(tx)}


def test_files_are_added_updated_removed_and_left_alone(shelf, database):
    shelf.put("visits.md", ONE)
    shelf.put("nested/loans.md", ONE.replace("premium", "loan"))
    first = shelf.sync()
    assert first.added == ("nested/loans.md", "visits.md")

    shelf.put("visits.md", TWO)
    second = shelf.sync()
    assert (second.updated, second.unchanged) == (("visits.md",), ("nested/loans.md",))

    (shelf.folder / "nested/loans.md").unlink()
    third = shelf.sync()
    assert (third.removed, third.unchanged) == (("nested/loans.md",), ("visits.md",))
    assert held(shelf, database) == {
        "visits@1#1.1": "A premium client is visited every 45 days.",
        "visits@1#1.2": "A visit is logged within 3 business days.",
    }


def test_nothing_new_builds_no_new_generation(shelf, database):
    shelf.put("visits.md", ONE)
    shelf.sync()
    with database.read() as tx:
        before = active_generation(tx)
    report = shelf.sync()
    with database.read() as tx:
        assert active_generation(tx) == before
    assert (report.added, report.unchanged) == ((), ("visits.md",))


def test_a_change_of_front_matter_alone_is_a_change(shelf, database):
    shelf.put("visits.md", ONE, audience='["all"]')
    shelf.sync()
    shelf.put("visits.md", ONE, audience='["risk"]')

    assert shelf.sync().updated == ("visits.md",)
    with database.read() as tx:
        assert [version.audience for version in policy_versions(tx)] == [("risk",)]


def test_progress_is_reported_file_by_file(shelf):
    shelf.put("a.md", ONE)
    shelf.put("b.md", ONE)
    seen = []
    shelf.library.sync(shelf.folder, NOW, lambda *step: seen.append(step))

    assert seen[:2] == [("a.md", 0, 2), ("b.md", 1, 2)]


def test_word_files_take_their_front_matter_from_policy_toml(shelf, database):
    document = docx.Document()
    document.add_paragraph("1.1 A gift is worth at most RMB 200.")
    document.save(shelf.folder / "gifts.docx")
    (shelf.folder / "policy.toml").write_text(
        '["gifts.docx"]\nid = "gifts"\ntitle = "Gifts"\nversion = "1"\nkind = "policy"\n'
        'lang = "en"\nin_force_from = 2026-01-01\naudience = ["all"]\nowner = "Compliance"\n'
        '["absent.docx"]\nid = "absent"\n',
        encoding="utf-8",
    )
    report = shelf.sync()

    assert report.added == ("gifts.docx",)
    assert report.failed == (
        Failure("policy.toml", "lists 'absent.docx', which is not in its folder"),
    )
    assert held(shelf, database) == {"gifts@1#1.1": "A gift is worth at most RMB 200."}


def test_versions_in_force_together_clash_until_the_earlier_one_ends(shelf):
    shelf.put("visits-1.md", ONE, id="visits", version="1", start="2025-01-01")
    shelf.put("visits-2.md", TWO, id="visits", version="2", start="2026-01-01")
    report = shelf.sync()

    assert report.added == ("visits-1.md",)
    assert report.failed[0].path == "visits-2.md"
    assert "set in_force_to of the earlier one" in report.failed[0].reason

    shelf.put("visits-1.md", ONE, id="visits", version="1", start="2025-01-01", end="2026-01-01")
    again = shelf.sync()
    assert (again.updated, again.added, again.failed) == (("visits-1.md",), ("visits-2.md",), ())


def test_the_same_version_twice_is_taken_once(shelf):
    shelf.put("a.md", ONE, id="visits")
    shelf.put("b.md", TWO, id="visits")
    report = shelf.sync()

    assert report.added == ("a.md",)
    assert report.failed == (Failure("b.md", "version 1 of 'visits' is also in a.md"),)


def test_a_moved_file_is_the_same_policy_elsewhere(shelf, database):
    shelf.put("a.md", ONE, id="visits")
    shelf.sync()
    (shelf.folder / "a.md").rename(shelf.folder / "b.md")
    report = shelf.sync()

    assert (report.added, report.removed) == (("b.md",), ("a.md",))
    assert len(held(shelf, database)) == 1


def test_a_file_that_breaks_keeps_what_the_library_held_of_it(shelf):
    shelf.put("visits.md", ONE)
    shelf.put("loans.md", ONE.replace("premium", "loan"))
    shelf.sync()
    (shelf.folder / "visits.md").write_bytes(b"\xff\xfe broken")
    shelf.put("loans.md", TWO.replace("premium", "loan"))
    report = shelf.sync()

    assert [failure.path for failure in report.failed] == ["visits.md"]
    assert report.updated == ("loans.md",)
    assert shelf.ask("visits 1.1").citations[0].policy == "visits"


def broken_files(folder):
    (folder / "empty.md").write_bytes(b"")
    (folder / "empty.docx").write_bytes(b"")
    (folder / "bytes.md").write_bytes(b"+++\nid = 1\n\xff\xff")
    (folder / "bare.md").write_text("# No front matter\n\n1.1 Text.\n", encoding="utf-8")
    (folder / "open.md").write_text('+++\nid = "x"\n', encoding="utf-8")
    (folder / "toml.md").write_text("+++\nid = =\n+++\n1.1 Text.\n", encoding="utf-8")
    (folder / "lacking.md").write_text('+++\nid = "x"\n+++\n1.1 Text.\n', encoding="utf-8")
    (folder / "garbage.pdf").write_bytes(b"this is no PDF at all")
    (folder / "cut.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n")
    (folder / "old.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (folder / "text.docx").write_bytes(b"plain text")
    document = docx.Document()
    document.add_paragraph("1.1 Text.")
    document.save(folder / "whole.docx")
    whole = (folder / "whole.docx").read_bytes()
    (folder / "half.docx").write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile(folder / "other.docx", "w") as archive:
        archive.writestr("hello.txt", "not a Word file")
    with zipfile.ZipFile(folder / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(250_000_000))


REASONS = {
    "empty.md": "the file is empty",
    "empty.docx": "the file is empty",
    "bytes.md": "neither UTF-8 (byte 11) nor GB18030 text",
    "bare.md": "no front matter",
    "open.md": "never ends",
    "toml.md": "not TOML",
    "lacking.md": "front matter lacks title, version",
    "garbage.pdf": "not a PDF",
    "cut.pdf": "not a PDF",
    "old.docx": "save it as .docx, unlocked",
    "text.docx": "not a Word file",
    "half.docx": "cut short or damaged",
    "other.docx": "damaged",
    "bomb.docx": "unpacks to 250,000,000 bytes",
    "whole.docx": "no table for it in policy.toml",
}


def test_broken_files_cost_one_line_each_and_the_rest_still_syncs(shelf):
    broken_files(shelf.folder)
    shelf.put("visits.md", ONE)
    report = shelf.sync()

    assert report.added == ("visits.md",)
    reasons = {failure.path: failure.reason for failure in report.failed}
    assert reasons.keys() == REASONS.keys()
    for path, expected in REASONS.items():
        assert expected in reasons[path]
        assert "\n" not in reasons[path]


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("id", '"Post Loan"', "lower-case letters"),
        ("version", '"2026 / 1"', "letters, digits"),
        ("kind", '"memo"', "give one of policy, product"),
        ("lang", '"fr"', "give one of en, zh"),
        ("in_force_from", '"2026-01-01"', "give a date such as 2026-01-31"),
        ("in_force_from", "2026-01-01T00:00:00Z", "give a date such as 2026-01-31"),
        ("in_force_to", "2025-01-01", "must be after in_force_from"),
        ("audience", '["boss"]', "give a list of all, manager"),
        ("audience", '"all"', "give a list of all, manager"),
        ("owner", '""', "give a text in quotes"),
        ("colour", '"red"', "unknown keys: colour"),
    ],
)
def test_wrong_front_matter_names_the_key_and_what_it_may_hold(key, value, reason):

    keys = {
        "id": '"x"',
        "title": '"X"',
        "version": '"1"',
        "kind": '"policy"',
        "lang": '"en"',
        "in_force_from": "2026-01-01",
        "audience": '["all"]',
        "owner": '"O"',
        key: value,
    }
    with pytest.raises(ReadingError, match=reason):
        parse_meta("\n".join(f"{name} = {held}" for name, held in keys.items()))


def test_a_folder_that_is_not_there_or_empty_changes_nothing(shelf, tmp_path):
    shelf.put("visits.md", ONE)
    shelf.sync()

    with pytest.raises(SyncError, match="is not a folder"):
        shelf.library.sync(tmp_path / "nowhere", NOW)
    (shelf.folder / "visits.md").unlink()
    with pytest.raises(SyncError, match="nothing was changed"):
        shelf.sync()
    assert [version.policy for version in shelf.library.versions()] == ["visits"]


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_read(tmp_path):
    path = write_pdf(tmp_path / "slow.pdf", [page(*["1.1 Word " * 8] * 40)] * 20)
    quick = tmp_path / "quick.md"
    quick.write_text("1.1 Text.", encoding="utf-8")

    with (
        Reader(Limits(wall_seconds=0.05)) as reader,
        pytest.raises(ReadingError, match="too much time"),
    ):
        reader.read(path)
    with Reader(Limits(memory=30_000_000)) as reader, pytest.raises(ReadingError, match="memory"):
        reader.read(path)
    with Reader() as reader:
        assert reader.read(quick).blocks[0].text == "1.1 Text."
