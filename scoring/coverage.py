"""Visits: which ones count, how many are owed, and which are due.

The one place that decides it: the reminders (`due_visits`) and the KPIs C03a and C03b
(`counted_days`, `required_visits`, `is_owed`) ask here, so they cannot disagree. A manager who is
never overdue has C03a in full.

- A tier with a standard is visited at least every `maximum` days (ideally every `ideal`).
- An SME borrower is visited at least once in each calendar quarter.
- A visit counts when it was on site or by video, has a note, and was logged within
  `log_within` business days; at most one a client and day.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from scoring.periods import Period

VISIT_KINDS = frozenset({"onsite", "video"})
BusinessDays = Callable[[date, date], int]
"""(a, b) → the number of business days after a, up to and including b."""


@dataclass(frozen=True, slots=True)
class VisitStandard:
    """Days between visits to a tier's clients: ideally, and at the most."""

    ideal: int
    maximum: int


@dataclass(frozen=True, slots=True)
class VisitStandards:
    """The bank's visiting rules, from the scheme."""

    tiers: Mapping[str, VisitStandard]
    scored_tiers: frozenset[str]
    """The high-net-worth tiers KPI C03a looks at."""
    sme_ideal: int
    """An SME borrower's next visit is ideal this many days after the last one."""
    log_within: int
    """Business days within which a visit must be logged."""
    checked_pct: int
    """Of the visits that people wrote down themselves, the percent drawn for checking."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A logged contact with a client."""

    client_id: str
    day: date
    logged_day: date
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A client a manager looks after, as far as visiting goes."""

    client_id: str
    client_name: str
    tier: str
    is_sme_borrower: bool
    held_from: date
    """First day of the manager's current, unbroken holding."""
    last_visit: date | None
    """Day of the last visit that counts, whoever made it."""


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A visit to make now."""

    client_id: str
    client_name: str
    tier: str
    last_visit: date | None
    ideal_by: date
    due_by: date
    """Last day on which the visit is in time."""
    state: Literal["due", "overdue"]


def counts(visit: Visit, log_within: int, business_days: BusinessDays) -> bool:
    """Whether a visit is valid."""
    return (
        visit.kind in VISIT_KINDS
        and bool(visit.note.strip())
        and visit.logged_day >= visit.day
        and business_days(visit.day, visit.logged_day) <= log_within
    )


def is_drawn(visit_id: str, percent: int) -> bool:
    """Whether a visit is drawn for checking: always the same ones, spread evenly over the ids."""
    digest = hashlib.sha256(visit_id.encode()).digest()
    return int.from_bytes(digest[:8]) % 100 < percent


def counted_days(
    visits: Iterable[Visit], log_within: int, business_days: BusinessDays
) -> dict[str, tuple[date, ...]]:
    """Each client's days with a valid visit, ascending; clients without one are absent."""
    days: dict[str, set[date]] = {}
    for visit in visits:
        if counts(visit, log_within, business_days):
            days.setdefault(visit.client_id, set()).add(visit.day)
    return {client: tuple(sorted(found)) for client, found in days.items()}


def required_visits(held_days: int, maximum: int, *, complete: bool) -> int:
    """Visits owed to a client of a tier over the days a manager has held it.

    One each full `maximum` days; and at least one over more than half of that, once the holding
    or the period is over (`complete`), because until then the visit is not overdue.
    """
    whole = held_days // maximum
    return max(whole, 1) if complete and is_owed(held_days, maximum) else whole


def is_owed(held_days: int, interval_days: int) -> bool:
    """Whether holding a client for part of an interval makes its visit the holder's duty."""
    return held_days * 2 > interval_days


def due_visits(
    contacts: Iterable[Contact], standards: VisitStandards, on: date
) -> tuple[DueVisit, ...]:
    """The visits due or overdue on a day, the most overdue first."""
    found = [due for contact in contacts if (due := _due_visit(contact, standards, on))]
    return tuple(sorted(found, key=lambda due: (due.due_by, due.client_id)))


def _due_visit(contact: Contact, standards: VisitStandards, on: date) -> DueVisit | None:
    spans = []
    standard = standards.tiers.get(contact.tier)
    if standard is not None:
        since = contact.last_visit or contact.held_from
        spans.append(
            (since + timedelta(days=standard.ideal), since + timedelta(days=standard.maximum))
        )
    if contact.is_sme_borrower:
        spans.append(_sme_span(contact, standards.sme_ideal))
    if not spans or on < min(ideal for ideal, _ in spans):
        return None
    ideal_by, due_by = min(ideal for ideal, _ in spans), min(due for _, due in spans)
    return DueVisit(
        contact.client_id,
        contact.client_name,
        contact.tier,
        contact.last_visit,
        ideal_by,
        due_by,
        "overdue" if on > due_by else "due",
    )


def _sme_span(contact: Contact, ideal: int) -> tuple[date, date]:
    """The ideal and the last day of an SME borrower's next visit."""
    since = contact.last_visit or contact.held_from
    quarter = Period.containing(since)
    held = (quarter.last - since).days + 1
    if contact.last_visit is not None or not is_owed(held, quarter.days):
        quarter = quarter.following()
    return min(max(since + timedelta(days=ideal), quarter.first), quarter.last), quarter.last
