"""appraisal from the command line: the whole way, and every refusal in one line."""

import pytest
from sqlalchemy import update

from bank.models import Appraisal
from tests.bot import branch
from tests.bot.course import card, run, sign

# The command line reads the clock: a quarter that is over whenever this runs.
Q3, NEXT = "2025Q3", "2025Q4"
PERIOD = ("--period", Q3)


@pytest.fixture
def staffed(shell):
    branch.found(shell.database)
    return shell


@pytest.fixture
def prelim(staffed):
    """M001's third quarter, with a preliminary result; the others' are open."""
    run(staffed.database, Q3, [card("M001", Q3, 91)])
    sign(staffed.database, "M001", year=2025)
    found, code = staffed.json("appraisal", "open", Q3, "--as", "H001")
    assert (found, code) == ({"period": Q3, "opened": 4}, 0)
    staffed.json("appraisal", "move", "propose", "--as", "H001", "--of", "M001", *PERIOD)
    assert staffed.json("appraisal", "advance", "--as", "O001") == ({"moved": 3}, 0)
    return staffed


def state(staffed, manager="M001"):
    found, code = staffed.json("appraisal", "show", manager, "--as", "H001", *PERIOD)
    assert code == 0
    return found["state"]


def over(staffed):
    """Every window has ended."""
    with staffed.database.write() as tx:
        tx.execute(update(Appraisal).values(due_day=1))


def test_the_whole_way(prelim):
    def done(*words, code=0):
        found, ended = prelim.json("appraisal", *words)
        assert ended == code, found
        return found

    assert state(prelim) == "prelim"
    found = done("adjust", "M001", "--as", "R001", *PERIOD, "--points=-2.5", "--reason", "逾期")
    assert found["result"]["score"] == 88.5
    done("comment", "M001", "--as", "L011", *PERIOD, "--text", "稳健")
    found = done("query", "R03", "--as", "M001", *PERIOD, "--text", "两条在休假期间")
    turn = found["said"][-1]["turn"]
    done("answer", "M001", turn, "--as", "L011", *PERIOD, "--text", "已核对")
    for staff in ("L011", "R001"):
        done("move", "endorse", "--as", staff, "--of", "M001", *PERIOD)
    assert state(prelim) == "confirmed"
    done("move", "acknowledge", "--as", "M001", *PERIOD)
    over(prelim)
    assert done("move", "proceed", "--as", "H001", *PERIOD) == {"moved": ["M001"], "refused": []}
    moved = done(
        "calibrate", "M001", "--as", "L001", *PERIOD, "--grade", "excellent", "--reason", "任务重"
    )
    assert moved["result"]["grade"] == "excellent"
    assert done("approve", Q3, "--as", "H001")["moved"] == ["M001"]
    assert done("publish", Q3, "--as", "H001")["moved"] == ["M001"]

    # H001 only published: the committee was L001.
    raised = done("appeal", "R03", "--as", "M001", *PERIOD, "--claim", "有误", "--evidence", "假条")
    assert (raised["state"], raised["handler"]) == ("open", "H001")
    decided = done("decide", raised["id"], "rejected", "--as", "H001", "--reason", "无误")
    assert decided["appeals"][0]["state"] == "rejected"
    pay = done("pay", "M001", "--as", "M001", *PERIOD)
    assert (pay["label"], pay["coefficient"]) == ("estimate, not payroll", "1.2")
    over(prelim)
    assert done("lock", Q3, "--as", "H001")["moved"] == ["M001"]
    checked = done("adjustments", Q3, "--as", "H001", "--check")
    assert checked["checked"] == [{"manager": "M001", "holds": True}]
    assert done("adjustments", Q3, "--as", "H001")["adjustments"] == []


