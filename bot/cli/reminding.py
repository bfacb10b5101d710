"""remind: what would go out at a moment, and sending it."""

from datetime import datetime

from bank.database import Database
from bank.people import Person, find_staff
from bot import assemble
from bot.cli.output import Output, UsageError
from bot.replies.owed import text
from bot.settings import Settings, read_settings
from jobs.cycle import advance_when_due
from jobs.delivery import Delivery
from jobs.planned import Planned
from jobs.planning import commit_plan, plan
from jobs.weekly import tell_week_when_due, weekly_messages


def remind(output: Output, now: str, *, send: bool) -> None:
    """`daybook remind`."""
    settings = read_settings()
    moment = _moment(now, settings)
    schemes = assemble.open_schemes(settings)
    with assemble.open_bank(settings) as database:
        with database.read() as tx:
            planned = [
                *plan(tx, moment, settings.zone, schemes),
                *weekly_messages(tx, moment, settings.zone),
            ]
            people = {row.recipient: find_staff(tx, row.recipient) for row in planned}
        sent = _send(settings, database, moment) if send else 0
    told = [_told(row, people[row.recipient], settings) for row in planned]
    output.data({"planned": told, "sent": sent})
    if not output.json:
        for row in told:
            output.line(f"{row['recipient']} · {row['kind']} · {row['due_at']}")
            output.line("\n".join(f"  {line}" for line in row["text"].split("\n")))
    output.line(f"{len(told)} planned, {sent} sent")


def _moment(text: str, settings: Settings) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--now {text!r} is not a moment: write it like 2026-11-18T08:30+08:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=settings.zone)


def _send(settings: Settings, database: Database, moment: datetime) -> int:
    schemes = assemble.open_schemes(settings)
    commit_plan(database, moment, settings.zone, schemes)
    tell_week_when_due(database, moment, settings.zone)
    advance_when_due(database, moment, settings.zone, schemes)
    messenger = assemble.open_messenger(settings, database, lambda: moment)
    counts = Delivery(database, messenger, settings.zone, lambda: moment, schemes).deliver_due()
    return counts.get("sent", 0)


def _told(row: Planned, person: Person, settings: Settings) -> dict[str, str]:
    return {
        "key": row.key,
        "recipient": row.recipient,
        "kind": row.kind,
        "subject": row.subject,
        "severity": row.severity,
        "due_at": row.due_at.astimezone(settings.zone).isoformat(),
        "text": text(row.kind, row.payload, person.lang),
    }
