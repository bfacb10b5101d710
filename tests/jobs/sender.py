"""A sender as a process of its own, for the tests that kill one: sender.py URL JOURNAL NOW [FAULT].

With the fault "die" it kills itself, as by kill -9, once the messenger has accepted a message.
"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bank.database import Database
from jobs.delivery import Delivery
from tests.fakes import JournalMessenger


class DyingMessenger(JournalMessenger):
    def send(self, message):
        super().send(message)
        os.kill(os.getpid(), signal.SIGKILL)


def main(url, journal, now, fault=""):
    moment = datetime.fromisoformat(now)
    slack = (DyingMessenger if fault == "die" else JournalMessenger)(lambda: moment, Path(journal))
    delivery = Delivery(Database(url), slack, ZoneInfo("Asia/Shanghai"), lambda: moment)
    delivery.deliver_due()


if __name__ == "__main__":
    main(*sys.argv[1:])
