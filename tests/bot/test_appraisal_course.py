"""The appraisal's course at the desk, from opening to the lock, and every way it can be refused."""

import pytest

from tests.bot import branch
from tests.bot.course import Q3, Course, card, run


@pytest.fixture
def course(filled):
    return Course(filled("small bank", branch.found))


@pytest.fixture
def prelim(course):
    run(course.database, Q3, [card("M001", Q3, 91), card("M002", Q3, 75), card("M003", Q3, 82)])
    course.to_prelim("M001", "M002", "M003")
    return course


def test_a_quarter_runs_by_the_clock_and_two_confirmations_to_its_lock(prelim):
    assert prelim.state() == "prelim"
    prelim.endorse("L011")
    assert prelim.state() == "prelim"
    prelim.endorse("R001")
    assert prelim.state() == "confirmed"

    prelim.later(14)
    assert prelim.state() == "calibration"
    prelim.act("H001", "approve")
    prelim.act("H001", "publish")
    assert prelim.show("M001").result.grade == "excellent"

    prelim.later(21)
    assert prelim.state() == "locked"
    taken = [(one.from_state, one.to_state, one.actor_id) for one in prelim.show("H001").steps]
    assert taken == [
        ("", "open", "H001"),
        ("open", "target_proposed", "H001"),
        ("target_proposed", "running", "daybook"),
        ("running", "data_freeze", "daybook"),
        ("data_freeze", "prelim", "daybook"),
        ("prelim", "confirmed", "R001"),
        ("confirmed", "calibration", "daybook"),
        ("calibration", "approved", "H001"),
        ("approved", "published", "H001"),
        ("published", "locked", "daybook"),
    ]
