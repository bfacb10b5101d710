"""Text from outside: what a reader cannot see is taken out; what was typed is understood."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import as_json, cut, typed, unlinked, visible


@given(st.text(st.characters(codec=None)))
def test_nothing_invisible_or_unencodable_is_left(text):
    shown = visible(text)

    shown.encode("utf-8")
    assert all(c in "\n\t" or unicodedata.category(c) != "Cc" for c in shown)
    assert not set(shown) & set("\u200b\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2069\ufeff")
    assert visible(shown) == shown


@pytest.mark.parametrize("text", ["云小舟", "Ada Example", "a\tb\nc", "¥80万 · 12.5%", "🙂"])
def test_ordinary_text_stays_as_it_is(text):
    assert visible(text) == text


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_cut_text_fits(text, most):
    assert len(cut(text, most)) <= most


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("<@U00> 多久要上报？", "多久要上报？"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("see <https://example.com/x|the page>", "see the page"),
        ("see <https://example.com/x>", "see https://example.com/x"),
        ("<!channel> hello <#C01|general>", "hello"),
        ("  \n ", ""),
    ],
)
def test_a_typed_message_is_read_as_it_was_meant(sent, meant):
    assert typed(sent) == meant


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("见 https://evil.example/x?q=1 。", "见 […] 。"),
        ("![逾期名单](http://evil.example/a.png)", "![逾期名单]([…]"),
        ("请登录www.evil.example/login", "请登录[…]"),
        ("visit evil.example:8080/a now", "visit […] now"),
        ("mail to a.b@evil.example", "mail to […]"),
        ("javascript:alert(1)", "[…]"),
        ("slack://open?team=T1", "[…]"),
    ],
)
def test_addresses_are_taken_out_where_links_would_be_made_of_them(text, left):
    assert unlinked(text) == left


@pytest.mark.parametrize(
    "text", ["3.2.1", "第1.2条", "T+1", "e.g. a visit, i.e. in person", "12.5%", "12:30", "a.m."]
)
def test_what_is_no_address_stays(text):
    assert unlinked(text) == text


@given(st.dictionaries(st.text(), st.text(st.characters(codec=None))))
def test_json_is_one_line_of_what_can_be_seen_and_says_the_same(found):
    line = as_json(found)

    assert json.loads(line) == found
    assert visible(line) == line
