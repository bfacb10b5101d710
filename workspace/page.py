"""What the page asks the server: one person's state as a stream, deeds, clock, traffic."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from workspace.conversations import Post
from workspace.directory import Person
from workspace.errors import SlackError
from workspace.findings import Json
from workspace.people import DEEDS
from workspace.state import State

SHOWN = 300
_SETTLE, _HEARTBEAT = 0.03, 15.0


def picture(state: State, person: Person) -> Json:
    """Everything one person can see."""
    team = state.team
    own = state.conversations.dm_of(person.id)
    channels = [c for c in team.channels if person.id in c.members]
    rooms = [(own, team.bot_name, "im", False)]
    rooms += [(c.id, c.name, "channel", c.external) for c in channels]
    return {
        "me": person.id,
        "team": {"id": team.id, "name": team.name, "bot": team.bot_user, "bot_name": team.bot_name},
        "people": [
            {"id": p.id, "name": p.name, "title": p.title, "guest": p.guest}
            for p in team.people
            if not p.deleted
        ],
        "channels": {c.id: c.name for c in team.channels},
        "commands": [{"name": c.name, "hint": c.hint} for c in team.commands],
        "now": state.clock.now().isoformat(),
        "tz": person.tz,
        "connections": state.delivery.connections,
        "traffic": state.traffic.count,
        "conversations": [
            {
                "id": room,
                "name": name,
                "kind": kind,
                "external": external,
                "messages": [
                    _shown(post)
                    for post in state.conversations.visible_to(person.id, room)[-SHOWN:]
                ],
                "statuses": state.statuses_in(room),
                "prompts": state.prompts.get(room),
            }
            for room, name, kind, external in rooms
        ],
        "home": state.views.home(person.id),
        "modals": state.views.stack(person.id),
    }


def _shown(post: Post) -> Json:
    hidden = ("metadata", "bot_profile")
    kept = {name: value for name, value in post.message.items() if name not in hidden}
    return kept | {"ephemeral": bool(post.only_for)}


class Page:
    """The endpoints under /workspace/."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """Where each endpoint is; a deed's name ends its path."""
        return [
            Route("/workspace/people", self.people),
            Route("/workspace/state", self.state),
            Route("/workspace/stream", self.stream),
            Route("/workspace/traffic", self.traffic),
            Route("/workspace/clock", self.clock, methods=["POST"]),
            Route("/workspace/faults", self.faults, methods=["POST"]),
            Route("/workspace/socket", self.socket, methods=["POST"]),
            Route("/workspace/{deed}", self.deed, methods=["POST"]),
        ]

    async def people(self, _request: Request) -> Response:
        """Who a visitor can be."""
        team = self._state.team
        people = [{"id": p.id, "name": p.name, "title": p.title} for p in team.people]
        return JSONResponse({"team": team.name, "people": people})

    async def state(self, request: Request) -> Response:
        """?user= one person's whole picture, once."""
        return await self._guarded(request.query_params.get("user"), None, {})

    async def stream(self, request: Request) -> Response:
        """?user= the picture again after every change, as server-sent events."""
        try:
            person = self._state.person(request.query_params.get("user"))
        except SlackError as refusal:
            return JSONResponse({"ok": False, "error": refusal.code}, 404)
        return StreamingResponse(self._pictures(person), media_type="text/event-stream")

    async def _pictures(self, person: Person) -> AsyncIterator[str]:
        with self._state.watching() as changed:
            while not self._state.closing:
                changed.clear()
                yield f"data: {json.dumps(picture(self._state, person))}\n\n"
                while not changed.is_set():
                    try:
                        await asyncio.wait_for(changed.wait(), _HEARTBEAT)
                    except TimeoutError:
                        yield ": still here\n\n"
                await asyncio.sleep(_SETTLE)

    async def traffic(self, request: Request) -> Response:
        """?after=n the exchanges since the n-th."""
        after = request.query_params.get("after", "0")
        n = int(after) if after.isdecimal() else 0
        return JSONResponse({"entries": self._state.traffic.after(n)})

    async def clock(self, request: Request) -> Response:
        """{"to": "next_morning"} or {"minutes": n}: step the clock forward."""
        order = await _order(request)
        clock = self._state.clock
        if order.get("to") == "next_morning":
            moment = self._state.next_morning(clock.now())
        else:
            moment = clock.now() + timedelta(minutes=float(order.get("minutes", 0)))
        try:
            clock.step_to(moment)
        except ValueError as backwards:
            return JSONResponse({"ok": False, "error": str(backwards)}, 400)
        self._state.changed()
        return JSONResponse({"ok": True, "now": clock.now().isoformat()})

    async def faults(self, request: Request) -> Response:
        """Plan a fault; see workspace/faults.py."""
        try:
            self._state.faults.plan(await _order(request))
        except SlackError as refusal:
            return JSONResponse({"ok": False, "error": refusal.details}, 400)
        return JSONResponse({"ok": True})

    async def socket(self, request: Request) -> Response:
        """{"do": "refresh" | "drop"} to every open connection."""
        order = await _order(request)
        delivery = self._state.delivery
        await (delivery.drop() if order.get("do") == "drop" else delivery.refresh())
        return JSONResponse({"ok": True})

    async def deed(self, request: Request) -> Response:
        """Something a person does: {"user": id, ...}; see workspace/people.py."""
        order = await _order(request)
        return await self._guarded(order.get("user"), request.path_params["deed"], order)

    async def _guarded(self, user: object, deed: str | None, order: Json) -> Response:
        try:
            person = self._state.person(user)
            if deed is None:
                return JSONResponse(picture(self._state, person))
            if deed not in DEEDS:
                return JSONResponse({"ok": False, "error": "unknown_deed"}, 404)
            answer = await DEEDS[deed](self._state, person, order)
        except SlackError as refusal:
            self._state.changed()
            refused = {"ok": False, "error": refusal.code, "details": refusal.details}
            return JSONResponse(refused)
        self._state.changed()
        return JSONResponse({"ok": True} | answer)


async def _order(request: Request) -> Json:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
