"""Quotes are a clause's own words, however they are spaced; and nothing else is."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge.llm.quoting import find_quote

CLAUSE = (
    "借款人逾期还款的，客户经理应当在次一工作日内上报团队长；不得办理 1,500 元以上、利率 2.5% 的业务。"
    " See item 3. 5 days are allowed; managers must not accept cash within 15 days."
)
POLICIES = Path(__file__).parents[2] / "knowledge" / "policies"
# The sentences of the policies that ship, in both languages.
SENTENCES = sorted(
    {
        found.strip()
        for path in POLICIES.glob("*.md")
        for line in path.read_text(encoding="utf-8").split("+++")[-1].splitlines()
        if not line.startswith(("#", "|"))
        for found in re.findall(r"[^。；]+[。；]|.+", line)
        if len(found.strip()) > 12
    }
)
FIGURE = r"[\d零〇一二两三四五六七八九十百千万亿]"
WIDE = {ord(one): ord(one) + 0xFEE0 for one in "0123456789abcdefghijklmnopqrstuvwxyzABC%"}
SPACES = (" ", "\n", "　", " \t ")
MARKS = "。，；：、！？,;:!?“”‘’\"'()（）《》·"


@pytest.mark.parametrize(
    ("quote", "printed"),
    [
        ("借款人逾期还款的客户经理", "借款人逾期还款的，客户经理"),
        ("客户经理 应当\n在次一工作日内", "客户经理应当在次一工作日内"),
        ("不得办理１，５００元以上", "不得办理 1,500 元以上"),
        ("利率2.5％的业务", "利率 2.5% 的业务"),
        ("MANAGERS must not accept cash", "managers must not accept cash"),
        ("item 3", "item 3"),
        ("5 days are allowed", "5 days are allowed"),
        ("within 15 days", "within 15 days"),
    ],
)
def test_a_quote_is_found_however_it_is_spaced_and_is_given_as_printed(quote, printed):
    start, end = find_quote(quote, CLAUSE)

    assert CLAUSE[start:end] == printed


@pytest.mark.parametrize(
    "quote",
    [
        "得办理 1,500 元",  # the 不 before it is left out
        "客户经理在次一工作日内",  # 应当 is left out
        "办理 500 元以上",  # a part of 1,500
        "利率 5% 的业务",  # a part of 2.5%
        "利率 2.5",  # without its %
        "利率 25% 的业务",
        "within 5 days",  # a part of 15
        "3.5 days are allowed",  # of "3. 5"
        "accept cash within 15 days",  # behind a not
        "anagers must not",  # a part of a word
        "must accept cash",
        "",
        "。，",
        " ",
    ],
)
def test_what_leaves_out_or_cuts_a_figure_a_word_or_a_denial_is_no_quote(quote):
    assert find_quote(quote, CLAUSE) is None


def letters(text):
    return re.sub(r"\W", "", text).casefold()


def is_whole(text, at):
    """Whether a cut at a place goes through no figure and no word and stands behind no denial."""
    before, after = text[:at].rstrip(), text[at:].lstrip()
    inside = re.search(rf"({FIGURE}[^\w\s]*|[A-Za-z]'?)$", text[:at]) and re.match(
        rf"[^\w\s]*({FIGURE}|[A-Za-z%‰])", text[at:]
    )
    denial = re.search(r"([不未无非勿毋没]|禁止|严禁|n't|\b(not|no|never|nor|neither|cannot|without|unless))$", before, re.IGNORECASE)  # fmt: skip
    return not inside and not denial and not re.match(r"[%‰]", after)


@st.composite
def quotes(draw):
    """A sentence of a policy and a part of it that cuts nothing in two."""
    text = draw(st.sampled_from(SENTENCES))
    start = draw(st.integers(0, len(text) - 8))
    end = draw(st.integers(start + 4, len(text)))
    assume(is_whole(text, start) and is_whole(text, end))
    assume(re.search(r"\w", text[start:end]))
    return text, text[start:end]


@st.composite
def respelt(draw):
    """A quote in other widths, with other white space and other marks."""
    text, quote = draw(quotes())
    signs = []
    for at, sign in enumerate(quote):
        between = re.search(rf"{FIGURE}\W*$", quote[:at]) and re.match(rf"\W*{FIGURE}", quote[at:])
        others = ["", sign, " ", "、"] if sign in MARKS and not between else [sign]
        signs.append(draw(st.sampled_from(SPACES if sign == " " else others)))
    other = "".join(signs)
    return text, draw(st.sampled_from([other, other.translate(WIDE), other.upper()]))


@given(respelt())
def test_any_part_of_a_clause_passes_in_any_width_spacing_and_punctuation(pair):
    text, quote = pair
    span = find_quote(quote, text)

    assert span is not None
    assert find_quote(text[slice(*span)], text) is not None


@given(st.sampled_from([one for one in SENTENCES if re.search(r"\d", one)]), st.data())
def test_a_clause_with_one_digit_changed_fails(text, data):
    at = data.draw(st.sampled_from([found.start() for found in re.finditer(r"\d", text)]))
    digit = data.draw(st.sampled_from(sorted(set("0123456789") - {text[at]})))

    assert find_quote(text[:at] + digit + text[at + 1 :], text) is None


@given(st.sampled_from([one for one in SENTENCES if re.search(r"[不未]|\bnot\b", one)]), st.data())
def test_a_clause_with_one_denial_dropped_fails(text, data):
    found = data.draw(st.sampled_from(list(re.finditer(r"[不未]|\bnot\b", text))))

    assert find_quote(text[: found.start()] + text[found.end() :], text) is None


@given(st.sampled_from([one for one in SENTENCES if re.search(r"[不未]|\bnot\b", one)]), st.data())
def test_a_part_that_begins_just_behind_a_denial_fails(text, data):
    found = data.draw(st.sampled_from(list(re.finditer(r"[不未]|\bnot\b", text))))
    part = text[found.end() :].strip()
    assume(len(part) > 4 and letters(part) not in letters(text[: found.end()]))

    assert find_quote(part, text) is None
