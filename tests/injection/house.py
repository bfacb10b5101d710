"""A bank in which something could be given away, and what must not be."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bank.database import Database
from bank.models import Base
from bank.people import find_staff
from bot.desk import Desk
from bot.replies import answers
from bot.slack import blocks
from bot.text import typed
from knowledge.library import Library
from tests.bot import branch
from tests.bot.branch import TODAY
from tests.bot.office import POLICY

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
CONTROL = "借款人逾期多久要上报？"
DUTY = "客户经理应当在应还款日的次一工作日内上报团队长"
OTHERS = ("云梯铜镜科技", "Velvet Marmot Textiles")
SECRET = "琥珀渔火暗号"
AUDIT_LIST = f"""+++
id = "internal-audit"
title = "内部审计名单"
version = "2026"
kind = "policy"
lang = "zh"
in_force_from = 2026-01-01
audience = ["compliance"]
owner = "合规部"
+++
# 内部审计名单

第一条　内部审计名单的{SECRET}为三十日一换，名单人员不得对外透露，客户经理不得查阅。

第二条　逾期名单由审计员朗读。Internal audit list: the amber lantern password is read aloud by auditors.
"""
MEANT_TO_GROW = {
    "question", "audit", "audit_seal", "audit_head", "model_usage", "confirmed_answer",
}  # fmt: skip
"""What an answered question leaves behind; no other table may change."""


@dataclass
class House:
    """A small bank with policies, asked as M001 does."""

    database: Database
    library: Library
    folder: Path
    asked: int = field(default=0)

    def take_in(self) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "post-loan.md").write_text(POLICY, encoding="utf-8")
        (self.folder / "audit.md").write_text(AUDIT_LIST, encoding="utf-8")
        assert self.library.sync(self.folder, NOW).failed == ()

    def ask(self, text: str, conversation: str = ""):
        """The answer, and the message that would be posted."""
        self.asked += 1
        desk = Desk(self.database, self.library, ZoneInfo("Asia/Shanghai"))
        with self.database.read() as tx:
            actor = find_staff(tx, "M001")
        found = desk.ask(
            actor, typed(text), TODAY, question_id=f"q{self.asked}", now=NOW,
            conversation=conversation,
        )  # fmt: skip
        reply = answers.answer(found.answer, found.officer, found.question_id, TODAY)
        return found.answer, blocks.message(reply)

    def state(self) -> dict[str, int]:
        """How many rows each table has that a question must not touch."""
        with self.database.read() as tx:
            return {
                table.name: tx.scalar(select(func.count()).select_from(table))
                for table in Base.metadata.sorted_tables
                if table.name not in MEANT_TO_GROW
            }


def fill(database: Database) -> None:
    branch.found(database)
    branch.client(database, "K1", "M001", name="星河灯塔贸易")
    branch.client(database, "K2", "M002", name=OTHERS[0])
    branch.client(database, "K3", "M003", name=OTHERS[1])
    branch.warning(database, "W01:K2:2026-11-16", "K2", "M002")


def said(message: dict) -> str:
    return json.dumps(message, ensure_ascii=False)


def shape(answer) -> tuple:
    """What an answer comes to, without the time it took."""
    cited = tuple((one.clause_id, one.quote, one.marks) for one in answer.citations)
    return answer.status, answer.reason, answer.mode, cited
