"""Files that trip readers up: each with its clauses, or the reason it is refused."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.knowledge.awkward_files import (
    CHINESE,
    ENGLISH,
    HIDDEN_HTML,
    IN_CHINESE,
    IN_ENGLISH,
    LAUGHS,
    LONG_LINE,
    OLE,
    changed,
    contents_first,
    cut_pdf,
    data,
    deck,
    declared,
    declaring,
    deep_markup,
    endless_rows,
    far_cell,
    fees,
    flipped,
    footnotes,
    framed_text,
    hidden_words,
    legal_numbers,
    locked_pdf,
    long_pdf,
    many_parts,
    merged_table,
    nested_zips,
    only_hidden,
    restarting_lists,
    running_articles,
    saved,
    scan_pdf,
    small_deck,
    small_sheet,
    small_word,
    styled_articles,
    tracked_changes,
    wide_laughs,
    word,
)


@dataclass(frozen=True)
class Awkward:
    """A file: how it is written, and what must come of it.

    `clauses` are texts by number, all there are; `holds` are those that matter of many. With
    `reason` the file is refused, with a line that says so much. `notices` are parts of what is
    reported of a file that is taken.
    """

    name: str
    write: Callable[[Path], object]
    clauses: dict[str, str] = field(default_factory=dict)
    holds: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    notices: tuple[str, ...] = ()


SOUND = (
    Awkward(
        "running.docx",
        word(running_articles),
        {
            "1": "客户经理应当走访客户。",
            "2": "走访分为：\n（一）例行走访；\n（二）专项走访。",
            "3": "本办法自发布之日起施行。",
        },
    ),
    Awkward(
        "restarting.docx",
        word(restarting_lists),
        {
            "1": "Every client is visited.",
            "2": "A visit is logged.\n(a) within three days;",
            "annex-a/1": "The form has two pages.",
        },
    ),
    Awkward(
        "styled.docx",
        word(styled_articles),
        {"12": "单户限额为五百万元。", "13": "超过限额的，报总行审批。"},
    ),
    Awkward("legal.docx", word(legal_numbers), {"3.1": "None is taken.", "3.2": "None is given."}),
    Awkward(
        "merged.docx",
        word(merged_table),
        {
            "1": "收费标准如下：\n业务 | 费用 最低 | 费用 最高\n汇款 | 1元 | 50元\n汇款 | 2元 | 60元",
            "2": "其他业务免费。",
        },
    ),
    Awkward(
        "changes.docx",
        word(tracked_changes),
        {"1": "走访应当在三日内登记。", "2": "逾期的，通报批评。"},
        notices=("tracked changes",),
    ),
    Awkward(
        "notes.docx",
        word(footnotes),
        {"1.1": "A visit is logged in 3 days\n[1] Working days.", "1.2": "It is signed."},
    ),
    Awkward(
        "hidden.docx",
        word(hidden_words),
        {"1.1": "Gifts are refused."},
        notices=("hidden text was left out",),
    ),
    Awkward("contents.docx", word(contents_first), IN_CHINESE),
    Awkward("framed.docx", word(framed_text), IN_CHINESE),
    Awkward(
        "fees.xlsx",
        fees,
        holds={"Fees!4": "Service: Wire; Fee Rate: 5%; Since: 2026-01-01"},
        notices=("sheet 'old' is hidden", "formulas without a value (C4)"),
    ),
    Awkward(
        "deck.pptx",
        deck,
        {"slide-2": "The fee is RMB 480.\nNotes: Say the waiver first."},
        notices=("slide 1 is hidden",),
    ),
    Awkward("gbk.txt", saved(CHINESE, "gbk"), IN_CHINESE),
    Awkward(
        "gb18030.html", saved(f"<p>{CHINESE.replace(chr(10) * 2, '<p>')}", "gb18030"), IN_CHINESE
    ),
    Awkward("wide.txt", saved(CHINESE, "utf-16"), IN_CHINESE),
    Awkward("marked.md", saved(ENGLISH, "utf-8-sig"), IN_ENGLISH),
    Awkward("returns.txt", saved(ENGLISH.replace("\n", "\r"), "utf-8"), IN_ENGLISH),
    Awkward(
        "unseen.md",
        saved(ENGLISH.replace("premium", "pre\u200bmi\u00adum\U000e0041"), "utf-8"),
        IN_ENGLISH,
    ),
    Awkward(
        "line.txt", saved(LONG_LINE, "utf-8"), holds={"1.1": "客户经理应当核实客户的经营情况。"}
    ),
    Awkward("hidden.html", saved(HIDDEN_HTML, "utf-8"), IN_ENGLISH),
    Awkward(
        "long.pdf",
        long_pdf,
        holds={
            "1.1": "Rule 1 holds for every branch.",
            "300.1": "Rule 300 holds for every branch.",
        },
    ),
    Awkward("odd\n '🙂' 名.md", saved(ENGLISH, "utf-8"), IN_ENGLISH),
)

NO_WORD = "not a Word file"
REFUSED = tuple(
    Awkward(name, write, reason=reason)
    for name, write, reason in (
        ("zip.docx", data(changed(b"PK\x05\x06" + bytes(18), "a.txt", lambda _: b"1.1")), NO_WORD),
        ("cut.docx", data(small_word()[:9_000]), "cut short or damaged: save it again"),
        ("locked.docx", data(OLE + "EncryptedPackage".encode("utf-16-le")), "remove the password"),
        ("old.docx", data(OLE + "WordDocument".encode("utf-16-le")), "an old Word file (.doc)"),
        ("sheet.docx", data(small_sheet()), "an Excel workbook: name it .xlsx"),
        ("page.docx", data(b"<html><p>1.1 Text."), "a web page: name it .html"),
        ("rich.docx", data(rb"{\rtf1 1.1 Text.}"), "an RTF text: save it again as .docx"),
        (
            "macros.docx",
            data(
                changed(
                    small_word(),
                    "[Content_Types].xml",
                    lambda part: part.replace(
                        b"openxmlformats-officedocument.wordprocessingml.document.main",
                        b"ms-word.document.macroEnabled.main",
                    ),
                )
            ),
            "a .docm file (macros or a template): save it as .docx",
        ),
        (
            "bomb.docx",
            declared(201_000_000),
            "the file unpacks to 201,",
        ),
        (
            "lying.docx",
            declared(1_000, real=201_000_000),
            "the file unpacks to over 200,000,000 bytes",
        ),
        ("longer.docx", declared(900_001), "unpacks to 1,000,001 bytes, not the 900,001"),
        ("parts.docx", many_parts, "in 5,001 parts"),
        ("nested.docx", nested_zips, NO_WORD),
        ("flipped.docx", flipped, "cut short or damaged"),
        (
            "laughs.docx",
            declaring(small_word(), "word/document.xml", f"{LAUGHS}]>", "&i;"),
            "declares a DTD",
        ),
        ("wide.docx", wide_laughs, "declares a DTD"),
        (
            "external.docx",
            declaring(
                small_word(),
                "word/document.xml",
                '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
                "&a;",
            ),
            "declares a DTD",
        ),
        (
            "quadratic.docx",
            declaring(
                small_word(),
                "word/document.xml",
                f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>',
                "&a;" * 10_000,
            ),
            "declares a DTD",
        ),
        ("deep.docx", deep_markup, "damaged"),
        ("blank.docx", word(lambda draft: draft.add("")), "no text in the Word file"),
        ("zero.docx", data(b""), "the file is empty"),
        ("far.xlsx", far_cell, "spans 1,048,576 rows by 16,384 columns"),
        ("endless.xlsx", endless_rows, "over 50,000 rows"),
        ("secret.xlsx", only_hidden, "no text that is not hidden"),
        (
            "laughs.xlsx",
            declaring(small_sheet(), "xl/sharedStrings.xml", f"{LAUGHS}]>", "&i;"),
            "declares a DTD",
        ),
        ("word.xlsx", data(small_word()), "a Word file: name it .docx"),
        (
            "laughs.pptx",
            declaring(small_deck(), "ppt/presentation.xml", f"{LAUGHS}]>", "&i;"),
            "DTD",
        ),
        ("old.pptx", data(OLE + "PowerPoint Document".encode("utf-16-le")), "(.ppt)"),
        ("blank.pptx", data(small_deck()), "no text in the PowerPoint file"),
        ("zero.md", data(b""), "the file is empty"),
        ("spaces.md", data(b" \n\n"), "no text"),
        ("binary.txt", data(bytes(range(256)) * 40), "binary data"),
        ("word.txt", data(small_word()), "really a Word file: name it .docx"),
        ("page.md", data(b"%PDF-1.4 \n1 0 obj"), "really a PDF: name it .pdf"),
        ("endless.txt", data(b"1.1 " + b"word " * 1_050_000), "more than 5,000,000 characters"),
        ("deep.html", data(b"<div>" * 50_000 + b"1.1 Text."), "nested too deeply"),
        ("locked.pdf", locked_pdf, "password-protected"),
        ("cut.pdf", cut_pdf, "damaged"),
        ("text.pdf", data(b"1.1 Text."), "not a PDF but plain text"),
        ("scan.pdf", scan_pdf, "not searchable"),
    )
)

CORPUS = (*SOUND, *REFUSED)


def write_corpus(folder: Path) -> None:
    """Every file of the corpus, and what is no file for it to read although its name says so."""
    folder.mkdir(exist_ok=True)
    for awkward in CORPUS:
        awkward.write(folder / awkward.name)
    (folder / "folder.docx").mkdir()
    (folder / "nowhere.md").symlink_to(folder / "not there.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    os.mkfifo(folder / "pipe.md")
    (folder / "~$open.docx").write_bytes(b"lock")
    (folder / "..data").mkdir()
    (folder / "..data" / "copy.md").write_text(ENGLISH)
