"""The demo clients' loans: contracts, drawdowns, instalments, arrears, classes, a write-off.

A company draws on a yearly contract again and again and repays each drawdown over six months; a
person draws once and repays over three years. Arrears follow from instalments paid late or not at
all, and classes from arrears: overdue is at least special mention, over 90 days substandard, over
270 doubtful.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bank.demo.clients import DemoClient
from bank.demo.drop import Row, row
from bank.demo.scene import Scene
from scoring.loans import months_before

SPRINT = 2
"""A drawdown in the last month of a quarter is so many times as large."""
BAD = "bad"
CREDIT_YUAN = {
    "": 150_000,
    "micro": 300_000,
    BAD: 550_000,
    "small": 1_500_000,
    "medium": 6_000_000,
}
LARGEST_YUAN = 18_000_000
COMPANY_MONTHS, PERSON_MONTHS = 6, 36
"""Instalments of a drawdown."""
SETTLED = timedelta(days=12)
"""Up to this long before `on` everything late was paid; only the stories owe anything."""
GRADES = ((1, "special_mention"), (91, "substandard"), (271, "doubtful"))
"""The class of a loan by its days past due."""
# Days from the first instalment that stayed unpaid to the demo's day.
UNPAID_FOR = {
    "first_arrears": (1, 3),
    "arrears": (8, 25),
    "bad_loan": (100, 230),
    "written_off": (300, 300),
}
WRITTEN_OFF_AFTER = timedelta(days=200)
LATE = {"late_payer": 0.4}
LATE_OTHERS = 0.05
"""Parts of the instalments paid late."""
REFINANCES = 0.03


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is due on a day, and when it was paid (`date.max`: not yet)."""

    due: date
    amount: int
    paid: date

    @property
    def days_late(self) -> int:
        """Days past due when it was paid."""
        return (self.paid - self.due).days


@dataclass(frozen=True, slots=True)
class DemoLoan:
    """A loan with its whole history."""

    id: str
    client_id: str
    originator: str
    signed: date
    refinances: bool
    drawdowns: tuple[tuple[date, int], ...]
    instalments: tuple[Instalment, ...]
    written_off: date | None


def loans(client: DemoClient, scene: Scene) -> tuple[DemoLoan, ...]:
    """The client's loans, the oldest first."""
    if not client.borrows:
        return ()
    chance = scene.dice("credit", client.id)
    if client.story in UNPAID_FOR:
        return (_troubled(client, scene, chance),)
    return tuple(_contracts(client, scene, chance))


def rows(found: DemoLoan, scene: Scene) -> Iterator[Row]:
    """The loan, what moved on it, its schedule and its classes."""
    yield row(
        "loans",
        id=found.id,
        client_id=found.client_id,
        originator_id=found.originator,
        signed_date=found.signed,
        purpose="operating",
        refinances=found.refinances,
    )
    for number, (day, kind, amount) in enumerate(_events(found), start=1):
        yield row(
            "loan_events",
            id=f"{found.id}-{number}",
            loan_id=found.id,
            date=day,
            kind=kind,
            amount_fen=amount,
        )
    for part in found.instalments:
        yield row(
            "repayments",
            loan_id=found.id,
            due_date=part.due,
            amount_fen=part.amount,
            paid_date=part.paid,
        )
    for day, grade in _grades(found, scene.on):
        yield row("loan_classes", loan_id=found.id, date=day, grade=grade)


def _contracts(client: DemoClient, scene: Scene, chance: Random) -> Iterator[DemoLoan]:
    """One contract after another, a year each; a person has only one."""
    company = client.customer_class == "corporate"
    credit = _credit(client.size, chance)
    signed = date(scene.base_year, 1, 5) + timedelta(days=chance.randrange(360 if company else 560))
    signed = max(signed, client.opened + timedelta(days=20))
    number, refinances = 1, False
    while signed <= scene.on:
        signed = scene.business_day_before(signed)
        draws = _draws(signed, credit, scene, chance) if company else [(signed, credit)]
        drawdowns, months = tuple(draws), COMPANY_MONTHS if company else PERSON_MONTHS
        schedule = _schedule(drawdowns, months, chance.randint(1, 28))
        late = LATE.get(client.story, LATE_OTHERS)
        yield DemoLoan(
            id=f"{client.id}-L{number}",
            client_id=client.id,
            originator=client.manager_on(signed).id,
            signed=signed,
            refinances=refinances,
            drawdowns=drawdowns,
            instalments=tuple(_paid(schedule, late, scene, chance)),
            written_off=None,
        )
        if not company:
            return
        signed += timedelta(days=chance.randint(340, 400))
        number, credit = number + 1, round(credit * chance.uniform(0.9, 1.3))
        refinances = chance.random() < REFINANCES


