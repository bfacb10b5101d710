"""A reply drawn for a terminal: people's text, always on stderr, so that stdout stays data."""

from collections.abc import Callable, Sequence
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Across
from rich.table import Table
from rich.text import Text

from bot.replies.tree import (
    Actions,
    Chart,
    Heading,
    Line,
    Node,
    Note,
    Paragraph,
    Quote,
    Reply,
    Row,
    Rule,
    Thumbs,
)
from bot.text import visible
from jobs.messenger import Message, Messenger, Sent


def console() -> Console:
    """The people's console: stderr, no markup, no guessing of emoji or highlights."""
    return Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=False)


def show(reply: Reply, to: Console) -> None:
    """Print a reply."""
    to.print(Group(*(drawn for node in reply.nodes if (drawn := _draw(node)) is not None)))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Rows under heads; columns of figures, which start with a digit, stand to the right."""
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for n, head in enumerate(heads):
        figures = bool(rows) and all(row[n][:1].isdigit() for row in rows)
        drawn.add_column(head, justify="right" if figures else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(visible(cell)) for cell in row))
    return drawn


class TerminalMessenger(Messenger):
    """Shows messages here when there is no Slack to send them to."""

    def __init__(self, to: Console, word: Callable[[Message], Reply]) -> None:
        self._console = to
        self._word = word

    def send(self, message: Message) -> Sent:
        """Print a message under the staff id it is for."""
        self._console.print(Text(f"→ {message.recipient}", style="dim"))
        show(self._word(message), self._console)
        return Sent("terminal", message.marker)

    def find(self, message: Message, since: datetime) -> Sent | None:
        """Nothing that was printed can be found again."""
        del message, since
        return None


def _draw(node: Node) -> RenderableType | None:  # noqa: PLR0911 - one a kind of node
    match node:
        case Heading(text):
            return Text(visible(text), style="bold")
        case Paragraph(lines):
            return Text("\n").join(_styled(line) for line in lines)
        case Quote(spans):
            return Padding(_styled(spans), (0, 0, 0, 2))
        case Note(text):
            return Text(visible(text), style="dim")
        case Row(title, lines, _):
            return Text(visible("\n".join((title, *(f"  {line}" for line in lines)))))
        case Rule():
            return Across(style="dim")
        case Actions() | Thumbs() | Chart():
            return None


def _styled(line: Line) -> Text:
    drawn = Text()
    for span in line:
        drawn.append(visible(span.text), style="bold" if span.strong else "")
    return drawn
