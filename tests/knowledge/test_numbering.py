"""Word's automatic numbers, on documents whose lists are written here."""

import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.numerals import number_of
from knowledge.reading.counters import write_number
from tests.knowledge.drafts import (
    AUTHOR,
    Draft,
    cell,
    deleted,
    level,
    listed,
    number_styles,
    paragraph,
    row,
    run,
    table,
)


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("decimal", {1: "1", 12: "12"}),
        ("decimalZero", {3: "03", 12: "12"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa", 53: "aaa"}),
        ("upperLetter", {2: "B", 28: "BB"}),
        ("lowerRoman", {4: "iv", 9: "ix", 14: "xiv", 1994: "mcmxciv"}),
        ("upperRoman", {49: "XLIX"}),
        ("chineseCounting", {10: "十", 12: "十二", 21: "二十一", 105: "一○五"}),
        ("chineseCountingThousand", {10: "十", 105: "一百零五", 1234: "一千二百三十四"}),
        ("ideographDigital", {10: "一〇", 26: "二六"}),
        ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 12: "壹拾贰", 105: "壹佰零伍"}),
        ("ideographLegalTraditional", {3: "參", 26: "貳拾陸"}),
        ("ideographEnclosedCircle", {1: "㊀", 10: "㊉", 11: "11"}),
        ("ideographTraditional", {1: "甲", 10: "癸"}),
        ("ideographZodiac", {1: "子", 12: "亥"}),
        ("ideographZodiacTraditional", {1: "甲子", 11: "甲戌", 60: "癸亥", 61: "甲子"}),
        ("taiwaneseCountingThousand", {110: "一百一十"}),
        ("taiwaneseDigital", {105: "一○五"}),
        ("decimalEnclosedCircleChinese", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalEnclosedFullstop", {2: "⒉"}),
        ("decimalEnclosedParen", {12: "⑿"}),
        ("decimalFullWidth", {12: "１２"}),
        ("japaneseCounting", {10: "十", 21: "二十一", 105: "百五", 1111: "千百十一"}),
        ("japaneseLegal", {12: "拾弐"}),
        ("koreanCounting", {12: "십이", 105: "백오"}),
        ("koreanLegal", {21: "스물하나"}),
        ("koreanDigital", {10: "일영"}),
        ("ganada", {1: "가", 14: "하", 15: "가"}),
        ("chosung", {3: "ㄷ"}),
        ("aiueoFullWidth", {1: "ア", 6: "カ"}),
        ("ordinal", {1: "1st", 2: "2nd", 11: "11th", 23: "23rd"}),
        ("cardinalText", {5: "Five", 40: "Forty", 42: "Forty-two"}),
        ("ordinalText", {1: "First", 20: "Twentieth", 21: "Twenty-first"}),
        ("numberInDash", {3: "- 3 -"}),
        ("none", {3: ""}),
        ("neverHeardOf", {3: "3"}),
    ],
)
def test_formats(form, values):
    assert {value: write_number(value, form) for value in values} == values


def test_articles_run_on_through_chapters_while_items_restart(tmp_path):
    draft = Draft()
    draft.define(
        0,
        level("chineseCounting", "第%1章"),
        level("chineseCountingThousand", "第%2条", extra='<w:lvlRestart w:val="0"/>'),
        level("chineseCounting", "（%3）"),
    )
    draft.use(1, 0)
    for text, depth in [
        ("总则", 0),
        ("甲", 1),
        ("子", 2),
        ("丑", 2),
        ("乙", 1),
        ("寅", 2),
        ("附则", 0),
        ("丙", 1),
    ]:
        draft.add(text, 1, depth)

    assert draft.read(tmp_path) == [
        "第一章 总则", "第一条 甲", "（一） 子", "（二） 丑", "第二条 乙", "（一） 寅", "第二章 附则", "第三条 丙",
    ]  # fmt: skip


def test_start_and_legal_numbering(tmp_path):
    draft = Draft()
    draft.define(
        0,
        level("upperRoman", "%1", start=3),
        level("decimal", "%1.%2", start=5, extra="<w:isLgl/>"),
    )
    draft.use(1, 0)
    draft.add("Part", 1, 0)
    draft.add("one", 1, 1)
    draft.add("two", 1, 1)

    assert draft.read(tmp_path) == ["III Part", "3.5 one", "3.6 two"]


def test_legal_numbers_keep_their_leading_zeros(tmp_path):
    draft = Draft()
    draft.define(
        0,
        level("upperRoman", "Article %1."),
        level("decimalZero", "Section %1.%2", extra="<w:isLgl/>"),
    )
    draft.use(1, 0)
    for text, depth in (("Loans", 0), ("one", 1), ("two", 1)):
        draft.add(text, 1, depth)

    assert draft.read(tmp_path) == ["Article I. Loans", "Section 1.01 one", "Section 1.02 two"]


