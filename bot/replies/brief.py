"""A client before a visit: the three things that matter first, then what it has and owes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bank.briefs import ClientBrief, Debt, Maturity, Position
from bot import figures
from bot.replies.duties import warning_texts
from bot.replies.health import health_line
from bot.replies.tree import Heading, Line, Node, Note, Paragraph, Reply, paragraph, plain, strong
from bot.text import cut
from bot.wording import knows, say
from jobs.digest import RANKS, item_facts

FIRST = 3
"""What a person reads on the way in."""
MORE = 7
POSITIONS = 5
LONGEST = 160
"""Characters of a note or a summary: enough to remember the rest."""
NEAR = timedelta(days=30)
FALL_PCT = 20
"""Deposits lower by this much since the last visit are worth a question."""
CHANGE_PCT = 1
"""What changed by less is as it was: a day's interest is no news."""
MUTING = ("red", "orange")
"""Severities under which nothing is offered to a client."""


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """Something to know or to raise; the lower its level and the earlier its day, the sooner."""

    level: int
    day: date
    text: str


def client_brief(found: ClientBrief, lang: str) -> Reply:
    """The brief as a message."""
    client = found.client
    nodes: list[Node] = [Heading(client.name), paragraph(*_who(found, lang))]
    points = sorted(_points(found, lang))
    nodes.append(_listed(say(lang, "brief.first"), points[:FIRST], lang))
    if points[FIRST:]:
        nodes.append(_listed(say(lang, "brief.also"), points[FIRST:], lang))
    money = "brief.money" if found.last_met is None else "brief.money_since"
    nodes.append(_section(say(lang, money), _money(found, lang)))
    credit = [*_debts(found, lang), *_lines(found, lang)]
    if credit:
        nodes.append(_section(say(lang, "brief.credit"), credit))
    nodes += _notes(found, lang)
    nodes.append(Note(_source(found, lang)))
    return Reply(
        say(lang, "brief.summary", name=client.name, n=len(points)), tuple(nodes), "client"
    )


def _who(found: ClientBrief, lang: str) -> Iterator[str]:
    client = found.client
    size = client.size_class or client.customer_class
    said = [say(lang, f"brief.tier_{client.tier}"), say(lang, f"brief.size_{size}")]
    if client.industry:
        said.append(client.industry)
    if client.risk_level:
        said.append(say(lang, f"brief.risk_{client.risk_level}"))
    yield " · ".join(said)
    if client.closed is not None and client.closed <= found.on:
        yield say(lang, "brief.closed", day=figures.near(client.closed, found.on, lang))
    if found.last_met is None:
        yield say(lang, "visit.never")
    elif found.last_met == found.on:
        yield say(lang, "brief.met_today")
    else:
        last = figures.near(found.last_met, found.on, lang)
        yield say(lang, "visit.last", n=(found.on - found.last_met).days, last=last)
    if health := health_line(found.health, lang):
        yield health


def _points(found: ClientBrief, lang: str) -> Iterator[Point]:
    yield from _risks(found, lang)
    yield from _promises(found, lang)
    yield from _papers(found, lang)
    for maturity in found.maturities:
        level = 2 if maturity.day <= found.on + NEAR else 3
        yield Point(level, maturity.day, _maturity(maturity, found.on, lang))
    yield from _needs(found, lang)


def _risks(found: ClientBrief, lang: str) -> Iterator[Point]:
    """Warnings, and what they would be about where there is none."""
    for warning in found.warnings:
        text = " · ".join(warning_texts(item_facts(warning), found.on, lang))
        yield Point(RANKS[warning.severity], warning.due, text)
    seen = {name for warning in found.warnings for name in warning.evidence}
    if "days_past_due" not in seen:
        for debt in found.debts:
            if debt.overdue:
                since = found.as_of - timedelta(days=debt.days_past_due)
                yield Point(1, since, _overdue(debt, lang))
    before, left = found.deposits.then or 0, found.deposits.now
    fall = before - left
    if fall > 0 and fall * 100 >= before * FALL_PCT and "average_30" not in seen:
        told = {"fall": figures.money(fall, lang), "left": figures.money(left, lang)}
        yield Point(2, found.on, say(lang, "brief.fell", **told))


def _promises(found: ClientBrief, lang: str) -> Iterator[Point]:
    for complaint in found.complaints:
        received = figures.near(complaint.received, found.on, lang)
        summary = cut(complaint.summary, LONGEST)
        key = f"brief.complaint_{complaint.severity}"
        level = 0 if complaint.severity == "major" else 2
        yield Point(level, complaint.received, say(lang, key, received=received, summary=summary))
    for inquiry in found.inquiries:
        late = inquiry.due < found.on
        due = figures.near(inquiry.due, found.on, lang)
        key = "brief.inquiry_late" if late else "brief.inquiry"
        text = say(lang, key, due=due, topic=cut(inquiry.topic, LONGEST))
        yield Point(1 if late else 2, inquiry.due, text)


def _papers(found: ClientBrief, lang: str) -> Iterator[Point]:
    for paper in found.papers:
        late, near = paper.due < found.on, paper.due <= found.on + NEAR
        key = "brief.paper_late" if late else "brief.paper"
        what = say(lang, f"brief.paper_{paper.kind}")
        due = figures.near(paper.due, found.on, lang)
        yield Point(2 if near else 3, paper.due, say(lang, key, what=what, due=due))


