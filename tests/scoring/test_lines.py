"""Where a key stands in a TOML text."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.lines import line_of

TEXT = '''\
# a comment, then [brackets] and a = 1
title = "one" # id = "no"

[plan]
months = [1, 1, 2]   # [[ not a header
long = [
  ["0.8", "60"],
  # a comment ] in a list
  ["1", "100"],
]
words = """
[not.a.table]
a = 1
"""
"quoted key" = 1
dotted.below = 2

[[indicators]]
id = "P01"
name = { en = "One", zh = "一" }

[indicators.formula]
en = "first"

[[indicators]]
weight = 3
id = 'P02'

[indicators.formula]
en = "second"

[[rules]]
day = 1

[[rules]]
day = 2
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("title", 2),
        ("plan", 4),
        ("plan.months", 5),
        ("plan.long", 6),
        ("plan.words", 11),
        ("plan.quoted key", 15),
        ("plan.dotted.below", 16),
        ("indicators", 18),
        ("indicators.P01", 18),
        ("indicators.P01.name.zh", 20),  # within braces: the line they begin on
        ("indicators.P01.formula.en", 23),
        ("indicators.P02.weight", 26),
        ("indicators.P02.formula", 29),
        ("indicators.P02.formula.en", 30),
        ("rules.2.day", 36),
        ("plan.missing", 4),  # what is not there: the table it would be in
        ("nothing", 1),
    ],
)
def test_the_line_of_a_key(path, line):
    assert line_of(TEXT, tuple(path.split("."))) == line


def test_the_text_is_read_as_toml_reads_it():
    assert tomllib.loads(TEXT)["plan"]["words"] == "[not.a.table]\na = 1\n"


@given(keys=st.lists(st.from_regex(r"[a-z]{1,5}", fullmatch=True), unique=True, max_size=8))
def test_every_key_of_a_plain_text_is_on_its_own_line(keys):
    text = "".join(f"{key} = {at}\n" for at, key in enumerate(keys, start=1))
    assert [line_of(text, (key,)) for key in keys] == list(tomllib.loads(text).values())


@given(text=st.text(alphabet="ab=[]{}\"'#.\n ", max_size=80))
def test_no_text_is_too_broken_to_be_looked_at(text):
    assert 1 <= line_of(text, ("a", "b")) <= max(len(text.splitlines()), 1)
