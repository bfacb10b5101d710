"""When an endpoint that keeps failing is left alone: a pure state machine, time as an argument."""

from dataclasses import dataclass, replace

FAILURES = 3
"""So many failures in a row, and nobody is made to wait for the endpoint any more."""
PAUSE = 30.0
"""Seconds it is left alone; then one question tries it for all."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """Closed while calls go out. `open_until` is a moment in seconds, 0 while it is closed."""

    failures: int = 0
    open_until: float = 0.0

    def lets(self, now: float) -> bool:
        """Whether a call may go out."""
        return now >= self.open_until

    def tried(self, now: float) -> "Breaker":
        """After letting a call out: one that tries an open endpoint goes alone."""
        return replace(self, open_until=now + PAUSE) if self.open_until else self

    def failed(self, now: float) -> "Breaker":
        """After a failure of the endpoint's."""
        failures = self.failures + 1
        return Breaker(failures, now + PAUSE if failures >= FAILURES else 0.0)

    def worked(self) -> "Breaker":
        """After an answer, whatever it was."""
        return Breaker()
