"""Targets: what leads hear of those that are out of reach, and whether what is owed still holds.

After each run of scores, the lead of whoever is to bring more a week than can be brought is asked,
once a quarter for each indicator, to talk it over: a larger number would help nobody.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bank import outbox, schedule
from bank.cycle.inputs import last_scored
from bank.database import Database, Transaction
from bank.errors import UnknownStaffError
from bank.outbox import OutboxItem, OutboxRow
from bank.people import find_staff, superiors
from bank.performance import latest_scorecard
from bank.performance.reach import beyond_reach
from bank.targets import find_proposal
from scoring.periods import Period
from scoring.scorecard import Scorecard

COACHING: Final = "target_coaching"

KINDS: Final = frozenset({"target", COACHING})
"""What asks somebody to sign, to allow or to talk, and what tells of it. All keep hours."""
WAITS: Final[Mapping[str, str]] = {"sign": "proposed", "allow": "held"}
"""The state a proposal is in while it waits at a stage."""


def coach_when_due(db: Database, now: datetime, zone: ZoneInfo) -> int:
    """Owe leads what the newest scores call for, on whichever replica; how many are new."""
    with db.read() as tx:
        scored = last_scored(tx)
        if scored is None or scored > now or schedule.fired(tx, COACHING, scored):
            return 0
        rows = [*_coaching(tx, now.astimezone(zone).date(), now)]
    with db.write() as tx:
        return outbox.put(tx, rows) if schedule.fire(tx, COACHING, scored, now) else 0


def _coaching(tx: Transaction, on: date, now: datetime) -> Iterator[OutboxRow]:
    period = Period.containing(on)
    for card in beyond_reach(tx, period, on):
        manager = find_staff(tx, card.manager)
        for lead in superiors(tx, manager.unit_id, on)[:1]:
            for indicator in out_of_reach(card):
                facts: Mapping[str, object] = {
                    "manager": manager.id,
                    "indicator": indicator,
                    "period": period.id,
                }
                key = f"{COACHING}:{manager.id}:{indicator}:{period.id}:{lead.id}"
                yield OutboxRow(key, lead.id, COACHING, "personal", "yellow", facts, now)


def out_of_reach(card: Scorecard) -> tuple[str, ...]:
    """The indicators of a scorecard that cannot be made up at the best rate there has been."""
    return tuple(
        pace.indicator for pace in card.pace if pace.milestone and pace.milestone.infeasible
    )


def _is_out_of_reach(tx: Transaction, facts: Mapping[str, object], on: date) -> bool:
    period = Period.parse(str(facts["period"]))
    latest = latest_scorecard(tx, str(facts["manager"]), period, on)
    return latest is not None and facts["indicator"] in out_of_reach(latest.card)


def still_holds(tx: Transaction, item: OutboxItem, on: date) -> Mapping[str, object] | None:
    """The facts of such a message as it leaves; None when nothing of it is left to say.

    What asks holds while it is waited for; what tells holds while its reader works here.
    """
    try:
        here = find_staff(tx, item.recipient).active_on(on)
    except UnknownStaffError:
        return None
    if item.kind == COACHING:
        return item.payload if here and _is_out_of_reach(tx, item.payload, on) else None
    proposal = find_proposal(tx, str(item.payload["proposal"]))
    if proposal is None or not here:
        return None
    state = WAITS.get(str(item.payload["stage"]), proposal.state)
    return item.payload if proposal.state == state else None
