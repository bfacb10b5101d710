"""A unit's business, manager by manager, on both engines."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from bank.days import number
from bank.models import ClientNeed, OrgUnit
from bank.performance.measuring import load_frame
from bank.performance.potential import Potential
from bank.performance.units import analyse_unit, kept_deposits
from scoring.errors import PeriodError
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, facts
from tests.bank.ledger import Ledger

AS_OF, BEFORE, LONG_AGO = date(2026, 11, 9), date(2025, 1, 1), date(2024, 1, 1)
THOUSAND = 1_000 * YUAN
QUARTER = Period.parse("2026Q4")
HALF = date(2026, 10, 21)  # 20 of the 40 days from 1 October to 9 November lie before it


def analysed(database, unit="B1", period=QUARTER, as_of=AS_OF):
    with database.read() as tx:
        return analyse_unit(tx, unit, default_scheme(), period, as_of)


def business(database, manager="M001"):
    (found,) = [one for one in analysed(database).managers if one.member.id == manager]
    return found


def need(tx, client, *, state="open", day=AS_OF):
    row = {"id": f"N{client}{state}{day}", "client_id": client, "kind": "N01", "state": state}
    tx.execute(insert(ClientNeed).values(**row, noted_day=number(day), note="to expand"))


def fill(books):
    """Two clients of M001, one of them half M002's since 21 October; a third who came this year."""
    books.client("C1", held=[("M001", LONG_AGO)], base=60 * THOUSAND)
    books.account("C1", [(LONG_AGO, 100 * THOUSAND), (HALF, 40 * THOUSAND)])
    books.account("C1", [(LONG_AGO, 900 * THOUSAND)], excluded="interbank")
    half = [("M001", LONG_AGO, HALF), ("M001", HALF, None, 50), ("M002", HALF, None, 50)]
    books.client("C2", held=half, base=80 * THOUSAND)
    books.account("C2", [(LONG_AGO, 30 * THOUSAND)])
    books.client("C3", held=[("M001", LONG_AGO)])
    books.account("C3", [(LONG_AGO, 10 * THOUSAND)])


def test_deposits_and_what_is_retained_by_hand(database):
    with database.write() as tx:
        fill(Ledger(tx))
    mine, other = business(database), business(database, "M002")
    # C1: 20 days at 100 and 20 at 40 thousand: 70 on average, of which last year's 60 count.
    # C2: 20 days at 30 and 20 at half of it: 22.5 of last year's 20 × 80 + 20 × 40 = 60.
    # C3 had nothing last year, so its 10 make up for nothing.
    assert mine.corporate + mine.retail == (70 + 22.5 + 10) * THOUSAND
    assert mine.base == (60 + 60) * THOUSAND
    assert mine.kept == (60 + 22.5) * THOUSAND
    # C2 again: 20 days at half of 30, of half of 80
    assert (other.corporate + other.retail, other.base, other.kept) == (
        7.5 * THOUSAND, 20 * THOUSAND, 7.5 * THOUSAND,
    )  # fmt: skip
    assert (mine.clients, other.clients) == (2.5, 0.5)


def test_loans_fees_and_new_clients_are_the_scorecards(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)])
        books.account("C1", [(LONG_AGO, THOUSAND)])
        moves = [(date(2026, 10, 8), "drawdown", 50 * THOUSAND), (AS_OF, "repayment", 5 * THOUSAND)]
        books.loan("C1", "M001", date(2026, 10, 8), moves)
        books.fee("C1", date(2026, 10, 9), 3 * THOUSAND, line="settlement")
        books.fee("C1", date(2026, 10, 9), 2 * THOUSAND, line="wealth")
        books.won("C4", "M002", date(2026, 10, 2))
        books.account("C4", [(date(2026, 10, 2), 60 * THOUSAND)])
    mine, other = business(database), business(database, "M002")
    scored = facts(database, "2026Q4", AS_OF)
    assert mine.drawn == scored["M001"]["P02"].actual == 50 * THOUSAND
    assert mine.owed == 45 * THOUSAND
    assert mine.fees == {"settlement": 3 * THOUSAND, "wealth": 2 * THOUSAND}
    assert sum(mine.fees.values()) == scored["M001"]["P03"].actual
    assert other.new_clients == scored["M002"]["P04"].actual


