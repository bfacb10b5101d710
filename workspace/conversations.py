"""Messages, in memory: direct messages with the bot, and channels."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from workspace.clock import Clock
from workspace.directory import Person, Team
from workspace.errors import SlackError
from workspace.findings import Json
from workspace.interaction import with_ids

SLACKBOT: Final = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Post:
    """One message. `only_for`: the one person who sees it (an ephemeral), or empty."""

    channel: str
    message: Json
    only_for: str = ""

    @property
    def ts(self) -> str:
        """Slack's timestamp: its id in the conversation, and its time."""
        return str(self.message["ts"])

    @property
    def root(self) -> str:
        """The thread it belongs to; its own ts when it starts one."""
        return str(self.message.get("thread_ts") or self.message["ts"])


class Conversations:
    """Every conversation the bot can be in."""

    def __init__(self, team: Team, clock: Clock) -> None:
        self.team = team
        self._clock = clock
        self._posts: dict[str, list[Post]] = {}
        self._last_micros = 0

    def stamp(self) -> str:
        """A message timestamp: the clock's time, always later than the one before."""
        micros = int(self._clock.now().timestamp() * 1_000_000)
        self._last_micros = max(micros, self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def dm_of(self, user: str) -> str:
        """The id of a person's direct conversation with the bot."""
        return f"D{user[1:]}"

    def person_in(self, channel: str) -> Person | None:
        """Whose direct conversation this is; None for a channel."""
        return next((p for p in self.team.people if self.dm_of(p.id) == channel), None)

    def members(self, channel: str) -> tuple[str, ...]:
        """Who is in a conversation; SlackError channel_not_found when it does not exist."""
        person = self.person_in(channel)
        if person:
            return (person.id, self.team.bot_user)
        found = self.team.channel(channel)
        if found is None:
            raise SlackError("channel_not_found")
        return found.members

    def for_bot(self, channel: str) -> str:
        """The conversation an app names (a user's id means their DM), if the bot is in it."""
        if self.team.person(channel) and channel != self.team.bot_user:
            channel = self.dm_of(channel)
        if self.team.bot_user not in self.members(channel):
            raise SlackError("not_in_channel")
        return channel

    def add(self, channel: str, fields: Json, only_for: str = "") -> Post:
        """Append a message; `fields` are its Slack fields but for type and ts."""
        message: Json = {"type": "message", "ts": self.stamp()} | fields
        if message.get("blocks"):
            message["blocks"] = with_ids(message["blocks"])
        post = Post(channel, message, only_for)
        self._posts.setdefault(channel, []).append(post)
        return post

    def say_as_person(self, person: Person, channel: str, text: str, thread: str = "") -> Post:
        """A person types `text`; @names become mentions, and &, <, > are escaped."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        marked = self._with_mentions(escaped)
        fields: Json = {
            "user": person.id,
            "team": person.home or self.team.id,
            "client_msg_id": str(uuid4()),
            "text": marked,
            "blocks": [{"type": "rich_text", "elements": [_typed_section(text, marked)]}],
        }
        if thread:
            fields["thread_ts"] = thread
        return self.add(channel, fields)

    def _with_mentions(self, text: str) -> str:
        named = {p.name: p.id for p in self.team.people} | {self.team.bot_name: self.team.bot_user}
        names = "|".join(re.escape(name) for name in sorted(named, key=len, reverse=True))
        return re.sub(f"@({names})", lambda found: f"<@{named[found[1]]}>", text)

    def all(self, channel: str) -> list[Post]:
        """Every message of a conversation, oldest first, ephemerals included."""
        return list(self._posts.get(channel, []))

    def find(self, channel: str, ts: str, only_for: str = "") -> Post:
        """One message; an ephemeral only by the person it was for."""
        for post in self._posts.get(channel, []):
            if post.ts == ts and post.only_for in ("", only_for):
                return post
        raise SlackError("message_not_found")

    def change(self, post: Post, fields: Json) -> Post:
        """Replace some fields of a message; a None removes the field."""
        message = {k: v for k, v in (post.message | fields).items() if v is not None}
        if "blocks" in fields and message.get("blocks"):
            message["blocks"] = with_ids(message["blocks"])
        changed = replace(post, message=message)
        here = self._posts[post.channel]
        here[here.index(post)] = changed
        return changed

    def drop(self, post: Post) -> None:
        """Take a message away."""
        self._posts[post.channel].remove(post)

    def public(self, channel: str, *, metadata: bool = False) -> list[Json]:
        """What the history methods return, oldest first: no ephemerals, reply counts filled."""
        posts = [p for p in self.all(channel) if not p.only_for]
        return [_as_read(p, posts, metadata=metadata) for p in posts]

    def visible_to(self, user: str, channel: str) -> list[Post]:
        """A conversation as one person sees it, oldest first."""
        return [p for p in self.all(channel) if p.only_for in ("", user)]


def _as_read(post: Post, posts: Iterable[Post], *, metadata: bool) -> Json:
    message = dict(post.message)
    if not metadata:
        message.pop("metadata", None)
    replies = [p for p in posts if p.root == post.ts and p.ts != post.ts]
    if replies:
        users = list(dict.fromkeys(p.message["user"] for p in replies))
        message |= {
            "thread_ts": post.ts,
            "reply_count": len(replies),
            "reply_users": users,
            "reply_users_count": len(users),
            "latest_reply": replies[-1].ts,
        }
    return message


def _typed_section(text: str, marked: str) -> Json:
    """A person's text as the rich_text section Slack's client sends."""
    if marked == text:
        return {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    elements: list[Json] = []
    for part in re.split(r"(<@\w+>)", marked):
        if part.startswith("<@"):
            elements.append({"type": "user", "user_id": part[2:-1]})
        elif part:
            plain = part.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            elements.append({"type": "text", "text": plain})
    return {"type": "rich_text_section", "elements": elements}
