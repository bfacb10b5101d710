"""The demo bank's units and staff, what each manager is like, and who is on leave.

Every branch has up to twelve managers in two teams and a lead of its own. The last manager joined
thirteen weeks ago and took over the book of one who left that day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bank.demo import names
from bank.demo.rows import Row, row_type, until
from bank.demo.scene import DemoError, Scene

_UNITS, _STAFF, _LEAVES = row_type("units"), row_type("staff"), row_type("leaves")

BRANCH_SIZE = 12
FEWEST = 4
"""Managers a demo bank needs: two to hand clients on, one who joins, one for each veto."""
TURNOVER = timedelta(weeks=13)
BANK, RISK_OFFICER, COMPLIANCE_OFFICER, HR = "B000", "R001", "C001", "H001"
OFFICERS = (
    (RISK_OFFICER, "石上泉", "risk"),
    (COMPLIANCE_OFFICER, "竹喧归", "compliance"),
    # An expert's answer is approved by a second person.
    ("C002", "桂子香", "compliance"),
    (HR, "莲动渔", "hr"),
)
TEAMS = ("团队一", "团队二")
LEAVES = (
    (1, "annual", -98, 7),
    (1, "annual", 56, 12),
    (2, "sick", -63, 9),
    (6, "parental", 21, 98),
)
"""A branch's managers on leave: the kind, how many days from the demo's day on, and how long."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of the bank. `left` is the first day no longer employed."""

    id: str
    name: str
    lang: str
    hired: date
    left: date


@dataclass(frozen=True, slots=True)
class Ways:
    """What a manager is like."""

    growth: float
    """By how much the deposits of the book rise over the year."""
    deposits: float
    """Attainment the signed deposit target is meant to come out at."""
    lending: float
    """The same of the lending target."""
    diligence: float
    """How often a visit is made in time, 0 to 1."""
    promptness: float
    """How often a warning is answered in time, 0 to 1."""
    exam: int
    """Usual points in an exam."""


@dataclass(frozen=True, slots=True)
class Manager(Person):
    """A manager and their ways."""

    ways: Ways


FIRST_BRANCH = (
    ("云小舟", "zh", Ways(0.10, 0.80, 0.72, 0.86, 0.97, 78)),
    ("Ada Example", "en", Ways(0.14, 1.06, 0.98, 0.92, 0.95, 89)),
    ("山有木", "zh", Ways(0.08, 0.78, 0.90, 0.80, 0.88, 77)),
    ("白一鸣", "zh", Ways(0.06, 0.64, 0.57, 0.74, 0.85, 72)),
    ("雁南归", "zh", Ways(0.16, 1.12, 1.08, 0.93, 0.96, 88)),
    ("江上青", "zh", Ways(0.12, 0.94, 0.84, 0.88, 0.90, 84)),
    ("柳絮飞", "zh", Ways(0.05, 0.65, 0.70, 0.70, 0.84, 66)),
    ("Ben Sample", "en", Ways(0.11, 0.90, 0.95, 0.84, 0.93, 81)),
    ("鹿鸣野", "zh", Ways(0.09, 0.74, 0.80, 0.82, 0.88, 77)),
    ("月半弯", "zh", Ways(0.15, 1.25, 1.20, 0.97, 0.98, 95)),
    ("风千里", "zh", Ways(0.04, 0.55, 0.54, 0.66, 0.82, 64)),
    ("荷初露", "zh", Ways(0.10, 0.82, 0.88, 0.86, 0.92, 82)),
)


def managers(count: int, scene: Scene) -> tuple[Manager, ...]:
    """Managers M001 … of a bank with `count` of them, and last the one who left.

    Raises DemoError when there are too few for the demo's stories.
    """
    if count < FEWEST:
        raise DemoError(f"a demo bank needs at least {FEWEST} managers: ask for more than {count}")
    staff = [_manager(place, scene) for place in range(count + 1)]
    staff[count - 1] = replace(staff[count - 1], hired=scene.on - TURNOVER)
    staff[count] = replace(staff[count], left=scene.on - TURNOVER)
    return tuple(staff)


def rows(staff: tuple[Manager, ...]) -> Iterator[Row]:
    """The units and everyone who works there."""
    yield _UNITS(id=BANK, name="云岚银行", parent_id=None)
    for officer, name, role in OFFICERS:
        yield _person(Person(officer, name, "zh", date(2016, 3, 1), date.max), role, BANK)
    branches = -(-(len(staff) - 1) // BRANCH_SIZE)
    for branch in range(1, branches + 1):
        yield from _branch(branch)
    for place, manager in enumerate(staff):
        # Whoever left worked beside their successor.
        yield _person(manager, "manager", team_of(min(place, len(staff) - 2)))


def leaves(staff: tuple[Manager, ...], scene: Scene) -> Iterator[Row]:
    """Who was away this year, and who will be."""
    for branch in range(0, len(staff) - 1, BRANCH_SIZE):
        for place, kind, after, days in LEAVES:
            if branch + place < len(staff) - 2:
                first = scene.on + timedelta(days=after)
                yield _LEAVES(
                    staff_id=staff[branch + place].id,
                    from_date=first,
                    to_date=first + timedelta(days=days),
                    kind=kind,
                )


def lead_of(place: int) -> str:
    """The id of the lead of the manager at a place."""
    return f"L{place // BRANCH_SIZE + 1:03}"


def team_of(place: int) -> str:
    """The unit of the manager at a place: U10 or U11 in the first branch, then U20 or U21."""
    branch, seat = divmod(place, BRANCH_SIZE)
    return f"U{(branch + 1) * 10 + seat * len(TEAMS) // BRANCH_SIZE}"


def _branch(number: int) -> Iterator[Row]:
    branch = f"B{number:03}"
    name = "云岚银行滨江支行" if number == 1 else f"云岚银行云梦第{number}支行"
    yield _UNITS(id=branch, name=name, parent_id=BANK)
    for at, team in enumerate(TEAMS):
        yield _UNITS(id=f"U{number * 10 + at}", name=team, parent_id=branch)
    name = "松间月" if number == 1 else names.staff(-number)
    lead = Person(f"L{number:03}", name, "zh", date(2014, 9, 1), date.max)
    yield _person(lead, "team_lead", branch)


def _person(person: Person, role: str, unit: str) -> Row:
    return _STAFF(
        id=person.id,
        name=person.name,
        role=role,
        unit_id=unit,
        slack_user_id=f"U{person.id}",
        lang=person.lang,
        hired_date=person.hired,
        left_date=until(person.left),
    )


def _manager(place: int, scene: Scene) -> Manager:
    manager_id = f"M{place + 1:03}"
    chance = scene.dice("manager", manager_id)
    hired = date(scene.on.year - chance.between(2, 11), chance.between(1, 12), 1)
    if place < len(FIRST_BRANCH):
        name, lang, ways = FIRST_BRANCH[place]
        return Manager(manager_id, name, lang, hired, date.max, ways)
    ability = chance.random()
    ways = Ways(
        growth=0.04 + 0.12 * ability,
        deposits=0.55 + 0.7 * ability,
        lending=chance.uniform(0.6, 1.2),
        diligence=chance.uniform(0.66, 0.97),
        promptness=chance.uniform(0.78, 1.0),
        exam=chance.between(60, 96),
    )
    return Manager(manager_id, names.staff(place), "zh", hired, date.max, ways)
