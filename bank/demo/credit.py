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
from typing import Literal

from bank.demo.clients import DemoClient
from bank.demo.rows import Row, flag, row_type, until
from bank.demo.scene import Dice, Scene
from scoring.loans import months_before

_LINES, _LOANS, _EVENTS, _CLASSES, _REPAYMENTS, _COLLATERAL, _RECOVERIES = map(
    row_type,
    (
        "credit_lines",
        "loans",
        "loan_events",
        "loan_classes",
        "repayments",
        "collateral",
        "recoveries",
    ),
)
Ending = Literal["write_off", "transfer_out"]

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
    "transferred": (330, 330),
}
ENDINGS: dict[str, tuple[Ending, timedelta]] = {
    "written_off": ("write_off", timedelta(days=200)),
    "transferred": ("transfer_out", timedelta(days=240)),
}
"""What becomes of a story's loan, so long after it was last paid."""
LATE = {"late_payer": 0.4}
LATE_OTHERS = 0.05
"""Parts of the instalments paid late."""
REFINANCES = 0.03
REVERSED, REVERSED_AFTER = 0.004, 2
"""Drawdowns booked by mistake, and the business days until that is put right."""
RESTRUCTURED = 0.1
MORTGAGE = 0.4
"""Parts of the loans to people that were given other terms, and that are mortgages."""
GREEN, GREEN_CODES = 0.07, ("G1.2.4", "G2.1.1", "G3.3.2", "G5.1.3")
NEW_CATALOGUE = date(2025, 10, 1)
"""The green catalogue of 2025 holds for loans approved from this day on."""
SECURED = 0.6
SECURITIES = ("property", "property", "equipment", "receivable", "guarantee", "deposit")
GOODS_AT, GOODS = 2, 0.3
"""The recovery that may be pledged goods, and how often it is."""
LINE_TIMES, LINE_LASTS = 1.4, timedelta(days=331)
"""A company's credit line, of what it draws on a contract, and how long it may draw."""


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
    credit: int
    size: str
    mistakes: tuple[tuple[date, int], ...] = ()
    """Drawdowns that were reversed."""
    restructured: date | None = None
    gone: tuple[date, Ending] | None = None

    @property
    def end(self) -> date:
        """The day it was written off or sold, if it was."""
        return self.gone[0] if self.gone else date.max


def loans(client: DemoClient, scene: Scene, chance: Dice) -> tuple[DemoLoan, ...]:
    """The client's loans, the oldest first."""
    if not client.borrows:
        return ()
    if client.story in UNPAID_FOR:
        return (_troubled(client, scene, chance),)
    return tuple(_contracts(client, scene, chance))


def rows(found: DemoLoan, scene: Scene, chance: Dice) -> Iterator[Row]:
    """The loan, what moved on it, its schedule, its classes, and what secures it."""
    yield from _contract(found, chance)
    drawn: dict[int, str] = {}
    for number, (day, kind, amount) in enumerate(_events(found, scene), start=1):
        event = f"{found.id}-{number}"
        yield _EVENTS(
            id=event,
            loan_id=found.id,
            date=day,
            kind=kind,
            amount_fen=amount,
            reverses_id=drawn[amount] if kind == "reversal" else None,
        )
        if kind == "drawdown":
            drawn[amount] = event
    for part in found.instalments:
        yield _REPAYMENTS(
            loan_id=found.id,
            due_date=part.due,
            amount_fen=part.amount,
            paid_date=until(part.paid),
        )
    for day, grade in _grades(found, scene.on):
        yield _CLASSES(loan_id=found.id, date=day, grade=grade)
    yield from _recoveries(found, scene, chance)


