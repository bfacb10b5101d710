"""What people judged of the demo's managers, and who objected: ratings and appeals."""

from collections.abc import Iterator
from datetime import date, timedelta

from bank.demo.people import BRANCH_SIZE, HR, RISK_OFFICER, Manager, lead_of
from bank.demo.rows import Row, row_type
from bank.demo.scene import DAY, Dice, Scene
from scoring.periods import Period

_RATINGS, _APPEALS = row_type("ratings"), row_type("appeals")

COMMENTS = {
    "superior": ("走访扎实，资料及时", "存款稳定，需加强小微覆盖", "协作主动，注意预警时效"),
    "risk": ("贷后检查规范", "材料偶有缺漏，已补正", "预警处置及时"),
    "client": ("", "", "服务细致"),
}
OBJECTIONS = (
    (8, "R03", "两条预警在休假期间送达，请求剔除", "upheld", "已核实休假记录，同意剔除"),
    (10, "C03a", "一次走访漏记，请求补计", "rejected", "超过三个工作日补记，不计入"),
)
"""A branch's managers who objected to an item of last quarter, and what came of it."""
AGAINST_INCIDENT = "对事件认定有异议：合同由客户提供，已履行核验程序"
DUE_DAYS = 10


def rows(staff: tuple[Manager, ...], scene: Scene) -> Iterator[Row]:
    """The ratings of the quarters that ended, and a branch's appeals."""
    for place, manager in enumerate(staff):
        chance = scene.dice("ratings", manager.id)
        quarter = Period.containing(scene.first)
        while (following := quarter.following()).first <= scene.on:
            if manager.hired <= quarter.first and quarter.last < manager.left:
                lead = lead_of(min(place, len(staff) - 2))
                yield from _ratings(manager, lead, quarter, scene, chance)
            quarter = following
    yield from _appeals(staff, scene)


def _ratings(
    manager: Manager, lead: str, quarter: Period, scene: Scene, chance: Dice
) -> Iterator[Row]:
    """By the lead, by the risk department, and by a panel of clients."""
    for kind, rater in (("superior", lead), ("risk", RISK_OFFICER), ("client", HR)):
        day = scene.business_days_after(quarter.following().first, chance.between(2, 8))
        score = round(58 + 36 * manager.ways.diligence + chance.gauss(0, 5))
        comment = chance.pick(COMMENTS[kind])
        if day <= scene.on:
            yield _RATINGS(
                id=f"Z{manager.id[1:]}-{quarter.id}-{kind}",
                manager_id=manager.id,
                period=quarter.id,
                kind=kind,
                rater_id=rater,
                score=max(30, min(100, score)),
                comment=comment,
                date=day,
            )


def _appeals(staff: tuple[Manager, ...], scene: Scene) -> Iterator[Row]:
    """One against the incident that caps a grade, still open, and those of last quarter."""
    now = Period.containing(scene.on)
    accused, incident = staff[(len(staff) - 1) // 3], f"I{scene.on.year}-001"
    raised = scene.business_day_before(scene.on - timedelta(days=5))
    yield _appeal(accused, now, (incident, raised, AGAINST_INCIDENT), None, scene)
    last = Period.containing(now.first - DAY)
    for branch in range(0, len(staff) - 1, BRANCH_SIZE):
        for place, item, claim, state, reason in OBJECTIONS:
            raised = scene.business_days_after(now.first, place)
            if branch + place < len(staff) - 2 and raised <= scene.on:
                manager = staff[branch + place]
                yield _appeal(manager, last, (item, raised, claim), (state, reason), scene)


def _appeal(
    manager: Manager,
    period: Period,
    objection: tuple[str, date, str],
    outcome: tuple[str, str] | None,
    scene: Scene,
) -> Row:
    item, day, claim = objection
    decided = scene.business_days_after(day, DUE_DAYS - 3)
    state, reason = outcome if outcome and decided <= scene.on else ("open", "")
    return _APPEALS(
        id=f"A{manager.id[1:]}-{period.id}",
        manager_id=manager.id,
        period=period.id,
        item=item,
        claim=claim,
        state=state,
        raised_date=day,
        due_date=scene.business_days_after(day, DUE_DAYS),
        handler_id=HR,
        decided_date=None if state == "open" else decided,
        reason=reason,
    )