def test_a_level_passed_over_has_begun_so_that_no_number_comes_twice(tmp_path):
    draft = Draft()
    draft.define(0, level(text="%1", start=3), level(text="%1.%2"))
    draft.use(1, 0)
    for text, depth in (("before", 1), ("too", 1), ("Part", 0), ("below", 1)):
        draft.add(text, 1, depth)

    assert draft.read(tmp_path) == ["3.1 before", "3.2 too", "4 Part", "4.1 below"]


def test_two_lists_of_one_definition_go_on_counting_unless_told_to_start_again(tmp_path):
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    draft = Draft()
    draft.define(0, level())
    draft.use(1, 0)
    draft.use(2, 0)
    draft.use(3, 0, again)
    for number, text in enumerate("abcde"):
        draft.add(text, [1, 2, 3, 3, 1][number], 0)

    assert draft.read(tmp_path) == ["1. a", "2. b", "1. c", "2. d", "3. e"]


def test_restart_only_after_the_named_level(tmp_path):
    # lvlRestart 1 on the third level: only a new first level restarts it.
    draft = Draft()
    draft.define(
        0,
        level(),
        level(text="%1.%2"),
        level("lowerLetter", "(%3)", extra='<w:lvlRestart w:val="1"/>'),
    )
    draft.use(1, 0)
    for text, depth in [
        ("A", 0),
        ("x", 1),
        ("p", 2),
        ("y", 1),
        ("q", 2),
        ("B", 0),
        ("z", 1),
        ("r", 2),
    ]:
        draft.add(text, 1, depth)

    assert draft.read(tmp_path) == [
        "1. A", "1.1 x", "(a) p", "1.2 y", "(b) q", "2. B", "2.1 z", "(a) r",
    ]  # fmt: skip


def test_a_level_may_be_replaced_for_one_list(tmp_path):
    replaced = f'<w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0">{level("upperLetter", "%1)")}</w:lvl></w:lvlOverride>'
    draft = Draft()
    draft.define(0, level())
    draft.use(1, 0, replaced)
    draft.add("x", 1, 0)

    assert draft.read(tmp_path) == ["A) x"]


def test_numbers_come_from_the_style_and_what_it_is_based_on(tmp_path):
    draft = Draft()
    number_styles(draft)
    draft.add("总则", style="Chapter")
    draft.add("甲", style="Article")
    draft.add("乙", style="Tight")
    draft.add("不编号", num_id=0, style="Article")

    assert draft.read(tmp_path) == ["第一章 总则", "第一条 甲", "第二条 乙", "不编号"]


def test_a_list_that_links_to_a_numbering_style(tmp_path):
    draft = Draft()
    draft.define(0, level("lowerRoman", "%1."), inner='<w:styleLink w:val="House"/>')
    draft.define(1, inner='<w:numStyleLink w:val="House"/>')
    draft.use(1, 0)
    draft.use(2, 1)
    draft.style("House", '<w:numPr><w:numId w:val="1"/></w:numPr>')
    draft.add("x", 2, 0)
    draft.add("y", 2, 0)

    assert draft.read(tmp_path) == ["i. x", "ii. y"]


def test_bullets_have_no_number_and_unknown_lists_do_no_harm(tmp_path):
    draft = Draft()
    draft.define(0, level("bullet", "•"))
    draft.use(1, 0)
    draft.add("x", 1, 0)
    draft.add("y", 99, 0)

    assert draft.read(tmp_path) == ["x", "y"]


def test_a_style_based_on_itself_is_survived(tmp_path):
    draft = Draft()
    draft.style("Loop", "", based_on="Loop")
    draft.add("x", style="Loop")

    assert draft.read(tmp_path) == ["x"]


def test_a_list_that_starts_anew_does_so_also_after_each_chapter(tmp_path):
    # startOverride stands for the start: the first time and at every restart.
    again = "".join(
        f'<w:lvlOverride w:ilvl="{n}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        for n, start in ((0, 1), (1, 5))
    )
    draft = Draft()
    draft.define(0, level(), level(text="%1.%2"))
    draft.use(1, 0)
    draft.use(2, 0, again)
    for num_id, depth in [(1, 0), (1, 1), (2, 0), (2, 1), (2, 1), (2, 0), (2, 1)]:
        draft.add("x", num_id, depth)

    assert draft.read(tmp_path) == [
        "1. x", "1.1 x", "1. x", "1.5 x", "1.6 x", "2. x", "2.5 x",
    ]  # fmt: skip


