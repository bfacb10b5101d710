"""The rules for interactive elements and their options."""

from collections.abc import Callable
from typing import Final

from workspace.findings import Findings, Json
from workspace.limits import most

STYLES: Final = ("primary", "danger")


def check_element(found: Findings, element: object, at: str, allowed: frozenset[str]) -> None:
    """One interactive element, whose type must be among `allowed`."""
    if not isinstance(element, dict):
        found.add("must be an object", at)
        return
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        found.add(f"unsupported type: {kind}", f"{at}/type")
        return
    if kind != "image":
        found.string(element.get("action_id"), f"{at}/action_id", "action_id", required=False)
    RULES[kind](found, element, at)
    if "confirm" in element:
        _confirm(found, element["confirm"], f"{at}/confirm")


def _confirm(found: Findings, dialog: object, at: str) -> None:
    if not isinstance(dialog, dict):
        found.add("must be an object", at)
        return
    found.text(dialog.get("title"), f"{at}/title", "confirm.title", plain=True)
    found.text(dialog.get("text"), f"{at}/text", "confirm.text")
    for name in ("confirm", "deny"):
        found.text(dialog.get(name), f"{at}/{name}", "confirm.button", plain=True, required=False)


def _button(found: Findings, button: Json, at: str) -> None:
    found.text(button.get("text"), f"{at}/text", "button.text", plain=True)
    found.string(button.get("value"), f"{at}/value", "button.value", required=False)
    found.string(button.get("url"), f"{at}/url", "button.url", required=False)
    if "style" in button:
        found.one_of(button["style"], STYLES, f"{at}/style")


def _option(found: Findings, option: object, at: str, *, plain: bool) -> None:
    if not isinstance(option, dict):
        found.add("must be an object", at)
        return
    found.text(option.get("text"), f"{at}/text", "option.text", plain=plain)
    found.string(option.get("value"), f"{at}/value", "option.value")
    found.text(
        option.get("description"),
        f"{at}/description",
        "option.description",
        plain=plain,
        required=False,
    )


def _select(found: Findings, menu: Json, at: str) -> None:
    found.text(
        menu.get("placeholder"), f"{at}/placeholder", "placeholder", plain=True, required=False
    )
    groups = menu.get("option_groups")
    if groups is None:
        for pointer, option in found.items(menu.get("options"), f"{at}/options", "select.options"):
            _option(found, option, pointer, plain=True)
        return
    for where, group in found.objects(groups, f"{at}/option_groups", "select.options"):
        found.text(group.get("label"), f"{where}/label", "option.text", plain=True)
        for pointer, option in found.items(
            group.get("options"), f"{where}/options", "select.options"
        ):
            _option(found, option, pointer, plain=True)


def _overflow(found: Findings, menu: Json, at: str) -> None:
    for pointer, option in found.items(menu.get("options"), f"{at}/options", "overflow.options"):
        _option(found, option, pointer, plain=True)


def _choices(found: Findings, group: Json, at: str) -> None:
    for pointer, option in found.items(group.get("options"), f"{at}/options", "choice.options"):
        _option(found, option, pointer, plain=False)


def _typed(found: Findings, field: Json, at: str) -> None:
    found.text(
        field.get("placeholder"), f"{at}/placeholder", "placeholder", plain=True, required=False
    )
    limit = "text_input.max_length"
    longest = field.get("max_length", 1)
    if not isinstance(longest, int) or not 1 <= longest <= most(limit):
        found.add(f"must be between 1 and {most(limit)}", f"{at}/max_length")


def _feedback(found: Findings, pair: Json, at: str) -> None:
    for name in ("positive_button", "negative_button"):
        half = pair.get(name)
        if not isinstance(half, dict):
            found.add(f"missing required field: {name}", f"{at}/{name}")
            continue
        found.text(half.get("text"), f"{at}/{name}/text", "button.text", plain=True)
        found.string(half.get("value"), f"{at}/{name}/value", "button.value")


def _icon_button(found: Findings, button: Json, at: str) -> None:
    found.text(button.get("text"), f"{at}/text", "button.text", plain=True)
    found.string(button.get("value"), f"{at}/value", "button.value", required=False)


def check_image(found: Findings, image: Json, at: str) -> None:
    """An image block or element."""
    found.string(image.get("image_url"), f"{at}/image_url", "image.url")
    found.string(image.get("alt_text"), f"{at}/alt_text", "image.alt_text")
    found.text(image.get("title"), f"{at}/title", "image.title", plain=True, required=False)


RULES: Final[dict[str, Callable[[Findings, Json, str], None]]] = {
    "button": _button,
    "checkboxes": _choices,
    "datepicker": _typed,
    "feedback_buttons": _feedback,
    "icon_button": _icon_button,
    "image": check_image,
    "overflow": _overflow,
    "plain_text_input": _typed,
    "radio_buttons": _choices,
    "static_select": _select,
}
