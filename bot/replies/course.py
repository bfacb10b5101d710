"""An appraisal's course, as the manager it is about sees it, and whoever has a part in it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from bank.cycle.appeals import AppealRecord
from bank.cycle.consequences import Follow
from bank.cycle.records import AppraisalRecord, Entry
from bot import figures
from bot.appraisal_views import AppraisalView
from bot.replies.appraisal import grade_name
from bot.replies.follows import follow_lines
from bot.replies.tickets import Seen
from bot.replies.tree import Actions, Button, Node, Note, Reply, Row, paragraph, strong
from bot.wording import say
from scoring.pay import Estimate
from scoring.results import Added, Result, quarter_of_peers
from scoring.scheme import Scheme

GIVEN = ("grade", "ratings")
"""Items of a result that are no indicators; the reports are the others."""


def line(record: AppraisalRecord, name: str, seen: Seen) -> str:
    """An appraisal in one line."""
    return say(
        seen.lang, "appraisal.head", name=name, period=record.period, state=stage(record, seen)
    )


def stage(record: AppraisalRecord, seen: Seen) -> str:
    """Where an appraisal stands, and until when that lasts."""
    state = say(seen.lang, f"appraisal.state_{record.state}")
    if record.due_on is None:
        return state
    day = figures.near(record.due_on, seen.on, seen.lang)
    return say(seen.lang, "appraisal.until", state=state, day=day)


def heading(result: Result | None, scheme: Scheme, lang: str) -> str:
    """Points and grade."""
    if result is None or result.score is None:
        return say(lang, "appraisal.no_score")
    grade = grade_name(result.grade, scheme, lang)
    return say(lang, "appraisal.score", score=figures.number(result.score, 2), grade=grade)


def whole(view: AppraisalView, scheme: Scheme, seen: Seen, *, press: bool = False) -> Reply:
    """An appraisal with all there is to see of it; `press` adds what can be done."""
    lang = seen.lang
    lead = line(view.record, view.manager.name, seen)
    nodes: list[Node] = [paragraph(strong(lead))]
    if view.result is not None:
        nodes.append(paragraph(strong(heading(view.result, scheme, lang))))
        nodes.append(paragraph(*_made_of(view.result, view, scheme, lang)))
    elif view.record.result is not None:
        nodes.append(Note(say(lang, "appraisal.unseen")))
    if view.late:
        nodes.append(Note(say(lang, "appraisal.late", items=_joined(view.late, lang))))
    nodes += [Note(text) for text in _said(view, scheme, seen)]
    nodes += [Note(_appeal(one, scheme, seen)) for one in view.appeals]
    nodes += [Note(text) for one in view.follows for text in follow_lines(one, seen.on, lang)]
    nodes += _peers(view, scheme, lang)
    if press:
        nodes += _presses(view, lang)
    return Reply(lead, tuple(nodes), "personal")


def news(view: AppraisalView, told: str, about: str, scheme: Scheme, seen: Seen) -> Reply:
    """What the manager hears of their own appraisal."""
    lead = _lead(view, told, about, scheme, seen)
    nodes: list[Node] = [paragraph(strong(lead))]
    if told != "answered":
        nodes.append(paragraph(heading(view.result, scheme, seen.lang)))
    nodes += _presses(view, seen.lang)
    return Reply(lead, tuple(nodes), "personal")


def training(plan: Follow, name: str, told: str, seen: Seen) -> Reply:
    """A training plan, called to mind; or for the superior that it was not met."""
    lang = seen.lang
    day = figures.near(plan.due_on or plan.given_on, seen.on, lang)
    courses = _joined(tuple(plan.facts["courses"].values()), lang)
    if told == "unmet":
        text = say(lang, "appraisal.train_unmet", name=name, day=day)
    elif told == "given":
        text = say(lang, "appraisal.train_given", courses=courses, day=day)
    else:
        text = say(lang, "appraisal.train_left", n=int(told), courses=courses, day=day)
    return Reply(text, (paragraph(text),), "personal")


def home_rows(views: Sequence[AppraisalView], scheme: Scheme, seen: Seen) -> list[Node]:
    """A manager's own appraisals on the Home tab."""
    return [
        Row(
            line(one.record, one.manager.name, seen),
            (heading(one.result, scheme, seen.lang),) if one.result else (),
            _see(one, seen.lang),
        )
        for one in views
    ]


