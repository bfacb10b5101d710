"""What people write themselves meets the checks of the import, and is signed and dated."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from bank.audit import Deed
from bank.database import Database
from bank.entries import admit
from bank.errors import EntryError
from bank.models import Audit, ImportBatch, Rating, Visit
from bank.ratings import RatingEntry, record_rating
from bank.schema import migrate
from bank.visits import VisitEntry, log_visit
from tests.bank.drops import branch, day, load, write_drop

ON = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 6, 30, tzinfo=UTC)
VISIT = {
    "id": "V9",
    "client_id": "C2",
    "manager_id": "M001",
    "date": "2026-11-16",
    "logged_date": "2026-11-16",
    "kind": "video",
    "note": "Talked about her pension",
}
UNKNOWN = [{"client_id": "C9"}, {"manager_id": "M999"}]
WRONG = [
    {"kind": "letter"},
    {"date": "2026-11-18"},
    {"logged_date": "2026-11-15"},
    {"date": "yesterday"},
    {"note": "x" * 4_001},
    {"note": "a bell \x07"},
    {"id": "V 9"},
    {"id": ""},
]


@pytest.fixture(scope="module")
def bank(databases, tmp_path_factory):
    """The small branch, for all: whatever a test writes is undone."""
    url = databases.copy("migrated", migrate)
    database = Database(url)
    load(database, write_drop(tmp_path_factory.mktemp("bank") / "drop", branch()))
    yield database
    database.close()
    databases.drop(url)


class Undone(Exception):  # noqa: N818 - how a transaction is left without a trace
    pass


@pytest.fixture
def tx(bank):
    with suppress(Undone), bank.write() as writing:
        yield writing
        raise Undone


def all_of(tx, *columns):
    return tx.execute(select(*columns)).all()


def test_an_entry_is_refused_where_the_import_refuses_the_row(bank, tx, tmp_path):
    deed = Deed("M001", "log_visit", date(2026, 11, 16), NOW)
    for n, all_changes in enumerate((UNKNOWN, WRONG)):
        rows = [VISIT | {"id": f"V{at}"} | changes for at, changes in enumerate(all_changes)]
        drop = write_drop(tmp_path / str(n), {"visits": rows}, batch=2)
        refused = {one.line: one for one in load(bank, drop, check_only=True).problems}
        assert len(refused) == len(rows)
        for line, row in enumerate(rows, 2):
            with pytest.raises(EntryError) as error:
                admit(tx, "visits", row, deed)
            assert str(error.value).startswith(f"visits, {refused[line].column}")
            assert refused[line].reason.split(":")[0] in str(error.value)
    assert all_of(tx, Visit.id) == [("V1",)]
    assert all_of(tx, Audit.id) == []


def test_a_visit_is_recorded_once_with_who_and_when(tx):
    entry = VisitEntry("press-1", "C2", "M001", ON, "video", "=Talked about her pension")
    assert log_visit(tx, entry, ON, NOW) is True
    assert log_visit(tx, entry, ON, NOW) is False

    columns = (Visit.day, Visit.logged_day, Visit.note, Visit.batch_id)
    assert all_of(tx, *columns)[-1] == (
        day("2026-11-17"), day("2026-11-17"), "=Talked about her pension", None,
    )  # fmt: skip
    (row,) = all_of(tx, Audit.at, Audit.actor_id, Audit.deed, Audit.subject, Audit.digest)
    assert row[:4] == (NOW, "M001", "log_visit", "visit:press-1")
    assert len(row.digest) == 64


def test_the_log_fingerprints_what_was_written(tx):
    notes = ("agreed a plan", "agreed a plan", "agreed another plan")
    for at, note in enumerate(notes):
        log_visit(tx, VisitEntry(f"press-{at % 2}", "C2", "M001", ON, "onsite", note), ON, NOW)
    log_visit(tx, VisitEntry("press-0", "C2", "M001", ON, "onsite", "and one more"), ON, NOW)

    told = all_of(tx, Audit.subject, Audit.digest)
    assert [subject for subject, _ in told] == ["visit:press-0", "visit:press-1"] + [
        "visit:press-0"
    ] * 2
    assert len({digest for _, digest in told}) == 4


RATING = RatingEntry("M001", "2026Q4", "superior", "L001", 88, "Steady, and asks early")


def test_a_rating_is_given_once_and_may_be_said_again(tx):
    first = record_rating(tx, RATING, ON, NOW)
    assert record_rating(tx, RATING, ON, NOW) == first
    changed = RatingEntry("M001", "2026Q4", "superior", "L001", 91, "After the fair")
    assert record_rating(tx, changed, date(2026, 11, 18), NOW) == first
    other = RatingEntry("M001", "2026", "superior", "L001", 90, "The whole year")
    assert record_rating(tx, other, ON, NOW) != first

    told = all_of(tx, Rating.period, Rating.score, Rating.comment, Rating.day)
    assert ("2026Q4", 91, "After the fair", day("2026-11-18")) in told
    subjects = [subject for (subject,) in all_of(tx, Audit.subject)]
    assert subjects.count(f"rating:{first}") == 2


def test_a_rating_that_came_in_a_drop_is_replaced_not_doubled(tx):
    batch = tx.scalar(select(ImportBatch.id))
    tx.execute(
        insert(Rating).values(
            id="HR-7", manager_id="M001", period="2026Q4", kind="superior", rater_id="L001",
            score=70, comment="", day=day("2026-11-10"), batch_id=batch,
        )
    )  # fmt: skip
    assert record_rating(tx, RATING, ON, NOW) == "HR-7"
    assert all_of(tx, Rating.id, Rating.score, Rating.batch_id)[-1] == ("HR-7", 88, None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rater_id": "M001"}, "ratings, rater_id 'M001': is the same as manager_id"),
        ({"period": "2026Q5"}, "ratings, period '2026Q5': is no period"),
        ({"score": 101}, "ratings, score '101': is outside 0 to 100"),
        ({"manager_id": "M404"}, "ratings, manager_id 'M404': is not known in staff"),
    ],
)
def test_a_rating_that_cannot_be_is_refused(tx, changes, reason):
    values = {name: getattr(RATING, name) for name in RATING.__slots__} | changes
    with pytest.raises(EntryError) as refused:
        record_rating(tx, RatingEntry(**values), ON, NOW)
    assert str(refused.value).startswith(reason)


@pytest.mark.parametrize("change", ["UPDATE audit SET actor_id = 'M002'", "DELETE FROM audit"])
def test_nobody_rewrites_the_log(tx, change):
    log_visit(tx, VisitEntry("press-1", "C2", "M001", ON, "video", "met"), ON, NOW)
    with pytest.raises(DBAPIError, match="audit"):
        tx.execute(text(change))
