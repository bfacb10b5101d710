"""Which visits each manager owes: the clients from the bank, the decision from scoring/coverage.

The KPIs C03a and C03b ask the same function, so reminder and score cannot disagree.
"""

from collections.abc import Collection, Mapping
from datetime import date

from bank.clients import contacts
from bank.database import Transaction
from scoring.coverage import DueVisit, VisitStandards, due_visits


def visits_due(
    tx: Transaction, manager_ids: Collection[str], on: date, standards: VisitStandards
) -> Mapping[str, tuple[DueVisit, ...]]:
    """The visits these managers owe on a day, most overdue first; those without are absent."""
    owed = {
        manager_id: due_visits(clients, standards, on)
        for manager_id, clients in contacts(tx, manager_ids, on, standards).items()
    }
    return {manager_id: visits for manager_id, visits in owed.items() if visits}
