"""What a command prints, how it ends, and the one place where its errors are caught."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from bot.text import as_json, visible

REFUSED = 1
USAGE = 2
INTERRUPTED = 130


class Rejected(Exception):  # noqa: N818 - an ending, not a failure: all is printed already
    """The command said no, and has printed why."""


class UsageError(Exception):
    """What was typed cannot be understood; the message is one line."""


@dataclass(slots=True)
class Output:
    """Data on stdout, and only when it is asked for; words for people on stderr."""

    json: bool
    wrote: bool = False

    def data(self, found: Mapping[str, object]) -> None:
        """The command's one JSON object."""
        if self.json:
            print(as_json(found))  # noqa: T201 - this is the output
            self.wrote = True

    def line(self, text: str) -> None:
        """A line for people; a terminal obeys what it is sent, so nothing unseen is."""
        print(visible(text), file=sys.stderr)  # noqa: T201 - this is the output

    def fail(self, reason: str) -> None:
        """Why nothing was done, as a line and, if the object is still owed, as data."""
        self.line(reason)
        if not self.wrote:
            self.data({"error": reason})


@contextmanager
def guarded(output: Output) -> Iterator[Output]:
    """Run a command; whatever goes wrong becomes one line and an exit code, never a traceback."""
    try:
        yield output
    except Rejected:
        raise typer.Exit(REFUSED) from None
    except UsageError as error:
        output.fail(str(error))
        raise typer.Exit(USAGE) from None
    except BrokenPipeError:  # whoever read our output has gone; there is nobody to tell
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:  # noqa: BLE001 - the outermost edge
        output.fail(_reason(error))
        raise typer.Exit(REFUSED) from None


def _reason(error: Exception) -> str:
    from bot.cli.failures import reason  # noqa: PLC0415 - loads the rooms, which failing may afford

    return reason(error)
