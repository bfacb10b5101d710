"""The appraisal's course in Slack: what its buttons open, what its forms do.

Every deed goes to the desks, which ask who may; nothing of an appraisal is said in a channel.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from bank.people import Person
from bot.access import NotYoursError
from bot.appeals import Appeals, Objection, Ruling
from bot.appraisal_views import AppraisalView
from bot.cycle import TOP_RATING, Appraisals
from bot.replies import course, course_forms
from bot.replies.tickets import Seen
from bot.replies.tree import Dialog, Note
from bot.slack.experts import Deed
from bot.slack.presses import Room
from bot.wording import say
from scoring.scheme import Scheme

Pressed = Mapping[str, Any]
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CourseRooms:
    """The deeds of appraisals."""

    appraisals: Appraisals
    appeals: Appeals
    zone: ZoneInfo

    def rooms(self) -> Mapping[str, Room]:
        """By the deed of their buttons and forms."""
        return {
            "course": Deed(self._see),
            "course_todo": Deed(self._todo),
            "course_ack": Deed(self._acknowledge),
            "course_publish": Deed(self._publish),
            "course_query": Deed(self._ask, self._asked, _needs("text")),
            "course_appeal": Deed(self._object, self._objected, _needs("claim")),
            "course_report": Deed(self._report, self._reported, self._check_report),
            "course_confirm": Deed(self._todo, self._confirmed),
            "course_rate": Deed(self._todo, self._rated, _check_rating),
            "course_answer": Deed(self._todo, self._answered, _needs("text")),
            "course_decide": Deed(self._todo, self._decided, _check_ruling),
        }

    def _see(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        period, _, manager = pressed["value"].partition("|")
        seen = self._seen(person, now)
        view = self.appraisals.show(person, period, manager, seen.on)
        scheme = self.appraisals.scheme(period)
        shown = course_forms.dialog(view, scheme, seen)
        if not scheme.pay.in_slack or not self.appeals.has_pay(view):
            return shown
        line = course.pay(self.appeals.pay(person, period, manager, seen.on), person.lang)
        return replace(shown, nodes=(*shown.nodes, Note(line)))

    def _todo(self, person: Person, pressed: Pressed, now: datetime) -> Dialog | str:
        """The form for what waits at a stage; nothing waits any more where it is done."""
        stage, _, period = pressed["value"].partition("|")
        seen = self._seen(person, now)
        found = [
            (one, manager)
            for one, manager in self.appraisals.waiting(person, seen.on)
            if (one.stage, one.record.period) == (stage, period)
        ]
        if not found:
            return say(person.lang, "press.not_open")
        people = tuple({manager.id: manager for _, manager in found}.values())
        if stage == "rate":
            return self._kept(course_forms.rate_form(period, people, person.lang), pressed)
        if stage in ("calibrate", "publish"):
            (waits,) = course_forms.todos(found)
            return course_forms.reading(waits, person.role, seen)
        scheme = self.appraisals.scheme(period)
        views = [self.appraisals.show(person, period, one.id, seen.on) for one in people]
        if stage == "confirm":
            form = course_forms.confirm_form(period, views, scheme, seen)
        elif stage == "decide":
            form = course_forms.decide_form(period, views, scheme, seen)
        else:
            by_manager = {view.manager.id: view for view in views}
            asked = [(by_manager[manager.id], int(one.about)) for one, manager in found]
            form = course_forms.answer_form(period, asked, scheme, person.lang)
        return self._kept(form, pressed)

    def _acknowledge(self, person: Person, pressed: Pressed, now: datetime) -> str:
        self.appraisals.acknowledge(person, pressed["value"], now)
        return say(person.lang, "appraisal.acknowledged", period=pressed["value"])

    def _publish(self, person: Person, pressed: Pressed, now: datetime) -> str:
        done = self.appraisals.act_on_all(person, pressed["value"], "publish", now)
        return say(person.lang, "appraisal.published", n=len(done.moved))

    def _ask(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        view, items, scheme = self._own(person, pressed, now)
        return self._kept(course_forms.query_form(view, items, scheme, person.lang), pressed)

    def _asked(self, person: Person, form: Pressed, now: datetime) -> str:
        values, period = form["values"], _period(form)
        view = self.appraisals.query(person, period, values["item"], text=values["text"], now=now)
        asked = next(one for one in reversed(view.entries) if one.kind == "query")
        return self._until(person, "appraisal.query_sent", (period, asked.after), asked.due_on, now)

    def _object(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        view, items, scheme = self._own(person, pressed, now)
        return self._kept(course_forms.appeal_form(view, items, scheme, person.lang), pressed)

    def _objected(self, person: Person, form: Pressed, now: datetime) -> str:
        values = form["values"]
        objection = Objection(values["item"], values["claim"], values["evidence"])
        view = self.appeals.object(person, _period(form), objection, now)
        mine = next(one for one in view.appeals if one.item == values["item"])
        name = self.appeals.handler(mine)
        about = (mine.period, mine.item)
        return self._until(person, "appraisal.appeal_sent", about, mine.due_on, now, name=name)

    def _report(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        period = pressed["value"]
        on = self._seen(person, now).on
        views = self.appraisals.list(person, period, on)
        people = [one.manager for one in views if one.record.state == "prelim"]
        rules = self.appraisals.scheme(period).cycle
        limits = rules.risk_report if person.role == "risk" else rules.client_report
        if not people:
            raise NotYoursError(period)
        form = course_forms.report_form(period, people, limits, person.lang)
        return self._kept(form, pressed)

    def _reported(self, person: Person, form: Pressed, now: datetime) -> str:
        values = form["values"]
        points = _number(values["points"]) or Decimal(0)
        view = self.appraisals.report(
            person, _period(form), values["who"], points, reason=values["reason"], now=now
        )
        return say(person.lang, "appraisal.reported", name=view.manager.name, points=points)

    def _confirmed(self, person: Person, form: Pressed, now: datetime) -> str:
        values, period = form["values"], _period(form)
        on = self._seen(person, now).on
        chosen = [values["who"]]
        if values["who"] == course_forms.ALL:
            chosen = [
                one.record.manager_id
                for one, _ in self.appraisals.waiting(person, on)
                if (one.stage, one.record.period) == ("confirm", period)
            ]
        for manager in chosen:
            self.appraisals.endorse(person, period, manager, text=values["note"], now=now)
        return say(person.lang, "appraisal.confirmed", n=len(chosen))

    def _rated(self, person: Person, form: Pressed, now: datetime) -> str:
        values, period, lang = form["values"], _period(form), person.lang
        if values["how"] == "no":
            view = self.appraisals.note(
                person, period, values["who"], "abstain", text=values["reason"], now=now
            )
            return say(lang, "appraisal.aside", name=view.manager.name, period=period)
        score = int(values["score"])
        view = self.appraisals.rate(
            person, period, values["who"], score, comment=values["reason"], now=now
        )
        return say(lang, "appraisal.rated", name=view.manager.name, period=period, score=score)

    def _answered(self, person: Person, form: Pressed, now: datetime) -> str:
        values = form["values"]
        manager, _, turn = values["which"].partition("|")
        view = self.appraisals.answer(
            person, _period(form), manager, int(turn), text=values["text"], now=now
        )
        return say(person.lang, "appraisal.answer_sent", name=view.manager.name)

    def _decided(self, person: Person, form: Pressed, now: datetime) -> str:
        values = form["values"]
        points = _number(values["points"] or "0") or Decimal(0)
        ruling = Ruling(values["how"] == "upheld", values["reason"], points)
        view = self.appeals.decide(person, values["which"], ruling, now)
        return say(person.lang, "appraisal.decided", name=view.manager.name)

    def _own(
        self, person: Person, pressed: Pressed, now: datetime
    ) -> tuple[AppraisalView, tuple[str, ...], Scheme]:
        on = self._seen(person, now).on
        view = self.appraisals.show(person, pressed["value"], person.id, on)
        period = view.record.period
        return view, self.appeals.items(view.record), self.appraisals.scheme(period)

    def _until(
        self,
        person: Person,
        key: str,
        about: tuple[str, str],
        due: date | None,
        now: datetime,
        **more: str,
    ) -> str:
        """What was taken in about an item of a period, and until when it is answered."""
        period, item = about
        day = course.day(due, self._seen(person, now))
        named = course.item_name(item, self.appraisals.scheme(period), person.lang)
        return say(person.lang, key, item=named, day=day, **more)

    def _check_report(self, values: Values, lang: str) -> dict[str, str]:
        points = _number(values["points"])
        rules = [scheme.cycle for scheme in self.appraisals.schemes.all()]
        least = min(one for each in rules for one in (*each.risk_report, *each.client_report))
        most = max(one for each in rules for one in (*each.risk_report, *each.client_report))
        if points is None or not least <= points <= most:
            return {"points": say(lang, "appraisal.points", least=least, most=most)}
        return _needs("reason")(values, lang)

    def _kept(self, form: Dialog, pressed: Pressed) -> Dialog:
        """A form that answers where its button was pressed."""
        url = pressed.get("response_url") or ""
        return replace(form, keeps={**form.keeps, "response_url": url})

    def _seen(self, person: Person, now: datetime) -> Seen:
        return Seen(person.lang, now.astimezone(self.zone).date(), self.zone)


def _period(form: Pressed) -> str:
    return str(json.loads(form["keeps"])["period"])


def _number(text: str) -> Decimal | None:
    """A number with at most two decimals, as typed; None for anything else."""
    try:
        value = Decimal(text.strip().replace("−", "-").replace("，", ","))
    except InvalidOperation:
        return None
    return value if value.is_finite() and value == round(value, 2) else None


def _needs(*names: str) -> Callable[[Values, str], dict[str, str]]:
    """The complaint about fields left without words."""

    def complain(values: Values, lang: str) -> dict[str, str]:
        empty = [name for name in names if not values.get(name, "").strip()]
        return {name: say(lang, "appraisal.reason_missing") for name in empty}

    return complain


def _check_rating(values: Values, lang: str) -> dict[str, str]:
    wrong = _needs("reason")(values, lang)
    score = values.get("score", "").strip()
    fits = score.isascii() and score.isdigit() and int(score) <= TOP_RATING
    if values["how"] == "yes" and not fits:
        wrong["score"] = say(lang, "rate.score")
    return dict(wrong)


def _check_ruling(values: Values, lang: str) -> dict[str, str]:
    wrong = _needs("reason")(values, lang)
    points = values.get("points", "").strip()
    if points and _number(points) is None:
        wrong["points"] = say(lang, "appraisal.points", least=-20, most=20)
    return dict(wrong)
