from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import ReadingError
from knowledge.numerals import chinese
from knowledge.reading.document import Block, Document
from knowledge.splitting import LONGEST_CLAUSE, split
from knowledge.splitting.pieces import PIECE


def clauses(*lines, title="测试办法"):
    blocks = [line if isinstance(line, Block) else Block(line) for line in lines]
    return split(Document(tuple(blocks)), title)


def numbers(*lines):
    return [clause.number for clause in clauses(*lines)]


def test_chinese_articles_keep_their_chapter_label_and_items():
    first, second = clauses(
        Block("测试办法", 1),
        Block("第一章 总则", 2),
        "第一条　为规范管理，制定本办法。",
        Block("第二章 走访", 2),
        "第二条　下列情形应当走访：",
        "（一） 新客户；",
        "（二）预警客户。",
    )

    assert (first.number, first.label, first.heading) == ("1", "第一条", "第一章 总则")
    assert second.heading == "第二章 走访"
    assert second.text == "下列情形应当走访：\n（一）新客户；\n（二）预警客户。"


def test_english_clauses_within_sections_without_marked_headings():
    found = clauses(
        "1 Purpose",
        "1.1 This policy sets limits.",
        "2 Limits",
        "2.1 The limit is RMB 5 million.",
        "(a)  for branches;",
        title="Limits Policy",
    )

    assert [(c.number, c.heading) for c in found] == [("1.1", "1 Purpose"), ("2.1", "2 Limits")]
    assert found[1].text == "The limit is RMB 5 million.\n(a) for branches;"


@pytest.mark.parametrize(
    "reference",
    [
        "第二条规定的情形除外。",
        "第三条所列材料应当齐全。",
        "第九十条　另有约定的，从其约定。",
        "第一条　重复。",
    ],
)
def test_a_line_that_only_mentions_an_article_is_text(reference):
    found = clauses("第一条　甲。", reference, "第二条　乙。")

    assert [c.number for c in found] == ["1", "2"]
    assert reference in found[0].text


def test_a_repealed_article_leaves_a_gap():
    assert numbers("第一条　甲。", "第二条　乙。", "第五条　丙。") == ["1", "2", "5"]


def test_an_inserted_article_has_a_number_of_its_own():
    found = clauses("第一条　甲。", "第一条之一　乙。", "第二条　丙。")

    assert [(c.number, c.label) for c in found] == [
        ("1", "第一条"),
        ("1-1", "第一条之一"),
        ("2", "第二条"),
    ]


def test_arabic_full_width_and_mixed_numerals_mean_the_same():
    assert numbers("第1条　甲。", "第２条　乙。", "第三条　丙。") == ["1", "2", "3"]


def test_english_articles():
    assert numbers("Article 1 The bank lends.", "Article 2. It also saves.") == ["1", "2"]


def test_figures_at_the_start_of_a_line_are_text():
    found = clauses("1.1 The rate is", "3.5 percent of the sum.", "1.2 It is fixed.", title="Rates")

    assert [c.number for c in found] == ["1.1", "1.2"]


def test_a_numbered_title_becomes_the_heading_of_its_sub_clauses():
    found = clauses(
        "1.1 Cards", "1.1.1 A card is free.", "1.1.2 A second costs RMB 10.", title="Fees"
    )

    assert [(c.number, c.heading) for c in found] == [
        ("1.1.1", "1.1 Cards"),
        ("1.1.2", "1.1 Cards"),
    ]


def test_numbers_restart_only_in_an_annex():
    found = clauses("第一条　甲。", "第二条　乙。", "附件一 收费表", "第一条　丙。")

    assert [c.number for c in found] == ["1", "2", "annex-1/1"]
    assert found[2].heading == "附件一 收费表"


def test_a_table_right_under_an_annex_is_a_clause_of_its_own():
    found = clauses("第一条　甲。", "附件 收费表", Block("项目 | 收费\n开卡 | 10元", table=True))

    assert found[1].number == "annex-1"
    assert found[1].text == "项目 | 收费\n开卡 | 10元"


