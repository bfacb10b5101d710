"""Complaints, incidents and compliance checks."""

from bank import models
from bank.importing.contract.declarations import (
    ID,
    NO_ID,
    PAST,
    PAST_IF_ANY,
    Column,
    File,
    Rule,
    differ,
    given_together,
    given_unless,
    given_when,
    not_before,
)
from bank.importing.kinds import Choice, Flag, Text
from bank.models.conduct import CHECK_KINDS, CHECK_SEVERITIES, COMPLAINT_STATES, INCIDENT_STATES

COMPLAINTS = File(
    "complaints",
    models.Complaint,
    "update",
    "Complaints about managers. One upheld later counts on the day it was received.",
    ("id",),
    (
        Column("id", ID, "complaint"),
        Column("client_id", ID, "client who complains", "clients"),
        Column("manager_id", ID, "manager it is about", "staff"),
        Column("received_date", PAST, "day it came in"),
        Column("severity", Choice(("major", "minor")), "severity"),
        Column("state", Choice(COMPLAINT_STATES), "where it stands"),
        Column("decided_date", PAST_IF_ANY, "day of the decision"),
        Column("duplicate_of", NO_ID, "the complaint it repeats", "complaints"),
        Column("summary", Text(), "what it says"),
    ),
    (
        not_before("received_date", "decided_date"),
        given_unless("decided_date", "state", "pending"),
        given_when("duplicate_of", "state", "duplicate"),
        differ("duplicate_of", "id"),
    ),
    takes_effect="received_date",
)
INCIDENTS = File(
    "incidents",
    models.Incident,
    "update",
    "Compliance incidents. Only a confirmed one counts, and two people are needed for that.",
    ("id",),
    (
        Column("id", ID, "incident"),
        Column("manager_id", ID, "manager", "staff"),
        Column("veto", Choice(("V1", "V2")), "the veto it carries once confirmed"),
        Column("event_date", PAST, "day it happened"),
        Column("known_date", PAST, "day the bank learned of it"),
        Column("state", Choice(INCIDENT_STATES), "where it stands"),
        Column("reported_by", ID, "who reported it", "staff"),
        Column("confirmed_by", NO_ID, "who confirmed it", "staff"),
        Column("decided_date", PAST_IF_ANY, "day it was confirmed or dismissed"),
        Column("summary", Text(), "what happened"),
        Column("policy", Text(), 'clause it breaks, as "policy-id clause"'),
    ),
    (
        not_before("event_date", "known_date"),
        not_before("known_date", "decided_date"),
        given_unless("decided_date", "state", "reported"),
        Rule(
            "confirmed_by",
            "names nobody besides reported_by, though confirmed: a second person confirms",
            lambda row: (
                row["state"] != "confirmed" or row["confirmed_by"] not in (None, row["reported_by"])
            ),
        ),
    ),
    takes_effect="known_date",
)
CHECKS = File(
    "checks",
    models.CheckItem,
    "update",
    "Items of compliance checks. The first result stands; a later one is shown beside it.",
    ("id",),
    (
        Column("id", ID, "item"),
        Column("manager_id", ID, "manager", "staff"),
        Column("date", PAST, "day of the check"),
        Column("kind", Choice(CHECK_KINDS), "what was checked"),
        Column("severity", Choice(CHECK_SEVERITIES), "how much a failure weighs"),
        Column("passed", Flag(), "whether it was in order"),
        Column("recheck_date", PAST_IF_ANY, "day it was looked at again"),
        Column("recheck_passed", Flag(optional=True), "whether it was in order then"),
        Column("regulation", Text(), 'the rule, such as "policy-id clause"'),
        Column("subject", Text(), "what was looked at"),
    ),
    (not_before("date", "recheck_date"), given_together("recheck_passed", "recheck_date")),
    takes_effect="date",
)
