"""What the demo's managers did about their clients: visits, and answers to warnings."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bank.demo.clients import DemoClient
from bank.demo.credit import DemoLoan, Instalment
from bank.demo.deposits import Deposits
from bank.demo.people import Manager
from bank.demo.rows import Row, row_type
from bank.demo.scene import Dice, Scene
from scoring.coverage import VisitStandard
from scoring.signals import FIRST_ARREARS, RUN_DOWN
from scoring.sla import Severity

_VISITS, _WARNINGS, _WARNING_RESPONSES = (
    row_type("visits"),
    row_type("warnings"),
    row_type("warning_responses"),
)
PERSON_NOTES = {
    "zh": ("问候近况，提醒到期资金", "了解家庭资金安排，介绍存款产品", "讲解产品风险，客户再考虑"),
    "en": (
        "Asked how things are",
        "Talked about the family's plans",
        "Explained a product's risks",
    ),
}
COMPANY_NOTES = {
    "zh": ("查看经营现场，订单稳定", "核对账务，约定月底补充资料", "了解资金安排，介绍存款产品"),
    "en": ("Saw the shop floor, orders steady", "Went through the books", "Asked about cash plans"),
}
ANSWERS = {
    "zh": ("已电话联系客户，原因属实，约定还款日", "上门核实，经营正常，持续关注"),
    "en": ("Called the client, reason confirmed", "Visited, business as usual, keep watching"),
}
KINDS = (*("onsite",) * 15, *("video",) * 4, "phone")
LAST_KINDS = KINDS[:-1]
LOGGED_AFTER = (*(0,) * 9, *(1,) * 9, *(2,) * 4, *(3,) * 2, 5)
"""Business days from a visit to its note, each as often as it happens."""
SME_QUARTER = 90
"""Days within which an SME borrower is visited again."""
ROUTINE: tuple[tuple[str, Severity], ...] = (
    ("W05", "yellow"),
    ("W07", "yellow"),
    ("W33", "orange"),
    ("W36", "yellow"),
    ("W26", "blue"),
)
"""Signals other systems raised, now and then, on companies."""
ROUTINE_UNTIL = timedelta(days=14)
LADDER, LADDER_FROM = "W02", 31
"""The signal of arrears that went on, and its first day past due."""


@dataclass(frozen=True, slots=True)
class _Warning:
    """What was raised on a client, and where it stands now."""

    signal: str
    severity: Severity
    raised: date
    evidence: Mapping[str, object]
    state: str = "closed"


def visits(client: DemoClient, scene: Scene, chance: Dice) -> Iterator[Row]:
    """The client's visits, the oldest first; the last is recent unless the client is neglected."""
    days = list(_visit_days(client, scene, chance))[::-1]
    notes = COMPANY_NOTES if client.size else PERSON_NOTES
    for number, day in enumerate(days, start=1):
        manager, is_last = client.manager_on(day), number == len(days)
        took = chance.below(3) if is_last else chance.pick(LOGGED_AFTER)
        yield _VISITS(
            id=f"{client.id}-V{number}",
            client_id=client.id,
            manager_id=manager.id,
            date=day,
            logged_date=min(scene.business_days_after(day, took), scene.on),
            kind=chance.pick(LAST_KINDS if is_last else KINDS),
            note=chance.pick(notes[manager.lang]),
        )


