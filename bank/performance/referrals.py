"""C04: new effective clients whom another client recommended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select

from bank.database import Transaction
from bank.days import day_of
from bank.models import Referral
from bank.performance.acquisition import effective_clients
from bank.performance.facts import percent_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, signed_targets
from bank.performance.window import Measure, Window
from scoring.facts import EVIDENCE, TOO_FEW, Evidence, Fact
from scoring.periods import Period

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Won:
    """A manager's new clients that count, and those of them that were recommended."""

    clients: int
    referred: int


NOBODY = Won(0, 0)


def referral_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """C04: new effective clients with a referral ÷ all of them, in percent.

    A referral counts when it was noted before the client was opened, by someone neither staff
    nor related. With too few new clients in the period the trailing quarters are looked at; too
    few in those as well are no figure.
    """
    managers = [worker.id for worker in workers]
    found, fewest = _won(tx, frame, managers), frame.scheme.referrals.fewest
    signed = signed_targets(tx, frame.window, managers)
    for manager in managers:
        won = _chosen(*found.get(manager, (NOBODY, NOBODY)), fewest)
        measure = Measure(won.referred, won.clients) if won.clients >= fewest else None
        target = signed.get((manager, "C04"))
        yield manager, percent_fact(frame, "C04", measure, target, TOO_FEW)


def referral_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The new clients looked at, and who recommended them: `counted` adds up to the numerator."""
    own, trailing = _won(tx, frame, [manager]).get(manager, (NOBODY, NOBODY))
    won = _new_clients(frame, [manager]).subquery()
    wanted = _chosen(own, trailing, frame.scheme.referrals.fewest)
    statement = (
        select(won, won.c.referred.label("counted"), _referrer(won).label("referrer"))
        .where(won.c.is_own >= (1 if wanted is own else 0))
        .order_by(won.c.referred.desc(), won.c.opened_day, won.c.client_id)
    )
    every = tx.execute(statement).all()
    rows = tuple(
        {
            "id": row.client_id,
            "opened": day_of(row.opened_day).isoformat(),
            "effective": day_of(row.qualified).isoformat(),
            "referrer": row.referrer or "",
            "counted": row.counted,
        }
        for row in every[:EVIDENCE]
    )
    return Evidence(rows, len(every))


def _chosen(own: Won, trailing: Won, fewest: int) -> Won:
    """The period's clients, or where they are too few those of the trailing quarters."""
    return own if own.clients >= fewest else trailing


def _won(tx: Transaction, frame: Frame, managers: Sequence[str]) -> dict[str, tuple[Won, Won]]:
    """What each manager won in the period, and in the trailing quarters."""
    won = _new_clients(frame, managers).subquery()
    statement = select(
        won.c.acquirer_id,
        func.sum(won.c.is_own),
        func.sum(won.c.is_own * won.c.referred),
        func.count(),
        func.sum(won.c.referred),
    ).group_by(won.c.acquirer_id)
    return {
        manager: (Won(int(own), int(own_referred)), Won(clients, int(referred)))
        for manager, own, own_referred, clients, referred in tx.execute(statement)
    }


def _new_clients(frame: Frame, managers: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """The trailing quarters' new effective clients that were not lost again.

    `is_own` is 1 where a client counts for the period itself, `referred` where it was recommended.
    """
    window, rules = frame.window, frame.scheme.clients
    every = effective_clients(_trailing(frame), managers).subquery()
    is_own = (every.c.qualified >= window.first) & (
        every.c.opened_day >= window.first - rules.opened_within_days
    )
    return select(
        every.c.acquirer_id,
        every.c.client_id,
        every.c.opened_day,
        every.c.qualified,
        case((is_own, 1), else_=0).label("is_own"),
        case((_referrer(every).is_not(None), 1), else_=0).label("referred"),
    ).where(every.c.gained == 1, every.c.lost == 0)


def _referrer(won: Subquery) -> ColumnElement[str | None]:
    """Who recommended a client in time, the first by id of several; null where nobody did."""
    return (
        select(func.min(Referral.referrer_id))
        .where(
            Referral.client_id == won.c.client_id,
            Referral.day < won.c.opened_day,
            Referral.related.is_(False),
        )
        .scalar_subquery()
    )


def _trailing(frame: Frame) -> Frame:
    """The frame of the period's last known quarter and those before it, as one window."""
    window = frame.window
    last = first = Period.containing(window.through)
    for _ in range(frame.scheme.referrals.quarters - 1):
        first = Period.containing(first.first - ONE)
    span = Period(f"{first.id} to {last.id}", first.first, last.last)
    return replace(frame, window=Window.of(span, window.as_of))
