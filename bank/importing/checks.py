"""What the rows of a drop say together, and together with the bank: keys, references, shares.

Every check is one query over temporary tables, whatever their size. Rows the bank has already
were checked when they came: where it can, a check looks only at what is new.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    and_,
    cast,
    exists,
    func,
    null,
    or_,
    select,
    union_all,
)

from bank.database import Transaction
from bank.days import number
from bank.importing.contract import File
from bank.importing.loading import (
    FILE,
    Delta,
    Deltas,
    differ,
    keys_of,
    same_key,
    standing,
    table_of,
)
from bank.importing.manifest import Manifest
from bank.importing.problems import Problems
from bank.importing.quoting import written
from bank.importing.staging import Stage, Stages, is_empty
from bank.models import OrgUnit, RiskWarning

WHOLE = 100
"""Percent."""

Found = Select[*tuple[Any, ...]]
"""A query for the line and the cell's value of each problem."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A query for rows with a problem, and how to tell it: at which column, for which reason."""

    column: str
    found: Found
    reason: str


def check_keys(tx: Transaction, stages: Stages, manifest: Manifest, problems: Problems) -> None:
    """Note rows whose key an earlier row of the file has."""
    for name, stage in stages.items():
        if not stage.ascending:
            keys = [stage.rows.c[key] for key in keys_of(stage.file)]
            reason = "is there twice: keep one row of a key"
            finding = Finding(", ".join(stage.file.key), _repeated(stage.rows, keys), reason)
            _note(tx, manifest, problems, name, [finding])


def check_rows(
    tx: Transaction, stages: Stages, deltas: Deltas, manifest: Manifest, problems: Problems
) -> None:
    """Note every row that contradicts another of the drop, or what the bank already has."""
    complete = {listed.file for listed in manifest.files if listed.complete}
    for name, stage in stages.items():
        findings: list[Finding] = []
        if stage.file.known == "changes":
            findings += _unknown(tx, stages, stage.file, stage.rows)
            findings += _lifeless(tx, stage, deltas)
        if name in complete:
            findings += _undated(stage, number(manifest.business_date))
        if stage.file.known == "fixed":
            findings += _changed(stage)
        if stage.file.history:
            # A late drop's rows may be history alone, and what they say is new all the same.
            findings += _unknown(tx, stages, stage.file, stage.rows)
        elif name in deltas:
            findings += _unknown(tx, stages, stage.file, deltas[name].rows)
        if name in deltas:
            findings += _clashing(stages, deltas[name])
        _note(tx, manifest, problems, name, findings)
    if "units" in deltas:
        _check_tree(tx, deltas["units"].rows, manifest, problems)


def check_again(tx: Transaction, deltas: Deltas, manifest: Manifest, problems: Problems) -> None:
    """Note what Daybook's own people entered meanwhile and a row of the drop now contradicts."""
    for name, delta in deltas.items():
        findings = list(_taken(delta)) if delta.file.unique else []
        if name == "warnings":
            findings.append(_standing(delta.rows, RiskWarning.__table__))
        _note(tx, manifest, problems, name, findings)


def _note(
    tx: Transaction,
    manifest: Manifest,
    problems: Problems,
    name: str,
    findings: Iterable[Finding],
) -> None:
    listed = next(listed.name for listed in manifest.files if listed.file == name)
    kinds = {column.name: column.kind for column in FILE[name].columns}
    for finding in findings:
        found, kind = finding.found, kinds.get(finding.column)
        ordered = found.order_by(found.selected_columns[0]).execution_options(yield_per=10_000)
        for line, value in tx.execute(ordered):
            problems.add(listed, line, finding.column, written(kind, value), finding.reason)


def _repeated(rows: Table, keys: Sequence[ColumnElement[Any]]) -> Found:
    """Rows whose key an earlier line has; nulls never repeat."""
    first = func.min(rows.c.line).label("first")
    present = and_(*(key.is_not(None) for key in keys))
    twice = select(*keys, first).where(present).group_by(*keys).having(func.count() > 1).subquery()
    same = and_(*(twice.c[key.name] == key for key in keys))
    value = cast(keys[0], String)
    return select(rows.c.line, value).join(twice, same).where(rows.c.line > twice.c.first)


