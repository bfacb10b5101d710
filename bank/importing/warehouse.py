"""A drop that stands in a warehouse: the contract's files as views behind any SQLAlchemy URL.

`daybook_manifest` says which drop the views show, a row a file; `daybook_<file>` has the file's
columns. Everything is read in one transaction that only reads and sees one state.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    column,
    create_engine,
    event,
    exc,
    inspect,
    select,
    table,
)
from sqlalchemy.engine import make_url

from bank.errors import WarehouseError
from bank.importing.contract import FILES, File
from bank.importing.manifest import Examination, Listed, Manifest
from bank.importing.problems import Problems
from bank.importing.reading import CHUNK, CellReader, Reading
from bank.importing.sources import Reader, Values

PREFIX = "daybook_"
MANIFEST = f"{PREFIX}manifest"
DROP = ("source", "business_date", "batch")
ENTRIES = (*DROP, "file", "rows", "version", "complete", "totals")
LEDGER = "ledger"
"""The `file` of the manifest's row whose totals are the ledger's."""
FETCHED = 20 * CHUNK
"""Rows asked of the warehouse at a time."""
STEADY = ("REPEATABLE READ", "SNAPSHOT", "SERIALIZABLE")
"""Isolation levels under which every query sees the same state; the first one there is."""
CAST = "cast them to text in the view"


@dataclass(frozen=True, slots=True)
class Warehouse:
    """The views of one open transaction."""

    tx: Connection

    def manifest(self, problems: Problems) -> Manifest | None:
        """The drop the views show; there must be exactly one."""
        names = _columns(self.tx, MANIFEST)
        if names is None:
            reason = "is no view of the warehouse: create it as docs/data.md says"
            problems.add(MANIFEST, 0, "", "", reason)
            return None
        missing = [name for name in ENTRIES if name not in names]
        for name in missing:
            problems.add(MANIFEST, 1, name, "", "is missing: add it to the view")
        if missing:
            return None
        rows = [row for chunk in _fetch(self.tx, MANIFEST, ENTRIES) for row in chunk]
        drops = {row[: len(DROP)] for row in rows}
        if len(drops) != 1:
            reason = f"shows {len(drops)} drops: show exactly the one to take in"
            problems.add(MANIFEST, 0, "", "", reason)
            return None
        return Examination(
            MANIFEST,
            {f"{PREFIX}{file.name}": file.name for file in FILES},
            frozenset(file.name for file in FILES if file.known == "changes"),
            "version",
            (r"\S{1,128}", "a text of 1 to 128 characters without spaces"),
            problems,
        ).accept(_content(rows))

    def reader(self, file: File, listed: Listed, business_date: date, problems: Problems) -> Reader:
        """A reader of the file's view."""
        return ViewReader(Reading(file, listed, business_date, problems), self.tx)


@dataclass(slots=True)
class ViewReader(CellReader):
    """Reads a view once, in the order the warehouse gives its rows, and keeps none."""

    tx: Connection

    def _chunks(self) -> Iterator[Iterable[Values]]:
        reading, view = self.reading, self.listed.name
        header = _columns(self.tx, view)
        if header is None:
            reason = f"is no view of the warehouse: create it, or take it out of {MANIFEST}"
            reading.complain(0, "", "", reason)
            return
        if reading.places(header, "add it to the view") is None:
            return
        names = [declared.name for declared in reading.file.columns]
        for rows in _fetch(self.tx, view, names):
            first = reading.rows + 2
            columns: list[Sequence[str]] = []
            for name, values in zip(names, zip(*rows, strict=True), strict=True):
                try:
                    columns.append(_texts(values))
                except TypeError as error:
                    reading.complain(first, name, "", f"holds values of {error}: {CAST}")
                    return
            reading.rows += len(rows)
            yield reading.parse(range(first, first + len(rows)), columns)
        reading.compare()


