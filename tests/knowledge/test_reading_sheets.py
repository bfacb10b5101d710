"""Workbooks written here, read row by row; what nobody sees in Excel is left out and reported."""

import zipfile
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import ReadingError
from knowledge.reading.figures import shown
from knowledge.reading.sheets import read_sheets


class Book:
    """A workbook under construction: a grid of values from A1, and formats by name."""

    def __init__(self, path):
        self.path = path
        self.file = xlsxwriter.Workbook(path)

    def form(self, **properties):
        return self.file.add_format(properties)

    def sheet(self, name, *rows):
        sheet = self.file.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.write(number, column, *value)
                elif value != "":
                    sheet.write(number, column, value)
        return sheet

    def read(self):
        self.file.close()
        return read_sheets(self.path)

    def rows(self):
        return [(block.place, block.text) for block in self.read().blocks if block.place]


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path / "book.xlsx")


def test_each_row_says_its_columns_names_and_where_it_stands(book):
    percent, day = book.form(num_format="0%"), book.form(num_format="yyyy-mm-dd")
    money = book.form(num_format='#,##0.00"元"')
    sheet = book.sheet(
        "Fees",
        ["Service", "Rate", "Cap", "Since"],
        ["Wire", (0.05, percent), (1234.5, money)],
        ["Cheque", (0.005, percent)],
    )
    sheet.write_datetime(1, 3, datetime(2026, 1, 31), day)  # noqa: DTZ001 - Excel knows no zones

    document = book.read()
    assert [(block.text, block.level, block.place) for block in document.blocks] == [
        ("Fees", 2, ""),
        ("Service: Wire; Rate: 5%; Cap: 1,234.50元; Since: 2026-01-31", None, "Fees!2"),
        ("Service: Cheque; Rate: 0.5%", None, "Fees!3"),
    ]
    assert document.notices == ()


def test_titles_stand_above_the_header_and_remarks_are_said_alone(book):
    sheet = book.sheet(
        "收费",
        ["个人业务收费标准"],
        ["项目", "标准", "依据"],
        ["汇款", "5元", "第三条"],
        ["注：节假日免收。"],
    )
    sheet.merge_range("A1:C1", "个人业务收费标准")

    document = book.read()
    assert [(block.text, block.level) for block in document.blocks] == [
        ("收费", 2),
        ("个人业务收费标准", 3),
        ("项目: 汇款; 标准: 5元; 依据: 第三条", None),
        ("注：节假日免收。", None),
    ]


def test_tables_apart_have_headers_of_their_own(book):
    assert (
        book.sheet(
            "S", ["Card", "Fee"], ["Gold", 10], [], ["Loans"], [], ["Loan", "Rate"], ["Car", 3]
        )
        and book.rows()
    ) == [
        ("S!2", "Card: Gold; Fee: 10"),
        ("S!4", "Loans"),
        ("S!7", "Loan: Car; Rate: 3"),
    ]


def test_empty_rows_inside_a_table_do_not_make_a_row_its_header(book):
    bold = book.form(bold=True)
    book.sheet(
        "S",
        [("Card", bold), ("Fee", bold)],
        ["Gold", "ten"],
        [],
        ["Silver", "five"],
        ["Plain", "none"],
    )

    assert book.rows() == [
        ("S!2", "Card: Gold; Fee: ten"),
        ("S!4", "Card: Silver; Fee: five"),
        ("S!5", "Card: Plain; Fee: none"),
    ]


def test_a_header_over_two_rows_names_each_column_by_both(book):
    sheet = book.sheet("S", [], ["", "Min", "Max"], ["Wire", 1, 50], ["Cheque", 2, 60])
    sheet.merge_range("A1:A2", "Service")
    sheet.merge_range("B1:C1", "Fee")

    assert book.rows() == [
        ("S!3", "Service: Wire; Fee Min: 1; Fee Max: 50"),
        ("S!4", "Service: Cheque; Fee Min: 2; Fee Max: 60"),
    ]


