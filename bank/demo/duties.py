"""What the demo's managers must have done by a day, and when they did it."""

from collections.abc import Iterator
from datetime import date, timedelta

from bank.demo.clients import DemoClient
from bank.demo.credit import DemoLoan
from bank.demo.people import Manager
from bank.demo.rows import Row, row_type
from bank.demo.scene import Dice, Scene
from scoring.periods import Period

_DUTIES = row_type("duties")
DILIGENCE = timedelta(days=7)
"""A loan's due diligence is owed so long before it is signed."""
RETURNED_TO = 0.25
"""The part of the standard clients that is visited again in a quarter."""
EARLY, LATE = 12, 9
"""Calendar days that something is done before its day, or after it, at the most."""


def rows(
    client: DemoClient, loans: tuple[DemoLoan, ...], scene: Scene, chance: Dice
) -> Iterator[Row]:
    """The duties to a client in the quarters shown, the running one included."""
    duties = [*_of_loans(client, loans, scene), *_of_quarters(client, loans, scene, chance)]
    number = 0
    for kind, due in duties:
        if max(scene.first, client.opened) <= due < client.closed:
            number += 1
            manager = client.manager_on(due)
            yield _DUTIES(
                id=f"{client.id}-U{number}",
                manager_id=manager.id,
                client_id=client.id,
                kind=kind,
                due_date=due,
                done_date=_done(manager, due, scene, chance),
            )


def _of_loans(
    client: DemoClient, loans: tuple[DemoLoan, ...], scene: Scene
) -> Iterator[tuple[str, date]]:
    """Due diligence before every loan to a company."""
    for loan in loans:
        day = loan.signed - DILIGENCE
        if client.size and scene.first < day:
            yield "due_diligence", scene.business_day_before(day)


def _of_quarters(
    client: DemoClient, loans: tuple[DemoLoan, ...], scene: Scene, chance: Dice
) -> Iterator[tuple[str, date]]:
    """What comes every quarter, and what at the end of a year."""
    quarter = Period.containing(scene.first)
    while quarter.first <= scene.on:
        end = scene.business_day_before(quarter.last)
        if client.size and any(loan.signed < quarter.first for loan in loans):
            yield "post_loan_check", end
        if client.size in ("medium", "large"):
            yield "analysis_report", end
        if client.tier == "standard" and chance.random() < RETURNED_TO:
            day = quarter.first + timedelta(days=chance.below(80))
            yield "return_visit", scene.business_day_before(day)
        if quarter.following().year > quarter.year and client.tier != "standard":
            yield "festive_care", end
            yield "client_plan", end
        quarter = quarter.following()


def _done(manager: Manager, due: date, scene: Scene, chance: Dice) -> date | None:
    """In time as often as the manager is prompt, and otherwise some days late."""
    prompt = chance.random() < manager.ways.promptness
    day = due + timedelta(days=-chance.below(EARLY) if prompt else chance.between(1, LATE))
    if day > scene.on:
        return None
    done = scene.business_day_before(day) if prompt else scene.business_day(day)
    return done if done <= scene.on else None
