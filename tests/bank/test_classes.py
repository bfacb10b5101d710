"""Loans with a better class than the rules allow, alike on both engines; nothing is changed."""

from datetime import date, timedelta

from sqlalchemy import insert, select, update

from bank.classes import check_classes
from bank.days import OPEN, number
from bank.models import Client, Loan, LoanClass, Repayment
from scoring.classes import RULES_2023
from tests.bank.risk_books import MILLION, writing

ON = date(2026, 11, 16)
OLD = date(2022, 5, 1)


def lend(books, client, amount=MILLION, *, grade="normal", late=None, moves=(), **more):
    """A loan of a company; `late` is how many days its instalment is past due."""
    if not books.tx.scalar(select(Client.id).where(Client.id == client)):
        books.client(client, size="small", held=[("M001", OLD)])
    drawn = [(OLD, "drawdown", amount), *moves]
    loan = books.loan(client, "M001", OLD, drawn, grade=grade, **more)
    if late is not None:
        due = number(ON - timedelta(days=late))
        row = {"loan_id": loan, "due_day": due, "amount": 1, "paid_day": OPEN}
        books.tx.execute(insert(Repayment).values(**row))
    return loan


def doubts(database, on=ON):
    with database.read() as tx:
        return {
            doubt.loan.id: [(one.cause, one.least) for one in doubt.findings]
            for doubt in check_classes(tx, RULES_2023, on)
        }


def test_the_list_by_hand_and_nothing_is_overwritten(database):
    with writing(database) as books:
        lend(books, "C1")  # in order
        late = lend(books, "C2", late=91, grade="special_mention")
        lend(books, "C3", late=30, grade="special_mention")  # as it has to be
        lend(books, "C4", 2 * MILLION, grade="loss")
        dragged = lend(books, "C4", 8 * MILLION)  # 2 of the debtor's 10 m are bad: 20 %
        lend(books, "C5", MILLION, grade="loss")
        lend(books, "C5", 9 * MILLION)  # a tenth is not more than a tenth
        watched = lend(books, "C6", restructured=date(2026, 3, 2))
        gone = [(date(2026, 10, 1), "repayment", MILLION)]
        lend(books, "C7", late=400, moves=gone)  # nothing is owed any more
        before = books.tx.execute(select(*LoanClass.__table__.columns)).all()
    assert doubts(database) == {
        dragged: [("debtor", "substandard")],
        late: [("overdue", "substandard")],
        watched: [("restructured", "special_mention")],
    }
    assert next(iter(doubts(database))) == dragged  # the largest first
    with database.read() as tx:
        assert tx.execute(select(*LoanClass.__table__.columns)).all() == before


def test_people_are_not_judged_by_their_other_loans(database):
    with writing(database) as books:
        lend(books, "C4", 2 * MILLION, grade="loss")
        lend(books, "C4", MILLION)
        books.tx.execute(update(Client).values(customer_class="retail", size_class=""))
    assert doubts(database) == {}


def test_a_past_day_looks_at_that_days_class_and_arrears(database):
    with writing(database) as books:
        late = lend(books, "C1", late=100)
        books.reclassify(late, date(2026, 11, 12), "substandard")
        books.tx.execute(update(Loan).values(restructured_day=None))
    assert doubts(database) == {}
    # On the 6th it was 90 days past due, on the 7th 91.
    assert doubts(database, date(2026, 11, 6)) == {late: [("overdue", "special_mention")]}
    assert doubts(database, date(2026, 11, 7)) == {late: [("overdue", "substandard")]}
