"""The audit log as files: checked without the database, and what is in one may leave it."""

import json
from contextlib import closing, contextmanager, suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bank.audit import Deed, record_deed
from bank.chain_check import Fault, check_log
from bank.chain_export import check_file, export_log, remove_old
from bank.database import Database
from bank.errors import AuditFileError, DatabaseError
from bank.seals import AuditKeys
from tests.bank.appender import KEYS, NOW, ON

COMPLIANCE = Deed("C001", "remove_audit", ON, NOW)
DAY = timedelta(days=1)


def quiet(done):
    del done


@pytest.fixture
def log(database, database_url):
    """Two rows from before the chain, the one that began it, and six more, a day apart."""
    opened = Database(database_url, KEYS)
    for n in range(8):
        with (database if n < 2 else opened).write() as tx:
            record_deed(tx, Deed("M001", "test", ON, NOW + n * DAY), f"thing:{n}", {"n": n})
    yield opened
    opened.close()


def checked(log):
    with log.read() as tx:
        return check_log(tx, KEYS, {}, quiet)


def exported(log, path, since=None, until=None):
    with log.read() as tx:
        return export_log(tx, path, since, until, quiet)


def test_a_file_holds_the_whole_log_and_can_be_checked_without_it(log, tmp_path):
    path = tmp_path / "audit.jsonl"

    done = exported(log, path)

    assert (done.rows, done.first, done.last) == (9, 1, 9)
    walk = check_file(path, KEYS, quiet)
    assert (walk.fault, walk.rows, walk.early) == (None, 9, 2)
    assert path.stat().st_mode & 0o777 == 0o600
    row = json.loads(path.read_text().splitlines()[4])
    assert row.items() >= {"id": 4, "at": "2026-11-19T06:30:00+00:00", "subject": "thing:2"}.items()


@pytest.mark.parametrize(
    ("since", "until", "rows"),
    [(None, 5, (1, 6)), (4, None, (6, 9)), (3, 6, (5, 7)), (0, 1, (1, 1)), (20, None, (0, 0))],
)
def test_so_does_a_stretch_of_it(log, tmp_path, since, until, rows):
    """Row 3 began the chain on day 2, so day n is row n + 2; days 0 and 1 are rows 1 and 2."""
    moments = [None if day is None else NOW + day * DAY for day in (since, until)]

    done = exported(log, tmp_path / "part.jsonl", *moments)

    assert (done.first, done.last) == rows
    assert check_file(tmp_path / "part.jsonl", KEYS, quiet).fault is None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.integers(0, 10), how=st.sampled_from(["out", "twice", "changed", "swapped"]))
def test_whatever_is_done_to_a_file_comes_to_light(log, tmp_path, line, how):
    path, spoilt = tmp_path / "audit.jsonl", tmp_path / "spoilt.jsonl"
    if not path.exists():
        exported(log, path)
    lines = path.read_text().splitlines()
    if how == "out":
        del lines[line]
    elif how == "twice":
        lines.insert(line, lines[line])
    elif how == "changed":
        at = lines[line].index("6" if "6" in lines[line] else "1")
        lines[line] = lines[line][:at] + "7" + lines[line][at + 1 :]
    else:
        lines[line - 1], lines[line] = lines[line], lines[line - 1]
    spoilt.write_text("\n".join(lines) + "\n")

    with suppress(AuditFileError):  # it is no such file any more
        assert check_file(spoilt, KEYS, quiet).fault is not None


def test_somebody_without_the_key_can_make_no_such_file(log, tmp_path):
    exported(log, tmp_path / "audit.jsonl")
    other = AuditKeys.parse("another-key-which-is-long-enough-to-be-one")

    fault = check_file(tmp_path / "audit.jsonl", other, quiet).fault

    assert fault == Fault(3, "lost_key", name=KEYS.current_name)


def test_a_file_that_is_there_is_never_written_over(log, tmp_path):
    (tmp_path / "audit.jsonl").write_text("mine")

    with pytest.raises(AuditFileError, match="cannot be made"):
        exported(log, tmp_path / "audit.jsonl")

    assert (tmp_path / "audit.jsonl").read_text() == "mine"


@pytest.mark.parametrize("content", ["", "{}\n", "not json\n", '{"daybook_audit":1}\n'])
def test_another_file_is_no_audit_log(tmp_path, content):
    path = tmp_path / "other.jsonl"
    path.write_text(content)

    with pytest.raises(AuditFileError, match=r"other\.jsonl"):
        check_file(path, KEYS, quiet)


def test_rows_leave_once_they_are_in_a_file_and_accounted_for(log, tmp_path):
    first = remove_old(log, tmp_path / "1.jsonl", NOW + 4 * DAY, COMPLIANCE, quiet)
    second = remove_old(log, tmp_path / "2.jsonl", NOW + 6 * DAY, COMPLIANCE, quiet)

    assert (first.first, first.last, second.first, second.last) == (1, 5, 6, 7)
    walk = checked(log)
    # Rows 8 and 9, and one each that accounts for a removal.
    assert (walk.fault, walk.first, walk.last, walk.rows) == (None, 8, 11, 4)
    for name in ("1", "2"):
        assert check_file(tmp_path / f"{name}.jsonl", KEYS, quiet).fault is None


def test_nothing_leaves_that_is_not_accounted_for(log, tmp_path):
    remove_old(log, tmp_path / "1.jsonl", NOW + 4 * DAY, COMPLIANCE, quiet)

    with pytest.raises(DBAPIError, match="never changed"), log.write() as tx:
        tx.execute(text("DELETE FROM audit WHERE id = 6"))

    with log.write() as tx:
        # An owner takes the bound away, and one row more.
        tx.execute(text("UPDATE audit_head SET sealed_to = 6"))
        tx.execute(text("DELETE FROM audit WHERE id = 6"))
    assert checked(log).fault == Fault(7, "no_beginning")


class Deaf(Database):
    """A database whose server commits, and dies before it can say so."""

    @contextmanager
    def write(self):
        with super().write() as tx:
            yield tx
        raise DatabaseError("bank", "the connection is gone")


def test_the_file_stays_where_the_rows_may_be_gone(log, database_url, tmp_path):
    path = tmp_path / "1.jsonl"
    deaf = Deaf(database_url, KEYS)
    with closing(deaf), pytest.raises(DatabaseError):
        remove_old(deaf, path, NOW + 4 * DAY, COMPLIANCE, quiet)

    assert checked(log).first == 6
    walk = check_file(path, KEYS, quiet)
    assert (walk.fault, walk.first, walk.last) == (None, 1, 5)


def test_where_nothing_is_old_enough_nothing_is_written(log, tmp_path):
    for until in (NOW, NOW + DAY):  # none at all; rows from before the chain alone
        assert remove_old(log, tmp_path / "1.jsonl", until, COMPLIANCE, quiet) is None

    assert list(tmp_path.glob("*.jsonl")) == []
    assert checked(log).rows == 9
