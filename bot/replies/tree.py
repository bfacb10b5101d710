"""The nodes a reply is made of. Text in them is plain: whoever draws it escapes it."""

from dataclasses import dataclass, field
from typing import Literal

Disclosure = Literal["public", "staff", "personal", "client"]
"""Who may see a message: anyone in a channel, any of the staff, the one person, or the one
person because a client is named."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one weight."""

    text: str
    strong: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: the deed it asks for, and about what."""

    deed: str
    label: str
    value: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """One of a few choices, each as (value, label)."""

    deed: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The one line read first."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Ordinary text; lines are kept apart."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that are not ours, shown as such."""

    spans: Line


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: where it comes from, how fresh it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A figure: a title, lines beneath it, and perhaps one button beside it."""

    title: str
    lines: tuple[str, ...]
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


@dataclass(frozen=True, slots=True)
class Actions:
    """What can be done here."""

    controls: tuple[Button | Menu, ...]


@dataclass(frozen=True, slots=True)
class Thumbs:
    """Good or bad, each as (value, label): a verdict on what stands above."""

    deed: str
    good: tuple[str, str]
    bad: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars for figures the text beside it states as well."""

    title: str
    series: str
    points: tuple[tuple[str, float], ...]


Node = Heading | Paragraph | Quote | Note | Row | Rule | Actions | Thumbs | Chart


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole message. `summary` is its one-line form: notifications show it."""

    summary: str
    nodes: tuple[Node, ...]
    disclosure: Disclosure = "personal"


@dataclass(frozen=True, slots=True)
class TextField:
    """A box to type in, to be filled unless it is optional."""

    id: str
    label: str
    hint: str
    longest: int = 1000
    optional: bool = False
    initial: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of a few, each as (value, label); the first is chosen to begin with."""

    id: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ListField:
    """One of many, each as (value, label), out of a list."""

    id: str
    label: str
    hint: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ChecksField:
    """Any of a few, each as (value, label); all are chosen to begin with, none need be."""

    id: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DateField:
    """A day, as an ISO date."""

    id: str
    label: str
    initial: str


Field = TextField | ChoiceField | ListField | ChecksField | DateField


@dataclass(frozen=True, slots=True)
class Dialog:
    """A window over the conversation: to read, or to fill in when it has fields and `submit`."""

    title: str
    close: str
    nodes: tuple[Node, ...] = ()
    fields: tuple[Field, ...] = ()
    deed: str = ""
    submit: str = ""
    keeps: dict[str, str] = field(default_factory=dict)
    """What the answer must bring back: ids, never a client's data."""


def plain(text: str) -> Line:
    """A line of ordinary text."""
    return (Span(text),)


def strong(text: str) -> Line:
    """A line that stands out."""
    return (Span(text, strong=True),)


def paragraph(*lines: str | Line) -> Paragraph:
    """A paragraph of these lines."""
    return Paragraph(tuple(plain(line) if isinstance(line, str) else line for line in lines))


def plain_text(line: Line) -> str:
    """A line without its weights."""
    return "".join(span.text for span in line)
