"""What clients answer, ask, need and bring."""

from bank import models
from bank.importing.contract.declarations import (
    ID,
    NOTE,
    PAST,
    PAST_IF_ANY,
    PLANNED,
    PLANNED_IF_ANY,
    SCORE,
    Column,
    File,
    differ,
    not_before,
)
from bank.importing.kinds import Choice, Flag, Text
from bank.models.service import DOCUMENT_KINDS, NEED_STATES, SURVEY_CHANNELS

SURVEYS = File(
    "surveys",
    models.SurveyResponse,
    "update",
    "Clients' answers to satisfaction surveys.",
    ("id",),
    (
        Column("id", ID, "answer"),
        Column("client_id", ID, "client", "clients"),
        Column("manager_id", ID, "manager it is about", "staff"),
        Column("date", PAST, "day of the answer"),
        Column("channel", Choice(SURVEY_CHANNELS), "how"),
        Column("score", SCORE, "rescaled to 0 to 100"),
        Column("theme", NOTE, "what it was about"),
    ),
    takes_effect="date",
)
REFERRALS = File(
    "referrals",
    models.Referral,
    "update",
    "Clients recommended by clients.",
    ("id",),
    (
        Column("id", ID, "referral"),
        Column("referrer_id", ID, "client who recommends", "clients"),
        Column("client_id", ID, "client recommended", "clients"),
        Column("manager_id", ID, "manager who noted it", "staff"),
        Column("date", PAST, "day it was noted"),
        Column("related", Flag(), "the referrer is staff or related to the manager"),
    ),
    (differ("client_id", "referrer_id"),),
    takes_effect="date",
)
INQUIRIES = File(
    "inquiries",
    models.Inquiry,
    "update",
    "Questions clients put to their managers.",
    ("id",),
    (
        Column("id", ID, "inquiry"),
        Column("client_id", ID, "client", "clients"),
        Column("manager_id", ID, "manager who must answer", "staff"),
        Column("received_date", PAST, "day it came in"),
        Column("due_date", PLANNED, "last day on which an answer is in time"),
        Column("answered_date", PAST_IF_ANY, "day it was answered"),
        Column("topic", Text(), "what it is about"),
    ),
    (not_before("received_date", "due_date"), not_before("received_date", "answered_date")),
)
NEEDS = File(
    "needs",
    models.ClientNeed,
    "update",
    "What clients could use.",
    ("id",),
    (
        Column("id", ID, "need"),
        Column("client_id", ID, "client", "clients"),
        Column("kind", ID, "need of the catalogue, such as N05"),
        Column("noted_date", PAST, "day it was noticed"),
        Column("due_date", PLANNED_IF_ANY, "day by which it is wanted"),
        Column("state", Choice(NEED_STATES), "where it stands"),
        Column("note", NOTE, "what was said"),
    ),
    (not_before("noted_date", "due_date"),),
)
DOCUMENTS = File(
    "documents",
    models.ClientDocument,
    "update",
    "Clients' documents that must be renewed.",
    ("client_id", "kind"),
    (
        Column("client_id", ID, "client", "clients"),
        Column("kind", Choice(DOCUMENT_KINDS), "which document"),
        Column("due_date", PLANNED, "day by which to renew it next"),
        Column(
            "renewed_date",
            PAST_IF_ANY,
            "day it was last renewed; from due_date on, it is done until the next due_date is sent",
        ),
    ),
)
