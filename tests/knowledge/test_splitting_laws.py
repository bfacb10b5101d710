"""Laws of splitting: nothing lost, nothing doubled, and places that give the text back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import ReadingError
from knowledge.links import links_of
from knowledge.numerals import chinese
from knowledge.reading.document import Block, Document
from knowledge.splitting import LONGEST_CLAUSE, split
from knowledge.splitting.lines import lines_of, tidy
from knowledge.splitting.outline import outline

TITLE = "测试办法"
WORDS = st.text(alphabet="客户经理应当报告。；， abcdeAB", max_size=60)
NUMBER = st.integers(min_value=1, max_value=15)
LABEL = st.one_of(
    st.just(""),
    NUMBER.map(lambda n: f"第{chinese(n)}条　"),
    NUMBER.map(lambda n: f"第{chinese(n)}章 "),
    NUMBER.map(lambda n: f"{chinese(n)}、"),
    NUMBER.map(lambda n: f"（{chinese(n)}） "),
    NUMBER.map(lambda n: f"{n}. "),
    NUMBER.map(lambda n: f"Article {n} "),
    st.tuples(NUMBER, NUMBER).map(lambda pair: f"{pair[0]}.{pair[1]} "),
    st.sampled_from(
        ["附件", "附件1 ", "Annex A ", "问：", "答：", "(a) ", "目录", "Part II ", TITLE]
    ),
)
LINE = st.tuples(LABEL, WORDS).map("".join)
BLOCK = st.builds(
    Block,
    st.one_of(LINE, st.lists(LINE, max_size=3).map("\n".join)),
    level=st.sampled_from([None, None, None, 1, 2, 3]),
    page=st.sampled_from([None, 1, 2]),
    table=st.sampled_from([False, False, False, True]),
)
PLACED = st.builds(
    Block,
    LINE,
    level=st.sampled_from([None, None, 2]),
    place=st.sampled_from(["slide 1", "slide 2", "Fees!2", "Fees!3"]),
)
DOCUMENT = st.one_of(st.lists(BLOCK, max_size=25), st.lists(PLACED, max_size=12)).map(
    lambda blocks: Document(tuple(blocks))
)


def split_or_nothing(document):
    try:
        return split(document, TITLE)
    except ReadingError:
        return ()


@settings(max_examples=60)
@given(DOCUMENT)
def test_every_line_is_of_one_clause_or_one_heading_or_left_out(document):
    found = outline(document, TITLE)
    told = [line for part in found.parts for line in part.lines]
    places = [line.at for line in (*told, *found.headings, *found.left_out)]

    assert sorted(places) == [line.at for line in lines_of(document)]


@settings(max_examples=60)
@given(DOCUMENT)
def test_every_line_of_a_clause_is_in_its_text_and_where_it_says(document):
    everything = "\n".join(block.text for block in document.blocks)
    clauses = split_or_nothing(document)
    told = {line.at: line for part in outline(document, TITLE).parts for line in part.lines}

    for clause in clauses:
        printed = everything[clause.start : clause.end]
        lines = [line.strip() for line in printed.split("\n") if line.strip()]
        kept = iter(lines)
        assert clause.text
        assert clause.label
        assert printed == printed.strip()
        for line in clause.text.split("\n"):
            assert any(tidy(other) == line or other == line for other in kept), (line, lines)
    for line in told.values():
        # A number on a line of its own is told by the label alone.
        assert any(c.start < line.end and line.at < c.end for c in clauses) or line.text in {
            c.label for c in clauses
        }


@settings(max_examples=60)
@given(DOCUMENT)
def test_clauses_come_in_order_and_do_not_share_a_number(document):
    clauses = split_or_nothing(document)
    starts = [clause.start for clause in clauses]
    numbers = [clause.number for clause in clauses]

    assert starts == sorted(starts)
    assert len(set(numbers)) == len(numbers)
    assert all(len(number) <= 60 for number in numbers)
    assert all(len(clause.text) <= LONGEST_CLAUSE for clause in clauses)


PART = st.text(alphabet="存贷款年利率abc ，。；\n|", min_size=1, max_size=400)


@settings(max_examples=25)
@given(st.lists(PART, min_size=1, max_size=40))
def test_pieces_cover_a_long_clause_and_stay_under_the_cap(parts):
    body = "".join(parts)
    document = Document((Block(f"第一条　甲{body}乙。"), Block("第二条　短。")))
    everything = "\n".join(block.text for block in document.blocks)
    *pieces, _ = split(document, TITLE)
    reached = pieces[0].start

    assert {piece.label for piece in pieces} == {"第一条"}
    assert all(len(piece.text) <= LONGEST_CLAUSE for piece in pieces)
    for piece in pieces:
        assert not everything[reached : max(reached, piece.start)].strip()
        reached = max(reached, piece.end)
    assert pieces[-1].text.endswith("乙。")


@pytest.mark.parametrize(
    "lines",
    [
        ["目录", "·" * 200_000 + "甲1"],
        ["附件", *["长" * 60 + "。"] * 14] * 200,
        ["第二条　" + "第 前条 the " * 3_000],
    ],
)
def test_hostile_lines_are_split_and_linked_in_time_that_grows_with_their_length(lines):
    links_of(split_or_nothing(Document(tuple(map(Block, ["第一条　总则。", *lines])))))
