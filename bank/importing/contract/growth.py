"""Training, certificates, proposals, and working together."""

from bank import models
from bank.importing.contract.declarations import (
    COUNT,
    ID,
    NOTE,
    PAST,
    PAST_IF_ANY,
    PLANNED,
    PLANNED_END,
    SCORE,
    SHARE,
    Column,
    File,
    Rule,
    Sums,
    differ,
    given_together,
    given_unless,
    matches,
    not_before,
    starts_first,
)
from bank.importing.kinds import Choice, Text, Whole
from bank.models.growth import COURSE_KINDS, PROPOSAL_STATES, PROPOSAL_STEPS

TRAINING = File(
    "training",
    models.TrainingResult,
    "update",
    "Attempts at mandatory courses; a course not yet taken has neither day nor score.",
    ("manager_id", "course", "attempt"),
    (
        Column("manager_id", ID, "manager", "staff"),
        Column("course", Text(), "course"),
        Column("kind", Choice(COURSE_KINDS), "what it teaches"),
        Column("attempt", COUNT, "1 for the first attempt"),
        Column("due_date", PLANNED, "day it must be passed by"),
        Column("taken_date", PAST_IF_ANY, "day it was taken"),
        Column("score", Whole(0, 100, optional=True), "points"),
    ),
    (given_together("score", "taken_date"),),
    takes_effect="taken_date",
)
CERTIFICATES = File(
    "certificates",
    models.Certificate,
    "update",
    "Qualifications people hold, as last renewed.",
    ("manager_id", "name"),
    (
        Column("manager_id", ID, "who holds it", "staff"),
        Column("name", Text(), "qualification, such as CFP"),
        Column("from_date", PAST, "first day"),
        Column("to_date", PLANNED_END, "first day no longer valid"),
    ),
    (starts_first("from", "to"),),
)
PROPOSALS = File(
    "proposals",
    models.Proposal,
    "update",
    "Suggestions for the bank, and how far they came.",
    ("id",),
    (
        Column("id", ID, "proposal"),
        Column("title", Text(), "title"),
        Column("date", PAST, "day it was handed in"),
        Column("state", Choice(PROPOSAL_STATES), "how far it came"),
        Column("decided_date", PAST_IF_ANY, "day it came that far"),
    ),
    (
        not_before("date", "decided_date"),
        given_unless("decided_date", "state", "submitted"),
    ),
    takes_effect="decided_date",
)
STEPS = File(
    "proposal_steps",
    models.ProposalStep,
    "update",
    "When proposals came how far; each step counts in the period of its own day.",
    ("proposal_id", "state"),
    (
        Column("proposal_id", ID, "proposal", "proposals"),
        Column("state", Choice(PROPOSAL_STEPS), "how far it came"),
        Column("date", PAST, "day it came that far"),
    ),
    takes_effect="date",
)
PROPOSAL_AUTHORS = File(
    "proposal_authors",
    models.ProposalAuthor,
    "update",
    "Who wrote a proposal, and with which share.",
    ("proposal_id", "manager_id"),
    (
        Column("proposal_id", ID, "proposal", "proposals"),
        Column("manager_id", ID, "author", "staff"),
        Column("share_pct", SHARE, "share in percent"),
    ),
    sums=Sums("proposal_id"),
)
COLLAB_RATINGS = File(
    "collab_ratings",
    models.CollabRating,
    "update",
    "How people of other departments found working with a manager in a quarter.",
    ("manager_id", "rater_id", "quarter"),
    (
        Column("manager_id", ID, "manager", "staff"),
        Column("rater_id", ID, "who rates", "staff"),
        Column("quarter", ID, "quarter, such as 2026Q4"),
        Column("score", SCORE, "0 to 100"),
        Column("date", PAST, "day of the rating"),
    ),
    (
        differ("rater_id", "manager_id"),
        matches("quarter", r"20\d\dQ[1-4]", "is no quarter: write it like 2026Q4"),
    ),
    takes_effect="date",
)
CREDIT_FILES = File(
    "credit_files",
    models.CreditFile,
    "update",
    "Credit files handed in, and those returned for rework.",
    ("id",),
    (
        Column("id", ID, "file"),
        Column("manager_id", ID, "manager who handed it in", "staff"),
        Column("client_id", ID, "client it is for", "clients"),
        Column("submitted_date", PAST, "day it was handed in"),
        Column("returned_date", PAST_IF_ANY, "day it was returned"),
        Column("reason", NOTE, "why it was returned"),
    ),
    (
        not_before("submitted_date", "returned_date"),
        Rule(
            "reason",
            "is given without returned_date, or the reverse: give both or neither",
            lambda row: (row["returned_day"] is None) == (not row["reason"].strip()),
        ),
    ),
    takes_effect="submitted_date",
)
