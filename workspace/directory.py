"""Who and what the workspace holds: frozen values given once at the start."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A member.

    `guest`: single- or multi-channel guest; `home`: the id of another organisation's workspace
    when the person comes through a shared channel.
    """

    id: str
    name: str
    title: str = ""
    locale: str = "en-US"
    tz: str = "Asia/Shanghai"
    is_bot: bool = False
    guest: bool = False
    deleted: bool = False
    home: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A public channel; the bot hears and speaks there only when its user is a member."""

    id: str
    name: str
    members: tuple[str, ...]
    external: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command (`name` with its slash) and what it is for, shown while typing."""

    name: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace with one installed app."""

    id: str
    name: str
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    bot_user: str
    bot_name: str
    commands: tuple[Command, ...] = ()

    @property
    def app_id(self) -> str:
        """The installed app."""
        return f"A{self.bot_user[1:]}"

    @property
    def bot_id(self) -> str:
        """The app's bot, which is not its user."""
        return f"B{self.bot_user[1:]}"

    @property
    def domain(self) -> str:
        """The workspace's host name, made of the plain letters of its name."""
        letters = "".join(c for c in self.name.lower() if c.isascii() and c.isalnum())
        return letters or self.id.lower()

    def person(self, key: str) -> Person | None:
        """The person or the bot's own user; None when there is no such member."""
        if key == self.bot_user:
            return Person(id=key, name=self.bot_name, is_bot=True)
        return next((p for p in self.people if p.id == key), None)

    def channel(self, key: str) -> Channel | None:
        """The channel; None when there is no such one."""
        return next((c for c in self.channels if c.id == key), None)
