"""The scheme file: what ships is whole, and a broken one is refused by file, line, key and remedy."""

import tomllib
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import SchemeError
from scoring.indicators import CATALOGUE
from scoring.scheme import default_scheme, load_scheme

ROOT = Path(__file__).parents[2]
TEXT = resources.files("scoring").joinpath("schemes/account-manager-2026.toml").read_text("utf-8")
LINEAR = 'curve = { kind = "L", floor = "0.6", cap = "1.2" }'
P01 = 'type = "average"\nweight = 14\nallowed = [10, 20]'
R01 = 'type = "stock"\nweight = 7\nallowed = [5, 10]\ntarget = "1.5"'
R03 = 'weight = 5\nallowed = [3, 6]\ntarget = "95"'
R05 = 'gives_to = "R01"'


def line(words):
    """The line on which a text's first occurrence ends."""
    return TEXT[: TEXT.index(words) + len(words)].count("\n") + 1


def refused(old, new):
    assert old in TEXT
    with pytest.raises(SchemeError) as found:
        load_scheme(TEXT.replace(old, new, 1), "own.toml")
    text = str(found.value)
    assert "\n" not in text
    return text


def test_the_packaged_scheme_is_for_account_managers_from_2026_on():
    scheme = default_scheme()
    assert (scheme.id, scheme.role, scheme.version) == ("account-manager-2026", "manager", 1)
    assert (scheme.from_day, scheme.to_day) == (date(2026, 1, 1), None)
    assert [(g.id, g.start, str(g.coefficient)) for g in scheme.grades] == [
        ("excellent", 90, "1.2"),
        ("good", 80, "1.1"),
        ("competent", 70, "1.0"),
        ("needs_improvement", 60, "0.8"),
        ("unsatisfactory", 0, "0.5"),
    ]
    assert scheme.veto_coefficients == {"V1": 0}


def test_the_catalogue_is_whole():
    scheme = default_scheme()
    assert [i.id for i in scheme.indicators] == list(CATALOGUE)
    monitored = [i.id for i in scheme.indicators if i.is_monitored]
    assert [i for i in monitored if len(i) == len("S01")] == [f"S{n:02}" for n in range(1, 13)]
    assert {i.id: i.attribution for i in scheme.indicators if i.id[:2] == "R0"}["R01"] == (
        "originator"
    )


def test_rules_by_day():
    loans = default_scheme().loans
    assert loans.inclusive_limit(date(2026, 5, 1)) == 1_000_000_000  # 10 m yuan, for supervision
    assert loans.inclusive_limit(date(2017, 12, 31)) is None
    # approved before 1 October 2025 keep the old catalogue
    assert loans.green_catalogue(date(2025, 9, 30)) == "2021"
    assert loans.green_catalogue(date(2025, 10, 1)) == "2025"
    assert loans.green_catalogue(date(2020, 1, 1)) is None


# ---- refusals: file, line, key, remedy


