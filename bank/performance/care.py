"""C03a and C03b: visits made of the visits owed (scoring/coverage decides what counts)."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from sqlalchemy import or_, select

from bank.borrowers import SME_SIZES, sme_borrowers
from bank.clients import contacts
from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Assignment, Client
from bank.models import Visit as VisitRow
from bank.performance.facts import percent_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, signed_targets
from bank.performance.window import SHARE, Measure, Measures, Window, held
from scoring.coverage import (
    BusinessDays,
    Visit,
    VisitStandards,
    counted_days,
    due_visits,
    is_owed,
    required_visits,
)
from scoring.facts import EVIDENCE, Evidence, Fact, Row
from scoring.levers import Duty, Effect
from scoring.periods import Period


@dataclass(frozen=True, slots=True)
class VisitRules:
    """What visits are judged by, the same for every manager."""

    standards: VisitStandards
    business_days: BusinessDays
    borrowers: Mapping[str, frozenset[str]]
    """SME borrowers' client ids, by quarter id."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A client a manager holds in the period: half-open day spans, and the latest share."""

    manager_id: str
    client_id: str
    tier: str
    spans: tuple[tuple[int, int], ...]
    share: int

    def days(self, first: int, end: int) -> int:
        """Days held within [first, end)."""
        return sum(max(min(to, end) - max(start, first), 0) for start, to in self.spans)

    def visits(self, visited: Sequence[int], first: int, end: int) -> list[int]:
        """The visit days (ascending) that fall into the held days of [first, end)."""
        found: list[int] = []
        for start, to in self.spans:
            low, high = max(start, first), min(to, end)
            if low < high:
                found += visited[bisect_left(visited, low) : bisect_right(visited, high - 1)]
        return found

    @property
    def ends(self) -> int:
        """Day number of the first day no longer held."""
        return self.spans[-1][1]


@dataclass(frozen=True, slots=True)
class Count:
    """Visits of one client held by one manager."""

    holding: Holding
    made: int
    owed: int
    planned: Fraction
    """What of the owed the elapsed days ask for, × percent of share."""
    room: Effect | None
    """What one more visit would add, where it would add anything."""


@dataclass(frozen=True, slots=True)
class Care:
    """What managers' visits add up to, in visits × percent of share."""

    frequency: Measures
    """C03a: visits made, at most those owed, of visits owed."""
    coverage: Measures
    """C03b: SME borrowers visited in a quarter, of those to visit."""
    planned: Mapping[str, Fraction]
    """C03b by manager: what of the denominator the elapsed days ask for."""
    room: Mapping[tuple[str, str], tuple[Effect, ...]]
    """What one more visit would add, by manager and client; absent where nothing."""


def visit_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """C03a and C03b of each of these managers.

    The target of C03b grows with the quarter; under one planned visit there is nothing to score.
    """
    managers = [worker.id for worker in workers]
    found = _care_of(tx, frame, managers)
    signed = signed_targets(tx, frame.window, managers)
    for manager in managers:
        frequency = found.frequency.get(manager)
        yield manager, percent_fact(frame, "C03a", frequency, signed.get((manager, "C03a")))
        coverage, elapsed = found.coverage.get(manager), Fraction(1)
        if coverage is not None:
            planned = found.planned[manager]
            if planned < SHARE and not frame.window.is_over:
                coverage = None
            else:
                elapsed = planned / coverage.denominator
        target = signed.get((manager, "C03b"))
        yield manager, percent_fact(frame, "C03b", coverage, target, elapsed=elapsed)


def frequency_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The clients owed visits, those owed most first."""
    return _shown(_care_of(tx, frame, [manager]).frequency.get(manager))


def coverage_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The SME borrowers to visit, those not seen first."""
    return _shown(_care_of(tx, frame, [manager]).coverage.get(manager))


def visit_duties(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Duty]]:
    """The visits due, as the morning's reminder has them, that would still count in the period."""
    managers = [worker.id for worker in workers]
    room = _care_of(tx, frame, managers).room
    for manager, clients in contacts(tx, managers, frame.window.as_of).items():
        for due in due_visits(clients, frame.scheme.visits, frame.window.as_of):
            effects = room.get((manager, due.client_id))
            if effects:
                yield manager, Duty("visit", due.client_id, due.client_id, due.due_by, effects)


def _care_of(tx: Transaction, frame: Frame, managers: Sequence[str]) -> "Care":
    between = frame.calendar.business_days_between
    rules = load_rules(tx, frame.window, frame.scheme.visits, between)
    return care(tx, frame.window, rules, managers)


def _shown(measure: Measure | None) -> Evidence:
    return Evidence(measure.rows, measure.row_count) if measure else Evidence((), 0)


def load_rules(
    tx: Transaction, window: Window, standards: VisitStandards, business_days: BusinessDays
) -> VisitRules:
    """The visiting rules, with the SME borrowers at the end (so far) of each quarter begun."""
    borrowers = {
        quarter.id: frozenset(tx.scalars(sme_borrowers(number(min(quarter.last, window.through)))))
        for quarter in _begun(window)
    }
    return VisitRules(standards, business_days, borrowers)


