"""P04: new effective clients, credited to whoever won them.

A client is looked at on the last day of each month. It becomes effective on the first on which it
meets a rule of its segment: that counts once for a legal group, in the period of that day. If it
meets none on the last day of a month soon after, that takes one off, in the period of that day.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Client
from bank.performance.flows import flow_facts
from bank.performance.measuring import Frame
from bank.performance.prospects import AVERAGES, Prospects, wanted
from bank.performance.targets import Worker
from bank.performance.window import Window
from scoring.facts import EVIDENCE, Evidence, Fact, Row
from scoring.periods import Period
from scoring.rounding import whole
from scoring.rules import EffectiveRule, EffectiveRules

DAY = timedelta(days=1)


def effective_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """P04 of each of these managers."""
    managers = [worker.id for worker in workers]
    found = effective_clients(frame, managers).subquery()
    counts = func.sum(found.c.gained - found.c.lost)
    statement = select(found.c.acquirer_id, counts).group_by(found.c.acquirer_id)
    sums = {manager: int(clients) for manager, clients in tx.execute(statement)}
    yield from flow_facts(tx, frame, workers, {"P04": sums}, 1)


def effective_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The new clients a manager won: those that count, then those that do not, or not yet.

    `counts` is 1, 0 or -1 and adds up to the figure; `why` says what keeps an effective client
    from counting. A client that is not effective has the rule it came closest to by the last
    known day: its `metric`, what it `has` and what it `wants`.
    """
    found = effective_clients(frame, [manager]).subquery()
    counts = found.c.gained - found.c.lost
    order = (counts == 0, found.c.qualified.is_(None), found.c.qualified, found.c.client_id)
    clients = list(tx.execute(select(found, counts.label("counts")).order_by(*order)))
    shown = clients[:EVIDENCE]
    earliest = _starts(frame.window, frame.scheme.clients)[-1][1]
    closest = _closest(tx, frame, manager, earliest)
    return Evidence(
        tuple(_row(each, closest.get(each.client_id, {})) for each in shown), len(clients)
    )


def near_clients(tx: Transaction, frame: Frame, manager: str, near_pct: int) -> Iterator[Row]:
    """New clients a manager won that are near to being effective, and may be in the period.

    Each with the rule it came closest to by the last known day, as `effective_evidence` tells it.
    """
    window, back = frame.window, frame.scheme.clients.opened_within_days
    since, today = window.first - back, window.end - 1
    candidates = _own(manager, since, today)
    closest: dict[str, tuple[Fraction, EffectiveRule]] = {}
    for rule in frame.scheme.clients.rules:
        begins = max(since, today - rule.window_days + 1)
        for client, part in _reached(tx, frame, candidates, rule, [today], since=begins):
            if client not in closest or part > closest[client][0]:
                closest[client] = part, rule
    near = {
        client: (part, rule)
        for client, (part, rule) in closest.items()
        if near_pct <= part * 100 < 100  # noqa: PLR2004 - percent
    }
    if not near:
        return
    opened = tx.scalar(select(func.min(Client.opened_day)).where(Client.id.in_(near))) or since
    ends = [end for end in range(opened, today) if day_of(end + 1).day == 1]
    few = _own(manager, since, today, near)
    segments = {rule.segment for _, rule in near.values()}
    effective = {
        client
        for rule in frame.scheme.clients.rules
        if rule.segment in segments and ends
        for client, part in _reached(tx, frame, few, rule, ends, since=opened)
        if part >= 1
    }
    for client in sorted(near.keys() - effective):
        part, rule = near[client]
        has = int(whole(part * rule.threshold))
        yield {"id": client, "metric": rule.metric, "has": has, "wants": rule.threshold}


def _own(manager: str, since: int, last: int, only: Collection[str] | None = None) -> CTE:
    """The clients a manager won in some days, but those whose group was known before."""
    older = aliased(Client)
    known = exists().where(older.group_id == Client.group_id, older.opened_day < since)
    among = true() if only is None else Client.id.in_(only)
    columns = (Client.id.label("client_id"), Client.customer_class.label("segment"))
    return (
        select(*columns, Client.opened_day)
        .where(Client.acquirer_id == manager, Client.opened_day.between(since, last))
        .where(~known, among)
        .cte("candidate")
    )


