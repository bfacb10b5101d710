"""More of a bank's books: classes that change, receipts, and warnings that are handed over."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select, update

from bank.days import OPEN, number
from bank.models import (
    Appeal,
    ImportBatch,
    LoanClass,
    LoanClassSuperseded,
    NplRecovery,
    WarningResponse,
)
from bank.performance.findings import find_all
from bank.performance.measuring import load_frame
from bank.performance.targets import workers
from bank.warnings import find_warning, revise_warning
from scoring.appraisal import score_manager
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, Books

MILLION = 1_000_000 * YUAN


class RiskBooks(Books):
    """Books with two managers."""

    def __init__(self, tx):
        super().__init__(tx)
        self.manager("M001")
        self.manager("M002")

    def reclassify(self, loan, day, grade, *, known=None):
        """A loan has another class from a day on, as the bank said on the day `known`."""
        first, learnt = number(day), number(known or day)
        row = self.tx.execute(
            select(LoanClass).where(LoanClass.loan_id == loan, LoanClass.to_day == OPEN)
        ).one()
        where = (LoanClass.loan_id == loan, LoanClass.from_day == row.from_day)
        self.tx.execute(update(LoanClass).where(*where).values(to_day=first))
        self._put(
            LoanClass,
            loan_id=loan,
            from_day=first,
            to_day=OPEN,
            grade=grade,
            known_day=learnt,
        )
        if learnt > first:  # what was believed meanwhile: that nothing had changed
            self.tx.execute(update(LoanClass).where(*where).values(known_day=learnt))
            self._put(
                LoanClassSuperseded,
                loan_id=loan,
                from_day=row.from_day,
                known_day=row.known_day,
                superseded_day=learnt,
                to_day=OPEN,
                grade=row.grade,
            )

    def loaded(self, day):
        """A drop of a business day is in."""
        self._put(
            ImportBatch,
            source="core",
            business_day=number(day),
            batch=next(self.ids),
            digest="",
            rows=1,
            imported_at=_noon(day),
        )

    def recovered(self, loan, day, amount, *, kind="cash", booked=None):
        """Money, or goods, that came in on a loan."""
        self._put(
            NplRecovery,
            id=f"N{next(self.ids)}",
            loan_id=loan,
            day=number(day),
            kind=kind,
            amount=amount,
            booked_day=number(booked or day),
        )

    def revise(self, warning, on, **values):
        """A warning is handed over, gets worse, or is raised anew."""
        before = find_warning(self.tx, warning)
        assert revise_warning(self.tx, before, replace(before, **values), on)

    def answer(self, warning, day, by="M001"):
        """Somebody answers a warning."""
        row = {"warning_id": warning, "staff_id": by, "day": number(day), "text": "called"}
        self._put(WarningResponse, id=f"{warning}-{number(day)}", **row)

    def appeal(self, manager, period, item, decided, state="upheld"):
        """An appeal that was decided on."""
        self._put(
            Appeal,
            id=f"P{next(self.ids)}",
            manager_id=manager,
            period=period,
            item=item,
            claim="not so",
            state=state,
            raised_day=number(decided),
            due_day=number(decided),
            handler_id="R001",
            decided_day=number(decided),
            reason="seen",
        )


@contextmanager
def writing(database):
    """Books to write; committed in the end."""
    with database.write() as tx:
        yield RiskBooks(tx)


def measured(tx, measure, as_of, period="2026Q4"):
    """What one measure alone says: {manager: {indicator: fact}}."""
    frame = load_frame(tx, default_scheme(), Period.parse(period), as_of)
    found = {}
    for manager, fact in measure(tx, frame, workers(tx, frame.window)):
        found.setdefault(manager, {})[fact.indicator] = fact
    return found


def cards(database, period, as_of):
    """Every manager's scorecard, as a run would compute it."""
    scheme = default_scheme()
    with database.read() as tx:
        found = list(find_all(tx, scheme, Period.parse(period), as_of))
    return {
        each.subject.manager: score_manager(scheme, each.subject, each.facts, each.vetoes)
        for each in found
    }


def _noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class Within:
    """A transaction that is read as if it were a database."""

    def __init__(self, tx):
        self.tx = tx

    def read(self):
        return self

    def __enter__(self):
        return self.tx

    def __exit__(self, *_):
        return None
