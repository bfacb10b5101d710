"""The demo bank as a whole: one client after another, streamed into a drop."""

from datetime import date
from pathlib import Path

from bank.calendar import published_calendar
from bank.demo import care, credit, people, plan
from bank.demo.clients import client as make_client
from bank.demo.clients import rows as client_rows
from bank.demo.deposits import deposits
from bank.demo.deposits import rows as deposit_rows
from bank.demo.drop import open_drop
from bank.demo.scene import Scene
from scoring.scheme import default_scheme

SOURCE = "demo"
DEMO_DAY = date(2026, 11, 16)


def write_drop(
    directory: Path,
    *,
    managers: int = 12,
    clients: int = 1200,
    seed: int = 7,
    on: date = DEMO_DAY,
) -> None:
    """Write a synthetic bank as a drop of business date `on`, for bank.importing to read.

    `managers` are those employed on that day; one more has left. The same arguments give the same
    bytes. Clients are made one at a time, so memory does not grow with them. Raises DemoError when
    there are too few managers, CalendarError when the bank's calendar does not know the thirteen
    months up to `on`, and OSError when the directory cannot be written.
    """
    scene = Scene(seed, on, published_calendar(), default_scheme())
    scene.calendar.within(scene.first, scene.on)
    staff = people.managers(managers, scene)
    achieved = plan.Achieved(scene)
    with open_drop(directory) as drop:
        drop.write(people.rows(staff))
        for number in range(clients):
            client = make_client(number, staff, scene)
            held, borrowed = deposits(client, scene), credit.loans(client, scene)
            achieved.add(client, held, borrowed)
            drop.write(client_rows(client))
            drop.write(deposit_rows(held, scene))
            for loan in borrowed:
                drop.write(credit.rows(loan, scene))
            drop.write(care.visits(client, scene))
            drop.write(care.warnings(client, held, borrowed, scene))
        drop.write(plan.rows(staff, achieved, scene))
        drop.finish(SOURCE, on)
