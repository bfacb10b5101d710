"""Risk warnings: raised once per client and signal, answered by the manager, closed when clean."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, true, update

from bank.audit import Deed, record_change
from bank.database import Transaction
from bank.days import day_of, number
from bank.entries import admit
from bank.models import Client, RiskWarning, WarningResponse, WarningTerm
from bank.upsert import insert_new
from scoring.signals import CONFIDENTIAL
from scoring.sla import Severity


@dataclass(frozen=True, slots=True)
class ClientWarning:
    """A risk signal raised on a client, for the manager to answer by `due` (a business day).

    `raised` is the day it was raised, or raised again after an answer. `state` is open, answered
    or closed; `evidence` is what raised it, with its data's date.
    """

    id: str
    signal: str
    client_id: str
    client_name: str
    manager_id: str
    severity: Severity
    raised: date
    due: date
    state: str
    evidence: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WarningAnswer:
    """What somebody found out and agreed about a warning."""

    warning_id: str
    staff_id: str
    text: str


def open_warnings(
    tx: Transaction, manager_ids: Collection[str] | None = None
) -> tuple[ClientWarning, ...]:
    """Unanswered warnings of these managers (of all, without), never the confidential ones."""
    of_them = true() if manager_ids is None else RiskWarning.manager_id.in_(manager_ids)
    return _warnings(
        tx, and_(RiskWarning.state == "open", RiskWarning.signal.not_in(CONFIDENTIAL), of_them)
    )


def client_warnings(tx: Transaction, client_id: str, on: date) -> tuple[ClientWarning, ...]:
    """A client's warnings raised and not answered by a day's end, never the confidential ones."""
    return open_on(tx, [client_id], on)


def open_on(tx: Transaction, client_ids: Collection[str], on: date) -> tuple[ClientWarning, ...]:
    """The same of several clients."""
    day = number(on)
    answered = exists().where(
        WarningResponse.warning_id == RiskWarning.id, WarningResponse.day >= RiskWarning.raised_day
    )
    later = and_(
        answered.where(WarningResponse.day > day), ~answered.where(WarningResponse.day <= day)
    )
    found = _warnings(
        tx,
        and_(
            RiskWarning.client_id.in_(list(client_ids)),
            RiskWarning.raised_day <= day,
            RiskWarning.signal.not_in(CONFIDENTIAL),
            or_(RiskWarning.state == "open", later),
        ),
    )
    return tuple(replace(warning, state="open") for warning in found)


def standing_warnings(tx: Transaction, signals: Collection[str]) -> tuple[ClientWarning, ...]:
    """Every warning of these signals that is not closed: at most one per client and signal."""
    return _warnings(tx, and_(RiskWarning.state != "closed", RiskWarning.signal.in_(signals)))


def find_warning(tx: Transaction, warning_id: str) -> ClientWarning | None:
    """The warning of an id; None when there is none, or it is for compliance alone."""
    found = _warnings(
        tx, and_(RiskWarning.id == warning_id, RiskWarning.signal.not_in(CONFIDENTIAL))
    )
    return found[0] if found else None


def raise_warnings(tx: Transaction, warnings: Iterable[ClientWarning]) -> None:
    """Write new warnings down; one whose client and signal stand already changes nothing."""
    rows = [
        {
            "id": warning.id,
            "signal": warning.signal,
            "client_id": warning.client_id,
            "manager_id": warning.manager_id,
            "severity": warning.severity,
            "raised_day": number(warning.raised),
            "due_day": number(warning.due),
            "state": warning.state,
            "evidence": dict(warning.evidence),
        }
        for warning in warnings
    ]
    insert_new(tx, RiskWarning, rows)


def revise_warning(tx: Transaction, before: ClientWarning, after: ClientWarning, on: date) -> bool:
    """Write a standing warning's manager, severity, days, state and evidence as from a day on.

    What it asked of whom until then is kept (WarningTerm): scores look back at it.
    False, and nothing written, when its state or severity is no longer as it was read before.
    """
    unchanged = and_(
        RiskWarning.id == before.id,
        RiskWarning.state == before.state,
        RiskWarning.severity == before.severity,
    )
    revised = tx.execute(
        update(RiskWarning)
        .where(unchanged)
        .values(
            manager_id=after.manager_id,
            severity=after.severity,
            raised_day=number(after.raised),
            due_day=number(after.due),
            state=after.state,
            evidence=dict(after.evidence),
        )
    )
    if revised.rowcount != 1:
        return False
    if _terms(before) != _terms(after):
        _keep_terms(tx, before, number(on))
    return True


def answer_warning(tx: Transaction, answer: WarningAnswer, day: date, at: datetime) -> bool:
    """Record a manager's substantive answer. False when nothing is open under the id.

    The answer that closed it, told again, stays recorded once (True).
    Who may answer is decided before (bot/access). Raises EntryError for an answer without words,
    or with more than a record holds.
    """
    words = answer.text.strip()
    still_open = and_(RiskWarning.id == answer.warning_id, RiskWarning.state == "open")
    if tx.execute(update(RiskWarning).where(still_open).values(state="answered")).rowcount == 0:
        told = select(WarningResponse.id).where(
            WarningResponse.warning_id == answer.warning_id,
            WarningResponse.staff_id == answer.staff_id,
            WarningResponse.day == number(day),
            WarningResponse.text == words,
        )
        return tx.execute(told).first() is not None
    cells = {
        "id": uuid4().hex,
        "warning_id": answer.warning_id,
        "staff_id": answer.staff_id,
        "date": day.isoformat(),
        "text": words,
    }
    deed = Deed(answer.staff_id, "answer_warning", day, at)
    admit(tx, "warning_responses", cells, deed)
    subject = ("warning", answer.warning_id)
    record_change(tx, deed, subject, ("open", "answered"), {"text": words})
    return True


def _terms(warning: ClientWarning) -> tuple[str, str, date, date]:
    return warning.manager_id, warning.severity, warning.raised, warning.due


def _keep_terms(tx: Transaction, before: ClientWarning, day: int) -> None:
    """Write down what a warning asked until a day; terms that began on that day were nobody's."""
    last = select(func.max(WarningTerm.to_day)).where(WarningTerm.warning_id == before.id)
    since = tx.scalar(last) or number(before.raised)
    if since < day:
        row = {
            "warning_id": before.id,
            "from_day": since,
            "to_day": day,
            "manager_id": before.manager_id,
            "severity": before.severity,
            "raised_day": number(before.raised),
            "due_day": number(before.due),
        }
        tx.execute(insert(WarningTerm).values(**row))


def _warnings(tx: Transaction, which: ColumnElement[bool]) -> tuple[ClientWarning, ...]:
    columns: Any = (RiskWarning.__table__.columns, Client.name.label("client_name"))
    rows = tx.execute(
        select(*columns)
        .join(Client, Client.id == RiskWarning.client_id)
        .where(which)
        .order_by(RiskWarning.id)
    )
    return tuple(
        ClientWarning(
            id=row.id,
            signal=row.signal,
            client_id=row.client_id,
            client_name=row.client_name,
            manager_id=row.manager_id,
            severity=row.severity,
            raised=day_of(row.raised_day),
            due=day_of(row.due_day),
            state=row.state,
            evidence=row.evidence,
        )
        for row in rows
    )
