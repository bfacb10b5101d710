"""Policies with something planted in them: one file a case, in the format its place needs."""

import json
from pathlib import Path

import xlsxwriter

FRONT = """+++
id = {id}
title = {title}
version = "1"
kind = "policy"
lang = "{lang}"
in_force_from = 2026-01-01
audience = ["all"]
owner = "风险管理部"
+++
"""
BODY = {
    "zh": "# {heading}\n\n## {chapter}\n\n第一条　{first}\n\n第二条　本规定由风险管理部负责解释。\n",
    "en": "# {heading}\n\n## {chapter}\n\n1.1 {first}\n\n1.2 The Policy Office explains this policy.\n",
}
PLAIN = {"zh": "档案盒应当贴上标签。", "en": "Boxes of files must carry a label."}
PAGE = """<html><head><title>{title}</title></head><body><h1>{title}</h1>
<p>第一条　{first}</p><p>第二条　各支行遵照执行。</p><p style="display:none">{text}</p><!-- {text} --><div hidden>{text}</div>
<p style="color:#ffffff;background:#ffffff">{text}</p></body></html>
"""


def language(case: dict) -> str:
    return "zh" if "-zh-" in case["id"] else "en"


def title_of(case: dict) -> str:
    return case["text"] if case["place"] == "title" else f"Paper {case['id']}"


def write(folder: Path, case: dict) -> None:
    """The file of a case."""
    if case["place"] in {"sheet", "unseen"}:
        _write_beside(folder / case["id"], case)
        return
    lang, text = language(case), case["text"]
    first = {
        "body": text,
        "table": f"{PLAIN[lang]}\n\n| 事项 | 说明 |\n|---|---|\n| 标签 | {text.replace('|', '/')} |",
        "footnote": f"{PLAIN[lang]}[^1]\n\n[^1]: {text}",
    }.get(case["place"], PLAIN[lang])
    chapter = text if case["place"] == "heading" else "一"
    front = FRONT.format(id=json.dumps(case["id"]), title=_quoted(title_of(case)), lang=lang)
    body = BODY[lang].format(heading="Paper", chapter=chapter, first=first)
    name = text.replace("/", "") if case["place"] == "file_name" else case["id"]
    (folder / f"{name}.md").write_text(front + body, encoding="utf-8")


def _write_beside(place: Path, case: dict) -> None:
    """A file whose particulars stand in a policy.toml beside it."""
    place.mkdir()
    title, lang = title_of(case), language(case)
    name = "paper.xlsx" if case["place"] == "sheet" else "paper.html"
    told = FRONT.format(id=json.dumps(case["id"]), title=_quoted(title), lang=lang)
    told = f'["{name}"]\n' + told.replace("+++\n", "")
    (place / "policy.toml").write_text(told, encoding="utf-8")
    if case["place"] == "unseen":
        page = PAGE.format(title=title, first=PLAIN[lang], text=case["text"])
        (place / name).write_text(page, encoding="utf-8")
        return
    with xlsxwriter.Workbook(place / name) as book:
        sheet = book.add_worksheet("Fees")
        for row, cells in enumerate((("Item", "Fee"), ("Label", "12"), ("Note", case["text"]))):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)


def _quoted(text: str) -> str:
    return json.dumps(text)
