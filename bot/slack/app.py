"""The Bolt app. Its listeners record what came in and acknowledge; the worker does the rest.

Events are recorded in middleware: Bolt acknowledges an event before its listener starts, while
an exception in middleware leaves the envelope unacknowledged, so that Slack sends it again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.slack.guard import Body, Entry, Identity, event_entry, form_entry, press_entry

EVENTS = ("app_mention", "message", "app_home_opened")
COMMANDS = ("/mykpi",)
PRESSES = (
    *("done", "answer", "snooze", "sources", "kpi", "period", "explain", "feedback"),
    *("expert", "ticket", "ticket_answer", "ticket_assign", "ticket_pass"),
    *("verified", "approve", "edit", "decline", "withdraw"),
    *("course", "course_todo", "course_ack", "course_publish"),
    *("course_query", "course_appeal", "course_report"),
    *("incident", "incident_report", "incident_confirm", "incident_dismiss"),
    *("incident_appeal", "incident_uphold", "incident_reject"),
    *("target", "target_sign", "target_allow", "target_change", "target_decline"),
)
"""Buttons and menus, by the deed they ask for (bot/replies)."""
FORMS = (
    *("done", "answer", "feedback", "expert", "ticket_answer", "ticket_assign"),
    *("edit", "decline", "withdraw"),
    *("course_query", "course_appeal", "course_report", "course_confirm", "course_rate"),
    *("course_answer", "course_decide"),
    *("incident_report", "incident_dismiss", "incident_appeal"),
    *("incident_uphold", "incident_reject"),
    *("target_change", "target_decline"),
)


Next = Callable[[], BoltResponse]

log = structlog.get_logger("daybook.slack.app")


@dataclass(frozen=True, slots=True)
class Listeners:
    """Every listener there is: each records, or answers at once, and acknowledges.

    `command` gives the answer to /mykpi, `complaints` what is wrong with a form's fields; both
    are quick, for their answers travel inside the acknowledgement.
    """

    us: Identity
    record: Callable[[Entry], None]
    """Writes an entry into the inbox, if it is new, and wakes the worker."""
    command: Callable[[Body], dict[str, Any]]
    complaints: Callable[[Body], dict[str, str]]

    def event(self, body: Body, next: Next) -> BoltResponse:  # noqa: A002 - Bolt's own name
        """Middleware: an event is recorded before Bolt acknowledges it."""
        if body.get("type") == "event_callback":
            self._record(event_entry(body, self.us))
        return next()

    def my_kpi(self, body: Body, ack: Ack) -> None:
        """/mykpi: answered inside the acknowledgement."""
        ack(**self.command(body))

    def press(self, body: Body, ack: Ack) -> None:
        """A button or a menu."""
        self._record(press_entry(body, self.us))
        ack()

    def form(self, body: Body, ack: Ack) -> None:
        """A form; it stays open, with the complaints, while something in it is wrong."""
        wrong = self.complaints(body)
        if wrong:
            ack(response_action="errors", errors=wrong)
            return
        self._record(form_entry(body, self.us))
        ack()

    def _record(self, entry: Entry | None) -> None:
        if entry:
            self.record(entry)


def build_app(client: WebClient, listeners: Listeners) -> App:
    """The app with every listener the manifest names. It asks Slack nothing by itself."""
    us = listeners.us
    app = App(
        client=client,
        authorize=lambda: AuthorizeResult(
            enterprise_id=None,
            team_id=us.team,
            bot_token=client.token,
            bot_user_id=us.user,
            bot_id=us.bot,
        ),
        logger=_logger(),
        token_verification_enabled=False,
        request_verification_enabled=False,
    )
    app.error(_failed)
    app.middleware(listeners.event)
    for event in EVENTS:
        app.event(event)(_recorded_already)
    for name in COMMANDS:
        app.command(name)(listeners.my_kpi)
    for deed in PRESSES:
        app.action(deed)(listeners.press)
    for deed in FORMS:
        app.view(deed)(listeners.form)
    return app


def _failed(error: Exception) -> None:
    """In place of Bolt's own handler, whose line carries the error's text: somebody's words."""
    log.error("not taken in", action="listen", exc_info=error)


def _recorded_already() -> None:
    """Events are recorded in middleware; this only tells Bolt that they are ours."""


def _logger() -> logging.Logger:
    # Bolt logs whole bodies at levels below; a question is nobody's business in a log.
    logger = logging.getLogger("daybook.slack")
    logger.setLevel(logging.ERROR)
    return logger
