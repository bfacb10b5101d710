"""Messages as they leave: drawn for the person they are for, in that person's language."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bank.database import Database
from bank.errors import UnknownStaffError
from bank.people import Person, find_staff
from bot.owing import word
from bot.replies.tickets import Seen
from bot.replies.tree import Reply
from bot.slack import blocks
from bot.slack.messenger import Place
from jobs.messenger import Message, TransportError
from scoring.versions import PRODUCTS_OWN, Schemes


def drawn(reply: Reply, place: Place, marker: str) -> dict[str, object]:
    """The outbox payload of a message that is drawn already, and where it belongs."""
    where = {"channel": place.channel, "thread": place.thread}
    return {"place": where, **blocks.message(reply, marker)}


class Drawing:
    """Draws the facts that jobs planned, and passes on what was drawn when it was answered."""

    def __init__(
        self,
        database: Database,
        today: Callable[[], date],
        zone: ZoneInfo,
        schemes: Schemes = PRODUCTS_OWN,
    ) -> None:
        self._database = database
        self._today = today
        self._zone = zone
        self._schemes = schemes

    def slack_user(self, staff_id: str) -> str | None:
        """The Slack account bound to a staff id."""
        return self._person(staff_id).slack_user_id

    def draw(self, message: Message) -> Mapping[str, Any]:
        """A message's `text` and `blocks`."""
        if "blocks" in message.payload:
            return {name: message.payload[name] for name in ("text", "blocks")}
        person = self._person(message.recipient)
        reply = word(
            self._database,
            message,
            person,
            Seen(person.lang, self._today(), self._zone),
            self._schemes,
        )
        return blocks.message(reply, message.marker)

    def _person(self, staff_id: str) -> Person:
        try:
            with self._database.read() as tx:
                return find_staff(tx, staff_id)
        except UnknownStaffError as error:
            raise TransportError(f"no staff member {staff_id}", permanent=True) from error
