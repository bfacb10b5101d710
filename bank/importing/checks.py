"""What the rows of a drop say together, and together with the bank: keys, references, shares.

Every check is one query over the staged tables, whatever their size.
"""

from sqlalchemy import (
    ColumnElement,
    FromClause,
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
    true,
    union_all,
)

from bank.database import Transaction
from bank.importing.contract import FILES, Column, File
from bank.importing.problems import Problems
from bank.importing.staging import Stages
from bank.models import Account, Assignment, OrgUnit, RiskWarning

Found = Select[*tuple[int, str]]
"""A query for the line and the value of each problem."""


def check_rows(tx: Transaction, stages: Stages, problems: Problems) -> None:
    """Note every row that contradicts another of the drop, or what the bank already has."""

    def note(file: str, column: str, found: Found, reason: str) -> None:
        ordered = found.order_by(found.selected_columns[0]).execution_options(yield_per=10_000)
        for line, value in tx.execute(ordered):
            problems.add(f"{file}.csv", line, column, str(value or ""), reason)

    for file in FILES:
        staged = stages.get(file.name)
        if staged is None:
            continue
        keys = [column for column in file.columns if column.name in file.key]
        note(
            file.name,
            ", ".join(column.name for column in keys),
            _repeated(staged, [staged.c[column.field] for column in keys]),
            "is there twice: keep one row of a key",
        )
        for column in file.columns:
            if column.refers:
                note(
                    file.name,
                    column.name,
                    _unknown(stages, staged, column),
                    f"is not known: add it to {column.refers}.csv, or send it in an earlier drop",
                )
        for name, found, reason in _special(file, staged, stages):
            note(file.name, name, found, reason)
    if "units" in stages:
        _check_tree(tx, stages["units"], problems)


def _special(file: File, staged: Table, stages: Stages) -> list[tuple[str, Found, str]]:
    """The checks only one file needs: its column, query and reason."""
    if file.known == "fixed":
        reason = "was signed otherwise and never changes: send the new one as the next version"
        return [("amount", _changed(file, staged), reason)]
    if file.name == "staff":
        reason = "is bound to another person: unbind it there in an earlier drop"
        return [
            ("slack_user_id", _repeated(staged, [staged.c.slack_user_id]), reason),
            ("slack_user_id", _bound(staged), reason),
        ]
    if file.name == "assignments":
        return [
            ("from_date", found, reason)
            for found, reason in (
                (_overlapping(staged), "overlaps the manager's other span: end that one first"),
                (_overfull(staged), "brings the client's shares over 100 %: end or lower another"),
            )
        ]
    if file.name == "balances":
        reason = "is outside the account's life: check its opened_date and closed_date"
        return [("date", _outside(staged, stages), reason)]
    if file.name == "warnings":
        reason = "has a warning of this signal that is not closed: close that one first"
        others = (RiskWarning.__table__, staged.alias("again"))
        return [("client_id", _standing(staged, other), reason) for other in others]
    return []


def _repeated(staged: Table, keys: list[ColumnElement[object]]) -> Found:
    """Rows whose key an earlier line has; nulls never repeat."""
    first = func.min(staged.c.line).over(partition_by=keys)
    present = and_(*(key.is_not(None) for key in keys))
    ranked = (
        select(staged.c.line, cast(keys[0], String).label("value"), first.label("first"))
        .where(present)
        .subquery()
    )
    return select(ranked.c.line, ranked.c.value).where(ranked.c.line > ranked.c.first)


def _unknown(stages: Stages, staged: Table, column: Column) -> Found:
    """Rows that refer to something neither the bank nor the drop has."""
    target = next(file for file in FILES if file.name == column.refers)
    value = staged.c[column.field]
    places: list[FromClause] = [target.model.__table__]
    if target.name in stages:
        places.append(stages[target.name].alias("target"))
    known = [exists().where(place.c.id == value) for place in places]
    return select(staged.c.line, value).where(value.is_not(None), *(~found for found in known))


def _changed(file: File, staged: Table) -> Found:
    """Rows that differ from the bank's row of the same key."""
    kept = file.model.__table__
    fields = {column.name: column.field for column in file.columns}
    same = and_(*(kept.c[fields[name]] == staged.c[fields[name]] for name in file.key))
    differs = or_(
        *(
            kept.c[field] != staged.c[field]
            for name, field in fields.items()
            if name not in file.key
        )
    )
    return select(staged.c.line, cast(staged.c.amount, String)).join(kept, same).where(differs)


