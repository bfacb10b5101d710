"""Deciding, for a moment, what is to be said to whom; and doing so once a morning."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from bank import outbox, schedule
from bank.calendar import load_calendar
from bank.database import Database, Transaction
from bank.people import people
from bank.snoozes import snoozed
from bank.warnings import ClientWarning
from jobs import hours, risks, tickets
from jobs.digest import RANKS, arrange, digest_facts, item_facts, worst_severity
from jobs.planned import Planned
from jobs.visits import visits_due
from scoring.coverage import VisitStandards
from scoring.versions import PRODUCTS_OWN, Schemes

AT_ONCE = ("red", "orange")
"""Severities told by a message of their own as soon as they are raised."""
AT_ONCE_A_PERSON = 3
"""Such messages to one person a morning, the worst first; the others stand in the digest."""
MANAGERS_AT_ONCE = 500
"""Managers whose clients are held in memory together."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a moment calls for: warnings to write down, messages to owe."""

    changes: risks.Changes
    messages: tuple[Planned, ...]


def plan(
    tx: Transaction, now: datetime, zone: ZoneInfo, schemes: Schemes = PRODUCTS_OWN
) -> tuple[Planned, ...]:
    """What would be said at a moment that the outbox does not hold yet. Writes nothing.

    Raises NothingLoadedError (as `commit_plan` does) while the bank is empty.
    """
    decided = _decide(tx, now, zone, schemes)
    reminders = tickets.reminders(tx, now, zone)
    return (*(decided.messages if decided else ()), *reminders)


def commit_plan(
    db: Database, now: datetime, zone: ZoneInfo, schemes: Schemes = PRODUCTS_OWN
) -> int:
    """Write the plan's warnings and messages, all or nothing; how many messages were new."""
    with db.read() as tx:
        decided = _decide(tx, now, zone, schemes)
        reminders = tickets.reminders(tx, now, zone)
    with db.write() as tx:
        return _write(tx, decided) + outbox.put(tx, reminders)


def plan_when_due(
    db: Database, now: datetime, zone: ZoneInfo, schemes: Schemes = PRODUCTS_OWN
) -> int:
    """Commit the plan once a local morning and once after each import, on whichever replica.

    A morning missed is made good later that day; those of earlier days are not, for today's
    says everything they would have. Returns how many messages were new.
    """
    with db.read() as tx:
        due = [moment for moment in _moments(tx, now, zone) if not schedule.fired(tx, *moment)]
        decided = _decide(tx, now, zone, schemes) if due else None
    if not due:
        return 0
    # The moments and their messages are one transaction: a crash gives the moments back.
    with db.write() as tx:
        taken = [schedule.fire(tx, name, moment, now) for name, moment in due]
        return _write(tx, decided) if any(taken) else 0


def _moments(tx: Transaction, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, datetime]]:
    """The schedules' moments that have come; none while the bank is empty."""
    imported = schedule.last_import(tx)
    if imported is None:
        return
    morning = hours.moment(now.astimezone(zone).date(), hours.OPENS, zone)
    yield from (due for due in (("morning", morning), ("import", imported)) if due[1] <= now)


def _write(tx: Transaction, decided: Plan | None) -> int:
    if decided is None:
        return 0
    risks.write_changes(tx, decided.changes)
    return outbox.put(tx, decided.messages)


def _decide(tx: Transaction, now: datetime, zone: ZoneInfo, schemes: Schemes) -> Plan | None:
    """The plan, or None outside business days and hours: the next morning decides then."""
    calendar = load_calendar(tx)
    on = now.astimezone(zone).date()
    if not calendar.is_business(on) or hours.is_over(now, zone):
        return None
    scheme = schemes.on(on)
    changes = risks.scan(tx, on, calendar, scheme)
    messages = (
        *_told_at_once(changes.raised, hours.next_open(now, zone, calendar)),
        *_digests(tx, on, changes.open, hours.moment(on, hours.DIGEST, zone), scheme.visits),
    )
    there = outbox.known(tx, [message.key for message in messages])
    return Plan(changes, tuple(message for message in messages if message.key not in there))


def _told_at_once(warnings: Iterable[ClientWarning], due_at: datetime) -> Iterator[Planned]:
    urgent = (warning for warning in warnings if warning.severity in AT_ONCE)
    ordered = sorted(urgent, key=lambda w: (w.manager_id, RANKS[w.severity], w.id))
    for _, theirs in groupby(ordered, key=lambda warning: warning.manager_id):
        for warning in [*theirs][:AT_ONCE_A_PERSON]:
            yield Planned(
                key=f"warning:{warning.id}:{warning.severity}",
                recipient=warning.manager_id,
                kind="warning",
                disclosure="client",
                severity=warning.severity,
                payload=item_facts(warning),
                due_at=due_at,
                subject=warning.client_id,
            )


def _digests(
    tx: Transaction,
    on: date,
    warnings: Iterable[ClientWarning],
    due_at: datetime,
    visits: VisitStandards,
) -> Iterator[Planned]:
    """One message for each manager who owes anything, those of a batch of managers at a time."""
    owed: defaultdict[str, list[ClientWarning]] = defaultdict(list)
    for warning in warnings:
        owed[warning.manager_id].append(warning)
    put_off = snoozed(tx, on)
    managers = [person.id for person in people(tx, on) if person.role == "manager"]
    for some in _batches(managers):
        due = visits_due(tx, some, on, visits)
        for manager_id in some:
            items = arrange(manager_id, owed[manager_id], due.get(manager_id, ()), put_off)
            if items:
                yield Planned(
                    key=f"digest:{manager_id}:{on.isoformat()}",
                    recipient=manager_id,
                    kind="digest",
                    disclosure="client",
                    severity=worst_severity(items),
                    payload=digest_facts(items, on),
                    due_at=due_at,
                    subject=on.isoformat(),
                )


def _batches(managers: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(managers), MANAGERS_AT_ONCE):
        yield managers[start : start + MANAGERS_AT_ONCE]
