"""C03a and C03b: visits made of the visits owed (scoring/coverage decides what counts and is owed).

SQL gathers the clients alike (held so many days, visited so often), and the rules of coverage are
asked once of each kind. Approved leave lessens the days held, and so what is owed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, case, func, literal, select, union_all

from bank.borrowers import SME_SIZES
from bank.clients import contacts
from bank.database import Transaction
from bank.days import number
from bank.performance.facts import percent_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, signed_targets
from bank.performance.visits import (
    Holdings,
    first_visits,
    hand_logged,
    holdings,
    sme_debts,
    visits_made,
)
from bank.performance.window import SHARE, Measure, Window
from scoring.coverage import VisitStandards, due_visits, is_drawn, is_owed, required_visits
from scoring.facts import EVIDENCE, Evidence, Fact
from scoring.levers import Action, Effect
from scoring.periods import Period


@dataclass(frozen=True, slots=True)
class Seen:
    """C03a of one client, or of several alike: days held, and days with a visit that counts."""

    tier: str
    share: int
    days: int
    by_end: int
    """Days held in the whole period, as things stand."""
    goes_on: bool
    """Whether the client stays with the manager beyond the window."""
    made: int

    def owed(self, standards: VisitStandards) -> int:
        """Visits owed so far."""
        maximum = standards.tiers[self.tier].maximum
        return required_visits(self.days, maximum, complete=not self.goes_on)

    def room(self, standards: VisitStandards) -> Effect | None:
        """What one more visit would add, where it would add anything."""
        maximum = standards.tiers[self.tier].maximum
        if not self.goes_on or self.made >= required_visits(self.by_end, maximum, complete=True):
            return None
        visit = Fraction(self.share, SHARE)
        asked = visit if self.made >= self.owed(standards) else Fraction(0)
        return Effect("C03a", visit, asked=asked)


@dataclass(frozen=True, slots=True)
class Covered:
    """C03b of one SME borrower in one quarter, or of several alike."""

    quarter: int
    share: int
    days: int
    """Days held in the whole quarter."""
    goes_on: bool
    made: int

    def is_owed(self, quarters: Sequence[Period]) -> bool:
        """Whether the client is this manager's to visit in the quarter."""
        return is_owed(self.days, quarters[self.quarter].days)

    def room(self) -> Effect | None:
        """What a visit would add, where it would add anything."""
        visit = Fraction(self.share, SHARE)
        return Effect("C03b", visit) if self.goes_on and not self.made else None


@dataclass(slots=True)
class Tally:
    """Visits made and owed, and what the elapsed days ask for, in percent of share."""

    made: int = 0
    owed: int = 0
    planned: Fraction = Fraction(0)

    def measure(self) -> Measure:
        """Made of owed."""
        return Measure(self.made, self.owed, scale=SHARE)


def visit_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """C03a and C03b of each of these managers, in percent.

    The target of C03b grows with the quarter; under one planned visit there is nothing to score.
    """
    managers = [worker.id for worker in workers]
    held = holdings(frame, managers)
    seen, covered = _seen(tx, frame, held), _covered(tx, frame, held)
    signed = signed_targets(tx, frame.window, managers)
    for manager in managers:
        target = signed.get((manager, "C03a"))
        yield manager, percent_fact(frame, "C03a", seen[manager].measure(), target)
        tally, elapsed, measure = covered[manager], Fraction(1), None
        if tally.owed and (tally.planned >= SHARE or frame.window.is_over):
            measure, elapsed = tally.measure(), tally.planned / tally.owed
        target = signed.get((manager, "C03b"))
        yield manager, percent_fact(frame, "C03b", measure, target, elapsed=elapsed)


