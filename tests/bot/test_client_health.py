"""`daybook client health`: what it says, in both languages, and to whom."""

import pytest
from sqlalchemy import insert, update

from bank import models
from bank.database import Database
from bank.schema import migrate
from tests.bank.drops import day
from tests.bot import branch
from tests.bot.shell import Shell

MILLION = 1_000_000 * 100
TODAY = ("--on", "2026-11-17")  # the newest data is of Monday, the 16th
AMOUNTS = {
    "assets": 30, "current_assets": 18, "inventory": 6, "cash": 3, "liabilities": 15,
    "current_liabilities": 12, "retained_earnings": 4, "sales": 60, "sales_profit": 5,
    "ebit": 4, "net_profit": 3, "depreciation": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def shell(databases, tmp_path_factory):
    """One bank for all: nothing here writes."""
    url = databases.copy("migrated", migrate)
    database = Database(url)
    branch.found(database)
    branch.client(database, "K1", "M001")
    branch.client(database, "K2", "M002", name="Calm Example", tier="standard")
    with database.write() as tx:
        known = {"customer_class": "corporate", "size_class": "small", "industry": "批发"}
        tx.execute(update(models.Client).where(models.Client.id == "K1").values(known))
        tx.execute(
            insert(models.ClientStatement).values(
                client_id="K1",
                year_end_day=day("2025-12-31"),
                received_day=day("2026-04-20"),
                **{name: value * MILLION for name, value in AMOUNTS.items()},
            )
        )
        tx.execute(
            insert(models.IndustryProsperity).values(
                industry="批发", from_day=day("2026-10-01"), score=58
            )
        )
    yield Shell(url, tmp_path_factory.mktemp("home"))
    database.close()
    databases.drop(url)


def told(shell, client="K1", staff="M001"):
    found, code = shell.json("client", "health", client, "--as", staff, *TODAY)
    assert code == 0, found
    return found


def test_the_points_add_up_to_the_score_and_the_weights_to_100(shell):
    found = told(shell)

    assert sum(part["points"] for part in found["parts"]) == pytest.approx(found["score"], abs=1e-5)
    assert sum(part["carries"] for part in found["parts"]) == 100
    for part in found["parts"]:
        points = sum(item["points"] for item in part["items"])
        assert points == pytest.approx(part["points"], abs=1e-5)


def test_part_by_part(shell):
    statement, behaviour, industry = told(shell)["parts"]

    # No account, loan or warning: behaviour tells nothing, and the statement carries 50 + 35.
    assert (statement["carries"], statement["day"], statement["why"]) == (85, "2025-12-31", "")
    assert (behaviour["carries"], behaviour["why"]) == (0, "none")
    assert (industry["points"], industry["day"]) == (8.7, "2026-10-01")  # 58 % of 15
    ratios = {item["id"]: item["value"] for item in statement["items"]}
    assert (ratios["quick_ratio"], ratios["short_term_liabilities_days_of_sales"]) == (1, 73)


def test_altman_and_the_cell_stand_beside_it(shell):
    found = told(shell)

    # 6.56 × 6/30 + 3.26 × 4/30 + 6.72 × 4/30 + 1.05 × 15/15 = 1.312 + 0.434667 + 0.896 + 1.05
    assert found["altman"] == {"z": 3.692667, "zone": "safe"}
    assert (found["cell"]["size"], found["business_fen"]) == ("small", 0)


def test_in_the_managers_own_language(shell):
    lines = shell.run("client", "health", "K1", "--as", "M001", *TODAY).stderr.splitlines()
    assert lines[0] == "星河灯塔贸易"
    assert lines[1].startswith("健康度 ")
    assert lines[2] == "Altman Z″ 3.69：安全区（仅供对照，不计入得分）"
    assert "速动比率 1：优于" in "".join(lines)
    assert "暂无数据：其 35 分由其他部分承担。" in lines


def test_where_nothing_is_known(shell):
    found = told(shell, "K2", "M002")
    assert (found["score"], found["band"], found["altman"]) == (None, None, None)
    lines = shell.run("client", "health", "K2", "--as", "M002", *TODAY).stderr.splitlines()
    assert lines[1] == "Nothing is known that would tell how the client stands."
    assert "Not known: its 50 points are carried by the others." in lines


def test_the_brief_says_the_same_in_a_line(shell):
    found, code = shell.json("brief", "K1", "--as", "M001", *TODAY)
    whole = told(shell)
    assert code == 0
    assert found["health"] == {name: whole[name] for name in whole if name != "client"}
    lines = shell.run("brief", "K1", "--as", "M001", *TODAY).stderr.splitlines()
    assert any(line.startswith("健康度 ") for line in lines)
    calm = shell.run("brief", "K2", "--as", "M002", *TODAY).stderr.splitlines()
    assert not any(line.startswith("Health") for line in calm)


def test_others_learn_nothing_not_even_that_there_is_such_a_client(shell):
    assert told(shell, staff="L011")["client"] == "K1"
    for staff in ("M002", "R001"):
        somebodys = shell.refused("client", "health", "K1", "--as", staff, *TODAY)
        nobodys = shell.refused("client", "health", "K404", "--as", staff, *TODAY)
        assert nobodys == somebodys.replace("K1", "K404")


def test_an_earlier_day_knows_less(shell):
    found, code = shell.json("client", "health", "K1", "--as", "M001", "--on", "2026-09-30")
    assert code == 0
    assert [part["why"] for part in found["parts"]] == ["", "none", "none"]
    assert found["parts"][0]["carries"] == 100