def _bound(staged: Table) -> Found:
    """Rows whose Slack account another person of the bank has."""
    kept = next(file.model.__table__ for file in FILES if file.name == "staff")
    other = and_(kept.c.slack_user_id == staged.c.slack_user_id, kept.c.id != staged.c.id)
    return select(staged.c.line, staged.c.slack_user_id).join(kept, other)


def _standing(staged: Table, other: FromClause) -> Found:
    """Warnings not closed beside another such of their client and signal; known ones stay."""
    kept = RiskWarning.__table__.alias("kept")
    clash = and_(
        other.c.client_id == staged.c.client_id,
        other.c.signal == staged.c.signal,
        other.c.id != staged.c.id,
        other.c.state != "closed",
    )
    known = exists().where(kept.c.id == staged.c.id)
    return (
        select(staged.c.line, staged.c.client_id)
        .join(other, clash)
        .where(staged.c.state != "closed", ~known)
        .distinct()
    )


def _outside(staged: Table, stages: Stages) -> Found:
    """Balances before an account opened, or above zero after it closed."""
    kept = Account.__table__
    joined = staged.outerjoin(kept, kept.c.id == staged.c.account_id)
    opened: ColumnElement[int] = kept.c.opened_day
    closed: ColumnElement[int] = kept.c.closed_day
    sent = stages.get("accounts")
    if sent is not None:
        joined = joined.outerjoin(sent, sent.c.id == staged.c.account_id)
        opened = func.coalesce(sent.c.opened_day, opened)
        closed = func.coalesce(sent.c.closed_day, closed)
    late = and_(staged.c.day >= closed, staged.c.amount != 0)
    return (
        select(staged.c.line, staged.c.account_id)
        .select_from(joined)
        .where(or_(staged.c.day < opened, late))
    )


def _spans(staged: Table) -> FromClause:
    """Assignments of the drop's clients as they would stand; `line` is null for the bank's own."""
    kept = Assignment.__table__
    columns = ("client_id", "manager_id", "from_day", "to_day", "share_pct")
    replaced = exists().where(
        staged.c.client_id == kept.c.client_id,
        staged.c.manager_id == kept.c.manager_id,
        staged.c.from_day == kept.c.from_day,
    )
    return union_all(
        select(staged.c.line, *(staged.c[name] for name in columns)),
        select(null().label("line"), *(kept.c[name] for name in columns)).where(
            kept.c.client_id.in_(select(staged.c.client_id)), ~replaced
        ),
    ).cte("spans")


def _overlapping(staged: Table) -> Found:
    """Rows that share a day with another span of the same client and manager."""
    other = _spans(staged).alias("other")
    clash = and_(
        other.c.client_id == staged.c.client_id,
        other.c.manager_id == staged.c.manager_id,
        other.c.from_day != staged.c.from_day,
        other.c.from_day < staged.c.to_day,
        staged.c.from_day < other.c.to_day,
        or_(other.c.line.is_(None), other.c.line < staged.c.line),
    )
    return select(staged.c.line, staged.c.client_id).join(other, clash).distinct()


def _overfull(staged: Table) -> Found:
    """The last row of each day whose shares of a client exceed 100 %.

    Shares only grow on a day some span starts, so only those days are added up.
    """
    spans = _spans(staged)
    start = select(spans.c.client_id, spans.c.from_day).distinct().subquery()
    covers = and_(
        spans.c.client_id == start.c.client_id,
        spans.c.from_day <= start.c.from_day,
        start.c.from_day < spans.c.to_day,
    )
    full = (
        select(func.max(spans.c.line).label("line"), start.c.client_id)
        .select_from(start)
        .join(spans, covers)
        .group_by(start.c.client_id, start.c.from_day)
        .having(func.sum(spans.c.share_pct) > 100, func.max(spans.c.line).is_not(None))  # noqa: PLR2004
        .subquery()
    )
    return select(full.c.line, full.c.client_id).where(true()).distinct()


def _check_tree(tx: Transaction, staged: Table, problems: Problems) -> None:
    """Note the units that end up above themselves."""
    kept = OrgUnit.__table__
    parents: dict[str, str | None] = {}
    for table in (kept, staged):
        parents |= dict(tx.execute(select(table.c.id, table.c.parent_id)).all())
    for line, unit in tx.execute(select(staged.c.line, staged.c.id).order_by(staged.c.line)):
        above, seen = parents.get(unit), {unit}
        while above and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == unit:
            reason = "is below itself: correct who is above whom"
            problems.add("units.csv", line, "parent_id", unit, reason)
