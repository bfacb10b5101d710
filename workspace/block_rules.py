"""The rules for layout blocks, and the checks of whole messages and views."""

from collections.abc import Callable
from typing import Final

from workspace.element_rules import check_element, check_image
from workspace.errors import SlackError
from workspace.findings import Findings, Json
from workspace.limits import SURFACES, most

_CONTROLS: Final = frozenset(
    {"button", "checkboxes", "datepicker", "overflow", "radio_buttons", "static_select"}
)
_INPUTS: Final = frozenset(
    {"checkboxes", "datepicker", "plain_text_input", "radio_buttons", "static_select"}
)


def check_message(text: object, blocks: object) -> None:
    """Raise the SlackError that chat.postMessage answers for this text and these blocks."""
    if isinstance(text, str) and len(text) > most("message.text"):
        raise SlackError("msg_too_long")
    if blocks is None:
        return
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    found = Findings()
    check_blocks(found, blocks, "message")
    for kind, limit, complaint in (
        ("table", "message.tables", "only_one_table_allowed"),
        ("data_visualization", "message.charts", "too many charts in one message"),
    ):
        if sum(1 for b in blocks if isinstance(b, dict) and b.get("type") == kind) > most(limit):
            found.add(complaint, "/blocks")
    if found.lines:
        raise SlackError("invalid_blocks", found.lines)
    _check_markdown_total(blocks)


def _check_markdown_total(blocks: list[Json]) -> None:
    marked = sum(len(b["text"]) for b in blocks if b["type"] == "markdown")
    if marked > most("message.markdown"):
        raise SlackError("msg_blocks_too_long")
    if marked and text_length(blocks) > most("message.markdown_total"):
        raise SlackError("msg_blocks_too_long")


def text_length(value: object) -> int:
    """Characters in every `text` string inside `value`."""
    if isinstance(value, dict):
        own = value.get("text")
        here = len(own) if isinstance(own, str) else 0
        return here + sum(text_length(v) for v in value.values() if not isinstance(v, str))
    if isinstance(value, list):
        return sum(text_length(v) for v in value)
    return 0


