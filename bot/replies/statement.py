"""A manager's statement: lines for a terminal, and a workbook that reckons the score again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot import figures
from bot.desk import Explained
from bot.replies.appraisal import grade_name, heading, veto_line
from bot.replies.curve_formulas import points_formula
from bot.replies.dimensions import amount, moved_lines, reached, signed
from bot.replies.explanation import row_text
from bot.replies.sheets import Cell, Chart, Figure, Formula, Look, Sheet, at, column, yuan
from bot.statements import Statement
from bot.wording import knows, say
from scoring.indicators import GATE, Unit
from scoring.rounding import micro
from scoring.scorecard import DimensionScore, IndicatorScore

HUNDRED = Decimal(100)
CENT = Decimal("0.01")
LOOKS: Mapping[Unit, Look] = {
    "cny": "money", "percent": "percent", "count": "points", "points": "points",
}  # fmt: skip
INDICATORS = (
    "dimension", "id", "name", "unit", "target", "actual", "attainment", "points", "weight",
    "brings", "as_of", "curve",
)  # fmt: skip
TARGET, ACTUAL, ATTAINMENT, POINTS, WEIGHT, BRINGS = range(4, 10)


@dataclass(frozen=True, slots=True)
class Side:
    """A dimension's rows in the sheet of indicators, and what they give."""

    name: str
    first: int
    rows: tuple[IndicatorScore, ...]

    @property
    def weight(self) -> Decimal:
        """What its indicators weigh together."""
        return sum((row.weight for row in self.rows), Decimal(0))

    @property
    def brings(self) -> Decimal:
        """What they bring of the score."""
        return sum((brings(row) for row in self.rows), Decimal(0))


def brings(row: IndicatorScore) -> Decimal:
    """An indicator's part of the weighted score."""
    return micro((row.score or Decimal(0)) * row.weight / HUNDRED)


def statement_lines(told: Statement, lang: str) -> Iterator[str]:
    """The statement in lines."""
    card, run = told.latest.card, told.latest.run
    yield say(
        lang, "report.statement.title", name=told.manager.name, unit=told.unit, period=card.period
    )
    yield say(lang, "report.statement.by", **_provenance(told, lang), run=run.id)
    yield heading(card, told.scheme, lang)
    if told.latest.corrected_from is not None:
        corrected = figures.day(told.latest.corrected_from, lang)
        yield say(lang, "kpi.corrected", day=corrected)
    if card.veto is not None:
        without = grade_name(card.veto.grade_without, told.scheme, lang)
        yield say(lang, "kpi.veto", code=card.veto.code, grade=without)
        yield from ("  " + veto_line(incident, lang) for incident in card.veto.incidents)
    names = _dimension_names(told, lang)
    for dimension in card.dimensions:
        yield from _dimension_lines(told, dimension, names, lang)
    if card.monitored:
        yield ""
        yield say(lang, "kpi.watched")
        yield from (f"  {_line(told, row, lang)}" for row in card.monitored if row.status == "ok")
    for item in card.items:
        yield say(lang, "kpi.item", name=item.name[lang], points=signed(item.points))


def statement_sheets(told: Statement, lang: str) -> tuple[Sheet, ...]:
    """The statement as sheets: points, weights and totals are formulas over the figures."""
    found = _sides(told, lang)
    items = _items(told, lang)
    indicators = _indicators(told, found, lang)
    dimensions, total = _dimensions(told, found, indicators.name, items, lang)
    kept = [sheet for sheet in (items, _moved(told, lang), _veto(told, lang)) if sheet.rows]
    summary = _summary(told, dimensions.name, total, lang)
    evidence = _evidence(told, found, lang)
    return (summary, dimensions, indicators, *_monitored(told, lang), *kept, *evidence)


