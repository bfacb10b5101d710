"""Modals (a stack per person) and App Home tabs."""

from uuid import uuid4

from workspace.block_rules import check_view
from workspace.directory import Team
from workspace.errors import SlackError
from workspace.findings import Json
from workspace.interaction import with_ids
from workspace.limits import most


class Views:
    """What each person has open."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._stacks: dict[str, list[Json]] = {}
        self._homes: dict[str, Json] = {}

    def stack(self, user: str) -> list[Json]:
        """The person's modals, the topmost last."""
        return self._stacks.get(user, [])

    def home(self, user: str) -> Json | None:
        """The person's Home tab, once published."""
        return self._homes.get(user)

    def open(self, user: str, view: object) -> Json:
        """A first modal, replacing whatever the person had open."""
        made = self._made(view, "modal")
        made |= {"root_view_id": made["id"], "previous_view_id": None}
        self._stacks[user] = [made]
        return made

    def push(self, user: str, view: object) -> Json:
        """A modal above the open one."""
        stack = self.stack(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= most("view.stack"):
            raise SlackError("push_limit_reached")
        made = self._made(view, "modal")
        made |= {"root_view_id": stack[0]["id"], "previous_view_id": stack[-1]["id"]}
        stack.append(made)
        return made

    def update(
        self, view: object, *, view_id: str = "", external_id: str = "", known: str = ""
    ) -> Json:
        """Replace an open view found by either id.

        hash_conflict when its hash is no longer the `known` one.
        """
        user, at = self._find(view_id, external_id)
        old = self._stacks[user][at] if at >= 0 else self._homes[user]
        if known and known != old["hash"]:
            raise SlackError("hash_conflict")
        made = self._made(view, old["type"])
        made |= {name: old[name] for name in ("id", "root_view_id", "previous_view_id")}
        if at >= 0:
            self._stacks[user][at] = made
        else:
            self._homes[user] = made
        return made

    def publish(self, user: str, view: object, known: str = "") -> Json:
        """Set the person's Home tab; hash_conflict as in update()."""
        old = self._homes.get(user)
        if known and old and known != old["hash"]:
            raise SlackError("hash_conflict")
        made = self._made(view, "home")
        made["id"] = old["id"] if old else made["id"]
        made |= {"root_view_id": made["id"], "previous_view_id": None}
        self._homes[user] = made
        return made

    def get(self, user: str, view_id: str) -> Json:
        """A view this person has open, Home included."""
        home = self.home(user)
        candidates = [*self.stack(user), *([home] if home else [])]
        for view in candidates:
            if view["id"] == view_id:
                return view
        raise SlackError("not_found")

    def close(self, user: str, view_id: str) -> None:
        """Close a modal and those above it."""
        stack = self.stack(user)
        for at, view in enumerate(stack):
            if view["id"] == view_id:
                del stack[at:]
                return

    def clear(self, user: str) -> None:
        """Close everything this person has open."""
        self._stacks.pop(user, None)

    def _find(self, view_id: str, external_id: str) -> tuple[str, int]:
        """Whose view it is and its place in the stack; -1 for a Home tab."""
        for user, stack in self._stacks.items():
            for at, view in enumerate(stack):
                if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                    return user, at
        for user, home in self._homes.items():
            if home["id"] == view_id:
                return user, -1
        raise SlackError("not_found")

    def _made(self, view: object, kind: str) -> Json:
        given = check_view(view, kind)
        plain: Json = {
            "id": f"V{uuid4().hex[:10].upper()}",
            "team_id": self._team.id,
            "app_id": self._team.app_id,
            "app_installed_team_id": self._team.id,
            "bot_id": self._team.bot_id,
            "title": None,
            "submit": None,
            "close": None,
            "callback_id": "",
            "external_id": "",
            "private_metadata": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "state": {"values": {}},
            "hash": f"{uuid4().int % 10**10}.{uuid4().hex[:8]}",
        }
        return plain | given | {"blocks": with_ids(given["blocks"])}
