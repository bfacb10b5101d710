"""Migrations: equal to the models, all or nothing, safe to run at once, and clear when off."""

from collections.abc import Iterator
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, inspect, select, text

from bank.database import Database
from bank.errors import DatabaseError, DatabaseUrlError, SchemaError
from bank.models import Base, CalendarDay
from bank.schema import check, migrate

HEAD = "0005"


@pytest.fixture
def database_url(databases) -> Iterator[str]:
    """One that no other test uses again: these change schema and calendar."""
    url = databases.copy("altered", migrate)
    yield url
    databases.drop(url)


@pytest.fixture
def empty(empty_url) -> Iterator[Database]:
    opened = Database(empty_url)
    yield opened
    opened.close()


def tables(database: Database) -> set[str]:
    with database.read() as tx:
        return set(inspect(tx).get_table_names())


def checks(database: Database) -> dict[str, list[str]]:
    with database.read() as tx:
        return {
            name: sorted(str(found) for found in inspect(tx).get_check_constraints(name))
            for name in Base.metadata.tables
        }


def keys(database: Database) -> dict[str, object]:
    with database.read() as tx:
        return {name: inspect(tx).get_pk_constraint(name) for name in Base.metadata.tables}


def without_rowid(database: Database) -> set[str]:
    """SQLite's tables that are stored in the order of their key."""
    if database.engine.dialect.name != "sqlite":
        return set()
    query = "SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'"
    with database.read() as tx:
        return set(tx.scalars(text(query)))


def other_default(context, found, column, found_default, column_default, rendered) -> bool | None:
    """JSON has no equality on PostgreSQL, so its defaults are compared as they are written."""
    if not isinstance(column.type, JSON):
        return None
    return (found_default or "").split("::")[0] != rendered


def test_migrations_build_exactly_what_the_models_say(database, empty):
    with database.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_server_default": other_default})
        assert compare_metadata(context, Base.metadata) == []
    with empty.write() as tx:
        Base.metadata.create_all(tx)
    for seen in (checks, keys, without_rowid):
        assert seen(database) == seen(empty)


def test_migrating_says_where_from_and_where_to(empty):
    assert migrate(empty) == (None, HEAD)
    assert migrate(empty) == (HEAD, HEAD)


def test_a_migrated_database_passes_the_check(database):
    check(database)


def test_an_empty_database_is_told_to_migrate(empty):
    with pytest.raises(
        SchemaError, match=f"is empty; this version needs {HEAD}: run daybook migrate"
    ):
        check(empty)


def test_a_newer_database_is_neither_used_nor_migrated(database):
    with database.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (check, migrate):
        with pytest.raises(SchemaError, match="'9999', made by a newer version"):
            attempt(database)


def test_a_migration_that_fails_leaves_nothing_behind(empty):
    with empty.write() as tx:
        tx.execute(text("CREATE TABLE question (id INTEGER)"))
    with pytest.raises(Exception, match=r"question.*already exists"):
        migrate(empty)
    assert tables(empty) == {"question"}


def test_processes_that_migrate_at_once_take_turns(empty_url):
    results = []

    def run() -> None:
        database = Database(empty_url)
        results.append(migrate(database))
        database.close()

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == [(HEAD, HEAD), (HEAD, HEAD), (None, HEAD)]


def test_migrating_again_keeps_what_the_bank_changed_in_its_calendar(database):
    with database.write() as tx:
        tx.execute(
            CalendarDay.__table__.update()
            .where(CalendarDay.name == "国庆节")
            .values(is_business=True, name="值班")
        )
    migrate(database)
    with database.read() as tx:
        names = set(tx.scalars(select(CalendarDay.name).where(~CalendarDay.provisional)))
    assert "值班" in names
    assert "国庆节" not in names


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "notes.db"
    path.write_text("not a database at all, only some text that is long enough")
    with pytest.raises(DatabaseError, match=r"notes\.db: file is not a database"):
        check(Database(f"sqlite:///{path}"))


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(DatabaseError, match=r"absent/bank\.db: unable to open database file"):
        check(Database(f"sqlite:///{tmp_path}/absent/bank.db"))


def test_a_server_that_is_down_is_named_without_the_password(tmp_path):
    database = Database(f"postgresql://ann:hush@/bank?host={tmp_path}")
    with pytest.raises(DatabaseError, match="connection") as caught:
        check(database)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("url", ["bank.db", "mysql://root@localhost/bank", ""])
def test_a_url_of_another_engine_is_refused(url):
    with pytest.raises(DatabaseUrlError, match="give sqlite:///FILE or postgresql://"):
        Database(url)
