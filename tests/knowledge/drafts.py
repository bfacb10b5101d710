"""Word documents under construction, their lists and their XML written by the tests."""

import docx
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge.reading.word import read_word

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    f"{nsdecls('w', 'r', 'm', 'wp', 'a')} "
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
AUTHOR = 'w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"'


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
                f'<w:abstractNum {NAMES} w:abstractNumId="{abstract_id}">{inner}{parts}'
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

    def xml(self, content):
        """Add body content written as it stands in the file."""
        for element in parse_xml(f"<w:body {NAMES}>{content}</w:body>"):
            self.document.element.body.insert_element_before(element, "w:sectPr")

    def part(self, kind, content):
        """Add a part of the package, such as footnotes, with its relation."""
        blob = f"<w:{kind} {NAMES}>{content}</w:{kind}>".encode()
        form = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        part = Part(PackURI(f"/word/{kind}.xml"), form, blob, self.document.part.package)
        self.document.part.relate_to(part, f"{RELATIONS}/{kind}")

    def save(self, path):
        self.document.save(path)
        return path

    def document_in(self, folder):
        return read_word(self.save(folder / "draft.docx"))

    def read(self, folder):
        return [block.text for block in self.document_in(folder).blocks]


def number_styles(draft, first_article=1):
    """Let the styles Chapter and Article, and Tight which is based on it, number paragraphs."""
    chapter, article = (f'<w:pStyle w:val="{name}"/>' for name in ("Chapter", "Article"))
    restart = '<w:lvlRestart w:val="0"/>'
    draft.define(
        0,
        level("chineseCounting", "第%1章", extra=chapter),
        level("chineseCountingThousand", "第%2条", first_article, article + restart),
    )
    draft.use(7, 0)
    draft.style("Chapter", '<w:numPr><w:numId w:val="7"/></w:numPr>')
    draft.style("Article", '<w:numPr><w:numId w:val="7"/></w:numPr>')
    draft.style("Tight", "", based_on="Article")


def level(form="decimal", text="%1.", start=1, extra=""):
    return (
        f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:suff w:val="space"/><w:lvlText w:val="{text}"/>'
    )


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def deleted(text):
    return f'<w:del {AUTHOR}><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def paragraph(content, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def listed(level, num_id=1):
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>'


def cell(content, properties=""):
    if not content.startswith("<w:"):
        content = paragraph(run(content))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(*cells, properties=""):
    inside = "".join(c if c.startswith("<w:tc>") else cell(c) for c in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inside}</w:tr>"


def table(*rows):
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def span(columns):
    return f'<w:gridSpan w:val="{columns}"/>'


DOWN, CONTINUED = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