def frequency_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The clients owed visits, those owed most first: `made` × `share_pct` is the numerator."""
    standards = frame.scheme.visits
    rows = []
    for _, client, each in _each_seen(tx, frame, holdings(frame, [manager])):
        owed = each.owed(standards)
        if owed:
            rows.append(_row(client, min(each.made, owed), owed, each.share))
    return _shown(rows, _drawn(tx, frame, manager))


def coverage_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The SME borrowers to visit, those not seen first: `made` × `share_pct` is the numerator."""
    quarters = begun(frame.window)
    rows = [
        _row(client, each.made, 1, each.share) | {"quarter": quarters[each.quarter].id}
        for _, client, each in _each_covered(tx, frame, holdings(frame, [manager]))
        if each.is_owed(quarters)
    ]
    return _shown(rows, _drawn(tx, frame, manager))


def visit_actions(tx: Transaction, frame: Frame, manager: str) -> Iterator[Action]:
    """The visits due, as the morning's reminder has them, that would still count in the period."""
    on = frame.window.as_of
    room = _room(tx, frame, manager)
    standards = frame.scheme.visits
    held = contacts(tx, [manager], on, standards).get(manager, ())
    for due in due_visits(held, standards, on):
        effects = tuple(room.get(due.client_id, ()))
        if effects:
            yield Action("visit", due.client_id, due.client_id, due.due_by, effects)


def begun(window: Window) -> tuple[Period, ...]:
    """The period's quarters that have begun."""
    return tuple(each for each in window.period.quarters() if each.first <= window.through)


def _room(tx: Transaction, frame: Frame, manager: str) -> Mapping[str, list[Effect]]:
    """What one more visit to a client would add; absent where nothing."""
    found: defaultdict[str, list[Effect]] = defaultdict(list)
    held, quarters = holdings(frame, [manager]), begun(frame.window)
    for _, client, seen in _each_seen(tx, frame, held):
        effect = seen.room(frame.scheme.visits)
        if effect:
            found[client].append(effect)
    for _, client, covered in _each_covered(tx, frame, held):
        effect = covered.room() if covered.is_owed(quarters) else None
        if effect:
            found[client].append(effect)
    return found


def _seen(tx: Transaction, frame: Frame, held: Holdings) -> Mapping[str, Tally]:
    """C03a by manager."""
    clients = _frequency(frame, held).subquery()
    keys = [column for column in clients.c if column.name != "client_id"]
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for manager, *kind, count in tx.execute(select(*keys, func.count()).group_by(*keys)):
        each = _as_seen(kind)
        owed, tally = each.owed(frame.scheme.visits), tallies[manager]
        tally.made += each.share * min(each.made, owed) * count
        tally.owed += each.share * owed * count
    return tallies


def _covered(tx: Transaction, frame: Frame, held: Holdings) -> Mapping[str, Tally]:
    """C03b by manager."""
    clients = _coverage(frame, held).subquery()
    keys = [column for column in clients.c if column.name != "client_id"]
    quarters, last = begun(frame.window), frame.window.through
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for manager, *kind, count in tx.execute(select(*keys, func.count()).group_by(*keys)):
        each = _as_covered(kind)
        if each.is_owed(quarters):
            quarter, tally = quarters[each.quarter], tallies[manager]
            elapsed = (min(quarter.last, last) - quarter.first).days + 1
            tally.made += each.share * each.made * count
            tally.owed += each.share * count
            tally.planned += Fraction(elapsed * each.share * count, quarter.days)
    return tallies


def _each_seen(tx: Transaction, frame: Frame, held: Holdings) -> Iterator[tuple[str, str, Seen]]:
    for found in tx.execute(_frequency(frame, held)):
        manager, client, *kind = found
        yield manager, client, _as_seen(kind)


def _each_covered(
    tx: Transaction, frame: Frame, held: Holdings
) -> Iterator[tuple[str, str, Covered]]:
    for found in tx.execute(_coverage(frame, held)):
        manager, client, *kind = found
        yield manager, client, _as_covered(kind)


def _as_seen(kind: Sequence[Any]) -> Seen:
    tier, share, days, by_end, goes_on, made = kind
    return Seen(tier, share, int(days), int(by_end), bool(goes_on), made)


