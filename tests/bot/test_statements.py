"""report statement and report unit: lines, JSON and workbooks whose formulas are reckoned again."""

from datetime import UTC, date, datetime

import pytest

from bank import models
from bank.days import OPEN, number
from bank.performance import score_period
from bot.wording import say
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bot import branch
from tests.bot.reckoner import Cells
from tests.bot.shell import Shell

AS_OF = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 22, tzinfo=UTC)
NAME = "星河灯塔贸易"
HOSTILE = '=HYPERLINK("http://evil.example","点我")'
YUAN = 100
MILLION = 1_000_000 * YUAN


def account(database, client, fen, base):
    since = number(branch.LONG_AGO)
    branch.add(
        database, models.Account, id=f"A{client}", client_id=client, kind="demand",
        opened_day=since, closed_day=OPEN,
    )  # fmt: skip
    branch.add(
        database, models.BalanceInterval, account_id=f"A{client}", from_day=since, to_day=OPEN,
        amount=fen, known_day=since,
    )  # fmt: skip
    branch.add(database, models.ClientBase, client_id=client, year=2025, day_average=base)


def loan(database, client, manager, fen):
    day = number(date(2026, 10, 12))
    branch.add(
        database, models.Loan, id=f"L{client}", client_id=client, originator_id=manager,
        signed_day=day, purpose="operating", size_class="small",
        refinances=False,
    )  # fmt: skip
    branch.add(
        database, models.LoanEvent, id=f"E{client}", loan_id=f"L{client}", day=day,
        kind="drawdown", amount=fen,
    )  # fmt: skip
    branch.add(
        database, models.LoanClass, loan_id=f"L{client}", from_day=day, to_day=OPEN,
        grade="normal", known_day=day,
    )  # fmt: skip


def fill(database):
    """A client each for three managers; M001's has a name like a formula, and a veto stands."""
    branch.found(database)
    held = (("K1", "M001", HOSTILE, 6, 5), ("K2", "M002", NAME, 3, 4), ("K3", "M003", "山水", 2, 2))
    for client, manager, name, now, base in held:
        branch.client(database, client, manager, name=name, since=branch.LONG_AGO)
        account(database, client, now * MILLION, base * MILLION)
        branch.add(
            database, models.Target, manager_id=manager, indicator="P01", year=2026, version=1,
            amount=MILLION, signed_day=number(date(2026, 1, 5)),
        )  # fmt: skip
        branch.add(
            database, models.TrainingResult, manager_id=manager, course="合规 2026Q4", attempt=1,
            due_day=number(AS_OF), taken_day=number(AS_OF), score=87,
        )  # fmt: skip
    loan(database, "K1", "M001", 2 * MILLION)
    branch.add(
        database, models.FeeEvent, id="F1", client_id="K1", income_line="settlement",
        day=number(AS_OF), amount=4_000 * YUAN, cancelled=False,
    )  # fmt: skip
    for client, total in (("K1", 40), ("K3", 10)):
        branch.add(
            database, models.Wallet, client_id=client, day=number(date(2026, 6, 1)),
            total=total * MILLION, source=HOSTILE,
        )  # fmt: skip
    branch.add(
        database, models.Incident, id="I1", manager_id="M001", veto="V1",
        event_day=number(AS_OF), known_day=number(AS_OF), state="confirmed", reported_by="R001",
        confirmed_by="H001", summary=HOSTILE, policy="sales-conduct-zh 第五条",
    )  # fmt: skip
    score_period(database, Period.parse("2026Q4"), AS_OF, NOW)


