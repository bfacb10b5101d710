"""Who is writing to us: staff bound to a Slack account, or somebody we do not serve."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from bank.database import Database
from bank.people import Person, find_by_slack

REMEMBERED = timedelta(minutes=5)
"""How long Slack's word on an account (guest, deactivated) is relied on."""


@dataclass(frozen=True, slots=True)
class Account:
    """What Slack says of an account: is it a machine or gone, and is it one of our own members."""

    silent: bool
    member: bool


class Members:
    """Looks people up, remembering Slack's part for five minutes.

    `users_info` is Slack's users.info. Whom it cannot vouch for is refused: its errors are raised.
    """

    def __init__(
        self,
        database: Database,
        users_info: Callable[[str], Mapping[str, Any]],
        team: str,
    ) -> None:
        self._database = database
        self._users_info = users_info
        self._team = team
        self._accounts: dict[str, tuple[datetime, Account]] = {}
        self._lock = Lock()

    def bound(self, user: str, on: date) -> Person | None:
        """The person employed on a day whom an administrator bound to a Slack account.

        Asks no one else.
        """
        with self._database.read() as tx:
            person = find_by_slack(tx, user)
        return person if person and person.active_on(on) else None

    def account(self, user: str, now: datetime) -> Account:
        """Slack's word on an account."""
        with self._lock:
            known = self._accounts.get(user)
        if known and now - known[0] < REMEMBERED:
            return known[1]
        account = _account(self._users_info(user), self._team)
        with self._lock:
            self._accounts[user] = (now, account)
        return account


def _account(user: Mapping[str, Any], team: str) -> Account:
    guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
    return Account(
        silent=bool(user.get("is_bot") or user.get("deleted")),
        member=not guest and user.get("team_id", team) == team,
    )