@pytest.mark.parametrize(
    ("old", "new", "key", "remedy"),
    [
        # weights
        (P01, P01.replace("weight = 14", "weight = 9"), "indicators.P01.weight", "give 10 to 20"),
        (P01, P01.replace("weight = 14", "weight = 21"), "indicators.P01.weight", "give 10 to 20"),
        (R03, R03.replace("weight = 5", "weight = 7"), "indicators.R03.weight", "give 3 to 6"),
        (P01, P01.replace("14", '"14"'), "indicators.P01.weight", "give a whole number of at"),
        (P01, P01.replace("[10, 20]", "[20, 10]"), "indicators.P01.allowed", "such as [10, 20]"),
        # what the regulator forbids
        (P01, P01.replace("average", "stock"), "indicators.P01.type", 'write type = "average"'),
        # targets
        (R01, R01.replace("1.5", "0"), "indicators.R01.target", 'a curve B with of = "diff'),
        (R01, R01.replace("1.5", "-1"), "indicators.R01.target", 'a curve B with of = "diff'),
        (R03, R03.replace('target = "95"', 'target = "90"'), "indicators.R03.target", "write both alike"),
        (P01, P01 + '\ntarget = "1"', "indicators.P01.target", "leave it out here"),
        # curves
        (LINEAR, LINEAR.replace("0.6", "1.3"), "indicators.P01.curve", "L needs 0 ≤ floor < cap"),
        (LINEAR, LINEAR.replace('"0.6"', "0.6"), "indicators.P01.curve.floor", "in quotes"),
        (LINEAR, LINEAR.replace('"L"', '"Z"'), "indicators.P01.curve.kind", "L, B, S, D, G"),
        (LINEAR, 'curve = { kind = "G" }', "indicators.P01.curve", "correct the curve"),
        (LINEAR, 'curve = { kind = "S", steps = ["0.8"] }', "indicators.P01.curve.steps", "pairs"),
        (LINEAR, LINEAR.replace("}", ', eval = "x" }'), "indicators.P01.curve.eval", "remove it"),
        # redistribution
        (R05, 'gives_to = "P01"', "indicators.R05.gives_to", "another indicator of its dimension"),
        (R05, 'gives_to = "R05"', "indicators.R05.gives_to", "another indicator of its dimension"),
        (R05, 'gives_to = "R04a"', "indicators.R05.gives_to", "that has a weight"),
        # what the records cannot measure
        ('id = "P04"', 'id = "P06"', "indicators.P06", "name one of P01, P01a"),
        ('unit = "count"', 'unit = "cny"', "indicators.P04.unit", 'write unit = "count"'),
        ('type = "rate"', 'type = "flow"', "indicators.P02c.type", 'write type = "rate"'),
        # profiles, items, grades
        ('multiply = { C03a = "1.5"', 'multiply = { X1 = "1.5"', "profiles.quarterly.multiply.X1", "id"),
        ('multiply = { C03a = "1.5"', 'multiply = { C03a = "0"', "profiles.quarterly.multiply.C03a", "above 0"),
        ('of = "S10"', 'of = "S99"', "items.B01.of", "name one of this scheme"),
        ('cap = "1"\n', 'cap = "6"\n', "items.B01.cap", "at most 5 points"),
        ('each = "0.5"', 'each = "0"', "items.B01.each", "below 0 for a deduction"),
        ('V2 = "competent"', 'V2 = "fair"', "vetoes.V2", "name one of competent"),
        ('coefficient = "1.2"', 'coefficient = "-1"', "grades.excellent.coefficient", "0 or more"),
        ("good = 100\n", "", "pay.commission_pct", "give the percentage of each"),
        ("parts = [30, 30, 40]", "parts = [30, 30]", "pay.deferral.parts", "sum to 100"),
        # sections
        ("months = [1, 1, 2]", "months = [1, 1]", "plan.months", "give 3 whole numbers"),
        ("maximum = 45", "maximum = 20", "visits.tiers.private.maximum", "of at least 30"),
        ('unscored = ["blue"]', 'unscored = ["green"]', "sla.unscored", "give a list out of red"),
        ("red = 1", "red = 1\npurple = 3", "sla.purple", "correct its spelling"),
        ("from = 2025-10-01", 'from = "2025-10-01"', "loans.green_catalogues.2.from", "without quotes"),
        ("from = 2026-01-01", "from = 2026-01-01\nto = 2026-01-01", "to", "correct one of the two"),
        ("in_slack = false", 'in_slack = "no"', "pay.in_slack", "write true or false"),
        ("repossession_pct = 70", "repossession_pct = 170", "recovery.repossession_pct", "at most 100"),
        ('metric = "credit"', 'metric = "debt"', "clients.rules.3.metric", "is none of assets"),
        ('wealth = "P03a"', 'wealth = "P03x"', "indicators", "P03x is named by another section"),
        ("margin = 30", "", "deposits.coefficients.margin", "is missing"),
        ("margin = 30", "margin = 30\nbond = 100", "deposits.coefficients.bond", "correct its spelling"),
        ("write_off_months = 24", "write_off_months = 2400", "loans.write_off_months", "at most 120"),
        ("month_ends = 2", "month_ends = 200", "churn.month_ends", "at most 12"),
        ("kept_days = 90", "kept_days = 9000", "clients.kept_days", "at most 3650"),
        ('zh = "业绩贡献"', 'zh = ""', "dimensions.performance.name.zh", "not empty"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_by_file_line_key_and_remedy(old, new, key, remedy):
    told = refused(old, new)
    place, found, problem = told.split(": ", 2)
    assert found == key
    assert remedy in problem
    file, number = place.split(":")
    assert file == "own.toml"
    # a key that is there is named on its own line; one within braces on the line they begin on
    last = key.split(".")[-1]
    broken = TEXT.replace(old, new, 1).splitlines()[int(number) - 1]
    named = [part for part in (*key.split("."), last) if part in broken]
    assert named


def test_the_line_is_the_line():
    told = refused('veto_over_pct = "3"', "veto_over_pct = 3")
    assert told.startswith(f"own.toml:{line('veto_over_pct')}: formation.veto_over_pct: give a num")
    told = refused(P01, P01.replace("weight = 14", "weight = 40"))
    at = line('type = "average"\nweight = 14')
    assert told == f"own.toml:{at}: indicators.P01.weight: 40 is not allowed; give 10 to 20"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("weight = 40\n", "weight = 41\n", "dimensions: the weights sum to 101; make them sum to"),
        (
            "weight = 30\n",
            "weight = 29\n",
            "dimensions: the weights sum to 99; make them sum to 100",
        ),
        (P01, P01.replace("14", "13"), "dimensions.performance: its indicators' weights sum to 39"),
        ("risk = 25", "risk = 31", "least_weights.risk: it weighs 30 in the profile annual; raise"),
        ("risk = 25", "rusk = 25", "least_weights.rusk: is no dimension; name one of the list"),
        ('from = "0"', 'from = "10"', "grades: list them best first, with falling `from`"),
        ('V2 = "competent"\n', "", "vetoes: give the cap of each of V1, V2"),
        ('period = "year"', 'period = "quarter"', "profiles: give one profile for the quarter"),
        ("[plan]", "[plans]", "plan: is missing"),
        ('id = "P02"\n', 'id = "P01"\n', "indicators.P01: is there twice; give each"),
        ('dimension = "team"', 'dimension = "crew"', "indicators.T01.dimension: no dimension"),
        ('target = "95"\n', "", "indicators.C02b.target: is missing; give the target everyone"),
        ('id = "P03"\n', 'id = "P09"\n', "indicators.P09: is no indicator the records can measure"),
    ],
)  # fmt: skip
def test_parts_that_do_not_fit_are_refused_with_the_reason(old, new, told):
    assert told in refused(old, new)


def test_a_quarter_that_takes_too_much_from_the_risk_side_is_refused():
    """The least weight holds in every profile, not only as the file has it."""
    told = refused('multiply = { C03a = "1.5"', 'multiply = { P01 = "4", C03a = "1.5"')
    # risk has 30 + 2.5 for R03 + 3 for R04 of 100 + 10 + 3 × 14 for P01: 35.5 ÷ 152
    assert "least_weights.risk: it weighs 23.36 in the profile quarterly" in told


def test_not_valid_toml_is_told_with_its_line():
    told = refused("[sla]", "[sla")
    assert told.startswith(f"own.toml:{line('[sla]')}: not valid TOML: ")
    with pytest.raises(SchemeError, match=r"own\.toml:\d+: grades: is missing"):
        load_scheme("", "own.toml")


def test_a_monitored_indicator_may_weigh_three_at_most():
    wallet = 'name = { en = "Wallet share", zh = "钱包份额" }\nunit = "percent"\ntype = "rate"\nweight = 0\nallowed = [0, 3]'
    told = refused(wallet, wallet.replace("[0, 3]", "[0, 4]"))
    assert "indicators.S01.allowed: it is monitored and may weigh 3 at most" in told


def test_a_target_of_zero_or_less_needs_a_curve_on_the_difference():
    ratio = 'curve = { kind = "B", best = "0", good = "1", bad = "2", of = "target" }'
    on_difference = 'curve = { kind = "B", best = "-1", good = "0", bad = "1", of = "difference" }'
    text = TEXT.replace(R01, R01.replace("1.5", "0")).replace(ratio, on_difference)
    assert load_scheme(text, "own.toml").indicator("R01").target == 0


def test_a_bank_may_use_every_kind_of_curve():
    steps = 'curve = { kind = "S", steps = [["0.8", "60"], ["1", "100"]] }'
    deduction = 'curve = { kind = "D", each = "2" }'
    text = TEXT.replace(LINEAR, steps, 1)
    text = text.replace('curve = { kind = "B", best = "0", good = "1", bad = "8" }', deduction)
    scheme = load_scheme(text, "own.toml")
    assert scheme.digest != default_scheme().digest
    assert scheme.indicator("C01b").curve != default_scheme().indicator("C01b").curve


@given(key=st.sampled_from(sorted(set(tomllib.loads(TEXT)) - {"to"})))
def test_no_section_may_be_missing(key):
    text = TEXT.replace(f"\n[{key}", "\n[gone-").replace(f"\n[[{key}", "\n[[gone-")
    text = text.replace(f"\n{key} =", "\ngone =")
    with pytest.raises(SchemeError, match=r"own\.toml:\d+: "):
        load_scheme(text, "own.toml")


def test_every_clause_the_scheme_cites_is_in_the_policy_base():
    sources = [*(ROOT / "knowledge/policies").glob("*.md")]
    sources += (ROOT / "tests/knowledge/policies").rglob("*.md")  # what Word and PDF are set from
    scheme = default_scheme()
    for cited in (*scheme.indicators, *scheme.items):
        if cited.clause:
            policy, label = cited.clause.split()
            texts = [path.read_text("utf-8") for path in sources]
            current = [text for text in texts if f'id = "{policy}"\n' in text]
            assert any(f"\n{label}　" in text for text in current), cited.clause
