"""Visits, duties, warnings and answers to them."""

from bank import models
from bank.importing.contract.declarations import (
    ID,
    NO_ID,
    NOTE,
    PAST,
    PAST_IF_ANY,
    PLANNED,
    Column,
    File,
    not_before,
)
from bank.importing.kinds import Choice, JsonObject, Text
from bank.models.care import DUTY_KINDS

VISITS = File(
    "visits",
    models.Visit,
    "update",
    "Contacts with clients.",
    ("id",),
    (
        Column("id", ID, "visit"),
        Column("client_id", ID, "client", "clients"),
        Column("manager_id", ID, "manager", "staff"),
        Column("date", PAST, "day of the contact"),
        Column("logged_date", PAST, "day it was written down"),
        Column("kind", Choice(("onsite", "video", "phone")), "how"),
        Column("note", NOTE, "what was said; a visit without one never counts"),
    ),
    (not_before("date", "logged_date"),),
    takes_effect="date",
)
DUTIES = File(
    "duties",
    models.Duty,
    "update",
    "What managers must have done by a day: due diligence before a loan and checks after it,"
    " return visits, festive care, client analysis reports, client plans. A client who wants none"
    " of it has none here.",
    ("id",),
    (
        Column("id", ID, "duty"),
        Column("manager_id", ID, "manager who must do it", "staff"),
        Column("client_id", NO_ID, "client; empty if it is about several", "clients"),
        Column("kind", Choice(DUTY_KINDS), "what is to be done"),
        Column("due_date", PLANNED, "last day on which it is done in time"),
        Column("done_date", PAST_IF_ANY, "day it was done"),
    ),
)
WARNINGS = File(
    "warnings",
    models.RiskWarning,
    "keep",
    "Risk warnings raised elsewhere. At most one of a signal is not closed for a client; one that"
    " Daybook itself raised already is taken in as closed, and owed no answer of its own.",
    ("id",),
    (
        Column("id", ID, "warning"),
        Column("signal", ID, "signal, such as W01"),
        Column("client_id", ID, "client", "clients"),
        Column("manager_id", ID, "manager who must answer", "staff"),
        Column("severity", Choice(("red", "orange", "yellow", "blue")), "severity"),
        Column("raised_date", PAST, "day it was raised"),
        Column("due_date", PLANNED, "last day on which an answer is in time"),
        Column("state", Choice(("open", "answered", "closed")), "where it stands"),
        Column("evidence", JsonObject(), "what was seen"),
    ),
    (not_before("raised_date", "due_date"),),
    takes_effect="due_date",
)
WARNING_RESPONSES = File(
    "warning_responses",
    models.WarningResponse,
    "keep",
    "Substantive answers to warnings.",
    ("id",),
    (
        Column("id", ID, "answer"),
        Column("warning_id", ID, "warning", "warnings"),
        Column("staff_id", ID, "who answered", "staff"),
        Column("date", PAST, "day of the answer"),
        Column("text", Text(), "the answer"),
    ),
    takes_effect="date",
)
