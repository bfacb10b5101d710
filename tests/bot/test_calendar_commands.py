"""The bank's own working days: taken in whole or not at all, kept by migrating, forgotten."""

import pytest
from sqlalchemy import delete, select

from bank.calendar import seed_calendar
from bank.models import Audit, CalendarDay
from tests.bank.drops import day


@pytest.fixture(autouse=True)
def as_it_was(shell):
    """Other tests use the database after this one, and its calendar."""
    yield
    with shell.database.write() as tx:
        tx.execute(delete(CalendarDay))
        seed_calendar(tx)


def write(folder, text, name="days.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def known(shell, year):
    told, code = shell.json("calendar", "show", year)
    assert code == 0
    return {one["day"]: one for one in told["days"]}, told


def test_a_year_as_published(shell):
    days, year = known(shell, 2026)

    # 365 days less 104 weekend days and 19 holidays on weekdays, plus 6 make-up weekend days.
    assert (year["business_days"], year["provisional"]) == (248, False)
    # The exchanges rest on the make-up weekends: 248 less 6.
    assert year["market_days"] == 242
    assert days["2026-10-10"] | {"name": ""} == {
        "day": "2026-10-10", "is_business": True, "market_open": False, "name": "",
        "source": "published", "provisional": False,
    }  # fmt: skip
    shown = shell.run("calendar", "show", 2026).stderr
    assert "2026-10-10" in shown
    assert "2026-11-17" not in shown  # a plain Tuesday
    assert "248 business days" in shown
    assert "provisional" in shell.run("calendar", "show", 2027).stderr


def test_the_banks_own_days_stand_until_they_are_reset(shell, tmp_path):
    # The bank rests on a published make-up Sunday, works a Saturday, and keeps a jubilee.
    own = write(
        tmp_path,
        "\ufeffdate,is_business,name\r\n2026-09-20,FALSE,\r\n2026-11-21,true,年终结算\r\n"
        "2026-11-18,false,行庆\r\n2026-11-19,true,\r\n",
    )

    told, code = shell.json("calendar", "import", own)

    assert (told["committed"], told["days"], code) == (True, 4, 0)
    assert [one["day"] for one in told["changed"]] == ["2026-09-20", "2026-11-21", "2026-11-18"]
    shell.run("migrate")
    days, year = known(shell, 2026)
    assert year["business_days"] == 248 - 1 + 1 - 1
    # Nobody trades on a Saturday, nor when the bank is closed unless the file says so.
    assert [
        (days[one]["is_business"], days[one]["market_open"], days[one]["source"])
        for one in ("2026-09-20", "2026-11-21", "2026-11-18", "2026-11-19", "2026-11-20")
    ] == [
        (False, False, "bank"),
        (True, False, "bank"),
        (False, False, "bank"),
        (True, True, "bank"),
        (True, True, "published"),
    ]

    assert shell.run("calendar", "reset", 2026).exit_code == 0
    assert known(shell, 2026)[1]["business_days"] == 248


def test_days_of_an_unpublished_year_are_kept_and_the_rest_stays_provisional(shell, tmp_path):
    own = write(
        tmp_path,
        "date,is_business,market_open,name\n2027-02-13,true,false,春节调休\n2027-02-15,true,true,\n",
    )
    shell.run("calendar", "import", own)
    with shell.database.write() as tx:  # what an earlier version guessed
        guess = CalendarDay.__table__.update().where(CalendarDay.day == day("2027-03-02"))
        tx.execute(guess.values(is_business=False, name="a guess"))

    shell.run("migrate")

    days, year = known(shell, 2027)
    assert year["provisional"]
    assert (days["2027-02-13"]["source"], days["2027-02-13"]["provisional"]) == ("bank", False)
    assert (days["2027-03-02"]["is_business"], days["2027-03-02"]["provisional"]) == (True, True)
    # Deadlines count the make-up Saturday at once.
    assert days["2027-02-13"]["is_business"]


def test_a_year_nobody_knows_yet_can_be_brought_in_whole(shell, tmp_path):
    lines = ["date,is_business,name", *(f"2028-01-{n:02},true," for n in range(1, 32))]
    assert "knows only 2025-01-01 to 2027-12-31" in shell.refused("calendar", "show", 2028)

    assert shell.run("calendar", "import", write(tmp_path, "\n".join(lines))).exit_code == 0

    days, _ = known(shell, 2028)
    assert len(days) == 31


BROKEN = {
    "no such file": (None, "cannot be read"),
    "nothing in it": ("", "lacks the column date: begin with date,is_business,name"),
    "no days": ("date,is_business,name\n", "has no days"),
    "another column": ("date,is_business,name,open\n", "has a column 'open'"),
    "a column twice": ("date,date,is_business,name\n", "has the column date twice"),
    "GBK": ("date,is_business,name\n2026-11-18,true,行庆\n".encode("gbk"), "is not UTF-8"),
    "a huge file": ("date,is_business,name\n" + "#" * 1_000_001, "is larger than 1,000,000 bytes"),
    "an open quote": ('date,is_business,name\n2026-11-18,true,"', "unexpected end of data"),
    "too few cells": ("date,is_business,name\n2026-11-18,true\n", "line 2: has 2 columns"),
    "another way to write a date": (
        "date,is_business,name\n2026/11/18,true,\n",
        "line 2, date '2026/11/18': is not a date: write it like 2026-11-16",
    ),
    "neither true nor false": (
        "date,is_business,name\n2026-11-18,maybe,\n",
        "is_business 'maybe': is neither true nor false",
    ),
    "a day twice": (
        "date,is_business,name\n2026-11-18,true,\n2026-11-18,false,\n",
        "line 3, date '2026-11-18': is there twice",
    ),
    "a gap": (
        "date,is_business,name\n2028-01-02,true,\n",
        "nothing would be known of the days between 2027-12-31 and 2028-01-02",
    ),
}


def test_a_calendar_with_something_wrong_changes_nothing(shell, tmp_path):
    for case, (text, reason) in BROKEN.items():
        path = tmp_path / "none.csv" if text is None else write(tmp_path, text)

        ran = shell.run("calendar", "import", path)

        assert (ran.exit_code, ran.stdout) == (1, ""), case
        assert reason in ran.stderr, case
        assert "nothing was taken in" in ran.stderr, case
    with shell.database.read() as tx:
        own = select(CalendarDay.day).where(CalendarDay.source == "bank")
        assert tx.execute(own).all() == []
        last = select(CalendarDay.day).order_by(CalendarDay.day.desc()).limit(1)
        assert tx.scalar(last) == day("2027-12-31")


def test_whatever_changes_the_calendar_is_in_the_audit_log(shell, tmp_path):
    file = write(tmp_path, "date,is_business,name\n2026-11-18,false,停业\n2026-11-19,true,\n")
    for command in (("import", file), ("import", file), ("reset", 2026), ("reset", 2026)):
        assert shell.run("calendar", *command).exit_code == 0

    with shell.database.read() as tx:
        deeds = tx.execute(select(Audit.actor_id, Audit.deed, Audit.subject).order_by(Audit.id))
        # What was as it is already changes nothing, and a plain Thursday is one.
        assert [tuple(row) for row in deeds][1:] == [
            ("operator", "import_calendar", "calendar:2026-11-18..2026-11-18"),
            ("operator", "reset_calendar", "calendar:2026-11-18..2026-11-19"),
        ]
    assert shell.run("audit", "verify").exit_code == 0
