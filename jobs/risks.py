"""Watching risk: which warnings a morning's data raises, worsens, moves and closes.

One warning stands per client and signal. A worse value raises its severity, and it is owed an
answer again. It closes once it is answered and its condition has been gone for CLEAN_DAYS; an
unanswered one never closes by itself. A warning whose manager no longer holds the client goes to
the present one; with more than half of its time left (scheme: sla) its time starts anew.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bank.arrears import arrears
from bank.balances import balance_falls, last_business_day
from bank.calendar import Calendar
from bank.clients import clients_of, managers_of
from bank.database import Transaction
from bank.people import people
from bank.warnings import (
    ClientWarning,
    open_warnings,
    raise_warnings,
    revise_warning,
    standing_warnings,
)
from jobs.digest import RANKS
from scoring.scheme import Scheme
from scoring.signals import FIRST_ARREARS, RUN_DOWN, first_arrears, run_down
from scoring.sla import Severity

SIGNALS = (FIRST_ARREARS, RUN_DOWN)
CLEAN_DAYS = timedelta(days=90)
"""Three clean months before an answered warning closes: closing sooner mostly raises it again."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A client's figures that deserve a warning."""

    signal: str
    client_id: str
    client_name: str
    severity: Severity
    evidence: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Morning:
    """The local day a scan is made for, and the business day its data is of."""

    on: date
    as_of: date
    calendar: Calendar
    scheme: Scheme

    def due(self, severity: Severity) -> date:
        """When a warning raised this morning is to be answered."""
        return self.scheme.sla.due_day(severity, self.on, self.calendar.add_business_days)

    def due_anew(self, warning: ClientWarning) -> date:
        """When a warning that is handed over this morning is to be answered."""
        left = self.calendar.business_days_between(self.on, max(self.on, warning.due))
        anew = self.scheme.sla.restarts(warning.severity, left)
        return self.due(warning.severity) if anew else warning.due


@dataclass(frozen=True, slots=True)
class Revision:
    """A standing warning as it was read, and as it is to be."""

    before: ClientWarning
    after: ClientWarning


@dataclass(frozen=True, slots=True)
class Changes:
    """What a scan found; `write_changes` writes it down."""

    new: tuple[ClientWarning, ...]
    revisions: tuple[Revision, ...]
    """Standing warnings that worsened, moved, were seen again, or closed."""
    open: tuple[ClientWarning, ...]
    """Every unanswered warning as it stands after the changes."""
    on: date
    """The day from which they hold."""

    @property
    def raised(self) -> tuple[ClientWarning, ...]:
        """The new warnings, and those whose severity rose: somebody is to be told."""
        worse = (
            revision.after
            for revision in self.revisions
            if revision.after.severity != revision.before.severity
        )
        return (*self.new, *worse)


def scan(tx: Transaction, on: date, calendar: Calendar, scheme: Scheme) -> Changes:
    """What the newest loaded business day says on a day. Reads only.

    Raises NothingLoadedError while the bank is empty.
    """
    morning = Morning(on, min(on, last_business_day(tx)), calendar, scheme)
    signs = {(sign.signal, sign.client_id): sign for sign in _signs(tx, morning)}
    standing = standing_warnings(tx, SIGNALS)
    before = {warning.id: warning for warning in (*open_warnings(tx), *standing)}
    after = tuple(
        revised(warning, signs.get((warning.signal, warning.client_id)), morning)
        for warning in _kept(tx, before.values(), morning)
    )
    known = {(warning.signal, warning.client_id) for warning in standing}
    new = tuple(_new(tx, [sign for key, sign in signs.items() if key not in known], morning))
    return Changes(
        new=new,
        revisions=tuple(
            Revision(before[warning.id], warning)
            for warning in after
            if warning != before[warning.id]
        ),
        open=tuple(warning for warning in (*new, *after) if warning.state == "open"),
        on=on,
    )


