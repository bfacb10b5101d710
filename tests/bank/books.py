"""A bank's books, written row by row: what a test about performance needs, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy import insert

from bank.days import OPEN, number
from bank.models import (
    Account,
    Assignment,
    BalanceInterval,
    Client,
    ClientBase,
    Correction,
    Holding,
    HoldingUnits,
    ImportBatch,
    Incident,
    Loan,
    LoanClass,
    LoanEvent,
    OrgUnit,
    Price,
    Product,
    RiskWarning,
    Staff,
    Target,
    TrainingResult,
    Visit,
    WarningResponse,
)
from bank.performance.findings import find_all, find_evidence
from bank.performance.measuring import load_frame
from scoring.periods import Period
from scoring.scheme import default_scheme

YUAN = 100
EVER = date(2020, 1, 1)


class Books:
    """Writes rows through one transaction; every id that is not given is made up."""

    def __init__(self, tx):
        self.tx = tx
        self.ids = count(1)
        tx.execute(insert(OrgUnit).values(id="B1", name="Riverside", parent_id=None))
        self.manager("R001", role="risk")
        self.manager("R002", role="risk")

    def manager(self, staff, *, role="manager", hired=EVER, left=None):
        self._put(
            Staff,
            id=staff,
            name=staff,
            role=role,
            unit_id="B1",
            slack_user_id=f"U{staff}",
            lang="en",
            hired_day=number(hired),
            left_day=number(left) if left else OPEN,
        )

    def client(self, client, *, tier="standard", size="", held=(), base=None):
        """A client; `held` lists (manager, from, to, share), to and share being optional."""
        self._put(
            Client,
            id=client,
            name=client,
            customer_class="corporate" if size else "retail",
            size_class=size,
            tier=tier,
            opened_day=number(EVER),
        )
        for manager, start, *rest in held:
            self.hold(client, manager, start, *rest)
        if base is not None:
            self._put(ClientBase, client_id=client, year=2025, day_average=base)

    def hold(self, client, manager, start, end=None, share=100):
        self._put(
            Assignment,
            client_id=client,
            manager_id=manager,
            from_day=number(start),
            to_day=number(end) if end else OPEN,
            share_pct=share,
        )

    def account(self, client, changes, *, kind="demand", closed=None, excluded=""):
        """An account with its end-of-day balance from each day on: [(day, fen)]."""
        account = f"A{next(self.ids)}"
        self._put(
            Account,
            id=account,
            client_id=client,
            kind=kind,
            opened_day=number(changes[0][0]),
            closed_day=number(closed) if closed else OPEN,
            excluded=excluded,
        )
        ends = [*(number(day) for day, _ in changes[1:]), OPEN]
        for (day, amount), end in zip(changes, ends, strict=True):
            self._put(
                BalanceInterval,
                account_id=account,
                from_day=number(day),
                to_day=end,
                amount=amount,
                known_day=number(day),
            )
        return account

    def holding(self, client, units, prices, coefficient=100, *, closed=None):
        """A product of its own with its prices, and what the client holds of it, from each day on.

        Prices are in ten-thousandths of a yuan and units in hundredths: [(day, amount)].
        """
        product, holding = f"P{next(self.ids)}", f"H{next(self.ids)}"
        self._put(Product, id=product, name=product, kind="fund", income_line="wealth",
                  coefficient_pct=coefficient, risk_level=2)  # fmt: skip
        self._put(Holding, id=holding, client_id=client, product_id=product,
                  opened_day=number(units[0][0]),
                  closed_day=number(closed) if closed else OPEN)  # fmt: skip
        for model, thing, name, changes in (
            (Price, {"product_id": product}, "nav", prices),
            (HoldingUnits, {"holding_id": holding}, "units", units),
        ):
            ends = [*(number(day) for day, _ in changes[1:]), OPEN]
            for (day, amount), end in zip(changes, ends, strict=True):
                self._put(model, **thing, from_day=number(day), to_day=end, known_day=number(day),
                          **{name: amount})  # fmt: skip
        return holding

    def loan(
        self,
        client,
        originator,
        signed,
        moves,
        *,
        grade="normal",
        refinances=False,
        restructured=None,
    ):
        """A loan with its moves [(day, kind, fen)]; the id of the n-th move is "<loan>-<n>".

        A reversal adds which move, the first being 1, it takes back.
        """
        loan = f"L{next(self.ids)}"
        self._put(
            Loan,
            id=loan,
            client_id=client,
            originator_id=originator,
            signed_day=number(signed),
            refinances=refinances,
            restructured_day=number(restructured) if restructured else None,
        )
        for at, (day, kind, amount, *undone) in enumerate(moves, start=1):
            self._put(
                LoanEvent,
                id=f"{loan}-{at}",
                loan_id=loan,
                day=number(day),
                kind=kind,
                amount=amount,
                reverses_id=f"{loan}-{undone[0]}" if undone else None,
            )
        self._put(
            LoanClass,
            loan_id=loan,
            from_day=number(signed),
            to_day=OPEN,
            grade=grade,
            known_day=number(signed),
        )
        return loan

    def visit(self, client, day, *, by="M001", logged=None, kind="onsite", note="met"):
        self._put(
            Visit,
            id=f"V{next(self.ids)}",
            client_id=client,
            manager_id=by,
            day=number(day),
            logged_day=number(logged or day),
            kind=kind,
            note=note,
        )

    def warning(
        self, client, manager, due, *, answered=None, severity="orange", signal="W01", batch=None
    ):
        """Raised two days before it is due; one that came with a batch was closed from the start."""
        warning = f"W{next(self.ids)}"
        self._put(
            RiskWarning,
            id=warning,
            signal=signal,
            client_id=client,
            manager_id=manager,
            severity=severity,
            raised_day=number(due - timedelta(days=2)),
            due_day=number(due),
            state="closed" if answered or batch else "open",
            evidence={},
            batch_id=batch,
        )
        for day in [answered] if isinstance(answered, date) else answered or []:
            self._put(
                WarningResponse,
                id=f"{warning}-{number(day)}",
                warning_id=warning,
                staff_id=manager,
                day=number(day),
                text="called the owner",
            )
        return warning

    def course(self, manager, course, due, attempts):
        """A course with its attempts [(day taken or None, score)]."""
        for at, (taken, score) in enumerate(attempts, start=1):
            self._put(
                TrainingResult,
                manager_id=manager,
                course=course,
                attempt=at,
                due_day=number(due),
                taken_day=number(taken) if taken else None,
                score=score,
            )

    def target(self, manager, indicator, amount, *, year=2026, version=1, signed=EVER):
        self._put(
            Target,
            manager_id=manager,
            indicator=indicator,
            year=year,
            version=version,
            amount=amount,
            signed_day=number(signed),
        )

    def incident(self, manager, veto, event, known, *, state="confirmed"):
        self._put(
            Incident,
            id=f"I{next(self.ids)}",
            manager_id=manager,
            veto=veto,
            event_day=number(event),
            known_day=number(known),
            state=state,
            reported_by="R001",
            confirmed_by="R002" if state == "confirmed" else None,
            summary="sold a product the bank does not sell",
            policy="sales-conduct-zh 第五条",
        )

    @staticmethod
    def loaded(tx, day, *, batch=1):
        """A drop of a business date that brought nothing."""
        at = datetime(day.year, day.month, day.day, 22, tzinfo=UTC)
        values = {"source": "core", "digest": "", "rows": 0, "imported_at": at}
        tx.execute(insert(ImportBatch).values(business_day=number(day), batch=batch, **values))

    def correct(self, manager, first, *, batch=1, at=datetime(2026, 11, 16, 22, tzinfo=UTC)):
        """A drop imported at a moment that changed the manager's figures from a day on."""
        self._put(
            ImportBatch,
            id=batch,
            source="core",
            business_day=number(first),
            batch=batch,
            digest="",
            rows=1,
            imported_at=at,
        )
        self._put(Correction, batch_id=batch, manager_id=manager, first_day=number(first))

    def _put(self, model, **values):
        self.tx.execute(insert(model).values(**values))


def facts(database, period, as_of, scheme=None):
    """Every manager's facts: {manager: {indicator: fact}}."""
    with database.read() as tx:
        found = list(find_all(tx, scheme or default_scheme(), Period.parse(period), as_of))
    return {each.subject.manager: {fact.indicator: fact for fact in each.facts} for each in found}


def evidence(database, indicator, manager="M001", *, period, as_of, scheme=None):
    """The records behind one figure."""
    with database.read() as tx:
        frame = load_frame(tx, scheme or default_scheme(), Period.parse(period), as_of)
        return find_evidence(tx, frame, manager, indicator)
