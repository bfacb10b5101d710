"""Word's text as people see it, on documents whose XML is written here."""

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from knowledge.errors import ReadingError
from tests.knowledge.drafts import (
    AUTHOR,
    CONTINUED,
    DOWN,
    Draft,
    cell,
    deleted,
    level,
    listed,
    paragraph,
    row,
    run,
    span,
    table,
)


@pytest.fixture
def draft():
    return Draft()


def texts(draft, folder, content):
    draft.xml(content)
    return draft.read(folder)


def inserted(content, tag="ins"):
    return f"<w:{tag} {AUTHOR}>{content}</w:{tag}>"


def sign(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def instruction(text):
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def fields(told, shown):
    return sign("begin") + instruction(told) + sign("separate") + shown + sign("end")


# Tracked changes and hidden text.


def test_insertions_stay_deletions_go_and_moved_text_is_where_it_is_now(draft, tmp_path):
    content = (
        paragraph(run("within ") + deleted("ten") + inserted(run("five")) + run(" days"))
        + paragraph(run("moved ") + inserted(run("here"), "moveTo"))
        + paragraph(run("not here") + inserted(run(" any more"), "moveFrom"))
    )

    assert texts(draft, tmp_path, content) == ["within five days", "moved here", "not here"]
    assert draft.document_in(tmp_path).notices == (
        "tracked changes are read as accepted: accept or reject them in Word",
    )


@pytest.mark.parametrize("change", ["del", "moveFrom"])
def test_a_paragraph_whose_mark_is_gone_runs_on_and_counts_once(draft, tmp_path, change):
    draft.define(0, level())
    draft.use(1, 0)
    gone = f"<w:rPr><w:{change} {AUTHOR}/></w:rPr>"
    content = (
        paragraph(run("one, "), listed(0) + gone)
        + paragraph(run("still one"), listed(0))
        + paragraph(run("two"), listed(0))
        + paragraph(run("the end"), gone)
    )

    assert texts(draft, tmp_path, content) == ["1. one, still one", "2. two", "the end"]


def test_deleted_rows_and_cells_go_and_inserted_ones_stay(draft, tmp_path):
    content = table(
        row("Level", "Limit"),
        row("Branch", "1", properties=f"<w:del {AUTHOR}/>"),
        row("Head office", "5", properties=f"<w:ins {AUTHOR}/>"),
        row("Board", cell("gone", f"<w:cellDel {AUTHOR}/>"), cell("9", f"<w:cellIns {AUTHOR}/>")),
    )

    assert texts(draft, tmp_path, content) == ["Level | Limit\nHead office | 5\nBoard | 9"]


def test_text_hidden_by_itself_or_by_a_style_is_left_out_and_reported(draft, tmp_path):
    for kind, name, based_on, hides in [
        ("paragraph", "Secret", None, "<w:vanish/>"),
        ("paragraph", "MoreSecret", "Secret", ""),
        ("character", "Ink", None, "<w:vanish/>"),
    ]:
        base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
        draft.document.styles.element.append(
            parse_xml(
                f'<w:style {nsdecls("w")} w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>'
                f"{base}<w:rPr>{hides}</w:rPr></w:style>"
            )
        )
    content = (
        paragraph(run("seen") + run("gone1", "<w:vanish/>") + run(" too", '<w:vanish w:val="0"/>'))
        + paragraph(run("gone2"), '<w:pStyle w:val="MoreSecret"/>')
        + paragraph(run("shown", '<w:vanish w:val="false"/>'), '<w:pStyle w:val="Secret"/>')
        + paragraph(run("x") + run("gone3", '<w:rStyle w:val="Ink"/>'))
    )

    assert texts(draft, tmp_path, content) == ["seen too", "shown", "x"]
    assert draft.document_in(tmp_path).notices == ("hidden text was left out (15 characters)",)


def test_struck_out_text_is_left_out_and_reported(draft, tmp_path):
    content = paragraph(run("within ") + run("ten", "<w:strike/>") + run("five days"))

    assert texts(draft, tmp_path, content) == ["within five days"]
    assert draft.document_in(tmp_path).notices == ("struck-out text was left out (3 characters)",)


def test_a_paragraph_hidden_by_its_style_takes_no_number(draft, tmp_path):
    draft.define(0, level())
    draft.use(1, 0)
    draft.style("Secret", "")
    draft.document.styles.element[-1].append(
        parse_xml(f"<w:rPr {nsdecls('w')}><w:vanish/></w:rPr>")
    )
    content = (
        paragraph(run("one"), listed(0))
        + paragraph(run("no one"), '<w:pStyle w:val="Secret"/>' + listed(0))
        + paragraph(run("two"), listed(0))
    )

    assert texts(draft, tmp_path, content) == ["1. one", "2. two"]


def test_a_heading_that_runs_into_its_text_is_one_paragraph(draft, tmp_path):
    draft.define(0, level(text="%1"))
    draft.use(1, 0)
    hidden_mark = "<w:rPr><w:vanish/><w:specVanish/></w:rPr>"
    content = paragraph(run("Gifts. "), listed(0) + hidden_mark) + paragraph(run("None is taken."))

    assert texts(draft, tmp_path, content) == ["1 Gifts. None is taken."]


# Fields, signs, breaks, formulas.


def test_a_field_shows_its_result_and_never_its_instruction(draft, tmp_path):
    nested = fields(" IF " + "x", run("yes"))
    content = (
        paragraph(run("see ") + fields(" REF _1 \\h ", run("Article 3")) + run("."))
        + paragraph(f'<w:fldSimple w:instr=" SEQ Table ">{run("Table 1")}</w:fldSimple>')
        + paragraph(sign("begin") + instruction("IF ") + nested + sign("separate") + run("kept"))
        + paragraph(run("on") + sign("end"))
    )

    assert texts(draft, tmp_path, content) == ["see Article 3.", "Table 1", "kept", "on"]


def test_the_table_of_contents_is_left_out(draft, tmp_path):
    draft.style("TOC1", "")
    draft.document.styles.element[-1].find(qn("w:name")).set(qn("w:val"), "toc 1")
    content = (
        paragraph(
            sign("begin") + instruction(' TOC \\o "1-3" ') + sign("separate") + run("第一条 3")
        )
        + paragraph(run("第二条 ") + fields(" PAGEREF _2 ", run("4")))
        + paragraph(sign("end"))
        + paragraph(run("第三条 5"), '<w:pStyle w:val="TOC1"/>')
        + paragraph(run("第一条 总则"))
    )

    assert texts(draft, tmp_path, content) == ["第一条 总则"]


def test_a_field_that_never_ends_does_not_take_the_rest_along(draft, tmp_path):
    content = paragraph(sign("begin") + instruction(" TOC ")) + paragraph(run("1.1 Text"))

    assert texts(draft, tmp_path, content) == ["1.1 Text"]


def test_numbers_that_the_file_does_not_hold_are_reported(draft, tmp_path):
    draft.xml(paragraph(sign("begin") + instruction(" AUTONUM ") + sign("end") + run("Text")))

    assert "AUTONUM" in draft.document_in(tmp_path).notices[0]


def test_breaks_signs_and_raised_figures(draft, tmp_path):
    symbol = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'.format
    pieces = (
        run("at<w:t/>").replace("<w:t/>", "")
        + "<w:r><w:tab/></w:r>"
        + symbol("Symbol", "F0B3")
        + run(" 5")
        + "<w:r><w:noBreakHyphen/></w:r>"
        + run("day")
        + "<w:r><w:softHyphen/><w:br/></w:r>"
        + symbol("Wingdings", "F0FE")
        + run("\uf0a3", '<w:rFonts w:ascii="Symbol"/>')
        + run("m")
        + run("2", '<w:vertAlign w:val="superscript"/>')
    )

    assert texts(draft, tmp_path, paragraph(pieces)) == ["at ≥ 5-day\n☑≤m²"]


def test_formulas_are_written_on_one_line(draft, tmp_path):
    def said(text):
        return f"<m:r><m:t>{text}</m:t></m:r>"

    fraction = f"<m:f><m:num>{said('bad loans')}</m:num><m:den>{said('loans')}</m:den></m:f>"
    power = f"<m:sSup><m:e>{said('r')}</m:e><m:sup>{said('2')}</m:sup></m:sSup>"
    content = paragraph(
        f"<m:oMathPara><m:oMath>{said('x=')}{fraction}{power}</m:oMath></m:oMathPara>"
    )

    assert texts(draft, tmp_path, content) == ["x=(bad loans)/loansr^2"]


def test_readings_set_above_characters_are_left_out(draft, tmp_path):
    ruby = (
        f"<w:r><w:ruby><w:rt>{run('yín')}</w:rt><w:rubyBase>{run('银')}</w:rubyBase></w:ruby></w:r>"
    )

    assert texts(draft, tmp_path, paragraph(ruby + run("行"))) == ["银行"]


# Content controls, boxes, notes.


def test_content_controls_are_read_unless_they_only_prompt(draft, tmp_path):
    def control(content, settings=""):
        inside = f"<w:sdtContent>{content}</w:sdtContent>"
        return f"<w:sdt><w:sdtPr>{settings}</w:sdtPr>{inside}</w:sdt>"

    content = (
        control(control(paragraph(run("inside"))))
        + paragraph(
            run("due ") + control(run("1 May")) + control(run("pick"), "<w:showingPlcHdr/>")
        )
        + table(control(row(cell("a"), control(cell("b")))))
    )

    assert texts(draft, tmp_path, content) == ["inside", "due 1 May", "a | b"]


def test_a_text_box_follows_its_paragraph_and_is_said_once(draft, tmp_path):
    inside = f"<w:txbxContent>{paragraph(run('in the box'))}</w:txbxContent>"
    shape = f"<w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing>"
    picture = f"<w:pict><v:textbox>{inside}</v:textbox></w:pict>"
    boxed = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{shape}</mc:Choice>'
        f"<mc:Fallback>{picture}</mc:Fallback></mc:AlternateContent></w:r>"
    )

    content = paragraph(run("before ") + boxed + run("after")) + paragraph(run("next"))
    assert texts(draft, tmp_path, content) == ["before after", "in the box", "next"]


