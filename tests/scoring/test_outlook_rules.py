"""The figures behind forecasts and levers: what a scheme may say, and how a mistake is told."""

from importlib import resources

import pytest

from scoring.errors import SchemeError
from scoring.outlook_rules import KINDS
from scoring.scheme import default_scheme, load_scheme

PACKAGED = resources.files("scoring").joinpath("schemes", "account-manager-2026.toml")
TEXT = PACKAGED.read_text(encoding="utf-8")


def test_the_packaged_scheme_has_every_figure():
    scheme = default_scheme()
    assert set(scheme.levers.kinds) == set(KINDS)
    assert (scheme.forecast.draws, scheme.forecast.fewest_weeks) == (1000, 8)
    assert (str(scheme.forecast.pull), scheme.forecast.season_prior) == ("0.15", 2)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('pull = "0.15"', 'pull = "0"', "forecast.pull: is not above 0"),
        ("draws = 1000", "draws = 5", "forecast.draws: give a whole number of at least 100"),
        ('normal = "0.1"', 'fine = "0.1"', "forecast.roll_pct.fine: is none of normal"),
        ('normal = "0.1"', 'normal = "120"', "forecast.roll_pct.normal: is not between 0 and 100"),
        ('counted = ["C02a"', 'counted = ["X1"', "forecast.counted: give a list out of"),
        ("recovery = {", "begging = {", "levers.kinds: begging is none of warning"),
        ('recovery = { probability_pct = 20, hours = "6" }', "", "levers.kinds: lacks recovery"),
        ('hours = "6"', 'hours = "0"', "levers.kinds.recovery.hours: is not above 0"),
        ("near_pct = 80", "near_pct = 180", "levers.near_pct: give a whole number"),
        ("[levers]\n", "[levers]\nnoise = 1\n", "levers.noise: is not a known key"),
    ],
)
def test_a_mistake_is_told_with_its_place(old, new, told):
    assert TEXT.count(old) == 1
    with pytest.raises(SchemeError, match=r"own\.toml:\d+: ") as refused:
        load_scheme(TEXT.replace(old, new), "own.toml")
    assert told in str(refused.value)
