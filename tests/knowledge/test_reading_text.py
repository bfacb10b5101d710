import pytest

from knowledge.errors import ReadingError
from knowledge.reading.document import Block
from knowledge.reading.text import read_text


def read(folder, text, encoding="utf-8"):
    path = folder / "policy.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_text(path)


def texts(folder, text):
    return [block.text for block in read(folder, text).blocks]


# Every full line below is 60 columns wide, so the next word would not have fitted.
WRAPPED = (
    "1.1 The account manager reports a missed repayment to the te\n"
    "am leader on the next business day and asks the borrower why\n"
    "it was missed.\n"
    "1.2 Whoever applies for a loan of the kind that is named in\n"
    "1.1 above tells the bank.\n"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "utf-16-be", "utf-16-le"]
)
def test_every_ordinary_encoding_of_chinese_text_is_read(tmp_path, encoding):
    mark = "\ufeff" if encoding in ("utf-16-be", "utf-16-le") else ""
    document = read(tmp_path, f"{mark}第一条　贷款逾期应当报告。\r\n第二条　罚息。\r\n", encoding)

    assert document.blocks == (Block("第一条　贷款逾期应当报告。"), Block("第二条　罚息。"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x7fELF\x02\x01\x01\x00\x00", "binary data"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary data"),
        # A control character alone, in the second line.
        (b"1.1 Text.\n1.2 \x07 bell\n", r"line 2 holds a control character \(U\+0007\)"),
        # Traditional Chinese in Big5, French in Latin-1, random bytes: each is no GB18030 text.
        ("本行辦理貸款業務應當遵守法令規定，保護客戶權益。".encode("big5"), "nor GB18030"),
        ("Les prêts étés".encode("latin-1"), "nor GB18030"),
        (bytes((n * 73 + 41) % 223 + 32 for n in range(300)), "nor GB18030"),
        ("贷款".encode("utf-16")[:5], "not UTF-16 text"),
        (b" \n\t\n", "no text"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(tmp_path, data, reason):
    with pytest.raises(ReadingError, match=reason) as refused:
        read(tmp_path, data)
    assert "\n" not in str(refused.value)


def test_front_matter_and_underlined_headings(tmp_path):
    document = read(
        tmp_path, '+++\nid = "x"\n+++\nHouse Rules\n===========\n\nPart\n----\nText.\n***\n'
    )

    assert document.front_matter == 'id = "x"'
    assert document.blocks == (Block("House Rules", 1), Block("Part", 2), Block("Text."))


def test_wrapped_lines_are_joined_and_a_number_amid_a_sentence_opens_nothing(tmp_path):
    assert texts(tmp_path, WRAPPED) == [
        (
            "1.1 The account manager reports a missed repayment to the te am leader on the next "
            "business day and asks the borrower why it was missed."
        ),
        "1.2 Whoever applies for a loan of the kind that is named in 1.1 above tells the bank.",
    ]


def test_chinese_lines_are_joined_without_a_space(tmp_path):
    # 30 characters of two columns a line.
    line = "本行办理贷款业务应当遵守法律法规和监管规定保护客户的合法权益"[:30]
    assert texts(tmp_path, f"{line}\n{line}\n并且公开。\n　　另起一段。\n") == [
        f"{line}{line}并且公开。",
        "另起一段。",
    ]


def test_a_line_is_a_paragraph_where_nothing_is_wrapped(tmp_path):
    lines = [
        "Q: How late?",
        "A: A loan is overdue from the day after its due date.",
        "- one",
        "* two",
    ]

    assert texts(tmp_path, "\n".join(lines)) == [*lines[:2], "one", "two"]


def test_form_feeds_end_pages_and_a_paragraph_keeps_its_first(tmp_path):
    broken = WRAPPED.replace("why\n", "why\n\f")
    document = read(tmp_path, broken + "\fLast.\n")

    assert [(block.text[:4], block.page) for block in document.blocks] == [
        ("1.1 ", 1),
        ("1.2 ", 2),
        ("Last", 3),
    ]
    assert "borrower why it was missed" in document.blocks[0].text


def test_characters_nobody_sees_are_left_out(tmp_path):
    assert texts(tmp_path, "pass\u200bword \u202eleft\u202c so\u00adft") == ["password left soft"]
