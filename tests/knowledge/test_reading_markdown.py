import pytest

from knowledge.errors import ReadingError
from knowledge.reading.document import Block
from knowledge.reading.markdown import read_markdown


def read(folder, text, encoding="utf-8"):
    path = folder / "policy.md"
    path.write_bytes(text.encode(encoding))
    return read_markdown(path)


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
        Block("名 | 价\n卡 | 10"),
        Block("plain text"),
    )


def test_a_byte_order_mark_and_no_front_matter(tmp_path):
    document = read(tmp_path, "# Title\n", "utf-8-sig")

    assert document.front_matter is None
    assert document.blocks == (Block("Title", 1),)


def test_front_matter_that_never_ends_is_refused(tmp_path):
    with pytest.raises(ReadingError, match="close it with"):
        read(tmp_path, '+++\nid = "x"\n# Title\n')


def test_another_encoding_is_refused_with_the_place(tmp_path):
    with pytest.raises(ReadingError, match=r"not UTF-8 text \(byte 0\): save it as UTF-8"):
        read(tmp_path, "贷后管理办法", "gb18030")