def _as_covered(kind: Sequence[Any]) -> Covered:
    quarter, share, days, goes_on, made = kind
    return Covered(quarter, share, int(days), bool(goes_on), made)


def _frequency(frame: Frame, held: Holdings) -> Select[*tuple[Any, ...]]:
    """(manager, client, tier, share, days, days by the period's end, goes on, visits made)."""
    of, window = held.table, frame.window
    quarters = [each for each in of.c if each.name.startswith("quarter_")]
    made = visits_made(frame, held).subquery("made")
    goes_on = literal(0) if window.is_over else case((of.c.ends > window.end, 1), else_=0)
    same = (made.c.manager_id == of.c.manager_id) & (made.c.client_id == of.c.client_id)
    return (
        select(
            of.c.manager_id,
            of.c.client_id,
            of.c.tier,
            of.c.share,
            of.c.window,
            sum(quarters[1:], quarters[0]).label("by_end"),
            goes_on.label("goes_on"),
            func.coalesce(made.c.visits, 0).label("visits"),
        )
        .outerjoin(made, same)
        .where(of.c.tier.in_(sorted(frame.scheme.visits.scored_tiers)))
    )


def _coverage(frame: Frame, held: Holdings) -> Any:  # noqa: ANN401 - a union of selects
    """(manager, client, quarter, share, days held in it, goes on, 1 where it was visited).

    The client is owed the visit, so one before a handover stands for the new manager too: the
    reminder asks for no second one (scoring/coverage).
    """
    of, window, quarters = held.table, frame.window, begun(frame.window)
    debts = sme_debts(frame, held, quarters).cte("sme_debt")
    visits = first_visits(frame, held, quarters).cte("first_visit")

    def of_quarter(at: int, quarter: Period) -> Select[*tuple[Any, ...]]:
        end = min(number(quarter.last) + 1, window.end)
        running = quarter.last > window.through
        goes_on = case((of.c.ends > window.end, 1), else_=0) if running else literal(0)
        first = visits.c[f"quarter_{at}"]
        seen = case((first < case((of.c.ends < end, of.c.ends), else_=end), 1), else_=0)
        return (
            select(
                of.c.manager_id,
                of.c.client_id,
                literal(at).label("quarter"),
                of.c.share,
                of.c[f"quarter_{at}"],
                goes_on.label("goes_on"),
                seen.label("seen"),
            )
            .join(debts, debts.c.client_id == of.c.client_id)
            .outerjoin(visits, visits.c.client_id == of.c.client_id)
            .where(of.c.size_class.in_(SME_SIZES), debts.c[f"quarter_{at}"] > 0)
            .where(of.c[f"quarter_{at}"] > 0)
        )

    return union_all(*(of_quarter(at, quarter) for at, quarter in enumerate(quarters)))


def _row(client: str, made: int, owed: int, share: int) -> dict[str, str | int]:
    return {"id": client, "made": made, "owed": owed, "share_pct": share}


def _shown(rows: Sequence[dict[str, str | int]], drawn: Mapping[str, str]) -> Evidence:
    """The rows with the most owed first; `check` names the visits drawn for checking, if any."""
    ordered = sorted(rows, key=lambda row: (int(row["made"]) - int(row["owed"]), row["id"]))
    for row in ordered[:EVIDENCE]:
        if row["id"] in drawn:
            row["check"] = drawn[str(row["id"])]
    return Evidence(tuple(ordered[:EVIDENCE]), len(ordered))


def _drawn(tx: Transaction, frame: Frame, manager: str) -> Mapping[str, str]:
    """By client, the visits the manager wrote down by hand that are drawn for checking."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for client, visit in tx.execute(hand_logged(frame, manager)):
        if is_drawn(visit, frame.scheme.visits.checked_pct):
            found[client].append(visit)
    return {client: " ".join(visits) for client, visits in found.items()}
