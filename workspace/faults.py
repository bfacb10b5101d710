"""Faults on demand, for tests: the next calls of a method go wrong in a chosen way."""

from dataclasses import dataclass
from typing import Final

from workspace.errors import SlackError
from workspace.findings import Json

KINDS: Final = (
    "429",  # refused with Retry-After: `seconds`
    "500",  # refused with an empty server error
    "html",  # refused with a proxy's HTML page
    "reset_after_read",  # the connection is cut once the request was read; nothing done
    "ok_false",  # `ok: false` with `error`
    "slow",  # done after `seconds`
    "accepted_then_500",  # done, then answered 500
    "duplicate_event",  # the next event (method: its type, or "*") is sent twice
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble. `error`: the code for ok_false; `seconds`: for 429 and slow."""

    kind: str
    error: str = "fatal_error"
    seconds: float = 1.0


class Faults:
    """What is planned, per method, in the order it was asked for."""

    def __init__(self) -> None:
        self._planned: dict[str, list[Fault]] = {}

    def plan(self, order: Json) -> None:
        """Take {"method", "kind", "times", "error", "seconds"} as a page or test posts it."""
        if order.get("kind") not in KINDS:
            raise SlackError("invalid_arguments", [f"kind must be one of: {', '.join(KINDS)}"])
        fault = Fault(
            order["kind"],
            str(order.get("error", "fatal_error")),
            float(order.get("seconds", 1.0)),
        )
        method = str(order.get("method", "*"))
        self._planned.setdefault(method, []).extend([fault] * int(order.get("times", 1)))

    def take(self, method: str) -> Fault | None:
        """The next planned fault of this method, spent by asking."""
        for name in (method, "*"):
            planned = self._planned.get(name)
            if planned and (name == method or planned[0].kind != "duplicate_event"):
                return planned.pop(0)
        return None

    def doubles(self, event_type: str) -> bool:
        """Whether this event is to be sent twice."""
        for name in (event_type, "*"):
            planned = self._planned.get(name)
            if planned and planned[0].kind == "duplicate_event":
                planned.pop(0)
                return True
        return False
