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


def _theirs(found: Prospects, rule: EffectiveRule) -> Values:
    clients = found.clients
    return select(clients.c.client_id, clients.c.opened_day).where(
        clients.c.segment == rule.segment
    )


def _each(found: Prospects, pieces: CTE, value: SQLColumnExpression[int]) -> Values:
    """A row for each piece of something and each day after its client was opened."""
    return (
        select(pieces.c.client_id, found.days.c.day, value.label("value"))
        .select_from(pieces)
        .join(found.days, found.days.c.day >= pieces.c.opened_day)
    )


def _gathered(pieces: Values) -> CTE:
    """New clients are few: what they have is gathered first, and looked at day by day then."""
    return pieces.cte().prefix_with("MATERIALIZED")


def _deposits(found: Prospects, rule: EffectiveRule) -> Values:
    balances, clients = as_known(found.frame, BalanceInterval), found.clients
    pieces = _gathered(
        _theirs(found, rule)
        .add_columns(
            balances.c.amount,
            balances.c.from_day,
            least(balances.c.to_day, Account.closed_day).label("to_day"),
        )
        .join(Account, Account.client_id == clients.c.client_id)
        .join(balances, balances.c.account_id == Account.id)
        .where(Account.excluded == "")
    )
    start, stop = _span(found, rule, pieces)
    value = pieces.c.amount * (stop - start)
    return _each(found, pieces, value).where(*_meets(found, rule, pieces))


def _holdings(found: Prospects, rule: EffectiveRule) -> Values:
    """At their prices, each holding's sum to the nearest fen."""
    held, clients = as_known(found.frame, HoldingUnits), found.clients
    pieces = _gathered(
        _theirs(found, rule)
        .add_columns(
            Holding.product_id,
            held.c.units,
            held.c.from_day,
            least(held.c.to_day, Holding.closed_day).label("to_day"),
        )
        .join(Holding, Holding.client_id == clients.c.client_id)
        .join(held, held.c.holding_id == Holding.id)
    )
    first, end = _span(found, rule, pieces)
    spans = _gathered(
        _each(found, pieces, pieces.c.units)
        .add_columns(pieces.c.product_id, first.label("first"), end.label("end"))
        .where(*_meets(found, rule, pieces))
    )
    prices = running_prices(found.frame, found.since, found.frame.window.end)
    before, after = prices.alias("price_before"), prices.alias("price_after")
    priced, units = after.c.before - before.c.before, spans.c.value
    part = (units % PER_FEN * priced + PER_FEN // 2) // PER_FEN
    return (
        select(spans.c.client_id, spans.c.day, (units // PER_FEN * priced + part).label("value"))
        .join(before, (before.c.product_id == spans.c.product_id) & (before.c.day == spans.c.first))
        .join(after, (after.c.product_id == spans.c.product_id) & (after.c.day == spans.c.end))
    )


def _assets(found: Prospects, rule: EffectiveRule) -> Values:
    both = union_all(_deposits(found, rule), _holdings(found, rule)).subquery()
    return select(both.c.client_id, both.c.day, both.c.value)


def _credit(found: Prospects, rule: EffectiveRule) -> Values:
    pieces = _gathered(
        _theirs(found, rule)
        .add_columns(MOVES.c.day, MOVES.c.amount)
        .join(Loan, Loan.client_id == found.clients.c.client_id)
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(MOVES.c.kind == "drawdown", MOVES.c.known_day <= found.frame.known)
    )
    return _happened(found, rule, pieces, pieces.c.amount)


def _settlements(found: Prospects, rule: EffectiveRule) -> Values:
    pieces = _fees(found, rule)
    settled = (pieces.c.income_line == "settlement") & (pieces.c.amount > 0)
    return _happened(found, rule, pieces, case((settled, 1), else_=0))


def _revenue(found: Prospects, rule: EffectiveRule) -> Values:
    pieces = _fees(found, rule)
    return _happened(found, rule, pieces, pieces.c.amount)


def _fees(found: Prospects, rule: EffectiveRule) -> CTE:
    return _gathered(
        _theirs(found, rule)
        .add_columns(FeeEvent.day, FeeEvent.amount, FeeEvent.income_line)
        .join(FeeEvent, FeeEvent.client_id == found.clients.c.client_id)
        .where(is_counted())
    )


def _span(
    found: Prospects, rule: EffectiveRule, pieces: CTE
) -> tuple[SQLColumnExpression[int], SQLColumnExpression[int]]:
    """The days of a piece that lie in the rule's window up to a day: [first, end)."""
    today = found.days.c.day
    start = greatest(pieces.c.from_day, today - (rule.window_days - 1), day(found.since))
    return start, least(pieces.c.to_day, today + 1)


def _meets(found: Prospects, rule: EffectiveRule, pieces: CTE) -> tuple[ColumnElement[bool], ...]:
    """That a piece has days in the window; most have none, and say so at once."""
    today = found.days.c.day
    start, stop = _span(found, rule, pieces)
    return (
        pieces.c.from_day <= today,
        pieces.c.to_day > today - (rule.window_days - 1),
        start < stop,
    )


def _happened(
    found: Prospects, rule: EffectiveRule, pieces: CTE, value: SQLColumnExpression[int]
) -> Values:
    today = found.days.c.day
    within = pieces.c.day.between(today - (rule.window_days - 1), today)
    return _each(found, pieces, value).where(within)


_METRICS: Mapping[Metric, Callable[[Prospects, EffectiveRule], Values]] = {
    "assets": _assets,
    "deposits": _deposits,
    "credit": _credit,
    "settlements": _settlements,
    "revenue": _revenue,
}
