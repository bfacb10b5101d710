"""Appraisals in SQL, on both engines: one of two at once is written, and nothing is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import func, insert, select, update

from bank.audit import Deed
from bank.calendar import load_calendar
from bank.cycle.appeals import AppealRecord, appeals, decide_appeal, find_appeal, raise_appeal
from bank.cycle.moves import Doing, House, move
from bank.cycle.records import (
    Change,
    Entry,
    appraisal_id,
    appraisals,
    change,
    entries,
    find_appraisal,
    newest,
    open_appraisals,
    open_queries,
    steps,
)
from bank.models import AppraisalStep, Audit, KpiResult, Staff
from bank.performance import latest_scorecard
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bot.branch import found
from tests.bot.course import Q3, Course, card, run, sign

NOW = datetime(2026, 10, 9, 1, 30, tzinfo=UTC)
TODAY = date(2026, 10, 9)
M001 = appraisal_id(Q3, "M001")


def deed(actor, name, after=0):
    return Deed(actor, name, TODAY, NOW + timedelta(minutes=after))


@pytest.fixture
def bank(filled):
    return filled("small bank", found)


@pytest.fixture
def begun(bank):
    with bank.write() as tx:
        open_appraisals(tx, Q3, ["M001", "M002"], "scheme", deed("H001", "open"))
    return bank


def record(bank, appraisal=M001):
    with bank.read() as tx:
        return find_appraisal(tx, appraisal)


def test_an_appraisal_is_begun_once(begun):
    with begun.write() as tx:
        again = open_appraisals(tx, Q3, ["M001", "M003"], "other", deed("H001", "open", 5))
    assert [one.manager_id for one in again] == ["M003"]

    with begun.read() as tx:
        held = appraisals(tx, period=Q3)
        assert [(one.manager_id, one.scheme, one.state) for one in held] == [
            ("M001", "scheme", "open"), ("M002", "scheme", "open"), ("M003", "other", "open"),
        ]  # fmt: skip
        assert [(one.from_state, one.to_state) for one in steps(tx, M001)] == [("", "open")]


def test_a_change_needs_the_turn_it_saw(begun):
    before = record(begun)
    after = replace(before, state="target_proposed")
    with begun.write() as tx:
        assert len(change(tx, [Change(before, after)], deed("H001", "propose"))) == 1
    with begun.write() as tx:
        assert change(tx, [Change(before, after)], deed("L011", "propose")) == ()

    assert (record(begun).state, record(begun).turn) == ("target_proposed", 2)
    with begun.read() as tx:
        taken = steps(tx, M001)
        logged = select(func.count()).where(Audit.deed == "propose")
        assert (len(taken), taken[-1].actor_id, tx.scalar(logged)) == (2, "H001", 1)


@pytest.mark.parametrize("threads", [2, 6])
def test_of_several_at_the_same_moment_one_transition_is_written(begun, threads):
    start = Barrier(threads)

    def propose(place):
        before = record(begun)
        start.wait()
        with begun.write() as tx:
            doing = Doing(deed(f"L01{place % 2}"[:4], "propose"), {M001: frozenset({"superior"})})
            house = House(default_scheme(), load_calendar(tx))
            return len(move(tx, [before], doing, house).moved)

    with ThreadPoolExecutor(threads) as pool:
        assert sum(pool.map(propose, range(threads))) == 1
    assert record(begun).state == "target_proposed"
    with begun.read() as tx:
        rows = select(func.count()).where(AppraisalStep.appraisal_id == M001)
        assert tx.scalar(rows) == 2


def test_two_confirmations_at_the_same_moment_confirm_once_and_lose_none(bank):
    run(bank, Q3, [card("M001", Q3, 91)])
    course = Course(bank)
    course.to_prelim("M001")
    start = Barrier(2)

    def endorse(staff):
        start.wait()
        return course.endorse(staff)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(endorse, ("L011", "R001")))
    assert course.state() == "confirmed"
    said = {one.kind for one in course.show("H001").entries}
    assert said == {"superior_confirmed", "risk_confirmed"}


def test_entries_are_only_added_and_the_newest_counts(begun):
    for place, points in enumerate(("-2", "-1.5")):
        entry = Entry("risk", "R001", NOW, TODAY, "逾期", Decimal(points))
        with begun.write() as tx:
            held = find_appraisal(tx, M001)
            assert change(tx, [Change(held, held, entry)], deed("R001", "report", place))
    with begun.read() as tx:
        said = entries(tx, [M001])[M001]
    assert [one.points for one in said] == [Decimal(-2), Decimal("-1.5")]
    assert newest(said, "risk").points == Decimal("-1.5")
    assert [one.turn for one in said] == [2, 3]


def test_a_query_is_open_until_its_answer(begun):
    asked = Entry("query", "M001", NOW, TODAY, "休假", after="R03", due_on=TODAY)
    with begun.write() as tx:
        held = find_appraisal(tx, M001)
        change(tx, [Change(held, held, asked)], deed("M001", "query"))
    with begun.write() as tx:
        (query,) = open_queries(entries(tx, [M001])[M001])
        held = find_appraisal(tx, M001)
        answer = Entry("answer", "L011", NOW, TODAY, "已剔除", refers=query.turn)
        change(tx, [Change(held, held, answer)], deed("L011", "answer"))
    with begun.read() as tx:
        assert open_queries(entries(tx, [M001])[M001]) == ()


def test_every_step_has_a_hash_of_what_it_carried(bank):
    run(bank, Q3, [card("M001", Q3, 91), card("M002", Q3, 91)])
    course = Course(bank)
    course.to_prelim("M001", "M002")
    hashes = [
        {one.to_state: one.payload_hash for one in course.show("H001", manager).steps}
        for manager in ("M001", "M002")
    ]
    assert all(len(one) == 64 for held in hashes for one in held.values())
    assert hashes[0]["prelim"] != hashes[1]["prelim"]


OBJECTION = AppealRecord(
    "a1", "M001", Q3, "R03", "休假", "open", TODAY, date(2026, 10, 23), "H001", evidence="假条"
)


def test_an_appeal_is_raised_once_an_item_and_decided_once(bank):
    with bank.write() as tx:
        assert raise_appeal(tx, OBJECTION, deed("M001", "appeal"))
        assert not raise_appeal(tx, replace(OBJECTION, id="a2"), deed("M001", "appeal"))
        assert appeals(tx, managers=["M001"], state="open") == (OBJECTION,)
    decided = replace(
        OBJECTION, state="upheld", decided_on=TODAY, reason="已核实", points=Decimal("1.25")
    )
    with bank.write() as tx:
        assert decide_appeal(tx, OBJECTION, decided, deed("H001", "decide"))
        later = replace(decided, state="rejected", reason="否")
        assert not decide_appeal(tx, OBJECTION, later, deed("C001", "decide"))
    with bank.read() as tx:
        assert find_appeal(tx, "a1") == decided
        assert find_appeal(tx, "a9") is None


def test_nobody_handles_their_own_appeal_also_past_the_desk(bank):
    with pytest.raises(Exception, match="two_people"), bank.write() as tx:
        raise_appeal(tx, replace(OBJECTION, handler_id="M001"), deed("M001", "appeal"))


@pytest.fixture
def locked(bank):
    """M001's third quarter, locked at 91; the fourth is open."""
    run(bank, Q3, [card("M001", Q3, 91)])
    course = Course(bank)
    course.to_prelim("M001")
    course.report("R001", "-0.5")
    course.to_published("M001")
    course.later(21)
    course.desk.open(course.person("H001"), "2026Q4", course.now)
    assert course.state() == "locked"
    return course


