"""Money, days and progress in both languages."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import figures


@pytest.mark.parametrize(
    ("fen", "en", "zh"),
    [
        (800_000_00, "CN¥800K", "¥80万"),
        (812_345_67, "CN¥812.3K", "¥81.2万"),
        (-352_000_00, "-CN¥352K", "-¥35.2万"),
        (1_234_567_890_12, "CN¥1.2B", "¥12.3亿"),
        (99900, "CN¥999", "¥999"),
    ],
)
def test_money_is_compact_and_in_the_readers_units(fen, en, zh):
    assert (figures.money(fen, "en"), figures.money(fen, "zh")) == (en, zh)


def test_days_are_written_out():
    day = date(2026, 11, 18)

    assert figures.day(day, "en") == "18 Nov 2026"
    assert figures.day(day, "zh") == "2026年11月18日"
    assert figures.near(day, date(2026, 1, 5), "en") == "18 Nov"
    assert figures.near(day, date(2026, 1, 5), "zh") == "11月18日"
    assert figures.near(day, date(2027, 1, 5), "zh") == "2026年11月18日"
    assert figures.morning(day, "en") == "Wednesday 18 Nov"
    assert figures.morning(day, "zh") == "11月18日 星期三"


@pytest.mark.parametrize(
    ("value", "text"),
    [("82.25", "82.3"), ("82.0", "82"), ("100", "100"), ("0.04", "0"), ("1234.5", "1,234.5")],
)
def test_figures_are_rounded_half_up_without_trailing_zeros(value, text):
    assert figures.number(Decimal(value)) == text


def test_a_bar_shows_tenths():
    assert figures.bar(Decimal("0.62")) == "▓▓▓▓▓▓░░░░"
    assert figures.score_bar(120) == "▓" * 10


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_bar_always_has_ten_cells(share):
    assert len(figures.bar(share)) == 10
