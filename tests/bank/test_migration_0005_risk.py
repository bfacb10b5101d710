"""Incidents and warnings from before they had evidence and terms survive."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from bank.database import Database
from bank.incidents import find_incident
from bank.models import WarningTerm

STAFF = (
    "INSERT INTO staff (id, name, role, unit_id, slack_user_id, lang, hired_day, left_day)"
    " VALUES ('{id}', 'x', '{role}', 'U1', NULL, 'zh', 1, 2)"
)
INCIDENT = (
    "INSERT INTO incident (id, manager_id, veto, event_day, known_day, state, reported_by,"
    " confirmed_by, summary, policy, decided_day) VALUES"
    " ('I1', 'M001', 'V1', 700000, 700001, 'confirmed', 'R001', 'R002', 'seen', 'kyc 2', 700002)"
)


@pytest.fixture
def before(empty_url):
    """A database at revision 0004 with an incident."""
    database = Database(empty_url)
    config = Config()
    config.set_main_option("script_location", "bank:migrations")
    with database.write() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, "0004")
        tx.execute(text("INSERT INTO org_unit (id, name, parent_id) VALUES ('U1', '支行', NULL)"))
        for staff, role in (("M001", "manager"), ("R001", "risk"), ("R002", "risk")):
            tx.execute(text(STAFF.format(id=staff, role=role)))
        tx.execute(text(INCIDENT))
        command.upgrade(config, "head")
    yield database
    database.close()


def test_an_incident_is_what_it_was_and_its_new_columns_are_empty(before):
    with before.read() as tx:
        found = find_incident(tx, "I1")
        assert tx.execute(select(WarningTerm)).all() == []
    assert (found.state, found.confirmed_by, found.summary) == ("confirmed", "R002", "seen")
    assert (found.code, found.evidence, found.reason) == ("", "", "")
    assert found.decided_on.toordinal() == 700002
