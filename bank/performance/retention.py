"""C02a quality clients lost, and C02b how much of what they had is still here.

The cohort are the clients of the quality tiers on the period's first day, whoever held them. Each
counts for a manager by percent of share × days held, so a client handed on is lost by nobody. One
that ended its business is held to the end of the window by whoever held it last.

Money is averaged over days: deposits, and other assets at their price right before the period,
for what the market does is no client's leaving.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from math import gcd
from operator import and_, or_
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, false, func, select

from bank.database import Transaction
from bank.days import OPEN, day_of, number
from bank.models import Assignment, Client, ClientAttr
from bank.performance.averages import (
    Fall,
    Part,
    Span,
    account_ends,
    asset_sums,
    deposit_sums,
    name_of,
)
from bank.performance.facts import percent_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, signed_targets
from bank.performance.window import SHARE, Measure, Window, day, greatest, held, least
from scoring.facts import EVIDENCE, NO_CLIENTS, Evidence, Fact
from scoring.rules import ChurnRules

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Look:
    """One day's comparison: the days up to it, with those before them."""

    recent: Span
    before: Span
    fall: Fall

    @classmethod
    def at(cls, name: str, last: int, rules: ChurnRules) -> "Look":
        """The comparison of averages at the end of a day, as one of sums: cross-multiplied."""
        since, end = last + 1 - rules.days, last + 1
        first = since - rules.baseline_days
        times, part = SHARE * rules.baseline_days, rules.below_pct * rules.days
        common = gcd(times, part)
        return cls(
            (f"recent_{name}", since, end),
            (f"before_{name}", first, since),
            Fall(f"fall_{name}", first, since, end, times // common, part // common),
        )


@dataclass(frozen=True, slots=True)
class Looks:
    """What a period's churn compares, as of the window's last day."""

    earlier: tuple[Look, ...]
    """The last month-ends before the period: who was lost by then is not lost again."""
    within: tuple[Look, ...]
    """The month-ends of the window."""
    now: Look
    start: Span
    """The days before the period that say what a client had."""

    def all(self) -> tuple[Look, ...]:
        """Every comparison."""
        return *self.earlier, *self.within, self.now

    def parts(self) -> tuple[Part, ...]:
        """Everything that is added up."""
        falls = (each.fall for each in self.all())
        return self.start, self.now.recent, self.now.before, *falls


@dataclass(slots=True)
class Kept:
    """A manager's sums, in percent of share × days held: of clients, and of them × fen × days."""

    clients: int = 0
    lost: int = 0
    had: int = 0
    kept: int = 0


def retention_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """C02a and C02b, in percent: lost ÷ the cohort, and Σ min(now, then) ÷ Σ then.

    A client is lost when at so many month-ends in a row its average was under a part of that of
    the days before, or when all its accounts are closed. Those whom nobody could have kept are
    left out.
    """
    managers = [worker.id for worker in workers]
    kept, signed = _kept(tx, frame, managers), signed_targets(tx, frame.window, managers)
    unit = SHARE * frame.window.days
    for manager in managers:
        found = kept.get(manager, Kept())
        churn = Measure(found.lost, found.clients, scale=unit)
        stayed = Measure(found.kept, found.had, scale=unit * frame.scheme.churn.days)
        for indicator, measure in (("C02a", churn), ("C02b", stayed)):
            target = signed.get((manager, indicator))
            yield manager, percent_fact(frame, indicator, measure, target, NO_CLIENTS)


def churn_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The lost first, then those at risk: low now, or at the last month-end, and not yet lost.

    The `weight` of the lost (percent of share × days held) adds up to the figure's numerator.
    """
    now = look(frame).now
    found = _clients(frame, [manager]).subquery()
    before, recent = found.c[now.before[0]], found.c[now.recent[0]]
    told = select(found, before.label("before"), recent.label("recent")).where(
        found.c.tier.in_(frame.scheme.churn.tiers), (found.c.lost == 1) | (found.c.at_risk == 1)
    )
    count = tx.scalar(select(func.count()).select_from(told.subquery())) or 0
    order = (found.c.lost.desc(), before.desc(), found.c.client_id)
    rows = tuple(
        {
            "id": row.client_id,
            "state": "lost" if row.lost else "at_risk",
            "weight": row.weight,
            "closed": day_of(row.ended).isoformat() if row.ended < frame.window.end else "",
            "before_fen": _average(row.before, now.before),
            "now_fen": _average(row.recent, now.recent),
        }
        for row in tx.execute(told.order_by(*order).limit(EVIDENCE))
    )
    return Evidence(rows, count)


def retention_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The movers: those who took most away first.

    `kept_fen_days` × `weight` adds up to the figure's numerator.
    """
    looks = look(frame)
    found = _clients(frame, [manager]).subquery()
    then, now = found.c[looks.start[0]], found.c[looks.now.recent[0]]
    told = select(found, then.label("then_sum"), now.label("now_sum")).where(
        found.c.tier.in_(frame.scheme.retention.tiers), then > 0
    )
    count = tx.scalar(select(func.count()).select_from(told.subquery())) or 0
    rows = tuple(
        {
            "id": row.client_id,
            "weight": row.weight,
            "then_fen": _average(row.then_sum, looks.start),
            "now_fen": _average(row.now_sum, looks.now.recent),
            "kept_fen_days": int(min(row.now_sum, row.then_sum)),
        }
        for row in tx.execute(told.order_by(now - then, found.c.client_id).limit(EVIDENCE))
    )
    return Evidence(rows, count)


def look(frame: Frame) -> Looks:
    """What a period's churn compares, as of the window's last day."""
    rules, window = frame.scheme.churn, frame.window
    earlier = _month_ends_before(window.period.first, rules.month_ends)
    within = _month_ends(window)
    return Looks(
        tuple(Look.at(f"e{at}", end, rules) for at, end in enumerate(earlier)),
        tuple(Look.at(f"m{at}", end, rules) for at, end in enumerate(within)),
        Look.at("now", window.end - 1, rules),
        ("start", window.first - rules.days, window.first),
    )


def _month_ends(window: Window) -> tuple[int, ...]:
    """The month-ends of the window, ascending."""
    after = window.through + ONE
    found = []
    while (after := after.replace(day=1)) > window.period.first:
        after -= ONE
        found.append(number(after))
    return tuple(found[::-1])


def _month_ends_before(first: date, count: int) -> tuple[int, ...]:
    """The last so many month-ends before the first day of a month, ascending."""
    found: list[int] = []
    while len(found) < count:
        first = first.replace(day=1) - ONE
        found.append(number(first))
    return tuple(found[::-1])


def _kept(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, Kept]:
    """The sums of each manager; without anyone of the cohort they are absent."""
    rules, looks = frame.scheme, look(frame)
    found = _clients(frame, managers).subquery()
    churn, stay = found.c.tier.in_(rules.churn.tiers), found.c.tier.in_(rules.retention.tiers)
    then, now = found.c[looks.start[0]], found.c[looks.now.recent[0]]
    keys = (found.c.manager_id, found.c.weight)
    statement = select(
        *keys,
        func.sum(case((churn, 1), else_=0)),
        func.sum(case((churn, found.c.lost), else_=0)),
        func.sum(case((stay, then), else_=0)),
        func.sum(case((stay, least(now, then)), else_=0)),
    ).group_by(*keys)
    sums: dict[str, Kept] = {}
    # The weight is multiplied in afterwards: within SQL it would exceed 64 bits.
    for manager, weight, clients, lost, had, kept in tx.execute(statement):
        of = sums.setdefault(manager, Kept())
        of.clients += weight * clients
        of.lost += weight * int(lost)
        of.had += weight * int(had)
        of.kept += weight * int(kept)
    return sums


def _clients(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """One row a manager and client of the cohort: weight, tier, sums of money, lost, at risk."""
    looks, rules = look(frame), frame.scheme.churn
    sums = _sums(frame, looks, managers).subquery("client_sum")
    low = [_is_low(sums.c, each) for each in (*looks.earlier, *looks.within)]
    runs = [
        reduce(and_, low[at - rules.month_ends : at])
        for at in range(rules.month_ends + 1, len(low) + 1)
    ]
    lost = reduce(or_, runs, sums.c.ended < frame.window.end)
    latest = low[-1] if looks.within else false()
    return select(
        sums,
        case((lost, 1), else_=0).label("lost"),
        case((_is_low(sums.c, looks.now) | latest, 1), else_=0).label("at_risk"),
    ).where(
        # Without any account open on the first day, or lost by then, it was no client to keep.
        sums.c.ended > frame.window.first,
        ~reduce(and_, low[: rules.month_ends]),
    )


def _sums(frame: Frame, looks: Looks, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """The cohort with each client's sums of money over every span, and the day it ended."""
    cohort = _cohort(frame, managers).cte("cohort")
    clients = select(cohort.c.client_id)
    deposits = deposit_sums(frame, clients, looks.parts())
    assets = asset_sums(frame, clients, looks.parts())
    ended = account_ends(frame, clients)
    return (
        select(
            cohort.c.manager_id,
            cohort.c.client_id,
            cohort.c.weight,
            cohort.c.tier,
            least(cohort.c.closed_day, func.coalesce(ended.c.ended, OPEN)).label("ended"),
            *(
                (func.coalesce(deposits.c[name], 0) + func.coalesce(assets.c[name], 0)).label(name)
                for name in map(name_of, looks.parts())
            ),
        )
        .outerjoin(deposits, deposits.c.client_id == cohort.c.client_id)
        .outerjoin(assets, assets.c.client_id == cohort.c.client_id)
        .outerjoin(ended, ended.c.client_id == cohort.c.client_id)
    )


def _is_low(sums: Any, at: Look) -> ColumnElement[bool]:  # noqa: ANN401
    """Whether the recent average is under the asked part of the one before."""
    low: ColumnElement[bool] = sums[at.fall.name] < 0
    return low


def _cohort(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """(manager, client, tier, closed day, weight) of the quality clients of the first day."""
    window, rules = frame.window, frame.scheme
    tier = func.coalesce(ClientAttr.tier, Client.tier)
    start = greatest(Assignment.from_day, day(window.first))
    stop = case(
        (Assignment.to_day >= Client.closed_day, day(window.end)),
        else_=least(Assignment.to_day, day(window.end)),
    )
    then = (
        (ClientAttr.client_id == Client.id)
        & (ClientAttr.from_day <= window.first)
        & (ClientAttr.to_day > window.first)
    )
    unavoidable = (Client.closed_day < window.end) & Client.closed_reason.in_(
        rules.churn.not_churn_reasons
    )
    return (
        select(
            Assignment.manager_id,
            Assignment.client_id,
            tier.label("tier"),
            Client.closed_day,
            cast(func.sum(Assignment.share_pct * (stop - start)), BigInteger).label("weight"),
        )
        .join(Client, Client.id == Assignment.client_id)
        .outerjoin(ClientAttr, then)
        .where(
            held(window, managers),
            tier.in_(sorted({*rules.churn.tiers, *rules.retention.tiers})),
            Client.opened_day <= window.first,
            Client.closed_day > window.first,
            ~unavoidable,
        )
        .group_by(Assignment.manager_id, Assignment.client_id, tier, Client.closed_day)
    )


def _average(total: int, span: Span) -> int:
    """A sum of fen × days as an average in whole fen."""
    return int(total) // (span[2] - span[1])