def _contract(found: DemoLoan, chance: Dice) -> Iterator[Row]:
    """The loan's contract, the line it draws on and its security."""
    approved = found.signed - timedelta(days=chance.between(1, 9))
    ends = max(found.signed + timedelta(days=370), found.instalments[-1].due)
    mortgage = not found.size and chance.random() < MORTGAGE
    purpose = "operating" if found.size else "mortgage" if mortgage else "consumer"
    if found.size:
        yield _LINES(
            id=f"{found.id}-C",
            client_id=found.client_id,
            amount_fen=round(found.credit * LINE_TIMES / 100) * 100,
            from_date=approved,
            to_date=found.signed + LINE_LASTS,
            purpose=purpose,
        )
    green = chance.pick(GREEN_CODES) if found.size and chance.random() < GREEN else None
    catalogue = "2025" if approved >= NEW_CATALOGUE else "2021"
    yield _LOANS(
        id=found.id,
        client_id=found.client_id,
        originator_id=found.originator,
        signed_date=found.signed,
        refinances=flag(found.refinances),
        approved_date=approved,
        matures_date=ends,
        purpose=purpose,
        size_class=found.size,
        green_code=green,
        green_catalogue=catalogue if green else "",
        restructured_date=found.restructured,
    )
    if mortgage or (found.size and chance.random() < SECURED):
        yield _COLLATERAL(
            id=f"{found.id}-S",
            loan_id=found.id,
            kind="property" if mortgage else chance.pick(SECURITIES),
            amount_fen=round(found.credit * chance.uniform(1.1, 1.8) / 10_000) * 10_000,
            from_date=found.signed,
            to_date=ends,
            valued_date=approved,
        )


def _recoveries(found: DemoLoan, scene: Scene, chance: Dice) -> Iterator[Row]:
    """What was taken in on a loan gone bad: some money, now and then the goods pledged."""
    unpaid = [part for part in found.instalments if part.paid == date.max and part.due < scene.on]
    bad = min((part.due for part in unpaid), default=scene.on) + timedelta(days=GRADES[1][0])
    if found.gone is None and bad >= scene.on:
        return
    day = bad if found.gone is None else found.end
    for number in range(1, chance.between(1, 3) + 1):
        day = scene.business_day(day + timedelta(days=chance.between(5, 45)))
        goods = number == GOODS_AT and chance.random() < GOODS
        booked = scene.business_days_after(day, 15 if goods else 0)
        if booked > scene.on:
            return
        yield _RECOVERIES(
            id=f"{found.id}-R{number}",
            loan_id=found.id,
            date=day,
            kind="repossession" if goods else "cash",
            amount_fen=max(1, round(found.credit * chance.uniform(0.01, 0.06) / 10_000)) * 10_000,
            booked_date=booked,
        )


def _contracts(client: DemoClient, scene: Scene, chance: Dice) -> Iterator[DemoLoan]:
    """One contract after another, a year each; a person has only one."""
    company = client.customer_class == "corporate"
    credit = _credit(client.size, chance)
    signed = date(scene.base_year, 1, 5) + timedelta(days=chance.below(360 if company else 560))
    signed = max(signed, client.opened + timedelta(days=20))
    number, refinances = 1, False
    while signed <= scene.on:
        signed = scene.business_day_before(signed)
        draws = _draws(signed, credit, scene, chance) if company else [(signed, credit)]
        drawdowns, months = tuple(draws), COMPANY_MONTHS if company else PERSON_MONTHS
        schedule = _schedule(drawdowns, months, chance.between(1, 28))
        late = LATE.get(client.story, LATE_OTHERS)
        yield DemoLoan(
            id=f"{client.id}-L{number}",
            client_id=client.id,
            originator=client.manager_on(signed).id,
            signed=signed,
            refinances=refinances,
            drawdowns=drawdowns,
            instalments=tuple(_paid(schedule, late, scene, chance)),
            credit=credit,
            size=client.size,
            mistakes=tuple(_mistakes(drawdowns, scene, chance)) if company else (),
            restructured=None if company else _restructured(signed, scene, chance),
        )
        if not company:
            return
        signed += timedelta(days=chance.between(355, 400))
        number, credit = number + 1, round(credit * chance.uniform(0.9, 1.3))
        refinances = chance.random() < REFINANCES


