"""The sides of a scorecard: a line a figure, parts under their whole, the rest in a few words."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from bot import figures
from bot.replies.tree import Actions, Line, Menu, Node, Paragraph, paragraph, plain, strong
from bot.wording import say
from scoring.curves import Text
from scoring.indicators import GATE, Unit
from scoring.items import Item
from scoring.scorecard import DimensionScore, IndicatorScore, Scorecard
from scoring.weights import Moved

NAMED = 3
"""Names in a row before the others are only counted."""
WATCHED = 6
HUNDRED = Decimal(100)


def amount(value: Decimal, unit: Unit, lang: str) -> str:
    """A figure in its unit."""
    if unit == "cny":
        return figures.money(value, lang)
    return figures.number(value) + ("%" if unit == "percent" else "")


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


def named(names: Iterable[str], lang: str) -> str:
    """A few names, and how many others there are."""
    known = list(names)
    told = say(lang, "kpi.and").join(known[:NAMED])
    more = len(known) - NAMED
    return told if more <= 0 else say(lang, "kpi.and_more", names=told, n=more)


def dimension_nodes(
    dimension: DimensionScore, name: str, card: Scorecard, about: str, lang: str
) -> list[Node]:
    """One side: its bar, its figures, and what could not be measured. `about` is whose and when."""
    shown = [row for row in dimension.indicators if row.id != GATE]
    menu = _menu(shown, name, about, lang)
    if dimension.score is None:
        return [paragraph(strong(say(lang, "kpi.dimension_na", name=name))), menu]
    head = say(
        lang,
        "kpi.dimension",
        name=name,
        bar=figures.score_bar(dimension.score),
        score=figures.number(dimension.score),
        weight=figures.number(dimension.weight),
    )
    lines: list[Line] = [strong(head)]
    for row in shown:
        if row.score is not None and row.weight:
            lines.append(plain(_figure(row, lang)))
            lines += _parts(row, shown, lang)
    lines += [plain(line) for line in moved_lines(card, shown, lang)]
    return [Paragraph(tuple(lines)), menu]


def _figure(row: IndicatorScore, lang: str) -> str:
    score = row.score or Decimal(0)
    return say(
        lang,
        "kpi.figure",
        name=f"{row.name[lang]} {row.id}",
        score=figures.number(score),
        reached=reached(row, lang),
        brings=figures.number(score * row.weight / HUNDRED),
        weight=figures.number(row.weight),
    )


def _parts(whole: IndicatorScore, rows: Iterable[IndicatorScore], lang: str) -> list[Line]:
    """The parts that carry no weight of their own, on one line."""
    told = [
        f"{row.name[lang]} {amount(row.actual, row.unit, lang)}"
        for row in rows
        if row.parent == whole.id and row.actual is not None and not row.weight
    ]
    return [plain(say(lang, "kpi.parts", parts=say(lang, "kpi.and").join(told)))] if told else []


def moved_lines(card: Scorecard, rows: Iterable[IndicatorScore], lang: str) -> list[str]:
    """Whose weight is carried by whom, in words."""
    mine = {row.id: row for row in rows}
    names = {row.id: row.name for row in card.indicators()}
    moved = [each for each in card.moved if each.indicator in mine]
    given = [each for each in moved if each.how == "indicator"]
    lines = [
        say(
            lang,
            "kpi.given",
            name=names[each.indicator][lang],
            weight=figures.number(each.weight),
            to=named((names[to][lang] for to in each.to), lang),
        )
        for each in given
    ]
    shared = [each for each in moved if each.how == "dimension"]
    if shared:
        lines.append(_shared(shared, names, lang))
    return lines


def _shared(moved: Iterable[Moved], names: Mapping[str, Text], lang: str) -> str:
    each = list(moved)
    weight = sum((one.weight for one in each), Decimal(0))
    told = named((names[one.indicator][lang] for one in each), lang)
    return say(lang, "kpi.shared", names=told, weight=figures.number(weight))


def item_nodes(items: Iterable[Item], lang: str) -> list[Node]:
    """The points beside the weighted score."""
    told = [
        say(lang, "kpi.item", name=item.name[lang], points=signed(item.points)) for item in items
    ]
    return (
        [paragraph(say(lang, "kpi.items", items=say(lang, "kpi.and").join(told)))] if told else []
    )


def signed(points: Decimal) -> str:
    """Points with their sign."""
    return ("+" if points > 0 else "−") + figures.number(abs(points), 2)


def monitored_nodes(card: Scorecard, about: str, lang: str) -> list[Node]:
    """What is watched and not scored, in one line."""
    known = [row for row in card.monitored if row.actual is not None]
    if not known:
        return []
    told = [
        f"{row.name[lang]} {amount(row.actual or Decimal(0), row.unit, lang)}"
        for row in known[:WATCHED]
    ]
    title = say(lang, "kpi.watched")
    line = say(lang, "kpi.watched_line", title=title, figures=say(lang, "kpi.and").join(told))
    return [paragraph(line), _menu(known, title, about, lang)]


def _menu(rows: Iterable[IndicatorScore], name: str, about: str, lang: str) -> Actions:
    """Choose a figure to have it explained."""
    options = tuple((f"{about}|{row.id}", f"{row.name[lang]} {row.id}") for row in rows)
    return Actions((Menu("explain", say(lang, "kpi.explain", name=name), options),))