def _summary(told: Statement, sheet: str, total: Formula | None, lang: str) -> Sheet:
    card, run = told.latest.card, told.latest.run
    score: Cell = "" if total is None else Formula(at(3, _last(told), sheet), total.value)
    rows: list[tuple[Cell, ...]] = [
        (_head("manager", lang), f"{told.manager.name} ({told.manager.id})"),
        (_head("unit_of", lang), told.unit),
        (_head("period", lang), card.period),
        (_head("as_of", lang), card.as_of.isoformat()),
        (_head("scheme", lang), f"{run.scheme} ({told.scheme.name[lang]})"),
        (_head("version", lang), told.scheme.version),
        (_head("profile", lang), card.profile),
        (_head("run", lang), run.id),
        (_head("computed", lang), run.computed_at.isoformat(timespec="seconds")),
        (_head("score", lang), score),
        (_head("stored", lang), Figure(card.score)),
        (_head("grade", lang), grade_name(card.grade, told.scheme, lang)),
    ]
    if card.veto is not None:
        rows.append((_head("veto", lang), card.veto.code))
    corrected = told.latest.corrected_from
    if corrected is not None:
        rows.append((_head("corrected", lang), corrected.isoformat()))
    return _sheet("summary", ("item", "value"), rows, lang, widths=(34, 60))


def _last(told: Statement) -> int:
    """The row of the score in the sheet of dimensions: after the weighted score and the items."""
    return len(told.latest.card.dimensions) + 2


def _dimensions(
    told: Statement, found: Sequence[Side], sheet: str, items: Sheet, lang: str
) -> tuple[Sheet, Formula | None]:
    """The sides and what they add up to; the last cell is the score before any veto."""
    rows: list[tuple[Cell, ...]] = []
    for number, side in enumerate(found):
        first, last = side.first, side.first + len(side.rows) - 1
        weighs = f"SUM({at(WEIGHT, first, sheet)}:{at(WEIGHT, last)})"
        brought = f"SUM({at(BRINGS, first, sheet)}:{at(BRINGS, last)})"
        points: Cell = ""
        if side.weight:
            value = micro(side.brings * HUNDRED / side.weight)
            points = Formula(f"ROUND({at(3, number)}/{at(1, number)}*100,6)", value)
        rows.append(
            (side.name, Formula(weighs, side.weight), points, Formula(brought, side.brings))
        )
    count = len(rows)
    weight = sum((side.weight for side in found), Decimal(0))
    weights = Formula(f"SUM({column(1, count)})", weight)
    total: Formula | None = None
    if weight:
        value = _cents(sum((side.brings for side in found), Decimal(0)) * HUNDRED / weight)
        text = f"ROUND(SUM({column(3, count)})/{at(1, count)}*100,2)"
        beside = _cents(sum((item.points for item in told.latest.card.items), Decimal(0)))
        added = f"ROUND(SUM({column(2, len(items.rows), items.name)}),2)" if items.rows else "0"
        total = Formula(f"{at(3, count)}+{at(3, count + 1)}", value + beside)
        rows += [
            (_head("weighted", lang), weights, "", Formula(text, value)),
            (_head("items", lang), "", "", Formula(added, beside)),
            (_head("score", lang), "", "", total),
        ]
    chart = Chart(say(lang, "kpi.chart_title"), 0, (2,), count)
    heads = ("dimension", "weight", "points", "brings")
    return _sheet("dimensions", heads, rows, lang, widths=(34,), charts=(chart,)), total


def _indicators(told: Statement, found: Sequence[Side], lang: str) -> Sheet:
    rows = [
        _indicator_row(told, side.name, row, side.first + number, lang)
        for side in found
        for number, row in enumerate(side.rows)
    ]
    widths = (20, 8, 30, 10, 18, 18, 12, 10, 10, 12, 14, 60)
    return _sheet("indicators", INDICATORS, rows, lang, widths=widths)


