"""The records behind a figure in words: a sentence for each kind of row (bank/performance)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot import figures
from bot.wording import fields, knows, say, sentences

Row = Mapping[str, Any]
_ALIKE = {
    **dict.fromkeys(("P01a", "P01b", "S04a"), "P01"),
    **dict.fromkeys(("P02a", "P02b", "P02c"), "P02"),
    **dict.fromkeys(("P03a", "P03b", "P03c"), "P03"),
    **dict.fromkeys(("C03a", "C03b"), "C03"),
    **dict.fromkeys(("R04a", "R04b"), "R04"),
    **dict.fromkeys(("S05", "S09", "S11", "S12"), "duty"),
}
"""Indicators whose rows read alike."""
_OPEN = ("answered", "done", "qualified", "referrer", "to", "due", "uses")
"""Of these, a row in which one is empty has a sentence of its own."""


def record_text(
    indicator: str, row: Row, clients: Mapping[str, str], as_of: date, lang: str
) -> str:
    """A record behind an indicator's figure; one without a sentence is told by its values."""
    kind = _ALIKE.get(indicator, indicator)
    values = _Values(row, clients, as_of, lang)
    for name in _forms(row):
        key = f"record.{kind}.{name}"
        if knows(key):
            form = sentences(lang)[key]
            return say(lang, key, **{field: values[field] for field in fields(str(form))})
    return ", ".join(values[name] for name in row if row[name] not in ("", None))


def _forms(row: Row) -> Iterator[str]:
    """The sentences that would do for a row, the most particular first."""
    yield str(row["id"])
    if row.get("excluded") or row.get("why"):
        yield "excluded"
    if row.get("lapsed"):
        yield "lapsed"
    if row.get("closed"):
        yield "closed"
    if row.get("amount_fen", 0) < 0:
        yield "negative"
    if any(row.get(name, 1) in ("", None) for name in _OPEN):
        yield "open"
    yield "plain"


class _Values:
    """What a sentence may name of a row: money, days, codes in words, or as it is."""

    def __init__(self, row: Row, clients: Mapping[str, str], as_of: date, lang: str) -> None:
        self.row, self.clients, self.as_of, self.lang = row, clients, as_of, lang

    def __getitem__(self, name: str) -> str:
        row = self.row
        if name == "client":
            client = str(row.get("client") or row["id"])
            return self.clients.get(client, client)
        if f"{name}_fen" in row or name == "fen":
            fen = row["fen"] if name == "fen" else row[f"{name}_fen"]
            # What was taken back or given back says so in words.
            return figures.money(abs(fen) if name == "amount" else fen, self.lang)
        if name in ("has", "wants") and row["metric"] != "settlements":
            return figures.money(row[name], self.lang)
        value = row.get(f"{name}_pct", row.get(name))
        return self._words(str(value)) if isinstance(value, str) else str(value)

    def _words(self, value: str) -> str:
        """A day as one says it; codes in words; anything else as it is."""
        try:
            return figures.near(date.fromisoformat(value), self.as_of, self.lang)
        except ValueError:
            return " ".join(self._word(part) for part in value.split(" "))

    def _word(self, code: str) -> str:
        key = f"code.{code}"
        return say(self.lang, key) if code and knows(key) else code
