"""What new clients have of what makes them effective (P04): averages, credit drawn, fees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    SQLColumnExpression,
    case,
    func,
    select,
    union_all,
)

from bank.loans import MOVES
from bank.models import Account, BalanceInterval, FeeEvent, Holding, HoldingUnits, Loan
from bank.performance.believed import as_known
from bank.performance.income import is_counted
from bank.performance.measuring import Frame
from bank.performance.spans import PER_FEN
from bank.performance.window import day, greatest, least
from bank.performance.worth import running_prices
from scoring.rules import EffectiveRule, Metric

Values = Select[*tuple[Any, ...]]
AVERAGES: frozenset[Metric] = frozenset({"assets", "deposits"})
"""Metrics that may fall again; what happened stays, unless it is taken back."""


@dataclass(frozen=True, slots=True)
class Prospects:
    """New clients and the days to look at them on, both as tables of a statement.

    `clients` has client_id, segment and opened_day, `days` has day. Nothing before day number
    `since` is looked at.
    """

    frame: Frame
    clients: CTE
    days: CTE
    since: int

    def values(self, rule: EffectiveRule) -> Values:
        """(client_id, day, value) of a rule's metric over its window of days up to each day.

        Averages are in fen × days, to compare with `wanted`. Days before a client was opened are
        left out, and who has nothing is absent.
        """
        found = _METRICS[rule.metric](self, rule).subquery()
        keys = (found.c.client_id, found.c.day)
        return select(*keys, func.sum(found.c.value).label("value")).group_by(*keys)


def wanted(rule: EffectiveRule) -> int:
    """What a client's value must reach."""
    return rule.threshold * (rule.window_days if rule.metric in AVERAGES else 1)


def _each(found: Prospects, rule: EffectiveRule, value: SQLColumnExpression[int]) -> Values:
    clients, days = found.clients, found.days
    return (
        select(clients.c.client_id, days.c.day, value.label("value"))
        .select_from(clients)
        .join(days, days.c.day >= clients.c.opened_day)
        .where(clients.c.segment == rule.segment)
    )


def _deposits(found: Prospects, rule: EffectiveRule) -> Values:
    balances = as_known(found.frame, BalanceInterval)
    start, stop = _span(found, rule, balances.c.from_day, balances.c.to_day, Account.closed_day)
    return (
        _each(found, rule, balances.c.amount * (stop - start))
        .join(Account, Account.client_id == found.clients.c.client_id)
        .join(balances, balances.c.account_id == Account.id)
        .where(Account.excluded == "", balances.c.from_day <= found.days.c.day, start < stop)
    )


def _holdings(found: Prospects, rule: EffectiveRule) -> Values:
    """At their prices, each holding's sum to the nearest fen."""
    held = as_known(found.frame, HoldingUnits)
    prices = running_prices(found.frame, found.since, found.frame.window.end)
    before, after = prices.alias("price_before"), prices.alias("price_after")
    start, stop = _span(found, rule, held.c.from_day, held.c.to_day, Holding.closed_day)
    priced = after.c.before - before.c.before
    part = (held.c.units % PER_FEN * priced + PER_FEN // 2) // PER_FEN
    return (
        _each(found, rule, held.c.units // PER_FEN * priced + part)
        .join(Holding, Holding.client_id == found.clients.c.client_id)
        .join(held, held.c.holding_id == Holding.id)
        .join(before, (before.c.product_id == Holding.product_id) & (before.c.day == start))
        .join(after, (after.c.product_id == Holding.product_id) & (after.c.day == stop))
        .where(held.c.from_day <= found.days.c.day, start < stop)
    )


def _assets(found: Prospects, rule: EffectiveRule) -> Values:
    both = union_all(_deposits(found, rule), _holdings(found, rule)).subquery()
    return select(both.c.client_id, both.c.day, both.c.value)


def _credit(found: Prospects, rule: EffectiveRule) -> Values:
    return (
        _each(found, rule, MOVES.c.amount)
        .join(Loan, Loan.client_id == found.clients.c.client_id)
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(
            MOVES.c.kind == "drawdown",
            MOVES.c.known_day <= found.frame.known,
            _within(found, rule, MOVES.c.day),
        )
    )


def _settlements(found: Prospects, rule: EffectiveRule) -> Values:
    settled = (FeeEvent.income_line == "settlement") & (FeeEvent.amount > 0)
    return _fees(found, rule, case((settled, 1), else_=0))


def _revenue(found: Prospects, rule: EffectiveRule) -> Values:
    return _fees(found, rule, FeeEvent.amount)


def _fees(found: Prospects, rule: EffectiveRule, value: SQLColumnExpression[int]) -> Values:
    return (
        _each(found, rule, value)
        .join(FeeEvent, FeeEvent.client_id == found.clients.c.client_id)
        .where(is_counted(), _within(found, rule, FeeEvent.day))
    )


def _span(
    found: Prospects,
    rule: EffectiveRule,
    start: SQLColumnExpression[int],
    *stops: SQLColumnExpression[int],
) -> tuple[SQLColumnExpression[int], SQLColumnExpression[int]]:
    """The days of an interval that lie in the rule's window up to a day: [first, end)."""
    first = greatest(start, found.days.c.day - (rule.window_days - 1), day(found.since))
    return first, least(*stops, found.days.c.day + 1)


def _within(
    found: Prospects, rule: EffectiveRule, happened: SQLColumnExpression[int]
) -> ColumnElement[bool]:
    return happened.between(found.days.c.day - (rule.window_days - 1), found.days.c.day)


_METRICS: Mapping[Metric, Callable[[Prospects, EffectiveRule], Values]] = {
    "assets": _assets,
    "deposits": _deposits,
    "credit": _credit,
    "settlements": _settlements,
    "revenue": _revenue,
}
