"""Changes of state written down before experts had tickets survive, and theirs are taken too."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bank.database import Database
from bank.models import StateEvent

STAFF = (
    "INSERT INTO staff (id, name, role, unit_id, slack_user_id, lang, hired_day, left_day)"
    " VALUES ('M001', '云小舟', 'manager', 'U1', NULL, 'zh', 1, 2)"
)
EVENT = (
    "INSERT INTO state_event (id, kind, subject_id, from_state, to_state, actor_id, at, reason)"
    " VALUES ('{id}', '{kind}', 'W1', 'open', 'answered', 'M001', 5, 'called')"
)


@pytest.fixture
def before(empty_url):
    """A database at revision 0003 with one change of state."""
    database = Database(empty_url)
    config = Config()
    config.set_main_option("script_location", "bank:migrations")
    with database.write() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, "0003")
        tx.execute(text("INSERT INTO org_unit (id, name, parent_id) VALUES ('U1', '支行', NULL)"))
        tx.execute(text(STAFF))
        tx.execute(text(EVENT.format(id="E1", kind="warning")))
        command.upgrade(config, "head")
    yield database
    database.close()


def test_changes_of_state_are_kept_and_tickets_have_theirs(before):
    with before.write() as tx:
        tx.execute(text(EVENT.format(id="E2", kind="ticket")))
        tx.execute(text(EVENT.format(id="E3", kind="verified")))

    with before.read() as tx:
        rows = tx.execute(select(StateEvent.id, StateEvent.kind, StateEvent.reason)).all()
    assert sorted(rows) == [
        ("E1", "warning", "called"), ("E2", "ticket", "called"), ("E3", "verified", "called"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{"kind": "lunch"}, {"to_state": "open"}, {"actor_id": "M404"}, {"id": "E1"}]
)
def test_what_was_refused_still_is(before, wrong):
    row = {"id": "E2", "kind": "ticket", "subject_id": "T1", "from_state": "open"}
    row |= {"to_state": "answered", "actor_id": "M001", "at": 5, "reason": ""}

    values = ", ".join(f":{name}" for name in row)
    statement = text(f"INSERT INTO state_event ({', '.join(row)}) VALUES ({values})")

    with pytest.raises(DBAPIError), before.write() as tx:
        tx.execute(statement, row | wrong)
