"""Client health, worked by hand, and the laws it keeps."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import SchemeError
from scoring.health import (
    Known,
    Prosperity,
    Statement,
    altman,
    assess,
    percentile,
    ratios,
    read_behaviour,
    statement_reading,
)
from scoring.health_rules import (
    BEHAVIOURS,
    RATIOS,
    RatioRule,
    default_health,
    load_health,
    read_quantiles,
)

RULES = default_health()
ON = date(2026, 11, 16)
NAME = {"en": "ratio", "zh": "比率"}
# 1 % … 99 % are the numbers 1 … 99: a ratio of 40 is the 40th percentile.
PLAIN = tuple(Fraction(n) for n in range(1, 100))
BEST = {
    "days_past_due": 0,
    "late_instalments": 0,
    "worst_class": 0,
    "balance_trend": 100,
    "limit_use": 60,
    "worst_warning": 0,
}
STATEMENT = Statement(
    year_end=date(2025, 12, 31),
    received=date(2026, 3, 20),
    assets=1_000,
    current_assets=600,
    inventory=200,
    cash=100,
    liabilities=500,
    current_liabilities=400,
    retained_earnings=150,
    sales=2_000,
    sales_profit=160,
    ebit=120,
    net_profit=80,
    depreciation=20,
)


def known(statement=STATEMENT, behaviour=BEST, index=60, on=ON):
    figures = {name: Fraction(value) for name, value in behaviour.items()}
    industry = None if index is None else Prosperity("food", date(2026, 10, 1), index)
    return Known(on, on, statement, figures, industry)


def plain_rules(*goods):
    kept = zip(RATIOS, goods, strict=False)
    made = tuple(RatioRule(ratio, NAME, good, PLAIN) for ratio, good in kept)
    return replace(RULES, ratios=made, fewest_ratios=1)


def part(health, name):
    return next(part for part in health.parts if part.id == name)


def points(health):
    return {part.id: part.points for part in health.parts}


def text_of(name):
    return resources.files("scoring").joinpath("schemes", name).read_text("utf-8")


def test_the_ratios_of_a_statement():
    # Fen: assets 1,000; of them current 600, inventory 200, cash 100; liabilities 500, current 400.
    assert ratios(STATEMENT) == {
        "ebit_to_assets": Fraction(120, 1_000),
        "net_profit_plus_depreciation_to_liabilities": Fraction(80 + 20, 500),
        "equity_to_liabilities": Fraction(1_000 - 500, 500),
        "quick_ratio": Fraction(600 - 200, 400),
        "profit_on_sales_to_sales": Fraction(160, 2_000),
        "cash_ratio": Fraction(100, 400),
        "short_term_liabilities_days_of_sales": Fraction(400 * 365, 2_000),  # 73 days
        "profit_on_sales_to_assets": Fraction(160, 1_000),
        "working_capital_to_assets": Fraction(600 - 400, 1_000),
        "retained_earnings_to_assets": Fraction(150, 1_000),
    }


def test_a_ratio_without_a_denominator_is_absent():
    found = ratios(replace(STATEMENT, liabilities=0, current_liabilities=0, sales=0))
    assert set(found) == {
        "ebit_to_assets",
        "profit_on_sales_to_assets",
        "working_capital_to_assets",
        "retained_earnings_to_assets",
    }


def test_altmans_z_beside_it():
    # 6.56 × 0.2 + 3.26 × 0.15 + 6.72 × 0.12 + 1.05 × 1 = 1.312 + 0.489 + 0.8064 + 1.05 = 3.6574
    found = altman(ratios(STATEMENT), RULES.altman)
    assert (found.z, found.zone) == (Fraction("3.6574"), "safe")
    assert assess(known(), RULES).altman == found
    # All assets owed and nothing earned: 6.56 × −0.4 + 3.26 × 0.15 + 0 + 1.05 × 0 = −2.135
    poor = replace(STATEMENT, liabilities=1_000, current_liabilities=1_000, ebit=0)
    assert altman(ratios(poor), RULES.altman).z == Fraction("-2.135")
    assert altman(ratios(poor), RULES.altman).zone == "distress"
    assert altman(ratios(replace(STATEMENT, liabilities=0)), RULES.altman) is None


def test_altmans_edges_are_grey():
    for ebit, zone in ((Fraction("1.0999"), "distress"), ("1.10", "grey"), ("2.60", "grey")):
        found = dict.fromkeys(RULES.altman.weights, Fraction(0))
        found["equity_to_liabilities"] = Fraction(ebit) / Fraction("1.05")
        assert altman(found, RULES.altman).zone == zone


def test_a_score_worked_by_hand():
    rules = plain_rules("higher", "lower")
    # Ratios 0.12 and 0.2 lie below the first percentile, 1: the 0th. Higher is better: 0; lower is
    # better: 100 − 0 = 100. Statement: 25 × 0 % + 25 × 100 % = 25 of 50.
    # Behaviour: everything at its best but 3 days past due: halfway from 60 (1 day) to 50 (5 days)
    # is 55. Weights 12 + 5 + 5 + 5 + 3 + 5 = 35; 12 × 55 % = 6.6 and 23 in full: 29.6 of 35.
    # Industry: 15 × 60 % = 9. Together 25 + 29.6 + 9 = 63.6: sound.
    health = assess(known(behaviour=BEST | {"days_past_due": 3}), rules)
    assert points(health) == {
        "statement": 25,
        "behaviour": Fraction("29.6"),
        "industry": 9,
    }
    assert (health.score, health.band.id) == (Fraction("63.6"), "sound")
    assert [part.day for part in health.parts] == [STATEMENT.year_end, ON, date(2026, 10, 1)]


def test_a_stale_statement_gives_its_weight_to_behaviour_and_says_so():
    # The year ended on 31 July 2025; 15 months before 16 November 2026 is 16 August 2025.
    stale = assess(known(replace(STATEMENT, year_end=date(2025, 8, 15))), RULES)
    assert part(stale, "statement").why == "stale"
    assert [part.carries for part in stale.parts] == [0, 50 + 35, 15]
    assert points(stale) == {"statement": 0, "behaviour": 85, "industry": 9}
    assert part(stale, "statement").items[0].reading is not None
    fresh = assess(known(replace(STATEMENT, year_end=date(2025, 8, 16))), RULES)
    assert [part.carries for part in fresh.parts] == [50, 35, 15]


def test_untold_parts_give_their_weight_on():
    def carried(**told):
        return [part.carries for part in assess(known(**told), RULES).parts]

    assert carried(statement=None) == [0, 85, 15]
    assert carried(behaviour={}) == [85, 0, 15]
    # Industry gives to the others in proportion: 50 + 15 × 50 ÷ 85 and 35 + 15 × 35 ÷ 85.
    assert carried(index=None) == [50 + Fraction(750, 85), 35 + Fraction(525, 85), 0]
    assert carried(statement=None, index=None) == [0, 100, 0]
    assert carried(statement=None, behaviour={}) == [0, 0, 100]
    nothing = assess(known(None, {}, None), RULES)
    assert (nothing.score, nothing.band, nothing.altman) == (None, None, None)
    assert {part.why for part in nothing.parts} == {"none"}


def test_an_old_index_is_not_used():
    on = date(2027, 4, 2)  # the index is of 1 October 2026, six months before 1 April
    found = part(assess(known(on=on), RULES), "industry")
    assert (found.why, found.carries) == ("stale", 0)


def test_too_few_ratios_say_too_little():
    bare = replace(STATEMENT, current_liabilities=0, liabilities=0, sales=0)
    # EBIT and sales profit over assets are left: two of the eight, and four are asked for.
    assert part(assess(known(bare), RULES), "statement").why == "few"
    assert statement_reading(ratios(bare), RULES) is None


def test_missing_figures_leave_their_weight_to_the_others_of_their_part():
    without = {name: BEST[name] for name in ("balance_trend", "worst_warning")}
    found = part(assess(known(behaviour=without), RULES), "behaviour")
    # 5 and 5 of 10 share 35.
    weights = {item.id: item.weight for item in found.items if item.weight}
    assert weights == {"balance_trend": Fraction(35, 2), "worst_warning": Fraction(35, 2)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.5", 0), ("1", 1), ("1.5", "1.5"), ("2", 2), ("98.25", "98.25"), ("99", 99), ("100", 100)],
)
def test_a_percentile(value, expected):
    assert percentile(Fraction(value), PLAIN) == Fraction(expected)


def test_a_percentile_among_equals_is_their_middle():
    tied = (*PLAIN[:9], *[Fraction(10)] * 21, *PLAIN[30:])  # 10 % to 30 % are alike
    assert percentile(Fraction(10), tied) == 20


def test_every_reading_of_behaviour_between_its_points():
    class_rule = next(rule for rule in RULES.behaviour if rule.id == "balance_trend")
    # [5, 0], [50, 40], [100, 100]: 75 is halfway from 40 to 100.
    told = {at: read_behaviour(Fraction(at), class_rule) for at in (0, 5, 50, 75, 100, 300)}
    assert told == {0: 0, 5: 0, 50: 40, 75: 70, 100: 100, 300: 100}


figures = st.fixed_dictionaries(
    {},
    optional={name: st.fractions(-10, 400, max_denominator=1_000) for name in BEHAVIOURS},
)
amounts = st.integers(-(10**6), 10**6)
whole_amounts = st.integers(0, 10**6)
statements = st.builds(
    Statement,
    year_end=st.dates(date(2024, 1, 1), ON),
    received=st.just(ON),
    assets=whole_amounts,
    current_assets=whole_amounts,
    inventory=whole_amounts,
    cash=whole_amounts,
    liabilities=whole_amounts,
    current_liabilities=whole_amounts,
    retained_earnings=amounts,
    sales=whole_amounts,
    sales_profit=amounts,
    ebit=amounts,
    net_profit=amounts,
    depreciation=whole_amounts,
)
indexes = st.none() | st.integers(0, 100)


@given(st.none() | statements, figures, indexes)
def test_scores_are_bounded_and_the_points_explain_them(statement, behaviour, index):
    health = assess(known(statement, behaviour, index), RULES)
    carried = sum(part.carries for part in health.parts)
    if health.score is None:
        assert not carried
        return
    assert 0 <= health.score <= 100 == carried
    assert sum(item.points for part in health.parts for item in part.items) == health.score
    for one in health.parts:
        assert sum(item.weight for item in one.items) == one.carries


@given(
    st.fixed_dictionaries({name: st.fractions(-5, 100) for name in RATIOS}),
    st.sampled_from(RULES.ratios),
    st.fractions(0, 50),
)
def test_the_statement_part_rises_with_every_ratio_in_its_good_direction(found, rule, by):
    better = found | {rule.id: found[rule.id] + (by if rule.good == "higher" else -by)}
    assert statement_reading(better, RULES) >= statement_reading(found, RULES)


@given(figures, st.sampled_from(RULES.behaviour), st.fractions(0, 100))
def test_behaviour_is_read_one_way(behaviour, rule, by):
    value = behaviour.get(rule.id, Fraction(0))
    rises = rule.points[0][1] < rule.points[-1][1]
    low, high = read_behaviour(value, rule), read_behaviour(value + by, rule)
    assert low <= high if rises else low >= high


def test_the_packaged_rules():
    assert sum(part.weight for part in RULES.parts) == 100
    assert [ratio.id for ratio in RULES.ratios if ratio.good == "lower"] == [
        "short_term_liabilities_days_of_sales"
    ]
    assert {rule.id for rule in RULES.behaviour} == set(BEHAVIOURS)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("weight = 50", "weight = 51", "must sum to 100"),
        ('good = "lower"', 'good = "lowest"', "is none of higher, lower"),
        ('["1", "60"]', '["1", "10"]', "only rise or only fall"),
        ('from = "20"', 'from = "70"', "let the others rise"),
        ("fewest_ratios = 4", "fewest_ratios = 9", "give 1 to 8"),
        ('id = "cash_ratio"', 'id = "quick_ratio"', "names a figure twice"),
        ("stale_months = 15", "months_stale = 15", "is missing"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(old, new, problem):
    text = text_of("health-2026.toml")
    assert old in text
    with pytest.raises(SchemeError, match=problem) as refused:
        load_health(text.replace(old, new, 1), "health.toml")
    assert str(refused.value).startswith("health.toml:")


def test_quantiles_that_fall_are_refused():
    text = text_of("health-quantiles-1.toml").replace('"-0.2548"', '"9"', 1)
    with pytest.raises(SchemeError, match="never fall"):
        read_quantiles(text, "quantiles.toml")
