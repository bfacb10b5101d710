"""A target, as whoever is to sign it sees it: the amount, how it comes apart, who signed what."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from bank.targets import ProposalRecord
from bot import figures
from bot.replies.dimensions import amount as figure
from bot.replies.tickets import Seen
from bot.replies.tree import (
    Actions,
    Button,
    Dialog,
    Heading,
    Line,
    Node,
    Note,
    Paragraph,
    Reply,
    TextField,
    paragraph,
    plain,
    strong,
)
from bot.target_views import Standing, TargetView
from bot.wording import say
from scoring.cascade import Cascade
from scoring.milestones import MONTHS, QUARTER
from scoring.pace import Pace
from scoring.replan import Overlay
from scoring.scheme import Scheme

DISCLOSURE: Final = "personal"
LONGEST_REASON = 1000
LONGEST_AMOUNT = 40
HASH = 12
"""Characters of the content's hash that are shown: enough to compare two."""


def asks(view: TargetView, stage: str, seen: Seen) -> Reply:
    """To whoever is to sign it, or to allow it: all of it, and what can be done."""
    lang = seen.lang
    lead = say(lang, f"target.asks_{stage}", **_named(view, lang), proposer=view.proposer)
    nodes = [*_whole(view, lead, seen)]
    if view.waiting is not None:
        nodes.append(Actions(_controls(view.waiting, stage, lang)))
    return Reply(lead, tuple(nodes), DISCLOSURE)


def dialog(view: TargetView, seen: Seen) -> Dialog:
    """A target that waits, in a window, from the Home tab."""
    title, close = say(seen.lang, "target.title"), say(seen.lang, "dialog.close")
    held = view.waiting is not None and view.waiting.state == "held"
    return Dialog(title, close, asks(view, "allow" if held else "sign", seen).nodes)


def line(view: TargetView, lang: str) -> str:
    """A target in one line."""
    return say(lang, "target.heading", **_named(view, lang))


def news(record: ProposalRecord, name: str, told: str, scheme: Scheme, seen: Seen) -> Reply:
    """To whoever proposed it: what became of it."""
    lang = seen.lang
    lead = say(lang, f"target.news_{told}", **_of(record, name, scheme, lang))
    nodes: list[Node] = [paragraph(strong(lead))]
    if record.end_reason:
        nodes.append(Note(record.end_reason))
    return Reply(lead, tuple(nodes), DISCLOSURE)


def coaching(name: str, period: str, pace: Pace, scheme: Scheme, lang: str) -> Reply:
    """To a lead: what a manager cannot make up, and that it should be talked over."""
    indicator, milestone = scheme.indicator(pace.indicator), pace.milestone
    rates = {
        rate: figure(Decimal(value or 0), indicator.unit, lang)
        for rate, value in (
            ("per_week", milestone and milestone.per_week),
            ("best", milestone and milestone.best),
        )
    }
    what = f"{indicator.name[lang]} {indicator.id}"
    lead = say(lang, "target.coach", name=name, indicator=what, period=period, **rates)
    nodes = (paragraph(strong(lead)), paragraph(say(lang, "target.coach_next")))
    return Reply(lead, nodes, DISCLOSURE)


def whole(view: TargetView, seen: Seen) -> Reply:
    """All of it, with nothing to press."""
    lead = say(seen.lang, "target.heading", **_named(view, seen.lang))
    return Reply(lead, tuple(_whole(view, lead, seen)), DISCLOSURE)


def settled(view: TargetView | None, deed: str, lang: str) -> Reply:
    """The one line that stands where it was to be signed; of one declined that is all."""
    told = _named(view, lang) if view and deed != "declined" else {}
    done = say(lang, f"target.done_{deed}", **told)
    return Reply(done, (paragraph(done),), DISCLOSURE)


def change_form(view: TargetView, keeps: Mapping[str, str], lang: str) -> Dialog:
    """[Propose change]: another amount, and why."""
    return Dialog(
        title=say(lang, "target.change_title"),
        close=say(lang, "dialog.cancel"),
        nodes=(paragraph(say(lang, "target.heading", **_named(view, lang))),),
        fields=(
            TextField(
                "amount",
                say(lang, "target.amount_label"),
                say(lang, f"target.amount_hint_{view.indicator.unit}"),
                LONGEST_AMOUNT,
            ),
            _reason(lang),
        ),
        deed="target_change",
        submit=say(lang, "target.change"),
        keeps=dict(keeps),
    )


def decline_form(view: TargetView, keeps: Mapping[str, str], lang: str) -> Dialog:
    """[Decline]: why."""
    return Dialog(
        title=say(lang, "target.decline_title"),
        close=say(lang, "dialog.cancel"),
        nodes=(paragraph(say(lang, "target.heading", **_named(view, lang))),),
        fields=(_reason(lang),),
        deed="target_decline",
        submit=say(lang, "target.decline"),
        keeps=dict(keeps),
    )


def state(view: TargetView, lang: str) -> str:
    """Where it stands, in a word."""
    return say(lang, f"target.state_{view.waiting.state if view.waiting else 'signed'}")


def figure_of(view: TargetView, lang: str) -> str:
    """The amount shown."""
    return _figure(view, view.amount, lang)


def _reason(lang: str) -> TextField:
    label, hint = say(lang, "target.reason_label"), say(lang, "target.reason_hint")
    return TextField("reason", label, hint, LONGEST_REASON)


def _controls(record: ProposalRecord, stage: str, lang: str) -> tuple[Button, ...]:
    deeds = ("sign", "change", "decline") if stage == "sign" else ("allow", "decline")
    return tuple(
        Button(f"target_{deed}", say(lang, f"target.{deed}"), record.id, primary=deed == "sign")
        for deed in deeds
    )