def test_lists_that_share_a_numbering_style_share_their_count(tmp_path):
    draft = Draft()
    draft.define(0, level("chineseCounting", "%1、"), inner='<w:styleLink w:val="House"/>')
    draft.define(1, inner='<w:numStyleLink w:val="House"/>')
    draft.use(1, 0)
    draft.use(2, 1)
    draft.style("House", '<w:numPr><w:numId w:val="1"/></w:numPr>')
    for num_id in (1, 2, 1):
        draft.add("x", num_id, 0)

    assert draft.read(tmp_path) == ["一、 x", "二、 x", "三、 x"]


def test_a_style_takes_list_and_level_each_from_its_nearest_ancestor(tmp_path):
    draft = Draft()
    draft.define(0, level(text="%1"), level(text="%1.%2"), level("lowerLetter", "(%3)"))
    draft.use(1, 0)
    draft.style("H1", '<w:numPr><w:numId w:val="1"/></w:numPr>')
    draft.style("H2", '<w:numPr><w:ilvl w:val="1"/></w:numPr>', based_on="H1")
    draft.style("H3", '<w:numPr><w:ilvl w:val="2"/></w:numPr>', based_on="H2")
    draft.style("Plain", '<w:numPr><w:numId w:val="0"/></w:numPr>', based_on="H2")
    for name in ("H1", "H2", "H3", "H3", "Plain", "H2"):
        draft.add(name, style=name)

    assert draft.read(tmp_path) == ["1 H1", "1.1 H2", "(a) H3", "(b) H3", "Plain", "1.2 H2"]


