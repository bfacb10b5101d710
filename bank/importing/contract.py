"""The drop contract: every file, its columns and its rules, declared once.

Reading, checking, loading and docs/data.md all follow these declarations.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bank import models
from bank.days import OPEN
from bank.importing.kinds import Choice, Day, Flag, Identifier, JsonObject, Kind, Text, Whole
from bank.models.credit import LOAN_CLASSES
from bank.models.people import ROLES


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file; `refers` names the file whose id it holds."""

    name: str
    kind: Kind
    meaning: str
    refers: str | None = None

    @property
    def field(self) -> str:
        """The table's column: days are named `…day` there, money loses its unit."""
        if self.name == "date":
            return "day"
        if self.name.endswith("_date"):
            return self.name.removesuffix("date") + "day"
        return self.name.removesuffix("_fen")


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold between a row's columns; the problem is reported at `column`."""

    column: str
    reason: str
    holds: Callable[[Mapping[str, Any]], bool]
    """Takes the row by the table's column names."""


@dataclass(frozen=True, slots=True)
class File:
    """One CSV file of a drop.

    How its rows meet those already there, by key:
    - update: a known row takes the new values;
    - keep: a known row stays as it is, because Daybook itself moves it on;
    - fixed: a known row must be the same, because it never changes;
    - changes: rows are changes in time, loaded as the table's intervals.
    """

    name: str
    model: type[models.Base]
    known: Literal["update", "keep", "fixed", "changes"]
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()


def _starts_first(start: str, end: str) -> Rule:
    """The rule that a pair of days named by their columns is in order."""
    first, then = f"{start}_day", f"{end}_day"
    return Rule(
        f"{end}_date",
        f"is not after {start}_date: correct one of the two",
        lambda row: row[first] < row[then],
    )


def _not_before(start: str, end: str) -> Rule:
    """The rule that a day is the same as an earlier one or follows it."""
    first = "day" if start == "date" else start.replace("date", "day")
    then = end.replace("date", "day")
    return Rule(
        end, f"is before {start}: correct one of the two", lambda row: row[then] >= row[first]
    )


ID = Identifier()
MONEY = Whole(least=0)
PAST = Day()
UNTIL = Day(empty=OPEN)
PLANNED_END = Day(future=True, empty=OPEN)
YEAR = Whole(2000, 2100)
COUNT = Whole(1, 10_000)

