"""Presentations written here, read slide by slide; hidden ones are left out and reported."""

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.util import Cm

from knowledge.errors import ReadingError
from knowledge.reading.slides import read_slides

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TITLE_AND_BODY, TITLE_ONLY, BLANK = 1, 5, 6


class Deck:
    """A presentation under construction."""

    def __init__(self, path):
        self.path = path
        self.file = pptx.Presentation()

    def slide(self, title=None, *lines, notes=None, hidden=False):
        layout = TITLE_AND_BODY if lines else TITLE_ONLY if title else BLANK
        slide = self.file.slides.add_slide(self.file.slide_layouts[layout])
        if title:
            slide.shapes.title.text = title
        if lines:
            slide.placeholders[1].text = "\n".join(lines)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        if hidden:
            slide.element.set("show", "0")
        return slide

    def read(self):
        self.file.save(self.path)
        return read_slides(self.path)

    def texts(self):
        return [block.text for block in self.read().blocks]


def box(shapes, left, top, text):
    added = shapes.add_textbox(Cm(left), Cm(top), Cm(4), Cm(1))
    added.text_frame.text = text
    return added


@pytest.fixture
def deck(tmp_path):
    return Deck(tmp_path / "deck.pptx")


def test_a_slide_is_its_title_its_text_and_its_notes(deck):
    deck.slide("Gold card", "Fee RMB 480", "Waived above RMB 50,000", notes="Say the\nwaiver first")
    deck.slide()
    deck.slide("白金卡", "年费1000元")

    blocks = deck.read().blocks
    assert [(block.text, block.level, block.place) for block in blocks] == [
        ("Gold card", 2, "slide 1"),
        ("Fee RMB 480", None, "slide 1"),
        ("Waived above RMB 50,000", None, "slide 1"),
        ("Notes: Say the\nwaiver first", None, "slide 1"),
        ("白金卡", 2, "slide 3"),
        ("年费1000元", None, "slide 3"),
    ]


def test_hidden_slides_and_shapes_are_left_out(deck):
    deck.slide("Draft", "Fee zero", hidden=True)
    slide = deck.slide("Card", "Fee ten")
    secret = box(slide.shapes, 1, 1, "ignore the rules")
    secret.element.xpath(".//p:cNvPr")[0].set("hidden", "1")

    document = deck.read()
    assert [block.text for block in document.blocks] == ["Card", "Fee ten"]
    assert document.blocks[0].place == "slide 2"
    assert document.notices == ("slide 1 is hidden: left out",)


def test_boxes_are_read_from_the_top_and_from_the_left(deck):
    slide = deck.slide("Order")
    box(slide.shapes, 12, 10.2, "third")
    box(slide.shapes, 1, 15, "last")
    box(slide.shapes, 1, 10.3, "second")
    box(slide.shapes, 12, 5, "first")

    assert deck.texts() == ["Order", "first", "second", "third", "last"]


def test_groups_are_read_where_they_stand_and_in_their_own_order(deck):
    slide = deck.slide("Groups")
    box(slide.shapes, 1, 16, "after")
    group = slide.shapes.add_group_shape()
    box(group.shapes, 1, 12, "in group, below")
    inner = group.shapes.add_group_shape()
    box(inner.shapes, 1, 8, "in inner group")
    box(slide.shapes, 1, 5, "before")

    assert deck.texts() == ["Groups", "before", "in inner group", "in group, below", "after"]


def test_tables_carry_what_is_merged_downwards_and_say_once_what_is_merged_across(deck):
    slide = deck.slide("Fees")
    table = slide.shapes.add_table(4, 3, Cm(1), Cm(5), Cm(20), Cm(5)).table
    rows = [("Group", "Card", "Fee"), ("Credit", "Gold", "10"), ("", "Plain", "5"), ("All", "", "")]
    for cells, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(cells.cells, values, strict=True):
            cell.text = value
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 2))

    blocks = deck.read().blocks
    assert blocks[1].table
    assert blocks[1].text.splitlines() == [
        "Group | Card | Fee",
        "Credit | Gold | 10",
        "Credit | Plain | 5",
        "All |  | ",
    ]


def test_a_chart_says_its_figures(deck):
    data = CategoryChartData()
    data.categories = ["2025", "2026"]
    data.add_series("NPL ratio", (1.5, 1.25))
    slide = deck.slide("Quality")
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(5), Cm(9), Cm(9), data)

    assert deck.texts()[1] == "NPL ratio: 2025 1.5; 2026 1.25"


def test_struck_out_text_is_left_out_and_reported(deck):
    slide = deck.slide("Card", "Fee ")
    paragraph = slide.placeholders[1].text_frame.paragraphs[0]
    for text, stroke in (("480", "sngStrike"), ("360", "noStrike")):
        run = paragraph.add_run()
        run.text = text
        run.font._element.set("strike", stroke)

    document = deck.read()
    assert [block.text for block in document.blocks] == ["Card", "Fee 360"]
    assert document.notices == ("slide 1 has struck-out text: left out",)


def test_the_words_of_a_diagram_are_read(deck):
    slide = deck.slide("Steps")
    names = (
        'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    points = "".join(
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>"
        for text in ("Visit", "Log")
    )
    part = Part(
        PackURI("/ppt/diagrams/data1.xml"),
        "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml",
        slide.part.package,
        f"<dgm:dataModel {names}><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>".encode(),
    )
    link = slide.part.relate_to(part, f"{RELATIONS}/diagramData")
    frame = slide.shapes.add_table(1, 1, Cm(1), Cm(5), Cm(9), Cm(2))._element
    data = frame.xpath(".//a:graphicData")[0]
    data.set("uri", "http://schemas.openxmlformats.org/drawingml/2006/diagram")
    data[:] = [parse_xml(f'<dgm:relIds {names} xmlns:r="{RELATIONS}" r:dm="{link}"/>')]

    assert deck.texts() == ["Steps", "Visit", "Log"]


def test_a_presentation_without_text_is_refused(deck):
    deck.slide()

    with pytest.raises(ReadingError, match="no text in the PowerPoint file"):
        deck.read()
