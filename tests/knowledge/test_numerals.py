import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numerals import chinese, digits, number_of


@given(st.integers(min_value=0, max_value=9_999))
def test_a_number_written_in_chinese_reads_back(value):
    assert number_of(chinese(value)) == value
    assert number_of(digits(value)) == value
    assert number_of(str(value)) == value


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "零"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (110, "一百一十"),
     (1_001, "一千零一"), (1_010, "一千零一十"), (2_300, "二千三百")],
)  # fmt: skip
def test_counting_form(value, written):
    assert chinese(value) == written


@pytest.mark.parametrize(
    ("written", "value"),
    [("两", 2), ("两千", 2_000), ("五百万", 5_000_000), ("一亿二千万", 120_000_000), ("二〇二六", 2026),
     ("两万三千", 23_000), ("１２", 12), ("2百零５", 205), ("3十", 30), ("abc", None), ("²", None),
     ("", None)],
)  # fmt: skip
def test_amounts_and_years(written, value):
    assert number_of(written) == value
