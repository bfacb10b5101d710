"""Facts as tests need them: one per indicator of the packaged scheme that has a weight.

The period is a year, whose profile leaves the scheme's weights as they are written.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from scoring.appraisal import Subject
from scoring.facts import NOTHING_DUE, Fact, percent
from scoring.grades import Veto
from scoring.periods import Period
from scoring.scheme import default_scheme

SCHEME = default_scheme()
PERIOD = Period.parse("2026")
QUARTER = Period.parse("2026Q4")
AS_OF = date(2026, 11, 16)
SUBJECT = Subject("M001", PERIOD, AS_OF, 365)
MILLION = 100_000_000
WEIGHED = [indicator.id for indicator in SCHEME.indicators if indicator.weight]


def money(indicator, actual, target, period_target=None):
    whole = Decimal(target if period_target is None else period_target)
    return Fact(indicator, AS_OF, Decimal(actual), Decimal(target), whole, actual, 1, 47)


def ratio(indicator, numerator, denominator, target):
    actual = percent(numerator, denominator) if denominator else None
    note = "" if denominator else NOTHING_DUE
    goal = Decimal(target)
    return Fact(indicator, AS_OF, actual, goal, goal, numerator, denominator, 47, note=note)


def points(indicator, actual, target):
    return replace(ratio(indicator, 1, 1, target), actual=Decimal(actual))


def facts(**changes):
    """A manager with every weighed indicator measured; `changes` replace some of them."""
    every = {
        "P01": money("P01", 9 * MILLION, 10 * MILLION),  # 90 % → 90 points
        "P02": money("P02", 5 * MILLION, 10 * MILLION),  # 50 % → 0
        "P02a": money("P02a", 2 * MILLION, 2 * MILLION),  # 100
        "P02b": money("P02b", 2 * MILLION, 2 * MILLION),  # 100
        "P03": money("P03", MILLION, 2 * MILLION),  # 50 % → 0
        "P04": money("P04", 8, 10),  # 80
        "P05": money("P05", 12 * MILLION, 10 * MILLION),  # 120
        "C01a": points("C01a", "90", "85"),  # half way from 85 to 95: 110
        "C01b": points("C01b", "0", "1"),  # 120
        "C02a": ratio("C02a", 4, 100, "4"),  # 100
        "C02b": ratio("C02b", 95, 100, "95"),  # 100
        "C03a": ratio("C03a", 8, 10, "100"),  # 80
        "C03b": ratio("C03b", 9, 10, "90"),  # on plan: 100
        "C04": ratio("C04", 2, 10, "20"),  # 100
        "R01": ratio("R01", 3, 400, "1.5"),  # 0.75 %, half the target: 110
        "R02": ratio("R02", 2, 400, "0.5"),  # 0.5 %: 100
        "R03": ratio("R03", 9, 10, "95"),  # 90 %: 80
        "R04": ratio("R04", 95, 100, "95"),  # 100
        "R05": money("R05", MILLION, MILLION),  # 100
        "T01": points("T01", "80", "80"),  # 100
        "T02": points("T02", "85", "80"),  # a quarter of the way from 80 to 100: 105
        "T03": points("T03", "40", "100"),  # one proposal adopted: 40
    }
    return tuple({**every, **changes}.values())


def unmeasured(indicator):
    return Fact(indicator, AS_OF, None, None, None, 0, 0, 47, note=NOTHING_DUE)


def veto(code, incident="I1"):
    return Veto(
        code, incident, date(2026, 10, 9), date(2026, 11, 2), "飞单", "sales-conduct-zh 第五条"
    )
