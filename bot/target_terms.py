"""What a target's terms must be: an amount well typed, and no more than there is to give."""

from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from bank.audit import Deed
from bank.cascade import cascade_of, name_of, unit_above
from bank.database import Transaction
from bank.targets import Holder, ProposalRecord, Terms, proposal_of
from bot.errors import Refusal
from scoring.indicators import CATALOGUE, Unit

MOST: Final = 10**17
"""A target is below this: a hundred times the largest bank's balance sheet, in fen."""
FACTORS: Final = {"万": 4, "亿": 8, "k": 3, "m": 6}
FEN: Final = 2


def read_amount(text: str, unit: Unit) -> int:
    """An amount as somebody types it: 10,000,000, 1000万, 1.2亿, 10m. In fen, or whole clients.

    Raises Refusal for what is none, is not above zero, or is finer than the unit.
    """
    typed = text.strip().lower().replace(",", "").replace("，", "").strip("¥￥元 ")
    zeros = FACTORS.get(typed[-1:], 0)
    number = typed[:-1] if zeros else typed
    try:
        value = Decimal(number.strip()).scaleb(zeros + (FEN if unit == "cny" else 0))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 < value < MOST or value != int(value):
        raise Refusal("target.amount", text=text.strip()[:40])
    return int(value)


def hold(tx: Transaction, terms: Terms, deed: Deed, why: str) -> ProposalRecord:
    """The proposal, held where it makes more be given out than there is; Refusal without a why.

    What was given out too much before, and allowed, does not hold those who take nothing more.
    """
    over = _over(tx, terms, deed.on)
    if over is None:
        return proposal_of(terms, deed)
    if not why:
        name = name_of(tx, Holder("unit", over[0]))
        raise Refusal("target.over", unit=name, over=plain_amount(over[1], terms))
    return proposal_of(terms, deed, over=over[1], over_reason=why)


def _over(tx: Transaction, terms: Terms, on: date) -> tuple[str, int] | None:
    """The unit that would have given out more than it has, and how much more; None: none would."""
    holder = terms.holder
    above = unit_above(tx, holder, terms.indicator, terms.year)
    cascade = cascade_of(tx, above, terms.indicator, terms.year, on) if above else None
    if above and cascade:
        then = cascade.giving(f"{holder.kind}:{holder.id}", terms.amount)
        if then.over > cascade.over:
            return above, then.over
    own = _own(tx, terms, on)
    return (holder.id, own) if own else None


def _own(tx: Transaction, terms: Terms, on: date) -> int:
    """By how much what a unit has given out exceeds what it is to have."""
    if terms.holder.kind != "unit":
        return 0
    cascade = cascade_of(tx, terms.holder.id, terms.indicator, terms.year, on)
    return replace(cascade, amount=terms.amount).over if cascade else 0


def check_given(tx: Transaction, record: ProposalRecord, on: date) -> None:
    """Refuse to sign a unit's target below what was given out since it was proposed."""
    over = _own(tx, record.terms, on)
    if over > record.over:
        name = name_of(tx, record.terms.holder)
        raise Refusal("target.given_since", unit=name, over=plain_amount(over, record.terms))


def plain_amount(amount: int, terms: Terms) -> str:
    """An amount as it is written for any language: yuan, or clients."""
    money = CATALOGUE[terms.indicator].unit == "cny"
    return f"{Decimal(amount).scaleb(-FEN):,f}" if money else f"{amount:,}"
