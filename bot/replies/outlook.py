"""Where a score is heading, in a line, and the few things that would lift it most."""

from collections.abc import Mapping
from datetime import date

from bot import figures
from bot.desk import Standing
from bot.replies.tree import Node, Paragraph, paragraph, plain, strong
from bot.wording import say
from scoring.forecast import Forecast
from scoring.grades import NOT_GRADED
from scoring.levers import Lever
from scoring.scheme import Scheme

LEVERS = 3
"""Levers shown: more would not be read."""


def outlook_nodes(standing: Standing, lang: str) -> list[Node]:
    """The forecast and the levers; nothing once the period is over, or where nobody asked."""
    card, outlook = standing.card, standing.outlook
    if card is None or outlook is None or card.as_of >= standing.period.last:
        return []
    nodes: list[Node] = []
    if outlook.forecast is not None:
        line = forecast_line(outlook.forecast, standing.scheme, standing.period.last, lang)
        nodes.append(paragraph(line))
    shown = outlook.levers[:LEVERS]
    if shown:
        lines = [lever_line(each, standing.clients, card.as_of, lang) for each in shown]
        heading = strong(say(lang, "levers.heading"))
        nodes.append(Paragraph((heading, *(plain(line) for line in lines))))
    return nodes


def forecast_line(forecast: Forecast, scheme: Scheme, end: date, lang: str) -> str:
    """Likely points at the period's end, and the likeliest grade; of two alike, the better."""
    told = {
        "day": figures.near(end, end, lang),
        "low": figures.number(forecast.low, 0),
        "high": figures.number(forecast.high, 0),
    }
    grade, chance = max(forecast.grades.items(), key=lambda item: item[1])
    if grade == NOT_GRADED:
        return say(lang, "forecast.points", **told)
    name = next(known.name[lang] for known in scheme.grades if known.id == grade)
    name = name.lower() if lang == "en" else name
    return say(lang, "forecast.line", grade=name, chance=figures.number(chance * 100, 0), **told)


def lever_line(lever: Lever, names: Mapping[str, str], as_of: date, lang: str) -> str:
    """What to do by when, what it brings and how long it takes."""
    late = "_late" if lever.due_by < as_of else ""
    key = f"levers.{lever.kind}{late if lever.kind in ('visit', 'warning') else ''}"
    told = {"due_by": figures.near(lever.due_by, as_of, lang)}
    if lever.kind == "exam":
        told["course"] = lever.subject
    else:
        told["client"] = names.get(lever.client_id, lever.client_id)
    if lever.amount:
        told["amount"] = figures.money(lever.amount, lang)
    elif lever.kind == "prospect":
        key += "_use"
    hours = figures.number(lever.hours)
    gain = say(lang, "levers.must", hours=hours)
    if lever.points:
        gain = say(lang, "levers.gain", points=_points(lever), hours=hours)
    return say(lang, "levers.line", what=say(lang, key, **told), gain=gain)


def _points(lever: Lever) -> str:
    """Two decimals; a gain that would read as none is told as less than the least."""
    shown = figures.number(lever.points, 2)
    return shown if shown != "0" else "0.01"