def _reached(
    tx: Transaction,
    frame: Frame,
    clients: CTE,
    rule: EffectiveRule,
    days: Sequence[int],
    *,
    since: int,
) -> Iterator[tuple[str, Fraction]]:
    """What part of a rule clients reach on each of some days, looking at no day before `since`."""
    on = union_all(*(select(literal(day).label("day")) for day in days)).cte("look")
    for client, _, value in tx.execute(Prospects(frame, clients, on, since).values(rule)):
        yield client, Fraction(int(value), wanted(rule))


def effective_clients(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """The clients these managers won of late: when each became effective, and whether it counts.

    Columns: client_id, acquirer_id, opened_day; `qualified` and `lapsed`, the days or null;
    `gained` and `lost`, 1 where that counts in the window; `barred`, why an effective client never
    counts: its group was known, or counts already, or it was opened too long before the period.
    """
    window, rules = frame.window, frame.scheme.clients
    starts = _starts(window, rules)
    earliest = starts[-1][1]
    ends, clients = _month_ends(earliest, window), _candidates(earliest, window, managers)
    found = Prospects(frame, clients, ends, earliest)
    averages = _met(found, averages=True).cte("held")
    happened = _met(found, averages=False).cte("happened")
    first = _first(averages, happened)
    lapsed = _lapsed(rules, first, ends, averages, happened)
    turn = func.row_number().over(
        partition_by=func.coalesce(literal("group ") + clients.c.group_id, clients.c.client_id),
        order_by=(func.coalesce(first.c.day, window.end), clients.c.client_id),
    )
    barred = case(
        (first.c.day.is_(None), ""),
        (clients.c.group_id.in_(_known_groups(earliest)), "known_group"),
        (turn > 1, "counted_in_group"),
        (~_in_time(starts, first.c.day, clients.c.opened_day), "opened_too_early"),
        else_="",
    )
    every = (
        select(
            clients.c.client_id,
            clients.c.acquirer_id,
            clients.c.opened_day,
            first.c.day.label("qualified"),
            lapsed.c.day.label("lapsed"),
            barred.label("barred"),
        )
        .select_from(clients)
        .outerjoin(first, first.c.client_id == clients.c.client_id)
        .outerjoin(lapsed, lapsed.c.client_id == clients.c.client_id)
        .subquery()
    )
    counts = every.c.barred == ""
    return select(
        every,
        case((counts & (every.c.qualified >= window.first), 1), else_=0).label("gained"),
        case((counts & (every.c.lapsed >= window.first), 1), else_=0).label("lost"),
    ).where(every.c.acquirer_id.in_(managers))


def _starts(window: Window, rules: EffectiveRules) -> list[tuple[int, int]]:
    """The period and those before it in which a client may have qualified that lapses in it.

    As (first day of the period, earliest day a client effective in it was opened), newest first.
    """
    period, back = window.period, rules.opened_within_days
    found = [(window.first, window.first - back)]
    while found[-1][0] > window.first - rules.kept_days:
        last = period.first - DAY
        yearly = len(period.quarters()) > 1
        period = Period.of_year(last.year) if yearly else Period.containing(last)
        found.append((number(period.first), number(period.first) - back))
    return found


def _in_time(
    starts: Sequence[tuple[int, int]], qualified: ColumnElement[int], opened: ColumnElement[int]
) -> ColumnElement[bool]:
    """That a client was opened late enough for the period it became effective in."""
    return case(
        *((qualified >= first, opened >= earliest) for first, earliest in starts), else_=false()
    )


def _month_ends(first: int, window: Window) -> CTE:
    """The last days of the months from a day on that the window knows."""
    ends, day = [], day_of(first)
    while True:
        day = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
        if number(day) > window.end:
            break
        ends.append(number(day) - 1)
    return union_all(*(select(literal(end).label("day")) for end in ends)).cte("month_end")


def _candidates(first: int, window: Window, managers: Collection[str]) -> CTE:
    """The clients opened of late that these managers won, and the others of their groups."""
    opened = Client.opened_day.between(first, window.end - 1)
    won = Client.acquirer_id.in_(managers)
    groups = select(Client.group_id).where(opened, won, Client.group_id.is_not(None))
    return (
        select(
            Client.id.label("client_id"),
            Client.customer_class.label("segment"),
            Client.group_id,
            Client.acquirer_id,
            Client.opened_day,
        )
        .where(opened, or_(won, Client.group_id.in_(groups)))
        .cte("candidate")
    )


def _known_groups(first: int) -> Select[str | None]:
    """Groups of which someone was a client before all the candidates."""
    older = aliased(Client)
    return select(older.group_id).where(older.group_id.is_not(None), older.opened_day < first)


def _met(found: Prospects, *, averages: bool) -> Select[str, int]:
    """(client, month's last day) wherever a rule is met; for what happened, the first such day."""
    met = []
    for rule in found.frame.scheme.clients.rules:
        if (rule.metric in AVERAGES) is averages:
            values = found.values(rule).subquery()
            enough = values.c.value >= wanted(rule)
            met.append(select(values.c.client_id, values.c.day).where(enough))
    clients = found.clients.c
    nobody = select(clients.client_id, clients.opened_day.label("day")).where(false())
    days = union_all(nobody, *met).subquery()
    if averages:
        return select(days.c.client_id, days.c.day).distinct()
    return select(days.c.client_id, func.min(days.c.day).label("day")).group_by(days.c.client_id)


def _first(averages: CTE, happened: CTE) -> CTE:
    """(client, the first of the days on which it met a rule)."""
    either = union_all(select(averages), select(happened)).subquery()
    first = select(either.c.client_id, func.min(either.c.day).label("day"))
    return first.group_by(either.c.client_id).cte("qualified")


def _lapsed(rules: EffectiveRules, first: CTE, ends: CTE, averages: CTE, happened: CTE) -> CTE:
    """(client, the first month's last day, soon after it became effective, on which it was not)."""
    soon = (ends.c.day > first.c.day) & (ends.c.day <= first.c.day + rules.kept_days)
    held = (averages.c.client_id == first.c.client_id) & (averages.c.day == ends.c.day)
    stays = (happened.c.client_id == first.c.client_id) & (happened.c.day <= ends.c.day)
    return (
        select(first.c.client_id, func.min(ends.c.day).label("day"))
        .select_from(first)
        .join(ends, soon)
        .outerjoin(averages, held)
        .outerjoin(happened, stays)
        .where(averages.c.client_id.is_(None), happened.c.client_id.is_(None))
        .group_by(first.c.client_id)
        .cte("lapsed")
    )


def _closest(tx: Transaction, frame: Frame, manager: str, earliest: int) -> dict[str, Row]:
    """The rule each of a manager's clients, opened since a day, came closest to by the last."""
    window = frame.window
    clients = _candidates(earliest, window, [manager])
    today = select(literal(window.end - 1).label("day")).cte("today")
    prospects = Prospects(frame, clients, today, earliest)
    found: dict[str, tuple[Fraction, Row]] = {}
    for rule in frame.scheme.clients.rules:
        values = {row.client_id: int(row.value) for row in tx.execute(prospects.values(rule))}
        mine = select(clients.c.client_id).where(clients.c.segment == rule.segment)
        for client in tx.scalars(mine):
            part = Fraction(values.get(client, 0), wanted(rule))
            has = int(whole(part * rule.threshold))
            row = {"metric": rule.metric, "has": has, "wants": rule.threshold}
            if client not in found or part > found[client][0]:
                found[client] = (part, row)
    return {client: row for client, (_, row) in found.items()}


def _row(client: Any, closest: Row) -> Row:  # noqa: ANN401 - a row of effective_clients
    row: dict[str, str | int] = {
        "id": client.client_id,
        "opened": day_of(client.opened_day).isoformat(),
        "qualified": _iso(client.qualified),
        "lapsed": _iso(client.lapsed),
        "counts": client.counts,
        "why": client.barred,
    }
    return row if client.qualified else {**row, **closest}


def _iso(day: int | None) -> str:
    return "" if day is None else day_of(day).isoformat()
