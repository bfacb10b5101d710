"""Targets, ratings and appeals."""

from bank import models
from bank.importing.contract.declarations import (
    COUNT,
    ID,
    NO_ID,
    NOTE,
    PAST,
    PAST_IF_ANY,
    PLANNED,
    SCORE,
    YEAR,
    Column,
    File,
    Rule,
    differ,
    given_unless,
    matches,
    not_before,
)
from bank.importing.kinds import Choice, Text, Whole
from bank.models.plans import APPEAL_STATES, RATING_KINDS

IS_PERIOD = matches("period", r"20\d\d(Q[1-4])?", "is no period: write it like 2026Q4 or 2026")

TARGETS = File(
    "targets",
    models.Target,
    "fixed",
    "Signed yearly targets. A signed target never changes; an amendment is a new version.",
    ("manager_id", "indicator", "year", "version"),
    (
        Column("manager_id", ID, "manager", "staff"),
        Column("indicator", ID, "indicator of the scheme, such as P01"),
        Column("year", YEAR, "year"),
        Column("version", COUNT, "1 for the first signature"),
        Column("amount", Whole(), "fen for money, whole percent for rates"),
        Column("signed_date", PAST, "day of the signatures"),
    ),
    takes_effect="signed_date",
)
RATINGS = File(
    "ratings",
    models.Rating,
    "update",
    "How superiors, the risk department and client panels rate managers. Each rater rates a"
    " manager once a period and kind; a rating given in Daybook stays as it is.",
    ("manager_id", "period", "kind", "rater_id"),
    (
        Column("id", ID, "rating"),
        Column("manager_id", ID, "manager", "staff"),
        Column("period", ID, "period, such as 2026Q4 or 2026"),
        Column("kind", Choice(RATING_KINDS), "whose view it is"),
        Column("rater_id", ID, "who rates; for a client panel, who wrote it down", "staff"),
        Column("score", SCORE, "0 to 100"),
        Column("comment", NOTE, "why"),
        Column("date", PAST, "day of the rating"),
    ),
    (differ("rater_id", "manager_id"), IS_PERIOD),
    takes_effect="date",
    unique=("id",),
)
APPEALS = File(
    "appeals",
    models.Appeal,
    "keep",
    "Managers' objections to an item of their result.",
    ("id",),
    (
        Column("id", ID, "appeal"),
        Column("manager_id", ID, "manager", "staff"),
        Column("period", ID, "period, such as 2026Q4 or 2026"),
        Column("item", ID, "indicator or incident it is about"),
        Column("claim", Text(), "what the manager says"),
        Column("state", Choice(APPEAL_STATES), "where it stands"),
        Column("raised_date", PAST, "day it was raised"),
        Column("due_date", PLANNED, "last day for the decision"),
        Column("handler_id", NO_ID, "who decides", "staff"),
        Column("decided_date", PAST_IF_ANY, "day of the decision"),
        Column("reason", NOTE, "why it was decided so"),
    ),
    (
        IS_PERIOD,
        not_before("raised_date", "due_date"),
        not_before("raised_date", "decided_date"),
        given_unless("decided_date", "state", "open"),
        differ("handler_id", "manager_id"),
        Rule(
            "handler_id",
            "is empty, though it is decided: name who decided",
            lambda row: row["state"] == "open" or row["handler_id"] is not None,
        ),
    ),
)
