"""How one figure came about: formula, inputs, curve, records, clause."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot import figures
from bot.desk import Explained
from bot.replies import dimensions
from bot.replies.answers import named
from bot.replies.appraisal import veto_line
from bot.replies.dimensions import amount
from bot.replies.records import record_text
from bot.replies.tree import Dialog, Heading, Node, Note, Paragraph, paragraph, plain, strong
from bot.wording import knows, say
from scoring.indicators import CATALOGUE
from scoring.scheme import Scheme
from scoring.scorecard import IndicatorScore

Row = Mapping[str, Any]
ROWS = 8
"""Records listed; the count says how many there are."""


def explanation(found: Explained, lang: str) -> Dialog:
    """The window behind a figure's "explain" button."""
    scored = found.scored
    told = scored.explain
    nodes: list[Node] = [
        Heading(f"{scored.name[lang]} {scored.id}"),
        paragraph(strong(say(lang, "explain.formula")), told["formula"][lang]),
        paragraph(strong(say(lang, "explain.inputs")), *_inputs(scored, lang)),
        paragraph(
            strong(say(lang, "explain.curve")),
            told["curve"][lang],
            *_weight(told, found.scheme, lang),
        ),
    ]
    nodes += _rows(found, lang)
    if found.clause:
        where = say(
            lang, "source.plain", title=found.clause[0], clause=named(found.clause[1], lang)
        )
        nodes.append(paragraph(say(lang, "explain.clause", clause=where)))
    nodes.append(Note(say(lang, "explain.as_of", as_of=figures.day(scored.as_of, lang))))
    return Dialog(say(lang, "explain.title"), say(lang, "dialog.close"), tuple(nodes))


def _inputs(scored: IndicatorScore, lang: str) -> list[str]:
    """What was measured, who is credited with it, and why it has no score where it has none."""
    lines = [] if scored.actual is None else [_figures(scored, lang)]
    reason = f"unscored.{scored.explain['note']}"
    if scored.actual is None or (scored.score is None and scored.weight):
        lines.append(say(lang, reason if knows(reason) else "kpi.not_measured"))
    credited = scored.explain.get("attribution")
    return [*lines, say(lang, f"credited.{credited}")] if credited else lines


def _figures(scored: IndicatorScore, lang: str) -> str:
    inputs = scored.explain["inputs"]
    actual = amount(scored.actual or Decimal(0), scored.unit, lang)
    kind = CATALOGUE[scored.id].type
    if kind == "average":
        return say(lang, "explain.average", actual=actual, n=inputs["days"])
    if kind == "flow" or scored.unit == "count":
        return say(lang, "explain.sum", actual=actual)
    parts = {
        name: figures.money(Decimal(str(inputs[name])), lang)
        if CATALOGUE[scored.id].attribution == "originator"
        else figures.number(inputs[name])
        for name in ("numerator", "denominator")
    }
    return say(lang, "explain.ratio", actual=actual, **parts)


def _weight(told: Mapping[str, Any], scheme: Scheme, lang: str) -> list[str]:
    """What it weighs, what came to that from others, or where its own went."""
    weight = told["weight"]
    if not weight["scheme"]:
        return [say(lang, "explain.unweighted")]
    names = {dimension.id: dimension.name[lang] for dimension in scheme.dimensions}
    names |= {indicator.id: indicator.name[lang] for indicator in scheme.indicators}

    def some(key: str) -> str:
        return dimensions.named((names.get(one, one) for one in weight.get(key, ())), lang)

    shown = {key: figures.number(weight.get(key, weight["scheme"])) for key in _WEIGHTS}
    if shown["profile"] == shown["scheme"]:
        del shown["profile"]
    key = "explain.weight_in_period" if "profile" in shown else "explain.weight"
    lines = [say(lang, key, **shown)]
    if weight.get("from"):
        lines.append(say(lang, "explain.weight_from", names=some("from")))
    if weight.get("to"):
        lines.append(say(lang, "explain.weight_to", names=some("to")))
    return lines


_WEIGHTS = ("carried", "scheme", "profile")


def _rows(found: Explained, lang: str) -> list[Node]:
    records = found.records
    if not records.count:
        return []
    shown = records.rows[:ROWS]
    lines = [strong(say(lang, "explain.rows", n=records.count))]
    lines += [plain(row_text(row, found, lang)) for row in shown]
    if records.count > len(shown):
        lines.append(plain(say(lang, "explain.more_rows", n=records.count - len(shown))))
    return [Paragraph(tuple(lines))]


def row_text(row: Row, found: Explained, lang: str) -> str:
    """A record behind a figure in words (its fields: bank/performance)."""
    client = found.clients.get(row.get("client", row["id"]), row["id"])
    as_of = found.scored.as_of
    match found.scored.id:
        case "R00":
            return veto_line({**row, "event_day": row["event"], "clause": row["policy"]}, lang)
        case "R01":
            return _balance(row, client, lang)
        case "R03":
            return _warning(row, client, as_of, lang)
        case "T02":
            return _course(row, as_of, lang)
        case indicator:
            return record_text(indicator, row, found.clients, as_of, lang)


def _warning(row: Row, client: str, as_of: date, lang: str) -> str:
    told = {"client": client, "due": _near(row["due"], as_of, lang)}
    told["severity"] = say(lang, f"warning.{row['severity']}")
    if not row["answered"]:
        return say(lang, "row.unanswered", **told)
    return say(lang, "row.answered", answered=_near(row["answered"], as_of, lang), **told)


def _course(row: Row, as_of: date, lang: str) -> str:
    told = {"course": row["id"], "due": _near(row["due"], as_of, lang)}
    if row["score"] is None:
        return say(lang, "row.course_missed", **told)
    return say(lang, "row.course", score=row["score"], **told)


def _near(day: str, as_of: date, lang: str) -> str:
    return figures.near(date.fromisoformat(day), as_of, lang)


def _balance(row: Row, client: str, lang: str) -> str:
    amount = figures.money(row["balance_fen"] or row["written_off_fen"], lang)
    grade = say(lang, f"row.{row['class'] if row['balance_fen'] else 'written_off'}")
    return say(
        lang, "row.balance", client=client, amount=amount, grade=grade, share=row["share_pct"]
    )