@pytest.fixture
def reported(filled, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    url = filled("bank to report on", fill).engine.url
    opened = Shell(url.render_as_string(hide_password=False), tmp_path / "home")
    yield opened
    opened.database.close()


def statement(actor, of="M001"):
    return ("report", "statement", "--as", actor, "--of", of, "--period", "2026Q4")


def unit(actor, of="U10"):
    return ("report", "unit", "--as", actor, "--of", of, "--period", "2026Q4")


def opened(shell, words, tmp_path):
    file = tmp_path / "report.xlsx"
    ran = shell.run(*words, "--xlsx", file)
    assert ran.exit_code == 0, ran.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    return Cells(file)


def table(cells, lang, sheet):
    """A sheet's rows as mappings from its heads."""
    heads, *rows = cells.rows(say(lang, f"report.sheet.{sheet}"))
    return [dict(zip(heads, row, strict=False)) for row in rows]


def test_a_statements_formulas_give_what_is_stored_beside_them(reported, tmp_path):
    cells = opened(reported, statement("M001"), tmp_path)
    told, _ = reported.json(*statement("M001"))

    assert cells.check() > 20
    assert len(cells.charts) == 1
    summary = {row[0]: row[1] for row in cells.rows("摘要") if len(row) > 1}
    # The stored score to two decimals, reckoned again from points, weights and items.
    assert abs(summary["得分"] - told["score"]) < 0.0051
    assert summary["系统存档得分"] == told["score"]
    assert (summary["计算批次"], summary["数据截至"]) == (told["run_id"], "2026-11-16")
    scheme = default_scheme()
    assert (summary["方案版本"], told["scheme"]) == (1, {"id": scheme.id, "version": 1})
    kinds = {where[0] for where in cells.formulas if where[1] != "B11"}
    assert {"维度", "指标"} <= kinds


def test_every_indicator_has_target_actual_attainment_points_and_weight(reported, tmp_path):
    cells = opened(reported, statement("M001"), tmp_path)
    told, _ = reported.json(*statement("M001"))

    rows = {row["编号"]: row for row in table(cells, "zh", "indicators")}
    scored = [row for side in told["dimensions"] for row in side["indicators"]]
    assert list(rows) == [row["id"] for row in scored]
    deposits = next(row for row in scored if row["id"] == "P01")
    # 6 million against last year's 5, in yuan in the sheet and fen in JSON
    assert rows["P01"]["实际"] == deposits["actual"] / 100 == 1_000_000
    assert rows["P01"]["应达目标"] == deposits["target"] / 100
    assert rows["P01"]["完成率"] == deposits["attainment"]
    assert (rows["P01"]["得分（分）"], rows["P01"]["权重"]) == (
        deposits["score"], deposits["weight"],
    )  # fmt: skip
    formulas = {text for (sheet, _), text in cells.formulas.items() if sheet == "指标"}
    assert "ROUND(F2/E2,6)" in formulas
    assert "ROUND(IF(ROUND(F2/E2,12)<0.6,0,100*MIN(ROUND(F2/E2,12),1.2)),6)" in formulas
    assert rows["C01a"]["计分方法"] == say("zh", "unscored.too_few")


def test_records_vetoes_and_moved_weights_are_in_the_workbook(reported, tmp_path):
    cells = opened(reported, statement("M001"), tmp_path)

    records = [row for n in (1, 2, 3, 4, 5) for row in table_of(cells, f"明细 {n}")]
    drawn = next(row for row in records if row["编号"] == "P02")
    assert (drawn["记录编号"], drawn["客户编号"], drawn["金额（元）"]) == ("EK1", "K1", 2_000_000)
    (veto,) = table(cells, "zh", "veto")
    assert veto["否决项"] == "V1"
    assert HOSTILE in veto["事项"]
    moved = {row["编号"]: row for row in table(cells, "zh", "moved")}
    assert moved["R05"]["权重"] > 0


def table_of(cells, sheet):
    if sheet not in cells.sheets:
        return []
    heads, *rows = cells.rows(sheet)
    return [dict(zip(heads, row, strict=False)) for row in rows]


def test_whatever_looks_like_a_formula_is_words(reported, tmp_path):
    cells = opened(reported, statement("M001"), tmp_path)

    texts = [value for value in cells.values.values() if isinstance(value, str)]
    assert any(HOSTILE in text for text in texts)
    assert not [text for text in cells.formulas.values() if "HYPERLINK" in text]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_lines_say_the_same(reported, lang):
    staff = {"zh": "M001", "en": "M002"}[lang]
    told, _ = reported.json(*statement(staff, staff))
    shown = reported.run(*statement(staff, staff)).stderr

    assert told["run_id"] in shown
    for dimension in told["dimensions"]:
        for row in dimension["indicators"]:
            assert row["id"] == "R00" or row["id"] in shown
    assert say(lang, "kpi.watched") in shown
    deposits = {"en": "record", "zh": "明细"}[lang]
    assert deposits in shown


def test_a_statement_is_for_its_manager_their_leads_and_hr(reported):
    for actor in ("M001", "L011", "L001", "H001"):
        told, code = reported.json(*statement(actor))
        assert (code, told["manager"]) == (0, "M001")
    for actor, of in (("M002", "M001"), ("L011", "M003"), ("R001", "M001"), ("L001", "nobody")):
        lang = branch.STAFF[actor][3]
        assert reported.refused(*statement(actor, of)) == say(lang, "access.not_yours")


def test_names_of_clients_are_masked_where_the_bank_wants_it(reported, tmp_path):
    def told(actor, n):
        file = tmp_path / f"{n}.xlsx"
        assert reported.run(*statement(actor, "M002"), "--xlsx", file).exit_code == 0
        return NAME in str(Cells(file).values)

    assert told("L011", 1)
    reported.environment["DAYBOOK_MASK_CLIENTS"] = "true"
    assert not told("L011", 2)
    assert told("M002", 3)  # their own


def test_a_period_without_a_score_says_so_and_writes_nothing(reported, tmp_path):
    file = tmp_path / "none.xlsx"
    words = ("report", "statement", "--as", "M002", "--of", "M002", "--period", "2025")
    assert reported.refused(*words, "--xlsx", file) == say("en", "kpi.no_score", period="2025")
    assert not file.exists()


def test_a_units_formulas_give_what_is_stored_beside_them(reported, tmp_path):
    cells = opened(reported, unit("L001"), tmp_path)
    told, _ = reported.json(*unit("L001"))

    assert cells.check() > 60
    assert len(cells.charts) >= 5
    rows = table(cells, "zh", "managers")
    # 云归去 left on the last day, having worked in the period.
    names = ["Ada Example", "云小舟", "云归去", "山有木", "合计"]
    assert [row["客户经理"] for row in rows] == names
    last = rows[-1]
    # 6, 3 and 2 million; of last year's 5, 4 and 2 all but one of M002's are still there
    assert (last["存款日均（元）"], last["上年日均（元）"]) == (11_000_000, 11_000_000)
    assert (last["其中沉淀（元）"], last["沉淀率"]) == (10_000_000, round(10 / 11, 6))
    assert (last["贷款投放（元）"], last["贷款余额（元）"]) == (2_000_000, 2_000_000)
    assert (last["中间业务收入（元）"], last["中收：结算（元）"]) == (4_000, 4_000)
    # 40 and 10 million in all; here are 6 + 2 of deposits and 2 of a loan
    assert (last["全部业务估算（元）"], last["在他行（元）"]) == (50_000_000, 40_000_000)
    assert told["total"]["kept"] == 10 * MILLION
    teams = table(cells, "zh", "teams")
    assert [(row["机构编号"], row["其中沉淀（元）"]) for row in teams] == [
        ("U11", 8_000_000), ("U12", 2_000_000),
    ]  # fmt: skip
    (industry,) = table(cells, "zh", "industries")
    assert (industry["行业"], industry["在他行（元）"]) == ("行业未知", 40_000_000)


def test_a_unit_is_told_in_the_order_of_names_without_ranks(reported):
    shown = reported.run(*unit("L001")).stderr

    places = [shown.index(name) for name in ("Ada Example", "云小舟", "山有木")]
    assert places == sorted(places)
    assert say("zh", "report.unit.by_name") in shown
    assert say("zh", "report.unit.districts") in shown


def test_a_unit_is_for_who_leads_it_and_hr(reported):
    for actor, of in (("L001", "U10"), ("L001", "U12"), ("L011", "U11"), ("H001", "U12")):
        told, code = reported.json(*unit(actor, of))
        assert (code, told["unit"]) == (0, of)
    refused = (
        ("L011", "U10"), ("L011", "U12"), ("L001", "U99"), ("H001", "U99"), ("M001", "U11"),
        ("R001", "U10"), ("C002", "U10"),
    )  # fmt: skip
    for actor, of in refused:
        lang = branch.STAFF[actor][3]
        assert reported.refused(*unit(actor, of)) == say(lang, "report.unit.not_yours")


def test_a_unit_without_managers_is_told_all_the_same(reported, tmp_path):
    branch.add(reported.database, models.OrgUnit, id="U13", name="新团队", parent_id="U10")
    cells = opened(reported, unit("L001", "U13"), tmp_path)
    assert cells.sheets == ["摘要", "客户经理"]
    assert cells.formulas == {}
