"""S11a: statements of the companies that borrow, on both engines."""

from datetime import date
from decimal import Decimal

from sqlalchemy import insert

from bank.days import number
from bank.models import ClientStatement
from tests.bank.books import YUAN, evidence, facts
from tests.bank.ledger import Ledger

AS_OF, LONG_AGO = date(2026, 11, 16), date(2024, 1, 1)
MILLION = 1_000_000 * YUAN
AMOUNTS = (
    "current_assets", "inventory", "cash", "liabilities", "current_liabilities",
    "retained_earnings", "sales", "sales_profit", "ebit", "net_profit", "depreciation",
)  # fmt: skip


class Statements(Ledger):
    def company(self, client, *given, owing=MILLION, manager="M001"):
        """A company with a loan, and statements as (year's end, day received)."""
        self.client(client, size="small", held=[(manager, LONG_AGO)])
        self.account(client, [(LONG_AGO, MILLION)])
        moves = [(date(2026, 1, 5), "drawdown", MILLION)]
        if owing < MILLION:
            moves.append((date(2026, 8, 5), "repayment", MILLION - owing))
        self.loan(client, manager, date(2026, 1, 5), moves)
        for year_end, received in given:
            self.tx.execute(
                insert(ClientStatement).values(
                    client_id=client,
                    year_end_day=number(year_end),
                    received_day=number(received),
                    assets=MILLION,
                    **dict.fromkeys(AMOUNTS, 0),
                )
            )


def books(database):
    last, before = date(2025, 12, 31), date(2024, 12, 31)
    with database.write() as tx:
        made = Statements(tx)
        made.company("C1", (before, date(2025, 4, 1)), (last, date(2026, 4, 1)))
        made.company("C2", (before, date(2025, 4, 1)))  # 22 months old
        made.company("C3")
        made.company("C4", (last, date(2026, 11, 17)))  # comes tomorrow
        # 15 months before 16 November 2026 is 16 August 2025.
        made.company("C5", (date(2025, 8, 16), date(2026, 1, 9)))
        made.company("C6", (date(2025, 8, 15), date(2026, 1, 9)))
        made.company("C7", owing=0)  # repaid: no borrower
        made.client("C8", held=[("M001", LONG_AGO)])
        made.loan("C8", "M001", LONG_AGO, [(LONG_AGO, "drawdown", MILLION)])  # a person
        made.company("C9", (last, date(2026, 4, 1)), manager="M002")


def test_by_hand(database):
    books(database)
    found = facts(database, "2026Q4", AS_OF)
    fact = found["M001"]["S11a"]
    # C1 and C5 of C1 to C6: 2 ÷ 6.
    assert (fact.numerator, fact.denominator) == (2, 6)
    assert fact.actual == Decimal("33.333333")
    assert found["M002"]["S11a"].actual == 100


def test_the_records_count_to_the_figure(database):
    books(database)
    told = evidence(database, "S11a", period="2026Q4", as_of=AS_OF)
    assert [(row["client"], row["year_end"], row["counted"]) for row in told.rows] == [
        ("C3", "", 0), ("C4", "", 0), ("C2", "2024-12-31", 0), ("C6", "2025-08-15", 0),
        ("C5", "2025-08-16", 1), ("C1", "2025-12-31", 1),
    ]  # fmt: skip
    assert told.count == 6


def test_without_a_borrowing_company_there_is_no_figure(database):
    with database.write() as tx:
        made = Statements(tx)
        made.company("C1", owing=0)
    assert facts(database, "2026Q4", AS_OF)["M001"]["S11a"].actual is None
