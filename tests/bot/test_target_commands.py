"""target from the command line: both sides, the cascade, and every refusal in one line."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bank.models import Audit, Outbox, Target, TargetSignature
from bank.people import find_staff
from bot.errors import Refusal
from bot.targets import Targets, Wanted
from scoring.versions import PRODUCTS_OWN
from tests.bot import branch

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime.now(UTC)
YEAR = NOW.astimezone(ZONE).year
YUAN = 100
MILLION = 1_000_000 * YUAN


@pytest.fixture
def bank(shell):
    branch.found(shell.database)
    return shell


def propose(bank, amount, *more, by="L011", holder="M001", indicator="P02", verb="propose"):
    words = ("target", verb, holder, indicator, "--amount", amount, "--as", by)
    found, code = bank.json(*words, *more)
    assert code == 0, found
    return found


def sign(bank, found, by):
    again, code = bank.json("target", "sign", found["waiting"]["id"], "--as", by)
    assert code == 0, again
    return again


def rows(bank, *columns):
    with bank.database.read() as tx:
        return [tuple(row) for row in tx.execute(select(*columns))]


def test_ten_million_is_taken_apart_signed_by_both_and_then_never_changed(bank):
    found = propose(bank, "1000万")
    assert found["waiting"]["amount"] == 10 * MILLION
    assert found["quarters"] == [250_000_000] * 4
    assert found["months"] == [62_500_000, 62_500_000, 125_000_000] * 4
    assert sum(week["amount"] for week in found["weeks"]) == 10 * MILLION
    assert sum(found["stretch"]) == 1_280_000_000  # 8 × 0.8 m + 4 × 1.6 m
    assert rows(bank, Target.amount) == []
    # The manager is asked, nobody else.
    assert rows(bank, Outbox.kind, Outbox.recipient) == [("target", "M001")]

    line = bank.refused("target", "sign", found["waiting"]["id"], "--as", "L011")
    assert line == "这是您这一方提出的，须由对方签署。"
    for stranger in ("M002", "L001", "H001", "C001"):
        assert bank.refused("target", "sign", found["waiting"]["id"], "--as", stranger)
    assert rows(bank, Target.amount) == []
    signed = sign(bank, found, "M001")
    assert signed["signed"]["came"] == "daybook"
    names = signed["signatures"]
    assert [(one["side"], one["staff"]) for one in names] == [("above", "L011"), ("below", "M001")]
    assert len({one["content_hash"] for one in names}) == 1
    assert rows(bank, Target.manager_id, Target.version, Target.amount) == [
        ("M001", 1, 10 * MILLION)
    ]
    # A double click is one signature; whatever else would change it is refused.
    assert sign(bank, found, "M001") == signed
    assert (
        bank.refused("target", "propose", "M001", "P02", "--amount", "9m", "--as", "L011")
        == "此目标已签署，不再改动：请用 amend 提出变更，由双方签署。"
    )
    assert (
        bank.refused("target", "decline", found["waiting"]["id"], "--as", "M001", "--reason", "no")
        == "双方已签署。"
    )
    deeds = [deed for (deed,) in rows(bank, Audit.deed) if deed.endswith("_target")]
    assert deeds == ["propose_target", "sign_target"]


def test_an_amendment_stands_only_once_both_signed_it(bank):
    sign(bank, propose(bank, "10m"), "M001")
    words = ("target", "amend", "M001", "P02", "--amount", "8m", "--as", "M001", "--reason")
    assert bank.refused(*words, " ") == "请写明理由：对方会看到，并予留存。"
    found, _ = bank.json(*words, "两户结清")
    assert (found["signed"]["amount"], found["waiting"]["version"]) == (10 * MILLION, 2)
    assert rows(bank, Target.version, Target.amount) == [(1, 10 * MILLION)]
    after = sign(bank, found, "L011")
    assert (after["signed"]["version"], after["signed"]["amount"]) == (2, 8 * MILLION)
    assert sorted(rows(bank, Target.version, Target.amount)) == [
        (1, 10 * MILLION), (2, 8 * MILLION),
    ]  # fmt: skip


def test_a_manager_proposes_a_change_and_the_lead_signs_it(bank):
    first = propose(bank, "10m")
    mine = propose(bank, "9m", "--reason", "走了两户", by="M001")
    assert bank.refused("target", "sign", first["waiting"]["id"], "--as", "M001") == (
        "已有另一提案代替。"
    )
    assert sign(bank, mine, "L011")["signed"]["amount"] == 9 * MILLION
    no_reason = ("target", "propose", "M002", "P02", "--amount")
    bank.json(*no_reason, "5m", "--as", "L011")
    assert bank.refused(*no_reason, "4m", "--as", "M002") == (
        "Say why: the other side reads it, and it is kept."
    )


def test_declined_it_ends_with_its_reason_and_whoever_proposed_it_hears(bank):
    found = propose(bank, "10m")
    words = ("target", "decline", found["waiting"]["id"], "--as", "M001", "--reason", "太高")
    assert bank.run(*words).exit_code == 0
    assert bank.run(*words).exit_code == 0  # told again it is one
    assert bank.refused("target", "sign", found["waiting"]["id"], "--as", "M001") == "已被谢绝。"
    kinds = rows(bank, Outbox.recipient, Outbox.payload)
    assert [(who, facts["stage"]) for who, facts in kinds] == [
        ("M001", "sign"), ("L011", "declined"),
    ]  # fmt: skip
    assert bank.refused("target", "show", "M001", "P02", "--as", "M001") == (
        "没有这个目标，或它不归您查看或签署。"
    )


def test_what_is_given_out_sums_to_what_there_is_or_hr_allows_more(bank):
    # The branch has no lead above it: HR proposes, its head signs.
    sign(bank, propose(bank, "18m", by="H001", holder="U10"), "L001")
    sign(bank, propose(bank, "12m", by="L001", holder="U11"), "L011")
    branch_target, _ = bank.json("target", "show", "U10", "P02", "--as", "L001")
    assert branch_target["given"] == {
        "amount": 18 * MILLION, "given": 12 * MILLION, "left": 6 * MILLION, "over": 0,
        "children": {"unit:U11": 12 * MILLION},
    }  # fmt: skip
    propose(bank, "7m", holder="M001")
    too_much = ("target", "propose", "M002", "P02", "--amount", "6m", "--as", "L011")
    # 7 m + 6 m = 13 m of 12 m
    assert bank.refused(*too_much) == (
        "团队一的下达将超出总额1,000,000.00。逐级下达之和须等于总额：请减少，"
        "或用 --over 写明为何可以超出，并由人力部门核准。"
    )
    propose(bank, "5m", holder="M002")
    whole, _ = bank.json("target", "show", "M002", "P02", "--as", "L011")
    assert (whole["above"]["left"], whole["above"]["over"]) == (0, 0)

    found, _ = bank.json(*too_much, "--over", "新客群试点")
    waiting = found["waiting"]
    assert (waiting["state"], waiting["over"], waiting["approved_by"]) == ("held", MILLION, None)
    assert bank.refused("target", "sign", waiting["id"], "--as", "M002") == (
        "HR has not allowed this yet: more is given out than there is."
    )
    assert bank.refused("target", "allow", waiting["id"], "--as", "L011").startswith("没有这个目标")
    allowed, code = bank.json("target", "allow", waiting["id"], "--as", "H001")
    assert (code, allowed["waiting"]["state"]) == (0, "proposed")
    assert allowed["waiting"]["approved_by"] == "H001"
    assert allowed["waiting"]["over_reason"] == "新客群试点"
    assert sign(bank, found, "M002")["signed"]["amount"] == 6 * MILLION
    # M001 asks for no more than before: what was allowed does not hold it.
    assert sign(bank, propose(bank, "7m", by="L011", holder="M001"), "M001")["signed"]


def test_a_unit_is_not_lowered_below_what_it_gave_out(bank):
    sign(bank, propose(bank, "12m", by="L001", holder="U11"), "L011")
    sign(bank, propose(bank, "7m"), "M001")
    amend = ("target", "amend", "U11", "P02", "--as", "L001", "--reason", "全行下调", "--amount")
    assert "团队一的下达将超出总额1,000,000.00" in bank.refused(*amend, "6m")
    found, _ = bank.json(*amend, "8m")
    # 1 m is left by that: what is given out meanwhile is seen when it is signed.
    propose(bank, "4m", holder="M002")
    assert "已下达的比此数多3,000,000.00" in bank.refused(
        "target", "sign", found["waiting"]["id"], "--as", "L011"
    ) or "has given out 3,000,000.00 more" in bank.refused(
        "target", "sign", found["waiting"]["id"], "--as", "L011"
    )


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("M001", "P02", "--amount", "0", "--as", "L011"), "「0」不是全年目标"),
        (("M001", "P02", "--amount", "-5m", "--as", "L011"), "「-5m」不是全年目标"),
        (("M001", "P02", "--amount", "1.234", "--as", "L011"), "「1.234」不是全年目标"),
        (("M001", "P04", "--amount", "7.5", "--as", "L011"), "「7.5」不是全年目标"),
        (("M001", "P02", "--amount", "many", "--as", "L011"), "「many」不是全年目标"),
        (("M001", "R03", "--amount", "95", "--as", "L011"), "「R03」不签目标"),
        (("M001", "P99", "--amount", "95", "--as", "L011"), "「P99」不签目标"),
        (("M003", "P02", "--amount", "5m", "--as", "L011"), "没有这个目标"),
        (("M404", "P02", "--amount", "5m", "--as", "L011"), "没有这个目标"),
        (("U404", "P02", "--amount", "5m", "--as", "L011"), "没有这个目标"),
        (("U11", "P02", "--amount", "5m", "--as", "M001"), "没有这个目标"),
        (("M001", "P02", "--amount", "5m", "--as", "C001"), "没有这个目标"),
        (("M001", "P02", "--amount", "5m", "--as", "L001"), "没有这个目标"),
        (("M001", "P02", "--amount", "5m", "--as", "L011", "--year", YEAR - 1), "年已结束"),
        (("M001", "P02", "--amount", "5m", "--as", "L011", "--year", 2099), "本行日历尚无2099年"),
    ],
)
def test_what_cannot_be_proposed_is_refused_in_one_line(bank, words, line):
    assert line in bank.refused("target", "propose", *words)
    assert rows(bank, Outbox.key) == []


def test_everybody_lists_what_is_theirs_to_see(bank):
    propose(bank, "10m")
    propose(bank, "30", holder="M003", indicator="P04", by="L001")
    for who, seen in (
        ("M001", ["M001"]), ("M002", []), ("L011", ["M001"]), ("L001", ["M001", "M003"]),
        ("H001", ["M001", "M003"]),
    ):  # fmt: skip
        listed, code = bank.json("target", "list", "--as", who)
        assert (code, [one["holder"] for one in listed["targets"]]) == (0, seen)
    assert bank.refused("target", "list", "--as", "C001").startswith("没有这个目标")
    assert bank.refused("target", "list", "--as", "M001", "--of", "M002").startswith("没有")
    table = bank.run("target", "list", "--as", "L001")
    assert (table.exit_code, "待签署" in table.stderr) == (0, True)


def test_what_came_with_the_drop_stays_valid_and_is_told_apart(bank):
    branch.add(
        bank.database, Target, manager_id="M001", indicator="P02", year=YEAR, version=1,
        amount=7 * MILLION, signed_day=datetime(YEAR, 1, 5, tzinfo=UTC).toordinal(), batch_id=1,
    )  # fmt: skip
    found, _ = bank.json("target", "show", "M001", "P02", "--as", "M001")
    assert (found["signed"]["came"], found["signatures"]) == ("drop", [])
    assert found["months"][:3] == [43_750_000, 43_750_000, 87_500_000]  # 7 m ÷ 16 = 0.4375 m
    shown = bank.run("target", "show", "M001", "P02", "--as", "M001").stderr
    assert "第1版随本行数据于" in shown
    amended = sign(bank, propose(bank, "8m", "--reason", "x", verb="amend"), "M001")
    assert (amended["signed"]["version"], amended["signed"]["came"]) == (2, "daybook")


def test_an_average_is_signed_by_its_path_and_next_year_is_provisional(bank):
    found = propose(bank, "10m", indicator="P01")
    months = found["months"]
    assert (months[-1], found["weeks"], found["quarters"]) == (10 * MILLION, None, None)
    assert months == sorted(months)
    shown = bank.run("target", "show", "M001", "P01", "--as", "M001").stderr
    assert "日均" in shown
    assert found["provisional"] is False
    ahead = propose(bank, "10m", "--year", YEAR + 1)
    assert ahead["provisional"] is True
    assert sum(ahead["months"]) == sum(week["amount"] for week in ahead["weeks"]) == 10 * MILLION


def test_of_two_who_give_out_the_last_of_it_at_once_one_is_refused(bank):
    sign(bank, propose(bank, "12m", by="L001", holder="U11"), "L011")
    desk = Targets(bank.database, ZONE, PRODUCTS_OWN)
    with bank.database.read() as tx:
        lead = find_staff(tx, "L011")

    def give(manager):
        try:
            desk.propose(lead, Wanted(manager, "P02", "7m", YEAR), NOW)
        except Refusal as refusal:
            return refusal.key
        return "given"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(give, ("M001", "M002"))) == ["given", "target.over"]


def test_of_two_presses_at_once_one_signs(bank):
    found = propose(bank, "10m")
    desk = Targets(bank.database, ZONE, PRODUCTS_OWN)
    with bank.database.read() as tx:
        manager = find_staff(tx, "M001")

    def press(_):
        try:
            return desk.sign(manager, found["waiting"]["id"], NOW).signed.amount
        except Refusal as refusal:
            return refusal.key

    with ThreadPoolExecutor(2) as both:
        ended = set(both.map(press, range(2)))
    assert 10 * MILLION in ended
    assert ended <= {10 * MILLION, "target.overtaken", "target.was_signed"}
    assert rows(bank, Target.amount) == [(10 * MILLION,)]
    assert len(rows(bank, TargetSignature.side)) == 2
