"""incident from the command line: two people of risk, an appeal, and every refusal in one line."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select, update

from bank.days import OPEN, number
from bank.incidents import find_incident, vetoes
from bank.models import Appeal, Audit, Incident, Outbox, Staff, StaffUnit, StateEvent
from bank.people import find_staff
from bot.errors import Refusal
from bot.incidents import Incidents
from knowledge.library import Library
from scoring.periods import Period
from tests.bot import branch
from tests.bot.office import POLICY
from tests.bot.shell import Shell

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
TODAY = datetime.now(ZONE).date()
HAPPENED = TODAY - timedelta(days=3)
WORDS = ("--text", "凭虚假购销合同放款", "--evidence", "档案 2026-117")


def _found(folder):
    def fill(database):
        branch.found(database)
        with database.write() as tx:
            for staff, name, lang in (("R002", "明月照", "zh"), ("R003", "Rowan Example", "en")):
                person = {"name": name, "role": "risk", "unit": "U10", "lang": lang, "left": OPEN}
                tx.execute(insert(Staff), branch._staff(staff, **person))
        with closing(Library(database, folder.parent / "library")) as library:
            assert library.sync(folder, NOW).failed == ()

    return fill


@pytest.fixture
def shell(filled, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    folder = tmp_path / "policies"
    folder.mkdir()
    since = (HAPPENED - timedelta(days=400)).isoformat()
    text = POLICY.replace("in_force_from = 2026-01-01", f"in_force_from = {since}")
    (folder / "post-loan-2026.md").write_text(text, encoding="utf-8")
    url = filled("bank with risk officers", _found(folder)).engine.url
    opened = Shell(url.render_as_string(hide_password=False), tmp_path / "home")
    yield opened
    opened.database.close()


def report(shell, *more, by="R001", day=HAPPENED, code="false_materials", clause="post-loan 2"):
    given = {"--as": by, "--code": code, "--day": day, "--clause": clause}
    words = [word for pair in given.items() for word in pair]
    return ("incident", "report", "M001", *words, *(more or WORDS))


@pytest.fixture
def incident(shell):
    found, code = shell.json(*report(shell))
    assert code == 0
    return found["id"]


@pytest.fixture
def confirmed(shell, incident):
    assert shell.run("incident", "confirm", incident, "--as", "R002").exit_code == 0
    return incident


def rows(shell, *columns):
    with shell.database.read() as tx:
        return [tuple(row) for row in tx.execute(select(*columns))]


def codes(shell, on=TODAY):
    with shell.database.read() as tx:
        found = vetoes(tx, Period.containing(HAPPENED), on)
    return [veto.code for veto in found.get("M001", ())]


def test_what_one_person_reports_has_no_effect_until_a_second_confirms_it(shell, incident):
    assert codes(shell) == []
    found, _ = shell.json("incident", "show", incident, "--as", "R002")
    assert (found["state"], found["veto"], found["clause"]) == (
        "reported", "V1", "post-loan 第二条",
    )  # fmt: skip
    assert (found["event"], found["known"]) == (HAPPENED.isoformat(), TODAY.isoformat())
    line = shell.refused("incident", "confirm", incident, "--as", "R001")
    assert line == "这是您上报的，须由风险部门第二人确认或驳回。"
    assert codes(shell) == []

    ran = shell.run("incident", "confirm", incident, "--as", "R002")
    assert (ran.exit_code, ran.stderr) == (0, "✓ 已确认：有关云小舟的事件\n")
    assert codes(shell) == ["V1"]
    # Told again it is what it was.
    assert shell.run("incident", "confirm", incident, "--as", "R002").exit_code == 0
    assert shell.refused("incident", "dismiss", incident, "--as", "R003", "--reason", "no") == (
        "This was confirmed already, and nobody has an appeal open against it."
    )


def test_a_loss_is_a_v2(shell):
    found, _ = shell.json(*report(shell, code="loss"))
    shell.run("incident", "confirm", found["id"], "--as", "R002")
    assert codes(shell) == ["V2"]


def test_one_that_is_dismissed_never_counts_and_keeps_its_reason(shell, incident):
    dismiss = ("incident", "dismiss", incident, "--as", "R002", "--reason")
    assert shell.refused(*dismiss, " ") == "请写明原因。"
    assert shell.run(*dismiss, "合同属实").exit_code == 0
    assert codes(shell) == []
    assert shell.refused("incident", "confirm", incident, "--as", "R003") == (
        "This was dismissed already."
    )
    listed, _ = shell.json("incident", "list", "--as", "R003", "--all")
    assert [(one["state"], one["reason"]) for one in listed["incidents"]] == [
        ("dismissed", "合同属实")
    ]
    assert shell.json("incident", "list", "--as", "R003")[0] == {"incidents": []}
    # The manager never hears of it, and whoever reported it does.
    assert rows(shell, Outbox.kind, Outbox.recipient) == [
        ("incident", "R002"), ("incident_news", "R001"),
    ]  # fmt: skip


def test_told_twice_in_the_same_words_it_is_one(shell, incident):
    again, _ = shell.json(*report(shell))
    assert again["id"] == incident
    assert len(rows(shell, Incident.id)) == len(rows(shell, Outbox.key)) == 1


@pytest.mark.parametrize(
    ("more", "changed", "line"),
    [
        (("--text", " ", "--evidence", "x"), {}, "请写明经过。"),
        (("--text", "x", "--evidence", " "), {}, "请写明证据：没有证据的事件不能上报。"),
        (("--text", "x" * 2001, "--evidence", "x"), {}, "每段文字最多2,000字。"),
        ((), {"day": TODAY + timedelta(days=1)}, "发生日期不能在将来，请更正。"),
        ((), {"clause": "post-loan 99"}, "当日没有生效的条款“post-loan 99”："),
        ((), {"day": HAPPENED - timedelta(days=500)}, "当日没有生效的条款“post-loan 2”："),
    ],
)
def test_a_report_that_cannot_stand_says_why_and_leaves_nothing(shell, more, changed, line):
    assert shell.refused(*report(shell, *more, **changed)).startswith(line)
    assert rows(shell, Incident.id) == rows(shell, Outbox.key) == rows(shell, Audit.id) == []


@pytest.mark.parametrize("staff", ["M404", "L001", "R002"])
def test_only_account_managers_are_reported(shell, staff):
    words = [staff if word == "M001" else word for word in report(shell)]
    assert shell.refused(*words) == f"没有客户经理{staff}：请核对工号。"


@pytest.mark.parametrize("who", ["M001", "M002", "L001", "C001", "H001", "O001"])
def test_what_is_not_theirs_and_what_does_not_exist_read_the_same(shell, incident, who):
    deeds = (("show",), ("confirm",), ("dismiss", "--reason", "x"), ("appeal", "--text", "x"))
    said = {
        shell.refused("incident", deed, name, "--as", who, *more)
        for deed, *more in deeds
        for name in (incident, "nothing-like-it")
    }
    said.add(shell.refused(*report(shell, by=who)))
    assert len(said) == 1
    if who in ("M001", "C001", "H001"):
        assert shell.json("incident", "list", "--as", who, "--all")[0] == {"incidents": []}


def test_whoever_led_the_manager_neither_reports_nor_confirms(shell, incident):
    # R002 led the team until a month before; R003 until the day after it happened.
    spans = {"R002": HAPPENED - timedelta(days=30), "R003": HAPPENED + timedelta(days=1)}
    with shell.database.write() as tx:
        for staff, until in spans.items():
            for role, first, end in (
                ("team_lead", number(branch.LONG_AGO), number(until)),
                ("risk", number(until), OPEN),
            ):
                tx.execute(
                    insert(StaffUnit).values(
                        staff_id=staff, from_day=first, to_day=end, unit_id="U10", role=role
                    )
                )
    assert shell.refused("incident", "confirm", incident, "--as", "R003").startswith("You are or")
    assert shell.refused(*report(shell, by="R003")).startswith("You are or were in this")
    assert shell.run("incident", "confirm", incident, "--as", "R002").exit_code == 0


def test_the_manager_is_told_of_a_confirmed_one_not_by_whom_and_may_appeal_once(shell, confirmed):
    kinds = rows(shell, Outbox.kind, Outbox.recipient, Outbox.disclosure)
    assert sorted(kinds) == [
        ("incident", "R002", "client"),
        ("incident_news", "M001", "client"),
        ("incident_news", "R001", "client"),
    ]
    found, _ = shell.json("incident", "show", confirmed, "--as", "M001")
    assert (found["state"], found["reported_by"], found["decided_by"]) == ("confirmed", None, None)
    assert found["evidence"] == "档案 2026-117"
    appeal = ("incident", "appeal", confirmed, "--as", "M001", "--text")
    assert shell.refused(*appeal, " ") == "请写明对什么有异议、为什么。"
    found, _ = shell.json(*appeal, "合同由客户提供，已核验。")
    assert (found["appeal"]["state"], found["appeal"]["handler"]) == ("open", None)
    assert shell.run(*appeal, "合同由客户提供，已核验。").exit_code == 0  # told again
    assert shell.refused(*appeal, "另有理由") == "您已对此申诉，申诉只处理一次。"
    assert shell.refused("incident", "appeal", confirmed, "--as", "M002", "--text", "x").startswith(
        "There is no such incident"
    )
    assert codes(shell) == ["V1"]  # an appeal alone changes nothing


@pytest.fixture
def appealed(shell, confirmed):
    words = ("--as", "M001", "--text", "合同由客户提供，已核验。")
    assert shell.run("incident", "appeal", confirmed, *words).exit_code == 0
    return confirmed


def test_an_appeal_is_handled_by_somebody_else_and_upheld_lifts_the_veto(shell, appealed):
    decide = ("incident", "decide", appealed, "--uphold", "--reason", "核验记录齐全", "--as")
    assert shell.refused(*decide, "R001") == "这是您上报的，须由风险部门第二人确认或驳回。"
    assert shell.refused(*decide, "R002") == "这是您确认的，申诉须由他人处理。"
    assert shell.refused(*decide, "M001").startswith("没有这个事件")
    assert shell.refused(*decide[:-3], "--reason", " ", "--as", "R003") == "Say why."

    found, code = shell.json(*decide, "R003")
    assert (code, found["state"]) == (0, "lifted")
    assert found["appeal"]["handler"] == "R003"
    assert codes(shell) == []
    assert codes(shell, TODAY - timedelta(days=1)) == []  # it was not confirmed then
    assert shell.run(*decide, "R003").exit_code == 0
    assert shell.refused(*decide, "C001") == "已因申诉解除。"


def test_a_veto_holds_on_the_days_between_its_confirmation_and_its_lifting(shell, appealed):
    decide = ("incident", "decide", appealed, "--uphold", "--reason", "核验记录齐全")
    shell.run(*decide, "--as", "C001")
    ago = {name: number(TODAY) - days for name, days in (("known", 9), ("decided", 6), ("up", 2))}
    with shell.database.write() as tx:
        days = {"known_day": ago["known"], "decided_day": ago["decided"]}
        tx.execute(update(Incident).values(**days, event_day=ago["known"]))
        tx.execute(update(Appeal).values(raised_day=ago["decided"], decided_day=ago["up"]))
    period = Period.containing(TODAY - timedelta(days=9))
    with shell.database.read() as tx:
        held = [days for days in range(10) if vetoes(tx, period, TODAY - timedelta(days=days))]
    assert held == [3, 4, 5, 6]


def test_rejected_the_veto_stays(shell, appealed):
    decide = ("incident", "decide", appealed, "--reject", "--reason", "未核验原件", "--as", "H001")
    found, _ = shell.json(*decide)
    assert (found["state"], found["appeal"]["state"]) == ("confirmed", "rejected")
    assert codes(shell) == ["V1"]
    assert [who for kind, who in rows(shell, Outbox.kind, Outbox.recipient)].count("M001") == 2
    assert shell.refused(*decide[:-1], "C001").startswith("已确认，且没有待处理的申诉")


def test_an_appeal_is_asked_of_risk_first_and_of_compliance_where_no_one_is_left(shell, confirmed):
    with shell.database.write() as tx:
        tx.execute(update(Staff).where(Staff.id == "R003").values(left_day=1))
    shell.run("incident", "appeal", confirmed, "--as", "M001", "--text", "已核验。")
    asked = [row for row in rows(shell, Outbox.key, Outbox.recipient) if "appeal" in row[0]]
    assert asked == [(f"incident:{confirmed}:appeal", "C001")]


def test_the_time_to_appeal_ends(shell, confirmed):
    with shell.database.write() as tx:
        long_ago = number(TODAY) - 60
        tx.execute(update(Incident).values(decided_day=long_ago, known_day=long_ago))
    appeal = ("incident", "appeal", confirmed, "--as", "M001", "--text", "已核验。")
    assert shell.refused(*appeal).startswith("申诉期限已于")


def test_of_two_who_decide_at_once_one_does(shell, incident):
    desk = Incidents(shell.database, ZONE)
    now = datetime.now(UTC)
    with shell.database.read() as tx:
        officers = [find_staff(tx, staff) for staff in ("R002", "R003")]

    def decide(officer):
        try:
            return desk.dismiss(officer, incident, f"said {officer.id}", now).record.confirmed_by
        except Refusal as refusal:
            return refusal.key

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(decide, officers))
    assert said[0] in ("R002", "R003") or said[1] in ("R002", "R003")
    assert [one for one in said if one.startswith("incident.")] != []
    with shell.database.read() as tx:
        changes = select(func.count()).select_from(StateEvent)
        assert tx.scalar(changes.where(StateEvent.to_state == "dismissed")) == 1


def test_what_another_system_sent_is_decided_here_and_no_drop_undoes_it(shell):
    with shell.database.write() as tx:
        tx.execute(
            insert(Incident).values(
                id="I2026-009", manager_id="M001", veto="V1", event_day=number(HAPPENED),
                known_day=number(HAPPENED), state="reported", reported_by="L011",
                summary="被举报", policy="post-loan 第二条", batch_id=1,
            )
        )  # fmt: skip
    assert shell.run("incident", "confirm", "I2026-009", "--as", "R001").exit_code == 0
    assert rows(shell, Incident.state, Incident.batch_id) == [("confirmed", None)]
    assert codes(shell) == ["V1"]


def test_every_deed_is_in_the_audit_log_and_no_refusal_is(shell, appealed):
    shell.run("incident", "decide", appealed, "--uphold", "--reason", "x", "--as", "R001")
    shell.run("incident", "decide", appealed, "--uphold", "--reason", "x", "--as", "R003")
    with shell.database.read() as tx:
        found = find_incident(tx, appealed)
    assert found.policy == "post-loan 第二条"
    audit = [row for row in rows(shell, Audit.actor_id, Audit.deed) if row[0] != "daybook"]
    assert audit == [
        ("R001", "report_incident"),
        ("R002", "decide_incident"),
        ("M001", "appeal_incident"),
        ("R003", "decide_incident"),
    ]
    states = rows(shell, StateEvent.kind, StateEvent.from_state, StateEvent.to_state)
    assert sorted(states) == [
        ("appeal", "", "open"),
        ("appeal", "open", "upheld"),
        ("incident", "", "reported"),
        ("incident", "reported", "confirmed"),
    ]


def test_lists_are_tables_for_people(shell, incident):
    listed = shell.run("incident", "list", "--as", "R002").output
    assert "凭虚假购销合同放款" in listed
    assert "V1" in listed
    assert shell.run("incident", "list", "--as", "M001").stderr == "没有等待处理的事件。\n"
    assert "凭虚假购销合同放款" in shell.run("incident", "show", incident, "--as", "R002").output