def held_up(course):
    (found,) = course.appeals.check(course.person("H001"), Q3, course.on)
    return found.holds


def test_a_locked_period_recomputes_to_its_saved_hash_whatever_came_later(locked):
    assert held_up(locked)
    run(locked.database, Q3, [card("M001", Q3, 70)], name="later", at=locked.now)
    with locked.database.write() as tx:
        tx.execute(update(Staff).where(Staff.id == "M001").values(unit_id="U12"))
    assert held_up(locked)
    assert locked.show("M001").result.score == Decimal("90.5")
    with locked.database.read() as tx:
        shown = latest_scorecard(tx, "M001", Period.parse(Q3), locked.on)
        assert (shown.run.id, shown.card.score) == (f"{Q3}-run", Decimal(91))

    # Who changes what it rests on is found out.
    with locked.database.write() as tx:
        tampered = card("M001", Q3, 99).to_json()
        row = update(KpiResult).where(KpiResult.run_id == f"{Q3}-run")
        tx.execute(row.values(scorecard=tampered))
    assert not held_up(locked)


def test_later_facts_become_an_adjustment_in_the_open_period_and_the_old_version_stays(locked):
    def post():
        officer = locked.person("H001")
        return locked.appeals.adjust(officer, Q3, "第三季度投诉于十月认定", locked.now)

    assert post() == ()
    run(locked.database, Q3, [card("M001", Q3, 88)], name="late", at=locked.now)
    (first,) = post()
    # 88 − 0.5 (the risk report still counts) is 87.5, against 90.5 as locked
    assert (first.version, first.points, first.posted_to) == (1, Decimal(-3), "2026Q4")
    assert first.from_hash == locked.show("H001").record.result_hash
    assert post() == ()
    assert locked.show("M001").result.score == Decimal("90.5")

    run(locked.database, Q3, [card("M001", Q3, 89)], name="later", at=locked.now + timedelta(1))
    locked.now += timedelta(1)
    (second,) = post()
    assert (second.version, second.points) == (2, Decimal(1))
    assert second.from_hash == first.to_hash

    # The open period carries both: 80 − 3 + 1 = 78.
    locked.now = datetime(2027, 1, 4, 2, tzinfo=UTC)
    run(locked.database, "2026Q4", [card("M001", "2026Q4", 80)], at=locked.now)
    locked.act("H001", "propose", period="2026Q4")
    locked.tick()
    result = locked.show("M001", period="2026Q4").result
    assert [(one.kind, one.points) for one in result.items] == [
        ("prior", Decimal(-3)), ("prior", Decimal(1)),
    ]  # fmt: skip
    assert (result.score, result.grade) == (Decimal(78), "competent")


def test_the_clock_moves_everybody_of_a_period(bank):
    people = [
        {
            "id": f"X{n:04}", "name": f"X{n:04}", "role": "manager", "unit_id": "U12", "lang": "zh",
            "slack_user_id": None, "hired_day": 1, "left_day": date.max.toordinal(),
        }
        for n in range(40)
    ]  # fmt: skip
    with bank.write() as tx:
        tx.execute(insert(Staff), people)
    managers = [one["id"] for one in people]
    run(bank, Q3, [card(manager, Q3, 80) for manager in managers])
    sign(bank, *managers)
    course = Course(bank)
    course.desk.open(course.person("H001"), Q3, course.now)
    course.desk.act_on_all(course.person("H001"), Q3, "propose", course.now)
    course.tick()
    with bank.read() as tx:
        assert len(appraisals(tx, period=Q3, states=["prelim"], managers=managers)) == 40
