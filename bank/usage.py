"""How much of a model each person used on a day, and how much of the day's allowance is left.

Tokens are set aside before a call and put right after it, so that any number of processes
together stay within the allowance.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select, update

from bank.database import Transaction, take_turns
from bank.days import number
from bank.models import ModelUsage


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a call takes in and gives out."""

    taken: int
    given: int

    @property
    def total(self) -> int:
        """Both together, which is what an allowance counts."""
        return self.taken + self.given


@dataclass(frozen=True, slots=True)
class Account:
    """Whose use it is, of which model ("openai:gpt-5-mini"), on which of the bank's days."""

    staff_id: str
    model: str
    day: date


def reserve(tx: Transaction, account: Account, tokens: Tokens, allowance: int) -> bool:
    """Count a call and set its tokens aside; False, with nothing written, beyond the allowance.

    `allowance` is for one person and day over all models, in tokens.
    """
    take_turns(tx, f"usage:{account.staff_id}")
    if used(tx, account.staff_id, account.day).total + tokens.total > allowance:
        return False
    if not _add(tx, account, 1, tokens):
        row = {"calls": 1, "tokens_in": tokens.taken, "tokens_out": tokens.given}
        tx.execute(insert(ModelUsage).values(_key(account) | row))
    return True


def settle(tx: Transaction, account: Account, reserved: Tokens, spent: Tokens) -> None:
    """Put what a call really came to in place of what was set aside for it."""
    more = Tokens(spent.taken - reserved.taken, spent.given - reserved.given)
    _add(tx, account, 0, more)


def used(tx: Transaction, staff_id: str, day: date) -> Tokens:
    """What a person used on a day, of all models together."""
    sums = (func.sum(ModelUsage.tokens_in), func.sum(ModelUsage.tokens_out))
    whose = (ModelUsage.staff_id == staff_id, ModelUsage.day == number(day))
    taken, given = tx.execute(select(*sums).where(*whose)).one()
    return Tokens(int(taken or 0), int(given or 0))


def _add(tx: Transaction, account: Account, calls: int, tokens: Tokens) -> bool:
    more = {
        "calls": ModelUsage.calls + calls,
        "tokens_in": ModelUsage.tokens_in + tokens.taken,
        "tokens_out": ModelUsage.tokens_out + tokens.given,
    }
    same = (getattr(ModelUsage, name) == value for name, value in _key(account).items())
    return tx.execute(update(ModelUsage).where(*same).values(more)).rowcount == 1


def _key(account: Account) -> dict[str, int | str]:
    return {
        "day": number(account.day),
        "staff_id": account.staff_id,
        "model": account.model[:64],
    }
