"""Where a manager stands: the score first, then what would lift it, then why."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot import figures
from bot.desk import Standing
from bot.replies.dimensions import amount, dimension_nodes, item_nodes, monitored_nodes, named
from bot.replies.follows import follow_lines
from bot.replies.milestones import milestone_line
from bot.replies.outlook import outlook_nodes
from bot.replies.tree import (
    Actions,
    Button,
    Chart,
    Heading,
    Node,
    Note,
    Paragraph,
    Reply,
    paragraph,
    plain,
    strong,
)
from bot.wording import say
from scoring.grades import NOT_GRADED
from scoring.indicators import GATE, Indicator
from scoring.pace import Pace
from scoring.periods import Period
from scoring.scheme import Scheme
from scoring.scorecard import Scorecard

PACES = 3
"""Targets behind plan that are told in full; the others are only named."""
MILESTONES = 1
"""Sums whose running month and week are told: the weightiest behind plan, or else of all."""


def scorecard(standing: Standing, other: Period, lang: str) -> Reply:
    """A scorecard; `other` is the period to switch to."""
    name, period = standing.manager.name, standing.period.id
    if standing.card is None:
        lead = say(lang, "kpi.no_score", period=period)
        return Reply(lead, (paragraph(lead), _switch(standing, other, lang)), "personal")
    card, scheme = standing.card, standing.scheme
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
    follows = [line for one in standing.follows for line in follow_lines(one, card.as_of, lang)]
    nodes += [Note(line) for line in follows]
    nodes += outlook_nodes(standing, lang)
    nodes += _pace(card, scheme, lang)
    nodes += item_nodes(card.items, lang)
    about = f"{standing.manager.id}|{period}"
    names = {known.id: known.name[lang] for known in scheme.dimensions}
    for dimension in card.dimensions:
        name = names.get(dimension.id, dimension.id)
        nodes += dimension_nodes(dimension, name, card, about, lang)
    nodes += monitored_nodes(card, about, lang)
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


def _veto(card: Scorecard, scheme: Scheme, lang: str) -> list[Node]:
    if card.veto is None:
        return []
    without = grade_name(card.veto.grade_without, scheme, lang)
    lines = [strong(say(lang, "kpi.veto", code=card.veto.code, grade=without))]
    lines += [plain(veto_line(incident, lang)) for incident in card.veto.incidents]
    return [Paragraph(tuple(lines))]


def veto_line(incident: Mapping[str, Any], lang: str) -> str:
    """What vetoes a grade: an incident, or a figure over its limit (scoring/grades.Veto)."""
    summary = incident["summary"]
    if incident.get("limit") is not None:
        loss = incident["id"] == GATE
        parts = {
            name: amount(Decimal(str(incident[name])), "cny" if loss else "percent", lang)
            for name in ("actual", "limit")
        }
        summary = say(lang, "incident.over_loss" if loss else "incident.over_formation", **parts)
    told = {"day": incident["event_day"], "summary": summary, "clause": incident["clause"]}
    return say(lang, "kpi.incident", **told)


def _pace(card: Scorecard, scheme: Scheme, lang: str) -> list[Node]:
    """The weightiest targets behind plan in full, the others by name."""
    signed = {each.id: each for each in scheme.indicators if each.is_signed and each.weight}
    paces = [pace for pace in card.pace if pace.indicator in signed]
    behind = sorted(
        (pace for pace in paces if pace.ahead < 0), key=lambda pace: -signed[pace.indicator].weight
    )
    ahead = [pace for pace in paces if pace.ahead >= 0]
    lines = [pace_line(pace, scheme, lang) for pace in behind[:PACES]]
    sums = [pace for pace in behind or _weightiest(paces, signed) if pace.milestone]
    for pace in sums[:MILESTONES]:
        if pace.milestone is not None:
            indicator = signed[pace.indicator]
            lines.append(milestone_line(pace.milestone, indicator, card.as_of, lang))
    lines += _also("pace.also_behind", behind[PACES:], scheme, lang)
    if len(ahead) == 1 and ahead[0].ahead:
        lines.append(pace_line(ahead[0], scheme, lang))
    else:
        lines += _also("pace.also_ahead", ahead, scheme, lang)
    return [Paragraph(tuple(plain(line) for line in lines))] if lines else []


def _weightiest(paces: Sequence[Pace], signed: Mapping[str, Indicator]) -> list[Pace]:
    return sorted(paces, key=lambda pace: -signed[pace.indicator].weight)


def _also(key: str, paces: Sequence[Pace], scheme: Scheme, lang: str) -> list[str]:
    names = [scheme.indicator(pace.indicator).name[lang] for pace in paces]
    return [say(lang, key, names=named(names, lang))] if names else []


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
