"""A branch of a few people and clients, built row by row for the tests of jobs."""

from datetime import date, timedelta

from sqlalchemy import insert

from bank import models
from bank.days import OPEN, number
from bank.warnings import ClientWarning, raise_warnings

TODAY = date(2026, 11, 17)
"""A Tuesday; the newest data is of Monday."""
AS_OF = date(2026, 11, 16)
LONG_AGO = date(2020, 1, 1)


class Branch:
    """Writes to the bank; every argument after the ids has a harmless default."""

    def __init__(self, database):
        self.database = database
        self._write(models.OrgUnit, id="U1", name="滨江支行", parent_id=None)
        self.numbers = iter(range(1, 1_000_000))

    def staff(self, *ids, role="manager", left=None):
        for staff_id in ids:
            self._write(
                models.Staff, id=staff_id, name=f"甲 {staff_id}", role=role, unit_id="U1",
                slack_user_id=f"U{staff_id}", lang="zh", hired_day=number(LONG_AGO),
                left_day=number(left) if left else OPEN,
            )  # fmt: skip
        return self

    def client(self, client_id, manager_id, tier="standard", since=TODAY, until=None, share=100):
        """Somebody's client; by default met today, so that no visit is due for long."""
        self._write(
            models.Client, id=client_id, name=f"星河灯塔 {client_id}", customer_class="corporate",
            size_class="large", tier=tier, opened_day=number(LONG_AGO),
        )  # fmt: skip
        return self.assign(client_id, manager_id, since, until, share)

    def assign(self, client_id, manager_id, since, until=None, share=100):
        self._write(
            models.Assignment, client_id=client_id, manager_id=manager_id, share_pct=share,
            from_day=number(since), to_day=number(until) if until else OPEN,
        )  # fmt: skip
        return self

    def visit(self, client_id, manager_id, day):
        self._write(
            models.Visit, id=f"V{next(self.numbers)}", client_id=client_id, manager_id=manager_id,
            day=number(day), logged_day=number(day), kind="onsite", note="went through the plan",
        )  # fmt: skip
        return self

    def overdue(self, client_id, manager_id, days):
        """A private client of somebody, whose last visit ran out (45 days) so many days ago."""
        return self.client(
            client_id, manager_id, "private", since=TODAY - timedelta(days=45 + days)
        )

    def instalment(self, client_id, manager_id, days_past_due, *, paid=None, amount=120_000_00):
        """A loan with one instalment, so many days past due on the day of the data."""
        loan_id = f"L{next(self.numbers)}"
        due = AS_OF - timedelta(days=days_past_due)
        self._write(
            models.Loan, id=loan_id, client_id=client_id, originator_id=manager_id,
            signed_day=number(LONG_AGO), refinances=False,
        )  # fmt: skip
        self._write(
            models.LoanEvent, id=f"E{loan_id}", loan_id=loan_id, day=number(LONG_AGO),
            kind="drawdown", amount=amount,
        )  # fmt: skip
        self._write(
            models.Repayment, loan_id=loan_id, due_day=number(due), amount=amount,
            paid_day=number(paid) if paid else OPEN,
        )  # fmt: skip
        return self

    def balances(self, client_id, *steps):
        """An account whose balance (in yuan) changes at (days before the data's day, amount)."""
        account_id = f"A{next(self.numbers)}"
        days = [number(AS_OF) - before for before, _ in steps] + [OPEN]
        self._write(
            models.Account, id=account_id, client_id=client_id, kind="demand",
            opened_day=days[0], closed_day=OPEN,
        )  # fmt: skip
        for (_, yuan), start, end in zip(steps, days, days[1:], strict=False):
            self._write(
                models.BalanceInterval, account_id=account_id, from_day=start, to_day=end,
                amount=yuan * 100, known_day=start,
            )  # fmt: skip
        return self

    def imported(self, at, day=AS_OF):
        """A drop committed at a moment: what makes a business day the newest one loaded."""
        self._write(
            models.ImportBatch, source="core", business_day=number(day), batch=1,
            digest=at.isoformat(), rows=1, imported_at=at,
        )  # fmt: skip
        return self

    def warning(self, client_id, manager_id, severity="yellow", **fields):
        with self.database.write() as tx:
            raise_warnings(tx, [warning(client_id, manager_id, severity, **fields)])
        return self

    def _write(self, model, **row):
        with self.database.write() as tx:
            tx.execute(insert(model).values(**row))


def warning(client_id, manager_id, severity="yellow", **fields):
    """A warning raised on Monday, to be answered by Friday."""
    signal = fields.pop("signal", "W01")
    values = {
        "id": f"{signal}:{client_id}",
        "raised": AS_OF,
        "due": date(2026, 11, 20),
        "state": "open",
        "evidence": {"as_of": AS_OF.isoformat(), "days_past_due": 3},
        **fields,
    }
    return ClientWarning(
        signal=signal, client_id=client_id, client_name=f"星河灯塔 {client_id}",
        manager_id=manager_id, severity=severity, **values,
    )  # fmt: skip
