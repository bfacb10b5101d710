"""The scheme file: what ships is whole, and a broken one is refused by file, key and remedy."""

from importlib import resources
from pathlib import Path

import pytest

from scoring.errors import SchemeError
from scoring.scheme import default_scheme, load_scheme

ROOT = Path(__file__).parents[2]
TEXT = resources.files("scoring").joinpath("schemes/account-manager-2026.toml").read_text("utf-8")


def test_the_packaged_scheme_has_four_dimensions_and_seven_indicators():
    scheme = default_scheme()
    assert [(d.id, d.weight) for d in scheme.dimensions] == [
        ("performance", 40),
        ("client", 20),
        ("risk", 30),
        ("team", 10),
    ]
    assert {i.id: i.weight for i in scheme.indicators} == {
        "P01": 28,
        "P02": 12,
        "C03a": 12,
        "C03b": 8,
        "R01": 16,
        "R03": 14,
        "T02": 10,
    }
    assert [(g.id, g.start) for g in scheme.grades] == [
        ("excellent", 90),
        ("good", 80),
        ("competent", 70),
        ("needs_improvement", 60),
        ("unsatisfactory", 0),
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('id = "P01"', 'id = "P02"', r"indicators\.P02: is there twice"),
        (
            "weight = 28",
            "weight = 27",
            r"dimensions\.performance: its indicators' weights sum to 39",
        ),
        ("weight = 40", "weight = 41", "dimensions: the weights sum to 101; make them sum to 100"),
        ("weight = 28", 'weight = "28"', r"indicators\.P01\.weight: give a whole number"),
        (
            "weight = 28",
            "weight = -1",
            r"indicators\.P01\.weight: give a whole number of at least 0",
        ),
        ("weight = 28", "wieght = 28", r"indicators\.P01\.weight: is missing"),
        (
            'type = "stock"',
            'type = "stok"',
            r"R01\.type: 'stok' is none of average, flow, rate, stock",
        ),
        ('unit = "points"', 'unit = "yuan"', r"T02\.unit: 'yuan' is none of"),
        ('target = "95"\n', "", r"indicators\.R03\.target: is missing; give the target"),
        ('target = "1.5"', 'target = "0"', r"R01\.target: is not above zero"),
        ('type = "flow"', 'type = "flow"\ntarget = "1"', r"P02\.target: managers sign this"),
        ('floor = "0.6", cap = "1.2"', 'floor = "1.3", cap = "1.2"', r"P01\.curve: L needs"),
        (
            'floor = "0.6", cap = "1.2"',
            'floor = 0.6, cap = "1.2"',
            r"floor: give a number in quotes",
        ),
        (
            'kind = "B", best = "100", good = "95"',
            'kind = "B", best = "80", good = "95"',
            "B needs",
        ),
        ('kind = "L"', 'kind = "Z"', r"P01\.curve\.kind: 'Z' is none of L, B, S, D"),
        ("months = [1, 1, 2]", "months = [1, 1]", r"plan\.months: give 3 whole numbers"),
        ("months = [1, 1, 2]", "months = [0, 0, 0]", "not all 0"),
        ("maximum = 45", "maximum = 20", r"private\.maximum: give a whole number of at least 30"),
        ('unscored = ["blue"]', 'unscored = ["green"]', r"sla\.unscored: give a list out of red"),
        ('V2 = "competent"', 'V2 = "fair"', r"vetoes\.V2: no grade 'fair'; name one of"),
        ('V2 = "competent"', "", "vetoes: give the cap of each of V1, V2"),
        ('from = "0"', 'from = "10"', "grades: list them best first"),
        ('zh = "业绩贡献"', 'zh = ""', r"dimensions\.performance\.name\.zh: give a text"),
        ("red = 1", "red = 1\npurple = 3", r"sla\.purple: is not a known key"),
        ("[sla]", "[sla", "not valid TOML"),
        ("[[grades]]", "[[marks]]", "grades: is missing"),
    ],
)
def test_a_broken_scheme_is_refused_by_file_key_and_remedy(old, new, reason):
    assert old in TEXT
    with pytest.raises(SchemeError, match=reason) as refused:
        load_scheme(
            TEXT.replace(old, new, 1) if old != "[[grades]]" else TEXT.replace(old, new), "b.toml"
        )
    assert str(refused.value).startswith("b.toml: ")
    assert "\n" not in str(refused.value)


def test_a_bank_may_use_every_kind_of_curve():
    steps = 'curve = { kind = "S", steps = [["0.8", "60"], ["1", "100"]] }'
    text = TEXT.replace('curve = { kind = "L", floor = "0.6", cap = "1.2" }', steps, 1)
    deduction = 'curve = { kind = "D", each = "2" }'
    text = text.replace('curve = { kind = "B", best = "100", good = "80", bad = "50" }', deduction)
    assert load_scheme(text, "own.toml").digest != default_scheme().digest


def test_a_step_that_is_no_pair_is_refused():
    steps = 'curve = { kind = "S", steps = ["0.8"] }'
    text = TEXT.replace('curve = { kind = "L", floor = "0.6", cap = "1.2" }', steps, 1)
    with pytest.raises(SchemeError, match=r"P01\.curve\.steps: give pairs"):
        load_scheme(text, "own.toml")


def test_every_clause_the_scheme_cites_is_in_the_policy_base():
    sources = [*(ROOT / "knowledge/policies").glob("*.md")]
    sources += (ROOT / "tests/knowledge/policies").rglob("*.md")  # what Word and PDF are set from
    for indicator in default_scheme().indicators:
        if indicator.clause:
            policy, label = indicator.clause.split()
            texts = [path.read_text("utf-8") for path in sources]
            current = [text for text in texts if f'id = "{policy}"\n' in text]
            assert any(f"\n{label}　" in text for text in current), indicator.clause