FILES = (
    File(
        "units",
        models.OrgUnit,
        "update",
        "Branches and teams.",
        ("id",),
        (
            Column("id", ID, "unit"),
            Column("name", Text(), "name as people say it"),
            Column("parent_id", Identifier(optional=True), "unit above; empty at the top", "units"),
        ),
    ),
    File(
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
                Identifier(optional=True),
                "Slack account bound by an administrator; at most one person each",
            ),
            Column("lang", Choice(("en", "zh")), "language Daybook writes to them in"),
            Column("hired_date", PAST, "first day"),
            Column("left_date", PLANNED_END, "first day no longer employed"),
        ),
        (_starts_first("hired", "left"),),
    ),
    File(
        "clients",
        models.Client,
        "update",
        "People and companies the bank serves.",
        ("id",),
        (
            Column("id", ID, "client"),
            Column("name", Text(), "name"),
            Column("customer_class", Choice(("corporate", "retail")), "company or person"),
            Column(
                "size_class",
                Choice(("", "micro", "small", "medium", "large")),
                "company size; empty for people",
            ),
            Column("tier", Choice(("private", "premium", "standard")), "service tier"),
            Column("opened_date", PAST, "first day as a client"),
        ),
    ),
    File(
        "assignments",
        models.Assignment,
        "update",
        "Who looks after a client, and with which share. One manager's spans of a client do not"
        " overlap, and on no day do a client's shares exceed 100 %.",
        ("client_id", "from_date", "manager_id"),
        (
            Column("client_id", ID, "client", "clients"),
            Column("manager_id", ID, "manager", "staff"),
            Column("from_date", PAST, "first day"),
            Column("to_date", PLANNED_END, "first day no longer"),
            Column("share_pct", Whole(1, 100), "share of the client in percent"),
        ),
        (_starts_first("from", "to"),),
    ),
    File(
        "accounts",
        models.Account,
        "update",
        "Deposit accounts.",
        ("id",),
        (
            Column("id", ID, "account"),
            Column("client_id", ID, "its holder", "clients"),
            Column("kind", Choice(("demand", "time", "savings", "margin")), "kind of deposit"),
            Column("opened_date", PAST, "first day"),
            Column("closed_date", UNTIL, "first day without the account"),
        ),
        (_not_before("opened_date", "closed_date"),),
    ),
    File(
        "balances",
        models.BalanceInterval,
        "changes",
        "Changes of end-of-day balances. A balance holds until the account's next change, or until"
        " the account is closed; before its first it is 0. A row for an earlier day corrects that"
        " day and those after it up to the next change.",
        ("account_id", "date"),
        (
            Column("account_id", ID, "account", "accounts"),
            Column("date", PAST, "day at whose end the balance stands"),
            Column("amount_fen", MONEY, "balance in fen"),
        ),
    ),
    File(
        "client_bases",
        models.ClientBase,
        "update",
        "Deposit day-averages of a whole base year, as the ledger states them.",
        ("client_id", "year"),
        (
            Column("client_id", ID, "client", "clients"),
            Column("year", YEAR, "base year"),
            Column("day_average_fen", MONEY, "average of the year's end-of-day deposits, in fen"),
        ),
    ),
    File(
        "loans",
        models.Loan,
        "update",
        "Loan contracts.",
        ("id",),
        (
            Column("id", ID, "loan"),
            Column("client_id", ID, "borrower", "clients"),
            Column("originator_id", ID, "manager who originated it", "staff"),
            Column("signed_date", PAST, "day of the contract"),
            Column("refinances", Flag(), "repays an older loan (借新还旧)"),
        ),
    ),
    File(
        "loan_events",
        models.LoanEvent,
        "update",
        "Money that moved on a loan.",
        ("id",),
        (
            Column("id", ID, "event"),
            Column("loan_id", ID, "loan", "loans"),
            Column("date", PAST, "value date"),
            Column("kind", Choice(("drawdown", "repayment", "write_off")), "what happened"),
            Column("amount_fen", Whole(least=1), "amount in fen, always positive"),
        ),
    ),
    File(
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
    ),
    File(
        "repayments",
        models.Repayment,
        "update",
        "Instalments of the loans' schedules.",
        ("loan_id", "due_date"),
        (
            Column("loan_id", ID, "loan", "loans"),
            Column("due_date", Day(future=True), "day it is due"),
            Column("amount_fen", Whole(least=1), "amount due in fen"),
            Column("paid_date", UNTIL, "day it was paid in full"),
        ),
    ),
    File(
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
            Column("note", Text(optional=True), "what was said; a visit without one never counts"),
        ),
        (_not_before("date", "logged_date"),),
    ),
    File(
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
            Column("state", Choice(("reported", "confirmed", "dismissed")), "where it stands"),
            Column("reported_by", ID, "who reported it", "staff"),
            Column("confirmed_by", Identifier(optional=True), "who confirmed it", "staff"),
            Column("summary", Text(), "what happened"),
            Column("policy", Text(), 'clause it breaks, as "policy-id clause"'),
        ),
        (
            _not_before("event_date", "known_date"),
            Rule(
                "confirmed_by",
                "names nobody besides reported_by, though confirmed: a second person confirms",
                lambda row: (
                    row["state"] != "confirmed"
                    or row["confirmed_by"] not in (None, row["reported_by"])
                ),
            ),
        ),
    ),
    File(
        "training",
        models.TrainingResult,
        "update",
        "Attempts at mandatory courses; a course not yet taken has neither day nor score.",
        ("manager_id", "course", "attempt"),
        (
            Column("manager_id", ID, "manager", "staff"),
            Column("course", Text(), "course"),
            Column("attempt", COUNT, "1 for the first attempt"),
            Column("due_date", Day(future=True), "day it must be passed by"),
            Column("taken_date", Day(empty=None), "day it was taken"),
            Column("score", Whole(0, 100, optional=True), "points"),
        ),
        (
            Rule(
                "score",
                "is given without taken_date, or the reverse: give both or neither",
                lambda row: (row["score"] is None) == (row["taken_day"] is None),
            ),
        ),
    ),
    File(
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
    ),
    File(
        "warnings",
        models.RiskWarning,
        "keep",
        "Risk warnings raised elsewhere. At most one of a signal is not closed for a client.",
        ("id",),
        (
            Column("id", ID, "warning"),
            Column("signal", ID, "signal, such as W01"),
            Column("client_id", ID, "client", "clients"),
            Column("manager_id", ID, "manager who must answer", "staff"),
            Column("severity", Choice(("red", "orange", "yellow", "blue")), "severity"),
            Column("raised_date", PAST, "day it was raised"),
            Column("due_date", Day(future=True), "last day on which an answer is in time"),
            Column("state", Choice(("open", "answered", "closed")), "where it stands"),
            Column("evidence", JsonObject(), "what was seen"),
        ),
        (_not_before("raised_date", "due_date"),),
    ),
    File(
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
    ),
)
"""Every file, each after those it refers to."""