def test_merged_cells_speak_for_every_row_they_cover(book):
    sheet = book.sheet("S", ["Group", "Card", "Fee"], ["", "Gold", 10], ["", "Silver", 5])
    sheet.merge_range("A2:A3", "Credit")

    assert book.rows() == [
        ("S!2", "Group: Credit; Card: Gold; Fee: 10"),
        ("S!3", "Group: Credit; Card: Silver; Fee: 5"),
    ]


def test_what_is_hidden_is_left_out_and_reported(book):
    sheet = book.sheet("S", ["Card", "Cost", "Fee"], ["Gold", 3, 10], ["Old", 3, 9])
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(1, 1, None, None, {"hidden": True})
    book.sheet("draft", ["a", "b"], ["c", "d"]).hide()
    book.sheet("secret", ["a", "b"], ["c", "d"]).very_hidden()
    book.file.add_chartsheet("Chart")

    document = book.read()
    assert [block.text for block in document.blocks] == ["S", "Card: Gold; Fee: 10"]
    assert document.notices == (
        "sheet 'draft' is hidden: left out",
        "sheet 'secret' is hidden: left out",
        "sheet 'Chart' is a chart or macro sheet: not searchable",
        "sheet 'S' has hidden rows (1): left out",
        "sheet 'S' has hidden columns: left out",
    )


def test_what_is_hidden_or_struck_out_does_not_cut_a_table_in_two(book):
    struck = book.form(font_strikeout=True)
    sheet = book.sheet(
        "S",
        ["Card", "Fee", "Since"],
        ["Gold", "ten", "May"],
        ["Old", "nine", "May"],
        ["Silver", "five", "June"],
        [("Grey", struck), ("four", struck), ("June", struck)],
        ["Plain", "none", "June"],
        ["Note: more is free."],
    )
    sheet.set_row(2, None, None, {"hidden": True})

    assert book.rows() == [
        ("S!2", "Card: Gold; Fee: ten; Since: May"),
        ("S!4", "Card: Silver; Fee: five; Since: June"),
        ("S!6", "Card: Plain; Fee: none; Since: June"),
        ("S!7", "Note: more is free."),
    ]


def test_struck_out_cells_are_left_out_and_reported(book):
    struck = book.form(font_strikeout=True)
    book.sheet("S", ["Card", "Fee"], ["Gold", (480, struck)], [("Old", struck), (9, struck)])

    document = book.read()
    assert [block.text for block in document.blocks] == ["S", "Card: Gold"]
    assert document.notices == ("sheet 'S' has struck-out cells (3): left out",)


def test_formulas_keep_their_value_and_are_reported_without_one(book):
    sheet = book.sheet("S", ["Card", "Fee", "Tax", "Sum"], ["Gold"])
    sheet.write_formula("B2", "=5*2", None, 10)
    sheet.write_formula("C2", "=B2/0", None, "#DIV/0!")
    sheet.write_formula("D2", "=B2+C2", None, "")

    document = book.read()
    assert document.blocks[1].text == "Card: Gold; Fee: 10"
    assert document.notices == (
        "sheet 'S' has formulas without a value (C2, D2): open it in Excel, correct and save it",
    )


def test_a_formula_that_was_never_worked_out_is_no_zero(book):
    # The writer stores 0 and leaves the working out to Excel.
    book.sheet("S", ["Card", "Fee"], ["Gold", "=5*2"])

    document = book.read()
    assert document.blocks[1].text == "Card: Gold"
    assert "(B2)" in document.notices[0]


def test_years_may_head_columns_and_a_table_may_have_no_header(book):
    book.sheet("S", ["Card", 2025, 2026], ["Gold", 9, 10])
    book.sheet("T", ["Gold", 9, 10], ["Silver", 4, 5])

    assert book.rows() == [
        ("S!2", "Card: Gold; 2025: 9; 2026: 10"),
        ("T!1", "Gold; 9; 10"),
        ("T!2", "Silver; 4; 5"),
    ]


