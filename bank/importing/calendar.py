"""Taking in the bank's own calendar: a CSV file of days, all of it or nothing."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from bank.audit import Deed
from bank.calendar import SATURDAY, KnownDay, known_days, record_calendar, write_days
from bank.database import Database
from bank.errors import CalendarGapError
from bank.importing.kinds import Day, Flag, Kind, Text
from bank.importing.problems import Problem, Problems

KINDS: dict[str, Kind] = {
    "date": Day(future=True),
    "is_business": Flag(),
    "market_open": Flag(),
    "name": Text(optional=True),
}
PARSERS = {name: kind.parser(date.max) for name, kind in KINDS.items()}
OPTIONAL = "market_open"
LARGEST = 1_000_000
"""Bytes: room for some sixty years of days."""


@dataclass(frozen=True, slots=True)
class CalendarReport:
    """What became of a calendar file: its days, and those of them that were otherwise before.

    Nothing was written when there are `problems`, the first thousand of `problem_count`.
    """

    days: tuple[KnownDay, ...]
    changed: tuple[KnownDay, ...]
    problems: tuple[Problem, ...]
    problem_count: int


def import_calendar(db: Database, path: Path, deed: Deed) -> CalendarReport:
    """Take in a file with a header of date, is_business, name and, where wanted, market_open.

    Without market_open the markets are open on every weekday the bank works. The days that were
    otherwise before are written down as the deed's.
    """
    problems = Problems()
    days = tuple(_read(path, problems))
    changed: tuple[KnownDay, ...] = ()
    if not problems.count:
        try:
            with db.write() as tx:
                before = known_days(tx, (day.day for day in days))
                changed = tuple(day for day in days if _differs(day, before.get(day.day)))
                write_days(tx, days)
                if changed:
                    record_calendar(tx, deed, changed)
        except CalendarGapError as gap:
            problems.add(path.name, 0, "", "", str(gap))
    kept = tuple(problems.kept)
    return CalendarReport(days, () if kept else changed, kept, problems.count)


def _differs(day: KnownDay, before: KnownDay | None) -> bool:
    return before is None or (day.is_business, day.market_open) != (
        before.is_business,
        before.market_open,
    )


def _read(path: Path, problems: Problems) -> Iterator[KnownDay]:
    """The days without a problem; what is wrong with the others, or with the file, is noted."""
    whole = partial(problems.add, path.name, column="", value="")
    try:
        records = csv.reader(_text(path).splitlines(), strict=True)
        header = next(records, [])
        for reason in _faults(header):
            whole(line=1, reason=reason)
        if not problems.count:
            yield from _days(records, header, path.name, problems)
    except OSError as error:
        whole(line=0, reason=f"cannot be read ({error.strerror})")
    except (ValueError, csv.Error) as error:
        whole(line=0, reason=str(error))


def _text(path: Path) -> str:
    """The file's text; ValueError says what to do about a file that is none."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError(f"is larger than {LARGEST:,} bytes: a calendar has one line a day")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8: save it as CSV UTF-8") from None


def _faults(header: Sequence[str]) -> Iterator[str]:
    for name in KINDS:
        if header.count(name) > 1:
            yield f"has the column {name} twice: take one away"
        elif name not in header and name != OPTIONAL:
            yield f"lacks the column {name}: begin with date,is_business,name"
    for name in header:
        if name not in KINDS:
            yield f"has a column {name!r} that a calendar has not: take it away"


def _days(
    records: Iterator[list[str]], header: Sequence[str], file: str, problems: Problems
) -> Iterator[KnownDay]:
    seen: set[date] = set()
    for line, cells in enumerate(records, 2):
        if len(cells) != len(header):
            reason = f"has {len(cells)} columns instead of {len(header)}"
            problems.add(file, line, "", "", reason)
            continue
        row = {name: _clean(name, cell) for name, cell in zip(header, cells, strict=True)}
        wrong = dict(_refused(row))
        for name, reason in wrong.items():
            problems.add(file, line, name, row[name], reason)
        if wrong:
            continue
        found = _day(row)
        if found.day in seen:
            problems.add(file, line, "date", row["date"], "is there twice: keep one line of a day")
        seen.add(found.day)
        yield found
    if not seen and not problems.count:
        problems.add(file, 0, "", "", "has no days: give a line for each day the bank decides")


def _refused(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in row.items():
        try:
            PARSERS[name](text)
        except ValueError as error:
            yield name, str(error)


def _clean(name: str, cell: str) -> str:
    """A cell as it was meant: spreadsheets write TRUE and FALSE in capitals."""
    return cell.strip().lower() if isinstance(KINDS[name], Flag) else cell.strip()


def _day(row: dict[str, str]) -> KnownDay:
    day = date.fromisoformat(row["date"])
    works = row["is_business"] == "true"
    trades = row[OPTIONAL] == "true" if OPTIONAL in row else works and day.weekday() < SATURDAY
    return KnownDay(day, works, trades, row["name"], "bank", provisional=False)
