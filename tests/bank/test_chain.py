"""The audit log as a chain: whatever somebody does to it without the key comes to light."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bank.audit import AnswerEntry, Deed, ShownClause, record_answer, record_deed
from bank.chain import begin_chain, check_chain, find_head, links, restart_chain, select_links
from bank.chain_check import Fault, check_log
from bank.database import Database
from bank.errors import AuditBrokenError, AuditKeyError
from bank.models import Audit
from bank.questions import QuestionRecord, record_question
from bank.schema import migrate
from bank.seals import AuditKeys, fingerprint, plain_digest
from tests.bank.appender import KEYS, NOW, ON, append_some
from tests.bot.branch import found
from tests.processes import PROCESSES

OTHER = "another-key-which-is-long-enough-to-be-one"
EARLY, ROWS = 3, 12
"""Rows from before the chain; rows in all, the one that began it included."""
ANSWER = AnswerEntry(
    "Q1", NOW, ON, "M001", "张三的卡 6222 能提额吗", "zh", "answered", "", "extractive", 12,
    (ShownClause("cards", "2026", "第三条", "额度应当按季复核。"),),
)  # fmt: skip


class Undone(Exception):  # noqa: N818 - how a transaction is left without a trace
    pass


def deed(tx, n):
    record_deed(tx, Deed(f"M{n:03}", "test", ON, NOW + timedelta(hours=n)), f"thing:{n}", {"n": n})


def fill(url):
    """A few rows from before the chain, and then some that are sealed."""
    database = Database(url)
    with database.write() as tx:
        for n in range(EARLY):
            deed(tx, n)
    database.close()
    database = Database(url, KEYS)
    with database.write() as tx:
        for n in range(EARLY, ROWS - 1):
            deed(tx, n)
    database.close()


@pytest.fixture
def sealed(database_url):
    opened = Database(database_url, KEYS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def filled_bank(databases):
    """One log for all laws: what they do to it is undone."""
    url = databases.copy("migrated", migrate)
    fill(url)
    opened = Database(url, KEYS)
    yield opened
    opened.close()
    databases.drop(url)


@contextmanager
def as_owner(database):
    """A transaction of somebody who owns the database, but not the key; undone in the end."""
    with suppress(Undone), database.write() as tx:
        if tx.dialect.name == "sqlite":
            tx.execute(text("DROP TRIGGER audit_refuses_update"))
            tx.execute(text("DROP TRIGGER audit_refuses_delete"))
        else:
            tx.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_refuses_change"))
        yield tx
        raise Undone


def fault_of(tx, keys=KEYS, noted=()):
    return check_log(tx, keys, dict(noted), lambda _: None).fault


def address(database):
    return database.engine.url.render_as_string(hide_password=False)


def rows_of(tx):
    return list(links(tx, select_links().order_by(Audit.id)))


def test_rows_follow_each_other_and_what_came_before_is_sealed_as_such(filled_bank):
    with filled_bank.read() as tx:
        walk = check_log(tx, KEYS, {}, lambda _: None)
        begun = rows_of(tx)[EARLY]

    assert (walk.rows, walk.first, walk.last, walk.early) == (ROWS, 1, ROWS, EARLY)
    assert walk.fault is None
    assert (begun.deed, json.loads(begun.detail)["rows"]) == ("audit.begin", EARLY)


COLUMNS = ("at", "actor_id", "deed", "subject", "digest", "detail", "key_name", "seal")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=st.integers(1, ROWS), column=st.sampled_from(COLUMNS), sign=st.sampled_from("xyZ"))
def test_a_changed_field_comes_to_light_at_its_row(filled_bank, row, column, sign):
    new = "at + 1" if column == "at" else f"'{sign}' || substr({column}, 2)"
    with as_owner(filled_bank) as tx:
        tx.execute(text(f"UPDATE audit SET {column} = {new} WHERE id = {row}"))

        # What was written before the chain is sealed by the row that began it.
        at = row if row > EARLY or column == "seal" else EARLY + 1
        assert fault_of(tx).row == at


@settings(max_examples=15)
@given(row=st.integers(1, ROWS), count=st.integers(1, ROWS))
def test_rows_taken_out_come_to_light(filled_bank, row, count):
    with as_owner(filled_bank) as tx:
        tx.execute(text(f"DELETE FROM audit WHERE id >= {row} AND id < {row + count}"))

        assert fault_of(tx) is not None


@settings(max_examples=15)
@given(pair=st.lists(st.integers(EARLY + 2, ROWS), min_size=2, max_size=2, unique=True))
def test_rows_in_another_order_come_to_light_at_the_first(filled_bank, pair):
    one, other = pair
    with as_owner(filled_bank) as tx:
        for old, new in ((one, 1000), (other, one), (1000, other)):
            tx.execute(text(f"UPDATE audit SET id = {new} WHERE id = {old}"))

        assert fault_of(tx) == Fault(min(pair), "changed")


@settings(max_examples=15)
@given(row=st.integers(1, ROWS), after=st.booleans())
def test_a_row_put_in_comes_to_light(filled_bank, row, after):
    """A copy of another row, at the end or in the place of one."""
    names = ", ".join(COLUMNS)
    with as_owner(filled_bank) as tx:
        at = ROWS + 1 if after else row
        if not after:
            tx.execute(text(f"DELETE FROM audit WHERE id = {row}"))
        copied = 1 + row % ROWS
        tx.execute(
            text(f"INSERT INTO audit (id, {names}) SELECT {at}, {names} FROM audit WHERE id = :id"),
            {"id": copied},
        )

        assert fault_of(tx) is not None


@settings(max_examples=10)
@given(kept=st.integers(EARLY + 1, ROWS - 1), back=st.booleans())
def test_a_log_cut_short_comes_to_light_even_when_its_head_is_put_back(filled_bank, kept, back):
    with as_owner(filled_bank) as tx:
        tx.execute(text(f"DELETE FROM audit WHERE id > {kept}"))
        if back:
            last = rows_of(tx)[-1].seal
            tx.execute(text("UPDATE audit_head SET row_id = :n, last = :s"), {"n": kept, "s": last})
            assert fault_of(tx) == Fault(0, "head")
            with pytest.raises(AuditBrokenError, match="audit verify"):
                deed(tx, 1)
        else:
            assert fault_of(tx) == Fault(kept + 1, "cut", ROWS)


def test_without_its_head_nothing_is_added_and_a_check_says_so(filled_bank):
    with as_owner(filled_bank) as tx:
        tx.execute(text("DELETE FROM audit_head"))

        assert fault_of(tx) == Fault(0, "no_head")
        with pytest.raises(AuditBrokenError, match="gone"):
            deed(tx, 1)


def test_a_log_written_anew_with_the_key_is_not_what_was_noted_outside(filled_bank):
    with filled_bank.read() as tx:
        noted = {row.id: row.seal for row in rows_of(tx)[-1:]}

    with as_owner(filled_bank) as tx:
        tx.execute(text("DELETE FROM audit"))
        tx.execute(text("DELETE FROM audit_head"))
        for n in range(ROWS + 3):
            deed(tx, n)
        assert fault_of(tx) is None
        assert fault_of(tx, noted=noted) == Fault(ROWS, "rewritten")

    with as_owner(filled_bank) as tx:
        tx.execute(text("DELETE FROM audit"))
        tx.execute(text("DELETE FROM audit_head"))
        deed(tx, 1)
        assert fault_of(tx, noted=noted) == Fault(3, "cut_as_noted", ROWS)


@pytest.mark.parametrize("change", ["UPDATE audit SET deed = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_changes(filled_bank, change):
    with pytest.raises(DBAPIError, match="never changed"), filled_bank.write() as tx:
        tx.execute(text(change))


def test_an_answer_is_there_with_its_clauses_and_none_of_its_words(sealed):
    with sealed.write() as tx:
        record_answer(tx, ANSWER)
        row = rows_of(tx)[-1]

    assert (row.actor_id, row.deed, row.subject) == ("M001", "ask", "question:Q1")
    told = json.loads(row.detail)
    assert told["clauses"][0][:3] == ["cards", "2026", "第三条"]
    assert (told["status"], told["mode"], told["took_ms"]) == ("answered", "extractive", 12)
    assert "张三" not in str(row)
    assert "6222" not in str(row)


def test_the_digest_of_a_question_cannot_be_guessed_without_the_key(sealed):
    with sealed.write() as tx:
        record_answer(tx, ANSWER)
        row = rows_of(tx)[-1]

    assert row.digest == fingerprint(KEYS.current, ANSWER.question)
    assert row.digest != fingerprint(AuditKeys.parse(OTHER).current, ANSWER.question)
    assert row.digest != plain_digest(ANSWER.question)


def test_a_question_whose_words_were_changed_afterwards_comes_to_light(sealed):
    found(sealed)
    with sealed.write() as tx:
        asked = QuestionRecord("Q1", NOW, "M001", "", ANSWER.question, "zh", "answered", ())
        record_question(tx, asked)
        record_answer(tx, ANSWER)
        assert fault_of(tx) is None

        tx.execute(text("UPDATE question SET text = 'May I lend it to myself?'"))
        assert fault_of(tx) == Fault(2, "words")

        # Words that were kept long enough go, and the digest stays.
        tx.execute(text("UPDATE question SET text = ''"))
        assert fault_of(tx) is None


def test_whoever_has_another_key_is_told_so_and_adds_nothing(sealed):
    with sealed.write() as tx:
        deed(tx, 1)
    stranger = Database(address(sealed), AuditKeys.parse(OTHER))

    with stranger.read() as tx:
        assert fault_of(tx, AuditKeys.parse(OTHER)) == Fault(1, "lost_key", name=KEYS.current_name)
        with pytest.raises(AuditKeyError, match="none of those here"):
            check_chain(tx)
    with pytest.raises(AuditKeyError, match="DAYBOOK_AUDIT_KEY"), stranger.write() as tx:
        deed(tx, 2)
    stranger.close()


def test_whoever_has_none_adds_nothing_once_the_log_is_sealed(sealed, database):
    with database.write() as tx:
        deed(tx, 1)
    with sealed.write() as tx:
        begin_chain(tx, NOW)

    with pytest.raises(AuditKeyError, match="its key is not here"), database.write() as tx:
        deed(tx, 2)


def test_a_key_is_changed_by_putting_a_new_one_before_it(sealed):
    both = AuditKeys((OTHER.encode(), *KEYS.keys))
    renewed = Database(address(sealed), both)
    with sealed.write() as tx:
        deed(tx, 1)
    with renewed.write() as tx:
        deed(tx, 2)
        names = [row.key_name for row in rows_of(tx)]
        assert fault_of(tx, both) is None
        assert fault_of(tx, KEYS) == Fault(3, "lost_key", name=both.current_name)

    assert names == [KEYS.current_name, KEYS.current_name, both.current_name]
    renewed.close()


def test_with_a_lost_key_the_log_goes_on_and_always_says_so(sealed):
    new = AuditKeys.parse(OTHER)
    later = Database(address(sealed), new)
    with sealed.write() as tx:
        deed(tx, 1)
    with later.write() as tx:
        assert restart_chain(tx, NOW, "O001") == 3
        deed(tx, 2)
        walk = check_log(tx, new, {}, lambda _: None)

    assert (walk.fault, walk.unchecked, walk.restarts) == (None, 2, [3])
    later.close()


def test_eight_threads_leave_an_unbroken_chain(sealed):
    def some(name):
        for n in range(5):
            with sealed.write() as tx:
                record_deed(tx, Deed(name, "test", ON, NOW), f"thing:{n}", {"n": n})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(some, [f"T{n}" for n in range(8)]))

    with sealed.read() as tx:
        assert fault_of(tx) is None
        assert tx.scalar(select(Audit.id).order_by(Audit.id.desc())) == 41  # 8 × 5, and the first
        assert find_head(tx).row_id == 41


def test_three_processes_leave_an_unbroken_chain(sealed, database_url):
    started = [
        PROCESSES.Process(target=append_some, args=(database_url, f"P{n}", 10)) for n in range(3)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()

    assert [process.exitcode for process in started] == [0, 0, 0]
    with sealed.read() as tx:
        assert fault_of(tx) is None
        assert find_head(tx).row_id == 31
