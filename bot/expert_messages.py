"""The messages that tickets and verified answers owe to people, each under its business key.

They hold ids; what they say is looked up as they leave (bot/owing).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bank.database import Transaction
from bank.outbox import OutboxRow
from bank.people import find_staff
from bank.tickets import TicketRecord
from bank.verified import Present, VerifiedRecord
from bot.trail import in_slack, is_shared


def asks(ticket: TicketRecord, now: datetime) -> OutboxRow:
    """To its owner: a ticket is theirs to answer."""
    facts: Mapping[str, object] = {"ticket": ticket.id, "stage": "asked", "turn": ticket.turn}
    key = f"ticket:{ticket.id}:asked:{ticket.turn}"
    return OutboxRow(key, ticket.owner_id, "ticket", "staff", "yellow", facts, now)


def replies(
    tx: Transaction, ticket: TicketRecord, rests: Sequence[Present], now: datetime
) -> OutboxRow:
    """The reply where the question was asked; to the asker alone where others may not read it.

    So it is when a clause of it is not for everybody. Where Slack refuses the place, the asker
    gets it in their own conversation instead.
    """
    facts: dict[str, object] = {
        "ticket": ticket.id,
        "clauses": [[one.name.policy, one.name.number] for one in rests],
    }
    disclosure = "staff"
    shared = is_shared(ticket.conversation)
    everyone = all(one.passages[0].policy.open_to((), ()) for one in rests)
    if in_slack(ticket.conversation) and (everyone or not shared):
        disclosure = "public" if shared else "staff"
        account = find_staff(tx, ticket.asker_id).slack_user_id
        facts |= {"place": _place(ticket), **({"instead": {"user": account}} if account else {})}
    key = f"ticket:{ticket.id}:reply"
    return OutboxRow(key, ticket.asker_id, "ticket_reply", disclosure, "blue", facts, now)


def asks_for_approval(record: VerifiedRecord, now: datetime) -> list[OutboxRow]:
    """To whoever is to approve a proposal; nothing while there is nobody."""
    if record.approver_id is None:
        return []
    facts: Mapping[str, object] = {"verified": record.id}
    key = f"verified:{record.id}:{record.turn}:approve"
    return [OutboxRow(key, record.approver_id, "approval", "staff", "yellow", facts, now)]


def tells(record: VerifiedRecord, whom: str, news: str, now: datetime) -> OutboxRow:
    """To somebody: what became of an answer, `record` as it was before that."""
    facts: Mapping[str, object] = {"verified": record.id, "news": news}
    key = f"verified:{record.id}:{record.turn + 1}:{whom}"
    return OutboxRow(key, whom, "verified_news", "staff", "blue", facts, now)


def _place(ticket: TicketRecord) -> Mapping[str, str]:
    _, channel, root = ticket.conversation.split("/", 2)
    return {"channel": channel, "thread": root}
