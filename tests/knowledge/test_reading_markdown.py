import pytest

from knowledge.errors import ReadingError
from knowledge.reading.document import Block
from knowledge.reading.markdown import read_markdown


def read(folder, text, encoding="utf-8"):
    path = folder / "policy.md"
    path.write_bytes(text.encode(encoding))
    return read_markdown(path)


def texts(folder, text):
    return [block.text for block in read(folder, text).blocks]


def test_front_matter_headings_paragraphs_items_and_tables(tmp_path):
    document = read(
        tmp_path,
        '+++\nid = "x"\n+++\n\n# 标题\n\n## 第一章 总则\n\n第一条　甲乙\n丙。\n（一）子；\n（二）丑。\n'
        "| 名 | 价 |\n|---|---:|\n| 卡 | 10 |\n\nplain\ntext\n",
    )

    assert document.front_matter == 'id = "x"'
    assert document.blocks == (
        Block("标题", 1),
        Block("第一章 总则", 2),
        Block("第一条　甲乙丙。"),
        Block("（一）子；"),
        Block("（二）丑。"),
        Block("名 | 价\n卡 | 10", table=True),
        Block("plain text"),
    )


def test_a_byte_order_mark_and_no_front_matter(tmp_path):
    document = read(tmp_path, "# Title\n", "utf-8-sig")

    assert document.front_matter is None
    assert document.blocks == (Block("Title", 1),)


def test_front_matter_that_never_ends_is_refused(tmp_path):
    with pytest.raises(ReadingError, match="close it with"):
        read(tmp_path, '+++\nid = "x"\n# Title\n')


def test_a_file_without_words_is_refused(tmp_path):
    with pytest.raises(ReadingError, match="no text"):
        read(tmp_path, "<!-- nothing here -->\n\n---\n")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("1. one\n2. two\n", ["1. one", "2. two"]),
        # Counted when the author leaves the counting to the page, kept when it skips.
        ("1. one\n1. two\n1. three\n", ["1. one", "2. two", "3. three"]),
        ("1. one\n3. three\n4) four\n", ["1. one", "3. three", "4) four"]),
        # 3. at depth 0, its own items counted apart, and 4. goes on where 3. was.
        (
            "3. three\n   1. inner\n   1. next\n4. four\n",
            ["3. three", "1. inner", "2. next", "4. four"],
        ),
        ("- a bullet\n  wrapped\n- [x] done\n  * deeper\n", ["a bullet wrapped", "done", "deeper"]),
        ("The year\n2026. It ends.\n", ["The year 2026. It ends."]),
    ],
)
def test_lists_keep_the_numbers_they_are_printed_with(tmp_path, written, printed):
    assert texts(tmp_path, written) == printed


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("**不超过**30日，*see* _this_ __too__", "不超过30日，see this too"),
        ("5*3*2 and 本金*利率*天数 and snake_case_name", None),
        ("100* and 200*", None),
        (r"\*kept\* and `a*b*c` and `` ` ``", "*kept* and a*b*c and `"),
        ("[the law](https://x.test/a_(b) 'title') and ![seal](s.png)", "the law and seal"),
        (
            "[named][law] and [law] and [other]\n\n[law]: https://x.test",
            "named and law and [other]",
        ),
        ("a note[^1].\n\n[^1]: its text", "a note."),
        (
            "x<b 且 c>d, 3&nbsp;%, AT&T, &lt;b&gt;, <u>under</u>",
            "x<b 且 c>d, 3 %, AT&T, <b>, under",
        ),
        ("at most 5 ~~8~~ days", "at most 5 days"),
        ("zero\u200bwidth so\u00adft", "zerowidth soft"),
    ],
)
def test_a_quote_shows_words_and_not_marks(tmp_path, written, plain):
    assert texts(tmp_path, written)[0] == (plain or written)


def test_struck_out_text_is_left_out_and_said(tmp_path):
    assert read(tmp_path, "at most 5 ~~8~~ days").notices == ("struck-out text was left out",)
    assert read(tmp_path, "`~~8~~` days").notices == ()


def test_setext_headings_quotes_fences_breaks_and_comments(tmp_path):
    document = read(
        tmp_path,
        "---\ntitle: for another program\n---\n"
        "Title\n=====\n\nPart\n---\n\n> quoted\n> words\n\nnot quoted  \nnext line<br>and next\n\n"
        "***\n\n```\n1.1 *kept*\n<!-- kept -->\n```\n<!-- dropped\n\n# too -->\n1.2 end\n",
    )

    assert document.blocks == (
        Block("Title", 1),
        Block("Part", 2),
        Block("quoted words"),
        Block("not quoted"),
        Block("next line"),
        Block("and next"),
        Block("1.1 *kept*\n<!-- kept -->"),
        Block("1.2 end"),
    )


def test_tables_with_escaped_pipes_without_outer_ones_and_in_html(tmp_path):
    document = read(
        tmp_path,
        "a | b\n--- | ---\nx\\|y | **z**<br>w\n\n"
        "<table>\n<tr><th>A</th><th>B</th></tr>\n\n<tr><td>1</td><td hidden>2</td></tr>\n</table>\n"
        "a sentence | with a pipe\n",
    )

    assert document.blocks == (
        Block("a | b\nx|y | z w", table=True),
        Block("A | B\n1 | ", table=True),
        Block("a sentence | with a pipe"),
    )
