"""Another process that tries to write all the time: how long must it wait for an import?

`python -m tests.bench.writer URL` says "ready", tries until its input ends, and then prints its
longest wait and the sum of its waits in seconds as JSON. Nothing it writes stays.
"""

import json
import sqlite3
import sys
import threading
import time

import psycopg
from sqlalchemy.engine import make_url

PAUSE = 0.002
SHORT = 0.05
"""A wait shorter than this is not one: on a busy machine a process may rest that long."""


def main(url: str) -> None:
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    attempt = _sqlite(url) if url.startswith("sqlite") else _postgres(url)
    print("ready", flush=True)
    longest = total = 0.0
    while not stop.is_set():
        began = time.perf_counter()
        while not attempt() and not stop.is_set():
            time.sleep(PAUSE)
        waited = time.perf_counter() - began
        longest = max(longest, waited)
        total += waited if waited > SHORT else 0
        time.sleep(PAUSE)
    print(json.dumps({"longest": longest, "total": total}))


def _sqlite(url: str):
    connection = sqlite3.connect(make_url(url).database, timeout=0, isolation_level=None)

    def attempt() -> bool:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True

    return attempt


def _postgres(url: str):
    """A visit, logged by whoever is there: what Daybook writes while an import runs."""
    connection = psycopg.connect(url)

    def attempt() -> bool:
        connection.execute(
            "INSERT INTO visit (id, client_id, manager_id, day, logged_day, kind, note)"
            " SELECT 'bench', client_id, manager_id, from_day, from_day, 'phone', ''"
            " FROM assignment LIMIT 1"
        )
        connection.rollback()
        return True

    return attempt


if __name__ == "__main__":
    main(sys.argv[1])
