"""Confirmed compliance incidents: what caps a grade (一票否决)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Incident
from scoring.grades import Veto
from scoring.periods import Period


def vetoes(tx: Transaction, period: Period, as_of: date) -> Mapping[str, tuple[Veto, ...]]:
    """Every manager's vetoes for a period: confirmed, happened in it, and known by `as_of`."""
    statement = (
        select(
            Incident.manager_id,
            Incident.veto,
            Incident.id,
            Incident.event_day,
            Incident.known_day,
            Incident.summary,
            Incident.policy,
        )
        .where(
            Incident.state == "confirmed",
            Incident.event_day.between(number(period.first), number(period.last)),
            Incident.known_day <= number(as_of),
        )
        .order_by(Incident.id)
    )
    found: defaultdict[str, list[Veto]] = defaultdict(list)
    for manager, code, incident, event, known, summary, policy in tx.execute(statement):
        found[manager].append(Veto(code, incident, day_of(event), day_of(known), summary, policy))
    return {manager: tuple(incidents) for manager, incidents in found.items()}
