"""What can go wrong here.

WorkspaceError
├── PortTaken     another program listens there
├── NotLoopback   asked to listen where other machines could reach it
└── SlackError    an `ok: false` answer of the Web API
"""


class WorkspaceError(Exception):
    """Every error of this package; its message is one line for a person."""


class PortTaken(WorkspaceError):  # noqa: N818 - reads as what happened
    """The port is in use."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is already in use here; stop what holds it or pick another")
        self.port = port


class NotLoopback(WorkspaceError):  # noqa: N818 - the same
    """The host is reachable from other machines."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not this machine alone: the workspace listens on 127.0.0.1")
        self.host = host


class SlackError(WorkspaceError):
    """Slack's own error code, with the details Slack puts in `response_metadata.messages`."""

    def __init__(self, code: str, details: list[str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details = details or []