def _named(view: TargetView, lang: str) -> dict[str, object]:
    return {
        "name": view.name,
        "indicator": f"{view.indicator.name[lang]} {view.indicator.id}",
        "year": view.year,
        "amount": _figure(view, view.amount, lang),
    }


def _of(record: ProposalRecord, name: str, scheme: Scheme, lang: str) -> dict[str, object]:
    indicator = scheme.indicator(record.terms.indicator)
    told = f"{indicator.name[lang]} {indicator.id}"
    return {"name": name, "indicator": told, "year": record.terms.year}


def _figure(view: TargetView, value: int, lang: str) -> str:
    return figure(Decimal(value), view.indicator.unit, lang)


def _whole(view: TargetView, lead: str, seen: Seen) -> list[Node]:
    lang = seen.lang
    nodes: list[Node] = [Heading(lead)]
    if view.waiting is not None:
        if view.signed is not None:
            before = _figure(view, view.signed.amount, lang)
            nodes.append(paragraph(say(lang, "target.instead", amount=before)))
        if view.waiting.terms.reason:
            nodes.append(paragraph(say(lang, "target.because", reason=view.waiting.terms.reason)))
    nodes.append(Paragraph(tuple(_decomposition(view, lang))))
    if view.standing is not None:
        nodes.append(Paragraph(tuple(_replans(view, view.standing, seen))))
    nodes += [Note(told) for told in (*_cascades(view, lang), *_signed(view, seen))]
    return nodes


def _decomposition(view: TargetView, lang: str) -> list[Line]:
    """Four quarters with their months, the week that comes next, and the stretch line."""
    breakdown, average = view.breakdown, view.indicator.type == "average"
    lines: list[Line] = []
    for quarter in range(MONTHS // QUARTER if breakdown.months else 0):
        months = breakdown.months[quarter * QUARTER : (quarter + 1) * QUARTER]
        shown = " · ".join(_figure(view, month, lang) for month in months)
        if average:
            row = say(lang, "target.quarter_average", quarter=quarter + 1, months=shown)
        else:
            total = _figure(view, sum(months), lang)
            row = say(lang, "target.quarter", quarter=quarter + 1, months=shown, sum=total)
        lines.append(plain(row))
    if average:
        lines.append(plain(say(lang, "target.average")))
    if breakdown.stretch:
        whole_year = breakdown.stretch[-1] if average else sum(breakdown.stretch)
        stretch = _figure(view, whole_year, lang)
        lines.append(plain(say(lang, "target.stretch", amount=stretch)))
    if breakdown.provisional:
        lines.append(plain(say(lang, "target.provisional", year=view.year)))
    return lines


def _replans(view: TargetView, standing: Standing, seen: Seen) -> list[Line]:
    """What was brought, and what the rest asks for under both ways to make up for it."""
    lang = seen.lang
    told = {
        "actual": _figure(view, standing.actual, lang),
        "day": figures.day(standing.as_of, lang),
    }
    lines = [strong(say(lang, "target.brought", **told))]
    for name, overlay in (
        ("quarter_first", standing.quarter_first),
        ("spread", standing.spread),
    ):
        if overlay is None:
            return [*lines, plain(say(lang, "target.period_over"))]
        if overlay.gap == 0:
            return [*lines, plain(say(lang, "target.reached"))]
        lines.append(plain(_overlay(view, name, overlay, lang)))
    return lines


def _overlay(view: TargetView, name: str, overlay: Overlay, lang: str) -> str:
    asked = [(at, amount) for at, amount in enumerate(overlay.months, start=1) if amount]
    months = " · ".join(
        say(lang, "target.month", n=at, amount=_figure(view, amount, lang)) for at, amount in asked
    )
    return say(lang, f"target.{name}", months=months)


def _cascades(view: TargetView, lang: str) -> list[str]:
    lines = []
    if view.above is not None:
        unit, cascade = view.above
        lines.append(_cascade(f"target.above_{_how(cascade)}", unit, cascade, view, lang))
    if view.given is not None:
        key = f"target.given_{_how(view.given)}"
        lines.append(_cascade(key, view.name, view.given, view, lang))
    if view.waiting is not None and view.waiting.over:
        over, reason = _figure(view, view.waiting.over, lang), view.waiting.over_reason
        if view.approver:
            told = {"over": over, "reason": reason, "approver": view.approver}
            lines.append(say(lang, "target.over_allowed", **told))
        else:
            lines.append(say(lang, "target.over_held", over=over, reason=reason))
    return lines


def _how(cascade: Cascade) -> str:
    if cascade.over:
        return "over"
    return "left" if cascade.left else "whole"


def _cascade(key: str, unit: str, cascade: Cascade, view: TargetView, lang: str) -> str:
    told = {"unit": unit, "amount": _figure(view, cascade.amount, lang)}
    apart = cascade.left or cascade.over
    if apart:
        told["total"] = _figure(view, cascade.total, lang)
        told["left"] = _figure(view, apart, lang)
    return say(lang, key, **told)


def _signed(view: TargetView, seen: Seen) -> Sequence[str]:
    lang = seen.lang
    lines = [
        say(
            lang,
            "target.signature",
            name=named.name,
            side=say(lang, f"target.side_{named.signature.side}"),
            moment=seen.moment(named.signature.at),
            hash=named.signature.content_hash[:HASH],
        )
        for named in view.names
    ]
    if view.signed is not None and view.signed.proposal_id is None:
        day = figures.day(view.signed.signed_on, lang)
        lines.append(say(lang, "target.from_drop", day=day, version=view.signed.version))
    return lines