def _troubled(client: DemoClient, scene: Scene, chance: Random) -> DemoLoan:
    """A loan of twelve instalments, paid for a while and then no longer.

    A loan that goes bad is a small one. What is written off is no longer due.
    """
    nearest, farthest = UNPAID_FOR[client.story]
    unpaid_from = scene.on - timedelta(days=chance.randint(nearest, farthest))
    ends_well = client.story in ("first_arrears", "arrears")
    before, credit = chance.randint(2, 5), _credit(client.size if ends_well else BAD, chance)
    dues = [months_before(unpaid_from, before - number) for number in range(12)]
    signed = months_before(dues[0], 1) - timedelta(days=chance.randint(2, 9))
    written_off = unpaid_from + WRITTEN_OFF_AFTER if client.story == "written_off" else None
    return DemoLoan(
        id=f"{client.id}-L1",
        client_id=client.id,
        originator=client.manager_on(signed).id,
        signed=signed,
        refinances=False,
        drawdowns=((signed, credit // 12 * 12),),
        instalments=tuple(
            Instalment(due, credit // 12, due if due < unpaid_from else date.max)
            for due in dues
            if due < (written_off or date.max)
        ),
        written_off=written_off,
    )


def _credit(size: str, chance: Random) -> int:
    yuan = CREDIT_YUAN.get(size, LARGEST_YUAN) * chance.lognormvariate(0, 0.4)
    return round(yuan / 10_000) * 10_000 * 100


def _draws(signed: date, credit: int, scene: Scene, chance: Random) -> Iterator[tuple[date, int]]:
    """A first large drawdown, then smaller ones every month or two; whole thousands of yuan."""
    day, part = signed, 0.3
    while day <= min(scene.on, signed + timedelta(days=330)):
        amount = credit * part * (SPRINT if day.month % 3 == 0 else 1)
        yield scene.business_day_before(day), max(round(amount / 100_000), 1) * 100_000
        day += timedelta(days=chance.randint(25, 60))
        part = chance.uniform(0.08, 0.2)


def _schedule(drawdowns: tuple[tuple[date, int], ...], months: int, due_on: int) -> dict[date, int]:
    """What falls due when: each drawdown in equal monthly parts, the remainder in the first."""
    due: defaultdict[date, int] = defaultdict(int)
    for day, amount in drawdowns:
        first = (day + timedelta(days=35)).replace(day=due_on)
        for number in range(months):
            rest = amount % months if number == 0 else 0
            due[months_before(first, -number)] += amount // months + rest
    return dict(sorted(due.items()))


def _paid(
    schedule: dict[date, int], late: float, scene: Scene, chance: Random
) -> Iterator[Instalment]:
    """The instalments as they were paid: on the day, mostly."""
    for due, amount in schedule.items():
        paid = due
        if chance.random() < late:
            paid += timedelta(days=chance.choice((1, 2, 3, 4, 5, 2, 3, 9, 14, 20)))
        if due > scene.on:
            paid = date.max
        elif paid > scene.on - SETTLED:
            paid = due
        yield Instalment(due, amount, paid)


def _events(loan: DemoLoan) -> list[tuple[date, str, int]]:
    """What moved, oldest first: drawn, repaid, written off."""
    moved = [(day, "drawdown", amount) for day, amount in loan.drawdowns]
    paid = [(part.paid, "repayment", part.amount) for part in loan.instalments]
    moved += [event for event in paid if event[0] < date.max]
    if loan.written_off:
        left = sum(-amount if kind == "repayment" else amount for _, kind, amount in moved)
        moved.append((loan.written_off, "write_off", left))
    return sorted(moved)


def _grades(loan: DemoLoan, on: date) -> Iterator[tuple[date, str]]:
    """The loan's classes, each from its first day."""
    yield loan.signed, "normal"
    for part in loan.instalments:
        if part.due >= on or part.days_late <= 1:
            continue
        for days, grade in GRADES:
            day = part.due + timedelta(days=days)
            if day <= on and day < min(part.paid, loan.written_off or date.max):
                yield day, grade
        if part.paid == date.max:
            break
        yield part.paid, "normal"
    if loan.written_off:
        yield loan.written_off, "loss"