def check_view(view: object, kind: str) -> Json:
    """The view, or the SlackError that views.open (`modal`) or views.publish (`home`) answers."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    found = Findings()
    if view.get("type") != kind:
        found.add(f"must be of type {kind}", "/view/type")
    if kind == "modal":
        _check_modal_frame(found, view)
    for name in ("private_metadata", "callback_id", "external_id"):
        if view.get(name):
            found.string(view[name], f"/view/{name}", f"view.{name}")
    check_blocks(found, view.get("blocks"), kind, "/view/blocks")
    if found.lines:
        raise SlackError("invalid_arguments", found.lines)
    return view


def _check_modal_frame(found: Findings, view: Json) -> None:
    found.text(view.get("title"), "/view/title", "view.title", plain=True)
    for name in ("submit", "close"):
        found.text(view.get(name), f"/view/{name}", "view.button", plain=True, required=False)
    blocks = view.get("blocks")
    has_input = isinstance(blocks, list) and any(
        isinstance(b, dict) and b.get("type") == "input" for b in blocks
    )
    if has_input and "submit" not in view:
        found.add("missing required field: submit, as the view has an input block", "/view/submit")


def check_blocks(found: Findings, blocks: object, surface: str, at: str = "/blocks") -> None:
    """Every block of one surface (`message`, `modal` or `home`)."""
    limit = "message.blocks" if surface == "message" else "view.blocks"
    listed = found.objects(blocks, at, limit, least=0)
    found.unique(listed, "block_id")
    for pointer, block in listed:
        kind = block.get("type")
        if not isinstance(kind, str) or kind not in RULES:
            found.add(f"unsupported type: {kind}", f"{pointer}/type")
        elif surface not in SURFACES[kind]:
            found.add(f"unsupported type: {kind} in a {surface}", f"{pointer}/type")
        else:
            found.string(block.get("block_id"), f"{pointer}/block_id", "block_id", required=False)
            RULES[kind](found, block, pointer)


def _section(found: Findings, block: Json, at: str) -> None:
    fields = block.get("fields")
    found.text(block.get("text"), f"{at}/text", "section.text", required=fields is None)
    if fields is not None:
        for pointer, field in found.items(fields, f"{at}/fields", "section.fields"):
            found.text(field, pointer, "section.field")
    if "accessory" in block:
        check_element(found, block["accessory"], f"{at}/accessory", _CONTROLS | {"image"})


def _header(found: Findings, block: Json, at: str) -> None:
    found.text(block.get("text"), f"{at}/text", "header.text", plain=True)


def _divider(found: Findings, block: Json, at: str) -> None:
    """A divider has nothing to check."""


def _context(found: Findings, block: Json, at: str) -> None:
    for pointer, item in found.items(block.get("elements"), f"{at}/elements", "context.elements"):
        if isinstance(item, dict) and item.get("type") == "image":
            check_image(found, item, pointer)
        else:
            found.text(item, pointer, "context.text")


def _actions(found: Findings, block: Json, at: str) -> None:
    listed = found.objects(block.get("elements"), f"{at}/elements", "actions.elements")
    found.unique(listed, "action_id")
    for pointer, item in listed:
        check_element(found, item, pointer, _CONTROLS)


def _context_actions(found: Findings, block: Json, at: str) -> None:
    items = found.items(block.get("elements"), f"{at}/elements", "context_actions.elements")
    for pointer, item in items:
        check_element(found, item, pointer, frozenset({"feedback_buttons", "icon_button"}))


def _markdown(found: Findings, block: Json, at: str) -> None:
    found.string(block.get("text"), f"{at}/text", "message.markdown")


def _input(found: Findings, block: Json, at: str) -> None:
    found.text(block.get("label"), f"{at}/label", "input.label", plain=True)
    found.text(block.get("hint"), f"{at}/hint", "input.hint", plain=True, required=False)
    check_element(found, block.get("element"), f"{at}/element", _INPUTS)


def _rich_text(found: Findings, block: Json, at: str) -> None:
    parts = block.get("elements")
    if not isinstance(parts, list):
        found.add("missing required field: elements", f"{at}/elements")
        return
    kinds = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
    for n, part in enumerate(parts):
        pointer = f"{at}/elements/{n}"
        if not isinstance(part, dict) or not isinstance(part.get("elements"), list):
            found.add("missing required field: elements", pointer)
            continue
        found.one_of(part.get("type"), kinds, f"{pointer}/type")


def _table(found: Findings, block: Json, at: str) -> None:
    for pointer, row in found.items(block.get("rows"), f"{at}/rows", "table.rows"):
        for where, cell in found.items(row, pointer, "table.columns"):
            kind = cell.get("type") if isinstance(cell, dict) else None
            found.one_of(kind, ("raw_text", "raw_number", "rich_text"), f"{where}/type")
            if kind == "rich_text":
                _rich_text(found, cell, where)
            elif kind == "raw_text" and not isinstance(cell.get("text"), str):
                found.add("must be a string", f"{where}/text")
    if text_length(block.get("rows")) > most("table.characters"):
        found.add(f"no more than {most('table.characters')} characters allowed", f"{at}/rows")


def _chart(found: Findings, block: Json, at: str) -> None:
    found.string(block.get("title"), f"{at}/title", "chart.title")
    chart = block.get("chart")
    if not isinstance(chart, dict):
        found.add("missing required field: chart", f"{at}/chart")
        return
    here = f"{at}/chart"
    found.one_of(chart.get("type"), ("line", "bar", "area", "pie"), f"{here}/type")
    if chart.get("type") == "pie":
        slices = found.objects(chart.get("segments"), f"{here}/segments", "chart.series")
        for pointer, part in slices:
            _point(found, part, pointer)
            value = part.get("value")
            if isinstance(value, int | float) and value <= 0:
                found.add("must be greater than 0", f"{pointer}/value")
        return
    _plot(found, chart, here)


def _plot(found: Findings, chart: Json, at: str) -> None:
    axis = chart.get("axis_config")
    if not isinstance(axis, dict):
        found.add("missing required field: axis_config", f"{at}/axis_config")
        return
    labels = axis.get("categories")
    for pointer, label in found.items(labels, f"{at}/axis_config/categories", "chart.points"):
        found.string(label, pointer, "chart.label")
    for name in ("x_label", "y_label"):
        found.string(axis.get(name), f"{at}/axis_config/{name}", "chart.axis", required=False)
    lines = found.objects(chart.get("series"), f"{at}/series", "chart.series")
    found.unique(lines, "name")
    for pointer, series in lines:
        found.string(series.get("name"), f"{pointer}/name", "chart.label")
        points = found.objects(series.get("data"), f"{pointer}/data", "chart.points")
        for where, point in points:
            _point(found, point, where)
        if [point.get("label") for _, point in points] != labels:
            found.add("labels must match axis_config.categories", f"{pointer}/data")


def _point(found: Findings, point: Json, at: str) -> None:
    found.string(point.get("label"), f"{at}/label", "chart.label")
    if not isinstance(point.get("value"), int | float):
        found.add("must be a number", f"{at}/value")


def _card(found: Findings, block: Json, at: str) -> None:
    if not any(block.get(name) for name in ("hero_image", "title", "body", "actions")):
        found.add("needs one of hero_image, title, actions or body", at)
    for name in ("title", "subtitle", "body"):
        found.text(block.get(name), f"{at}/{name}", f"card.{name}", required=False)
    for name in ("hero_image", "icon"):
        if name in block:
            check_element(found, block[name], f"{at}/{name}", frozenset({"image"}))
    if "actions" in block:
        for pointer, item in found.items(block["actions"], f"{at}/actions", "actions.elements"):
            check_element(found, item, pointer, frozenset({"button"}))


def _alert(found: Findings, block: Json, at: str) -> None:
    found.text(block.get("text"), f"{at}/text", "alert.text")
    levels = ("default", "info", "warning", "error", "success")
    found.one_of(block.get("level", "default"), levels, f"{at}/level")


def _task_card(found: Findings, block: Json, at: str) -> None:
    found.string(block.get("task_id"), f"{at}/task_id", "block_id")
    found.string(block.get("title"), f"{at}/title", "section.text")
    found.one_of(
        block.get("status"), ("pending", "in_progress", "complete", "error"), f"{at}/status"
    )


def _plan(found: Findings, block: Json, at: str) -> None:
    found.string(block.get("title"), f"{at}/title", "section.text")
    for pointer, task in found.objects(
        block.get("tasks", []), f"{at}/tasks", "plan.tasks", least=0
    ):
        _task_card(found, task, pointer)


RULES: Final[dict[str, Callable[[Findings, Json, str], None]]] = {
    "actions": _actions,
    "alert": _alert,
    "card": _card,
    "context": _context,
    "context_actions": _context_actions,
    "data_visualization": _chart,
    "divider": _divider,
    "header": _header,
    "image": check_image,
    "input": _input,
    "markdown": _markdown,
    "plan": _plan,
    "rich_text": _rich_text,
    "section": _section,
    "table": _table,
    "task_card": _task_card,
}
