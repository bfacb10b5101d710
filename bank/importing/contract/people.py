"""Units, staff and their leave."""

from bank import models
from bank.importing.contract.declarations import (
    ID,
    NO_ID,
    PAST,
    PLANNED,
    PLANNED_END,
    Column,
    File,
    History,
    not_before,
    starts_first,
)
from bank.importing.kinds import Choice, Text
from bank.models.people import LEAVE_KINDS, ROLES

UNITS = File(
    "units",
    models.OrgUnit,
    "update",
    "Branches and teams.",
    ("id",),
    (
        Column("id", ID, "unit"),
        Column("name", Text(), "name as people say it"),
        Column("parent_id", NO_ID, "unit above; empty at the top", "units"),
    ),
)
STAFF = File(
    "staff",
    models.Staff,
    "update",
    "People of the bank. Rows are never deleted: someone who leaves gets a left_date.",
    ("id",),
    (
        Column("id", ID, "staff id"),
        Column("name", Text(), "name"),
        Column("role", Choice(ROLES), "what they do"),
        Column("unit_id", ID, "unit they belong to", "units"),
        Column(
            "slack_user_id",
            NO_ID,
            "Slack account bound by an administrator; at most one person each",
        ),
        Column("lang", Choice(("en", "zh")), "language Daybook writes to them in"),
        Column("hired_date", PAST, "first day"),
        Column("left_date", PLANNED_END, "first day no longer employed"),
    ),
    (starts_first("hired", "left"),),
    history=History(models.StaffUnit, "staff_id", "hired_date", ("unit_id", "role")),
    unique=("slack_user_id",),
)
LEAVES = File(
    "leaves",
    models.StaffLeave,
    "update",
    "Approved leave. One called off ends on the day it would have begun.",
    ("staff_id", "from_date"),
    (
        Column("staff_id", ID, "who is away", "staff"),
        Column("from_date", PLANNED, "first day away"),
        Column("to_date", PLANNED_END, "first day back"),
        Column("kind", Choice(LEAVE_KINDS), "kind of leave"),
    ),
    (not_before("from_date", "to_date"),),
    takes_effect="from_date",
)
