"""How the demo's managers grow: courses, certificates, ideas, and what colleagues think."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from bank.demo.credit import DemoLoan
from bank.demo.people import COMPLIANCE_OFFICER, HR, RISK_OFFICER, Manager
from bank.demo.rows import Row, row_type
from bank.demo.scene import Dice, Scene
from bank.models.growth import PROPOSAL_STEPS
from scoring.periods import Period

_TRAINING, _CERTIFICATES = row_type("training"), row_type("certificates")
_PROPOSALS, _AUTHORS = row_type("proposals"), row_type("proposal_authors")
_STEPS = row_type("proposal_steps")
_COLLAB, _CREDIT_FILES = row_type("collab_ratings"), row_type("credit_files")

COURSES = (("产品知识", "product", 29), ("合规与反洗钱", "compliance", 43))
"""Every quarter's courses, due so many days after it began."""
PASSED = 70
"""Below it the exam is taken once more."""
MISSED = 0.02
BASIC, LASTING = "银行从业资格", 10_000
FURTHER = (
    ("AFP", 0.5, 730),
    ("CFP", 0.15, 730),
    ("FRM", 0.08, 730),
    ("基金从业资格", 0.6, LASTING),
)
"""Certificates, the part of the managers that hold them, and the days they are valid."""
PROPOSES = 0.5
TITLES = (
    "到期提醒随回单一并送达",
    "小微客户续贷材料清单一页化",
    "走访路线按片区合并",
    "代发客户首月关怀流程",
    "对公开户预审线上化",
)
OUTCOMES = (*("screened",) * 4, *("adopted",) * 2, "rolled_out", *("rejected",) * 3)
DECIDED_AFTER = 40
STEP_DAYS = 3
"""Calendar days between a proposal's steps: it is decided ten or more after it was handed in."""
RATERS = (RISK_OFFICER, COMPLIANCE_OFFICER, HR)
RETURNED = 0.5
"""Of the files of a manager without any care, the part that came back."""
REASONS = ("缺少购销合同原件", "财务报表未签章", "抵押物评估报告过期")


def rows(staff: tuple[Manager, ...], scene: Scene) -> Iterator[Row]:
    """What every manager learned, proposed, and was told by others."""
    for place, manager in enumerate(staff):
        yield from _training(manager, scene)
        chance = scene.dice("growth", manager.id)
        yield from _certificates(manager, scene, chance)
        yield from _proposal(manager, staff[(place + 5) % (len(staff) - 1)], scene, chance)
        yield from _collaboration(manager, scene, chance)


def credit_files(
    loans: Iterable[DemoLoan], staff: Mapping[str, Manager], scene: Scene, chance: Dice
) -> Iterator[Row]:
    """The files handed in for the companies' loans of the months shown."""
    for loan in loans:
        if not loan.size or loan.signed < scene.first + timedelta(days=21):
            continue
        submitted = scene.business_day_before(loan.signed - timedelta(days=chance.between(12, 20)))
        careless = 1 - staff[loan.originator].ways.diligence
        returned = chance.random() < careless * RETURNED
        yield _CREDIT_FILES(
            id=f"{loan.id}-K",
            manager_id=loan.originator,
            client_id=loan.client_id,
            submitted_date=submitted,
            returned_date=scene.business_days_after(submitted, 2) if returned else None,
            reason=chance.pick(REASONS) if returned else "",
        )


def _training(manager: Manager, scene: Scene) -> Iterator[Row]:
    chance = scene.dice("training", manager.id)
    quarter = Period.containing(scene.first)
    while quarter.first <= scene.on:
        for course, kind, days in COURSES:
            due = scene.business_day_before(quarter.first + timedelta(days=days))
            if manager.hired <= due < manager.left:
                yield from _attempts(manager, (f"{course} {quarter.id}", kind), due, scene, chance)
        quarter = quarter.following()


