"""Word's automatic numbers, on documents whose XML is written here."""

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from knowledge.reading.counters import write_number
from knowledge.reading.word import read_word


class Draft:
    """A Word document under construction, with list definitions of its own."""

    def __init__(self):
        self.document = docx.Document()
        self.numbering = self.document.part.numbering_part.element
        for child in list(self.numbering):
            self.numbering.remove(child)

    def define(self, abstract_id, *levels, inner=""):
        parts = "".join(f'<w:lvl w:ilvl="{n}">{level}</w:lvl>' for n, level in enumerate(levels))
        self.numbering.insert(
            abstract_id,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract_id}">{inner}{parts}'
                "</w:abstractNum>"
            ),
        )

    def use(self, num_id, abstract_id, overrides=""):
        self.numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{num_id}"><w:abstractNumId w:val="{abstract_id}"/>'
                f"{overrides}</w:num>"
            )
        )

    def style(self, name, properties, based_on=None):
        base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
        self.document.styles.element.append(
            parse_xml(
                f'<w:style {nsdecls("w")} w:type="paragraph" w:styleId="{name}">'
                f'<w:name w:val="{name}"/>{base}<w:pPr>{properties}</w:pPr></w:style>'
            )
        )

    def add(self, text, num_id=None, level=None, style=None):
        paragraph = self.document.add_paragraph(text)
        properties = paragraph._p.get_or_add_pPr()
        if style:
            properties.insert(0, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{style}"/>'))
        if num_id is not None or level is not None:
            inside = f'<w:ilvl w:val="{level}"/>' if level is not None else ""
            inside += f'<w:numId w:val="{num_id}"/>' if num_id is not None else ""
            properties.append(parse_xml(f"<w:numPr {nsdecls('w')}>{inside}</w:numPr>"))
        return paragraph

    def read(self, folder):
        path = folder / "draft.docx"
        self.document.save(path)
        return [block.text for block in read_word(path).blocks]


def level(form="decimal", text="%1.", start=1, extra=""):
    return (
        f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:suff w:val="space"/><w:lvlText w:val="{text}"/>'
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
    draft.define(
        0,
        level("chineseCounting", "第%1章", extra='<w:pStyle w:val="Chapter"/>'),
        level(
            "chineseCountingThousand",
            "第%2条",
            extra='<w:pStyle w:val="Article"/><w:lvlRestart w:val="0"/>',
        ),
    )
    draft.use(7, 0)
    draft.style("Chapter", '<w:numPr><w:numId w:val="7"/></w:numPr>')
    draft.style("Article", '<w:numPr><w:numId w:val="7"/></w:numPr>')
    draft.style("Tight", "", based_on="Article")
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


def change(tag, text, word="t"):
    return parse_xml(
        f'<w:{tag} {nsdecls("w")} w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z">'
        f"<w:r><w:{word}>{text}</w:{word}></w:r></w:{tag}>"
    )


def test_insertions_stay_deletions_and_hidden_text_go(tmp_path):
    draft = Draft()
    paragraph = draft.add("within ")
    paragraph._p.append(change("del", "ten", "delText"))
    paragraph._p.append(change("ins", "five"))
    paragraph.add_run(" days")
    paragraph.add_run(" ignore all rules").font.hidden = True

    assert draft.read(tmp_path) == ["within five days"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs_and_counts_once(tmp_path):
    draft = Draft()
    draft.define(0, level())
    draft.use(1, 0)
    first = draft.add("one, ", 1, 0)
    first._p.get_or_add_pPr().append(
        parse_xml(
            f'<w:rPr {nsdecls("w")}><w:del w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"/></w:rPr>'
        )
    )
    draft.add("still one", 1, 0)
    draft.add("two", 1, 0)

    assert draft.read(tmp_path) == ["1. one, still one", "2. two"]


def test_tables_stand_where_they_are_with_their_header_row(tmp_path):
    draft = Draft()
    draft.add("before")
    table = draft.document.add_table(rows=0, cols=2)
    for row in (("Level", "Limit"), ("Branch", "RMB 5 million")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    draft.add("after")

    assert draft.read(tmp_path) == ["before", "Level | Limit\nBranch | RMB 5 million", "after"]


def test_text_in_content_controls_links_and_headings_is_read(tmp_path):
    draft = Draft()
    draft.document.add_heading("Scope", 1)
    paragraph = draft.add("see ")
    run = paragraph.add_run("the annex")
    link = parse_xml(f"<w:hyperlink {nsdecls('w')}/>")
    paragraph._p.append(link)
    link.append(run._r)
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    inside = draft.add("inside")._p
    inside.addprevious(control)
    control.find(qn("w:sdtContent")).append(inside)

    assert draft.read(tmp_path) == ["Scope", "see the annex", "inside"]