def note(number, text, kind="footnote"):
    return f'<w:{kind} w:id="{number}">{paragraph(run(text))}</w:{kind}>'


def reference(number, kind="footnote", mark=""):
    return f'<w:r><w:{kind}Reference w:id="{number}"{mark}/></w:r>'


def test_notes_follow_the_paragraph_that_refers_to_them(draft, tmp_path):
    draft.part(
        "footnotes",
        '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        + note(2, "Working days.")
        + note(3, "Starred.")
        + note(4, "Of the branch."),
    )
    draft.part("endnotes", note(2, "See the annex.", "endnote"))
    content = (
        paragraph(
            run("five days")
            + reference(2)
            + reference(3, mark=' w:customMarkFollows="1"')
            + reference(2, "endnote")
        )
        + table(row("Level", cell(paragraph(run("Limit") + reference(4)))), row("Branch", "1"))
        + paragraph(inserted(reference(2), "del") + run("end"))
    )

    assert texts(draft, tmp_path, content) == [
        "five days",
        "[1] Working days.",
        "[*] Starred.",
        "[i] See the annex.",
        "Level | Limit\nBranch | 1",
        "[2] Of the branch.",
        "end",
    ]


def test_headers_and_footers_are_no_part_of_the_text(draft, tmp_path):
    section = draft.document.sections[0]
    section.header.paragraphs[0].text = "House Policy"
    section.footer.paragraphs[0].text = "Page 1"

    assert texts(draft, tmp_path, paragraph(run("1.1 Text"))) == ["1.1 Text"]


