"""A sender to run as a process of its own, for the tests that kill one."""

import os
import signal
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bank.database import Database
from jobs.delivery import Delivery
from tests.fakes import JournalMessenger


class DyingMessenger(JournalMessenger):
    """Kills its own process, as by kill -9, once it has accepted a message."""

    def send(self, message):
        super().send(message)
        os.kill(os.getpid(), signal.SIGKILL)


def send_due(url: str, journal: Path, moment: datetime, messenger: type[JournalMessenger]):
    slack = messenger(lambda: moment, journal)
    database = Database(url)
    Delivery(database, slack, ZoneInfo("Asia/Shanghai"), lambda: moment).deliver_due()
    database.close()