def test_one_column_is_read_line_by_line(book):
    book.sheet("S", ["第一条 总则"], ["第二条 收费"])

    assert book.rows() == [("S!1", "第一条 总则"), ("S!2", "第二条 收费")]


def test_a_table_may_begin_anywhere_and_empty_formatted_rows_cost_nothing(book):
    border = book.form(border=1)
    sheet = book.sheet("S")
    sheet.write_row(4, 2, ["Card", "Fee"])
    sheet.write_row(5, 2, ["Gold", 10])
    for row in range(6, 2_000):
        sheet.write_blank(row, 2, None, border)

    assert book.rows() == [("S!6", "Card: Gold; Fee: 10")]


def test_a_workbook_without_text_or_with_far_cells_is_refused(tmp_path):
    hidden = Book(tmp_path / "hidden.xlsx")
    hidden.sheet("S")
    hidden.sheet("T", ["a", "b"]).hide()
    with pytest.raises(ReadingError, match="no text that is not hidden"):
        hidden.read()

    far = Book(tmp_path / "far.xlsx")
    far.sheet("S", ["a"]).write("XFD300", "z")
    with pytest.raises(ReadingError, match=r"spans 300 rows by 16,384 columns: clear"):
        far.read()


def test_days_in_chinese_formats_known_by_number_alone(book):
    book.sheet("S", ["Card", "Since"], ["Gold", (46023, book.form(num_format=1))])
    book.file.close()
    changed = book.path.with_name("changed.xlsx")
    with zipfile.ZipFile(book.path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b'numFmtId="1"', b'numFmtId="31"'))

    # 46,023 days after 30 December 1899.
    assert read_sheets(changed).blocks[1].text == "Card: Gold; Since: 2026-01-01"


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (0.05, "0%", "5%"),
        (0.055, "0%", "5.5%"),
        (0.0035, "0.00%", "0.35%"),
        (12.0, "", "12"),
        (12.0, "General", "12"),
        (0.1 + 0.2, "", "0.3"),
        (7, "0000", "0007"),
        (-1234.5, "#,##0.00;[Red](#,##0.00)", "-1,234.50"),
        (5, "[$¥-804]#,##0.00", "¥5.00"),
        (3, '"第"0"条"', "第3条"),
        (1_234_500, '#,##0.0,"千元"', "1,234.5千元"),
        (123_000, '0!.0,"万元"', "12.3万元"),
        (123_456, '0\\.0,"万元"', "12.3456万元"),
        (2_112_345_678, "000-00000000", "2112345678"),
        (46023, 'yyyy"年"m"月"d"日"', "2026-01-01"),
        (0.5, "# ?/?", "0.5"),
        (True, "", "TRUE"),
        (date(2026, 1, 31), "", "2026-01-31"),
        (datetime(2026, 1, 31), "", "2026-01-31"),  # noqa: DTZ001
        (datetime(2026, 1, 31, 9, 5), "", "2026-01-31 09:05"),  # noqa: DTZ001
        (time(9, 5), "", "09:05"),
        (timedelta(hours=30), "", "30:00"),
        ("  two\n words ", "@", "two words"),
    ],
)
def test_values_read_as_they_are_seen(value, form, expected):
    assert shown(value, form) == expected


@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 4),
    st.sampled_from(["", "0", "0.00", "#,##0", "#,##0.0", "0%", "0.0%", '0.00"元"']),
)
def test_no_format_loses_a_digit(units, decimals, form):
    value = units / 10**decimals
    written = shown(value, form).replace(",", "").removesuffix("元")
    read = float(written.removesuffix("%")) / (100 if written.endswith("%") else 1)

    assert read == pytest.approx(value, rel=1e-12)
