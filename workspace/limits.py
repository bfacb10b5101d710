"""Slack's limits, each with where it comes from. Where sources differ, the smaller value stands.

Sources: "ref" is Slack's Block Kit or method reference page of that name at docs.slack.dev.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """The largest allowed value and why it is believed."""

    most: int
    source: str


LIMITS: Final[dict[str, Limit]] = {
    # messages
    "message.blocks": Limit(50, "ref blocks"),
    "message.text": Limit(40_000, "ref chat.postMessage: msg_too_long"),
    "message.tables": Limit(1, "ref table block: only_one_table_allowed"),
    "message.charts": Limit(2, "ref data visualization block"),
    "message.markdown": Limit(12_000, "ref markdown block: cumulative for one payload"),
    "message.markdown_total": Limit(
        13_172, "undocumented; smallest text seen refused with msg_blocks_too_long, bolt-js 2509"
    ),
    "prompts": Limit(4, "ref assistant.threads.setSuggestedPrompts"),
    "status.minutes": Limit(2, "ref assistant.threads.setStatus: it is cleared after two minutes"),
    # views
    "view.blocks": Limit(100, "ref views"),
    "view.title": Limit(24, "ref modal views"),
    "view.button": Limit(24, "ref modal views: submit and close"),
    "view.private_metadata": Limit(3_000, "ref modal views"),
    "view.callback_id": Limit(255, "ref modal views"),
    "view.external_id": Limit(255, "ref modal views"),
    "view.stack": Limit(3, "ref views.push: push_limit_reached"),
    # layout blocks
    "block_id": Limit(255, "ref blocks"),
    "section.text": Limit(3_000, "ref section block"),
    "section.fields": Limit(10, "ref section block"),
    "section.field": Limit(2_000, "ref section block"),
    "header.text": Limit(150, "ref header block"),
    "context.elements": Limit(10, "ref context block"),
    "context.text": Limit(3_000, "ref text object"),
    "actions.elements": Limit(25, "ref actions block"),
    "context_actions.elements": Limit(5, "ref context actions block"),
    "input.label": Limit(2_000, "ref input block"),
    "input.hint": Limit(2_000, "ref input block"),
    "image.url": Limit(3_000, "ref image block"),
    "image.alt_text": Limit(2_000, "ref image block"),
    "image.title": Limit(2_000, "ref image block"),
    "table.rows": Limit(100, "ref table block"),
    "table.columns": Limit(20, "ref table block"),
    "table.characters": Limit(10_000, "ref table block; getnao/nao 1143 lost larger ones"),
    "chart.title": Limit(50, "ref data visualization block"),
    "chart.label": Limit(20, "ref data visualization block"),
    "chart.axis": Limit(50, "ref data visualization block"),
    "chart.points": Limit(20, "ref data visualization block"),
    "chart.series": Limit(6, "ref data visualization block; some client libraries say 12"),
    "plan.tasks": Limit(50, "not documented; taken as a message's blocks"),
    "card.title": Limit(150, "ref card block; slack_sdk CardBlock"),
    "card.subtitle": Limit(150, "ref card block; slack_sdk CardBlock"),
    "card.body": Limit(200, "ref card block; slack_sdk CardBlock"),
    "alert.text": Limit(200, "java-slack-sdk AlertBlock"),
    # elements
    "action_id": Limit(255, "ref block elements"),
    "button.text": Limit(75, "ref button element"),
    "button.value": Limit(2_000, "ref button element"),
    "button.url": Limit(3_000, "ref button element"),
    "placeholder": Limit(150, "ref select menu element"),
    "select.options": Limit(100, "ref select menu element"),
    "overflow.options": Limit(5, "ref overflow menu element"),
    "choice.options": Limit(10, "ref checkboxes and radio button elements"),
    "option.text": Limit(75, "ref option object"),
    "option.value": Limit(150, "ref option object"),
    "option.description": Limit(75, "ref option object"),
    "text_input.max_length": Limit(3_000, "ref plain-text input element"),
    "confirm.title": Limit(100, "ref confirmation dialog object"),
    "confirm.text": Limit(300, "ref confirmation dialog object"),
    "confirm.button": Limit(30, "ref confirmation dialog object"),
    # connections and links
    "sockets": Limit(10, "node-slack-sdk 1654, a maintainer's answer"),
    "response_url.uses": Limit(5, "Slack's guide on handling user interaction"),
    "response_url.minutes": Limit(30, "Slack's guide on handling user interaction"),
}

_EVERYWHERE = frozenset({"message", "modal", "home"})
_MESSAGES = frozenset({"message"})

# Which surface takes which block (docs.slack.dev/blocks.json). Blocks whose other surfaces
# are not documented beyond doubt are taken in messages only.
SURFACES: Final[dict[str, frozenset[str]]] = {
    "actions": _EVERYWHERE,
    "alert": frozenset({"modal"}),
    "card": _EVERYWHERE,
    "context": _EVERYWHERE,
    "context_actions": _MESSAGES,
    "data_visualization": _MESSAGES,
    "divider": _EVERYWHERE,
    "header": _EVERYWHERE,
    "image": _EVERYWHERE,
    "input": _EVERYWHERE,
    "markdown": _MESSAGES,
    "plan": _MESSAGES,
    "rich_text": _EVERYWHERE,
    "section": _EVERYWHERE,
    "table": _MESSAGES,
    "task_card": _MESSAGES,
}


def most(name: str) -> int:
    """The largest allowed value of a named limit."""
    return LIMITS[name].most