@contextmanager
def open_warehouse(url: str) -> Iterator[Warehouse]:
    """The warehouse at a SQLAlchemy URL, in a transaction. Raises WarehouseError in one line."""
    engine = _engine(url)
    try:
        with _plain_errors(engine):
            connection = engine.connect()
        with connection:
            with _plain_errors(engine):
                _steady(connection)
                transaction = connection.begin()
            yield Warehouse(connection)
            transaction.rollback()
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        raise WarehouseError(None, "cannot be read: write postgresql://USER@HOST/NAME") from None
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, creator=partial(_open_file, parsed.database or ""))
        event.listen(engine, "begin", _begin)
        return engine
    try:
        return create_engine(parsed)
    except exc.NoSuchModuleError:
        raise WarehouseError(parsed, "there is no such kind of database: check its name") from None
    except ImportError as error:
        reason = f"needs the Python package {error.name}: install it beside Daybook"
        raise WarehouseError(parsed, reason) from None


def _open_file(path: str) -> sqlite3.Connection:
    """A file that is not there is an error, not a new and empty warehouse."""
    return sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, isolation_level=None)


def _begin(connection: Connection) -> None:
    # The driver begins none for a SELECT, and every one would see a state of its own.
    connection.exec_driver_sql("BEGIN")


def _steady(connection: Connection) -> None:
    """Let every query of the transaction see the same state, and let none write."""
    dialect = connection.dialect
    if dialect.name == "sqlite":
        return
    if dialect.name == "postgresql":
        connection.execution_options(postgresql_readonly=True)
    driver = connection.connection.dbapi_connection
    levels = dialect.get_isolation_level_values(driver) if driver else ()
    level = next((level for level in STEADY if level in levels), None)
    if level:
        connection.execution_options(isolation_level=level)


@contextmanager
def _plain_errors(engine: Engine) -> Iterator[None]:
    """Turn what the warehouse says into its first line."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        words = str(error.orig if isinstance(error, exc.DBAPIError) else error).strip()
        reason = (words.splitlines() or [type(error).__name__])[0]
        raise WarehouseError(engine.url, reason) from None


def _columns(tx: Connection, view: str) -> list[str] | None:
    """The names of a view's columns; None without such a view."""
    with _plain_errors(tx.engine):
        try:
            return [found["name"] for found in inspect(tx).get_columns(view)]
        except exc.NoSuchTableError:
            return None


def _fetch(tx: Connection, view: str, names: Sequence[str]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """A view's rows in chunks."""
    query: Select[*tuple[Any, ...]] = select(*(column(name) for name in names)).select_from(
        table(view)
    )
    query = query.execution_options(yield_per=FETCHED)
    with _plain_errors(tx.engine):
        result = tx.execute(query)
    with closing(result):
        chunks = result.partitions(CHUNK)
        while True:
            with _plain_errors(tx.engine):
                rows = next(chunks, None)
            if rows is None:
                return
            yield [tuple(row) for row in rows]


def _content(rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """The manifest's rows as the object a folder's manifest.json holds."""
    entries = [dict(zip(ENTRIES, map(_plain, row), strict=True)) for row in rows]
    content = {name: entries[0][name] for name in DROP}
    files = []
    for entry in entries:
        totals = entry["totals"]
        if isinstance(totals, str):
            totals = _json(totals)
        if entry["file"] == LEDGER:
            content[LEDGER] = totals
            continue
        complete = entry["complete"]
        files.append(
            {
                "name": f"{PREFIX}{entry['file']}",
                "rows": entry["rows"],
                "version": entry["version"],
                "complete": {None: False, 0: False, 1: True}.get(complete, complete),
                "totals": {} if totals is None else totals,
            }
        )
    return {**content, "files": files}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever the driver gives
    """Days and whole numbers in the form JSON has them."""
    if type(value) is date:
        return value.isoformat()
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _decimal(value: Decimal) -> str:
    """A whole number's digits: many warehouses know no other type for large ones."""
    return str(int(value)) if value == value.to_integral_value() else str(value)


TEXTS: Mapping[type, Callable[[Any], str]] = {
    str: str,
    type(None): lambda _: "",
    int: str,
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    Decimal: _decimal,
    dict: lambda value: json.dumps(value, ensure_ascii=False),
}
"""How values stand for a cell's text; every other type might stand for several."""


def _texts(values: Sequence[Any]) -> Sequence[str]:
    """Values as cells; raises TypeError with the name of a type that has no certain text."""
    types = set(map(type, values))
    if types == {str}:
        return values
    for found in types - TEXTS.keys():
        raise TypeError(found.__name__)
    return [TEXTS[type(value)](value) for value in values]
