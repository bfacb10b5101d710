"""Where a manager stands: the score first, then why, then what would lift it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from bot import figures
from bot.desk import Standing
from bot.replies.tree import (
    Actions,
    Button,
    Chart,
    Heading,
    Node,
    Paragraph,
    Reply,
    Row,
    paragraph,
    plain,
    strong,
)
from bot.wording import say
from scoring.grades import NOT_GRADED
from scoring.indicators import Unit
from scoring.levers import Lever
from scoring.pace import Pace
from scoring.periods import Period
from scoring.scheme import Scheme
from scoring.scorecard import DimensionScore, IndicatorScore, Scorecard

LEVERS = 3
"""Levers shown: more would not be read."""
HUNDRED = Decimal(100)


def scorecard(standing: Standing, other: Period, scheme: Scheme, lang: str) -> Reply:
    """A scorecard; `other` is the period to switch to."""
    name, period = standing.manager.name, standing.period.id
    if standing.card is None:
        lead = say(lang, "kpi.no_score", period=period)
        return Reply(lead, (paragraph(lead), _switch(standing, other, lang)), "personal")
    card = standing.card
    lead = heading(card, scheme, lang)
    as_of = figures.day(card.as_of, lang)
    nodes: list[Node] = [
        Heading(lead),
        paragraph(say(lang, "kpi.of", name=name, period=period, as_of=as_of)),
    ]
    if standing.corrected_from is not None:
        told = figures.day(standing.corrected_from, lang)
        nodes.append(paragraph(say(lang, "kpi.corrected", day=told)))
    nodes += _veto(card, scheme, lang)
    nodes += _levers(card.levers[:LEVERS], standing.clients, card.as_of, lang)
    nodes += _pace(card, scheme, lang)
    for dimension in card.dimensions:
        nodes += _dimension(dimension, standing, scheme, lang)
    nodes += [_switch(standing, other, lang), *_chart(card, scheme, lang)]
    return Reply(say(lang, "kpi.summary", name=name, period=period, heading=lead), tuple(nodes))


def other_period(shown: Period, today: date) -> Period:
    """What the switch leads to: from a quarter to its year, from a year to its latest quarter."""
    quarters = shown.quarters()
    if len(quarters) == 1:
        return Period.of_year(shown.year)
    current = Period.containing(today)
    return current if current.year == shown.year else quarters[-1]


def heading(card: Scorecard, scheme: Scheme, lang: str) -> str:
    """The score and the grade."""
    if card.score is None:
        return say(lang, "kpi.no_points")
    grade = grade_name(card.grade, scheme, lang)
    return say(lang, "kpi.heading", score=figures.number(card.score), grade=grade)


def grade_name(grade: str, scheme: Scheme, lang: str) -> str:
    """A grade in words."""
    if grade == NOT_GRADED:
        return say(lang, "kpi.not_graded")
    return next(known.name[lang] for known in scheme.grades if known.id == grade)


def amount(value: Decimal, unit: Unit, lang: str) -> str:
    """A figure in its unit."""
    if unit == "cny":
        return figures.money(value, lang)
    return figures.number(value) + ("%" if unit == "percent" else "")


def _veto(card: Scorecard, scheme: Scheme, lang: str) -> list[Node]:
    if card.veto is None:
        return []
    without = grade_name(card.veto.grade_without, scheme, lang)
    lines = [strong(say(lang, "kpi.veto", code=card.veto.code, grade=without))]
    for incident in card.veto.incidents:
        told = {"day": incident["event_day"], "summary": incident["summary"]}
        lines.append(plain(say(lang, "kpi.incident", **told, clause=incident["clause"])))
    return [Paragraph(tuple(lines))]


def _pace(card: Scorecard, scheme: Scheme, lang: str) -> list[Node]:
    lines = [plain(pace_line(pace, scheme, lang)) for pace in card.pace if _has_plan(pace, scheme)]
    return [Paragraph(tuple(lines))] if lines else []


def _has_plan(pace: Pace, scheme: Scheme) -> bool:
    return scheme.indicator(pace.indicator).type in {"average", "flow"}


def pace_line(pace: Pace, scheme: Scheme, lang: str) -> str:
    """Behind or ahead, and what is needed."""
    indicator = scheme.indicator(pace.indicator)
    key = "pace.behind" if pace.ahead < 0 else "pace.ahead"
    gap = amount(abs(pace.ahead), indicator.unit, lang)
    said = [say(lang, key, name=indicator.name[lang], gap=gap)]
    if pace.needed is not None and pace.ahead < 0:
        needed = amount(pace.needed, indicator.unit, lang)
        if indicator.type == "average":
            said.append(say(lang, "pace.needed_average", needed=needed))
        else:
            said.append(say(lang, "pace.needed_flow", needed=needed, n=pace.days_left))
    waiting = pace.waiting
    if waiting is not None and waiting.later is not None and pace.ahead < 0:
        now, later = figures.money(waiting.now, lang), figures.money(waiting.later, lang)
        said.append(say(lang, "pace.waiting", days=waiting.days, now=now, later=later))
    return (" " if lang == "en" else "").join(said)


def _dimension(
    dimension: DimensionScore, standing: Standing, scheme: Scheme, lang: str
) -> list[Node]:
    name = next(known.name[lang] for known in scheme.dimensions if known.id == dimension.id)
    if dimension.score is None:
        return [paragraph(strong(say(lang, "kpi.dimension_na", name=name)))]
    line = say(
        lang,
        "kpi.dimension",
        name=name,
        bar=figures.score_bar(dimension.score),
        score=figures.number(dimension.score),
        weight=figures.number(dimension.weight),
    )
    rows = [_indicator(indicator, standing, lang) for indicator in dimension.indicators]
    return [paragraph(strong(line)), *rows]


def _indicator(scored: IndicatorScore, standing: Standing, lang: str) -> Row:
    about = f"{standing.manager.id}|{standing.period.id}|{scored.id}"
    button = Button("explain", say(lang, "kpi.explain"), about)
    title = f"{scored.name[lang]} {scored.id}"
    if scored.score is None or scored.actual is None:
        return Row(title, (say(lang, "kpi.not_measured"),), button)
    points = say(
        lang,
        "kpi.points",
        bar=figures.score_bar(scored.score),
        score=figures.number(scored.score),
        brings=figures.number(scored.score * scored.weight / HUNDRED),
        weight=figures.number(scored.weight),
    )
    return Row(title, (points, reached(scored, lang)), button)


def reached(scored: IndicatorScore, lang: str) -> str:
    """Actual against target."""
    actual = amount(scored.actual or Decimal(0), scored.unit, lang)
    if scored.target is None:
        return say(lang, "kpi.without_target", actual=actual)
    target = amount(scored.target, scored.unit, lang)
    if scored.attainment is None:
        return say(lang, "kpi.beside_target", actual=actual, target=target)
    percent = figures.number(scored.attainment * HUNDRED, 0)
    return say(lang, "kpi.with_target", actual=actual, target=target, attainment=percent)


def _levers(
    levers: tuple[Lever, ...], names: Mapping[str, str], as_of: date, lang: str
) -> list[Node]:
    if not levers:
        return []
    lines = [strong(say(lang, "levers.heading"))]
    for lever in levers:
        late = "_late" if lever.due_by < as_of else ""
        told = say(
            lang,
            f"levers.{lever.kind}{late}",
            client=names.get(lever.client_id, lever.client_id),
            due_by=figures.near(lever.due_by, as_of, lang),
            points=figures.number(lever.points, 2),
        )
        lines.append(plain(told))
    return [Paragraph(tuple(lines))]


def _switch(standing: Standing, other: Period, lang: str) -> Actions:
    about = f"{standing.manager.id}|{other.id}"
    key = "kpi.to_quarter" if len(other.quarters()) == 1 else "kpi.to_year"
    return Actions((Button("period", say(lang, key, period=other.id), about),))


def _chart(card: Scorecard, scheme: Scheme, lang: str) -> list[Node]:
    names = {dimension.id: dimension.name[lang] for dimension in scheme.dimensions}
    points = tuple(
        (names[dimension.id], float(figures.number(dimension.score)))
        for dimension in card.dimensions
        if dimension.score is not None
    )
    title, series = say(lang, "kpi.chart_title"), say(lang, "kpi.chart_series")
    return [Chart(title, series, points)] if points else []