def test_the_level_that_names_a_style_wins_over_the_level_the_style_names(tmp_path):
    draft = Draft()
    draft.define(0, level(text="%1"), level(text="%1.%2", extra='<w:pStyle w:val="Art"/>'))
    draft.use(1, 0)
    draft.style("Art", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    draft.add("x", 1, 0)
    draft.add("y", style="Art")

    assert draft.read(tmp_path) == ["1 x", "1.1 y"]


def test_a_level_of_ones_own_on_a_paragraph_with_a_numbered_style(tmp_path):
    draft = Draft()
    draft.define(0, level(text="%1"), level(text="%1.%2"))
    draft.use(1, 0)
    draft.style("Art", '<w:numPr><w:numId w:val="1"/></w:numPr>')
    draft.add("x", style="Art")
    draft.add("y", level=1, style="Art")

    assert draft.read(tmp_path) == ["1 x", "1.1 y"]


def test_a_custom_format_is_as_wide_as_its_sample(tmp_path):
    custom = (
        "<mc:AlternateContent><mc:Choice Requires='w14'>"
        "<w:numFmt w:val='custom' w:format='001, 002, 003, ...'/></mc:Choice>"
        "<mc:Fallback><w:numFmt w:val='decimal'/></mc:Fallback></mc:AlternateContent>"
        "<w:lvlText w:val='R%1'/>"
    )
    draft = Draft()
    draft.define(0, f"<w:start w:val='9'/>{custom}")
    draft.use(1, 0)
    draft.add("x", 1, 0)
    draft.add("y", 1, 0)

    assert draft.read(tmp_path) == ["R009 x", "R010 y"]


def test_what_separates_a_number_from_its_text(tmp_path):
    separators = ("tab", "space", "nothing")
    draft = Draft()
    for n, name in enumerate(separators):
        parts = level("chineseCountingThousand", "第%1条").replace(
            '<w:suff w:val="space"/>', f'<w:suff w:val="{name}"/>'
        )
        draft.define(n, parts)
        draft.use(n + 1, n)
        draft.add("总则", n + 1, 0)

    assert draft.read(tmp_path) == ["第一条 总则", "第一条 总则", "第一条总则"]


def test_deleted_and_hidden_paragraphs_take_no_number_and_empty_ones_do(tmp_path):
    draft = Draft()
    draft.define(0, level())
    draft.use(1, 0)
    draft.xml(
        paragraph(run("one"), listed(0))
        + paragraph(deleted("gone"), f"{listed(0)}<w:rPr><w:del {AUTHOR}/></w:rPr>")
        + paragraph(run("no one", "<w:vanish/>"), f"{listed(0)}<w:rPr><w:vanish/></w:rPr>")
        + paragraph("", listed(0))
        + paragraph(run("three"), listed(0))
    )

    assert draft.read(tmp_path) == ["1. one", "3. three"]


def test_a_tracked_change_of_numbering_counts_as_it_is_now(tmp_path):
    draft = Draft()
    draft.define(0, level())
    draft.define(1, level("lowerLetter", "(%1)"))
    draft.use(1, 0)
    draft.use(2, 1)
    was = f"<w:pPrChange {AUTHOR}><w:pPr>{listed(0, 2)}</w:pPr></w:pPrChange>"
    inserted = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/><w:ins {AUTHOR}/></w:numPr>'
    draft.xml(
        paragraph(run("one"), inserted + was)
        + paragraph(run("not listed any more"), was)
        + paragraph(run("two"), listed(0))
    )

    assert draft.read(tmp_path) == ["1. one", "not listed any more", "2. two"]


def test_numbers_run_on_through_the_cells_of_a_table(tmp_path):
    draft = Draft()
    draft.define(0, level("chineseCountingThousand", "第%1条"))
    draft.use(1, 0)
    draft.xml(
        paragraph(run("甲"), listed(0))
        + table(row(cell(paragraph(run("乙"), listed(0))), cell(paragraph(run("丙"), listed(0)))))
        + paragraph(run("丁"), listed(0))
    )

    assert draft.read(tmp_path) == ["第一条 甲", "第二条 乙 | 第三条 丙", "第四条 丁"]


# The laws. A list of three levels, and any order of paragraphs on them.

DEPTHS = st.lists(st.integers(0, 2), min_size=1, max_size=14)
FORMS = {0: "%1.", 1: "%1.%2.", 2: "%1.%2.%3."}


def outline(depths, *, extra="", wrappings=None):
    """The numbers read for paragraphs at these depths, each wrapped as the test wants."""
    draft = Draft()
    draft.define(0, level(text=FORMS[0]), level(text=FORMS[1], extra=extra), level(text=FORMS[2]))
    draft.use(1, 0)
    content = [paragraph(run("x"), listed(depth)) for depth in depths]
    if wrappings:
        content = [wrap(inside) for wrap, inside in zip(wrappings, content, strict=False)]
    draft.xml("".join(content))
    with tempfile.TemporaryDirectory() as folder:
        read = draft.read(Path(folder))
    words = " ".join(read).replace("|", " ").replace("y", " ").split()
    return [word for word in words if word != "x"]


def begun(depths):
    """Every paragraph's depth, before it those above it that have begun without one."""
    current = set()
    for depth in depths:
        for above in range(depth + 1):
            if above == depth or above not in current:
                current = {other for other in current if other < above} | {above}
                yield above


def counted(depths):
    """The number printed before the last paragraph: how many since a shallower one, by depth."""
    past = list(begun(depths))
    since = (
        itertools.takewhile(lambda d, limit=depth: d >= limit, reversed(past))
        for depth in range(depths[-1] + 1)
    )
    return "".join(f"{list(seen).count(depth)}." for depth, seen in enumerate(since))


@settings(max_examples=5)
@given(st.lists(st.integers(0, 1), min_size=1, max_size=14))
def test_a_level_that_never_restarts_counts_through_the_whole_document(depths):
    numbers = outline(depths, extra='<w:lvlRestart w:val="0"/>')
    second = [number for number, depth in zip(numbers, depths, strict=True) if depth == 1]

    assert [number.split(".")[1] for number in second] == [
        str(n) for n in range(1, len(second) + 1)
    ]


WRAPPINGS = (
    lambda content: content,
    lambda content: f"<w:sdt><w:sdtContent>{content}</w:sdtContent></w:sdt>",
    lambda content: f'<w:customXml w:element="e">{content}</w:customXml>',
    lambda content: table(row(cell(content))),
    lambda content: table(row(cell(content), cell("y"))),
    lambda content: content + paragraph(run("y")),
    lambda content: (
        paragraph(deleted("gone"), f"{listed(0)}<w:rPr><w:del {AUTHOR}/></w:rPr>") + content
    ),
)


@settings(max_examples=12)
@given(DEPTHS, st.lists(st.sampled_from(WRAPPINGS), min_size=14, max_size=14))
def test_a_number_is_the_count_since_the_last_shallower_paragraph(depths, wrappings):
    expected = [counted(depths[: position + 1]) for position in range(len(depths))]

    # Whatever a paragraph stands in or beside.
    assert outline(depths, wrappings=wrappings) == expected


@given(st.integers(1, 9_999))
def test_chinese_numbers_are_read_back_as_they_were_counted(value):
    assert number_of(write_number(value, "chineseCountingThousand")) == value
    assert number_of(write_number(value, "ideographDigital")) == value


@given(
    st.sampled_from(
        [
            *("decimal", "decimalZero", "decimalFullWidth", "lowerLetter", "upperRoman"),
            *("lowerRoman", "chineseCounting", "chineseCountingThousand", "ideographDigital"),
            *("chineseLegalSimplified", "japaneseCounting", "koreanCounting", "ordinal"),
        ]
    ),
    st.integers(1, 3_000),
    st.integers(1, 3_000),
)
def test_different_values_are_written_differently(form, one, other):
    assert (write_number(one, form) == write_number(other, form)) == (one == other)
