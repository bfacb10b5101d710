"""A question from Slack: exactly one visible outcome, also across crashes and replicas.

The outcome is owed in the outbox in the same transaction that closes the inbox entry, under the
question's own key; then it is delivered at once.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from bank.database import Database
from bank.inbox import InboxItem, fail, finish
from bank.outbox import OutboxRow, put
from bank.people import Person
from bot.desk import Desk
from bot.errors import Refusal
from bot.replies import answers
from bot.replies.notices import notice, to_stranger
from bot.replies.tree import Reply
from bot.replies.verdicts import with_thumbs
from bot.slack.drawing import drawn
from bot.slack.members import Members
from bot.slack.messenger import Place
from bot.slack.surface import Surface
from bot.slack.worker import LeaseLostError
from bot.text import typed
from bot.wording import say
from jobs.delivery import Delivery
from jobs.messenger import Message


@dataclass(frozen=True, slots=True)
class Questions:
    """Answers direct messages and mentions."""

    database: Database
    desk: Desk
    members: Members
    surface: Surface
    delivery: Delivery
    now: Callable[[], datetime]
    lang: str
    """The language of people whose own is not known."""
    slow: bool = False
    """Whether a model words answers, so that the asker waits long enough to be told."""

    def do(self, item: InboxItem) -> None:
        """Answer, refuse, or stay silent towards machines."""
        asked: Mapping[str, Any] = item.payload
        now = self.now()
        account = self.members.account(asked["user"], now)
        if account.silent:
            self._close(item, None)
            return
        person = self.members.bound(asked["user"], self.desk.today(now))
        member = account.member and asked["home_team"] == _team(item)
        if person is None or not member or asked["external"]:
            self._turn_away(item, asked, member=member)
            return
        with self._at_work(asked, person.lang):
            self._close(item, self._owed(item, person, self._reply(item, person, asked, now)))

    def apologise(self, item: InboxItem) -> None:
        """Say that it was not answered."""
        person = self.members.bound(str(item.payload["user"]), self.desk.today(self.now()))
        lang = person.lang if person else self.lang
        reply = notice(lang, "question.failed")
        self._close(item, self._owed(item, person, reply), failed=True)

    @contextmanager
    def _at_work(self, asked: Mapping[str, Any], lang: str) -> Iterator[None]:
        """Says so in a conversation of two while it takes seconds; Slack forgets it by itself."""
        if not (self.slow and asked["direct"]):
            yield
            return
        root = asked["thread"] or asked["ts"]
        self.surface.status(asked["channel"], root, say(lang, "question.working"))
        try:
            yield
        finally:
            self.surface.status(asked["channel"], root, "")

    def _reply(
        self, item: InboxItem, person: Person, asked: Mapping[str, Any], now: datetime
    ) -> Reply:
        root = asked["thread"] or asked["ts"]
        today = self.desk.today(now)
        try:
            found = self.desk.ask(
                person,
                typed(asked["text"]),
                today,
                question_id=question_id(item.key),
                now=now,
                conversation=f"{_team(item)}/{asked['channel']}/{root}",
                shared=not asked["direct"],
            )
        except Refusal as refusal:
            return notice(person.lang, refusal.key, **refusal.values)
        reply = answers.answer(found.answer, found.officer, found.question_id, today)
        return with_thumbs(reply, found.question_id, found.answer.lang)

    def _turn_away(self, item: InboxItem, asked: Mapping[str, Any], *, member: bool) -> None:
        key = "unbound" if member else "guest"
        key = "shared" if asked["external"] else key
        if asked["direct"]:
            self._close(item, self._owed(item, None, to_stranger(key)))
            return
        self.surface.whisper(
            asked["channel"], asked["user"], to_stranger(key).summary, asked["thread"]
        )
        self._close(item, None)

    def _owed(self, item: InboxItem, person: Person | None, reply: Reply) -> OutboxRow:
        """The outcome, where it was asked; where Slack refuses that, a word to the asker."""
        asked: Mapping[str, Any] = item.payload
        recipient = person.id if person else str(asked["user"])
        unposted = say(person.lang if person else self.lang, "question.unposted")
        place = Place(
            asked["channel"],
            asked["thread"] if asked["direct"] else asked["thread"] or asked["ts"],
        )
        key = f"answer:{item.key}"
        disclosure = "staff" if asked["direct"] else "public"
        marker = Message(key, recipient, "answer", disclosure, {}).marker
        payload = drawn(reply, place, marker)
        payload |= {"instead": {"user": asked["user"], "text": unposted}}
        return OutboxRow(key, recipient, "answer", disclosure, "blue", payload, self.now())

    def _close(self, item: InboxItem, owed: OutboxRow | None, *, failed: bool = False) -> None:
        with self.database.write() as tx:
            if owed:
                put(tx, [owed])
            if not (fail if failed else finish)(tx, item):
                raise LeaseLostError(item.key)
        if owed:
            self.delivery.deliver(owed.key)


def question_id(inbox_key: str) -> str:
    """The id of the question an inbox entry asks: the same each time it is worked on."""
    return sha256(inbox_key.encode()).hexdigest()[:32]


def _team(item: InboxItem) -> str:
    """The workspace of a question's key, "message:<team>/<channel>/<ts>"."""
    return item.key.split(":", 1)[1].split("/", 1)[0]
