"""Appraisals for tests: scorecards as a run would have stored them, and everybody's hands."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bank import models
from bank.days import number
from bank.people import find_staff
from bot.appeals import Appeals
from bot.cycle import Appraisals
from jobs.cycle import advance_when_due
from scoring.grades import NOT_GRADED, grade_of
from scoring.periods import Period
from scoring.scheme import default_scheme
from scoring.scorecard import DimensionScore, IndicatorScore, Scorecard, VetoNote
from scoring.versions import PRODUCTS_OWN
from tests.bot import branch

ZONE = ZoneInfo("Asia/Shanghai")
SCHEME = default_scheme()
Q3 = "2026Q3"
QUARTER_OVER = datetime(2026, 10, 9, 1, 30, tzinfo=UTC)
"""The first business day after the holidays that follow the third quarter."""


def card(manager, period, score, *, veto="", as_of=None, exposed=True, indicators=("R03",)):
    """A scorecard with a score, and indicators whose figures reach `as_of`."""
    wanted = Period.parse(period)
    reach = as_of or wanted.last
    value = None if score is None else Decimal(str(score))
    grade = NOT_GRADED
    if value is not None and exposed:
        grade = grade_of(SCHEME.grades, value)
    note = None
    if veto and grade != NOT_GRADED:
        incident = {
            "id": "I1", "code": veto, "event_day": str(wanted.first), "known_day": str(reach),
            "summary": "飞单", "clause": "sales-conduct-zh 第五条",
        }  # fmt: skip
        note = VetoNote(veto, (incident,), grade)
        order = [one.id for one in SCHEME.grades]
        grade = max(grade, SCHEME.vetoes[veto], key=order.index)
    rows = tuple(_indicator(one, value, reach) for one in indicators)
    dimension = DimensionScore("risk", Decimal(100), value, rows)
    return Scorecard(manager, period, reach, value, grade, note, (dimension,))


def _indicator(indicator, value, reach):
    scored = SCHEME.indicator(indicator)
    return IndicatorScore(
        indicator, "", scored.name, scored.unit, value, Decimal(95), None, value, Decimal(100),
        reach, "na" if value is None else "ok",
        {"clause": None, "note": "", "weight": {"scheme": 5, "carried": 100}},
    )  # fmt: skip


def run(database, period, cards, *, at=QUARTER_OVER, as_of=None, name="run"):
    """A stored run of some scorecards."""
    reach = as_of or Period.parse(period).last
    with database.write() as tx:
        tx.execute(
            insert(models.ScoreRun).values(
                id=f"{period}-{name}", period=period, as_of_day=number(reach), scheme=SCHEME.id,
                computed_at=at, plan_id=None, batch_id=None,
            )
        )  # fmt: skip
        for one in cards:
            tx.execute(
                insert(models.KpiResult).values(
                    run_id=f"{period}-{name}", manager_id=one.manager, scorecard=one.to_json(),
                    inputs_hash=f"{name}-{one.manager}",
                )
            )  # fmt: skip


def sign(database, *managers, year=2026):
    """Signed targets."""
    for manager in managers:
        branch.add(
            database, models.Target, manager_id=manager, indicator="P01", year=year, version=1,
            amount=1, signed_day=number(date(year, 1, 5)),
        )  # fmt: skip


class Course:
    """The desks over a bank, and a clock that people wait by."""

    def __init__(self, database, now=QUARTER_OVER, schemes=PRODUCTS_OWN):
        self.database = database
        self.schemes = schemes
        self.desk = Appraisals(database, ZONE, schemes)
        self.appeals = Appeals(database, ZONE, schemes)
        self.now = now

    def person(self, staff):
        with self.database.read() as tx:
            return find_staff(tx, staff)

    @property
    def on(self):
        return self.now.astimezone(ZONE).date()

    def later(self, days):
        """So many days later, the clock having looked."""
        self.now += timedelta(days=days)
        return self.tick()

    def tick(self):
        return advance_when_due(self.database, self.now, ZONE, self.schemes)

    def state(self, manager="M001", period=Q3):
        return self.show("H001", manager, period).record.state

    def show(self, staff, manager="M001", period=Q3):
        return self.desk.show(self.person(staff), period, manager, self.on)

    def mend(self, manager, score, period=Q3):
        """A minute later, scores are computed anew."""
        self.now += timedelta(minutes=1)
        run(
            self.database,
            period,
            [card(manager, period, score)],
            name=f"mended-{score}",
            at=self.now,
        )

    def act(self, staff, action, manager="M001", period=Q3, **more):
        return self.desk.act(self.person(staff), period, manager, action, now=self.now, **more)

    def endorse(self, staff, manager="M001", period=Q3):
        return self.desk.endorse(self.person(staff), period, manager, text="", now=self.now)

    def report(self, staff, points, manager="M001", period=Q3, reason="逾期两笔"):
        return self.desk.report(
            self.person(staff), period, manager, Decimal(points), reason=reason, now=self.now
        )

    def to_prelim(self, *managers, period=Q3):
        """Open, targets signed, and by the clock to a preliminary result."""
        sign(self.database, *managers)
        self.desk.open(self.person("H001"), period, self.now)
        for manager in managers:
            self.act("H001", "propose", manager, period)
        self.tick()

    def to_published(self, *managers, period=Q3):
        """On to publication, nobody saying anything but yes."""
        for manager in managers:
            lead = "L011" if manager in ("M001", "M002") else "L001"
            self.endorse(lead, manager, period)
            self.endorse("R001", manager, period)
        self.later(14)
        for action in ("approve", "publish"):
            self.desk.act_on_all(self.person("H001"), period, action, self.now)
