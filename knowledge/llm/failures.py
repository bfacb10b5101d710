"""What can go wrong with a model, in one word each: for the audit and the log, never the text."""

from typing import Final, Literal

from bank.usage import Tokens

Kind = Literal[
    "deadline",
    "busy",
    "rate_limited",
    "unavailable",
    "rejected",
    "malformed",
    "incomplete",
    "filtered",
    "unsupported",
    "budget",
    "paused",
    "masking",
    "unopened",
    "failed",
]
"""Why a model's answer is not the one shown.

deadline      it was not done in time
busy          too many calls are under way in this process
rate_limited  the endpoint says too many requests
unavailable   the endpoint is not reached, breaks off, or says it is out of order
rejected      the endpoint does not take the request: a wrong key, model or size
malformed     what came is not what was asked for
incomplete    it broke off at its length
filtered      the endpoint's own filter stopped it
unsupported   none of its claims stands
budget        the asker's tokens of the day are used up
paused        the endpoint failed so often that it is left alone for a while
masking       what must not leave the house could not be taken out
unopened      the model cannot be opened: a package or a key is missing
failed        anything else; the log has its place
"""

OF_THE_ENDPOINT: Final = frozenset({"deadline", "rate_limited", "unavailable"})
"""Those after which the endpoint is better left alone; what it rejects may be one question's."""

OF_THE_ANSWER: Final = frozenset({"malformed", "incomplete", "filtered", "unsupported"})
"""Those of an endpoint that works and answers badly."""

_TOO_MANY: Final = 429
_SERVER: Final = 500
_CLIENT: Final = 400


class CallError(Exception):
    """A call that gave nothing to use; `detail` is an error's name or a reason, never a text."""

    def __init__(self, kind: Kind, detail: str = "", spent: Tokens | None = None) -> None:
        """Keep what is known; `spent` are the tokens it took, None where nobody said."""
        super().__init__(f"{kind} ({detail})" if detail else kind)
        self.kind: Kind = kind
        self.detail = detail
        self.spent = spent


def kind_of(error: Exception) -> Kind:
    """What an error of a maker's library means: they name their kinds alike, and share none."""
    status = getattr(error, "status_code", None)
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    if status == _TOO_MANY or "RateLimit" in names:
        return "rate_limited"
    if isinstance(status, int) and status >= _CLIENT:
        return "unavailable" if status >= _SERVER else "rejected"
    if "Timeout" in names:
        return "deadline"
    if any(one in names for one in ("Connect", "Protocol", "Network")) or isinstance(
        error, OSError
    ):
        return "unavailable"
    if isinstance(error, (ValueError, LookupError, TypeError, AttributeError)):
        return "malformed"  # JSON of another form than the libraries look for
    return "failed"