def _indicator_row(
    told: Statement, side: str, row: IndicatorScore, number: int, lang: str
) -> tuple[Cell, ...]:
    curve = next((each.curve for each in told.scheme.indicators if each.id == row.id), None)
    text = curve and points_formula(curve, row, at(ACTUAL, number), at(TARGET, number))
    points: Cell = Formula(text, row.score) if text else Figure(row.score)
    share = f"ROUND({at(POINTS, number)}*{at(WEIGHT, number)}/100,6)"
    return (
        side,
        *_measured(row, number, (TARGET, ACTUAL), lang),
        points,
        Figure(row.weight),
        "" if row.score is None else Formula(share, brings(row)),
        row.as_of.isoformat(),
        _remark(row, lang),
    )


def _measured(
    row: IndicatorScore, number: int, where: tuple[int, int], lang: str
) -> tuple[Cell, ...]:
    """Id, name, unit, target, actual and attainment; the latter two stand `where`."""
    look = LOOKS[row.unit]
    target, actual = (
        yuan(value) if row.unit == "cny" else Figure(value, look)
        for value in (row.target, row.actual)
    )
    attained: Cell = ""
    if row.attainment is not None:
        text = f"ROUND({at(where[1], number)}/{at(where[0], number)},6)"
        attained = Formula(text, row.attainment, "share")
    unit = say(lang, f"report.measure.{row.unit}")
    return (row.id, row.name[lang], unit, target, actual, attained)


def _monitored(told: Statement, lang: str) -> list[Sheet]:
    heads = ("id", "name", "unit", "target", "actual", "attainment", "as_of", "curve")
    rows = [
        (*_measured(row, number, (3, 4), lang), row.as_of.isoformat(), _remark(row, lang))
        for number, row in enumerate(told.latest.card.monitored)
    ]
    widths = (8, 30, 10, 18, 18, 12, 14, 60)
    return [_sheet("monitored", heads, rows, lang, widths=widths)] if rows else []


def _items(told: Statement, lang: str) -> Sheet:
    rows = [
        (
            item.id, item.name[lang], Figure(item.points), item.of, Figure(item.actual),
            item.clause or "",
        )
        for item in told.latest.card.items
    ]  # fmt: skip
    return _sheet("items", ("id", "name", "points", "of", "actual", "clause"), rows, lang)


def _moved(told: Statement, lang: str) -> Sheet:
    names = {row.id: row.name[lang] for row in told.latest.card.indicators()}
    names |= _dimension_names(told, lang)
    rows = [
        (
            each.indicator, names.get(each.indicator, each.indicator), Figure(each.weight),
            say(lang, "report.comma").join(names.get(to, to) for to in each.to),
        )
        for each in told.latest.card.moved
    ]  # fmt: skip
    return _sheet("moved", ("id", "name", "weight", "carried"), rows, lang, widths=(8, 34, 12, 80))


def _veto(told: Statement, lang: str) -> Sheet:
    veto = told.latest.card.veto
    incidents: Sequence[Mapping[str, Any]] = veto.incidents if veto else ()
    rows = [
        (one["code"], one["id"], one["event_day"], one["known_day"], veto_line(one, lang))
        for one in incidents
    ]
    heads = ("veto", "id", "event", "known", "what")
    return _sheet("veto", heads, rows, lang, widths=(10, 24, 14, 14, 80))


def _evidence(told: Statement, found: Sequence[Side], lang: str) -> Iterator[Sheet]:
    """A sheet a dimension, and one of what is monitored, where there are records."""
    parts = [(side.name, side.rows) for side in found]
    parts.append((say(lang, "kpi.watched"), told.latest.card.monitored))
    for number, (name, scores) in enumerate(parts, start=1):
        rows = [row for scored in scores for row in _records(told, scored, name, lang)]
        if rows:
            heads = (
                "dimension",
                "id",
                "name",
                "record",
                "client",
                "what",
                "amount",
                "share",
                "all",
            )
            sheet = _sheet(
                "evidence", heads, rows, lang, widths=(20, 8, 26, 20, 14, 70, 18, 10, 10)
            )
            yield Sheet(f"{sheet.name} {number}", sheet.heads, sheet.rows, sheet.widths)


