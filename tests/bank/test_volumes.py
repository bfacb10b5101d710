"""What a pay estimate counts: volumes by product and segment, loans as P02 counts them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bank.performance.lending import drawn, drawn_by_class
from bank.performance.measuring import load_frame
from bank.volumes import volumes
from scoring.pay import Volume
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, Books
from tests.bot.course import Q3, card

SIGNED = date(2026, 7, 1)


def filled_books(tx):
    books = Books(tx)
    for manager in ("M001", "M002"):
        books.manager(manager)
    books.client("K1", size="small", held=[("M001", SIGNED, None, 60), ("M002", SIGNED, None, 40)])
    books.client("K2", held=[("M001", SIGNED)])
    books.loan("K1", "M001", SIGNED, [(date(2026, 7, 9), "drawdown", 1_000_000 * YUAN)])
    books.loan("K2", "M001", SIGNED, [(date(2026, 8, 3), "drawdown", 200_000 * YUAN)])
    # Refinanced: it counts for nothing, here as in P02.
    moves = [(date(2026, 8, 4), "drawdown", 500_000 * YUAN)]
    books.loan("K2", "M001", SIGNED, moves, refinances=True)


def test_loans_are_split_by_the_class_of_the_client_and_add_up_to_what_p02_counts(database):
    with database.write() as tx:
        filled_books(tx)
        frame = load_frame(tx, default_scheme(), Period.parse(Q3), date(2026, 9, 30))
        by_class = drawn_by_class(tx, frame, "M001")
        whole = drawn(tx, frame, ["M001"])["M001"].whole
    assert sum(by_class.values()) == whole
    # 1,000,000 × 60 % = 600,000 corporate; 200,000 retail; in fen × 100
    assert dict(by_class) == {"corporate": 600_000 * YUAN * 100, "retail": 200_000 * YUAN * 100}


def test_volumes_of_a_scorecard(database):
    shown = card("M001", Q3, 91, indicators=("P01a", "R03"))
    deposits = replace(shown.dimensions[0].indicators[0], actual=Decimal(3_000_000 * YUAN))
    rest = shown.dimensions[0].indicators[1:]
    shown = replace(shown, dimensions=(replace(shown.dimensions[0], indicators=(deposits, *rest)),))
    with database.write() as tx:
        filled_books(tx)
        found = volumes(tx, shown, default_scheme())
    assert found == (
        Volume("deposit", "corporate", 3_000_000 * YUAN),
        Volume("loan", "corporate", 600_000 * YUAN),
        Volume("loan", "retail", 200_000 * YUAN),
    )