# Tables.


def tables(draft, folder, content):
    draft.xml(content)
    return [block.text.splitlines() for block in draft.document_in(folder).blocks if block.table]


def test_cells_merged_downwards_are_said_in_each_row_and_across_once(draft, tmp_path):
    content = table(
        row("Group", "Card", "Fee"),
        row(cell("Credit", DOWN), "Gold", "10"),
        row(cell("", CONTINUED), "Plain", "5"),
        row(cell("All cards", span(2)), "1"),
    )

    assert tables(draft, tmp_path, content) == [
        ["Group | Card | Fee", "Credit | Gold | 10", "Credit | Plain | 5", "All cards |  | 1"]
    ]


def test_a_header_of_two_rows_names_each_column_by_both(draft, tmp_path):
    content = table(
        row(cell("Service", DOWN), cell("Fee", span(2))),
        row(cell("", CONTINUED), "Min", "Max"),
        row("Wire", "1", "50"),
    )

    assert tables(draft, tmp_path, content) == [["Service | Fee Min | Fee Max", "Wire | 1 | 50"]]


def test_rows_marked_as_headers_are_one_header(draft, tmp_path):
    marked = "<w:tblHeader/>"
    content = table(
        row("2026", "2026", properties=marked),
        row("Q1", "Q2", properties=marked),
        row("1", "2"),
    )

    assert tables(draft, tmp_path, content) == [["2026 Q1 | 2026 Q2", "1 | 2"]]


