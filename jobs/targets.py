"""Targets: whether what is owed about one still holds as it leaves."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from bank.database import Transaction
from bank.errors import UnknownStaffError
from bank.outbox import OutboxItem
from bank.people import find_staff
from bank.targets import find_proposal

KINDS: Final = frozenset({"target"})
"""What asks somebody to sign or to allow, and what tells what came of it. All keep to hours."""
WAITS: Final[Mapping[str, str]] = {"sign": "proposed", "allow": "held"}
"""The state a proposal is in while it waits at a stage."""


def still_holds(tx: Transaction, item: OutboxItem, on: date) -> Mapping[str, object] | None:
    """The facts of such a message as it leaves; None when nothing of it is left to say.

    What asks holds while it is waited for; what tells holds while its reader works here.
    """
    try:
        here = find_staff(tx, item.recipient).active_on(on)
    except UnknownStaffError:
        return None
    proposal = find_proposal(tx, str(item.payload["proposal"]))
    if proposal is None or not here:
        return None
    state = WAITS.get(str(item.payload["stage"]), proposal.state)
    return item.payload if proposal.state == state else None
