"""Rating from the command line, and what every deed of a person's leaves in the log."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bank.models import Audit, Rating, StateEvent, Visit, WarningResponse
from bank.people import find_staff
from bank.visits import VisitEntry
from bot.desk import Desk
from bot.errors import Refusal
from tests.bot import branch
from tests.bot.branch import TODAY

NOW = datetime(2026, 11, 17, 6, 30, tzinfo=UTC)
PERIOD = ("--period", "2026Q4")
REASON = ("--comment", "稳健，提前沟通")


@pytest.fixture
def staffed(shell):
    branch.found(shell.database)
    return shell


def rows(database, *columns):
    with database.read() as tx:
        return tx.execute(select(*columns)).all()


def test_a_superior_and_the_risk_department_rate(staffed):
    words = (*PERIOD, *REASON)
    given, code = staffed.json(
        "rate", "M001", "--as", "L011", "--kind", "superior", "--score", 88, *words
    )
    assert code == 0
    assert given | {"id": ""} == {
        "id": "", "manager": "M001", "period": "2026Q4", "kind": "superior", "score": 88,
    }  # fmt: skip
    ran = staffed.run("rate", "M001", "--as", "R001", "--kind", "risk", "--score", 75, *words)
    assert ran.stderr == "已记录：云小舟，2026Q4：75 分。\n"

    told = rows(staffed.database, Rating.rater_id, Rating.kind, Rating.score, Rating.comment)
    assert sorted(told) == [
        ("L011", "superior", 88, "稳健，提前沟通"), ("R001", "risk", 75, "稳健，提前沟通"),
    ]  # fmt: skip
    subject = f"rating:{given['id']}"
    assert (subject, "L011", "rate") in rows(
        staffed.database, Audit.subject, Audit.actor_id, Audit.deed
    )


def test_what_cannot_be_rated(staffed):
    def refused(staff, subject="M001", kind="superior", score=88, period="2026Q4", comment="好"):
        return staffed.refused(
            "rate", subject, "--as", staff, "--kind", kind, "--score", score,
            "--period", period, "--comment", comment,
        )  # fmt: skip

    # L001 leads the branch, but M001's team has a lead of its own; R001 is nobody's superior.
    nobody = refused("L011", subject="M404")
    assert "没有这位客户经理" in nobody
    for staff, kind in (
        ("L001", "superior"),
        ("R001", "superior"),
        ("L011", "risk"),
        ("M001", "risk"),
    ):
        assert refused(staff, kind=kind) == nobody
    assert "0 到 100" in refused("L011", score=101)
    assert "需要理由" in refused("L011", comment=" \u200b ")
    assert "2099Q1 尚未开始" in refused("L011", period="2099Q1")
    assert "2026Q9" in refused("L011", period="2026Q9")
    assert "云小舟 在 2001Q1 期间不在本行任职" in refused("L011", period="2001Q1")
    panel = staffed.run("rate", "M001", "--as", "L011", "--kind", "client", "--score", 88, *PERIOD)
    assert panel.exit_code == 2
    assert rows(staffed.database, Rating.id) == []


def test_every_entry_is_signed_and_dated_and_cleaned(staffed):
    database = staffed.database
    branch.client(database, "K1", "M001")
    branch.warning(database, "W1", "K1", "M001")
    desk = Desk(database, None, ZoneInfo("Asia/Shanghai"))
    with database.read() as tx:
        actor = find_staff(tx, "M001")
    for _ in range(2):  # told again, as after a lost acknowledgement
        visit = VisitEntry("v1", "K1", "M001", TODAY, "onsite", "谈了\u200b续贷\x0b，下周送")
        desk.done_visit(actor, visit, TODAY, NOW)
        desk.answer_warning(actor, "W1", " 周五\x0b还款 ", TODAY, NOW)
    for blank in ("", " \n", "\u200b"):
        with pytest.raises(Refusal, match="note_missing"):
            desk.done_visit(
                actor, VisitEntry("v2", "K1", "M001", TODAY, "onsite", blank), TODAY, NOW
            )

    assert rows(database, Visit.note) == [("谈了续贷，下周送",)]
    assert rows(database, WarningResponse.text) == [("周五还款",)]
    assert rows(database, Audit.at, Audit.actor_id, Audit.deed) == [
        (NOW, "daybook", "audit.begin"), (NOW, "M001", "log_visit"),
        (NOW, "M001", "answer_warning"), (NOW, "M001", "answer_warning"),
    ]  # fmt: skip
    # The answer, and what became of the warning.
    assert ("warning:W1", '{"from":"open","to":"answered"}') in rows(
        database, Audit.subject, Audit.detail
    )
    assert rows(database, StateEvent.kind, StateEvent.subject_id, StateEvent.to_state) == [
        ("warning", "W1", "answered")
    ]
    for (subject,) in rows(database, Audit.subject):
        assert "星河" not in subject
