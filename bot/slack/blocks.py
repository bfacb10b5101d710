"""A reply drawn as Block Kit.

Text goes into plain_text and rich_text elements only, which Slack never interprets: a name
cannot mention anybody, and Chinese needs no emphasis marks.
"""

import json
from collections.abc import Iterator, Sequence

from bot.replies.tree import (
    Actions,
    Button,
    Chart,
    ChecksField,
    ChoiceField,
    DateField,
    Dialog,
    Field,
    Heading,
    Line,
    ListField,
    Menu,
    Node,
    Note,
    Paragraph,
    Quote,
    Reply,
    Row,
    Rule,
    Span,
    TextField,
    Thumbs,
)
from bot.slack import limits
from bot.slack.limits import Block
from bot.text import cut, unlinked, visible

ELLIPSIS = {"type": "context", "elements": [{"type": "plain_text", "text": "…", "emoji": False}]}


def message(reply: Reply, marker: str = "") -> Block:
    """The `text` and `blocks` of a message; `marker` becomes the first block's id."""
    blocks = limits.fit(draw(reply.nodes), limits.MESSAGE_BLOCKS, ELLIPSIS)
    if marker and blocks:
        blocks[0] = blocks[0] | {"block_id": marker}
    return {"text": escape(cut(reply.summary, limits.SUMMARY)), "blocks": blocks}


def home(reply: Reply) -> Block:
    """The view of the Home tab."""
    return {"type": "home", "blocks": _for_view(reply.nodes)}


def modal(dialog: Dialog) -> Block:
    """The view of a dialog."""
    view: Block = {
        "type": "modal",
        "title": _plain(dialog.title, limits.VIEW_TITLE),
        "close": _plain(dialog.close, limits.VIEW_TITLE),
        "blocks": [*_for_view(dialog.nodes), *map(_input, dialog.fields)],
    }
    if dialog.keeps:
        view["private_metadata"] = json.dumps(dialog.keeps)
    if dialog.fields:
        view |= {
            "callback_id": dialog.deed,
            "submit": _plain(dialog.submit, limits.VIEW_TITLE),
        }
    return view


