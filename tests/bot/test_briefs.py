"""The client brief: what stands in it, what matters first, and who gets it."""

from datetime import date

import pytest
from sqlalchemy import event

from bank import models
from bank.briefs import brief
from bank.database import Database
from bank.schema import migrate
from bot.replies.brief import client_brief
from tests.bank.drops import day
from tests.bot import branch
from tests.bot.shell import Shell

YUAN = 100
MILLION = 1_000_000 * YUAN
TODAY = ("--on", "2026-11-17")  # a Tuesday; the newest data is of Monday


@pytest.fixture(scope="module")
def shell(databases, tmp_path_factory):
    """One bank for all: nothing here writes."""
    url = databases.copy("migrated", migrate)
    database = Database(url)
    branch.found(database)
    branch.client(database, "K1", "M001", tier="premium", share=60)
    branch.hold(database, "K1", "M003", share=40)
    branch.client(database, "K2", "M002", name="Calm Example", tier="standard")
    write_everything(database)
    yield Shell(url, tmp_path_factory.mktemp("home"))
    database.close()
    databases.drop(url)


def write_everything(database):
    """Whatever can be known of K1, and beside it what must not appear."""

    def add(model, **row):
        days = {name: day(value) for name, value in row.items() if name.endswith("day") and value}
        branch.add(database, model, **row | days)

    with database.write() as tx:
        facts = {"customer_class": "corporate", "size_class": "small", "industry": "批发",
                 "risk_level": "medium", "kyc_due_day": day("2026-12-10")}  # fmt: skip
        client = models.Client.__table__
        tx.execute(client.update().where(client.c.id == "K1").values(facts))
    met = {"client_id": "K1", "manager_id": "M001"}
    for visit_id, when, logged, kind, note in (
        ("V1", "2026-10-17", "2026-10-19", "onsite", "看了新仓库，\n想续贷"),
        ("V2", "2026-11-02", "2026-11-02", "phone", "问利率"),
        ("V3", "2026-09-05", "2026-09-05", "onsite", "见了财务"),
        ("V4", "2026-08-01", "2026-08-01", "onsite", "初次见面"),
        ("V5", "2026-11-10", "2026-11-18", "video", "明天才登记"),
        ("V6", "2026-11-03", "2026-11-03", "phone", "  "),
    ):
        add(models.Visit, id=visit_id, day=when, logged_day=logged, kind=kind, note=note, **met)
    held = {"client_id": "K1", "opened_day": "2026-01-01", "closed_day": "9999-12-31"}
    add(models.Account, id="A1", kind="demand", **held)
    add(models.Account, id="A2", kind="time", matures_day="2026-12-01", **held)
    for account, start, end, amount in (
        ("A1", "2026-01-01", "2026-11-02", 1 * MILLION),
        ("A1", "2026-11-02", "9999-12-31", 4 * MILLION // 10),
        ("A2", "2026-06-01", "9999-12-31", 5 * MILLION // 10),
    ):
        add(models.BalanceInterval, account_id=account, from_day=start, to_day=end,
            amount=amount, known_day=start)  # fmt: skip
    _hold_products(add, held)
    _borrow(add)
    _ask_and_promise(add)
    for warning_id, client_id, severity in (("W01:K1", "K1", "orange"),):
        branch.warning(database, warning_id, client_id, "M001", severity=severity)
    told = {"client_id": "K1", "manager_id": "M001", "severity": "red", "evidence": {}}
    for signal, raised, state in (
        ("W35", "2026-11-10", "open"),  # for compliance alone
        ("W06", "2026-11-10", "answered"),
        ("W08", "2026-11-18", "open"),  # only tomorrow
    ):
        add(models.RiskWarning, id=f"{signal}:K1", signal=signal, raised_day=raised,
            due_day="2026-11-20", state=state, **told)  # fmt: skip


def _hold_products(add, held):
    for product, name, kind in (
        ("P1", "安稳理财一号", "wealth"), ("P2", "沪深基金", "fund"), ("P3", "积存金", "gold"),
    ):  # fmt: skip
        add(models.Product, id=product, name=name, kind=kind, income_line="", coefficient_pct=100,
            risk_level=2)  # fmt: skip
    for product, start, end, nav in (
        ("P1", "2026-01-01", "2026-11-01", 10_000), ("P1", "2026-11-01", "9999-12-31", 10_250),
        ("P2", "2026-01-01", "9999-12-31", 20_000),
    ):  # fmt: skip
        add(models.Price, product_id=product, from_day=start, to_day=end, nav=nav, known_day=start)
    for holding, product, end, units in (
        ("H1", "P1", "9999-12-31", 10_000_001), ("H2", "P2", "2026-11-05", 5_000_000),
        ("H3", "P3", "9999-12-31", 100), ("H4", "P2", "2026-03-01", 100),
    ):  # fmt: skip
        add(models.Holding, id=holding, product_id=product, matures_day=None, **held)
        add(models.HoldingUnits, holding_id=holding, from_day="2026-01-01", to_day=end,
            units=units, known_day="2026-01-01")  # fmt: skip


def _borrow(add):
    signed = {"client_id": "K1", "originator_id": "M001", "signed_day": "2026-03-01",
              "refinances": False, "purpose": "operating"}  # fmt: skip
    for loan, matures in (("L1", "2027-01-31"), ("L2", "2026-12-01"), ("L3", "2027-01-01")):
        add(models.Loan, id=loan, matures_day=matures, **signed)
    for event_id, loan, when, kind, amount, reverses in (
        ("E1", "L1", "2026-03-01", "drawdown", 3 * MILLION, None),
        ("E2", "L1", "2026-06-01", "repayment", MILLION // 2, None),
        ("E3", "L1", "2026-07-01", "repayment", MILLION // 10, None),
        ("E4", "L1", "2026-07-02", "reversal", MILLION // 10, "E3"),
        ("E5", "L2", "2026-03-01", "drawdown", MILLION, None),
        ("E6", "L2", "2026-09-01", "repayment", MILLION, None),
        ("E7", "L3", "2026-03-01", "drawdown", MILLION, None),
        ("E8", "L3", "2026-03-02", "reversal", MILLION, "E7"),
    ):
        add(models.LoanEvent, id=event_id, loan_id=loan, day=when, kind=kind, amount=amount,
            reverses_id=reverses)  # fmt: skip
    add(models.LoanClass, loan_id="L1", from_day="2026-03-01", to_day="9999-12-31",
        grade="special_mention", known_day="2026-03-01")  # fmt: skip
    for due, paid in (
        ("2026-10-12", "2026-10-12"), ("2026-11-12", "9999-12-31"), ("2026-12-12", "9999-12-31"),
    ):  # fmt: skip
        add(models.Repayment, loan_id="L1", due_day=due, amount=25_000 * YUAN, paid_day=paid)
    for line, end in (("CL1", "2027-02-14"), ("CL2", "2026-11-17")):
        add(models.CreditLine, id=line, client_id="K1", amount=5 * MILLION, purpose="operating",
            from_day="2026-01-01", to_day=end)  # fmt: skip


def _ask_and_promise(add):
    of = {"client_id": "K1", "manager_id": "M001"}
    for inquiry, due, answered in (
        ("Q1", "2026-11-13", None), ("Q2", "2026-11-12", "2026-11-10"),
    ):  # fmt: skip
        add(models.Inquiry, id=inquiry, received_day="2026-11-06", due_day=due,
            answered_day=answered, topic="外汇结算怎么收费", **of)  # fmt: skip
    for complaint, state, decided in (("CP1", "pending", None), ("CP2", "upheld", "2026-10-01")):
        add(models.Complaint, id=complaint, received_day="2026-09-03", severity="major",
            state=state, decided_day=decided, summary="开户等候太久", **of)  # fmt: skip
    for kind, due, renewed in (
        ("licence", "2026-10-31", "2016-10-30"), ("review", "2027-06-01", None),
        ("identity", "2026-11-09", "2026-11-09"),
    ):  # fmt: skip
        add(models.ClientDocument, client_id="K1", kind=kind, due_day=due, renewed_day=renewed)
    for need, client, state in (("N1", "K1", "open"), ("N2", "K1", "met"), ("N3", "K2", "open")):
        add(models.ClientNeed, id=need, client_id=client, kind="N05", noted_day="2026-10-17",
            due_day="2026-11-25", state=state, note="活期余额大")  # fmt: skip


def told(shell, client="K1", staff="M001", on=TODAY):
    found, code = shell.json("brief", client, "--as", staff, *on)
    assert code == 0, found
    return found


def test_what_a_client_has_and_what_changed_since_the_last_visit(shell):
    found = told(shell)

    assert (found["on"], found["as_of"], found["last_met"]) == (
        "2026-11-17", "2026-11-16", "2026-10-17",
    )  # fmt: skip
    # Now 0.4 + 0.5 million; on 17 October 1 + 0.5. The 30 days from 18 October: 15 at 1 million
    # and 15 at 0.4 make 0.7, and 0.5.
    assert found["deposits"] == {
        "now_fen": 9 * MILLION // 10,
        "average_30_fen": 12 * MILLION // 10,
        "then_fen": 15 * MILLION // 10,
        "timed": [{"account_id": "A2", "amount_fen": MILLION // 2, "matures": "2026-12-01"}],
    }
    positions = {one["id"]: (one["value_fen"], one["then_fen"]) for one in found["positions"]}
    # 10,000,001 × 1.0250 = 10,250,001.025 and × 1 then; 5,000,000 × 2 given up; no price of gold.
    assert positions == {"H1": (10_250_001, 10_000_001), "H2": (0, 10_000_000), "H3": (None, None)}


def test_what_a_client_owes_and_what_ends_soon(shell):
    found = told(shell)

    # 3 million less 0.5; 0.1 was repaid by mistake and taken back. L2 is repaid, L3 was undone.
    (debt,) = found["debts"]
    assert debt == {
        "id": "L1", "purpose": "operating", "outstanding_fen": 25 * MILLION // 10,
        "grade": "special_mention", "matures": "2027-01-31", "next_due": "2026-12-12",
        "next_amount_fen": 25_000 * YUAN, "overdue_fen": 25_000 * YUAN, "days_past_due": 4,
    }  # fmt: skip
    assert [line["id"] for line in found["lines"]] == ["CL1"]
    # 90 days from 17 November end on 15 February.
    ends = [(one["kind"], one["id"], one["day"]) for one in found["maturities"]]
    assert ends == [
        ("deposit", "A2", "2026-12-01"), ("loan", "L1", "2027-01-31"), ("line", "CL1", "2027-02-14"),
    ]  # fmt: skip


def test_what_was_said_and_is_promised(shell):
    found = told(shell)

    assert [(note["day"], note["by"]) for note in found["notes"]] == [
        ("2026-11-02", "云小舟"), ("2026-10-17", "云小舟"), ("2026-09-05", "云小舟"),
    ]  # fmt: skip
    assert [one["id"] for one in found["inquiries"]] == ["Q1"]
    assert [one["id"] for one in found["complaints"]] == ["CP1"]
    assert [one["id"] for one in found["needs"]] == ["N1"]
    assert [(one["kind"], one["due"]) for one in found["papers"]] == [
        ("licence", "2026-10-31"), ("kyc", "2026-12-10"),
    ]  # fmt: skip
    assert [(one["id"], one["share_pct"]) for one in found["keepers"]] == [
        ("M001", 60),
        ("M003", 40),
    ]


def test_warnings_only_compliance_may_know_of_never_appear(shell):
    for words in (("--json",), ()):
        ran = shell.run("brief", "K1", "--as", "M001", *TODAY, *words)
        assert "W01" in ran.output or "出现逾期" in ran.output
        assert "W35" not in ran.output
    (warning,) = told(shell)["warnings"]
    assert warning["id"] == "W01:K1"
    assert warning["evidence"] == branch.EVIDENCE


def test_the_three_things_that_matter_come_first(shell):
    ran = shell.run("brief", "K1", "--as", "M001", *TODAY)

    lines = ran.stderr.splitlines()
    assert ran.stdout == ""
    assert lines[:4] == [
        "星河灯塔贸易", "贵宾 · 小型企业 · 批发 · 洗钱风险中", "上次走访：31 天前（10月17日）",
        "健康度 48.2 分（一般） · 九宫格：标准普惠型",
    ]  # fmt: skip
    assert lines[4:8] == [
        "最要紧",
        "• 9月3日的重大投诉尚未处理完：开户等候太久",
        "• 客户咨询已超期（应于11月13日前答复）：外汇结算怎么收费",
        "• 橙色预警：请在11月20日前答复 · 出现逾期 · 逾期 3 天 · 应还 ¥12万",
    ]
    assert lines[8:16] == [
        "其他",
        "• 营业执照已过期（应于10月31日前更新）",
        "• 存款较上次走访减少 ¥60万，现为 ¥90万",
        "• 定期存款 ¥50万 于12月1日到期",
        "• 客户身份重新识别应在12月10日前更新",
        "• 经营贷款 ¥250万 于2027年1月31日到期",
        "• 授信额度 ¥500万（经营）于2027年2月14日到期",
        "• 另有 1 项需求；先处理预警，再谈产品",
    ]
    assert lines[16:] == [
        "资金及较上次走访的变化",
        "存款 ¥90万（−¥60万） · 近 30 日日均 ¥120万",
        "安稳理财一号 ¥10.3万（+¥2500）",
        "沪深基金 已退出，原为 ¥10万",
        "积存金 暂无估值",
        "信贷",
        "经营贷款 ¥250万 · 关注 · 逾期 4 天，共 ¥2.5万 · 下期 ¥2.5万，12月12日",
        "授信额度 ¥500万（经营），2027年2月14日到期",
        "最近记录",
        "11月2日 · 电话 · 云小舟：问利率",
        "10月17日 · 上门 · 云小舟：看了新仓库， 想续贷",
        "9月5日 · 上门 · 云小舟：见了财务",
        "数据截至11月16日。负责人：云小舟 60%、山有木 40%。",
    ]


def test_a_client_of_whom_little_is_known(shell):
    found = told(shell, "K2", "M002")
    assert (found["last_met"], found["deposits"]["then_fen"], found["debts"]) == (None, None, [])
    lines = shell.run("brief", "K2", "--as", "M002", *TODAY).stderr.splitlines()
    assert lines[:5] == [
        "Calm Example", "Standard · person", "No visit yet", "First",
        "• Idle balance: 活期余额大 (by 25 Nov)",
    ]  # fmt: skip
    assert "Deposits CN¥0 · 30-day average CN¥0" in lines


def test_as_it_stood_on_an_earlier_day(shell):
    found = told(shell, on=("--on", "2026-10-20"))

    assert (found["as_of"], found["deposits"]["now_fen"]) == ("2026-10-20", 15 * MILLION // 10)
    assert (found["warnings"], found["inquiries"]) == ([], [])
    # Renewed on 9 November: on 20 October that was still to come.
    assert [one["kind"] for one in found["papers"]] == ["licence", "identity", "kyc"]
    assert [note["day"] for note in found["notes"]] == ["2026-10-17", "2026-09-05", "2026-08-01"]
    assert found["debts"][0]["overdue_fen"] == 0


def test_others_learn_nothing_not_even_that_there_is_such_a_client(shell):
    assert told(shell, staff="L011")["client"]["id"] == "K1"
    for staff in ("M002", "R001"):  # and everybody else: tests/bot/test_access.py
        somebodys = shell.refused("brief", "K1", "--as", staff, *TODAY)
        assert shell.refused("brief", "K404", "--as", staff, *TODAY) == somebodys.replace(
            "K1", "K404"
        )


def test_a_brief_is_sent_to_nobody_but_the_one_person(shell):
    database = Database(shell.environment["DAYBOOK_DATABASE_URL"])
    with database.read() as tx:
        found = brief(tx, "K1", date(2026, 11, 17))
    database.close()
    for lang, summary in (("zh", "星河灯塔贸易：走访前有 10 件事要知道"),
                          ("en", "星河灯塔贸易: 10 things to know before the visit")):  # fmt: skip
        reply = client_brief(found, lang)
        assert (reply.disclosure, reply.summary) == ("client", summary)


def test_however_much_a_client_holds_the_statements_are_as_many(shell):
    database = Database(shell.environment["DAYBOOK_DATABASE_URL"])
    asked: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def count(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    counts = []
    for client in ("K1", "K2"):
        asked.clear()
        with database.read() as tx:
            brief(tx, client, date(2026, 11, 17))
        counts.append(len([one for one in asked if one.startswith("SELECT")]))
    database.close()
    assert counts == [24, 24]