def test_later_facts_are_posted_where_a_later_period_is_open(prelim):
    for staff in ("L011", "R001"):
        prelim.json("appraisal", "move", "endorse", "--as", staff, "--of", "M001", *PERIOD)
    for action in ("proceed", "approve", "publish", "lock"):
        over(prelim)
        prelim.json("appraisal", "move", action, "--as", "H001", *PERIOD)
    run(prelim.database, Q3, [card("M001", Q3, 88)], name="later", as_of=branch.TODAY)
    words = ("appraisal", "adjustments", Q3, "--as", "H001", "--post", "--reason", "投诉认定")
    assert prelim.refused(*words).startswith("云小舟 没有在其之后仍开放的考核期")
    prelim.json("appraisal", "open", NEXT, "--as", "H001")
    found, code = prelim.json(*words)
    assert code == 0
    (one,) = found["adjustments"]
    assert (one["points"], one["posted_to"], one["version"]) == (-3.0, NEXT, 1)
    text = prelim.run("appraisal", "adjustments", Q3, "--as", "M001").stderr
    assert text == "云小舟 · 2025Q3 → 2025Q4 · -3 分 · 投诉认定\n"
    assert prelim.json("appraisal", "adjustments", Q3, "--as", "M002")[0]["adjustments"] == []


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("show", "M001", "--as", "M002", *PERIOD), "There is no such appraisal"),
        (("show", "M404", "--as", "H001", *PERIOD), "没有这份考核"),
        (("show", "M001", "--as", "H001", "--period", "2026Q2"), "没有这份考核"),
        (("show", "M001", "--as", "H001", "--period", "2026Q9"), "unknown period '2026Q9'"),
        (("open", Q3, "--as", "L001"), "没有这份考核"),
        (("publish", Q3, "--as", "H001"), "2025Q3 没有可以进行这一步的考核"),
        (("publish", Q3, "--as", "M001"), "没有这份考核"),
        (
            ("move", "proceed", "--as", "H001", "--of", "M001", *PERIOD),
            "现在不能进行这一步：考核处于“初评”",
        ),
        (
            ("adjust", "M001", "--as", "R001", *PERIOD, "--points=-11", "--reason", "x"),
            "这里的分值须在 -10 到 0 之间",
        ),
        (
            ("adjust", "M001", "--as", "R001", *PERIOD, "--points=-1", "--reason", " "),
            "请写明理由",
        ),
        (
            ("rate", "M001", "--as", "L011", *PERIOD, "--score", 90, "--reason", "x"),
            "没有这份考核",
        ),
        (("appeal", "R03", "--as", "M001", *PERIOD, "--claim", "x"), "现在不能进行这一步"),
        (("decide", "nothing", "upheld", "--as", "H001", "--reason", "x"), "没有这份考核"),
        (("pay", "M001", "--as", "M001", *PERIOD), "结果尚未发布"),
        (("advance", "--as", "M001"), "没有这份考核"),
        (("confirm", "M001", "pool", "--as", "H001", *PERIOD), "没有这份考核"),
        (("adjustments", Q3, "--as", "M001", "--check"), "没有这份考核"),
    ],
)
def test_what_is_refused_says_why_in_one_line(prelim, words, line):
    assert prelim.refused("appraisal", *words).startswith(line)


def test_what_cannot_be_understood_is_wrong_usage(prelim):
    words = ("adjust", "M001", "--as", "R001", *PERIOD, "--points=many", "--reason", "x")
    ran = prelim.run("appraisal", *words)
    assert (ran.exit_code, "is no number" in ran.stderr) == (2, True)
    ran = prelim.run("appraisal", "adjustments", Q3, "--as", "H001", "--post", "--check")
    assert (ran.exit_code, "give one of" in ran.stderr) == (2, True)


def test_the_list_and_the_page_are_for_people(prelim):
    table = prelim.run("appraisal", "list", Q3, "--as", "L011").stderr
    assert ("云小舟 M001" in table, "初评" in table, "91 分" in table) == (True, True, True)
    assert "M003" not in table
    page = prelim.run("appraisal", "show", "M001", "--as", "M001", *PERIOD).stderr
    assert "91 分 · 优秀" in page
    assert prelim.run("appraisal", "list", "2026", "--as", "M001").stderr == (
        "没有您可以查看的 2026 考核。\n"
    )


def test_what_waits_for_the_clock_is_moved_with_what_is_sent(staffed):
    staffed.run("appraisal", "open", Q3, "--as", "H001")
    staffed.run("appraisal", "move", "propose", "--as", "H001", *PERIOD)
    sign(staffed.database, "M001", year=2025)
    run(staffed.database, Q3, [card("M001", Q3, 91)])
    ran = staffed.run("remind", "--now", "2026-10-12T09:00+08:00", "--send")
    assert ran.exit_code == 0
    assert state(staffed) == "prelim"
    assert "您 2025Q3 的初评结果已生成" in ran.stderr
