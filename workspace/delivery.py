"""Socket Mode: envelopes to the app, each over exactly one open connection."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect

from workspace.clock import Clock
from workspace.directory import Team
from workspace.errors import SlackError
from workspace.faults import Faults
from workspace.findings import Json
from workspace.limits import most
from workspace.traffic import Traffic

RETRY_WAITS: Final = (0.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class Pace:
    """Slack's deadlines in seconds.

    `ack` and `trigger` run in real time, as they measure the app; `retries`, the waits before a
    redelivery, run on the workspace's clock.
    """

    ack: float = 3.0
    trigger: float = 3.0
    retries: tuple[float, ...] = RETRY_WAITS


@dataclass(eq=False, slots=True)
class Line:
    """One open connection and the envelopes it has yet to acknowledge."""

    socket: WebSocket
    waiting: dict[str, asyncio.Future[Json]]


class UnansweredError(Exception):
    """No acknowledgement; the text is Slack's error for whoever waits."""


class Delivery:
    """The open connections and what travels over them."""

    def __init__(  # noqa: PLR0917 - made in one place, from the parts it is named for
        self,
        team: Team,
        clock: Clock,
        pace: Pace,
        traffic: Traffic,
        faults: Faults,
        changed: Callable[[], None],
    ) -> None:
        self._team = team
        self._clock = clock
        self._pace = pace
        self._traffic = traffic
        self._faults = faults
        self._changed = changed
        self._lines: list[Line] = []
        self._tickets: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._lines)

    def ticket(self) -> str:
        """A single-use key for one connection."""
        if len(self._lines) >= most("sockets"):
            raise SlackError("too_many_websockets")
        ticket = uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Hold one connection until it closes."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(4401, "unknown ticket")
            return
        self._tickets.discard(ticket)
        await socket.accept()
        line = Line(socket, {})
        self._lines.append(line)
        hello = {
            "type": "hello",
            "num_connections": len(self._lines),
            "connection_info": {"app_id": self._team.app_id},
            "debug_info": {"host": "workspace", "approximate_connection_time": 18060},
        }
        try:
            await socket.send_json(hello)
            self._changed()
            while True:
                self._hear(line, await socket.receive_json())
        except (WebSocketDisconnect, ValueError, KeyError):
            pass
        finally:
            self._hang_up(line)

    def _hear(self, line: Line, reply: object) -> None:
        if not isinstance(reply, dict):
            return
        self._traffic.add("app", "ack", reply)
        future = line.waiting.pop(str(reply.get("envelope_id")), None)
        if future and not future.done():
            payload = reply.get("payload")
            future.set_result(payload if isinstance(payload, dict) else {})
        self._changed()

    def _hang_up(self, line: Line) -> None:
        if line in self._lines:
            self._lines.remove(line)
        for future in line.waiting.values():
            if not future.done():
                future.set_exception(UnansweredError("operation_timeout"))
        line.waiting.clear()
        self._changed()

    async def refresh(self) -> None:
        """Ask every connection to reconnect, as Slack does every few hours."""
        for line in list(self._lines):
            await line.socket.send_json(
                {
                    "type": "disconnect",
                    "reason": "refresh_requested",
                    "debug_info": {"host": "workspace"},
                }
            )

    async def drop(self) -> None:
        """Close every connection without a word."""
        for line in list(self._lines):
            await line.socket.close(1011)

    async def ask(self, kind: str, payload: Json) -> Json:
        """Send a `slash_commands` or `interactive` envelope and return the ack's payload.

        UnansweredError when no connection is open or no ack came in time.
        """
        return await self._offer(
            {"type": kind, "payload": payload, "accepts_response_payload": True}
        )

    def announce(self, payload: Json) -> None:
        """Deliver an event in the background, again and again until acknowledged."""
        times = 2 if self._faults.doubles(payload["event"]["type"]) else 1
        for _ in range(times):
            task = asyncio.create_task(self._announce(payload))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _announce(self, payload: Json) -> None:
        reason, sent = "", self._clock.now()
        for attempt, wait in enumerate((0.0, *self._pace.retries)):
            await self._until(sent + timedelta(seconds=wait))
            sent = self._clock.now()
            envelope = {
                "type": "events_api",
                "payload": payload,
                "accepts_response_payload": False,
                "retry_attempt": attempt,
                "retry_reason": reason,
            }
            try:
                await self._offer(envelope)
            except UnansweredError:
                reason = "timeout"
            else:
                return

    async def _until(self, due: datetime) -> None:
        """Wait on the workspace's clock, which may jump."""
        # Asked again and again, because the clock may also be stepped from another thread.
        while (left := (due - self._clock.now()).total_seconds()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, 0.2))

    async def _offer(self, envelope: Json) -> Json:
        if not self._lines:
            raise UnansweredError("dispatch_failed")
        line = self._lines.pop(0)
        self._lines.append(line)
        key = str(uuid4())
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        line.waiting[key] = future
        sent = {"envelope_id": key} | envelope
        self._traffic.add("slack", envelope["type"], sent)
        self._changed()
        try:
            await line.socket.send_json(sent)
            return await asyncio.wait_for(future, self._pace.ack)
        except (TimeoutError, WebSocketDisconnect, RuntimeError) as late:
            raise UnansweredError("operation_timeout") from late
        finally:
            line.waiting.pop(key, None)
