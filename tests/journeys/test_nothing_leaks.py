"""Names, numbers and keys in everything people and drops may bring, and where they must not turn up."""

import json
import logging

import pytest
import structlog
from sqlalchemy import select

from bank import models
from bank.days import OPEN, number
from bot.journal import open_journal
from knowledge.llm.drafter import Drafter, Terms
from tests.bank import drops
from tests.bot import branch
from tests.bot.office import POLICY, eventually, opened
from tests.bot.shell import Shell
from tests.knowledge.model_server import Reply, claims, failing, model_server

COMPANY, PERSON = "月湖铜镜服饰有限公司", "Ivo Nonesuch"
ACCOUNT, CARD = "A88-330071-2", "6222021234567890128"
RESIDENT, MOBILE = "11010519491231002X", "13800138000"
MAIL, TOKEN = "ivo.nonesuch@mail.example", "xoxb-1111-2222-abcDEFghi"
CANARIES = (COMPANY, "月湖铜镜", PERSON, ACCOUNT, CARD, RESIDENT, MOBILE, MAIL, TOKEN)
EVERYTHING = (
    f"{COMPANY}、{PERSON}，账户{ACCOUNT}，卡{CARD}，证{RESIDENT}，{MOBILE}，{MAIL}，{TOKEN}"
)
CLAUSE = f"第四条　附例：{EVERYTHING}，此类客户逾期的，客户经理应当在两个工作日内上报支行负责人。\n"
DUTY = "客户经理应当在两个工作日内上报支行负责人"


@pytest.fixture
def journal(tmp_path):
    """The operator's log, open as the service opens it."""
    root = logging.getLogger()
    before, level, settings = list(root.handlers), root.level, structlog.get_config()
    yield open_journal(tmp_path)
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    structlog.configure(**settings)


@pytest.fixture
def office(filled, tmp_path, monkeypatch, journal):
    """The bot at work over a bank of such clients, with a model to word its answers."""
    database = filled("small bank", branch.found)
    branch.client(database, "K1", "M001", name=COMPANY)
    branch.client(database, "K2", "M001", name=PERSON)
    branch.warning(database, "W01:K2:2026-11-16", "K2", "M001")
    branch.add(
        database, models.Account, id=ACCOUNT, client_id="K1", kind="demand",
        opened_day=number(branch.LONG_AGO), closed_day=OPEN,
    )  # fmt: skip
    with model_server() as server:
        monkeypatch.setenv("OPENAI_API_KEY", "made-up")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.delenv("SSL_CERT_FILE")
        terms = Terms("openai:made-up", 60.0, 10**9)
        drafter = Drafter(database, terms, lambda: branch.TODAY)
        with opened(database, tmp_path, drafter) as at_work:
            at_work.server = server
            at_work.take_in(tmp_path / "policies", POLICY + "\n" + CLAUSE)
            yield at_work


def answered(office, text, **where):
    """Ask, and wait until the outcome is written down; when it was asked."""
    before = len(rows(office, models.Question.id))
    ts = office.say("UM001", text, **where)
    eventually(lambda: len(rows(office, models.Question.id)) > before)
    return ts


def ask_in_every_way(office):
    """A question with everything in it, its follow-up, and the same while the model fails."""
    server = office.server
    server.script = lambda asked: claims((DUTY + "。", asked.source(DUTY), DUTY))
    question = f"{EVERYTHING}：此类客户逾期多久上报支行负责人？"
    root = answered(office, question)
    answered(office, f"那{PERSON}（{MOBILE}）呢？", thread=root)
    faults = (failing(500), failing(429), Reply("not json"), Reply("{}", fault="cut"))
    for fault in faults:
        server.script = lambda _, fault=fault: fault
        answered(office, question)
    office.say("UM001", EVERYTHING * 40)  # longer than a question may be


def use_everything_else(office):
    """The morning, its buttons and forms, the scorecard, and Slack out of order."""
    office.step(to="next_morning")
    eventually(lambda: due(office))
    office.press("UM001", due(office)[0], "answer")
    eventually(lambda: office.see("UM001")["modals"])
    window = office.see("UM001")["modals"][-1]
    (field,) = (b["block_id"] for b in window["blocks"] if b["type"] == "input")
    office.do(
        "submit", "UM001", view_id=window["id"], state={field: {field: {"value": EVERYTHING}}}
    )
    office.command("UM001", EVERYTHING)
    for kind in ("500", "html", "reset_after_read"):
        office.fault("chat.postMessage", kind)
        office.say("UM001", f"{EVERYTHING}逾期多久上报？")
    eventually(lambda: len(rows(office, models.Question.id)) > 8)


def bring_a_broken_drop(office, folder):
    """A drop that is refused for what it says of such a client."""
    files = {name: drops.branch()[name] for name in ("units", "staff", "clients")}
    files["clients"][1].update(id=RESIDENT, name=COMPANY, tier=f"{PERSON} {CARD} {MOBILE}")
    url = office.database.engine.url.render_as_string(hide_password=False)
    shell = Shell(url, folder)
    for more in ((), ("--check",), ("--json",)):
        assert shell.run("import", drops.write_drop(folder / "drop", files, batch=7), *more)
    shell.database.close()


def due(office):
    """The messages that ask for a warning to be answered."""
    return [one for one in office.answers("UM001") if '"answer"' in json.dumps(one["blocks"])]


def rows(office, *columns):
    with office.database.read() as tx:
        return tx.execute(select(*columns)).all()


def test_what_must_not_leave_is_in_no_prompt_log_audit_or_index(office, journal, tmp_path, capfd):
    ask_in_every_way(office)
    use_everything_else(office)
    bring_a_broken_drop(office, tmp_path)

    # The answer itself says to the asker what the clause says.
    assert COMPANY in json.dumps(office.answers("UM001"), ensure_ascii=False)
    assert len(office.server.drafts) > 4
    prompts = [*office.server.raw, *(one.system + one.human for one in office.server.requests)]
    assert leaked(json.loads(f"[{','.join(office.server.raw)}]"), prompts) == []
    audit = [list(map(str, row)) for row in rows(office, models.Audit.__table__)]
    assert len(audit) > 5
    assert leaked(audit) == []
    logged = journal.read_text(encoding="utf-8") if journal.exists() else ""
    assert "gave no answer" in logged
    assert leaked(logged, capfd.readouterr()) == []
    stores = [path for path in tmp_path.rglob("*") if path.is_file() and "chroma" in str(path)]
    assert leaked([path.read_bytes().decode("utf-8", "replace") for path in stores]) == []


def leaked(*told) -> list[str]:
    """Which canaries are in any of these."""
    whole = json.dumps(told, ensure_ascii=False)
    return [canary for canary in CANARIES if canary in whole]