def test_a_row_over_the_whole_table_is_text_before_it(draft, tmp_path):
    content = table(row(cell("附表：收费标准", span(2))), row("项目", "标准"), row("汇款", "5元"))

    assert texts(draft, tmp_path, content) == ["附表：收费标准", "项目 | 标准\n汇款 | 5元"]


def test_a_table_of_one_column_only_frames_its_text(draft, tmp_path):
    draft.define(0, level("chineseCountingThousand", "第%1条"))
    draft.use(1, 0)
    framed = paragraph(run("甲"), listed(0)) + paragraph(run("乙"), listed(0))

    assert texts(draft, tmp_path, table(row(cell(framed)), row("尾"))) == [
        "第一条 甲",
        "第二条 乙",
        "尾",
    ]


def test_a_table_in_a_table_follows_it(draft, tmp_path):
    inner = table(row("Card", "Fee"), row("Gold", "10"))
    content = table(row("Group", "Detail"), row("Credit", cell(inner + paragraph(run("below")))))

    assert tables(draft, tmp_path, content) == [
        ["Group | Detail", "Credit | below"],
        ["Card | Fee", "Gold | 10"],
    ]


def test_rows_that_begin_further_right_keep_their_columns(draft, tmp_path):
    content = table(
        row("Group", "Card", "Fee"),
        row("Gold", "10", properties='<w:gridBefore w:val="1"/>'),
    )

    assert tables(draft, tmp_path, content) == [["Group | Card | Fee", " | Gold | 10"]]


def test_tables_stand_where_they_are(draft, tmp_path):
    content = (
        paragraph(run("before"))
        + table(row("Level", "Limit"), row("Branch", "RMB 5 million"))
        + paragraph(run("after"))
    )

    assert texts(draft, tmp_path, content) == [
        "before",
        "Level | Limit\nBranch | RMB 5 million",
        "after",
    ]


def test_headings_have_their_depth_and_the_title_is_the_first(draft, tmp_path):
    draft.document.add_heading("Policy", 0)
    draft.document.add_heading("Scope", 1)
    draft.document.add_heading("Branches", 2)
    draft.document.add_paragraph("Text")

    blocks = draft.document_in(tmp_path).blocks
    assert [block.level for block in blocks] == [1, 2, 3, None]


def test_embedded_documents_are_reported(draft, tmp_path):
    draft.xml(paragraph(run("x")) + '<w:altChunk r:id="rId99"/>')

    assert draft.document_in(tmp_path).notices == (
        "documents embedded in it are not read: paste their text",
    )


def test_a_file_without_seen_text_is_refused(tmp_path):
    draft = Draft()
    draft.xml(paragraph(run("all of it", "<w:vanish/>")))

    with pytest.raises(ReadingError, match="no text in the Word file"):
        draft.read(tmp_path)


def test_tables_nested_without_end_are_refused(tmp_path):
    draft = Draft()
    content = "deep"
    for _ in range(40):
        content = table(row(cell(content)))
    draft.xml(content)

    with pytest.raises(ReadingError, match="nested over 30 deep"):
        draft.read(tmp_path)


def test_a_document_made_by_another_library_is_read_as_it_shows(tmp_path):
    document = docx.Document()
    document.add_heading("Scope", 1)
    paragraph_ = document.add_paragraph("see ")
    added = paragraph_.add_run("the annex")
    link = parse_xml(f"<w:hyperlink {nsdecls('w')}/>")
    paragraph_._p.append(link)
    link.append(added._r)
    draft = Draft()
    draft.document = document

    assert draft.read(tmp_path) == ["Scope", "see the annex"]
