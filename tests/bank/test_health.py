"""What clients' health is read from, on both engines: by hand, as known then, and for a book."""

from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import event, insert, update

from bank.days import OPEN, number
from bank.errors import NothingLoadedError
from bank.health import client_health
from bank.models import Client, ClientStatement, IndustryProsperity, Repayment
from scoring.health import statement_reading
from scoring.health_rules import default_health
from tests.bank.books import YUAN
from tests.bank.ledger import Ledger

RULES = default_health()
ON, LONG_AGO = date(2026, 11, 16), date(2024, 1, 1)
MILLION = 1_000_000 * YUAN
AMOUNTS = {
    "assets": 30, "current_assets": 18, "inventory": 6, "cash": 3, "liabilities": 15,
    "current_liabilities": 12, "retained_earnings": 4, "sales": 60, "sales_profit": 5,
    "ebit": 4, "net_profit": 3, "depreciation": 1,
}  # fmt: skip


class Firm(Ledger):
    """Books that also hold statements, industries and what falls due."""

    def statement(self, client, year, received, **changes):
        amounts = {name: value * MILLION for name, value in (AMOUNTS | changes).items()}
        self.tx.execute(
            insert(ClientStatement).values(
                client_id=client,
                year_end_day=number(date(year, 12, 31)),
                received_day=number(received),
                **amounts,
            )
        )

    def prosperity(self, industry, day, score):
        row = {"industry": industry, "from_day": number(day), "score": score}
        self.tx.execute(insert(IndustryProsperity).values(**row))

    def due(self, loan, day, paid=None):
        self.tx.execute(
            insert(Repayment).values(
                loan_id=loan,
                due_day=number(day),
                amount=25_000 * YUAN,
                paid_day=number(paid) if paid else OPEN,
            )
        )


