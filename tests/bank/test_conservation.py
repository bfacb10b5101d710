"""Every additive figure: managers and the branch pool sum to the bank, whatever is handed over.

Banks are made up, sent as drops the way a core system would (a first one, a later one, and one
that corrects), imported on both engines, and compared with a recount day by day.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.figures import FIGURES, POOL
from bank.importing.contract import FILES
from bank.schema import migrate
from tests.bank.drops import load, write_drop

DAY0 = date(2026, 9, 1)
SENT, LATER = 20, 40
"""The business days of the first drop and of the second."""
FIRST, END = 5, 50
"""The days the figures look at."""
NEVER = 10_000
MANAGERS = ("M001", "M002", "M003")


@dataclass
class Course:
    """Amounts that hold from a day on, until a last day. `wrong`: as the first drop had some."""

    amounts: dict[int, int]
    wrong: dict[int, int] = field(default_factory=dict)
    closed: int = NEVER

    def on(self, day):
        known = [start for start in self.amounts if start <= day < self.closed]
        return self.amounts[max(known)] if known else 0


@dataclass
class Event:
    """Something that happened on a day; part of it may be undone, which the later drop tells."""

    day: int
    kind: str
    amount: int
    wrong: int | None = None
    undone: int = 0
    split: dict[str, int] = field(default_factory=dict)


@dataclass
class Client:
    """What is true of a client."""

    shares: list[tuple[int, int, dict[str, int]]]
    told: int
    """How many spans of shares the first drop knew, the last of them with half the shares."""
    accounts: list[Course]
    holdings: list[Course]
    moves: list[Event]
    recoveries: list[Event]
    fees: list[Event]

    def owners(self, day):
        held = next((who for start, end, who in self.shares if start <= day < end), {})
        return {**held, POOL: 100 - sum(held.values())}


# ---- banks, made up

past = st.integers(0, LATER - 1)


@st.composite
def courses(draw, most, *, closes=True):
    """Whatever the first drop had wrong is above what can be true: a change to
    the same amount is none, so the right one must not look like it."""
    amounts = draw(st.dictionaries(past, st.integers(0, most // 2), min_size=1, max_size=4))
    told = [day for day in amounts if day <= SENT]
    wrong = (
        draw(st.dictionaries(st.sampled_from(told), st.integers(most // 2 + 1, most)))
        if told
        else {}
    )
    closed = draw(st.just(NEVER) | past) if closes else NEVER
    return Course(amounts, wrong, max(closed, min(amounts) + 1))


@st.composite
def events(draw, kinds, least=1, splits=({},)):
    amount = draw(st.integers(least, 10**14).filter(bool))
    event = Event(draw(past), draw(st.sampled_from(kinds)), amount)
    if event.day <= SENT:
        event.wrong = draw(st.none() | st.integers(1, 10**14))
    if event.kind in {"drawdown", "repayment", "write_off", "transfer_out"}:
        event.undone = draw(st.just(0) | st.integers(1, amount))
    event.split = draw(st.sampled_from(splits))
    return event


@st.composite
def spans_of_shares(draw):
    """Who holds a client: gaps, shared days and handovers, and perhaps for ever in the end."""
    found, day = [], draw(st.integers(0, 10))
    for length in draw(st.lists(st.integers(1, 25), max_size=4)):
        if day >= LATER:
            break
        who, left = {}, 100
        for manager in draw(st.permutations(MANAGERS)):
            share = draw(st.integers(0, left))
            who |= {manager: share} if share else {}
            left -= share
        found.append((day, day + length, who))
        day += length
    if found and draw(st.booleans()):
        found[-1] = (found[-1][0], NEVER, found[-1][2])
    return found


@st.composite
def clients(draw):
    shares = draw(spans_of_shares())
    known = sum(start <= SENT for start, _, _ in shares)
    few = {"max_size": 2}
    fees = events(("kept", "cancelled"), -(10**14), ({}, {"M003": 100}, {"M001": 35, "M002": 65}))
    moves = ("drawdown", "repayment", "write_off", "transfer_out")
    return Client(
        shares,
        draw(st.integers(0, known)),
        draw(st.lists(courses(10**14), **few)),
        draw(st.lists(courses(10**12), **few)),
        draw(st.lists(events(moves), max_size=4)),
        draw(st.lists(events(("cash", "repossession")), **few)),
        draw(st.lists(fees, max_size=3)),
    )


# ---- what the bank sends


class Sender:
    """The rows of one drop, of which a file has as many as there are."""

    def __init__(self):
        self.files = {}

    def add(self, name, /, **cells):
        columns = next(file.columns for file in FILES if file.name == name)
        row = {column.name: str(cells.pop(column.name, "")) for column in columns}
        assert not cells
        self.files.setdefault(name, []).append(row)


def first_drop(book, nav):
    sent = Sender()
    sent.add("units", id="B1", name="Riverside")
    for manager in MANAGERS:
        sent.add("staff", id=manager, name=manager, role="manager", unit_id="B1", lang="en",
                 hired_date=DAY0)  # fmt: skip
    sent.add("products", id="P", name="Fund", kind="fund", coefficient_pct=80, risk_level=3)
    course_rows(sent, "prices", "product_id", "P", "nav", nav, range(SENT + 1), wrongly=True)
    for number, client in enumerate(book):
        name = f"C{number}"
        sent.add("clients", id=name, name=name, customer_class="retail", tier="standard",
                 opened_date=DAY0)  # fmt: skip
        for at, span in enumerate(client.shares[: client.told]):
            share_rows(sent, name, span, fresh=at + 1 == client.told)
        sent.add("loans", id=f"L{number}", client_id=name, originator_id="M001",
                 signed_date=DAY0, purpose="operating", refinances="false")  # fmt: skip
        for at, account in enumerate(client.accounts):
            account_row(sent, number, at)
            course_rows(sent, "balances", "account_id", f"A{number}-{at}", "amount_fen", account,
                      range(SENT + 1), wrongly=True)  # fmt: skip
        for at, holding in enumerate(client.holdings):
            holding_row(sent, number, at)
            course_rows(sent, "holding_units", "holding_id", f"H{number}-{at}", "units", holding,
                      range(SENT + 1), wrongly=True)  # fmt: skip
        event_rows(sent, number, client, range(SENT + 1), wrongly=True)
    return sent.files


def later_drop(book, nav):
    """All that happened since, and what was not known: handovers, closings, reversals."""
    sent, since = Sender(), range(SENT + 1, LATER + 1)
    course_rows(sent, "prices", "product_id", "P", "nav", nav, since)
    for number, client in enumerate(book):
        for span in client.shares[max(client.told - 1, 0) :]:
            share_rows(sent, f"C{number}", span)
        for at, account in enumerate(client.accounts):
            account_row(sent, number, at, account.closed)
            course_rows(
                sent, "balances", "account_id", f"A{number}-{at}", "amount_fen", account, since
            )
        for at, holding in enumerate(client.holdings):
            holding_row(sent, number, at, holding.closed)
            course_rows(
                sent, "holding_units", "holding_id", f"H{number}-{at}", "units", holding, since
            )
        event_rows(sent, number, client, since)
        undone_rows(sent, number, client)
    return sent.files


def correction(book, nav):
    """The right amounts where the first drop had wrong ones."""
    sent = Sender()
    course_rows(sent, "prices", "product_id", "P", "nav", nav, nav.wrong)
    for number, client in enumerate(book):
        for at, account in enumerate(client.accounts):
            course_rows(sent, "balances", "account_id", f"A{number}-{at}", "amount_fen", account,
                      account.wrong)  # fmt: skip
        for at, holding in enumerate(client.holdings):
            course_rows(sent, "holding_units", "holding_id", f"H{number}-{at}", "units", holding,
                      holding.wrong)  # fmt: skip
        event_rows(sent, number, client, range(SENT + 1), only_wrong=True)
    return sent.files


def course_rows(sent, file, thing, name, value, path, told, *, wrongly=False):
    for day, amount in path.amounts.items():
        if day in told and (wrongly or day < path.closed):
            shown = path.wrong.get(day, amount) if wrongly else amount
            sent.add(file, **{thing: name, "date": at(day), value: shown})


def share_rows(sent, client, span, *, fresh=False):
    start, end, who = span
    for manager, share in who.items():
        sent.add(
            "assignments",
            client_id=client,
            manager_id=manager,
            from_date=at(start),
            to_date="" if fresh or end == NEVER else at(end),
            share_pct=max(share // 2, 1) if fresh else share,
        )


def account_row(sent, number, place, closed=NEVER):
    sent.add(
        "accounts", id=f"A{number}-{place}", client_id=f"C{number}", kind="demand",
        currency="CNY", opened_date=DAY0, closed_date="" if closed == NEVER else at(closed),
    )  # fmt: skip


def holding_row(sent, number, place, closed=NEVER):
    sent.add(
        "holdings", id=f"H{number}-{place}", client_id=f"C{number}", product_id="P",
        opened_date=DAY0, closed_date="" if closed == NEVER else at(closed),
    )  # fmt: skip


def event_rows(sent, number, client, told, *, wrongly=False, only_wrong=False):
    for file, prefix, happened in (
        ("loan_events", "E", client.moves),
        ("recoveries", "R", client.recoveries),
        ("fees", "F", client.fees),
    ):
        for place, event in enumerate(happened):
            if event.day not in told or (only_wrong and event.wrong is None):
                continue
            amount = event.amount if event.wrong is None or not wrongly else event.wrong
            cells = {"id": f"{prefix}{number}-{place}", "date": at(event.day), "amount_fen": amount}
            if file == "fees":
                cells |= {"client_id": f"C{number}", "income_line": "wealth"}
                cells["cancelled"] = str(event.kind == "cancelled" and not wrongly).lower()
                for manager, share in {} if only_wrong else event.split.items():
                    sent.add("fee_splits", fee_id=cells["id"], manager_id=manager, share_pct=share)
            else:
                cells |= {"loan_id": f"L{number}", "kind": event.kind}
            if file == "recoveries":
                cells["booked_date"] = at(event.day)
            sent.add(file, **cells)


def undone_rows(sent, number, client):
    for place, event in enumerate(client.moves):
        if event.undone:
            sent.add("loan_events", id=f"U{number}-{place}", loan_id=f"L{number}", date=at(LATER),
                     kind="reversal", amount_fen=event.undone, reverses_id=f"E{number}-{place}")  # fmt: skip
    for place, event in enumerate(client.fees):
        if event.kind == "cancelled" and event.day <= SENT:
            sent.add("fees", id=f"F{number}-{place}", client_id=f"C{number}", income_line="wealth",
                     date=at(event.day), amount_fen=event.amount, cancelled="true")  # fmt: skip


def at(day):
    return DAY0 + timedelta(days=day)


# ---- the law


@given(
    book=st.lists(clients(), min_size=2, max_size=3),
    nav=courses(10**8, closes=False),
    order=st.sampled_from(("corrected at once", "corrected later", "corrected backwards")),
)
@pytest.mark.timeout(300)
@settings(max_examples=3)
def test_managers_and_pool_sum_to_the_bank_recounted_day_by_day(databases, book, nav, order):
    url = databases.copy("migrated", migrate)
    database = databases.open(url)
    try:
        take_in(database, book, nav, order)
        with database.read() as tx:
            found = {name: figure(tx, at(FIRST), at(END)) for name, figure in FIGURES.items()}
    finally:
        databases.drop(url)
    recount, whole = recounted(book, nav)
    assert found == {name: recount[name] for name in FIGURES}
    assert {name: sum(parts.values()) for name, parts in found.items()} == whole


def take_in(database, book, nav, order):
    first, later, right = first_drop(book, nav), later_drop(book, nav), correction(book, nav)
    drops = {
        "corrected at once": [(first, SENT, 1), (right, SENT, 2), (later, LATER, 1)],
        "corrected later": [(first, SENT, 1), (later, LATER, 1), (right, LATER, 2)],
        "corrected backwards": [(first, SENT, 1), (later, LATER, 1), (right, SENT, 2)],
    }[order]
    for files, day, batch in drops:
        with TemporaryDirectory() as folder:
            if files:
                drop = write_drop(Path(folder), files, business_date=str(at(day)), batch=batch)
                report = load(database, drop)
                assert report.committed, report.problems


def recounted(book, nav):
    """By figure: each owner's part, and the bank's total without asking whose it is."""
    parts = {name: Counter() for name in FIGURES}
    whole = Counter(dict.fromkeys(FIGURES, 0))
    for client in book:
        for figure, amount, owners in (*daily(client, nav), *happened(client)):
            whole[figure] += 100 * amount
            for owner, share in owners.items():
                parts[figure][owner] += share * amount
    return {
        name: {owner: amount for owner, amount in owned.items() if amount}
        for name, owned in parts.items()
    }, dict(whole)


def daily(client, nav):
    """(figure, fen, owners) of every day the figures look at."""
    for day in range(FIRST, END):
        owners = client.owners(day)
        yield "deposits", sum(each.on(day) for each in client.accounts), owners
        units = (each.on(day) for each in client.holdings)
        yield "holdings", sum((n * nav.on(day) + 5_000) // 10_000 for n in units), owners
        yield "loans", sum(owed(move) for move in client.moves if move.day <= day), owners


def happened(client):
    """(figure, fen, owners) of everything that happened on those days."""
    found = [
        *(("drawdowns", move, {}) for move in client.moves if move.kind == "drawdown"),
        *(("recoveries", event, {}) for event in client.recoveries),
        *(("fees", event, event.split) for event in client.fees if event.kind == "kept"),
    ]
    for figure, event, split in found:
        if event.day >= FIRST:
            yield figure, event.amount - event.undone, split or client.owners(event.day)


def owed(move):
    left = move.amount - move.undone
    return left if move.kind == "drawdown" else -left