def test_headings_alone_are_no_clauses():
    with pytest.raises(ReadingError, match="no clauses found"):
        clauses("第一章 总则", "第二章 附则")


def test_nothing_numbered_is_refused():
    with pytest.raises(ReadingError, match="number them"):
        clauses("Some text.", "More text.")


def test_a_long_clause_is_cut_into_overlapping_pieces_of_the_same_number():
    sentences = [f"借款人应当在第{chinese(n)}个月报送报表并说明经营情况。" for n in range(1, 99)]
    text = "".join(sentences)
    pieces = clauses(f"第一条　{text}", "第二条　短。")

    assert len(text) > LONGEST_CLAUSE
    assert len(pieces) > 2
    assert {piece.number for piece in pieces[:-1]} == {"1"}
    assert all(len(piece.text) <= LONGEST_CLAUSE for piece in pieces)
    assert all(any(sentence in piece.text for piece in pieces) for sentence in sentences)


def test_every_piece_of_a_long_table_repeats_the_header_row():
    rows = "\n".join(f"产品{n} | {n}元" for n in range(400))
    pieces = clauses("第一条　按下表收费：", Block(f"名称 | 价格\n{rows}", table=True))

    assert len(pieces) > 2
    assert all("名称 | 价格" in piece.text for piece in pieces)


def test_a_line_without_any_punctuation_is_cut_all_the_same():
    line = "贷" * 93_000
    pieces = clauses(f"第一条　{line}", "第二条　短。")[:-1]

    assert {(piece.number, piece.label) for piece in pieces} == {("1", "第一条")}
    assert all(len(piece.text) <= PIECE for piece in pieces)
    assert all(before.end > after.start for before, after in pairwise(pieces))
    assert (pieces[0].start, pieces[-1].end) == (4, 4 + 93_000)


def test_rows_wider_than_a_piece_are_cut_under_as_much_of_the_header_as_fits():
    header = " | ".join(f"第{n}列名称" for n in range(200))
    row = " | ".join("值" * 20 for _ in range(200))
    pieces = clauses("1.1 按下表：", Block(f"{header}\n{row}", table=True), "1.2 其他。")[:-1]
    under = [piece for piece in pieces if "值" in piece.text]

    assert len(under) > 3
    assert all(len(piece.text) <= LONGEST_CLAUSE for piece in pieces)
    assert all(piece.text.startswith("第0列名称 | 第1列名称") for piece in under[1:])


def test_a_piece_stands_on_the_page_it_begins_on():
    pages = [Block(f"{n}月应当检查。" * 60, page=n) for n in range(1, 6)]
    pieces = clauses(Block("第一条　每月检查。", page=1), *pages, Block("第二条　短。", page=6))

    assert [piece.page for piece in pieces] == sorted(piece.page for piece in pieces)
    assert {piece.page for piece in pieces} >= {1, 3, 6}


WORDS = st.text(alphabet="客户经理应当在工作日内报告", min_size=1, max_size=40)


@settings(max_examples=30)
@given(st.lists(WORDS, min_size=1, max_size=30))
def test_numbering_is_continuous_and_no_text_is_lost(texts):
    lines = [f"第{chinese(n)}条　{text}" for n, text in enumerate(texts, start=1)]
    found = clauses(*lines)

    assert [c.number for c in found] == [str(n) for n in range(1, len(texts) + 1)]
    assert [c.text for c in found] == texts


@settings(max_examples=30)
@given(st.lists(WORDS, min_size=1, max_size=8), st.integers(min_value=12, max_value=99))
def test_a_number_far_ahead_never_starts_a_clause(texts, far):
    lines = [f"第{chinese(n)}条　{text}" for n, text in enumerate(texts, start=1)]
    found = clauses(*lines, f"第{chinese(far + len(texts))}条　{texts[0]}")

    assert len(found) == len(texts)