def _attempts(
    manager: Manager, course: tuple[str, str], due: date, scene: Scene, chance: Dice
) -> Iterator[Row]:
    """The attempts at a course until it is passed, two at the most; or that it was missed."""
    taken = scene.business_day_before(due - timedelta(days=chance.between(4, 15)))
    score = min(100, round(chance.gauss(manager.ways.exam, 5)))
    if taken > scene.on or taken < manager.hired or chance.random() < MISSED:
        yield _attempt(manager, course, due, 1, (None, None))
        return
    yield _attempt(manager, course, due, 1, (taken, score))
    again = scene.business_day(taken + timedelta(days=3))
    if score < PASSED and again <= scene.on:
        yield _attempt(manager, course, due, 2, (again, min(100, score + chance.between(2, 12))))


def _attempt(
    manager: Manager,
    course: tuple[str, str],
    due: date,
    number: int,
    result: tuple[date | None, int | None],
) -> Row:
    (name, kind), (taken, score) = course, result
    return _TRAINING(
        manager_id=manager.id,
        course=name,
        attempt=number,
        due_date=due,
        taken_date=taken,
        score=score,
        kind=kind,
    )


def _certificates(manager: Manager, scene: Scene, chance: Dice) -> Iterator[Row]:
    held = [(BASIC, LASTING)]
    held += [(name, days) for name, likely, days in FURTHER if chance.random() < likely]
    for name, days in held:
        start = manager.hired
        if days != LASTING:
            start = max(start, scene.on - timedelta(days=chance.between(30, days + 60)))
        yield _CERTIFICATES(
            manager_id=manager.id,
            name=name,
            from_date=start,
            to_date=None if days == LASTING else start + timedelta(days=days),
        )


def _proposal(manager: Manager, colleague: Manager, scene: Scene, chance: Dice) -> Iterator[Row]:
    """An idea of a manager, often with a colleague, and how far it came."""
    day = scene.business_day(scene.on - timedelta(days=chance.between(3, 280)))
    if chance.random() >= PROPOSES or not manager.hired <= day < manager.left:
        return
    decided = scene.business_day(day + timedelta(days=chance.between(10, DECIDED_AFTER)))
    known = decided <= scene.on
    name, state = f"T{manager.id[1:]}", "submitted"
    title = chance.pick(TITLES)
    if known:
        state = chance.pick(OUTCOMES)
    yield _PROPOSALS(
        id=name,
        title=title,
        date=day,
        state=state,
        decided_date=decided if known else None,
    )
    yield from _steps(name, state, decided, scene)
    others = chance.pick((0, 40, 50))
    if colleague.hired > day or colleague is manager:
        others = 0
    yield _AUTHORS(proposal_id=name, manager_id=manager.id, share_pct=100 - others)
    if others:
        yield _AUTHORS(proposal_id=name, manager_id=colleague.id, share_pct=others)


def _steps(proposal: str, state: str, decided: date, scene: Scene) -> Iterator[Row]:
    """The steps up to the state it reached on the day of the decision."""
    if state in PROPOSAL_STEPS:
        steps = PROPOSAL_STEPS[: PROPOSAL_STEPS.index(state) + 1]
        for back, step in zip(reversed(range(len(steps))), steps, strict=True):
            day = scene.business_day_before(decided - timedelta(days=back * STEP_DAYS))
            yield _STEPS(proposal_id=proposal, state=step, date=day)


def _collaboration(manager: Manager, scene: Scene, chance: Dice) -> Iterator[Row]:
    """What risk, compliance and staff thought of every quarter, in the first days after it."""
    quarter = Period.containing(scene.first)
    while (following := quarter.following()).first <= scene.on:
        if manager.hired <= quarter.first and quarter.last < manager.left:
            for rater in RATERS:
                day = scene.business_days_after(following.first, chance.between(1, 6))
                score = round(60 + 35 * manager.ways.diligence + chance.gauss(0, 5))
                if day <= scene.on:
                    yield _COLLAB(
                        manager_id=manager.id,
                        rater_id=rater,
                        quarter=quarter.id,
                        score=max(30, min(100, score)),
                        date=day,
                    )
        quarter = following
