"""The appraisal's course at the desk, from opening to the lock, and every way it can be refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from bank.days import number
from bank.models import Audit, Outbox, Staff, TrainingResult
from bank.ratings import RatingEntry
from bot import ratings
from bot.access import NotYoursError
from bot.appeals import Objection, Ruling
from bot.errors import Refusal
from scoring.periods import Period
from scoring.versions import Schemes
from tests.bot import branch
from tests.bot.course import Q3, SCHEME, Course, card, run, sign

YEAR_OVER = datetime(2027, 1, 4, 2, tzinfo=UTC)


@pytest.fixture
def course(filled):
    return Course(filled("small bank", branch.found))


@pytest.fixture
def prelim(course):
    run(course.database, Q3, [card("M001", Q3, 91), card("M002", Q3, 75), card("M003", Q3, 82)])
    course.to_prelim("M001", "M002", "M003")
    return course


@pytest.fixture
def published(prelim):
    prelim.to_published("M001", "M002", "M003")
    return prelim


def told(course, *columns, kind="appraisal"):
    with course.database.read() as tx:
        found = select(*columns).where(Outbox.kind == kind).order_by(Outbox.key)
        return [tuple(row) for row in tx.execute(found)]


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


def test_the_clock_waits_for_signatures_for_the_periods_end_and_for_figures_that_reach_it(course):
    course.now = datetime(2026, 9, 29, 2, tzinfo=UTC)
    hr = course.person("H001")
    course.desk.open(hr, Q3, course.now)
    course.act("H001", "propose")
    course.tick()
    assert course.state() == "target_proposed"
    sign(course.database, "M001")
    course.later(1)
    assert course.state() == "running"
    course.later(9)
    assert course.state() == "data_freeze"

    # A run of before the quarter's end is none; of one that ends with it, R01 came late.
    run(course.database, Q3, [card("M001", Q3, 91, as_of=date(2026, 9, 29))],
        as_of=date(2026, 9, 29), name="early", at=course.now)  # fmt: skip
    late = card("M001", Q3, 91, indicators=("R03", "R01"), as_of=date(2026, 9, 28))
    run(course.database, Q3, [late], name="late", at=course.now)
    course.later(1)
    assert course.state() == "data_freeze"
    assert course.show("H001").late == ("R03", "R01")

    course.now += datetime(2026, 10, 12, 2, tzinfo=UTC) - datetime(2026, 10, 10, 2, tzinfo=UTC)
    run(course.database, Q3, [card("M001", Q3, 91)], name="whole", at=course.now)
    course.tick()
    assert course.state() == "prelim"


def test_reports_add_points_with_a_reason_within_their_limits(prelim):
    prelim.report("R001", "-2.5")
    view = prelim.report("H001", "1.25", reason="客户表扬")
    assert view.result.score == Decimal("89.75")  # 91 − 2.5 + 1.25
    assert view.result.grade == "good"
    prelim.report("R001", "-1")  # the newest of a side counts
    assert prelim.show("H001").result.score == Decimal("91.25")

    for staff, points in (("R001", "-10.5"), ("R001", "1"), ("H001", "3.5"), ("H001", "0.001")):
        with pytest.raises(Refusal, match=r"appraisal\.points"):
            prelim.report(staff, points)
    with pytest.raises(Refusal, match="reason_missing"):
        prelim.report("R001", "-1", reason=" \u200b")
    for staff in ("L011", "M001", "C001", "O001"):
        with pytest.raises(NotYoursError):
            prelim.report(staff, "-1")


def test_a_second_press_is_no_second_deed(prelim):
    for _ in range(3):
        prelim.endorse("L011")
    prelim.endorse("R001")
    for _ in range(3):
        prelim.endorse("R001")
        prelim.desk.acknowledge(prelim.person("M001"), Q3, prelim.now)
    prelim.later(14)
    for _ in range(3):
        prelim.act("H001", "approve")
    for _ in range(3):
        prelim.act("H001", "publish")

    view = prelim.show("H001")
    assert [one.kind for one in view.entries] == [
        "superior_confirmed", "risk_confirmed", "acknowledged",
    ]  # fmt: skip
    assert [one.to_state for one in view.steps].count("published") == 1
    # That it is preliminary three are told, that it is confirmed and published one.
    assert len(told(prelim, Outbox.key)) == 5
    with prelim.database.read() as tx:
        deeds = select(func.count()).where(
            Audit.deed.in_(["endorse", "approve", "publish"]), Audit.subject.like("appraisal:%")
        )
        assert tx.scalar(deeds) == 4


def test_only_their_lead_and_the_risk_department_confirm(prelim):
    for staff in ("L001", "H001", "M002", "C001", "M001"):
        with pytest.raises(NotYoursError):
            prelim.endorse(staff)
    with pytest.raises(NotYoursError):
        prelim.endorse("L011", "M404")


def test_a_question_about_a_figure_is_answered_before_anything_goes_on(prelim):
    manager = prelim.person("M001")
    view = prelim.desk.query(manager, Q3, "R03", text="两条在休假期间", now=prelim.now)
    again = prelim.desk.query(manager, Q3, "R03", text="两条在休假期间", now=prelim.now)
    assert [one.kind for one in again.entries] == ["query"]
    query = view.entries[-1]
    assert query.due_on == date(2026, 10, 13)  # three business days; Saturday the 10th is worked
    prelim.endorse("L011")
    prelim.endorse("R001")
    assert prelim.state() == "prelim"
    assert told(prelim, Outbox.recipient, kind="appraisal_todo")[-1:] == [("R001",)]

    lead = prelim.person("L011")
    with pytest.raises(Refusal, match="no_query"):
        prelim.desk.answer(lead, Q3, "M001", 99, text="好", now=prelim.now)
    prelim.desk.answer(lead, Q3, "M001", query.turn, text="已剔除", now=prelim.now)
    assert prelim.state() == "confirmed"
    with pytest.raises(NotYoursError):
        prelim.desk.query(prelim.person("M002"), "2026Q4", "R03", text="x", now=prelim.now)


def test_a_query_upheld_is_recomputed_from_the_newest_figures(prelim):
    prelim.mend("M001", 93)
    prelim.act("H001", "recompute")
    assert prelim.show("M001").result.score == Decimal(93)
    with pytest.raises(NotYoursError):
        prelim.act("L011", "recompute")


def confirmed(course, *managers):
    for manager in managers:
        course.endorse("L011" if manager != "M003" else "L001", manager)
        course.endorse("R001", manager)
    course.later(14)


def test_the_committee_moves_a_grade_and_somebody_else_approves(prelim):
    confirmed(prelim, "M001", "M002")
    head, officer = prelim.person("L001"), prelim.person("H001")
    view = prelim.desk.calibrate(officer, Q3, "M002", "good", reason="任务重", now=prelim.now)
    moved = view.entries[-1]
    assert (moved.before, moved.after, moved.text) == ("competent", "good", "任务重")
    assert (view.result.grade_by_score, view.result.grade) == ("competent", "good")

    with pytest.raises(Refusal, match="needs_others_move"):
        prelim.act("H001", "approve", "M002")
    with pytest.raises(Refusal, match="no_grade"):
        prelim.desk.calibrate(officer, Q3, "M002", "superb", reason="x", now=prelim.now)
    with pytest.raises(NotYoursError):
        prelim.desk.calibrate(prelim.person("L011"), Q3, "M002", "good", reason="x", now=prelim.now)
    done = prelim.desk.act_on_all(officer, Q3, "approve", prelim.now)
    assert [one.manager_id for one in done.moved] == ["M001"]
    assert [(one.manager_id, why) for one, why in done.refused] == [("M002", "others_move")]
    prelim.desk.act(head, Q3, "M002", "approve", now=prelim.now)
    assert prelim.state("M002") == "approved"


def test_a_quota_holds_back_approval_until_it_is_kept(filled):
    scheme = replace(SCHEME, cycle=replace(SCHEME.cycle, quotas={"excellent": 30}))
    course = Course(filled("small bank", branch.found), schemes=Schemes((scheme,)))
    run(course.database, Q3, [card("M001", Q3, 91), card("M002", Q3, 95)])
    course.to_prelim("M001", "M002")
    confirmed(course, "M001", "M002")
    head = course.person("L001")
    with pytest.raises(Refusal, match="needs_in_quota"):
        course.desk.act(head, Q3, "M001", "approve", now=course.now)
    course.desk.calibrate(course.person("H001"), Q3, "M001", "good", reason="配额", now=course.now)
    course.desk.act(head, Q3, "M001", "approve", now=course.now)


def test_no_move_lifts_a_vetos_cap_and_it_is_told_what_it_would_have_been(course):
    run(course.database, Q3, [card("M001", Q3, 95, veto="V1")])
    course.to_prelim("M001")
    confirmed(course, "M001")
    officer = course.person("H001")
    view = course.desk.calibrate(officer, Q3, "M001", "excellent", reason="x", now=course.now)
    assert (view.result.moved, view.result.grade) == ("excellent", "needs_improvement")


def test_each_manager_is_told_alone_and_sees_their_own(published):
    personal = told(published, Outbox.recipient, Outbox.disclosure, Outbox.payload)
    news = [
        (recipient, disclosure)
        for recipient, disclosure, payload in personal
        if payload["news"] == "published"
    ]
    assert sorted(news) == [(manager, "personal") for manager in ("M001", "M002", "M003")]
    assert published.show("M001").result.score == Decimal(91)
    for staff in ("M002", "M003"):
        with pytest.raises(NotYoursError):
            published.show(staff)
    # R001 saw figures while the risk department confirmed them, and does no more.
    assert published.show("R001").result is None
    assert published.show("C001").result is None
    assert published.show("L001").result.score == Decimal(91)
    listed = published.desk.list(published.person("L011"), Q3, published.on)
    assert [one.manager.id for one in listed] == ["M001", "M002", "M009"]
    mine = published.desk.list(published.person("M001"), Q3, published.on)
    assert [one.manager.id for one in mine] == ["M001"]


def test_what_the_committee_is_at_the_manager_hears_when_it_is_published(prelim):
    confirmed(prelim, "M001")
    officer = prelim.person("H001")
    prelim.desk.calibrate(officer, Q3, "M001", "good", reason="配额", now=prelim.now)
    view = prelim.show("M001")
    assert view.result is None
    assert "grade" not in {one.kind for one in view.entries}
    prelim.desk.act(prelim.person("L001"), Q3, "M001", "approve", now=prelim.now)
    prelim.act("H001", "publish")
    assert [one.text for one in prelim.show("M001").entries if one.kind == "grade"] == ["配额"]


def objection(item="R03"):
    return Objection(item, "两条在休假期间", "假条")


def decide(course, staff, appeal, *, upheld=True, points="0", reason="已核实"):
    ruling = Ruling(upheld, reason, Decimal(points))
    return course.appeals.decide(course.person(staff), appeal, ruling, course.now)


def test_an_appeal_goes_to_somebody_who_had_no_part_in_the_result(published):
    view = published.appeals.object(published.person("M002"), Q3, objection(), published.now)
    (appeal,) = view.appeals
    assert (view.record.state, appeal.handler_id) == ("appeal", "H001")
    assert appeal.due_on == date(2026, 11, 6)  # ten business days from Friday 23 October

    for staff in ("L011", "R001", "M002", "O001"):
        with pytest.raises((NotYoursError, Refusal)):
            decide(published, staff, appeal.id)
    assert published.show("M002", "M002").appeals[0].state == "open"


def test_whoever_moved_the_grade_or_reported_does_not_handle_the_appeal(prelim):
    prelim.report("H001", "1")  # the clients' feedback
    prelim.to_published("M001")
    view = prelim.appeals.object(prelim.person("M001"), Q3, objection(), prelim.now)
    (appeal,) = view.appeals
    assert appeal.handler_id == "C001"
    with pytest.raises(Refusal, match="needs_no_rater"):
        decide(prelim, "H001", appeal.id)
    # Somebody from compliance who handles it may see what it is about.
    assert prelim.show("C001").result is not None
    assert prelim.show("C002").result is None
    assert decide(prelim, "C001", appeal.id).appeals[0].state == "upheld"


def test_an_appeal_that_is_upheld_is_recomputed_and_changes_what_follows(published):
    view = published.appeals.object(published.person("M002"), Q3, objection(), published.now)
    (appeal,) = view.appeals
    published.mend("M002", 78)
    decided = decide(published, "H001", appeal.id, points="2.5")
    # 78 by the newest figures, and 2.5 that the figures alone do not give
    assert (decided.result.score, decided.result.grade) == (Decimal("80.5"), "good")
    assert [one.facts["grade"] for one in decided.follows] == ["good"]

    again = decide(published, "H001", appeal.id, points="2.5")
    assert again.result.score == Decimal("80.5")
    with pytest.raises(Refusal, match="decided_first"):
        decide(published, "C001", appeal.id)
    news = [payload["news"] for (payload,) in told(published, Outbox.payload)]
    assert news.count("decided") == 1

    published.later(21)
    assert published.state("M002") == "locked"


def test_an_appeal_that_is_rejected_changes_nothing_and_the_lock_waits_for_it(published):
    before = published.show("H001", "M002").result
    view = published.appeals.object(published.person("M002"), Q3, objection(), published.now)
    published.later(21)
    assert (published.state("M002"), published.state("M001")) == ("appeal", "locked")
    decide(published, "H001", view.appeals[0].id, upheld=False, reason="三日内未补记")
    assert published.show("H001", "M002").result == before
    published.later(1)
    assert published.state("M002") == "locked"


def test_what_cannot_be_appealed(published):
    manager = published.person("M001")

    def refused(item="R03", claim="x"):
        with pytest.raises(Refusal) as caught:
            published.appeals.object(manager, Q3, Objection(item, claim), published.now)
        return caught.value.key

    assert refused(item="P99") == "appraisal.no_item"
    assert refused(claim=" ") == "appraisal.claim_missing"
    assert refused(claim="x" * 1001) == "appraisal.long"
    published.later(21)
    assert refused() == "appraisal.wrong_state"
    with pytest.raises(Refusal, match="appraisal"):
        decide(published, "H001", "nothing", points="99")
    with pytest.raises(NotYoursError):
        decide(published, "H001", "nothing")


def test_after_the_window_nobody_appeals_even_before_the_clock_has_looked(published):
    published.now += YEAR_OVER - datetime(2026, 12, 4, 2, tzinfo=UTC)
    with pytest.raises(Refusal, match="needs_window_open"):
        published.appeals.object(published.person("M001"), Q3, objection(), published.now)


def test_a_poor_grade_brings_a_training_plan_that_is_called_to_mind_and_ends(prelim):
    prelim.mend("M002", 63)
    prelim.act("H001", "recompute", "M002")
    prelim.to_published("M002")
    plan = next(one for one in prelim.show("M002", "M002").follows if one.kind == "training")
    # Thirty business days after Friday 23 October
    assert (plan.due_on, plan.owner_id) == (date(2026, 12, 4), "L011")
    assert plan.facts["reminders"] == {"10": "2026-11-20", "3": "2026-12-01", "1": "2026-12-03"}
    with prelim.database.read() as tx:
        owed = tx.execute(select(TrainingResult.course, TrainingResult.kind)).all()
    assert sorted(owed) == [("产品回炉 2026Q3", "product"), ("合规回炉 2026Q3", "compliance")]

    for _ in range(42):
        prelim.later(1)
    stages = [one["stage"] for (one,) in told(prelim, Outbox.payload, kind="training")]
    assert sorted(stages) == ["1", "10", "3", "given"]
    with prelim.database.write() as tx:
        taken = number(date(2026, 12, 3))
        tx.execute(update(TrainingResult).values(taken_day=taken, score=85))
    prelim.later(1)
    plan = next(one for one in prelim.show("M002", "M002").follows if one.kind == "training")
    assert plan.state == "done"


def test_a_training_plan_that_is_not_met_goes_to_the_superior(prelim):
    prelim.mend("M002", 63)
    prelim.act("H001", "recompute", "M002")
    prelim.to_published("M002")
    prelim.later(45)
    plan = next(one for one in prelim.show("M002", "M002").follows if one.kind == "training")
    assert plan.state == "unmet"
    found = told(prelim, Outbox.recipient, Outbox.payload, kind="training")
    assert ("L011", "unmet") in [(who, facts["stage"]) for who, facts in found]


def test_two_excellent_quarters_over_the_years_end_open_the_pool_once_hr_confirms(published):
    course = published
    course.later(21)
    course.now = YEAR_OVER
    # Not graded in the fourth: it pauses.
    run(course.database, "2026Q4", [card("M001", "2026Q4", 95, exposed=False)], at=course.now)
    sign(course.database, "M001", year=2027)
    hr = course.person("H001")
    for period, moment in (("2026Q4", YEAR_OVER), ("2027Q1", datetime(2027, 4, 1, 2, tzinfo=UTC))):
        course.now = moment
        if period == "2027Q1":
            run(course.database, period, [card("M001", period, 92)], at=course.now)
        course.desk.open(hr, period, course.now)
        course.act("H001", "propose", period=period)
        course.tick()
        course.to_published("M001", period=period)
    assert [one.kind for one in course.show("M001", period="2026Q4").follows] == []
    pool = next(one for one in course.show("M001", period="2027Q1").follows if one.kind == "pool")
    assert (pool.state, pool.facts["quarters"]) == ("open", ["2026Q3", "2027Q1"])
    with pytest.raises(NotYoursError):
        course.appeals.confirm(course.person("L011"), "2027Q1", "M001", "pool", course.now)
    done = course.appeals.confirm(hr, "2027Q1", "M001", "pool", course.now)
    assert (done.state, done.decided_by) == ("done", "H001")


def test_pay_is_an_estimate_for_the_manager_and_hr_alone(prelim):
    manager = prelim.person("M001")
    with pytest.raises(Refusal, match="unpublished"):
        prelim.appeals.pay(manager, Q3, "M001", prelim.on)
    prelim.to_published("M001")
    found = prelim.appeals.pay(manager, Q3, "M001", prelim.on)
    assert found.to_json()["label"] == "estimate, not payroll"
    assert found.coefficient == Decimal("1.2")
    for staff in ("L011", "L001", "R001", "C001"):
        with pytest.raises(NotYoursError):
            prelim.appeals.pay(prelim.person(staff), Q3, "M001", prelim.on)


@pytest.fixture
def rating(course):
    """M001's and M002's year, as it is being rated."""
    course.now = YEAR_OVER
    run(course.database, "2026", [card("M001", "2026", 86), card("M002", "2026", 75)])
    course.to_prelim("M001", "M002", period="2026")
    for manager in ("M001", "M002"):
        course.endorse("L011", manager, "2026")
        course.endorse("R001", manager, "2026")
    course.later(14)
    assert course.state(period="2026") == "rating"
    return course


def rate(course, staff, score, manager="M001"):
    return course.desk.rate(
        course.person(staff), "2026", manager, score, comment="稳健", now=course.now
    )


def test_a_year_is_rated_by_both_sides_and_waits_for_the_time_or_for_everybody(rating):
    rate(rating, "L011", 90)
    rating.later(1)
    assert rating.state(period="2026") == "rating"
    rate(rating, "R001", 80)
    rating.later(1)
    assert rating.state(period="2026") == "rating"  # the clients' panel may still come
    rating.later(21)
    assert rating.state(period="2026") == "calibration"
    assert rating.state("M002", period="2026") == "rating"  # nobody has rated: that must be
    result = rating.show("H001", period="2026").result
    # No quarters: 86. Raters: 90 × 62.5 % + 80 × 37.5 % = 86.25. 86 × 0.7 + 86.25 × 0.3 = 86.075
    assert (result.rated, result.score) == (Decimal("86.25"), Decimal("86.075"))
    assert [one.kind for one in result.views if one.score is None] == ["client"]

    # Ratings are closed: what is said later changes nothing.
    with pytest.raises(Refusal, match="wrong_state"):
        rate(rating, "L011", 10)


def test_with_the_panel_of_clients_everybody_is_there_and_it_goes_on(rating):
    branch.client(rating.database, "K1", "M001")
    branch.client(rating.database, "K2", "M001", name="云外旧事")
    branch.client(rating.database, "K3", "M002")
    officer = rating.person("H001")
    panel = rating.desk.panel(officer, "2026", "M001", rating.on)
    assert sorted(client for client, _ in panel) == ["K1", "K2"]
    assert panel == rating.desk.panel(officer, "2026", "M001", rating.on)
    for staff in ("M001", "L011", "R001"):
        with pytest.raises(NotYoursError):
            rating.desk.panel(rating.person(staff), "2026", "M001", rating.on)

    for staff, score in (("L011", 90), ("R001", 80), ("H001", 70)):
        rate(rating, staff, score)
    rating.later(1)
    assert rating.state(period="2026") == "calibration"
    # 90 × 50 % + 80 × 30 % + 70 × 20 % = 83
    assert rating.show("H001", period="2026").result.rated == Decimal(83)


def test_who_stands_aside_does_not_count_and_another_rates(rating):
    lead = rating.person("L011")
    rating.desk.note(lead, "2026", "M001", "abstain", text="亲属", now=rating.now)
    with pytest.raises(Refusal, match="abstained"):
        rate(rating, "L011", 90)
    assert "abstain" not in {one.kind for one in rating.show("M001", period="2026").entries}
    rate(rating, "R001", 80)
    rate(rating, "L001", 85)  # the head, in the superior's place
    rating.later(21)
    assert rating.state(period="2026") == "calibration"


def test_what_cannot_be_rated(rating):
    for staff in ("M002", "C001", "O001"):
        with pytest.raises(NotYoursError):
            rate(rating, staff, 90)
    with pytest.raises(Refusal, match=r"rate\.score"):
        rate(rating, "L011", 101)
    rating.desk.open(rating.person("H001"), "2027", rating.now)
    lead = rating.person("L011")
    with pytest.raises(Refusal, match="wrong_state"):
        rating.desk.rate(lead, "2027", "M001", 90, comment="x", now=rating.now)
    # Nor by the older way, once the ratings are closed.
    rate(rating, "L011", 90)
    rate(rating, "R001", 80)
    rating.later(21)
    told = RatingEntry("M001", "2026", "superior", "L011", 10, "改")
    with pytest.raises(Refusal, match="closed"):
        ratings.rate(rating.database, lead, told, rating.on, rating.now)


def test_who_must_act_is_asked_once_a_day_and_again_when_it_is_late(prelim):
    def asked():
        found = told(prelim, Outbox.recipient, Outbox.payload, kind="appraisal_todo")
        return [(who, facts["stage"]) for who, facts in found]

    assert asked() == [("L001", "confirm"), ("L011", "confirm"), ("R001", "confirm")]
    prelim.later(1)
    assert len(asked()) == 3
    # Saturday 10 October is worked: the fifth business day is Thursday the 15th.
    prelim.now = datetime(2026, 10, 15, 2, tzinfo=UTC)
    prelim.tick()
    assert len(asked()) == 6
    waiting = prelim.desk.waiting(prelim.person("R001"), prelim.on)
    assert [(one.stage, who.id) for one, who in waiting] == [
        ("confirm", "M001"), ("confirm", "M002"), ("confirm", "M003"),
    ]  # fmt: skip
    assert prelim.desk.waiting(prelim.person("M001"), prelim.on) == ()


def test_who_has_left_is_not_begun_and_a_unit_can_be_begun_alone(course):
    hr = course.person("H001")
    assert course.desk.open(hr, "2026Q4", course.now, "U12") == 1
    assert course.desk.open(hr, "2026Q4", course.now) == 3  # M009 works until 15 November
    with pytest.raises(NotYoursError):
        course.desk.open(course.person("L001"), Q3, course.now)
    with course.database.write() as tx:
        tx.execute(update(Staff).where(Staff.id == "H001").values(left_day=number(course.on)))
    with pytest.raises(NotYoursError):
        course.desk.open(course.person("H001"), Q3, course.now)


def test_periods_are_quarters_and_years():
    assert [Period.parse(text).id for text in ("2026q3", "2026")] == ["2026Q3", "2026"]
