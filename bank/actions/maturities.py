"""Deposits that fall due: what is taken to leave, and what to renew."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select

from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Account, Assignment, BalanceInterval, Client
from bank.performance.believed import as_known
from bank.performance.deposits import CLASSES_OF
from bank.performance.measuring import Frame
from bank.performance.window import SHARE
from scoring.levers import Action, Effect

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Maturity:
    """A time deposit that falls due in the rest of the period."""

    account_id: str
    client_id: str
    customer_class: str
    day: date
    """The day it falls due: from then on it may be gone."""
    fen: int
    """The manager's share of it, × the coefficient of its kind for P01."""
    whole_fen: int
    """The manager's share of it, as P05 counts it."""


@dataclass(frozen=True, slots=True)
class Barred:
    """Clients to whom nothing is to be sold now, and why."""

    warned: frozenset[str]
    """With a grave warning that is not closed, confidential ones included."""
    unfit: frozenset[str]
    """At high risk themselves, or with their identity to be checked."""


def outflows(tx: Transaction, frame: Frame, manager: str) -> Mapping[str, Fraction]:
    """What the deposits falling due take off each average by the period's end, in fen.

    The scheme says what part of them is taken to stay.
    """
    leaving = Fraction(PERCENT - frame.scheme.forecast.renewed_pct, PERCENT)
    found: defaultdict[str, Fraction] = defaultdict(Fraction)
    for each in maturities(tx, frame, manager, frame.window.period.last):
        for indicator, fen_days in _weight(frame, each).items():
            found[indicator] -= leaving * fen_days / frame.window.period.days
    return found


def renewals(tx: Transaction, frame: Frame, manager: str, barred: Barred) -> Iterator[Action]:
    """The deposits to renew of late: their money counts for the days it stays, never for one day.

    The forecast takes a part of each to stay already, so doing and lapsing lie on both its sides.
    """
    stays = Fraction(frame.scheme.forecast.renewed_pct, PERCENT)
    until = day_of(frame.window.end - 1 + frame.scheme.levers.horizon_days)
    for each in maturities(tx, frame, manager, min(until, frame.window.period.last)):
        effects = tuple(
            Effect(indicator, fen_days * (1 - stays), lapsed=-fen_days * stays)
            for indicator, fen_days in _weight(frame, each).items()
        )
        yield Action(
            "renewal",
            each.account_id,
            each.client_id,
            each.day,
            effects,
            amount=each.whole_fen,
            suitable=each.client_id not in barred.unfit,
            warned=each.client_id in barred.warned,
        )


def maturities(tx: Transaction, frame: Frame, manager: str, until: date) -> Iterator[Maturity]:
    """The time deposits of the manager's clients that fall due after the window, up to a day."""
    last, balance = frame.window.end - 1, as_known(frame, BalanceInterval)
    coefficients = frame.scheme.coefficients
    statement = (
        select(
            Account.id,
            Account.client_id,
            Account.kind,
            Account.matures_day,
            Client.customer_class,
            Assignment.share_pct,
            balance.c.amount,
        )
        .select_from(Assignment)
        .join(Client, Client.id == Assignment.client_id)
        .join(Account, Account.client_id == Assignment.client_id)
        .join(balance, balance.c.account_id == Account.id)
        .where(
            Assignment.manager_id == manager,
            Assignment.from_day <= last,
            Assignment.to_day > last,
            Account.excluded == "",
            Account.closed_day > last,
            Account.matures_day.between(last + 1, number(until)),
            balance.c.from_day <= last,
            balance.c.to_day > last,
            balance.c.amount > 0,
        )
        .order_by(Account.matures_day, Account.id)
    )
    for account, client, kind, day, customer_class, share, amount in tx.execute(statement):
        held = amount * share // SHARE
        counted = held * coefficients[kind] // PERCENT
        yield Maturity(account, client, customer_class, day_of(day), counted, held)


def _weight(frame: Frame, each: Maturity) -> Mapping[str, Fraction]:
    """What a deposit is worth to each average while it stays to the period's end, in fen × days."""
    days = (frame.window.period.last - each.day).days + 1
    found = {
        indicator: Fraction(each.fen * days)
        for indicator, classes in CLASSES_OF.items()
        if each.customer_class in classes
    }
    found["P05"] = Fraction(each.whole_fen * days)
    wanted = {indicator.id for indicator in frame.scheme.indicators}
    return {indicator: fen_days for indicator, fen_days in found.items() if indicator in wanted}