def care(
    tx: Transaction,
    window: Window,
    rules: VisitRules,
    managers: Collection[str],
) -> Care:
    """Measure the visits of these managers' clients."""
    standards = rules.standards
    visited = _visited(tx, window, rules, managers)
    frequencies: defaultdict[str, list[Count]] = defaultdict(list)
    coverages: defaultdict[str, list[Count]] = defaultdict(list)
    for holding in _holdings(tx, window, standards, managers):
        days = visited.get(holding.client_id, ())
        if holding.tier in standards.scored_tiers:
            maximum = standards.tiers[holding.tier].maximum
            frequencies[holding.manager_id].append(_frequency(holding, days, window, maximum))
        coverages[holding.manager_id] += (
            _coverage(holding, days, window, quarter)
            for quarter in _begun(window)
            if holding.client_id in rules.borrowers[quarter.id]
            and is_owed(holding.days(number(quarter.first), _end(quarter)), quarter.days)
        )
    return Care(
        _measures(frequencies),
        _measures(coverages),
        {who: sum((c.planned for c in counts), Fraction(0)) for who, counts in coverages.items()},
        _room(frequencies, coverages),
    )


def _frequency(holding: Holding, days: Sequence[int], window: Window, maximum: int) -> Count:
    """C03a for one client: owed so far, made of those, and whether one more would count."""
    goes_on = holding.ends > window.end and not window.is_over
    made = len(holding.visits(days, window.first, window.end))
    owed = required_visits(holding.days(window.first, window.end), maximum, complete=not goes_on)
    by_end = required_visits(
        holding.days(window.first, _end(window.period)), maximum, complete=True
    )
    room = Effect("C03a", holding.share, counted=made < owed) if goes_on and made < by_end else None
    return Count(holding, min(made, owed), owed, Fraction(owed * holding.share), room)


def _coverage(holding: Holding, days: Sequence[int], window: Window, quarter: Period) -> Count:
    """C03b for one SME borrower and quarter: owed once, and planned by the days elapsed.

    The client is owed the visit, so one before a handover stands for the new manager too: the
    reminder asks for no second one (scoring/coverage).
    """
    first, end = number(quarter.first), min(_end(quarter), window.end)
    made = 1 if any(first <= day < min(end, holding.ends) for day in days) else 0
    elapsed = Fraction(end - first, quarter.days)
    goes_on = holding.ends > window.end and elapsed < 1
    room = Effect("C03b", holding.share, counted=True) if goes_on and not made else None
    return Count(holding, made, 1, elapsed * holding.share, room)


def _measures(counts: Mapping[str, Sequence[Count]]) -> Measures:
    measures = {}
    for manager, all_of_them in counts.items():
        owed = sorted(
            (count for count in all_of_them if count.owed),
            key=lambda count: (count.made - count.owed, count.holding.client_id),
        )
        if owed:
            measures[manager] = Measure(
                sum(count.holding.share * count.made for count in owed),
                sum(count.holding.share * count.owed for count in owed),
                tuple(_row(count) for count in owed[:EVIDENCE]),
                len(owed),
                SHARE,
            )
    return measures


def _row(count: Count) -> Row:
    return {
        "id": count.holding.client_id,
        "made": count.made,
        "owed": count.owed,
        "share_pct": count.holding.share,
    }


def _room(*measured: Mapping[str, Sequence[Count]]) -> dict[tuple[str, str], tuple[Effect, ...]]:
    found: defaultdict[tuple[str, str], tuple[Effect, ...]] = defaultdict(tuple)
    for counts in measured:
        for manager, all_of_them in counts.items():
            for count in all_of_them:
                if count.room:
                    found[manager, count.holding.client_id] += (count.room,)
    return found


def _begun(window: Window) -> tuple[Period, ...]:
    """The period's quarters that have begun."""
    return tuple(q for q in window.period.quarters() if q.first <= window.through)


def _end(period: Period) -> int:
    return number(period.last) + 1


def _holdings(
    tx: Transaction, window: Window, standards: VisitStandards, managers: Collection[str]
) -> list[Holding]:
    scored = or_(Client.tier.in_(standards.scored_tiers), Client.size_class.in_(SME_SIZES))
    statement = (
        select(
            Assignment.manager_id,
            Assignment.client_id,
            Client.tier,
            Assignment.from_day,
            Assignment.to_day,
            Assignment.share_pct,
        )
        .join(Client, Client.id == Assignment.client_id)
        .where(held(window, managers), scored)
        .order_by(Assignment.manager_id, Assignment.client_id, Assignment.from_day)
    )
    holdings = []
    for (manager, client, tier), rows in groupby(tx.execute(statement), lambda row: row[:3]):
        spans = [row[3:] for row in rows]
        holdings.append(
            Holding(manager, client, tier, tuple((s[0], s[1]) for s in spans), spans[-1][2])
        )
    return holdings


def _visited(
    tx: Transaction,
    window: Window,
    rules: VisitRules,
    managers: Collection[str],
) -> dict[str, tuple[int, ...]]:
    """The days of the window with a valid visit, by client, as known by the as-of day."""
    clients = select(Assignment.client_id).where(held(window, managers))
    statement = select(
        VisitRow.client_id, VisitRow.day, VisitRow.logged_day, VisitRow.kind, VisitRow.note
    ).where(
        VisitRow.client_id.in_(clients),
        VisitRow.day.between(window.first, window.end - 1),
        VisitRow.logged_day <= number(window.as_of),
    )
    visits = (
        Visit(client, day_of(day), day_of(logged), kind, note)
        for client, day, logged, kind, note in tx.execute(statement)
    )
    valid = counted_days(visits, rules.standards.log_within, rules.business_days)
    return {client: tuple(map(number, days)) for client, days in valid.items()}
