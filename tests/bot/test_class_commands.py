"""classes check from the command line: a list for risk officers."""

from sqlalchemy import select

from bank.days import OPEN, number
from bank.models import Audit, Loan, LoanClass, LoanEvent, Repayment
from bot.wording import say
from tests.bot import branch

DUE = number(branch.TODAY) - 100


def doubtful(database):
    """A loan 99 days past due on the newest day loaded that is classed as normal."""
    branch.found(database)
    branch.client(database, "K1", "M001")
    first = number(branch.LONG_AGO)
    loan = {"id": "L1", "client_id": "K1", "originator_id": "M001", "signed_day": first}
    branch.add(database, Loan, **loan, refinances=False)
    event = {"id": "E1", "loan_id": "L1", "day": first, "kind": "drawdown", "amount": 88_000_00}
    branch.add(database, LoanEvent, **event)
    branch.add(
        database, LoanClass, loan_id="L1", from_day=first, to_day=OPEN, grade="normal",
        known_day=first,
    )  # fmt: skip
    branch.add(database, Repayment, loan_id="L1", due_day=DUE, amount=1, paid_day=OPEN)


def test_risk_officers_see_which_loans_the_rules_doubt_and_why(shell):
    doubtful(shell.database)
    found, code = shell.json("classes", "check", "--as", "R001")
    assert (code, found["on"]) == (0, "2026-11-16")
    assert found["loans"] == [
        {
            "loan": "L1", "client": "K1", "balance_fen": 88_000_00, "class": "normal",
            "least": "substandard", "why": [{"rule": "overdue", "least": "substandard"}],
            "days_past_due": 99,
        }
    ]  # fmt: skip
    told = shell.run("classes", "check", "--as", "R001")
    assert "逾期99天" in told.output
    assert "Daybook不作更改" in told.stderr
    with shell.database.read() as tx:
        assert tx.scalars(select(LoanClass.grade)).all() == ["normal"]


def test_on_a_day_when_all_was_well_it_says_so(shell):
    doubtful(shell.database)
    line = shell.run("classes", "check", "--as", "R001", "--on", "2026-01-05").stderr
    assert line.startswith("所有贷款的分类")


def test_nobody_else_sees_them(shell):
    doubtful(shell.database)
    for who in ("M001", "L001", "C001", "H001"):
        lines = (say(lang, "access.not_allowed") for lang in ("en", "zh"))
        assert shell.refused("classes", "check", "--as", who) in lines
    with shell.database.read() as tx:
        assert tx.scalars(select(Audit.id)).all() == []
