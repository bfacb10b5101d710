"""appraisal: appeals, what later facts change, and what follows, from the command line."""

from bank.cycle.adjustments import Adjustment
from bank.people import find_staff
from bot import assemble, figures
from bot.appeals import Appeals, Objection, Ruling
from bot.cli.acting import Sitting, sitting
from bot.cli.appraising import NOT_THEIRS, desk, number
from bot.cli.output import Output, Rejected, UsageError
from bot.replies import course
from bot.wording import say
from scoring.periods import Period


def appeal(
    output: Output, *, item: str, period: str, staff: str, claim: str, evidence: str
) -> None:
    """`daybook appraisal appeal`."""
    wanted = Period.parse(period).id
    with sitting(staff, NOT_THEIRS) as at:
        appeals = _desk(at)
        found = appeals.object(at.actor, wanted, Objection(item, claim, evidence), at.now)
        mine = next(one for one in found.appeals if one.item == item)
        name = appeals.handler(mine)
    output.data(course.appeal_facts(mine))
    told = {
        "item": course.item_name(item, desk(at).scheme(wanted), at.actor.lang),
        "name": name,
        "day": course.day(mine.due_on, at.seen),
    }
    output.line(say(at.actor.lang, "appraisal.appeal_sent", **told))


def decide(
    output: Output, *, appeal_id: str, verdict: str, staff: str, reason: str, points: str
) -> None:
    """`daybook appraisal decide`."""
    ruling = Ruling(verdict == "upheld", reason, number(points))
    with sitting(staff, NOT_THEIRS) as at:
        found = _desk(at).decide(at.actor, appeal_id, ruling, at.now)
    output.data(course.facts(found))
    output.line(say(at.actor.lang, "appraisal.decided", name=found.manager.name))


def adjustments(
    output: Output, *, period: str, staff: str, posting: bool, check: bool, reason: str
) -> None:
    """`daybook appraisal adjustments`."""
    if posting and check:
        raise UsageError("give one of --post and --check")
    wanted = Period.parse(period).id
    with sitting(staff, NOT_THEIRS) as at:
        if check:
            _check(output, at, wanted)
            return
        appeals = _desk(at)
        if posting:
            found = appeals.adjust(at.actor, wanted, reason, at.now)
        else:
            found = appeals.adjustments(at.actor, wanted, at.on)
        _list(output, at, found, wanted, posting=posting)


def confirm(output: Output, *, subject: str, what: str, period: str, staff: str) -> None:
    """`daybook appraisal confirm`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = _desk(at).confirm(at.actor, period, subject, what, at.now)
        with at.database.read() as tx:
            name = find_staff(tx, found.manager_id).name
    output.data({"manager": subject, "kind": found.kind, "state": found.state})
    told = say(at.actor.lang, f"appraisal.follow_{what}")
    output.line(say(at.actor.lang, "appraisal.confirmed_follow", name=name, what=told))


def pay(output: Output, *, subject: str, period: str, staff: str) -> None:
    """`daybook appraisal pay`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = _desk(at).pay(at.actor, period, subject, at.on)
    output.data({"manager": subject, "period": period, **found.to_json()})
    output.line(course.pay(found, at.actor.lang))


def _check(output: Output, at: Sitting, period: str) -> None:
    found = _desk(at).check(at.actor, period, at.on)
    lang = at.actor.lang
    told = [{"manager": one.manager.id, "holds": one.holds} for one in found]
    output.data({"period": period, "checked": told})
    for one in found:
        key = "appraisal.checked" if one.holds else "appraisal.check_failed"
        output.line(say(lang, key, name=one.manager.name, period=period))
    if not all(one.holds for one in found):
        raise Rejected


def _list(
    output: Output, at: Sitting, found: tuple[Adjustment, ...], period: str, *, posting: bool
) -> None:
    lang = at.actor.lang
    output.data({"period": period, "adjustments": [_facts(one) for one in found]})
    if posting:
        output.line(say(lang, "appraisal.adjusted", n=len(found)))
    elif not found:
        output.line(say(lang, "appraisal.no_adjustments", period=period))
    with at.database.read() as tx:
        for one in found:
            told = {
                "name": find_staff(tx, one.manager_id).name,
                "period": one.period,
                "posted_to": one.posted_to,
                "points": figures.number(one.points, 2),
                "reason": one.reason,
            }
            output.line(say(lang, "appraisal.adjustment", **told))


def _facts(one: Adjustment) -> dict[str, object]:
    return {
        "id": one.id,
        "manager": one.manager_id,
        "period": one.period,
        "posted_to": one.posted_to,
        "version": one.version,
        "points": float(one.points),
        "reason": one.reason,
        "run_id": one.run_id,
        "from_hash": one.from_hash,
        "to_hash": one.to_hash,
        "result": dict(one.result),
    }


def _desk(at: Sitting) -> Appeals:
    return assemble.open_appeals(at.settings, at.database)