def _unknown(tx: Transaction, stages: Stages, file: File, rows: Table) -> Iterator[Finding]:
    """Rows that refer to something neither the bank nor the drop has."""
    for column in file.columns:
        if not column.refers:
            continue
        kept = table_of(FILE[column.refers])
        value = rows.c[column.field]
        places: list[FromClause] = [] if is_empty(tx, kept) else [kept]
        if column.refers in stages:
            places.insert(0, stages[column.refers].rows.alias("target"))
        known = [exists().where(place.c.id == value) for place in places]
        found = select(rows.c.line, value).where(value.is_not(None), *(~here for here in known))
        reason = f"is not known: add it to {column.refers}.csv, or send it in an earlier drop"
        yield Finding(column.name, found, reason)


def _lifeless(tx: Transaction, stage: Stage, deltas: Deltas) -> Iterator[Finding]:
    """Changes before a thing opened, or to more than nothing after it closed."""
    thing, value = (column for column in stage.file.columns if column.name != "date")
    names = [column.name for column in FILE[str(thing.refers)].columns]
    if "closed_date" not in names:
        return
    rows = stage.rows
    joined, of = standing(tx, deltas, str(thing.refers), rows, rows.c[thing.field])
    late = and_(rows.c.day >= of("closed_day"), rows.c[value.field] != 0)
    outside = or_(rows.c.day < of("opened_day"), late)
    found = select(rows.c.line, rows.c.day).select_from(joined).where(outside)
    kind = str(thing.refers).removesuffix("s")
    reason = f"is outside the {kind}'s life: check its opened_date and closed_date"
    yield Finding("date", found, reason)


def _undated(stage: Stage, day: int) -> Iterator[Finding]:
    """Rows of a snapshot that are not of its date."""
    found = select(stage.rows.c.line, stage.rows.c.day).where(stage.rows.c.day != day)
    reason = "is not the business date, though the manifest says the file is complete"
    yield Finding("date", found, reason + ": send only that day, or leave complete out")


def _changed(stage: Stage) -> Iterator[Finding]:
    """Rows that differ from the bank's row of the same key."""
    rows, kept = stage.rows, table_of(stage.file)
    keys = keys_of(stage.file)
    fields = [column.field for column in stage.file.columns if column.field not in keys]
    found = (
        select(rows.c.line, cast(rows.c.amount, String))
        .join(kept, same_key(stage.file, rows, kept))
        .where(differ(rows, kept, fields))
    )
    reason = "was signed otherwise and never changes: send the new one as the next version"
    yield Finding("amount", found, reason)


def _clashing(stages: Stages, delta: Delta) -> Iterator[Finding]:
    """What only some files' rows can do to one another."""
    file, rows = delta.file, delta.rows
    if file.unique:
        yield from _taken(delta)
        again = _repeated(rows, [rows.c[name] for name in file.unique])
        yield Finding(file.unique[-1], again, _taken_reason(file))
    if file.sums:
        yield _unequal(delta, file.sums.group)
    if file.name == "assignments":
        reason = "overlaps the manager's other span: end that one first"
        yield Finding("from_date", _overlapping(delta), reason)
        reason = "brings the client's shares over 100 %: end or lower another"
        yield Finding("from_date", _overfull(delta), reason)
    if file.name == "loan_events":
        yield from _misplaced(stages, delta)
    if file.name == "warnings":
        for other in (RiskWarning.__table__, rows.alias("again")):
            yield _standing(rows, other)


def _taken_reason(file: File) -> str:
    if file.name == "staff":
        return "is bound to another person: unbind it there in an earlier drop"
    return f"has another row of the same {', '.join(file.unique)}: send that one again instead"


def _taken(delta: Delta) -> Iterator[Finding]:
    """Rows that claim what another row of the bank has."""
    rows, kept, unique = delta.rows, table_of(delta.file), delta.file.unique
    same = and_(*(kept.c[name] == rows.c[name] for name in unique))
    value = cast(rows.c[unique[-1]], String)
    found = select(rows.c.line, value).join(kept, and_(same, ~same_key(delta.file, rows, kept)))
    yield Finding(unique[-1], found, _taken_reason(delta.file))


def _unequal(delta: Delta, group: str) -> Finding:
    """The last row of each group whose shares do not make a whole."""
    rows = _as_it_will_stand(delta, group).subquery()
    unequal = (
        select(func.max(rows.c.line).label("line"), rows.c[group])
        .group_by(rows.c[group])
        .having(func.sum(rows.c.share_pct) != WHOLE)
        .subquery()
    )
    reason = "has shares that do not add up to 100: send all of them, and as much as 100"
    return Finding(group, select(unequal.c.line, unequal.c[group]), reason)