def escape(text: str) -> str:
    """Text made safe for the one place Slack does interpret, and makes links in: `text`."""
    return unlinked(visible(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def draw(nodes: Sequence[Node]) -> list[Block]:
    """The nodes as layout blocks, in order."""
    return [block for node in nodes for block in _draw(node)]


def _for_view(nodes: Sequence[Node]) -> list[Block]:
    shown = [node for node in nodes if not isinstance(node, Chart | Thumbs)]
    return limits.fit(draw(shown), limits.VIEW_BLOCKS - 5, ELLIPSIS)


def _draw(node: Node) -> Iterator[Block]:
    match node:
        case Heading(text):
            yield {"type": "header", "text": _plain(text, limits.HEADER)}
        case Paragraph(lines):
            yield from _rich("rich_text_section", _joined(lines))
        case Quote(spans):
            yield from _rich("rich_text_quote", spans)
        case Note(text):
            yield {"type": "context", "elements": [_plain(text, limits.CONTEXT)]}
        case Row(title, lines, button):
            yield _row(title, lines, button)
        case Rule():
            yield {"type": "divider"}
        case Actions(controls):
            yield {
                "type": "actions",
                "elements": [_control(one) for one in controls[: limits.CONTROLS]],
            }
        case Thumbs():
            yield {"type": "context_actions", "elements": [_thumbs(node)]}
        case Chart():
            yield _chart(node)


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": _shown(text, most), "emoji": False}


def _shown(text: str, most: int) -> str:
    """The text as far as it fits; a dash for one that shows nothing, which Slack refuses."""
    shown = cut(visible(text), most)
    return shown if shown.strip() else "–"


def _joined(lines: Sequence[Line]) -> Line:
    spans: list[Span] = []
    for n, line in enumerate(lines):
        spans += [Span("\n")] if n else []
        spans += line
    return tuple(spans)


def _rich(kind: str, spans: Line) -> Iterator[Block]:
    for chunk in _chunks(spans, limits.RICH_TEXT):
        yield {
            "type": "rich_text",
            "elements": [{"type": kind, "elements": [_styled(span) for span in chunk]}],
        }


def _styled(span: Span) -> Block:
    element: Block = {"type": "text", "text": span.text}
    return element | {"style": {"bold": True}} if span.strong else element


def _chunks(spans: Line, most: int) -> Iterator[list[Span]]:
    """The spans in runs of at most `most` characters, split where they must be."""
    chunk: list[Span] = []
    room = most
    for span in spans:
        text = visible(span.text)
        while text:
            head, text = text[:room], text[room:]
            chunk.append(Span(head, strong=span.strong))
            room -= len(head)
            if room == 0:
                yield chunk
                chunk, room = [], most
    if chunk:
        yield chunk


def _row(title: str, lines: Sequence[str], button: Button | None) -> Block:
    block: Block = {"type": "section", "text": _plain("\n".join((title, *lines)), limits.SECTION)}
    return block | {"accessory": _control(button)} if button else block


def _control(control: Button | Menu) -> Block:
    if isinstance(control, Menu):
        return {
            "type": "static_select",
            "action_id": control.deed,
            "placeholder": _plain(control.label, limits.PLACEHOLDER),
            "options": [_option(value, label) for value, label in control.options],
        }
    element: Block = {
        "type": "button",
        "action_id": control.deed,
        "text": _plain(control.label, limits.BUTTON),
        "value": control.value[: limits.BUTTON_VALUE],
    }
    return element | {"style": "primary"} if control.primary else element


def _thumbs(thumbs: Thumbs) -> Block:
    return {
        "type": "feedback_buttons",
        "action_id": thumbs.deed,
        "positive_button": _thumb(*thumbs.good),
        "negative_button": _thumb(*thumbs.bad),
    }


def _thumb(value: str, label: str) -> Block:
    return {"text": _plain(label, limits.BUTTON), "value": value[: limits.BUTTON_VALUE]}


def _option(value: str, label: str) -> Block:
    return {"text": _plain(label, limits.OPTION), "value": value[: limits.OPTION_VALUE]}


def _chart(chart: Chart) -> Block:
    points = [
        {"label": _shown(label, limits.CHART_LABEL), "value": value}
        for label, value in chart.points[: limits.CHART_POINTS]
    ]
    return {
        "type": "data_visualization",
        "title": _shown(chart.title, limits.CHART_TITLE),
        "chart": {
            "type": "bar",
            "axis_config": {"categories": [point["label"] for point in points]},
            "series": [{"name": _shown(chart.series, limits.CHART_LABEL), "data": points}],
        },
    }


def _input(field: Field) -> Block:
    optional = isinstance(field, ChecksField) or (isinstance(field, TextField) and field.optional)
    return {
        "type": "input",
        "block_id": field.id,
        "optional": optional,
        "label": _plain(field.label, limits.LABEL),
        "element": _element(field) | {"action_id": field.id},
    }


def _element(field: Field) -> Block:
    match field:
        case TextField():
            return _text_input(field)
        case ChoiceField(options=options):
            choices = _options(options[: limits.CHOICES])
            return {"type": "radio_buttons", "options": choices, "initial_option": choices[0]}
        case ChecksField(options=options):
            choices = _options(options[: limits.CHOICES])
            return {"type": "checkboxes", "options": choices, "initial_options": choices}
        case ListField(hint=hint, options=options):
            return {
                "type": "static_select",
                "placeholder": _plain(hint, limits.PLACEHOLDER),
                "options": _options(options[: limits.LIST_OPTIONS]),
            }
        case DateField(initial=initial):
            return {"type": "datepicker", "initial_date": initial}


def _text_input(field: TextField) -> Block:
    element = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": field.longest,
        "placeholder": _plain(field.hint, limits.PLACEHOLDER),
    }
    initial = cut(visible(field.initial), field.longest)
    return element | ({"initial_value": initial} if initial else {})


def _options(options: Sequence[tuple[str, str]]) -> list[Block]:
    return [_option(value, label) for value, label in options]
