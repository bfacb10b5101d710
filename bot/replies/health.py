"""How well a client stands, part by part, and where it stands in the nine-grid."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from bank.health import ClientHealth
from bot import figures
from bot.health import Checkup
from bot.replies.tree import Heading, Node, Note, Paragraph, Reply, paragraph, plain, strong
from bot.wording import say
from scoring.health import Item, Part
from scoring.rounding import micro
from scoring.scorecard import number_json
from scoring.segments import Cell


def health_reply(told: Checkup, lang: str) -> Reply:
    """The whole of it as a message."""
    found, name = told.found, told.client.name
    lines = [health_line(found, lang) or say(lang, "health.unknown"), _altman(found, lang)]
    nodes: list[Node] = [
        Heading(name),
        paragraph(*filter(None, lines)),
        paragraph(*_advice(found.cell, lang)),
        *(_part(part, found.health.on, lang) for part in found.health.parts),
        Note(say(lang, "health.source")),
    ]
    return Reply(say(lang, "health.summary", name=name), tuple(nodes), "client")


def health_line(found: ClientHealth, lang: str) -> str:
    """Score, band and cell in one line; empty where nothing is known."""
    health = found.health
    if health.score is None or health.band is None:
        return ""
    score, cell = _number(health.score), found.cell
    return say(lang, "health.line", score=score, band=health.band.name[lang], cell=cell.name[lang])


def health_json(found: ClientHealth) -> dict[str, object]:
    """The same as JSON: points add up to the score, weights to 100; money in fen."""
    health, cell = found.health, found.cell
    return {
        "on": health.on.isoformat(),
        "score": _exact(health.score),
        "band": health.band.id if health.band else None,
        "parts": [_part_json(part) for part in health.parts],
        "altman": {"z": _exact(health.altman.z), "zone": health.altman.zone}
        if health.altman
        else None,
        "cell": {
            "id": cell.id,
            "size": cell.size,
            "risk": cell.risk,
            "call_days": list(cell.call),
            "visit_days": list(cell.visit),
            "post_loan_days": cell.post_loan,
        },
        "business_fen": found.business,
    }


def _part_json(part: Part) -> dict[str, object]:
    return {
        "id": part.id,
        "weight": part.weight,
        "carries": _exact(part.carries),
        "points": _exact(part.points),
        "day": part.day.isoformat() if part.day else None,
        "why": part.why,
        "items": [
            {
                "id": item.id,
                "value": _exact(item.value),
                "reading": _exact(item.reading),
                "weight": _exact(item.weight),
                "points": _exact(item.points),
            }
            for item in part.items
        ],
    }


def _part(part: Part, on: date, lang: str) -> Paragraph:
    head = say(
        lang,
        "health.part",
        part=part.name[lang],
        points=_number(part.points),
        weight=_number(part.carries),
    )
    lines = [strong(head)]
    if part.day is not None:
        lines.append(
            plain(say(lang, f"health.day_{part.id}", day=figures.near(part.day, on, lang)))
        )
    if part.why:
        lines.append(plain(say(lang, f"health.why_{part.why}", n=part.weight)))
    elif part.carries != part.weight:
        lines.append(plain(say(lang, "health.carries", weight=part.weight)))
    lines += [plain(f"• {text}") for text in _items(part, lang)]
    return Paragraph(tuple(lines))


def _items(part: Part, lang: str) -> Iterator[str]:
    for item in part.items:
        name = item.name[lang]
        if item.value is None or item.reading is None:
            yield say(lang, "health.missing", name=name)
        else:
            yield _item(part, item, item.value, item.reading, lang)


def _item(part: Part, item: Item, value: Fraction, reading: Fraction, lang: str) -> str:
    key = "health.ratio" if part.id == "statement" else "health.figure"
    return say(
        lang,
        key,
        name=item.name[lang],
        value=_number(value, 2),
        reading=_number(reading, 0),
        points=_number(item.points),
        weight=_number(item.weight),
    )


def _altman(found: ClientHealth, lang: str) -> str:
    z = found.health.altman
    return "" if z is None else say(lang, f"health.altman_{z.zone}", z=_number(z.z, 2))


def _advice(cell: Cell, lang: str) -> Iterator[str]:
    size, risk = (
        say(lang, f"health.{kind}") for kind in (f"size_{cell.size}", f"risk_{cell.risk}")
    )
    yield say(lang, "health.cell", cell=cell.name[lang], size=size, risk=risk, how=cell.how[lang])
    yield say(
        lang,
        "health.cadence",
        call=cell.call[0],
        call_most=cell.call[1],
        visit=cell.visit[0],
        visit_most=cell.visit[1],
        check=cell.post_loan,
    )


def _number(value: Fraction, digits: int = 1) -> str:
    return figures.number(micro(value), digits)


def _exact(value: Fraction | None) -> int | float | None:
    return None if value is None else number_json(micro(value))
