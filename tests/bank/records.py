"""Books with what tells of clients, checks and growth besides, and what they come to."""

from contextlib import contextmanager
from datetime import date

from sqlalchemy import update

from bank.days import OPEN, number
from bank.models import (
    Certificate,
    CheckItem,
    Client,
    ClientAttr,
    ClientDocument,
    CollabRating,
    Complaint,
    CreditFile,
    Duty,
    Holding,
    HoldingUnits,
    Inquiry,
    OrgUnit,
    Price,
    Product,
    Proposal,
    ProposalAuthor,
    ProposalStep,
    Referral,
    Staff,
    StaffLeave,
    SurveyResponse,
    TrainingResult,
)
from bank.performance.findings import find_all, find_evidence
from bank.performance.measuring import load_frame
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import EVER, Books

AS_OF = date(2026, 11, 16)
"""Day 47 of the quarter 2026Q4."""


class Records(Books):
    """Books with more kinds of records."""

    def unit(self, unit, parent):
        self._put(OrgUnit, id=unit, name=unit, parent_id=parent)

    def move_to(self, staff, unit):
        self.tx.execute(update(Staff).where(Staff.id == staff).values(unit_id=unit))

    def leave(self, staff, start, end):
        self._put(
            StaffLeave, staff_id=staff, from_day=number(start), to_day=number(end), kind="sick"
        )

    def end(self, client, day, reason="client"):
        """The client's first day as none."""
        values = {"closed_day": number(day), "closed_reason": reason}
        self.tx.execute(update(Client).where(Client.id == client).values(values))

    def describe(self, client, **values):
        self.tx.execute(update(Client).where(Client.id == client).values(values))

    def was(self, client, tier, start, end=None, size=""):
        self._put(
            ClientAttr,
            client_id=client,
            from_day=number(start),
            to_day=number(end) if end else OPEN,
            size_class=size,
            tier=tier,
            industry="",
            risk_level="",
        )

    def survey(self, client, manager, day, score, *, theme=""):
        self._put(
            SurveyResponse,
            id=f"S{next(self.ids)}",
            client_id=client,
            manager_id=manager,
            day=number(day),
            channel="app",
            score=score,
            theme=theme,
        )

    def complaint(self, client, manager, received, *, state="upheld", decided=None, of=None):
        complaint = f"B{next(self.ids)}"
        self._put(
            Complaint,
            id=complaint,
            client_id=client,
            manager_id=manager,
            received_day=number(received),
            severity="minor",
            state=state,
            decided_day=number(decided) if decided else None,
            duplicate_of=of,
            summary="waited too long",
        )
        return complaint

    def won(self, client, manager, opened, *, fen=60_000_00):
        """A person won by a manager, with so much from the first day on."""
        self.client(client, held=[(manager, opened)])
        self.describe(client, opened_day=number(opened), acquirer_id=manager)
        self.account(client, [(opened, fen)])

    def referral(self, referrer, client, manager, day, *, related=False):
        self._put(
            Referral,
            id=f"E{next(self.ids)}",
            referrer_id=referrer,
            client_id=client,
            manager_id=manager,
            day=number(day),
            related=related,
        )

    def product(self, product, prices, *, kind="fund"):
        """A product with its price in ten-thousandths of a yuan from each day on."""
        self._put(
            Product,
            id=product,
            name=product,
            kind=kind,
            income_line="wealth",
            coefficient_pct=100,
            risk_level=2,
        )
        ends = [*(number(day) for day, _ in prices[1:]), OPEN]
        for (day, nav), end in zip(prices, ends, strict=True):
            self._put(
                Price,
                product_id=product,
                from_day=number(day),
                to_day=end,
                nav=nav,
                known_day=number(day),
            )

    def holding(self, client, product, changes, *, closed=None):
        """A position with the units, in hundredths, from each day on."""
        holding = f"H{next(self.ids)}"
        self._put(
            Holding,
            id=holding,
            client_id=client,
            product_id=product,
            opened_day=number(changes[0][0]),
            closed_day=number(closed) if closed else OPEN,
        )
        ends = [*(number(day) for day, _ in changes[1:]), OPEN]
        for (day, units), end in zip(changes, ends, strict=True):
            self._put(
                HoldingUnits,
                holding_id=holding,
                from_day=number(day),
                to_day=end,
                units=units,
                known_day=number(day),
            )

    def check(self, manager, day, *, kind="sales", severity="minor", passed=True, again=None):
        """An item of a check; `again` is (day, passed) of the later look."""
        self._put(
            CheckItem,
            id=f"X{next(self.ids)}",
            manager_id=manager,
            day=number(day),
            kind=kind,
            severity=severity,
            passed=passed,
            recheck_day=number(again[0]) if again else None,
            recheck_passed=again[1] if again else None,
            regulation="sales-conduct-zh 第五条",
            subject="recording",
        )

    def rating(self, manager, rater, score, *, quarter="2026Q3", day=date(2026, 10, 9)):
        values = {"manager_id": manager, "rater_id": rater, "quarter": quarter}
        self._put(CollabRating, **values, score=score, day=number(day))

    def file(self, manager, client, submitted, *, returned=None):
        self._put(
            CreditFile,
            id=f"F{next(self.ids)}",
            manager_id=manager,
            client_id=client,
            submitted_day=number(submitted),
            returned_day=number(returned) if returned else None,
            reason="the contract is a copy" if returned else "",
        )

    def taught(self, manager, course, due, attempts, *, kind):
        """A course of a kind with its attempts [(day taken, score)]."""
        for at, (taken, score) in enumerate(attempts, start=1):
            self._put(
                TrainingResult,
                manager_id=manager,
                course=course,
                attempt=at,
                due_day=number(due),
                taken_day=number(taken),
                score=score,
                kind=kind,
            )

    def certificate(self, manager, name, start, end=None):
        self._put(
            Certificate,
            manager_id=manager,
            name=name,
            from_day=number(start),
            to_day=number(end) if end else OPEN,
        )

    def proposal(self, day, steps, authors):
        """A proposal with its steps {state: day} and its authors {manager: share}."""
        proposal = f"P{next(self.ids)}"
        state, decided = list(steps.items())[-1] if steps else ("submitted", None)
        self._put(
            Proposal,
            id=proposal,
            title="One page instead of five",
            day=number(day),
            state=state,
            decided_day=number(decided) if decided else None,
        )
        for step, on in steps.items():
            if step != "rejected":
                self._put(ProposalStep, proposal_id=proposal, state=step, day=number(on))
        for manager, share in authors.items():
            self._put(ProposalAuthor, proposal_id=proposal, manager_id=manager, share_pct=share)
        return proposal

    def duty(self, manager, kind, due, *, done=None, client=None):
        self._put(
            Duty,
            id=f"D{next(self.ids)}",
            manager_id=manager,
            client_id=client,
            kind=kind,
            due_day=number(due),
            done_day=number(done) if done else None,
        )

    def inquiry(self, client, manager, received, due, *, answered=None):
        self._put(
            Inquiry,
            id=f"Q{next(self.ids)}",
            client_id=client,
            manager_id=manager,
            received_day=number(received),
            due_day=number(due),
            answered_day=number(answered) if answered else None,
            topic="deposit rates",
        )

    def document(self, client, kind, due, *, renewed=None):
        self._put(
            ClientDocument,
            client_id=client,
            kind=kind,
            due_day=number(due),
            renewed_day=number(renewed) if renewed else None,
        )

    def clients(self, count, manager, *, since=EVER, tier="standard", prefix="K"):
        """So many clients of a manager; their ids."""
        ids = [f"{prefix}{at:03}" for at in range(count)]
        for client in ids:
            self.client(client, tier=tier, held=[(manager, since)])
        return ids


@contextmanager
def writing(database, *managers):
    """Books of a bank with managers M001 and M002."""
    with database.write() as tx:
        books = Records(tx)
        for manager in managers or ("M001", "M002"):
            books.manager(manager)
        yield books


def measured(database, indicator, *, period="2026Q4", as_of=AS_OF, scheme=None):
    """The facts of one indicator, by manager."""
    with database.read() as tx:
        found = list(find_all(tx, scheme or default_scheme(), Period.parse(period), as_of))
    facts = {each.subject.manager: each.facts for each in found}
    return {
        manager: fact
        for manager, each in facts.items()
        for fact in each
        if fact.indicator == indicator
    }


def shown(database, indicator, manager="M001", *, period="2026Q4", as_of=AS_OF):
    """The records behind an indicator of a manager."""
    with database.read() as tx:
        frame = load_frame(tx, default_scheme(), Period.parse(period), as_of)
        return find_evidence(tx, frame, manager, indicator)
