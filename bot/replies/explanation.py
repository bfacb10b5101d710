"""How one figure came about: formula, inputs, curve, records, clause."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot import figures
from bot.replies.appraisal import amount
from bot.replies.tree import Dialog, Heading, Node, Note, Paragraph, paragraph, plain, strong
from bot.wording import say
from scoring.scheme import Scheme
from scoring.scorecard import IndicatorScore

ROWS = 8
"""Records listed; the count says how many there are."""


def explanation(scored: IndicatorScore, scheme: Scheme, lang: str) -> Dialog:
    """The window behind a figure's "explain" button."""
    told = scored.explain
    nodes: list[Node] = [
        Heading(f"{scored.name[lang]} {scored.id}"),
        paragraph(strong(say(lang, "explain.formula")), told["formula"][lang]),
        paragraph(strong(say(lang, "explain.inputs")), _inputs(scored, scheme, lang)),
        paragraph(strong(say(lang, "explain.curve")), told["curve"][lang], _weight(told, lang)),
    ]
    nodes += _rows(told["rows"], lang)
    if told["clause"]:
        nodes.append(paragraph(say(lang, "explain.clause", clause=told["clause"])))
    nodes.append(Note(say(lang, "explain.as_of", as_of=figures.day(scored.as_of, lang))))
    return Dialog(say(lang, "explain.title"), say(lang, "dialog.close"), tuple(nodes))


def _inputs(scored: IndicatorScore, scheme: Scheme, lang: str) -> str:
    if scored.actual is None:
        return say(lang, "kpi.not_measured")
    inputs = scored.explain["inputs"]
    actual = amount(scored.actual, scored.unit, lang)
    kind = scheme.indicator(scored.id).type
    if kind == "average":
        return say(lang, "explain.average", actual=actual, n=inputs["days"])
    if kind == "flow":
        return say(lang, "explain.sum", actual=actual)
    parts = {
        name: figures.money(inputs[name], lang) if kind == "stock" else figures.number(inputs[name])
        for name in ("numerator", "denominator")
    }
    return say(lang, "explain.ratio", actual=actual, **parts)


def _weight(told: Mapping[str, Any], lang: str) -> str:
    carried = figures.number(Decimal(str(told["weight"]["carried"])))
    return say(lang, "explain.weight", carried=carried, scheme=told["weight"]["scheme"])


def _rows(rows: Mapping[str, Any], lang: str) -> list[Node]:
    if not rows["count"]:
        return []
    shown = rows["items"][:ROWS]
    lines = [strong(say(lang, "explain.rows", n=rows["count"])), *map(_row, shown)]
    if rows["count"] > len(shown):
        lines.append(plain(say(lang, "explain.more_rows", n=rows["count"] - len(shown))))
    return [Paragraph(tuple(lines))]


def _row(row: Mapping[str, Any]) -> Any:  # noqa: ANN401
    others = (f"{name} {value}" for name, value in row.items() if name != "id")
    return plain(" · ".join((str(row["id"]), *others)))
