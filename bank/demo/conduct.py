"""What went wrong at the demo bank, or was looked at: incidents, complaints, checks."""

from collections.abc import Iterator
from datetime import date, timedelta

from bank.demo.clients import DemoClient
from bank.demo.people import BRANCH_SIZE, RISK_OFFICER, Manager, lead_of
from bank.demo.rows import Row, flag, row_type
from bank.demo.scene import DAY, Dice, Scene
from scoring.periods import Period

_INCIDENTS, _COMPLAINTS, _CHECKS = map(row_type, ("incidents", "complaints", "checks"))

FORGED = ("V1", "凭客户提供的虚假购销合同发放贷款", "authenticity 第二十条")
PRIVATE_SALE = ("V1", "被举报向客户私下推介非本行理财产品", "sales-conduct-zh 第四条")
OFTEN = 40
"""In a big bank one manager in so many has an incident."""
COMPLAINS = 0.012
"""The part of the clients that complained in the year."""
SUMMARIES = {
    "zh": ("称等候过久", "称产品风险提示不足", "称电话打扰过多", "称贷款审批进度未告知"),
    "en": ("waited too long", "felt the risk was not explained", "called too often"),
}
MAJOR, UPHELD, TWICE = 0.15, 0.4, 0.1
DECIDED_AFTER = (15, 55)
"""Days from a complaint to its decision: many are decided in the next quarter."""
CHECKED_A_QUARTER = 4
SEVERITIES = ("minor", "minor", "minor", "minor", "major", "major", "major", "major", "critical")
CHECKED = (
    ("sales", "双录资料", "sales-conduct-zh"),
    ("sales", "风险等级匹配", "sales-conduct-zh"),
    ("documents", "贷款用途凭证", "authenticity"),
    ("documents", "客户身份资料更新", "authenticity"),
    ("aml", "大额交易尽职调查", "反洗钱操作规程"),
    ("credit", "贷后检查报告", "贷后管理办法"),
)
RECHECKED_AFTER, PUT_RIGHT = 10, 0.9


def rows(staff: tuple[Manager, ...], scene: Scene) -> Iterator[Row]:
    """The incidents, and every manager's checks."""
    yield from _incidents(staff, scene)
    for manager in staff:
        yield from _checks(manager, scene)


def complaints(client: DemoClient, scene: Scene, chance: Dice) -> Iterator[Row]:
    """A client's complaint, decided some weeks later; now and then it was made twice."""
    if chance.random() >= COMPLAINS:
        return
    start, last = max(scene.first, client.opened), min(scene.on, client.closed - DAY)
    if (last - start).days < RECHECKED_AFTER:
        return
    received = scene.business_day(start + timedelta(days=chance.below((last - start).days)))
    received = min(received, last)
    decided = scene.business_day(received + timedelta(days=chance.between(*DECIDED_AFTER)))
    manager, known = client.manager_on(received), decided <= scene.on
    outcome = "upheld" if chance.random() < UPHELD else "rejected"
    complaint = {
        "client_id": client.id,
        "manager_id": manager.id,
        "severity": "major" if chance.random() < MAJOR else "minor",
        "summary": chance.pick(SUMMARIES[manager.lang]),
    }
    first = f"{client.id}-B1"
    yield _COMPLAINTS(
        id=first,
        received_date=received,
        state=outcome if known else "pending",
        decided_date=decided if known else None,
        duplicate_of=None,
        **complaint,
    )
    again = scene.business_days_after(received, 2)
    if chance.random() < TWICE and again <= last:
        sorted_out = scene.business_days_after(again, 1)
        known = sorted_out <= scene.on
        yield _COMPLAINTS(
            id=f"{client.id}-B2",
            received_date=again,
            state="duplicate" if known else "pending",
            decided_date=sorted_out if known else None,
            duplicate_of=first if known else None,
            **complaint,
        )


def _incidents(staff: tuple[Manager, ...], scene: Scene) -> Iterator[Row]:
    """One incident that is confirmed and caps a grade, one only reported; more in a big bank."""
    third = (len(staff) - 1) // 3
    cases = [(third, "confirmed", FORGED), (2 * third, "reported", PRIVATE_SALE)]
    states = ("dismissed", "confirmed", "reported")
    for at, place in enumerate(range(BRANCH_SIZE, len(staff) - 1, OFTEN)):
        if place not in (third, 2 * third):
            cases.append((place, states[at % 3], FORGED if at % 2 else PRIVATE_SALE))
    happened = scene.business_day(
        max(Period.containing(scene.on).first, scene.on - timedelta(days=38))
    )
    known = min(scene.business_day(happened + timedelta(days=12)), scene.on)
    decided = min(scene.business_day(known + timedelta(days=6)), scene.on)
    for number, (place, state, (veto, summary, policy)) in enumerate(cases, start=1):
        yield _INCIDENTS(
            id=f"I{scene.on.year}-{number:03}",
            manager_id=staff[place].id,
            veto=veto,
            event_date=min(happened, scene.on),
            known_date=known,
            state=state,
            reported_by=lead_of(place),
            confirmed_by=RISK_OFFICER if state == "confirmed" else None,
            summary=summary,
            policy=policy,
            decided_date=None if state == "reported" else decided,
        )


def _checks(manager: Manager, scene: Scene) -> Iterator[Row]:
    """A few items of every quarter; what failed is looked at again."""
    chance = scene.dice("checks", manager.id)
    quarter, number = Period.containing(scene.first), 0
    while quarter.first <= scene.on:
        for _ in range(CHECKED_A_QUARTER):
            day = scene.business_day(quarter.first + timedelta(days=chance.below(85)))
            number += 1
            if max(manager.hired, scene.first) <= day <= min(scene.on, manager.left - DAY):
                yield _check(manager, f"X{manager.id[1:]}-{number}", day, scene, chance)
        quarter = quarter.following()


def _check(manager: Manager, name: str, day: date, scene: Scene, chance: Dice) -> Row:
    kind, subject, regulation = chance.pick(CHECKED)
    passed = chance.random() < 0.75 + 0.24 * manager.ways.diligence
    again = scene.business_days_after(day, RECHECKED_AFTER)
    rechecked = not passed and again <= scene.on
    return _CHECKS(
        id=name,
        manager_id=manager.id,
        date=day,
        kind=kind,
        severity=chance.pick(SEVERITIES),
        passed=flag(passed),
        recheck_date=again if rechecked else None,
        recheck_passed=flag(chance.random() < PUT_RIGHT) if rechecked else None,
        regulation=regulation,
        subject=subject,
    )
