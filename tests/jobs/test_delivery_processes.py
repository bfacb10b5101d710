"""Senders as real processes: killed between accept and record, and several at once."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bank import outbox
from bank.database import Database
from bank.models import Outbox
from bank.outbox import LAST_WORD, OutboxRow
from jobs.delivery import LEASE
from tests.fakes import JournalMessenger
from tests.jobs.sender import DyingMessenger, send_due
from tests.processes import PROCESSES

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
KEYS = [f"answer:{n:02}" for n in range(24)]


@pytest.fixture
def owed(database_url):
    """The URL of a bank that owes KEYS."""
    database = Database(database_url)
    rows = [OutboxRow(key, "M001", "answer", "staff", "blue", {}, NOW) for key in KEYS]
    with database.write() as tx:
        outbox.put(tx, rows)
    database.close()
    return database_url


def start(url, journal, now=NOW, messenger=JournalMessenger):
    process = PROCESSES.Process(target=send_due, args=(url, journal, now, messenger))
    process.start()
    return process


def exit_code(process):
    process.join()
    return process.exitcode


def posted(journal):
    lines = journal.read_text(encoding="utf-8").splitlines()
    return Counter(json.loads(line)["key"] for line in lines)


def states(url):
    database = Database(url)
    with database.read() as tx:
        found = Counter(tx.scalars(select(Outbox.state)))
    database.close()
    return found


def test_senders_killed_between_accept_and_record_repeat_nothing_and_lose_nothing(owed, tmp_path):
    journal = tmp_path / "slack"
    now = NOW
    for deaths in (1, 2):
        dying = start(owed, journal, now, DyingMessenger)
        assert exit_code(dying) == -9
        assert posted(journal).total() == deaths
        now += LEASE
    for moment in (now, now + LAST_WORD):
        assert exit_code(start(owed, journal, moment)) == 0
    assert posted(journal) == Counter(KEYS)
    assert states(owed) == {"sent": 24}


def test_three_senders_at_once_post_each_message_once(owed, tmp_path):
    journal = tmp_path / "slack"
    senders = [start(owed, journal) for _ in range(3)]
    assert [exit_code(sender) for sender in senders] == [0, 0, 0]
    assert posted(journal) == Counter(KEYS)
    assert states(owed) == {"sent": 24}
