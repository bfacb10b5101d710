"""The appraisal's clock: looked at when something changed, and messages that no longer hold."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update

from bank import outbox
from bank.days import number
from bank.models import ImportBatch, Outbox, ScheduleFire, Staff
from jobs.standing import leaves_at, still_holds
from tests.bot.branch import found
from tests.bot.course import Q3, ZONE, Course, card, run, sign


@pytest.fixture
def course(filled):
    return Course(filled("small bank", found))


@pytest.fixture
def prelim(course):
    run(course.database, Q3, [card("M001", Q3, 91)])
    course.to_prelim("M001")
    return course


def owed(course):
    """What is due now, by kind and recipient."""
    items = outbox.claim(course.database, course.now, timedelta(minutes=5), limit=50)
    return {(item.kind, item.recipient): item for item in items}


def holds(course, item):
    with course.database.read() as tx:
        return still_holds(tx, item, course.now, ZONE)


def test_what_waits_is_asked_while_it_waits(prelim):
    items = owed(prelim)
    asked = items["appraisal_todo", "L011"]
    assert holds(prelim, asked) == {"period": Q3, "stage": "confirm"}
    prelim.endorse("L011")
    assert holds(prelim, asked) is None
    assert holds(prelim, items["appraisal_todo", "R001"]) is not None


def test_who_has_left_is_told_nothing(prelim):
    news = owed(prelim)["appraisal", "M001"]
    assert holds(prelim, news)["news"] == "prelim"
    with prelim.database.write() as tx:
        gone = update(Staff).where(Staff.id == "M001")
        tx.execute(gone.values(left_day=number(prelim.on)))
    assert holds(prelim, news) is None


def test_nobody_is_told_at_night(prelim):
    news = owed(prelim)["appraisal", "M001"]
    night = datetime(2026, 10, 9, 14, tzinfo=UTC)
    with prelim.database.read() as tx:
        # Friday at ten in the evening; Saturday the 10th makes up for the holidays.
        assert leaves_at(tx, news, night, ZONE) == datetime(2026, 10, 10, 0, tzinfo=UTC)


def test_a_training_plan_is_called_to_mind_only_while_it_is_open(course):
    run(course.database, Q3, [card("M002", Q3, 63)])
    course.to_prelim("M002")
    course.to_published("M002")
    given = owed(course)["training", "M002"]
    assert holds(course, given) is not None
    course.appeals.confirm(course.person("H001"), Q3, "M002", "training", course.now)
    assert holds(course, given) is None


def test_the_clock_looks_in_the_morning_after_an_import_and_after_scores(course):
    def fires():
        with course.database.read() as tx:
            return tx.scalar(select(func.count()).select_from(ScheduleFire))

    course.tick()
    looked = fires()
    course.now += timedelta(hours=1)
    course.tick()
    assert fires() == looked  # nothing happened: nothing is looked at
    run(course.database, Q3, [card("M001", Q3, 91)], at=course.now)
    course.tick()
    assert fires() == looked + 1
    batch = {
        "source": "core", "business_day": number(course.on), "batch": 2, "digest": "", "rows": 1,
        "imported_at": course.now + timedelta(hours=1),
    }  # fmt: skip
    with course.database.write() as tx:
        tx.execute(insert(ImportBatch), batch)
    course.now += timedelta(hours=2)
    course.tick()
    course.later(1)
    assert fires() >= looked + 2


def test_two_replicas_move_and_tell_once(prelim):
    sign(prelim.database, "M002")
    other = Course(prelim.database)
    other.tick()
    prelim.tick()
    with prelim.database.read() as tx:
        count = select(func.count()).where(Outbox.kind == "appraisal")
        assert tx.scalar(count) == 1