def write_changes(tx: Transaction, changes: Changes) -> None:
    """Write a scan's changes down; what was written or answered meanwhile stays as it is."""
    raise_warnings(tx, changes.new)
    for revision in changes.revisions:
        revise_warning(tx, revision.before, revision.after, changes.on)


def revised(warning: ClientWarning, sign: Sign | None, morning: Morning) -> ClientWarning:
    """A standing warning in the light of this morning's sign of it, or of there being none."""
    if sign is None:
        clean = warning.signal in SIGNALS and morning.as_of - _held_on(warning) >= CLEAN_DAYS
        return (
            replace(warning, state="closed") if clean and warning.state == "answered" else warning
        )
    held = {"held_on": morning.as_of.isoformat()}
    if RANKS[sign.severity] >= RANKS[warning.severity]:
        return replace(warning, evidence={**warning.evidence, **held})
    due, still_open = morning.due(sign.severity), warning.state == "open"
    return replace(
        warning,
        severity=sign.severity,
        raised=warning.raised if still_open else morning.on,
        state="open",
        due=min(due, warning.due) if still_open else due,
        evidence={**sign.evidence, **held},
    )


def _held_on(warning: ClientWarning) -> date:
    """The last day of data on which the warning's condition held."""
    return date.fromisoformat(str(warning.evidence.get("held_on", warning.raised)))


def _kept(
    tx: Transaction, warnings: Collection[ClientWarning], morning: Morning
) -> Iterator[ClientWarning]:
    """The warnings; an open one whose manager no longer holds the client goes to who now does.

    Whoever has left the bank holds nobody. A co-holder keeps what is theirs.
    """
    employed = {person.id for person in people(tx, morning.on)}
    still_open = [warning for warning in warnings if warning.state == "open"]
    heirs = managers_of(tx, [warning.client_id for warning in still_open], morning.on)
    moved = [w for w in still_open if heirs.get(w.client_id, w.manager_id) != w.manager_id]
    holders = {w.manager_id for w in moved} & employed
    clients = {manager: clients_of(tx, manager, morning.on) for manager in holders}
    passed = {
        warning.id: replace(warning, manager_id=heir, due=morning.due_anew(warning))
        for warning in moved
        if (heir := heirs[warning.client_id]) in employed
        and warning.client_id not in clients.get(warning.manager_id, ())
    }
    for warning in warnings:
        yield passed.get(warning.id, warning)


def _new(tx: Transaction, signs: Collection[Sign], morning: Morning) -> Iterator[ClientWarning]:
    managers = managers_of(tx, [sign.client_id for sign in signs], morning.on)
    for sign in signs:
        manager_id = managers.get(sign.client_id)
        if manager_id is not None:
            yield ClientWarning(
                id=f"{sign.signal}:{sign.client_id}:{morning.on.isoformat()}",
                signal=sign.signal,
                client_id=sign.client_id,
                client_name=sign.client_name,
                manager_id=manager_id,
                severity=sign.severity,
                raised=morning.on,
                due=morning.due(sign.severity),
                state="open",
                evidence={**sign.evidence, "held_on": morning.as_of.isoformat()},
            )


def _signs(tx: Transaction, morning: Morning) -> Iterator[Sign]:
    rules, as_of = morning.scheme.signals, morning.as_of
    for late in arrears(tx, as_of):
        severity = first_arrears(late.days_past_due, rules)
        if severity:
            evidence = {
                "as_of": as_of.isoformat(),
                "days_past_due": late.days_past_due,
                "amount": late.amount,
                "loan_id": late.loan_id,
            }
            yield Sign(FIRST_ARREARS, late.client_id, late.client_name, severity, evidence)
    for fall in balance_falls(tx, as_of):
        severity = run_down(fall.average_30, fall.average_180, fall.six_months_ago, fall.now, rules)
        if severity:
            evidence = {
                "as_of": as_of.isoformat(),
                "average_30": fall.average_30,
                "average_180": fall.average_180,
                "six_months_ago": fall.six_months_ago,
                "now": fall.now,
            }
            yield Sign(RUN_DOWN, fall.client_id, fall.client_name, severity, evidence)
