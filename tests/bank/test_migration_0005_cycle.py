"""Appeals and ratings from before there were appraisals survive, and can be decided on."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from bank.audit import Deed
from bank.cycle.appeals import decide_appeal, find_appeal
from bank.cycle.records import appraisals
from bank.database import Database

STAFF = (
    "INSERT INTO staff (id, name, role, unit_id, slack_user_id, lang, hired_day, left_day)"
    " VALUES ('{id}', 'x', '{role}', 'U1', NULL, 'zh', 1, 2)"
)
APPEAL = (
    "INSERT INTO appeal (id, manager_id, period, item, claim, state, raised_day, due_day,"
    " handler_id, decided_day, reason, batch_id) VALUES"
    " ('A1', 'M001', '2026Q2', 'R03', 'on leave', 'open', 739000, 739010, 'H001', NULL, '', NULL)"
)


@pytest.fixture
def before(empty_url):
    """A database at revision 0004 with an appeal, brought up to now."""
    database = Database(empty_url)
    config = Config()
    config.set_main_option("script_location", "bank:migrations")
    with database.write() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, "0004")
        tx.execute(text("INSERT INTO org_unit (id, name, parent_id) VALUES ('U1', '支行', NULL)"))
        for staff, role in (("M001", "manager"), ("H001", "hr")):
            tx.execute(text(STAFF.format(id=staff, role=role)))
        tx.execute(text(APPEAL))
        command.upgrade(config, "head")
    yield database
    database.close()


def test_an_appeal_is_what_it_was_and_can_be_decided(before):
    with before.read() as tx:
        found = find_appeal(tx, "A1")
        assert appraisals(tx) == ()
    assert (found.state, found.claim, found.evidence, found.points) == ("open", "on leave", "", 0)

    decided = replace(found, state="rejected", decided_on=date(2024, 5, 6), reason="logged late")
    deed = Deed("H001", "decide", date(2024, 5, 6), datetime(2024, 5, 6, tzinfo=UTC))
    with before.write() as tx:
        assert decide_appeal(tx, found, decided, deed)
    with before.read() as tx:
        assert find_appeal(tx, "A1") == decided