def _mistakes(
    drawdowns: tuple[tuple[date, int], ...], scene: Scene, chance: Dice
) -> Iterator[tuple[date, int]]:
    """The drawdowns that were booked twice by mistake."""
    for day, amount in drawdowns:
        if chance.random() < REVERSED and day < scene.on - timedelta(days=10):
            yield day, amount + 100_00


def _restructured(signed: date, scene: Scene, chance: Dice) -> date | None:
    """The day a person was given other terms, if ever."""
    day = signed + timedelta(days=chance.between(200, 400))
    return day if chance.random() < RESTRUCTURED and day <= scene.on else None


def _troubled(client: DemoClient, scene: Scene, chance: Dice) -> DemoLoan:
    """A loan of twelve instalments, paid for a while and then no longer.

    A loan that goes bad is a small one. What is written off or sold is no longer due.
    """
    nearest, farthest = UNPAID_FOR[client.story]
    unpaid_from = scene.on - timedelta(days=chance.between(nearest, farthest))
    ends_well = client.story in ("first_arrears", "arrears")
    before, credit = chance.between(2, 5), _credit(client.size if ends_well else BAD, chance)
    dues = [months_before(unpaid_from, before - number) for number in range(12)]
    signed = months_before(dues[0], 1) - timedelta(days=chance.between(2, 9))
    gone: tuple[date, Ending] | None = None
    if client.story in ENDINGS:
        ending, after = ENDINGS[client.story]
        gone = scene.business_day(unpaid_from + after), ending
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
            if due < (gone[0] if gone else date.max)
        ),
        credit=credit,
        size=client.size,
        gone=gone,
    )


def _credit(size: str, chance: Dice) -> int:
    yuan = CREDIT_YUAN.get(size, LARGEST_YUAN) * chance.lognormvariate(0, 0.4)
    return round(yuan / 10_000) * 10_000 * 100


def _draws(signed: date, credit: int, scene: Scene, chance: Dice) -> Iterator[tuple[date, int]]:
    """A first large drawdown, then smaller ones every month or two; whole thousands of yuan."""
    day, part = signed, 0.3
    while day <= min(scene.on, signed + timedelta(days=330)):
        amount = credit * part * (SPRINT if day.month % 3 == 0 else 1)
        yield scene.business_day_before(day), max(round(amount / 100_000), 1) * 100_000
        day += timedelta(days=chance.between(25, 60))
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
    schedule: dict[date, int], late: float, scene: Scene, chance: Dice
) -> Iterator[Instalment]:
    """The instalments as they were paid: on the day, mostly."""
    for due, amount in schedule.items():
        paid = due
        if chance.random() < late:
            paid += timedelta(days=chance.pick((1, 2, 3, 4, 5, 2, 3, 9, 14, 20)))
        if due > scene.on:
            paid = date.max
        elif paid > scene.on - SETTLED:
            paid = due
        yield Instalment(due, amount, paid)


def _events(loan: DemoLoan, scene: Scene) -> list[tuple[date, str, int]]:
    """What moved, oldest first: drawn, taken back, repaid, and what was lost at the end."""
    moved = [(day, "drawdown", amount) for day, amount in loan.drawdowns]
    moved += [
        (part.paid, "repayment", part.amount) for part in loan.instalments if part.paid < date.max
    ]
    if loan.gone:
        left = sum(-amount if kind == "repayment" else amount for _, kind, amount in moved)
        moved.append((loan.gone[0], loan.gone[1], left))
    for day, amount in loan.mistakes:
        moved.append((day, "drawdown", amount))
        moved.append((scene.business_days_after(day, REVERSED_AFTER), "reversal", amount))
    return sorted(moved)


def _grades(loan: DemoLoan, on: date) -> Iterator[tuple[date, str]]:
    """The loan's classes, each from its first day."""
    yield loan.signed, "normal"
    for part in loan.instalments:
        if part.due >= on or part.days_late <= 1:
            continue
        for days, grade in GRADES:
            day = part.due + timedelta(days=days)
            if day <= on and day < min(part.paid, loan.end):
                yield day, grade
        if part.paid == date.max:
            break
        yield part.paid, "normal"
    if loan.gone:
        yield loan.end, "loss"
