"""What a manager owes today, in order, and the one morning message that says so."""

from collections.abc import Iterable, Mapping
from datetime import date

from bank.database import Transaction
from bank.snoozes import snoozed
from bank.warnings import ClientWarning, open_warnings
from jobs.visits import visits_due
from scoring.coverage import DueVisit, VisitStandards
from scoring.sla import SEVERITIES

SHOWN = 7
"""Items a digest shows; the rest are counted."""

RANKS: Mapping[str, int] = {severity: rank for rank, severity in enumerate(SEVERITIES)}
"""How severe a severity is, 0 the worst."""

Item = ClientWarning | DueVisit


def due_items(
    tx: Transaction, manager_id: str, on: date, standards: VisitStandards
) -> tuple[Item, ...]:
    """Everything one manager owes on a day and has not put off, most pressing first."""
    return arrange(
        manager_id,
        open_warnings(tx, [manager_id]),
        visits_due(tx, [manager_id], on, standards).get(manager_id, ()),
        snoozed(tx, on, [manager_id]),
    )


def arrange(
    manager_id: str,
    warnings: Iterable[ClientWarning],
    visits: Iterable[DueVisit],
    put_off: frozenset[tuple[str, str]],
) -> tuple[Item, ...]:
    """Warnings by severity and deadline, then overdue visits, then due ones; none put off."""
    items: tuple[Item, ...] = (*warnings, *visits)
    shown = (item for item in items if (manager_id, item_key(item)) not in put_off)
    return tuple(sorted(shown, key=_urgency))


def item_key(item: Item) -> str:
    """An item's name for snoozes and buttons: "warning:<id>" or "visit:<client id>"."""
    if isinstance(item, ClientWarning):
        return f"warning:{item.id}"
    return f"visit:{item.client_id}"


def item_facts(item: Item) -> dict[str, object]:
    """An item as JSON, for whoever words it; days are ISO dates, `last_visit` may be null."""
    if isinstance(item, ClientWarning):
        return {
            "item": item_key(item),
            "kind": "warning",
            "warning_id": item.id,
            "signal": item.signal,
            "severity": item.severity,
            "client_id": item.client_id,
            "client_name": item.client_name,
            "raised": item.raised.isoformat(),
            "due": item.due.isoformat(),
            "evidence": dict(item.evidence),
        }
    return {
        "item": item_key(item),
        "kind": "visit",
        "client_id": item.client_id,
        "client_name": item.client_name,
        "tier": item.tier,
        "last_visit": item.last_visit and item.last_visit.isoformat(),
        "ideal_by": item.ideal_by.isoformat(),
        "due_by": item.due_by.isoformat(),
        "state": item.state,
    }


def digest_facts(items: tuple[Item, ...], on: date) -> Mapping[str, object]:
    """A morning message: its local date, the first items, and how many more there are."""
    return {
        "date": on.isoformat(),
        "items": [item_facts(item) for item in items[:SHOWN]],
        "more": max(0, len(items) - SHOWN),
    }


def worst_severity(items: Iterable[Item]) -> str:
    """The worst severity among the warnings; blue when there are only visits."""
    found = (item.severity for item in items if isinstance(item, ClientWarning))
    return min(found, key=RANKS.__getitem__, default="blue")


def _urgency(item: Item) -> tuple[int, int, date, str]:
    if isinstance(item, ClientWarning):
        return (0, RANKS[item.severity], item.due, item.client_id)
    return (1, 0 if item.state == "overdue" else 1, item.due_by, item.client_id)
