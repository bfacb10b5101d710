"""Credit lines, loans and what moves on them, what secures them, what is recovered."""

from bank import models
from bank.importing.contract.declarations import (
    ID,
    NO_ID,
    PAST,
    PAST_IF_ANY,
    PLANNED,
    PLANNED_END,
    PLANNED_IF_ANY,
    SOME_MONEY,
    UNTIL,
    Column,
    File,
    Rule,
    differ,
    given_when,
    not_before,
    starts_first,
)
from bank.importing.kinds import Choice, Flag
from bank.models.clients import SIZE_CLASSES
from bank.models.credit import (
    COLLATERAL_KINDS,
    GREEN_CATALOGUES,
    LOAN_CLASSES,
    LOAN_MOVES,
    LOAN_PURPOSES,
    RECOVERY_KINDS,
)

CREDIT_LINES = File(
    "credit_lines",
    models.CreditLine,
    "update",
    "What clients may borrow at most.",
    ("id",),
    (
        Column("id", ID, "credit line"),
        Column("client_id", ID, "borrower", "clients"),
        Column("amount_fen", SOME_MONEY, "limit in fen"),
        Column("from_date", PAST, "first day"),
        Column("to_date", PLANNED_END, "first day no longer"),
        Column("purpose", Choice(LOAN_PURPOSES), "what may be financed"),
    ),
    (starts_first("from", "to"),),
    takes_effect="from_date",
)
LOANS = File(
    "loans",
    models.Loan,
    "update",
    "Loan contracts.",
    ("id",),
    (
        Column("id", ID, "loan"),
        Column("client_id", ID, "borrower", "clients"),
        Column("originator_id", ID, "manager who originated it", "staff"),
        Column("approved_date", PAST_IF_ANY, "day of the credit decision"),
        Column("signed_date", PAST, "day of the contract"),
        Column("matures_date", PLANNED_IF_ANY, "day the last of it is due"),
        Column("purpose", Choice(LOAN_PURPOSES), "what it finances"),
        Column("size_class", Choice(SIZE_CLASSES), "borrower's size at approval; empty: a person"),
        Column("refinances", Flag(), "repays an older loan (借新还旧)"),
        Column("green_code", NO_ID, "code in the green finance catalogue; empty: not green"),
        Column("green_catalogue", Choice(GREEN_CATALOGUES), "edition of the catalogue at approval"),
        Column("restructured_date", PAST_IF_ANY, "day it was restructured"),
    ),
    (
        not_before("approved_date", "signed_date"),
        not_before("signed_date", "matures_date"),
        not_before("signed_date", "restructured_date"),
        Rule(
            "green_catalogue",
            "is given without green_code, or the reverse: give both or neither",
            lambda row: (row["green_code"] is None) == (not row["green_catalogue"]),
        ),
    ),
    takes_effect="signed_date",
)
LOAN_EVENTS = File(
    "loan_events",
    models.LoanEvent,
    "update",
    "Money that moved on a loan. A reversal takes back an event of the same loan, on its own day.",
    ("id",),
    (
        Column("id", ID, "event"),
        Column("loan_id", ID, "loan", "loans"),
        Column("date", PAST, "value date"),
        Column("kind", Choice(LOAN_MOVES), "what happened; `transfer_out`: sold to another"),
        Column("amount_fen", SOME_MONEY, "amount in fen, always positive"),
        Column("reverses_id", NO_ID, "the event a reversal takes back", "loan_events"),
    ),
    (
        given_when("reverses_id", "kind", "reversal"),
        differ("reverses_id", "id"),
    ),
    takes_effect="date",
)
LOAN_CLASS_CHANGES = File(
    "loan_classes",
    models.LoanClass,
    "changes",
    "Changes of a loan's five-grade classification, each holding until the next.",
    ("loan_id", "date"),
    (
        Column("loan_id", ID, "loan", "loans"),
        Column("date", PAST, "first day of the grade"),
        Column("grade", Choice(LOAN_CLASSES), "the bank's class"),
    ),
    takes_effect="date",
)
COLLATERAL = File(
    "collateral",
    models.Collateral,
    "update",
    "What secures loans, as last valued.",
    ("id",),
    (
        Column("id", ID, "collateral"),
        Column("loan_id", ID, "loan", "loans"),
        Column("kind", Choice(COLLATERAL_KINDS), "what it is"),
        Column("amount_fen", SOME_MONEY, "value in fen"),
        Column("from_date", PAST, "first day"),
        Column("to_date", PLANNED_END, "first day no longer"),
        Column("valued_date", PAST, "day of the valuation"),
    ),
    (starts_first("from", "to"),),
)
REPAYMENTS = File(
    "repayments",
    models.Repayment,
    "update",
    "Instalments of the loans' schedules.",
    ("loan_id", "due_date"),
    (
        Column("loan_id", ID, "loan", "loans"),
        Column("due_date", PLANNED, "day it is due"),
        Column("amount_fen", SOME_MONEY, "amount due in fen"),
        Column("paid_date", UNTIL, "day it was paid in full"),
    ),
)
RECOVERIES = File(
    "recoveries",
    models.NplRecovery,
    "update",
    "Money or goods taken in on non-performing and written-off loans.",
    ("id",),
    (
        Column("id", ID, "recovery"),
        Column("loan_id", ID, "loan", "loans"),
        Column("date", PAST, "day it came in"),
        Column("kind", Choice(RECOVERY_KINDS), "money, or goods taken in payment"),
        Column("amount_fen", SOME_MONEY, "amount or appraised value in fen"),
        Column("booked_date", PAST, "day it was booked"),
    ),
    (not_before("date", "booked_date"),),
    takes_effect="booked_date",
)
