"""The client brief: what a manager needs to know before seeing a client.

A fixed number of statements, however much the client holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bank.balances import last_business_day
from bank.briefs.care import (
    Complaint,
    Inquiry,
    Need,
    Note,
    Paper,
    complaints,
    inquiries,
    last_met,
    needs,
    notes,
    papers,
)
from bank.briefs.client import Facts, Keeper, client_facts, keepers
from bank.briefs.credit import CreditLine, Debt, credit_lines, debts
from bank.briefs.wealth import Deposits, Position, TimeDeposit, deposits, positions
from bank.database import Transaction
from bank.days import OPEN, day_of, number
from bank.health import ClientHealth, client_health
from bank.warnings import ClientWarning, client_warnings

__all__ = [
    "ClientBrief",
    "Complaint",
    "CreditLine",
    "Debt",
    "Deposits",
    "Facts",
    "Inquiry",
    "Keeper",
    "Maturity",
    "Need",
    "Note",
    "Paper",
    "Position",
    "TimeDeposit",
    "brief",
    "client_facts",
    "keepers",
]


AHEAD = 90
"""Days a brief looks ahead."""


@dataclass(frozen=True, slots=True)
class Maturity:
    """Something that ends on a day: `name` is a product's, or a loan's or a line's purpose.

    `amount` is None for a product without a price.
    """

    kind: Literal["deposit", "product", "loan", "line"]
    id: str
    name: str
    amount: int | None
    day: date


@dataclass(frozen=True, slots=True)
class ClientBrief:
    """A client on the day `on`; its figures are those at the end of `as_of`. Money is fen."""

    on: date
    as_of: date
    client: Facts
    keepers: tuple[Keeper, ...]
    """Who looks after the client on the day, the largest share first."""
    last_met: date | None
    """Day of the last visit on site or by video; `then` of a figure is its value on it."""
    deposits: Deposits
    positions: tuple[Position, ...]
    debts: tuple[Debt, ...]
    lines: tuple[CreditLine, ...]
    maturities: tuple[Maturity, ...]
    """What ends within AHEAD, the nearest first."""
    warnings: tuple[ClientWarning, ...]
    """Unanswered ones, without those that only compliance may know of."""
    notes: tuple[Note, ...]
    """The last three, the newest first."""
    needs: tuple[Need, ...]
    inquiries: tuple[Inquiry, ...]
    complaints: tuple[Complaint, ...]
    papers: tuple[Paper, ...]
    health: ClientHealth


def brief(tx: Transaction, client_id: str, on: date) -> ClientBrief:
    """What is known of a client on a day. Who may see it is decided before (bot/access).

    The client must exist. Raises NothingLoadedError while the bank is empty.
    """
    client = client_facts(tx, client_id, on)
    as_of = min(on, last_business_day(tx))
    met = last_met(tx, client_id, on)
    then = min(met, as_of) if met else None
    held = deposits(tx, client_id, as_of, then)
    owned = positions(tx, client_id, as_of, then)
    owed, open_lines = debts(tx, client_id, as_of), credit_lines(tx, client_id, on)
    ending = (*_ending(held, owned), *_credit_ending(owed, open_lines))
    until = day_of(min(number(on) + AHEAD, OPEN))
    soon = (each for each in ending if on <= each.day <= until)
    return ClientBrief(
        on=on,
        as_of=as_of,
        client=client,
        keepers=keepers(tx, client_id, on),
        last_met=met,
        deposits=held,
        positions=owned,
        debts=owed,
        lines=open_lines,
        maturities=tuple(sorted(soon, key=lambda each: (each.day, each.kind, each.id))),
        warnings=client_warnings(tx, client_id, on),
        notes=notes(tx, client_id, on),
        needs=needs(tx, client_id, on),
        inquiries=inquiries(tx, client_id, on),
        complaints=complaints(tx, client_id, on),
        papers=papers(tx, client, on, until),
        health=client_health(tx, [client_id], on)[client_id],
    )


def _ending(held: Deposits, owned: tuple[Position, ...]) -> Iterator[Maturity]:
    for timed in held.timed:
        yield Maturity("deposit", timed.account_id, "", timed.amount, timed.matures)
    for each in owned:
        if each.matures and each.value != 0:
            yield Maturity("product", each.id, each.product, each.value, each.matures)


def _credit_ending(owed: tuple[Debt, ...], lines: tuple[CreditLine, ...]) -> Iterator[Maturity]:
    for debt in owed:
        if debt.matures:
            yield Maturity("loan", debt.id, debt.purpose, debt.outstanding, debt.matures)
    for line in lines:
        yield Maturity("line", line.id, line.purpose, line.amount, line.ends)