def _needs(found: ClientBrief, lang: str) -> Iterator[Point]:
    if found.needs and any(warning.severity in MUTING for warning in found.warnings):
        yield Point(4, date.max, say(lang, "brief.muted", n=len(found.needs)))
        return
    for need in found.needs:
        known = f"need.{need.kind}"
        what = say(lang, known) if knows(known) else say(lang, "need.other", kind=need.kind)
        told = what if not need.note else say(lang, "brief.need", what=what, note=need.note)
        if need.due is not None:
            due = figures.near(need.due, found.on, lang)
            told = say(lang, "brief.need_due", need=told, due=due)
        yield Point(3, need.due or date.max, told)


def _maturity(maturity: Maturity, on: date, lang: str) -> str:
    day = figures.near(maturity.day, on, lang)
    amount = _worth(maturity.amount, lang)
    if maturity.kind == "product":
        return say(lang, "brief.matures_product", name=maturity.name, amount=amount, day=day)
    if maturity.kind == "deposit":
        return say(lang, "brief.matures_deposit", amount=amount, day=day)
    if maturity.kind == "line":
        use = say(lang, f"brief.use_{maturity.name}")
        return say(lang, "brief.matures_line", use=use, amount=amount, day=day)
    purpose = _purpose(maturity.name, lang)
    return say(lang, "brief.matures_loan", purpose=purpose, amount=amount, day=day)


def _money(found: ClientBrief, lang: str) -> Iterator[str]:
    deposits = found.deposits
    yield say(
        lang,
        "brief.deposits",
        now=_changed(deposits.now, deposits.then, lang),
        average=figures.money(deposits.average_30, lang),
    )
    for position in found.positions[:POSITIONS]:
        yield _position(position, lang)
    rest = len(found.positions) - POSITIONS
    if rest > 0:
        yield say(lang, "brief.more", n=rest)


def _position(position: Position, lang: str) -> str:
    name = position.product
    if position.value == 0 and position.then:
        return say(lang, "brief.given_up", name=name, then=figures.money(position.then, lang))
    return say(
        lang, "brief.position", name=name, value=_changed(position.value, position.then, lang)
    )


def _changed(now: int | None, then: int | None, lang: str) -> str:
    """A value, and what became of it since the last visit."""
    if now is None or then is None:
        return _worth(now, lang)
    told = figures.money(now, lang)
    if abs(now - then) * 100 <= then * CHANGE_PCT:
        return say(lang, "brief.same", now=told)
    change = figures.money(abs(now - then), lang)
    return say(
        lang, "brief.more_than" if now > then else "brief.less_than", now=told, change=change
    )


def _worth(amount: int | None, lang: str) -> str:
    return say(lang, "brief.unpriced") if amount is None else figures.money(amount, lang)


def _debts(found: ClientBrief, lang: str) -> Iterator[str]:
    for debt in found.debts:
        said = [
            say(
                lang,
                "brief.debt",
                purpose=_purpose(debt.purpose, lang),
                amount=figures.money(debt.outstanding, lang),
            )
        ]
        if debt.grade is not None:
            said.append(say(lang, f"row.{debt.grade}"))
        if debt.overdue:
            said.append(_late(debt, lang))
        if debt.next_due is not None:
            due = figures.near(debt.next_due, found.on, lang)
            amount = figures.money(debt.next_amount, lang)
            said.append(say(lang, "brief.next", amount=amount, due=due))
        yield " · ".join(said)


def _overdue(debt: Debt, lang: str) -> str:
    return say(lang, "brief.overdue", purpose=_purpose(debt.purpose, lang), late=_late(debt, lang))


def _late(debt: Debt, lang: str) -> str:
    amount = figures.money(debt.overdue, lang)
    return say(lang, "brief.late", n=debt.days_past_due, amount=amount)


def _lines(found: ClientBrief, lang: str) -> Iterator[str]:
    for line in found.lines:
        yield say(
            lang,
            "brief.line",
            use=say(lang, f"brief.use_{line.purpose}"),
            amount=figures.money(line.amount, lang),
            ends=figures.near(line.ends, found.on, lang),
        )


def _purpose(purpose: str, lang: str) -> str:
    return say(lang, f"brief.purpose_{purpose or 'unknown'}")


def _notes(found: ClientBrief, lang: str) -> list[Node]:
    lines = [
        say(
            lang,
            "brief.note",
            day=figures.near(note.day, found.on, lang),
            kind=say(lang, f"brief.by_{note.kind}"),
            by=note.by,
            text=cut(" ".join(note.text.split()), LONGEST),
        )
        for note in found.notes
    ]
    return [_section(say(lang, "brief.notes"), lines)] if lines else []


def _source(found: ClientBrief, lang: str) -> str:
    told = [
        say(lang, "brief.keeper", name=keeper.name, share=keeper.share_pct)
        for keeper in found.keepers
    ]
    as_of = figures.near(found.as_of, found.on, lang)
    return say(lang, "brief.source", as_of=as_of, keepers=say(lang, "brief.comma").join(told))


def _listed(title: str, points: list[Point], lang: str) -> Paragraph:
    lines: list[Line] = [strong(title)]
    lines += [plain(f"• {point.text}") for point in points[:MORE]]
    if len(points) > MORE:
        lines.append(plain(say(lang, "brief.more", n=len(points) - MORE)))
    if not points:
        lines = [plain(say(lang, "brief.calm"))]
    return Paragraph(tuple(lines))


def _section(title: str, lines: Iterator[str] | list[str]) -> Paragraph:
    return Paragraph((strong(title), *(plain(line) for line in lines)))