def test_potential_by_industry_by_hand(database):
    with database.write() as tx:
        books = Ledger(tx)
        held = (("C1", 100, "Farming"), ("C2", 50, "Farming"), ("C3", 100, ""))
        for client, share, industry in held:
            books.client(client, held=[("M001", LONG_AGO, None, share)])
            books.about(client, industry=industry)
            books.account(client, [(LONG_AGO, 10 * THOUSAND)])
        books.wallet("C1", date(2026, 6, 1), 100 * THOUSAND)
        books.wallet("C2", date(2026, 6, 1), 40 * THOUSAND)
        need(tx, "C1")
        need(tx, "C1", state="met")
        need(tx, "C3")
        need(tx, "C3", day=AS_OF + timedelta(days=1))  # not known yet
    # Farming: 10 and half of 10 here, of 100 and half of 40
    farming = Potential("Farming", 2, 15 * THOUSAND, 120 * THOUSAND, 1)
    assert business(database).potentials == (Potential("", 0, 0, 0, 1), farming)


def test_managers_stand_by_name_whatever_they_hold(database):
    with database.write() as tx:
        books = Ledger(tx)
        tx.execute(insert(OrgUnit).values(id="B2", name="Hillside", parent_id="B1"))
        tx.execute(insert(OrgUnit).values(id="B3", name="Elsewhere", parent_id=None))
        books.manager("A009")
        books.manager("M003", left=date(2026, 10, 1))  # before the period
        books.client("C1", held=[("M002", LONG_AGO)])
        books.account("C1", [(LONG_AGO, THOUSAND)])
    names = [one.member.name for one in analysed(database).managers]
    assert names == ["A009", "M001", "M002"]
    assert analysed(database, "B2").managers == analysed(database, "B3").managers == ()


def test_a_past_day_gives_its_figures_again(database):
    with database.write() as tx:
        books = Ledger(tx)
        fill(books)
        books.loaded(tx, AS_OF)
    then = analysed(database)
    with database.write() as tx:
        Ledger.loaded(tx, AS_OF + timedelta(days=3))
    assert analysed(database) == then


def test_nothing_is_made_up_of_a_period_nothing_is_known_of(database):
    with database.write() as tx:
        fill(Ledger(tx))
    with pytest.raises(PeriodError):
        analysed(database, period=Period.parse("2027Q1"))


@example([(0, 1)], 1, 1)  # closed before the quarter began
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 90)), min_size=1, max_size=5),
    base=st.integers(1, 90),
    closed=st.one_of(st.none(), st.integers(1, 60)),
)
def test_what_is_retained_is_a_count_day_by_day(database, changes, base, closed):
    """Never more than last year's, nor than there is: counted over the days one at a time."""
    start = date(2026, 9, 10)
    days = dict(sorted((start + timedelta(days=day), fen * 100) for day, fen in changes))
    end = start + timedelta(days=closed) if closed else None
    with database.engine.connect() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)], base=base * 100)
        books.account("C1", list(days.items()), closed=end)
        books.client("C2", held=[("M002", LONG_AGO)])
        books.account("C2", [(LONG_AGO, 1)])
        frame = load_frame(tx, default_scheme(), QUARTER, AS_OF)
        kept = kept_deposits(tx, frame, ["M001", "M002"])
        tx.rollback()
    window = [date(2026, 10, 1) + timedelta(days=day) for day in range(40)]
    had = [
        next((fen for since, fen in reversed(list(days.items())) if since <= day), 0)
        if end is None or day < end
        else 0
        for day in window
    ]
    assert kept == {"M001": 100 * min(sum(had), 40 * base * 100)}