def _records(
    told: Statement, scored: IndicatorScore, side: str, lang: str
) -> Iterator[tuple[Cell, ...]]:
    found = told.evidence.get(scored.id)
    if found is None:
        return
    explained = Explained(scored, told.scheme, found, told.clients, None)
    for row in found.rows:
        fen = next((value for key, value in row.items() if key.endswith("fen")), None)
        share = row.get("share_pct")
        yield (
            side, scored.id, scored.name[lang], str(row["id"]), str(row.get("client", "")),
            row_text(row, explained, lang),
            yuan(fen) if isinstance(fen, int) else "",
            Figure(share, "percent") if isinstance(share, int) else "",
            found.count,
        )  # fmt: skip


def _dimension_lines(
    told: Statement, dimension: DimensionScore, names: Mapping[str, str], lang: str
) -> Iterator[str]:
    yield ""
    name = names.get(dimension.id, dimension.id)
    if dimension.score is None:
        yield say(lang, "kpi.dimension_na", name=name)
    else:
        shown = {
            "score": figures.number(dimension.score),
            "bar": figures.score_bar(dimension.score),
        }
        yield say(
            lang, "kpi.dimension", name=name, weight=figures.number(dimension.weight), **shown
        )
    rows = [row for row in dimension.indicators if row.id != GATE]
    yield from (f"  {_line(told, row, lang)}" for row in rows)
    yield from (f"  {line}" for line in moved_lines(told.latest.card, rows, lang))


def _line(told: Statement, row: IndicatorScore, lang: str) -> str:
    """A figure, what it brings, and how many records stand behind it."""
    name = f"{row.name[lang]} {row.id}"
    if row.actual is None:
        return say(lang, "report.statement.unmeasured", name=name, why=_remark(row, lang))
    if row.score is None or not row.weight:
        line = f"{name} {amount(row.actual, row.unit, lang)}"
    else:
        shown = {"score": row.score, "brings": brings(row), "weight": row.weight}
        told_figures = {key: figures.number(value, 2) for key, value in shown.items()}
        line = say(lang, "kpi.figure", name=name, reached=reached(row, lang), **told_figures)
    found = told.evidence.get(row.id)
    return line + (say(lang, "report.statement.records", n=found.count) if found else "")


def _remark(row: IndicatorScore, lang: str) -> str:
    """The curve in words; of a figure that is not measured, why."""
    if row.actual is None or (row.score is None and row.weight):
        reason = f"unscored.{row.explain['note']}"
        return say(lang, reason if knows(reason) else "kpi.not_measured")
    return str(row.explain["curve"][lang])


def _sides(told: Statement, lang: str) -> list[Side]:
    names, first, found = _dimension_names(told, lang), 0, []
    for dimension in told.latest.card.dimensions:
        side = Side(names.get(dimension.id, dimension.id), first, dimension.indicators)
        found.append(side)
        first += len(side.rows)
    return found


def _dimension_names(told: Statement, lang: str) -> dict[str, str]:
    return {dimension.id: dimension.name[lang] for dimension in told.scheme.dimensions}


def _provenance(told: Statement, lang: str) -> dict[str, object]:
    run = told.latest.run
    as_of = figures.day(told.latest.card.as_of, lang)
    return {"as_of": as_of, "scheme": run.scheme, "version": told.scheme.version}


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def _head(name: str, lang: str) -> str:
    return say(lang, f"report.head.{name}")


def _sheet(
    name: str,
    heads: Sequence[str],
    rows: Sequence[tuple[Cell, ...]],
    lang: str,
    *,
    widths: tuple[int, ...] = (24,),
    charts: tuple[Chart, ...] = (),
) -> Sheet:
    named = tuple(_head(head, lang) for head in heads)
    return Sheet(say(lang, f"report.sheet.{name}"), named, tuple(rows), widths, charts)
