"""Facts as tests need them: one per indicator of the packaged scheme."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from scoring.appraisal import Subject
from scoring.facts import NOTHING_DUE, Fact, percent
from scoring.grades import Veto
from scoring.periods import Period
from scoring.scheme import default_scheme

SCHEME = default_scheme()
PERIOD = Period.parse("2026Q4")
AS_OF = date(2026, 11, 16)
SUBJECT = Subject("M001", PERIOD, AS_OF, 92)
MILLION = 100_000_000


def money(indicator, actual, target, period_target=None):
    whole = Decimal(target if period_target is None else period_target)
    return Fact(indicator, AS_OF, Decimal(actual), Decimal(target), whole, actual, 1, 47)


def ratio(indicator, numerator, denominator, target):
    actual = percent(numerator, denominator) if denominator else None
    note = "" if denominator else NOTHING_DUE
    goal = Decimal(target)
    return Fact(indicator, AS_OF, actual, goal, goal, numerator, denominator, 47, note=note)


def facts(**changes):
    """A manager with every indicator measured; `changes` replace some of them."""
    every = {
        "P01": money("P01", 9 * MILLION, 10 * MILLION),  # 90 % → 90 points
        "P02": money("P02", 5 * MILLION, 10 * MILLION),  # 50 % → 0
        "C03a": ratio("C03a", 8, 10, "100"),  # 80
        "C03b": ratio("C03b", 9, 10, "90"),  # on plan: 100
        "R01": ratio("R01", 3, 400, "1.5"),  # 0.75 %, half the target: 110
        "R03": ratio("R03", 9, 10, "95"),  # 90 %: 80
        "T02": replace(ratio("T02", 4, 5, "80"), actual=Decimal(85)),  # 105
    }
    return tuple({**every, **changes}.values())


def unmeasured(indicator):
    return Fact(indicator, AS_OF, None, None, None, 0, 0, 47, note=NOTHING_DUE)


def veto(code, incident="I1"):
    return Veto(
        code, incident, date(2026, 10, 9), date(2026, 11, 2), "飞单", "sales-conduct-zh 第五条"
    )