def _visit_days(client: DemoClient, scene: Scene, chance: Dice) -> Iterator[date]:
    """Business days with a visit, the newest first."""
    standard = _standard(client, scene)
    if client.neglected:
        gap = chance.between(standard.ideal + 1, standard.maximum + 15)
    else:
        gap = chance.between(3, min(standard.ideal - 5, SME_QUARTER // 2 + 5))
    day, earliest = (
        min(scene.on, client.closed) - timedelta(days=gap),
        max(scene.first, client.opened),
    )
    while day > earliest:
        visited = scene.business_day_before(day)
        if visited >= earliest:
            yield visited
        diligent = chance.random() < client.manager_on(visited).ways.diligence
        part = chance.uniform(0.55, 0.95) if diligent else chance.uniform(1.05, 1.6)
        day = visited - timedelta(days=round(standard.maximum * part))


def _standard(client: DemoClient, scene: Scene) -> VisitStandard:
    """How often the client is to be visited, by its tier and its borrowing."""
    visits, standard = scene.scheme.visits, scene.scheme.visits.tiers[client.tier]
    if not (client.is_sme and client.borrows):
        return standard
    return VisitStandard(min(standard.ideal, visits.sme_ideal), min(standard.maximum, SME_QUARTER))


def warnings(
    client: DemoClient,
    deposits: Deposits,
    loans: Iterable[DemoLoan],
    scene: Scene,
    chance: Dice,
) -> Iterator[Row]:
    """The warnings raised on the client so far, with their answers.

    The newest signs are left for the first morning's scan to find.
    """
    raised = [*_of_loans(loans, scene), *_of_routine(client, scene, chance)]
    for number, warning in enumerate(sorted(raised, key=lambda found: found.raised), start=1):
        manager, warning_id = client.manager_on(warning.raised), f"{client.id}-W{number}"
        answered = _answer_day(warning, manager, scene, chance)
        yield _row(warning, warning_id, client.id, manager.id, scene)
        yield _WARNING_RESPONSES(
            id=f"{warning_id}-A",
            warning_id=warning_id,
            staff_id=manager.id,
            date=answered,
            text=chance.pick(ANSWERS[manager.lang]),
        )
    if client.story == "run_down":
        fresh = _run_down(deposits, scene)
        yield _row(fresh, f"{client.id}-W0", client.id, client.manager_on(scene.on).id, scene)


def _row(warning: _Warning, warning_id: str, client_id: str, manager_id: str, scene: Scene) -> Row:
    return _WARNINGS(
        id=warning_id,
        signal=warning.signal,
        client_id=client_id,
        manager_id=manager_id,
        severity=warning.severity,
        raised_date=warning.raised,
        due_date=_due(warning, scene),
        state=warning.state,
        evidence=json.dumps(dict(warning.evidence), sort_keys=True),
    )


def _due(warning: _Warning, scene: Scene) -> date:
    add = scene.business_days_after
    return scene.scheme.sla.due_day(warning.severity, warning.raised, add)


def _answer_day(warning: _Warning, manager: Manager, scene: Scene, chance: Dice) -> date:
    """In time as often as the manager is prompt, and otherwise a few days late."""
    allowed = scene.scheme.sla.days(warning.severity)
    prompt = chance.random() < manager.ways.promptness
    days = chance.between(0, allowed) if prompt else allowed + chance.between(1, 3)
    return min(scene.business_days_after(warning.raised, days), scene.on)


def _of_loans(loans: Iterable[DemoLoan], scene: Scene) -> Iterator[_Warning]:
    """W01 on instalments that were paid late, and on bad loans W02 too, which still stands."""
    rules = scene.scheme.signals
    for loan in loans:
        for part in loan.instalments:
            if part.due < scene.first or part.due >= scene.on:
                continue
            if part.paid == date.max:
                yield from _of_bad_loan(loan, part, scene)
                break
            severe = part.days_late >= rules.arrears_orange_from
            day = part.due + timedelta(days=rules.arrears_orange_from if severe else 1)
            raised = scene.business_day(day)
            if raised <= part.paid and part.days_late:
                yield _arrears(loan, part, "orange" if severe else "yellow", raised)


def _of_bad_loan(loan: DemoLoan, part: Instalment, scene: Scene) -> Iterator[_Warning]:
    later = scene.business_day(part.due + timedelta(days=LADDER_FROM))
    if later < scene.on:
        first = scene.business_day(part.due + timedelta(days=1))
        yield _arrears(loan, part, "yellow", first)
        yield _arrears(loan, part, "red", later)


def _arrears(loan: DemoLoan, part: Instalment, severity: Severity, raised: date) -> _Warning:
    evidence = {
        "as_of": (raised - timedelta(days=1)).isoformat(),
        "days_past_due": (raised - part.due).days,
        "amount": part.amount,
        "loan_id": loan.id,
    }
    if severity == "red":
        return _Warning(LADDER, severity, raised, evidence, "answered")
    return _Warning(FIRST_ARREARS, severity, raised, evidence)


def _of_routine(client: DemoClient, scene: Scene, chance: Dice) -> Iterator[_Warning]:
    """What other systems raised on a company: a few a year on a borrower."""
    if client.customer_class == "retail":
        return
    span = (scene.on - scene.first - ROUTINE_UNTIL).days
    for _ in range(chance.between(2, 4) if client.borrows else chance.between(0, 1)):
        raised = scene.business_day(scene.first + timedelta(days=chance.below(span)))
        signal, severity = chance.pick(ROUTINE)
        if client.opened <= raised < client.closed:
            yield _Warning(signal, severity, raised, {"as_of": raised.isoformat()})


def _run_down(deposits: Deposits, scene: Scene) -> _Warning:
    """W06, raised three business days ago and still unanswered."""
    raised = scene.calendar.add_business_days(scene.on, -3)
    evidence = {
        "as_of": raised.isoformat(),
        "average_30": deposits.average(raised, 30),
        "average_180": deposits.average(raised, 180),
        "six_months_ago": deposits.average(raised - timedelta(days=180), 1),
        "now": deposits.average(raised, 1),
    }
    return _Warning(RUN_DOWN, "yellow", raised, evidence, "open")
