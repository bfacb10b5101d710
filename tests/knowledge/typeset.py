"""Typeset the policies that ship as Word and PDF files from their Markdown sources.

``python -m tests.knowledge.typeset`` reads ``tests/knowledge/policies/{word,pdf}/*.md`` and writes
``knowledge/policies/*.docx``, ``*.pdf`` and ``policy.toml``, which holds the front matter that
those two formats cannot carry. In the Word files chapter, clause and item numbers come from the
document's own numbering and never from its text; in the PDF files they are printed.
"""

from __future__ import annotations

import html
import io
import re
import subprocess
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

SOURCES = Path(__file__).parent / "policies"
SHIPPED = Path(__file__).parents[2] / "knowledge" / "policies"
CHROMIUM = "/usr/bin/chromium"

DIRECT_NUMBERING = {"in-loan-2026", "pre-loan-2026", "wealth-products-2026"}
"""Documents that number each paragraph itself; the others inherit the number from its style."""

META_KEYS = (
    *("id", "title", "version", "kind", "lang"),
    *("in_force_from", "in_force_to", "replaces", "audience", "owner"),
)
STYLES = {"chapter": "Policy Chapter", "clause": "Policy Clause", "item": "Policy Item"}
LEVELS = {"chapter": 0, "clause": 1, "item": 2}
# Word's (number format, text, restarts at each chapter) for chapter, clause and item.
FORMATS = {
    "zh": (
        ("chineseCounting", "第%1章", True),
        ("chineseCountingThousand", "第%2条", False),
        ("chineseCounting", "（%3）", True),
    ),
    "en": (("decimal", "%1", True), ("decimal", "%1.%2", True), ("lowerLetter", "(%3)", True)),
}
MARKS = {
    "zh": {
        "chapter": re.compile(r"## (第[一二三四五六七八九十百]+章)\s+"),
        "clause": re.compile(r"(第[一二三四五六七八九十百]+条)　"),
        "item": re.compile(r"(（[一二三四五六七八九十]+）)\s*"),
    },
    "en": {
        "chapter": re.compile(r"## (\d+) "),
        "clause": re.compile(r"(\d+\.\d+) "),
        "item": re.compile(r"(\([a-z]\)) "),
    },
}
TABLE_RULE = re.compile(r"\|[\s:|-]+\|")


@dataclass(frozen=True)
class Block:
    """One paragraph (chapter, clause, item or plain text) or one table of a policy."""

    kind: str
    number: str = ""
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Source:
    """A policy as written: its file's stem, its front matter and its body in order."""

    stem: str
    meta: dict[str, Any]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Revision:
    """A tracked change: ``inserted`` (in the source) took the place of ``deleted`` (not in it)."""

    clause: str
    inserted: str
    deleted: str


REVISIONS = {"post-loan-2026": Revision("第六条", "五个工作日", "十个工作日")}


def read_source(path: Path) -> Source:
    """Parse one Markdown source."""
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    meta = tomllib.loads(front)
    lines = [line for line in body.splitlines() if line.strip() and not line.startswith("# ")]
    blocks: list[Block] = []
    for line in lines:
        if not line.startswith("|"):
            blocks.append(_paragraph(line, meta["lang"]))
        elif not TABLE_RULE.fullmatch(line):
            row = tuple(cell.strip() for cell in line.strip("|").split("|"))
            rows = blocks.pop().rows if blocks[-1].kind == "table" else ()
            blocks.append(Block("table", rows=(*rows, row)))
    return Source(path.stem, meta, tuple(blocks))


def _paragraph(line: str, lang: str) -> Block:
    for kind, mark in MARKS[lang].items():
        if found := mark.match(line):
            return Block(kind, found[1], line[found.end() :])
    return Block("text", text=line)


# Word