def a_firm(tx):
    """C1: a borrower in some trouble. C2: a person of whom nothing is known. C3: a depositor."""
    books = Firm(tx)
    books.loaded(tx, ON)
    books.client("C1", size="small", held=[("M001", LONG_AGO)])
    tx.execute(update(Client).where(Client.id == "C1").values(industry="食品"))
    books.client("C2", held=[("M001", LONG_AGO)])
    books.client("C3", held=[("M001", LONG_AGO)])
    books.account("C3", [(LONG_AGO, 7 * MILLION)])
    # 30 days up to 16 November begin on 18 October.
    books.account("C1", [(LONG_AGO, 2 * MILLION), (date(2026, 10, 18), 1 * MILLION)])
    books.product("F1", [(LONG_AGO, 20_000)])
    books.holding("C1", "F1", [(LONG_AGO, 100_000)])
    moves = [(date(2026, 1, 5), "drawdown", 3 * MILLION)]
    moves += [(date(2026, 9, 15), "repayment", 6 * MILLION // 10)]
    loan = books.loan("C1", "M001", date(2026, 1, 5), moves, grade="special_mention")
    books.line("C1", 4 * MILLION)
    for day, paid in (
        (date(2026, 8, 12), date(2026, 8, 12)),
        (date(2026, 9, 12), date(2026, 9, 15)),
        (date(2026, 10, 12), date(2026, 10, 12)),
        (date(2026, 11, 12), None),
        (date(2026, 12, 12), None),
    ):
        books.due(loan, day, paid)
    books.warning("C1", "M001", date(2026, 11, 18), severity="yellow")
    books.warning("C1", "M001", date(2026, 11, 18), severity="red", signal="W16")
    books.warning("C1", "M001", date(2026, 11, 18), severity="red", signal="W35")
    books.statement("C1", 2024, date(2025, 4, 20), sales_profit=1)
    books.statement("C1", 2025, date(2026, 4, 20))
    books.prosperity("食品", date(2026, 7, 1), 70)
    books.prosperity("食品", date(2026, 10, 1), 58)
    books.prosperity("纺织", date(2026, 10, 1), 10)


@pytest.fixture
def bank(filled):
    def fill(database):
        with database.write() as tx:
            a_firm(tx)

    return filled("firms of some health", fill)


def health(bank, *clients, on=ON):
    with bank.read() as tx:
        return client_health(tx, clients, on)


def part(found, name):
    return next(part for part in found.health.parts if part.id == name)


def values(found, name="behaviour"):
    return {item.id: item.value for item in part(found, name).items}


def test_a_borrower_by_hand(bank):
    found = health(bank, "C1")["C1"]
    assert values(found) == {
        "days_past_due": 4,  # since 12 November
        "late_instalments": 50,  # of four due, September's and November's
        "worst_class": 1,
        # 30 days at 1 million; 180: (150 × 2 + 30 × 1) ÷ 180 = 11/6 million; 1 ÷ 11/6 = 600/11 %
        "balance_trend": Fraction(600, 11),
        "limit_use": 60,  # 2.4 of 4 million
        "worst_warning": 2,  # the yellow one: not the fall itself, nor what only compliance sees
    }
    # 4 days: 60 − 3/4 × 10 = 52.5 % of 12 = 6.3; half late: 0; special mention: 40 % of 5 = 2;
    # the trend: 40 + 50/11 × 60/50 = 500/11 % of 5 = 25/11; 60 % used: all 3; yellow: 60 % of 5 = 3.
    assert part(found, "behaviour").points == Fraction("14.3") + Fraction(25, 11)
    assert part(found, "industry").points == Fraction("8.7")  # 58 % of 15
    with_profit = {name: Fraction(value) for name, value in AMOUNTS.items()}
    assert values(found, "statement")["quick_ratio"] == Fraction(18 - 6, 12)
    assert values(found, "statement")["profit_on_sales_to_sales"] == (
        with_profit["sales_profit"] / with_profit["sales"]
    )
    assert found.health.score == sum(part.points for part in found.health.parts)
    # Deposits 1 million, a product of 1,000 units at 2 yuan, loans of 2.4 million.
    assert found.business == 34 * MILLION // 10 + 2_000 * YUAN
    assert (found.cell.size, found.cell.risk) == ("small", "medium")


def test_only_what_was_known_by_then(bank):
    before = health(bank, "C1", on=date(2026, 4, 19))["C1"]
    assert part(before, "statement").day == date(2024, 12, 31)
    assert part(before, "statement").why == "stale"
    on_the_day = health(bank, "C1", on=date(2026, 4, 20))["C1"]
    assert part(on_the_day, "statement").day == date(2025, 12, 31)
    assert values(on_the_day)["days_past_due"] == 0
    assert values(on_the_day)["limit_use"] == 75  # 3 of 4 million
    assert "worst_warning" in values(on_the_day)
    summer = health(bank, "C1", on=date(2026, 9, 30))["C1"]
    assert part(summer, "industry").items[0].value == 70


def test_the_statement_read_is_the_newest_one(bank):
    found = part(health(bank, "C1")["C1"], "statement")
    told = {item.id: item.value for item in found.items}
    reading = statement_reading(told, RULES)
    assert found.points == reading / 2  # 50 of 100


def test_where_nothing_is_known_nothing_is_said(bank):
    found = health(bank, "C2", "C9")
    assert found.keys() == {"C2"}
    assert (found["C2"].health.score, found["C2"].health.altman) == (None, None)
    assert found["C2"].cell.id == "standard"


def test_a_depositor_is_read_by_deposits_alone(bank):
    found = health(bank, "C3")["C3"]
    told = {name for name, value in values(found).items() if value is not None}
    assert told == {"balance_trend", "worst_warning"}
    assert (found.health.score, found.cell.id) == (100, "core")


def test_a_young_account_has_no_trend(bank):
    found = health(bank, "C3", on=date(2024, 6, 27))["C3"]  # its 179th day
    assert values(found)["balance_trend"] is None
    assert values(health(bank, "C3", on=date(2024, 6, 28))["C3"])["balance_trend"] == 100


def test_a_book_is_its_clients_one_by_one(bank):
    book = health(bank, "C1", "C2", "C3")
    assert book == health(bank, "C1") | health(bank, "C2") | health(bank, "C3")


def test_a_book_takes_no_more_statements_than_a_client(bank):
    told = []

    def count(*args):
        told.append(args[2])

    event.listen(bank.engine, "before_cursor_execute", count)
    try:
        health(bank, "C1")
        one = len(told)
        health(bank, "C1", "C2", "C3")
        assert len(told) == 2 * one <= 28
    finally:
        event.remove(bank.engine, "before_cursor_execute", count)


def test_an_empty_bank_says_so(database):
    with database.read() as tx, pytest.raises(NothingLoadedError):
        client_health(tx, ["C1"], ON)
