"""What the bank knew of its rows at the end of a day: the demo's history seen night by night.

A row shows from its last required date on, or from that of the row it refers to. An optional date
that has not come is empty, and what was decided on it is open; but where the bank keeps the first
it hears of a row, the row shows once all its dates have come. All this follows from the contract's
declarations.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bank.demo.rows import Batch, Row
from bank.importing.contract import FILES, File
from bank.importing.kinds import Day

WHOLE = frozenset(("units", "staff", "clients", "assignments", "products", "accounts", "holdings"))
"""Files a night sends as they are; of the others it sends what is new."""
SNAPSHOTS = frozenset(("balances", "holding_units"))
"""Files of changes a night sends as what stands at its end."""
UNDECIDED: Mapping[tuple[str, str], Mapping[str, str | None]] = {
    ("clients", "closed_date"): {"closed_reason": ""},
    ("complaints", "decided_date"): {"state": "pending", "duplicate_of": None},
    ("incidents", "decided_date"): {"state": "reported", "confirmed_by": None},
    ("checks", "recheck_date"): {"recheck_passed": None},
    ("training", "taken_date"): {"score": None},
    ("proposals", "decided_date"): {"state": "submitted"},
    ("credit_files", "returned_date"): {"reason": ""},
}
"""What a row's other columns hold until one of its days has come."""


@dataclass(frozen=True, slots=True)
class Night:
    """A drop of business date `day`; `before` is that of the last one, None for the first."""

    folder: str
    day: date
    before: date | None
    everything: bool = False
    """Whether the day is the last of the history, so that all of it is known."""

    @property
    def since(self) -> date:
        """The business date of the last drop, or the beginning of time."""
        return self.before or date.min


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the bank's books show in sum, in fen."""

    deposits: int = 0
    loans: int = 0

    def plus(self, other: "Ledger") -> "Ledger":
        """Both books as one."""
        return Ledger(self.deposits + other.deposits, self.loans + other.loans)


@dataclass(frozen=True, slots=True)
class _Dates:
    """Where a file's rows hold days that are never in the future, and references."""

    required: tuple[int, ...]
    settled: tuple[int, ...]
    optional: tuple[int, ...]
    referred: bool
    refers: tuple[tuple[int, str], ...]

    @property
    def single(self) -> int | None:
        """The place of the only day, where there is just one and no row refers to these."""
        only = len(self.required) == 1 and not (self.settled or self.optional or self.referred)
        return self.required[0] if only else None


def ledger(batch: Batch, day: date) -> Ledger:
    """The books at the end of a day."""
    loans = 0
    for event in batch.get("loan_events", ()):
        if event.date <= day:
            # What the demo takes back is always a drawdown.
            loans += event.amount_fen if event.kind == "drawdown" else -event.amount_fen
    standing = _standing("balances", batch, day)
    return Ledger(sum(row.amount_fen for row in standing), loans)


def told(batch: Batch, night: Night) -> Batch:
    """The rows of a night's drop. The batch holds every row its own rows refer to."""
    if night.everything:
        return batch
    late: dict[str, dict[str, date]] = {}
    found: dict[str, list[Row]] = {}
    for file in FILES:
        rows = batch.get(file.name)
        if not rows:
            continue
        if night.before and file.name in SNAPSHOTS:
            made, standing = type(rows[0]), _standing(file.name, batch, night.day)
            found[file.name] = [made(row[0], night.day, row[2]) for row in standing]
            continue
        dates = _DATES[file.name]
        if dates.single is not None and not any(late.get(name) for _, name in dates.refers):
            at, since = dates.single, date.min if file.name in WHOLE else night.since
            found[file.name] = [row for row in rows if since < row[at] <= night.day]
        else:
            found[file.name] = list(_told(file, rows, night, late))
    return found


def _told(
    file: File, rows: list[Row], night: Night, late: dict[str, dict[str, date]]
) -> Iterator[Row]:
    """A file's rows as known, and if not all then those that are news.

    `late` collects the rows by id that are not known yet, or only now, with their days.
    """
    dates, day, before = _DATES[file.name], night.day, night.before
    everything = before is None or file.name in WHOLE
    parents = [(at, late[name]) for at, name in dates.refers if late.get(name)]
    mine = late.setdefault(file.name, {})
    for row in rows:
        since = _since(row, dates, parents)
        if since > (before or day):
            mine[row[0]] = since
        if since <= day:
            known, news = _known(file, row, dates.optional, night)
            if everything or news or since > (before or day):
                yield known


def _since(row: Row, dates: _Dates, parents: list[tuple[int, dict[str, date]]]) -> date:
    """The day from which a row is known."""
    since = date.min
    for at in dates.required:
        since = max(since, row[at])
    for at in dates.settled:
        since = max(since, row[at] or since)
    for at, days in parents:
        since = max(since, days.get(row[at], since))
    return since


def _known(file: File, row: Row, optional: tuple[int, ...], night: Night) -> tuple[Row, bool]:
    """A row as known, and whether a day of it has come since the night before."""
    known, news = row, False
    for at in optional:
        if row[at] is None:
            continue
        if row[at] > night.day:
            known = known._replace(**_open(file, at))
        elif night.before and row[at] > night.before:
            news = True
    return known, news


def _open(file: File, at: int) -> Mapping[str, str | None]:
    name = file.columns[at].name
    return {name: None, **UNDECIDED.get((file.name, name), {})}


def _dates_of(file: File) -> _Dates:
    past = [
        (at, column.kind.empty == 0)
        for at, column in enumerate(file.columns)
        if isinstance(column.kind, Day) and not column.kind.future
    ]
    return _Dates(
        required=tuple(at for at, required in past if required),
        settled=tuple(at for at, required in past if not required and file.known == "keep"),
        optional=tuple(at for at, required in past if not required and file.known != "keep"),
        referred=file.name in _REFERRED,
        refers=tuple(
            (at, column.refers) for at, column in enumerate(file.columns) if column.refers
        ),
    )


def _standing(name: str, batch: Batch, day: date) -> list[Row]:
    """The last change up to a day of everything a file of changes is about and that is open."""
    standing: dict[str, Row] = {}
    for row in batch.get(name, ()):
        if row[1] <= day:
            standing[row[0]] = row
    for thing in batch.get(_THINGS[name], ()):
        if thing.closed_date is not None and thing.closed_date <= day:
            standing.pop(thing.id, None)
    return list(standing.values())


_REFERRED = frozenset(column.refers for file in FILES for column in file.columns)
_THINGS = {file.name: file.columns[0].refers or "" for file in FILES if file.name in SNAPSHOTS}
"""The file whose rows a snapshot is about."""
_DATES = {file.name: _dates_of(file) for file in FILES}
