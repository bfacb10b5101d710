"""C03a and C03b: visits made of the visits owed, alike on both engines."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from tests.bank.books import YUAN, Books, evidence, facts

AS_OF = date(2026, 11, 16)  # day 47 of the quarter
EARLY = date(2025, 6, 1)
MILLION = 1_000_000 * YUAN


@contextmanager
def writing(database):
    with database.write() as tx:
        books = Books(tx)
        books.manager("M001")
        books.manager("M002")
        yield books


def fact(database, indicator, manager="M001", as_of=AS_OF, period="2026Q4"):
    return facts(database, period, as_of)[manager][indicator]


def rows(database, indicator):
    return evidence(database, indicator, period="2026Q4", as_of=AS_OF).rows


def test_visit_frequency_by_hand(database):
    with writing(database) as books:
        for client in ("TWO", "ONE", "NONE"):
            books.client(client, tier="private", held=[("M001", EARLY)])
        books.client("PREM", tier="premium", held=[("M001", EARLY)])
        books.client("STD", held=[("M001", EARLY)])
        for day in (2, 20):
            books.visit("TWO", date(2026, 11, day))
        books.visit("ONE", date(2026, 10, 12))
        books.visit("NONE", date(2026, 9, 30))  # the quarter before
    found = fact(database, "C03a")
    # By day 47 each private client (45 days) is owed one visit, the premium one (60 days) none:
    # TWO 1 of 1 (the second visit is not in the period's days yet), ONE 1 of 1, NONE 0 of 1.
    assert found.actual == Decimal("66.666667")
    assert (found.numerator, found.denominator, found.scale) == (200, 300, 100)
    assert rows(database, "C03a")[0] == {"id": "NONE", "made": 0, "owed": 1, "share_pct": 100}


def test_a_finished_quarter_owes_two_private_visits_and_one_premium(database):
    with writing(database) as books:
        books.client("P", tier="private", held=[("M001", EARLY)])
        books.client("Q", tier="premium", held=[("M001", EARLY)])
        for day in (7, 14, 21):
            books.visit("P", date(2026, 7, day))
    found = fact(database, "C03a", period="2026Q3")
    # three visits, at most the two owed; 92 ÷ 60 → one owed to the premium client, none made
    assert (found.numerator, found.denominator) == (200, 300)


def test_visits_that_do_not_count(database):
    with writing(database) as books:
        books.client("C1", tier="private", held=[("M001", EARLY)])
        books.visit("C1", date(2026, 10, 12), kind="phone")
        books.visit("C1", date(2026, 10, 13), note=" ")
        books.visit("C1", date(2026, 11, 2), logged=date(2026, 11, 6))  # fourth business day
        books.visit("C1", AS_OF, logged=date(2026, 11, 17))  # not known on the 16th
    assert fact(database, "C03a").actual == 0
    assert fact(database, "C03a", as_of=date(2026, 11, 17)).actual == 100


def test_a_handover_divides_the_visits_owed_by_the_days_held(database):
    with writing(database) as books:
        held = [("M001", EARLY, date(2026, 8, 1)), ("M002", date(2026, 8, 1))]
        books.client("C1", tier="private", held=held)
        books.visit("C1", date(2026, 7, 20))
        books.visit("C1", date(2026, 9, 7), by="M002")
    found = facts(database, "2026Q3", AS_OF)
    # M001 held 31 days, over half of 45: one owed and made. M002 61 days: one owed and made.
    assert found["M001"]["C03a"].actual == found["M002"]["C03a"].actual == 100
    assert found["M002"]["C03a"].denominator == 100


def test_a_shared_client_counts_by_share_whoever_visits(database):
    with writing(database) as books:
        books.client(
            "C1", tier="private", held=[("M001", EARLY, None, 40), ("M002", EARLY, None, 60)]
        )
        books.client("C2", tier="private", held=[("M001", EARLY)])
        books.visit("C1", date(2026, 10, 12), by="M002")
    found = facts(database, "2026Q4", AS_OF)
    # M001: 40 of 140 percent of a visit; M002: 60 of 60
    assert found["M001"]["C03a"].actual == Decimal("28.571429")
    assert found["M002"]["C03a"].actual == 100


def test_without_high_net_worth_clients_there_is_nothing_to_measure(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", EARLY)])
    assert (fact(database, "C03a").actual, fact(database, "C03a").note) == (None, "nothing_due")
    assert fact(database, "C03b").note == "nothing_due"


def borrowers(books, count, manager="M001", *, size="small"):
    for n in range(count):
        books.client(f"S{n}", size=size, held=[(manager, EARLY)])
        books.loan(f"S{n}", manager, EARLY, [(EARLY, "drawdown", MILLION)])


def test_sme_coverage_against_the_part_of_the_quarter_elapsed(database):
    with writing(database) as books:
        borrowers(books, 10)
        for n in range(4):
            books.visit(f"S{n}", date(2026, 10, 12 + n))
        books.visit("S0", date(2026, 11, 2))  # a second visit adds nothing
    found = fact(database, "C03b")
    # 4 of 10 visited; by day 47 of 92, 47 ÷ 92 = 51.086957 % are asked for
    assert (found.actual, found.target, found.period_target) == (40, Decimal("51.086957"), 100)
    assert rows(database, "C03b")[0]["made"] == 0
    assert len(rows(database, "C03b")) == 10


def test_a_visit_before_a_handover_stands_for_the_new_manager(database):
    with writing(database) as books:
        books.client(
            "S0",
            size="small",
            held=[("M001", EARLY, date(2026, 7, 20)), ("M002", date(2026, 7, 20))],
        )
        books.client(
            "S1", size="small", held=[("M001", EARLY, date(2026, 9, 1)), ("M002", date(2026, 9, 1))]
        )
        for client in ("S0", "S1"):
            books.loan(client, "M001", EARLY, [(EARLY, "drawdown", MILLION)])
        books.visit("S0", date(2026, 7, 12))
        books.visit("S1", date(2026, 9, 10), by="M002")
    found = facts(database, "2026Q3", AS_OF)
    # S0: M002 holds it 73 of 92 days and owes it; seen this quarter, the reminder is quiet as well.
    assert (found["M002"]["C03b"].numerator, found["M002"]["C03b"].denominator) == (100, 100)
    # S1: M001 held it 62 of 92 days and gave it away unseen.
    assert (found["M001"]["C03b"].numerator, found["M001"]["C03b"].denominator) == (0, 100)


def test_who_is_an_sme_borrower(database):
    with writing(database) as books:
        borrowers(books, 3)
        books.client("BIG", size="large", held=[("M001", EARLY)])
        books.loan("BIG", "M001", EARLY, [(EARLY, "drawdown", MILLION)])
        books.client("PAID", size="micro", held=[("M001", EARLY)])
        moves = [(EARLY, "drawdown", MILLION), (date(2026, 10, 8), "repayment", MILLION)]
        books.loan("PAID", "M001", EARLY, moves)
        books.client("LATE", size="micro", held=[("M001", date(2026, 11, 16))])  # 46 of 92 days
        books.loan("LATE", "M001", EARLY, [(EARLY, "drawdown", MILLION)])
    assert {row["id"] for row in rows(database, "C03b")} == {"S0", "S1", "S2"}


def test_under_one_planned_visit_coverage_waits(database):
    with writing(database) as books:
        borrowers(books, 1)
    # 1 × 47 ÷ 92 is less than one visit; at the quarter's end it is owed
    assert fact(database, "C03b").note == "nothing_due"
    assert fact(database, "C03b", period="2026Q3").actual == 0


def test_a_year_counts_each_quarter_begun(database):
    with writing(database) as books:
        borrowers(books, 2)
        for month in (1, 4, 7, 10):
            books.visit("S0", date(2026, month, 20))
        books.visit("S1", date(2026, 7, 1))
    found = fact(database, "C03b", period="2026")
    # 5 of 8 client-quarters; planned (2 + 2 + 2 + 2 × 47 ÷ 92) ÷ 8 = 87.771739 %
    assert (found.actual, found.target) == (Decimal("62.5"), Decimal("87.771739"))