def build_docx(source: Source) -> bytes:
    """Lay out a source as a Word file with automatic numbers."""
    document = Document()
    lang, direct = source.meta["lang"], source.stem in DIRECT_NUMBERING
    numbering = _add_numbering(document, lang, linked=not direct)
    _add_styles(document, None if direct else numbering)
    document.add_paragraph(source.meta["title"], style="Title")
    for block in source.blocks:
        if block.kind == "table":
            _add_table(document, block)
            continue
        paragraph = document.add_paragraph(style=STYLES.get(block.kind, "Normal"))
        _add_text(paragraph, block, REVISIONS.get(source.stem), source.meta["in_force_from"])
        if direct and block.kind in LEVELS:
            _number(paragraph._p, numbering, LEVELS[block.kind])
    _add_running_lines(document, source.meta)
    _set_properties(document, source.meta)
    saved = io.BytesIO()
    document.save(saved)
    return _fix_times(saved.getvalue())


def _add_numbering(document: Any, lang: str, *, linked: bool) -> int:
    """Define the document's three-level list; returns the id that paragraphs or styles refer to."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/>'
        + ("" if restarts else '<w:lvlRestart w:val="0"/>')
        + (f'<w:pStyle w:val="{style.replace(" ", "")}"/>' if linked else "")
        + f'<w:suff w:val="space"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{420 if level == LEVELS["item"] else 0}" w:firstLine="0"/></w:pPr>'
        "</w:lvl>"
        for level, ((fmt, text, restarts), style) in enumerate(
            zip(FORMATS[lang], STYLES.values(), strict=True)
        )
    )
    root = document.part.numbering_part.element
    abstract_id = len(root.findall(qn("w:abstractNum"))) + 100
    number_id = max(int(num.get(qn("w:numId"))) for num in root.findall(qn("w:num"))) + 1
    root.find(qn("w:num")).addprevious(
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract_id}">'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        )
    )
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{number_id}">'
            f'<w:abstractNumId w:val="{abstract_id}"/></w:num>'
        )
    )
    return number_id


def _number(element: Any, numbering: int, level: int) -> None:
    """Make a paragraph or a style take its number from a level of the list."""
    properties = element.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = numbering


def _add_styles(document: Any, numbering: int | None) -> None:
    """Add the three policy styles, linked to the list unless ``numbering`` is None."""
    _set_font(document.styles["Normal"], 11)
    _set_font(document.styles["Title"], 20)
    for kind, name in STYLES.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.quick_style = True
        style.paragraph_format.space_after = Pt(6)
        if kind == "chapter":
            style.font.bold = True
            style.font.size = Pt(14)
            style.paragraph_format.space_before = Pt(12)
            style.paragraph_format.keep_with_next = True
        if numbering is not None:
            _number(style.element, numbering, LEVELS[kind])


def _set_font(style: Any, size: int) -> None:
    style.font.name = "Noto Serif"
    style.font.size = Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")


def _add_text(paragraph: Any, block: Block, revision: Revision | None, on: date) -> None:
    """Write a block's words, with the tracked change if this is the clause it belongs to."""
    if revision is None or block.number != revision.clause:
        paragraph.add_run(block.text)
        return
    before, found, after = block.text.partition(revision.inserted)
    if not found:
        raise ValueError(f"{revision.clause} no longer says {revision.inserted!r}")
    who = f'w:author="Policy Office" w:date="{on.isoformat()}T09:00:00Z"'
    paragraph.add_run(before)
    for number, tag, word, text in (
        (1, "del", "delText", revision.deleted),
        (2, "ins", "t", revision.inserted),
    ):
        change = f'<w:{tag} {nsdecls("w")} w:id="{number}" {who}><w:r><w:{word}>{text}</w:{word}>'
        paragraph._p.append(parse_xml(f"{change}</w:r></w:{tag}>"))
    paragraph.add_run(after)


def _add_table(document: Any, block: Block) -> None:
    table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
    for row in block.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _add_running_lines(document: Any, meta: dict[str, Any]) -> None:
    """Put the title in the page header and the page number in the footer."""
    section = document.sections[0]
    before, after = ("第 ", " 页") if meta["lang"] == "zh" else ("Page ", "")
    section.header.paragraphs[0].text = meta["title"]
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run(before)
    footer._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        )
    )
    footer.add_run(after)


