"""Where a score is heading and what would lift it, as a manager reads it on a phone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bank import models
from bank.days import number
from bank.people import find_staff
from bank.performance import score_period
from bot.desk import Desk
from bot.replies.appraisal import scorecard
from bot.replies.outlook import forecast_line, lever_line, outlook_nodes
from bot.replies.tree import Paragraph
from scoring.forecast import Forecast
from scoring.levers import Lever
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bot import branch

AS_OF, TODAY = date(2026, 11, 16), date(2026, 11, 17)
QUARTER, SCHEME = Period.parse("2026Q4"), default_scheme()
NAMES = {"C1": "Riverside Mill"}


def lever(kind, **more):
    told = Lever(
        kind, "R03", "C1", "C1", date(2026, 11, 20), 0, Decimal("0.592885"), Decimal("0.95"),
        Decimal("1.5"), Decimal("0.3754"), None, None,
    )  # fmt: skip
    return replace(told, **more)


def forecast(grades, low="78.2", high="86.4"):
    told = {grade: Decimal(chance) for grade, chance in grades.items()}
    return Forecast(Decimal(82), Decimal(low), Decimal(high), told, (), ())


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "By 31 Dec likely 78–86 points; good with 62%."),
        ("zh", "到12月31日预计 78–86 分，良好的可能性 62%。"),
    ],
)
def test_one_line_says_where_it_is_heading(lang, line):
    told = forecast({"good": "0.62", "competent": "0.38"})
    assert forecast_line(told, SCHEME, QUARTER.last, lang) == line


def test_without_a_grade_to_come_the_points_are_told_alone():
    told = forecast({"not_graded": "1"})
    assert forecast_line(told, SCHEME, QUARTER.last, "en") == "By 31 Dec likely 78–86 points."


LAKH = 85_000_000
LINES = [
    ({"kind": "warning"}, "Answer the warning on Riverside Mill by 20 Nov",
     "11月20日前答复Riverside Mill的预警"),
    ({"kind": "warning", "due_by": date(2026, 11, 9)},
     "Answer the warning on Riverside Mill, overdue since 9 Nov",
     "答复Riverside Mill的预警（11月9日已到期）"),
    ({"kind": "visit"}, "Visit Riverside Mill by 20 Nov", "11月20日前走访Riverside Mill"),
    ({"kind": "exam", "subject": "AML 2026", "client_id": ""}, "Take the exam “AML 2026” by 20 Nov",
     "11月20日前参加“AML 2026”考试"),
    ({"kind": "overdue", "amount": LAKH},
     "Collect CN¥850K overdue from Riverside Mill before 20 Nov, when the loan turns bad",
     "11月20日前收回Riverside Mill的逾期 ¥85万，否则贷款转为不良"),
    ({"kind": "renewal", "amount": LAKH}, "Renew Riverside Mill’s deposit of CN¥850K, due 20 Nov",
     "Riverside Mill的定期 ¥85万 于11月20日到期，争取续存"),
    ({"kind": "prospect", "amount": LAKH},
     "Riverside Mill is CN¥850K short of an effective client; by 20 Nov",
     "Riverside Mill距有效客户还差 ¥85万，11月20日前补足"),
    ({"kind": "prospect"}, "Riverside Mill is a little business short of an effective client; by 20 Nov",
     "Riverside Mill距有效客户还差少许业务，11月20日前补足"),
    ({"kind": "recovery", "amount": LAKH}, "Recover CN¥850K from Riverside Mill by 20 Nov",
     "11月20日前向Riverside Mill清收 ¥85万"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "en", "zh"), LINES)
def test_every_kind_says_what_by_when_for_how_much_and_how_long(what, en, zh):
    told = lever(**what)
    assert lever_line(told, NAMES, AS_OF, "en") == f"{en}: +0.59 points, about 1.5 h"
    assert lever_line(told, NAMES, AS_OF, "zh") == f"{zh}：+0.59 分，约 1.5 小时"


def test_what_brings_no_points_must_be_done_all_the_same():
    told = lever("warning", points=Decimal(0))
    assert lever_line(told, NAMES, AS_OF, "en").endswith(": must be done, about 1.5 h")
    assert lever_line(told, NAMES, AS_OF, "zh").endswith("：必须完成，约 1.5 小时")


def test_a_tiny_gain_does_not_read_as_none():
    told = lever("visit", points=Decimal("0.003"))
    assert ": +0.01 points" in lever_line(told, NAMES, AS_OF, "en")


@pytest.fixture
def desk(database):
    """M001 took an exam and owes three answers, and a visit to each of three clients."""
    branch.found(database)
    for at in range(3):
        branch.client(database, f"K{at}", "M001", name=f"Mill {at}")
        branch.warning(database, f"W{at}", f"K{at}", "M001")
    branch.add(
        database, models.TrainingResult, manager_id="M001", course="AML", attempt=1,
        due_day=number(AS_OF), taken_day=number(AS_OF), score=90,
    )  # fmt: skip
    score_period(database, QUARTER, AS_OF, datetime(2026, 11, 17, 1, tzinfo=UTC))
    return database


def standing(database, *, ahead):
    with database.read() as tx:
        person = find_staff(tx, "M001")
    desk = Desk(database, None, ZoneInfo("Asia/Shanghai"))
    return desk.kpi(person, "M001", QUARTER, TODAY, ahead=ahead)


def test_the_outlook_stands_between_the_score_and_its_reasons(desk):
    found = standing(desk, ahead=True)
    said = list(scorecard(found, Period.parse("2026"), "en").nodes)
    line, levers = outlook_nodes(found, "en")
    assert said.index(line) + 1 == said.index(levers)
    assert isinstance(levers, Paragraph)
    assert len(levers.lines) == 1 + 3  # its heading, and no more than three
    assert set(found.clients.values()) >= {"Mill 0", "Mill 1", "Mill 2"}


def test_where_nobody_asked_ahead_only_what_is_stored_is_read(desk):
    found = standing(desk, ahead=False)
    assert found.outlook is None
    assert found.card == standing(desk, ahead=True).card
    assert outlook_nodes(found, "en") == []