def _misplaced(stages: Stages, delta: Delta) -> Iterator[Finding]:
    """Reversals of what is another loan's, or is a reversal itself."""
    rows = delta.rows
    places = [table_of(delta.file), stages["loan_events"].rows]
    reason = "is another loan's event, or a reversal: name the event it takes back"
    for place in places:
        undone = place.alias("undone")
        wrong = or_(undone.c.loan_id != rows.c.loan_id, undone.c.kind == "reversal")
        found = select(rows.c.line, rows.c.reverses_id)
        found = found.join(undone, undone.c.id == rows.c.reverses_id).where(wrong)
        yield Finding("reverses_id", found, reason)


def _standing(rows: Table, other: FromClause) -> Finding:
    """Warnings not closed beside another such of their client and signal."""
    clash = and_(
        other.c.client_id == rows.c.client_id,
        other.c.signal == rows.c.signal,
        other.c.id != rows.c.id,
        other.c.state != "closed",
    )
    found = (
        select(rows.c.line, rows.c.client_id)
        .join(other, clash)
        .where(rows.c.state != "closed")
        .distinct()
    )
    reason = "has a warning of this signal that is not closed: close that one first"
    return Finding("client_id", found, reason)


def _as_it_will_stand(delta: Delta, group: str) -> CompoundSelect[Any]:
    """All rows of the groups a file's new rows belong to; `line` is null for the bank's own."""
    rows, kept = delta.rows, table_of(delta.file)
    names = [column.field for column in delta.file.columns]
    replaced = exists().where(same_key(delta.file, rows, kept))
    return union_all(
        select(rows.c.line, *(rows.c[name] for name in names)),
        select(cast(null(), Integer).label("line"), *(kept.c[name] for name in names)).where(
            kept.c[group].in_(select(rows.c[group])), ~replaced
        ),
    )


def _overlapping(delta: Delta) -> Found:
    """Rows that share a day with another span of the same client and manager."""
    rows = delta.rows
    other = _as_it_will_stand(delta, "client_id").cte("spans").alias("other")
    clash = and_(
        other.c.client_id == rows.c.client_id,
        other.c.manager_id == rows.c.manager_id,
        other.c.from_day != rows.c.from_day,
        other.c.from_day < rows.c.to_day,
        rows.c.from_day < other.c.to_day,
        or_(other.c.line.is_(None), other.c.line < rows.c.line),
    )
    return select(rows.c.line, rows.c.from_day).join(other, clash).distinct()


def _overfull(delta: Delta) -> Found:
    """The last row of each day whose shares of a client exceed 100 %.

    Shares only grow on a day some span starts, so only those days are added up.
    """
    rows = delta.rows
    spans = _as_it_will_stand(delta, "client_id").cte("spans")
    start = select(spans.c.client_id, spans.c.from_day).distinct().subquery()
    covers = and_(
        spans.c.client_id == start.c.client_id,
        spans.c.from_day <= start.c.from_day,
        start.c.from_day < spans.c.to_day,
    )
    full = (
        select(func.max(spans.c.line).label("line"))
        .select_from(start)
        .join(spans, covers)
        .group_by(start.c.client_id, start.c.from_day)
        .having(func.sum(spans.c.share_pct) > WHOLE, func.max(spans.c.line).is_not(None))
        .subquery()
    )
    return select(rows.c.line, rows.c.from_day).where(rows.c.line.in_(select(full.c.line)))


def _check_tree(tx: Transaction, rows: Table, manifest: Manifest, problems: Problems) -> None:
    """Note the units that end up above themselves."""
    parents: dict[str, str | None] = {}
    for table in (OrgUnit.__table__, rows):
        parents |= dict(tx.execute(select(table.c.id, table.c.parent_id)).all())
    listed = next(listed.name for listed in manifest.files if listed.file == "units")
    wrong = _below_themselves(parents)
    for line, unit in tx.execute(select(rows.c.line, rows.c.id).order_by(rows.c.line)):
        if unit in wrong:
            reason = "is below itself: correct who is above whom"
            problems.add(listed, line, "parent_id", parents[unit] or "", reason)


def _below_themselves(parents: Mapping[str, str | None]) -> set[str]:
    """The units on a circle; every unit is looked at once, however deep a sender makes the tree."""
    found: set[str] = set()
    seen: set[str | None] = {None}
    for start in parents:
        above: str | None = start
        path: dict[str | None, None] = {}
        while above not in seen and above not in path:
            path[above] = None
            above = parents.get(str(above))
        if above in path:
            circle = list(path)
            found.update(str(unit) for unit in circle[circle.index(above) :])
        seen.update(path)
    return found