def _set_properties(document: Any, meta: dict[str, Any]) -> None:
    issued = datetime.combine(meta["in_force_from"], datetime.min.time())
    properties = document.core_properties
    properties.title = meta["title"]
    properties.author = properties.last_modified_by = meta["owner"]
    properties.version = meta["version"]
    properties.language = {"zh": "zh-CN", "en": "en-GB"}[meta["lang"]]
    properties.comments = ""
    properties.created = properties.modified = issued


def _fix_times(archive: bytes) -> bytes:
    """Repack a Word file so that equal contents give equal bytes."""
    repacked = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(repacked, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return repacked.getvalue()


# PDF

PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<style>
@page {{ size: A4; margin: 28mm 26mm 24mm;
  @top-center {{ content: "{title}"; font: 9pt {fonts}; color: #555; }}
  @bottom-center {{ content: {footer}; font: 9pt {fonts}; color: #555; }} }}
body {{ font: 12pt/1.8 {fonts}; text-align: justify; font-variant-ligatures: none; }}
h1 {{ font-size: 20pt; text-align: center; margin: 0 0 10mm; }}
h2 {{ font-size: 14pt; margin: 8mm 0 3mm; break-after: avoid; }}
p {{ margin: 0 0 3mm; orphans: 2; widows: 2; }}
p.item {{ margin-left: 8mm; }}
table {{ border-collapse: collapse; margin: 0 0 4mm; }}
td {{ border: 0.5pt solid #555; padding: 1mm 3mm; }}
</style></head><body><h1>{title}</h1>
{body}
</body></html>
"""


def build_html(source: Source) -> str:
    """Lay out a source as the page that is printed to PDF."""
    zh = source.meta["lang"] == "zh"
    sans, serif = '"Noto Sans CJK SC"', '"Noto Serif CJK SC"'
    return PAGE.format(
        lang="zh-CN" if zh else "en",
        title=html.escape(source.meta["title"]),
        fonts=f"{serif}, serif" if zh else f'"Noto Serif", {serif}, {sans}, serif',
        footer='"第 " counter(page) " 页"' if zh else '"Page " counter(page)',
        body="\n".join(_block_html(block, "　" if zh else " ") for block in source.blocks),
    )


def _block_html(block: Block, gap: str) -> str:
    if block.kind == "table":
        cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in block.rows)
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
    if block.kind == "chapter":
        return f"<h2>{block.number} {html.escape(block.text)}</h2>"
    joint = "" if block.number.startswith("（") else gap
    text = html.escape(f"{block.number}{joint}{block.text}" if block.number else block.text)
    return f'<p class="{block.kind}">{text}</p>'


def build_pdf(source: Source) -> bytes:
    """Print a source to PDF; the creation time inside is the day it came into force."""
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(build_html(source), encoding="utf-8")
        subprocess.run(
            [
                CHROMIUM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-agent=Yunlan Bank",
                f"--user-data-dir={folder}/profile",
                "--no-pdf-header-footer",
                f"--print-to-pdf={printed}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        pdf = printed.read_bytes()
    day = f"{source.meta['in_force_from']:%Y%m%d}".encode()
    return re.sub(rb"(Date \(D:)\d{8}\d{6}", rb"\g<1>" + day + b"090000", pdf)


# Front matter beside the files


def policy_toml(entries: dict[str, dict[str, Any]]) -> str:
    """The front matter of the typeset files, one table per file name."""
    tables = []
    for name, meta in sorted(entries.items()):
        lines = [f"{key} = {_toml(meta[key])}" for key in META_KEYS if key in meta]
        tables.append("\n".join([f'["{name}"]', *lines]))
    return "\n\n".join(tables) + "\n"


def _toml(value: str | date | list[str]) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main() -> None:
    """Rebuild every typeset policy and the table of their front matter."""
    entries: dict[str, dict[str, Any]] = {}
    for folder, suffix, build in (("word", ".docx", build_docx), ("pdf", ".pdf", build_pdf)):
        for path in sorted((SOURCES / folder).glob("*.md")):
            source = read_source(path)
            name = source.stem + suffix
            (SHIPPED / name).write_bytes(build(source))
            entries[name] = source.meta
    (SHIPPED / "policy.toml").write_text(policy_toml(entries), encoding="utf-8")


if __name__ == "__main__":
    main()
