"""Collecting what is wrong with blocks, in Slack's own words and pointers."""

from collections.abc import Sequence
from typing import Any

from workspace.limits import most

Json = dict[str, Any]


class Findings:
    """The complaints so far. `pointer` is a JSON pointer such as `/blocks/0/text`."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, complaint: str, pointer: str) -> None:
        """One complaint."""
        self.lines.append(f"[ERROR] {complaint} [json-pointer:{pointer}]")

    def string(self, value: object, pointer: str, limit: str, *, required: bool = True) -> None:
        """A plain string of at most the named limit."""
        if value is None and not required:
            return
        if value is None:
            self.add(f"missing required field: {pointer.rsplit('/', 1)[-1]}", pointer)
        elif not isinstance(value, str):
            self.add("must be a string", pointer)
        elif not value and required:
            self.add("must be more than 0 characters", pointer)
        elif len(value) > most(limit):
            self.add(f"must be less than {most(limit) + 1} characters", pointer)

    def text(
        self,
        value: object,
        pointer: str,
        limit: str,
        *,
        plain: bool = False,
        required: bool = True,
    ) -> None:
        """A text object: `plain_text`, or `mrkdwn` where that is allowed."""
        if value is None and not required:
            return
        if not isinstance(value, dict):
            self.add(f"missing required field: {pointer.rsplit('/', 1)[-1]}", pointer)
            return
        kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if value.get("type") not in kinds:
            self.add(f"must be of type {' or '.join(kinds)}", f"{pointer}/type")
        self.string(value.get("text"), f"{pointer}/text", limit)

    def items(
        self, value: object, pointer: str, limit: str, *, least: int = 1
    ) -> Sequence[tuple[str, Any]]:
        """A list within its limit; each item with its own pointer. Empty when not a list."""
        if not isinstance(value, list):
            self.add(f"missing required field: {pointer.rsplit('/', 1)[-1]}", pointer)
            return []
        if len(value) < least:
            self.add(f"must have at least {least} items", pointer)
        if len(value) > most(limit):
            self.add(f"no more than {most(limit)} items allowed", pointer)
        return [(f"{pointer}/{n}", item) for n, item in enumerate(value)]

    def objects(
        self, value: object, pointer: str, limit: str, *, least: int = 1
    ) -> Sequence[tuple[str, Json]]:
        """items(), each of which must be an object; those that are not are left out."""
        kept = []
        for where, item in self.items(value, pointer, limit, least=least):
            if isinstance(item, dict):
                kept.append((where, item))
            else:
                self.add("must be an object", where)
        return kept

    def unique(self, pairs: Sequence[tuple[str, Json]], name: str) -> None:
        """No two objects may carry the same string under `name`."""
        seen: set[str] = set()
        for where, item in pairs:
            value = item.get(name)
            if isinstance(value, str) and value in seen:
                self.add(f"duplicate {name}", f"{where}/{name}")
            elif isinstance(value, str):
                seen.add(value)

    def one_of(self, value: object, allowed: Sequence[str], pointer: str) -> None:
        """A value out of a short list."""
        if value not in allowed:
            self.add(f"must be one of: {', '.join(allowed)}", pointer)