def day(value: date | None, seen: Seen) -> str:
    """A day as one says it; "" for none."""
    return "" if value is None else figures.near(value, seen.on, seen.lang)


def pay(found: Estimate, lang: str) -> str:
    """A pay estimate in one line, and what it is not."""
    sums = {"now": found.now, "deferred": found.deferred, "gross": found.gross}
    money = {name: figures.money(fen, lang) for name, fen in sums.items()}
    return say(lang, "appraisal.pay", years=len(found.parts), **money)


def item_name(item: str, scheme: Scheme, lang: str) -> str:
    """An item of a result in words: an indicator's name, or what else it is."""
    if item in GIVEN:
        return say(lang, f"appraisal.item_{item}")
    if item in ("risk", "client"):
        return say(lang, f"appraisal.item_{item}_report")
    try:
        return f"{item} {scheme.indicator(item).name[lang]}"
    except KeyError:
        return item


def _lead(view: AppraisalView, told: str, about: str, scheme: Scheme, seen: Seen) -> str:
    lang, record = seen.lang, view.record
    if told == "decided":
        ruled = next(one for one in view.appeals if one.id == about)
        item = item_name(ruled.item, scheme, lang)
        return say(lang, f"appraisal.news_decided_{ruled.state}", item=item, reason=ruled.reason)
    if told == "answered":
        answer = next(one for one in view.entries if one.turn == int(about))
        asked = next(one for one in view.entries if one.turn == answer.refers)
        item = item_name(asked.after, scheme, lang)
        return say(lang, "appraisal.news_answered", item=item, text=answer.text)
    day = figures.near(record.due_on, seen.on, lang) if record.due_on else ""
    until = {"day": day} if told in ("confirmed", "published") else {}
    return say(lang, f"appraisal.news_{told}", period=record.period, **until)


def _made_of(result: Result, view: AppraisalView, scheme: Scheme, lang: str) -> list[str]:
    """Every step to a result, in the order it was made."""
    lines = []
    if result.own is not None:
        lines.append(say(lang, "appraisal.own", score=_points(result.own)))
    lines += [
        say(lang, "appraisal.quarter", period=period, score=_points(score))
        for period, score in result.quarters
        if score is not None
    ]
    if result.quarters and result.indicators is not None:
        lines.append(say(lang, "appraisal.indicators", score=_points(result.indicators)))
    for one in result.views:
        if one.score is None:
            kind = say(lang, f"appraisal.kind_{one.kind}")
            lines.append(say(lang, "appraisal.view_missing", kind=kind))
        else:
            told = {"score": _points(one.score), "weight": figures.number(one.weight, 2)}
            lines.append(say(lang, f"appraisal.view_{one.kind}", **told))
    lines += [_added(one, lang) for one in result.items]
    moved = next((one for one in reversed(view.entries) if one.kind == "grade"), None)
    if moved is not None:
        names = [grade_name(grade, scheme, lang) for grade in (moved.before, moved.after)]
        told = {"before": names[0], "after": names[1], "reason": moved.text}
        lines.append(say(lang, "appraisal.moved_grade", **told))
    if result.veto and result.grade != (result.moved or result.grade_by_score):
        without = grade_name(result.moved or result.grade_by_score, scheme, lang)
        lines.append(say(lang, "appraisal.capped", code=result.veto, grade=without))
    return lines


def _added(one: Added, lang: str) -> str:
    sign = "+" if one.points > 0 else ""
    points = f"{sign}{_points(one.points)}"
    return say(lang, f"appraisal.item_{one.kind}", points=points, reason=one.reason)


def _said(view: AppraisalView, scheme: Scheme, seen: Seen) -> list[str]:
    lang, answers = seen.lang, {one.refers: one for one in view.entries if one.kind == "answer"}
    lines = []
    for one in view.entries:
        if one.kind == "query":
            day = figures.near(one.due_on, seen.on, lang) if one.due_on else ""
            item = item_name(one.after, scheme, lang)
            lines.append(say(lang, "appraisal.asked", item=item, text=one.text, day=day))
            if one.turn in answers:
                lines.append(say(lang, "appraisal.answered", text=answers[one.turn].text))
        elif _is_comment(one):
            side = "risk" if one.kind == "risk_confirmed" else "superior"
            name = say(lang, f"appraisal.kind_{side}")
            lines.append(say(lang, "appraisal.comment", name=name, text=one.text))
    return lines


