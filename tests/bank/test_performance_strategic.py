"""P02a inclusive, P02b green, P02c their share, and what P02 leaves out, on both engines."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.performance.catalogue import EVIDENCE
from bank.performance.lending import drawn
from bank.performance.measuring import load_frame
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, evidence, facts
from tests.bank.ledger import Ledger

AS_OF, LONG_AGO = date(2026, 11, 16), date(2025, 1, 1)
DAY = date(2026, 10, 12)
MILLION = 1_000_000 * YUAN


def lend(books, client, amount, *, day=DAY, line=None, size="small", by="M001", **terms):
    """A company with one loan drawn on a day; `line` is its credit line, if it has one."""
    books.client(client, size=size, held=[(by, LONG_AGO)])
    if line:
        books.line(client, line)
    loan = books.loan(client, by, day, [(day, "drawdown", amount)])
    books.terms(loan, **{"size_class": size, "purpose": "operating", **terms})
    return loan


def actuals(database, manager="M001"):
    found = facts(database, "2026Q4", AS_OF)[manager]
    return {name: found[name].actual for name in ("P02", "P02a", "P02b", "P02c")}


def why(database, indicator):
    rows = evidence(database, indicator, period="2026Q4", as_of=AS_OF).rows
    return {row["id"]: row["excluded"] for row in rows}


def test_a_book_of_loans_by_hand(database):
    with database.write() as tx:
        books = Ledger(tx)
        green = {"green_code": "G1.2.4", "green_catalogue": "2025", "approved_day": DAY}
        both = lend(books, "BOTH", MILLION, line=2 * MILLION, **green)
        small = lend(books, "SMALL", 2 * MILLION, line=2 * MILLION)
        big = lend(books, "BIG", 3 * MILLION, line=40 * MILLION, size="large", **green)
        none = lend(books, "NONE", 4 * MILLION, line=40 * MILLION, size="medium")
        back = lend(books, "BACK", 5 * MILLION, line=5 * MILLION, refinances=True, **green)
    # inclusive: 1 + 2 m; green: 1 + 3 m; either, each loan once: 1 + 2 + 3 = 6 m of 10 m
    assert actuals(database) == {
        "P02": 10 * MILLION,
        "P02a": 3 * MILLION,
        "P02b": 4 * MILLION,
        "P02c": 60,
    }
    refinanced = {f"{back}-1": "refinances"}
    assert why(database, "P02a") == {
        f"{small}-1": "",
        f"{both}-1": "",
        f"{none}-1": "not_small",
        f"{big}-1": "not_small",
        **refinanced,
    }
    assert why(database, "P02b") == {
        f"{big}-1": "",
        f"{both}-1": "",
        f"{none}-1": "not_green",
        f"{small}-1": "not_green",
        **refinanced,
    }
    strategic = evidence(database, "P02c", period="2026Q4", as_of=AS_OF).rows
    assert sum(row["both"] for row in strategic) == 1
    assert {row["id"] for row in strategic if not row["excluded"]} == {
        f"{loan}-1" for loan in (both, small, big)
    }


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((10 * MILLION,), ""),  # at the limit of ten millions
        ((6 * MILLION, 4 * MILLION), ""),
        ((6 * MILLION, 5 * MILLION), "line_over_limit"),  # all of the borrower's lines count
        ((), "no_line"),
    ],
)
def test_inclusive_is_within_the_limit_on_all_the_borrowers_lines(database, lines, reason):
    with database.write() as tx:
        books = Ledger(tx)
        loan = lend(books, "C1", MILLION)
        for amount in lines:
            books.line("C1", amount)
        books.line("C1", 90 * MILLION, end=DAY)  # ended
        books.line("C1", 90 * MILLION, start=DAY + timedelta(days=1))  # later than the drawdown
    assert why(database, "P02a") == {f"{loan}-1": reason}
    assert actuals(database)["P02a"] == (0 if reason else MILLION)


def test_the_limit_is_that_of_the_drawdowns_day_and_of_the_schemes_purpose(database):
    with database.write() as tx:
        books = Ledger(tx)
        lend(books, "C1", MILLION, line=15 * MILLION)
    scheme = default_scheme()
    facility = replace(scheme.loans, inclusive_purpose="facility")  # twenty millions since 2024
    found = facts(database, "2026Q4", AS_OF, replace(scheme, loans=facility))["M001"]
    assert (found["P02a"].actual, actuals(database)["P02a"]) == (MILLION, 0)
    changes = tuple(
        replace(limit, from_day=DAY + timedelta(days=1)) if limit.from_day.year == 2024 else limit
        for limit in facility.inclusive_limits
    )
    later = replace(scheme, loans=replace(facility, inclusive_limits=changes))
    assert facts(database, "2026Q4", AS_OF, later)["M001"]["P02a"].actual == 0


@pytest.mark.parametrize(
    ("size", "purpose", "reason"),
    [
        ("", "operating", ""),  # a person's business
        ("", "consumer", "not_small"),
        ("micro", "operating", ""),
        ("medium", "operating", "not_small"),
    ],
)
def test_the_borrower_is_a_small_company_or_a_person_with_a_business(
    database, size, purpose, reason
):
    with database.write() as tx:
        loan = lend(Ledger(tx), "C1", MILLION, line=MILLION, size=size, purpose=purpose)
    assert why(database, "P02a") == {f"{loan}-1": reason}


def test_the_borrowers_size_is_that_at_approval(database):
    with database.write() as tx:
        books = Ledger(tx)
        lend(books, "GREW", MILLION, line=MILLION, size="small")
        books.about("GREW", size_class="large")
        untold = lend(books, "UNTOLD", 2 * MILLION, line=2 * MILLION, size="micro")
        books.terms(untold, size_class="")  # sent before the contract told it: the client's
    assert actuals(database)["P02a"] == 3 * MILLION


@pytest.mark.parametrize(
    ("approved", "catalogue", "reason"),
    [
        (date(2025, 9, 30), "2021", ""),  # approved under the old one, drawn a year later
        (date(2025, 9, 30), "2025", "other_catalogue"),
        (date(2025, 10, 1), "2025", ""),
        (date(2025, 10, 1), "2021", "other_catalogue"),
        (date(2021, 6, 30), "2021", "other_catalogue"),  # before the first
    ],
)
def test_green_is_by_the_catalogue_that_ruled_when_the_loan_was_approved(
    database, approved, catalogue, reason
):
    with database.write() as tx:
        terms = {"green_code": "G1.2.4", "green_catalogue": catalogue, "approved_day": approved}
        loan = lend(Ledger(tx), "C1", MILLION, **terms)
    assert why(database, "P02b") == {f"{loan}-1": reason}
    assert actuals(database)["P02b"] == (0 if reason else MILLION)


def test_without_disbursements_there_is_no_share_but_a_sum_of_nothing(database):
    with database.write() as tx:
        Ledger(tx)
    found = facts(database, "2026Q4", AS_OF)["M001"]
    assert [found[name].actual for name in ("P02", "P02a", "P02b")] == [0, 0, 0]
    assert (found["P02c"].actual, found["P02c"].note) == (None, "no_loans")


def test_a_reversal_takes_off_all_that_the_drawdown_counted_for(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", size="micro", held=[("M001", LONG_AGO)])
        books.line("C1", 4 * MILLION)
        moves = [(DAY, "drawdown", 4 * MILLION), (date(2026, 11, 3), "reversal", MILLION, 1)]
        loan = books.loan("C1", "M001", DAY, moves)
        books.terms(loan, size_class="micro", purpose="operating")
    assert actuals(database) == {"P02": 3 * MILLION, "P02a": 3 * MILLION, "P02b": 0, "P02c": 100}


@pytest.mark.parametrize(
    ("moves", "left"),
    [
        ([(0, "drawdown", 100), (30, "repayment", 100)], 0),
        ([(0, "drawdown", 100), (31, "repayment", 100)], 100),
        ([(0, "drawdown", 100), (10, "repayment", 99)], 100),
        ([(0, "drawdown", 100), (5, "repayment", 60), (9, "repayment", 40)], 0),
        # the second drawdown was cleared too soon, the first had run long enough
        ([(0, "drawdown", 50), (40, "drawdown", 50), (45, "repayment", 100)], 50),
        # cleared and drawn again: redrawing does not undo the early repayment
        ([(0, "drawdown", 9), (5, "repayment", 9), (6, "drawdown", 8)], 8),
        ([(0, "drawdown", 100), (3, "write_off", 100)], 100),
        ([(0, "drawdown", 100), (0, "repayment", 100)], 0),
        ([(0, "drawdown", 100), (5, "write_off", 60), (9, "repayment", 40)], 0),
        # what was left after the reversal was repaid
        ([(0, "drawdown", 100), (9, "repayment", 40), (20, "reversal", 60, 1)], 0),
    ],
)
def test_what_was_repaid_within_thirty_days_counts_for_nothing(database, moves, left):
    start = date(2026, 10, 1)
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", size="large", held=[("M001", LONG_AGO)])
        moved = [(start + timedelta(days=day), *rest) for day, *rest in moves]
        books.loan("C1", "M001", start, moved)
    assert actuals(database)["P02"] == left


# ---- the laws: managers sum to the bank, rows to the figure, and "repaid too soon" is what a
# ---- recount evening by evening finds

FIRST, DAYS, WITHIN = date(2026, 9, 20), 58, 30
START = (date(2026, 10, 1) - FIRST).days


@dataclass
class Move:
    day: int
    kind: str
    amount: int
    undone: int = 0
    """So much of it was taken back, on the last day."""


moves = st.lists(
    st.builds(
        Move,
        st.integers(0, DAYS - 2),
        st.sampled_from(("drawdown", "drawdown", "repayment", "write_off")),
        st.integers(1, 4).map(lambda tens: tens * 10),
        st.sampled_from((0, 0, 0, 10)),
    ),
    max_size=6,
)
owners = st.sampled_from(({}, {"M001": 100}, {"M001": 35}, {"M001": 40, "M002": 60}))


@given(
    book=st.lists(st.tuples(moves, owners, owners, st.booleans()), min_size=1, max_size=3),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_managers_and_pool_sum_to_the_bank_less_what_was_repaid_too_soon(database, book):
    handover = FIRST + timedelta(days=35)
    with database.engine.connect() as tx:
        books = Ledger(tx)
        for number, (moved, before, after, small) in enumerate(book):
            client = f"C{number}"
            books.client(client, size="micro" if small else "large")
            books.line(client, MILLION)
            for start, end, held in ((LONG_AGO, handover, before), (handover, None, after)):
                for manager, share in held.items():
                    books.hold(client, manager, start, end, share)
            rows = [(FIRST + timedelta(days=m.day), m.kind, m.amount) for m in moved]
            rows += [
                (FIRST + timedelta(days=DAYS - 1), "reversal", move.undone, at)
                for at, move in enumerate(moved, start=1)
                if move.undone
            ]
            books.loan(client, "M001", FIRST, rows)
        frame = load_frame(
            tx, default_scheme(), Period.parse("2026Q4"), FIRST + timedelta(days=DAYS - 1)
        )
        found = drawn(tx, frame, ["M001", "M002"])
        behind = {name: evidence_of(tx, frame, name) for name in ("P02", "P02a")}
        tx.rollback()
    parts, bank = recounted(book)
    assert {who: (sums.whole, sums.inclusive) for who, sums in found.items() if sums.whole} == {
        who: sums for who, sums in parts.items() if sums[0] and who != "pool"
    }
    assert sum(whole for whole, _ in parts.values()) == 100 * bank
    mine = found.get("M001")
    assert behind == {"P02": mine.whole if mine else 0, "P02a": mine.inclusive if mine else 0}


def evidence_of(tx, frame, indicator):
    rows = EVIDENCE[indicator](tx, frame, "M001").rows
    return sum(row["amount_fen"] * row["share_pct"] for row in rows if not row["excluded"])


def recounted(book):
    """Owner → (all, inclusive) in fen × percent, the pool among them; and the bank's in fen."""
    parts, bank = {}, 0
    for moved, before, after, small in book:
        cleared = set(cleared_evenings(moved))
        for move in moved:
            soon = any(move.day <= day <= move.day + WITHIN for day in cleared)
            if move.kind != "drawdown" or move.day < START or soon:
                continue
            left = move.amount - move.undone
            bank += left
            held = after if move.day >= 35 else before
            for who, share in {**held, "pool": 100 - sum(held.values())}.items():
                whole, inclusive = parts.get(who, (0, 0))
                part = share * left
                parts[who] = (whole + part, inclusive + (part if small else 0))
    return parts, bank


def cleared_evenings(moved):
    """The days with a repayment on whose evening nothing was outstanding."""
    for day in range(DAYS):
        owed = sum(
            (move.amount - move.undone) * (1 if move.kind == "drawdown" else -1)
            for move in moved
            if move.day <= day
        )
        paid = [m for m in moved if m.day == day and m.kind == "repayment" and m.amount > m.undone]
        if owed <= 0 and paid:
            yield day
