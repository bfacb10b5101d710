"""target: targets proposed, signed and amended, from the command line."""

from bot import assemble
from bot.cli.acting import Sitting, sitting
from bot.cli.output import Output
from bot.replies import targets as replies
from bot.target_views import TargetView
from bot.targets import Targets, Wanted
from bot.terminal import console, table
from bot.terminal import show as draw
from bot.wording import say
from scoring.cascade import Cascade

NOT_THEIRS = "target.none"
HEADS = ("holder", "indicator", "amount", "state", "version", "signed", "id")


def propose(output: Output, *, staff: str, amend: bool, year: int | None, **wanted: str) -> None:
    """`daybook target propose` and `daybook target amend`."""
    with sitting(staff, NOT_THEIRS) as at:
        given = Wanted(year=year or at.on.year, **wanted)
        found = desk(at).propose(at.actor, given, at.now, amend=amend)
    held = found.waiting is not None and found.waiting.state == "held"
    _told(output, at, found, "held" if held else "proposed")


def sign(output: Output, proposal: str, staff: str) -> None:
    """`daybook target sign`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).sign(at.actor, proposal, at.now)
    _told(output, at, found, "signed")


def allow(output: Output, proposal: str, staff: str) -> None:
    """`daybook target allow`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).allow(at.actor, proposal, at.now)
    _told(output, at, found, "allowed")


def decline(output: Output, proposal: str, staff: str, reason: str) -> None:
    """`daybook target decline`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).decline(at.actor, proposal, reason, at.now)
    output.data(_facts(found) if found else {"signed": None, "waiting": None})
    output.line(replies.settled(None, "declined", at.actor.lang).summary)


def show(output: Output, holder: str, indicator: str, staff: str, year: int | None) -> None:
    """`daybook target show`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).show(at.actor, holder, indicator, year or at.on.year, at.on)
    output.data(_facts(found))
    if not output.json:
        draw(replies.whole(found, at.seen), console())


def overview(output: Output, staff: str, of: str, year: int | None) -> None:
    """`daybook target list`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).overview(at.actor, year or at.on.year, at.on, of)
    output.data({"year": year or at.on.year, "targets": [_facts(one) for one in found]})
    if output.json:
        return
    lang = at.actor.lang
    if not found:
        output.line(say(lang, "target.empty", year=year or at.on.year))
        return
    heads = [say(lang, f"target.head.{head}") for head in HEADS]
    console().print(table(heads, [_row(one, lang) for one in found]))


def desk(at: Sitting) -> Targets:
    """The desk somebody sits at."""
    return assemble.open_targets(at.settings, at.database)


def _told(output: Output, at: Sitting, found: TargetView, deed: str) -> None:
    output.data(_facts(found))
    output.line(replies.settled(found, deed, at.actor.lang).summary)


def _row(view: TargetView, lang: str) -> tuple[str, ...]:
    signed, waiting = view.signed, view.waiting
    return (
        f"{view.name} {view.holder.id}",
        f"{view.indicator.name[lang]} {view.indicator.id}",
        replies.figure_of(view, lang),
        replies.state(view, lang),
        str(waiting.terms.version if waiting else signed.version if signed else ""),
        signed.signed_on.isoformat() if signed else "",
        waiting.id if waiting else "",
    )


def _facts(view: TargetView) -> dict[str, object]:
    breakdown, signed, waiting = view.breakdown, view.signed, view.waiting
    return {
        "holder": view.holder.id,
        "kind": view.holder.kind,
        "indicator": view.indicator.id,
        "year": view.year,
        "unit": view.indicator.unit,
        "type": view.indicator.type,
        "signed": signed
        and {
            "version": signed.version,
            "amount": signed.amount,
            "on": signed.signed_on.isoformat(),
            "came": "daybook" if signed.proposal_id else "drop",
        },
        "waiting": waiting
        and {
            "id": waiting.id,
            "state": waiting.state,
            "version": waiting.terms.version,
            "amount": waiting.terms.amount,
            "reason": waiting.terms.reason,
            "proposed_by": waiting.proposed_by,
            "over": waiting.over,
            "over_reason": waiting.over_reason,
            "approved_by": waiting.approved_by,
        },
        "signatures": [
            {
                "side": named.signature.side,
                "staff": named.signature.staff_id,
                "at": named.signature.at.isoformat(),
                "content_hash": named.signature.content_hash,
            }
            for named in view.names
        ],
        "quarters": list(breakdown.plan.quarters) if breakdown.plan else None,
        "months": list(breakdown.months),
        "weeks": _weeks(view),
        "stretch": list(breakdown.stretch),
        "provisional": breakdown.provisional,
        "above": view.above and _cascade(view.above[1]),
        "given": view.given and _cascade(view.given),
        "replan": _replans(view),
    }


def _weeks(view: TargetView) -> list[dict[str, object]] | None:
    plan = view.breakdown.plan
    if plan is None:
        return None
    return [
        {
            "first": week.first.isoformat(),
            "last": week.last.isoformat(),
            "business_days": len(week.business_days),
            "amount": amount,
        }
        for week, amount in zip(plan.shape.weeks, plan.weeks, strict=True)
    ]


def _cascade(cascade: Cascade) -> dict[str, object]:
    return {
        "amount": cascade.amount,
        "given": cascade.total,
        "left": cascade.left,
        "over": cascade.over,
        "children": dict(cascade.given),
    }


def _replans(view: TargetView) -> dict[str, object] | None:
    standing = view.standing
    if standing is None:
        return None
    overlays = {"quarter_first": standing.quarter_first, "spread": standing.spread}
    return {
        "as_of": standing.as_of.isoformat(),
        "actual": standing.actual,
        **{name: found and list(found.months) for name, found in overlays.items()},
    }