def _is_comment(one: Entry) -> bool:
    return one.kind in ("comment", "superior_confirmed", "risk_confirmed") and bool(one.text)


def _appeal(one: AppealRecord, scheme: Scheme, seen: Seen) -> str:
    item = item_name(one.item, scheme, seen.lang)
    if one.state == "open":
        day = figures.near(one.due_on, seen.on, seen.lang)
        return say(seen.lang, "appraisal.appeal_open", item=item, claim=one.claim, day=day)
    return say(seen.lang, f"appraisal.appeal_{one.state}", item=item, reason=one.reason)


def _peers(view: AppraisalView, scheme: Scheme, lang: str) -> list[Node]:
    score = view.result.score if view.result else None
    if score is None or view.record.state not in ("published", "appeal", "locked"):
        return []
    place = quarter_of_peers(score, view.peers, scheme.cycle.peers)
    if place is None:
        return []
    return [Note(say(lang, "appraisal.peers", n=len(view.peers), quarter=place))]


def _presses(view: AppraisalView, lang: str) -> list[Node]:
    """What the manager it is about can press."""
    if view.parts != {"manager"}:
        return []
    period, state = view.record.period, view.record.state
    buttons = [_see(view, lang)]
    if state == "confirmed" and not any(one.kind == "acknowledged" for one in view.entries):
        buttons.append(Button("course_ack", say(lang, "appraisal.acknowledge"), period))
    if state in ("prelim", "confirmed"):
        buttons.append(Button("course_query", say(lang, "appraisal.query"), period))
    if state in ("published", "appeal"):
        buttons.append(Button("course_appeal", say(lang, "appraisal.appeal"), period))
    return [Actions(tuple(buttons))]


def _see(view: AppraisalView, lang: str) -> Button:
    about = f"{view.record.period}|{view.record.manager_id}"
    return Button("course", say(lang, "appraisal.see"), about)


def _points(value: Decimal | None) -> str:
    return "–" if value is None else figures.number(value, 2)


def _joined(words: Sequence[str], lang: str) -> str:
    return say(lang, "answer.comma").join(words)


def facts(view: AppraisalView) -> Mapping[str, object]:
    """An appraisal as --json gives it."""
    record = view.record
    return {
        "period": record.period,
        "manager": record.manager_id,
        "kind": record.kind,
        "state": record.state,
        "entered_on": record.entered_on.isoformat(),
        "due_on": record.due_on.isoformat() if record.due_on else None,
        "run_id": record.run_id if view.result else None,
        "result": view.result.to_json() if view.result else None,
        "result_hash": record.result_hash if view.result else None,
        "may": list(view.may),
        "late": list(view.late),
        "steps": [
            {
                "from": one.from_state,
                "to": one.to_state,
                "action": one.action,
                "actor": one.actor_id,
                "at": one.at.isoformat(),
                "reason": one.reason,
                "payload_hash": one.payload_hash,
            }
            for one in view.steps
        ],
        "said": [_entry_facts(one) for one in view.entries],
        "appeals": [appeal_facts(one) for one in view.appeals],
        "follows": [
            {
                "kind": one.kind,
                "state": one.state,
                "owner": one.owner_id,
                "due_on": one.due_on.isoformat() if one.due_on else None,
                **one.facts,
            }
            for one in view.follows
        ],
    }


def appeal_facts(one: AppealRecord) -> Mapping[str, object]:
    """An appeal as --json gives it."""
    return {
        "id": one.id,
        "manager": one.manager_id,
        "period": one.period,
        "item": one.item,
        "claim": one.claim,
        "evidence": one.evidence,
        "state": one.state,
        "due_on": one.due_on.isoformat(),
        "handler": one.handler_id,
        "reason": one.reason,
        "points": float(one.points),
    }


def _entry_facts(one: Entry) -> Mapping[str, object]:
    return {
        "turn": one.turn,
        "kind": one.kind,
        "actor": one.actor_id,
        "on": one.on.isoformat(),
        "text": one.text,
        "points": float(one.points),
        "before": one.before,
        "after": one.after,
        "due_on": one.due_on.isoformat() if one.due_on else None,
    }
