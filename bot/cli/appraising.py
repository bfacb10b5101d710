"""appraisal: the course of appraisals, from the command line."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from bot import assemble
from bot.access import permit
from bot.appraisal_views import AppraisalView
from bot.cli.acting import Sitting, sitting
from bot.cli.output import Output, UsageError
from bot.cycle import Appraisals
from bot.replies import course
from bot.terminal import console, table
from bot.terminal import show as draw
from bot.wording import say
from jobs.cycle import advance_when_due
from scoring.periods import Period

NOT_THEIRS = "appraisal.none"
HEADS = ("manager", "state", "until", "score", "grade")


def open_period(output: Output, period: str, staff: str, unit: str) -> None:
    """`daybook appraisal open`."""
    wanted = Period.parse(period).id
    with sitting(staff, NOT_THEIRS) as at:
        count = desk(at).open(at.actor, wanted, at.now, unit)
    output.data({"period": wanted, "opened": count})
    output.line(say(at.actor.lang, "appraisal.opened", n=count, period=wanted))


def list_period(output: Output, period: str, staff: str) -> None:
    """`daybook appraisal list`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).list(at.actor, period, at.on)
    output.data({"appraisals": [course.facts(one) for one in found]})
    if output.json:
        return
    lang = at.actor.lang
    if not found:
        output.line(say(lang, "appraisal.list_empty", period=period))
        return
    heads = [say(lang, f"appraisal.heads.{head}") for head in HEADS]
    console().print(table(heads, [_row(one, at) for one in found]))


def show(output: Output, subject: str, period: str, staff: str) -> None:
    """`daybook appraisal show`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).show(at.actor, Period.parse(period).id, subject, at.on)
    output.data(course.facts(found))
    if not output.json:
        draw(course.whole(found, desk(at).scheme(period), at.seen), console())


def move(output: Output, *, action: str, staff: str, period: str, of: str, reason: str) -> None:
    """`daybook appraisal move`, `approve`, `publish` and `lock`."""
    wanted = Period.parse(period).id
    with sitting(staff, NOT_THEIRS) as at:
        if action == "endorse":
            _told(output, at, desk(at).endorse(at.actor, wanted, of, text=reason, now=at.now))
            return
        if action == "acknowledge":
            _told(output, at, desk(at).acknowledge(at.actor, wanted, at.now))
            return
        if of:
            found = desk(at).act(at.actor, wanted, of, action, now=at.now, reason=reason)
            _told(output, at, found)
            return
        done = desk(at).act_on_all(at.actor, wanted, action, at.now, reason)
    lang = at.actor.lang
    refused = [{"manager": one.manager_id, "why": code} for one, code in done.refused]
    output.data({"moved": [one.manager_id for one in done.moved], "refused": refused})
    output.line(say(lang, "appraisal.moved", n=len(done.moved)))
    for code in sorted({code for _, code in done.refused}):
        count = sum(each == code for _, each in done.refused)
        why = say(lang, f"appraisal.needs_{code}") if code != "part" else say(lang, NOT_THEIRS)
        output.line(say(lang, "appraisal.skipped", n=count, why=why))


def advance(output: Output, staff: str, at: datetime | None) -> None:
    """`daybook appraisal advance`."""
    with sitting(staff, NOT_THEIRS) as here:
        zone = here.settings.zone
        now = at.replace(tzinfo=zone) if at else here.now
        permit(here.actor, "advance_appraisals", here.on)
        schemes = assemble.open_schemes(here.settings)
        moved = advance_when_due(here.database, now, zone, schemes)
    output.data({"moved": moved})
    output.line(say(here.actor.lang, "appraisal.moved", n=moved))


def rate(
    output: Output, *, subject: str, period: str, staff: str, score: int | None, reason: str
) -> None:
    """`daybook appraisal rate`."""
    wanted = Period.parse(period).id
    with sitting(staff, NOT_THEIRS) as at:
        if score is None:
            found = desk(at).note(at.actor, wanted, subject, "abstain", text=reason, now=at.now)
            line = say(at.actor.lang, "appraisal.aside", name=found.manager.name, period=wanted)
        else:
            found = desk(at).rate(at.actor, wanted, subject, score, comment=reason, now=at.now)
            told = {"name": found.manager.name, "period": wanted, "score": score}
            line = say(at.actor.lang, "appraisal.rated", **told)
    output.data({"manager": subject, "period": wanted, "score": score})
    output.line(line)


def panel(output: Output, subject: str, period: str, staff: str) -> None:
    """`daybook appraisal panel`."""
    wanted = Period.parse(period).id
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).panel(at.actor, wanted, subject, at.on)
    output.data({"manager": subject, "period": wanted, "clients": [one for one, _ in found]})
    for client, name in found:
        output.line(f"{client} {name}")


def report(
    output: Output, *, subject: str, period: str, staff: str, points: str, reason: str
) -> None:
    """`daybook appraisal adjust`."""
    value = number(points)
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).report(
            at.actor, Period.parse(period).id, subject, value, reason=reason, now=at.now
        )
    _told(output, at, found)


def comment(output: Output, *, subject: str, period: str, staff: str, text: str) -> None:
    """`daybook appraisal comment`."""
    wanted = Period.parse(period).id
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).note(at.actor, wanted, subject, "comment", text=text, now=at.now)
    _told(output, at, found)


def query(output: Output, *, item: str, period: str, staff: str, text: str) -> None:
    """`daybook appraisal query`."""
    wanted = Period.parse(period).id
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).query(at.actor, wanted, item, text=text, now=at.now)
    _told(output, at, found)


def answer(output: Output, *, subject: str, turn: int, period: str, staff: str, text: str) -> None:
    """`daybook appraisal answer`."""
    wanted = Period.parse(period).id
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).answer(at.actor, wanted, subject, turn, text=text, now=at.now)
    _told(output, at, found)


def calibrate(
    output: Output, *, subject: str, period: str, staff: str, grade: str, reason: str
) -> None:
    """`daybook appraisal calibrate`."""
    wanted = Period.parse(period).id
    with sitting(staff, NOT_THEIRS) as at:
        found = desk(at).calibrate(at.actor, wanted, subject, grade, reason=reason, now=at.now)
    _told(output, at, found)


def desk(at: Sitting) -> Appraisals:
    """The desk somebody sits at."""
    return assemble.open_appraisals(at.settings, at.database)


def number(text: str) -> Decimal:
    """A number as typed. Raises UsageError."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise UsageError(f"--points {text[:20]!r} is no number: write it like -2.5")
    return value


def _told(output: Output, at: Sitting, found: AppraisalView) -> None:
    output.data(course.facts(found))
    state = course.stage(found.record, at.seen)
    told = {"name": found.manager.name, "period": found.record.period, "state": state}
    output.line(say(at.actor.lang, "appraisal.done", **told))


def _row(view: AppraisalView, at: Sitting) -> tuple[str, ...]:
    lang, scheme = at.actor.lang, desk(at).scheme(view.record.period)
    score, _, grade = course.heading(view.result, scheme, lang).partition(" · ")
    return (
        f"{view.manager.name} {view.manager.id}",
        say(lang, f"appraisal.state_{view.record.state}"),
        course.day(view.record.due_on, at.seen),
        score if view.result else "",
        grade if view.result else "",
    )
