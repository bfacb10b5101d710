"""PDF text on pages laid out here, line by line; the shipped PDFs cover Chinese."""

import pytest

from knowledge.errors import ReadingError
from knowledge.reading.pdf import read_pdf

TOP, PITCH, LEFT = 740, 16, 72
HEADER_Y, FOOTER_Y = 815, 25


def write_pdf(path, pages):
    """A PDF of pages of (x, y, text) lines in 12-point Courier (7.2 points a character)."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        drawn = "".join(f"BT /F1 12 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in lines)
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}endstream")
        stream = len(objects)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {stream} 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    body += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    path.write_bytes(body.encode("latin-1"))
    return path


def page(*texts, header="House Policy", footer=None):
    lines = [(LEFT, TOP - PITCH * n, text) for n, text in enumerate(texts)]
    return [(LEFT, HEADER_Y, header), *lines, *([(280, FOOTER_Y, footer)] if footer else [])]


def texts(path):
    return [block.text for block in read_pdf(path).blocks]


# Courier: every full line below is 60 characters wide.
FULL_1 = "1.1 The account manager reports a missed repayment to the te"
FULL_2 = "am leader on the next business day and asks the borrower why"


def test_running_lines_and_page_numbers_go_and_pages_stay(tmp_path):
    path = write_pdf(
        tmp_path / "a.pdf",
        [
            page("1.1 First.", footer="Page 1 of 2"),
            page("1.2 Second.", footer="Page 2 of 2"),
        ],
    )

    blocks = read_pdf(path).blocks
    assert [(block.text, block.page) for block in blocks] == [("1.1 First.", 1), ("1.2 Second.", 2)]


def test_wrapped_lines_join_with_a_space_also_over_the_page(tmp_path):
    path = write_pdf(
        tmp_path / "a.pdf",
        [
            page("1.1 The account manager reports a missed repayment to team lead"),
            page("on the next business day.", "1.2 Next."),
        ],
    )

    assert texts(path) == [
        "1.1 The account manager reports a missed repayment to team lead on the next business day.",
        "1.2 Next.",
    ]


def test_words_broken_at_the_margin_are_mended_and_real_hyphens_kept(tmp_path):
    path = write_pdf(
        tmp_path / "a.pdf",
        [
            page(
                "1.1 Every suspicious transaction and each off-book sale is tran-",
                "sferred to the compliance desk at once, and every further off-",
                "book sale too.",
            ),
            page("1.2 Next."),
        ],
    )

    assert texts(path)[0] == (
        "1.1 Every suspicious transaction and each off-book sale is transferred to the "
        "compliance desk at once, and every further off-book sale too."
    )


def test_a_short_line_ends_its_paragraph(tmp_path):
    path = write_pdf(
        tmp_path / "a.pdf",
        [page("A short line", "then a long line that reaches the right margin of the page")],
    )

    assert texts(path)[-2:] == [
        "A short line",
        "then a long line that reaches the right margin of the page",
    ]


def test_a_page_without_text_is_reported_as_not_searchable(tmp_path):
    path = write_pdf(tmp_path / "a.pdf", [[]])

    with pytest.raises(ReadingError, match="not searchable"):
        read_pdf(path)
