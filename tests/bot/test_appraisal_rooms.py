"""The appraisal's windows and forms in Slack, without Slack: what opens, what is complained of."""

from dataclasses import replace
from datetime import date

import pytest

from bot.access import NotYoursError
from bot.desk import Desk
from bot.replies.appraisal import scorecard
from bot.replies.tree import Note
from bot.slack.course import CourseRooms
from scoring.periods import Period
from scoring.versions import Schemes
from tests.bot import branch
from tests.bot.course import Q3, SCHEME, ZONE, Course, card, run

OPEN = Schemes((replace(SCHEME, pay=replace(SCHEME.pay, in_slack=True)),))


def rooms(course):
    return CourseRooms(course.desk, course.appeals, ZONE).rooms()


def press(course, staff, deed, value):
    pressed = {"value": value, "response_url": ""}
    return rooms(course)[deed].pressed(course.person(staff), pressed, course.now)


def notes(dialog):
    return [node.text for node in dialog.nodes if isinstance(node, Note)]


@pytest.fixture
def begun(filled):
    def begin(**more):
        course = Course(filled("small bank", branch.found), **more)
        cards = [card("M001", Q3, 91, indicators=("R03", "P01a")), card("M002", Q3, 63)]
        run(course.database, Q3, cards)
        course.to_prelim("M001", "M002")
        return course

    return begin


def test_pay_is_not_in_slack_unless_the_scheme_says_so(begun):
    for schemes, shown in ((None, False), (OPEN, True)):
        course = begun(**({"schemes": schemes} if schemes else {}))
        assert notes(press(course, "M001", "course", f"{Q3}|M001")) == []
        course.to_published("M001")
        found = notes(press(course, "M001", "course", f"{Q3}|M001"))
        assert any("估算，非工资：当期" in one for one in found) is shown
        # Nobody but the manager is shown it here.
        assert not any(
            "当期" in one for one in notes(press(course, "L011", "course", f"{Q3}|M001"))
        )


def test_what_no_longer_waits_says_so(begun):
    course = begun()
    for staff, manager in (("L011", "M001"), ("L011", "M002"), ("R001", "M001"), ("R001", "M002")):
        course.endorse(staff, manager)
    assert press(course, "R001", "course_todo", f"confirm|{Q3}").startswith("这一项已经处理")
    assert press(course, "M001", "course_todo", f"confirm|{Q3}").startswith("这一项已经处理")
    with pytest.raises(NotYoursError):
        press(course, "R001", "course_report", Q3)


def test_hr_reports_the_clients_feedback_within_its_own_limits(begun):
    form = press(begun(), "H001", "course_report", Q3)
    assert [one.label for one in form.fields][1] == "分值，-3 到 3"


@pytest.mark.parametrize(
    ("deed", "values", "wrong"),
    [
        ("course_report", {"points": "-2.5", "reason": "逾期"}, set()),
        ("course_report", {"points": "lots", "reason": "逾期"}, {"points"}),
        ("course_report", {"points": "-2.505", "reason": "逾期"}, {"points"}),
        ("course_report", {"points": "-2.5", "reason": " "}, {"reason"}),
        ("course_rate", {"how": "yes", "score": "85", "reason": "x"}, set()),
        ("course_rate", {"how": "yes", "score": "", "reason": "x"}, {"score"}),
        ("course_rate", {"how": "yes", "score": "101", "reason": ""}, {"score", "reason"}),
        ("course_rate", {"how": "no", "score": "", "reason": "亲属"}, set()),
        ("course_decide", {"points": "", "reason": "x"}, set()),
        ("course_decide", {"points": "many", "reason": ""}, {"points", "reason"}),
        ("course_query", {"text": ""}, {"text"}),
        ("course_appeal", {"claim": " ", "evidence": ""}, {"claim"}),
        ("course_confirm", {"who": "*", "note": ""}, set()),
    ],
)
def test_what_is_wrong_with_a_form_is_said_at_its_field(filled, deed, values, wrong):
    course = Course(filled("small bank", branch.found))
    assert set(rooms(course)[deed].complaints(values, "zh")) == wrong


def test_nobody_rates_by_the_form_before_it_is_time(begun):
    course = begun()
    values = {"who": "M001", "how": "no", "score": "", "reason": "亲属"}
    form = {"keeps": '{"period": "2026Q3"}', "values": values}
    room = rooms(course)["course_rate"]
    with pytest.raises(NotYoursError):  # a quarter has no raters
        room.filled_in(course.person("L011"), form, course.now)


def test_the_home_tab_has_rows_for_whoever_has_a_part(begun):
    course = begun()
    waiting = course.desk.waiting(course.person("R001"), course.on)
    assert {(one.stage, one.record.period) for one, _ in waiting} == {("confirm", Q3)}
    assert [one.record.period for one in course.desk.own(course.person("M001"), course.on)] == [Q3]
    assert course.desk.own(course.person("L011"), course.on) == ()


def test_what_follows_stands_on_the_scorecard_too(begun):
    course = begun()
    course.to_published("M002")
    desk = Desk(course.database, None, ZONE)
    standing = desk.kpi(course.person("M002"), "M002", Period.parse(Q3), course.on)
    lines = notes(scorecard(standing, Period.parse("2026"), "en"))
    assert "Coefficient 0.8, commission 70% (estimate, not payroll)" in lines
    assert any(one.startswith("Training plan until 4 Dec") for one in lines)
    standing = desk.kpi(course.person("M001"), "M001", Period.parse(Q3), course.on)
    assert notes(scorecard(standing, Period.parse("2026"), "en")) == []


def test_clients_names_are_masked_for_others_where_the_bank_wants_it(begun):
    course = begun()
    branch.client(course.database, "K1", "M001")
    branch.warning(course.database, "W1", "K1", "M001")
    seen_by, on = date(2026, 11, 16), date(2026, 11, 17)
    run(course.database, "2026Q4", [card("M001", "2026Q4", 91, as_of=seen_by)], as_of=seen_by)
    period = Period.parse("2026Q4")
    for masked, seen in ((False, {"K1": "星河灯塔贸易"}), (True, {})):
        desk = Desk(course.database, None, ZONE, masked=masked)
        told = desk.kpi(course.person("L011"), "M001", period, on, ahead=True)
        assert told.clients == seen
        own = desk.kpi(course.person("M001"), "M001", period, on, ahead=True)
        assert own.clients == {"K1": "星河灯塔贸易"}
