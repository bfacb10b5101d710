"""The workspace as one ASGI application, and the server that runs it on loopback."""

import ipaddress
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.protocols.http.h11_impl import H11Protocol

from workspace.clock import Clock, next_morning
from workspace.delivery import Pace
from workspace.directory import Team
from workspace.errors import NotLoopback, PortTaken
from workspace.page import Page
from workspace.state import State
from workspace.web_api import WebApi

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Accepted on loopback only, so they guard nothing; real ones come from Slack.
BOT_TOKEN: Final = "xoxb-local-workspace"  # noqa: S105 - see above
APP_TOKEN: Final = "xapp-local-workspace"  # noqa: S105 - see above
SLACK_PACE: Final = Pace()

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_KINDS: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


class OwnPagesOnly:
    """Refuses requests that another site's page, or a rebound host name, makes."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403."""
        headers = {
            name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        host, origin = headers.get("host", ""), headers.get("origin", "")
        foreign = origin and origin.partition("://")[2] != host
        if scope["type"] == "http" and (foreign or not _is_loopback(_bare(host))):
            await PlainTextResponse("only for this machine", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class CuttableProtocol(H11Protocol):
    """Lets the application cut its own connection, for the fault that needs it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the base class's own
        super().__init__(*args, **kwargs)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope["workspace.cut"] = self._cut
            await inner(scope, receive, send)

        self.app = app

    def _cut(self) -> None:
        plug = self.transport.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


class Server(uvicorn.Server):
    """Ends the pages' streams first, so that stopping does not wait for them."""

    def __init__(self, config: uvicorn.Config, state: State) -> None:
        super().__init__(config)
        self._state = state

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the streams, then everything else."""
        self._state.closing = True
        self._state.changed()
        await super().shutdown(sockets)


class Workspace:
    """A whole Slack workspace. `bot_token` and `app_token` are the only ones it accepts."""

    def __init__(
        self,
        team: Team,
        clock: Clock,
        *,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        pace: Pace = SLACK_PACE,
        next_morning: Callable[[datetime], datetime] = next_morning,
    ) -> None:
        self.bot_token = bot_token
        self.app_token = app_token
        self._state = State(team, clock, pace, next_morning)
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self.app = self._assemble()

    @property
    def url(self) -> str:
        """Where the page is; empty before serve() or start()."""
        return self._state.base

    @property
    def base_url(self) -> str:
        """What an app's WebClient takes as `base_url`."""
        return f"{self._state.base}api/"

    def serve(self, host: str = "127.0.0.1", port: int = 8765) -> None:
        """Run until interrupted. NotLoopback, PortTaken."""
        server, plug = self._listen(host, port)
        server.run(sockets=[plug])

    def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Run in a background thread; returns once it answers. Port 0 takes a free one."""
        server, plug = self._listen(host, port)
        self._server = server
        self._thread = threading.Thread(
            target=server.run, kwargs={"sockets": [plug]}, name="workspace", daemon=True
        )
        self._thread.start()
        while not server.started:
            self._thread.join(0.01)
            if not self._thread.is_alive():
                raise RuntimeError("the workspace stopped before it answered")

    def stop(self) -> None:
        """End what start() began."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()

    def _listen(self, host: str, port: int) -> tuple[Server, socket.socket]:
        if not _is_loopback(host):
            raise NotLoopback(host)
        plug = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            plug.bind((host, port))
            plug.listen(128)
        except OSError as taken:
            plug.close()
            raise PortTaken(port) from taken
        shown = f"[{host}]" if ":" in host else host
        self._state.base = f"http://{shown}:{plug.getsockname()[1]}/"
        server = Server(
            uvicorn.Config(
                self.app,
                http=CuttableProtocol,
                lifespan="off",
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=1,
            ),
            self._state,
        )
        return server, plug

    def _assemble(self) -> Starlette:
        web_api = WebApi(self._state, self.bot_token, self.app_token)
        return Starlette(
            routes=[
                Route("/", _page_file),
                Route("/static/{name}", _page_file),
                Route("/api/{method}", web_api.call, methods=["GET", "POST"]),
                Route("/actions/{team}/{key}", web_api.respond, methods=["POST"]),
                WebSocketRoute("/link/", self._link),
                *Page(self._state).routes(),
            ],
            middleware=[Middleware(OwnPagesOnly)],
        )

    async def _link(self, websocket: WebSocket) -> None:
        await self._state.delivery.serve(websocket)


async def _page_file(request: Request) -> Response:
    name = request.path_params.get("name", "index.html")
    kind = _KINDS.get(name.rpartition(".")[2])
    found = files("workspace").joinpath("static", name)
    if kind is None or not found.is_file():
        return PlainTextResponse("no such file", 404)
    headers = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return Response(found.read_bytes(), media_type=kind, headers=headers)


def _bare(host: str) -> str:
    """A Host header without its port."""
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
