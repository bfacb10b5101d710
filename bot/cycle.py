"""The appraisal's course at the desk: every step that people take, and what they then hear.

Each deed is one transaction with the messages it owes. Of two at the same moment one is written;
the other looks again, and finds it done or refused. `actor` is always the person of a verified
envelope or of `--as`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bank.audit import Deed
from bank.calendar import load_calendar
from bank.cycle.inputs import result_of
from bank.cycle.moves import Doing, House, move
from bank.cycle.panel import draw_panel
from bank.cycle.records import (
    AppraisalRecord,
    Entry,
    appraisals,
    entries,
    find_appraisal,
    newest,
    open_appraisals,
    open_queries,
    steps,
)
from bank.cycle.waiting import Waiting, waiting_for
from bank.database import Database, Transaction
from bank.outbox import OutboxRow, put
from bank.people import Person, find_staff, people, units_below
from bank.ratings import RatingEntry, record_rating
from bot.access import NotYoursError, appraisal_of, parts_in, permit
from bot.appraisal_views import AppraisalView, view
from bot.consequences import follow_published
from bot.errors import Refusal
from bot.text import visible
from bot.wording import say
from jobs.cycle import announce, tells
from scoring.cycle import NotAllowedError, Part, Standing, decide
from scoring.periods import Period
from scoring.scheme import Scheme
from scoring.versions import PRODUCTS_OWN, Schemes

LONGEST = 1000
TOP_RATING = 100
UNDER_WAY = ("prelim", "confirmed", "rating", "calibration", "approved", "published", "appeal")
"""States in which a manager has something to see."""
TRIES = 5
"""How often a deed looks again when others act at the same moment."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a deed did to many: whom it moved, and whom it could not, with the reason's code."""

    moved: tuple[AppraisalRecord, ...]
    refused: tuple[tuple[AppraisalRecord, str], ...]


class Appraisals:
    """What people do with appraisals."""

    def __init__(self, database: Database, zone: ZoneInfo, schemes: Schemes = PRODUCTS_OWN) -> None:
        """By the bank's dates, each period under its scheme."""
        self.database = database
        self.schemes = schemes
        self._zone = zone

    def day(self, now: datetime) -> date:
        """The bank's date at a moment."""
        return now.astimezone(self._zone).date()

    def scheme(self, period: str) -> Scheme:
        """The scheme of a period."""
        return self.schemes.of_period(Period.parse(period))

    def open(self, actor: Person, period: str, now: datetime, unit: str = "") -> int:
        """Begin a period's appraisals, of a unit and all below it or of the whole bank; how many.

        Those begun before stay as they are. Raises NotYoursError.
        """
        on = self.day(now)
        permit(actor, "open_appraisals", on)
        wanted = Period.parse(period)
        with self.database.write() as tx:
            units = units_below(tx, unit) if unit else None
            managers = [
                one.id
                for one in people(tx, max(on, wanted.first) if on <= wanted.last else wanted.last)
                if one.role == "manager" and (units is None or one.unit_id in units)
            ]
            deed = Deed(actor.id, "open", on, now)
            return len(open_appraisals(tx, wanted.id, managers, self.scheme(wanted.id).id, deed))

    def act(
        self, actor: Person, period: str, manager_id: str, action: str, *, now: datetime,
        reason: str = "",
    ) -> AppraisalView:  # fmt: skip
        """A step that needs no more than doing it. Raises NotYoursError, or Refusal."""
        return self._do(actor, period, manager_id, action, now, reason=self._words(reason))

    def act_on_all(
        self, actor: Person, period: str, action: str, now: datetime, reason: str = ""
    ) -> Done:
        """The same step for every appraisal of a period that the actor may take it for."""
        on = self.day(now)
        permit(actor, "appraisal", on)
        deed = Deed(actor.id, action, on, now)
        with self.database.write() as tx:
            parts = {
                one.id: (one, parts_in(tx, actor, find_staff(tx, one.manager_id), on))
                for one in appraisals(tx, period=Period.parse(period).id)
            }
            theirs = [one for one, held in parts.values() if held]
            doing = Doing(deed, {key: held for key, (_, held) in parts.items()}, visible(reason))
            found = move(tx, theirs, doing, self._house(tx, period))
            self._tell(tx, found.moved, deed)
        refused = tuple((one, error.code) for one, error in found.refused if error.code != "state")
        if not found.moved and not refused:
            raise Refusal("appraisal.nothing", period=period)
        if all(code == "part" for _, code in refused) and refused and not found.moved:
            raise NotYoursError(action)
        return Done(found.moved, refused)

    def report(
        self, actor: Person, period: str, manager_id: str, points: Decimal, *, reason: str,
        now: datetime,
    ) -> AppraisalView:  # fmt: skip
        """The risk department's report, or the clients' feedback that HR holds, in points."""
        words = self._needed(reason)
        kind = "risk" if actor.role == "risk" else "client"
        rules = self.scheme(period).cycle
        least, most = rules.risk_report if kind == "risk" else rules.client_report
        if not least <= points <= most or points != round(points, 2):
            raise Refusal("appraisal.points", least=least, most=most)

        def entry(_: AppraisalRecord, on: date) -> Entry:
            return Entry(kind, actor.id, now, on, words, points)

        return self._do(actor, period, manager_id, "report", now, said=entry)

    def note(
        self, actor: Person, period: str, manager_id: str, action: str, *, text: str, now: datetime
    ) -> AppraisalView:
        """Words of the superior's ("comment"), or a rater's reason not to rate ("abstain")."""
        words = self._needed(text)

        def entry(_: AppraisalRecord, on: date) -> Entry:
            return Entry(action, actor.id, now, on, words)

        return self._do(actor, period, manager_id, action, now, said=entry)

    def endorse(
        self, actor: Person, period: str, manager_id: str, *, text: str, now: datetime
    ) -> AppraisalView:
        """Confirm a preliminary result as superior or as the risk department.

        With the second of the two it is confirmed.
        """
        kind = "risk_confirmed" if actor.role == "risk" else "superior_confirmed"
        words = self._words(text)

        def entry(record: AppraisalRecord, on: date) -> Entry | None:
            held = newest(self._said(record.id), kind)
            return None if held else Entry(kind, actor.id, now, on, words)

        return self._do(actor, period, manager_id, "endorse", now, said=entry, then="confirm")

    def acknowledge(self, actor: Person, period: str, now: datetime) -> AppraisalView:
        """The manager has seen their confirmed result."""

        def entry(record: AppraisalRecord, on: date) -> Entry | None:
            held = newest(self._said(record.id), "acknowledged")
            return None if held else Entry("acknowledged", actor.id, now, on)

        return self._do(actor, period, actor.id, "acknowledge", now, said=entry)

    def query(
        self, actor: Person, period: str, item: str, *, text: str, now: datetime
    ) -> AppraisalView:
        """The manager asks about a figure of theirs; answered within so many business days."""
        words = self._needed(text)
        days = self.scheme(period).cycle.windows.query

        def entry(record: AppraisalRecord, on: date) -> Entry | None:
            asked = open_queries(self._said(record.id))
            if any((one.after, one.text) == (item, words) for one in asked):
                return None
            with self.database.read() as tx:
                due = load_calendar(tx).add_business_days(on, days)
            return Entry("query", actor.id, now, on, words, after=item, due_on=due)

        return self._do(actor, period, actor.id, "query", now, said=entry, asks=True)

    def answer(
        self, actor: Person, period: str, manager_id: str, turn: int, *, text: str, now: datetime
    ) -> AppraisalView:
        """Answer a manager's query."""
        words = self._needed(text)

        def entry(record: AppraisalRecord, on: date) -> Entry:
            if turn not in {one.turn for one in open_queries(self._said(record.id))}:
                raise Refusal("appraisal.no_query")
            return Entry("answer", actor.id, now, on, words, refers=turn)

        return self._do(
            actor, period, manager_id, "answer", now, said=entry, news="answered", then="confirm"
        )

    def rate(
        self, actor: Person, period: str, manager_id: str, score: int, *, comment: str,
        now: datetime,
    ) -> AppraisalView:  # fmt: skip
        """A rating, given once or anew while it is rated.

        The superior's (or in their place a head's), the risk department's, or what the panel of
        clients came to, which HR writes down.
        """
        words, on = self._needed(comment), self.day(now)
        if not 0 <= score <= TOP_RATING:
            raise Refusal("rate.score")
        with self.database.write() as tx:
            record, parts = appraisal_of(tx, actor, Period.parse(period).id, manager_id, on)
            try:
                decide(record.kind, record.state, "rate", parts, Standing())
            except NotAllowedError as error:
                raise not_allowed(error, actor) from None
            said = entries(tx, [record.id]).get(record.id, ())
            if any((one.kind, one.actor_id) == ("abstain", actor.id) for one in said):
                name = find_staff(tx, manager_id).name
                raise Refusal("appraisal.abstained", name=name, period=record.period)
            kind = "risk" if "risk" in parts else "client" if "hr" in parts else "superior"
            rating = RatingEntry(manager_id, record.period, kind, actor.id, score, words)
            record_rating(tx, rating, on, now)
            return view(tx, actor, record, parts, on)

    def panel(
        self, actor: Person, period: str, manager_id: str, on: date
    ) -> tuple[tuple[str, str], ...]:
        """The clients, by id and name, that HR has asked about a manager. Raises NotYoursError."""
        permit(actor, "adjust_appraisals", on)
        size = self.scheme(period).cycle.raters.panel
        with self.database.read() as tx:
            appraisal_of(tx, actor, period, manager_id, on)
            return draw_panel(tx, manager_id, Period.parse(period), size)

    def calibrate(
        self, actor: Person, period: str, manager_id: str, grade: str, *, reason: str, now: datetime
    ) -> AppraisalView:
        """The committee moves a grade: before and after are kept, and why."""
        words = self._needed(reason)
        if grade not in {one.id for one in self.scheme(period).grades}:
            raise Refusal("appraisal.no_grade", grade=grade[:40])

        def entry(record: AppraisalRecord, on: date) -> Entry | None:
            result = result_of(record)
            before = result.grade if result else ""
            if result is None or before == "not_graded":
                raise Refusal("appraisal.not_graded")
            held = newest(self._said(record.id), "grade")
            same = (held.after, held.text, held.actor_id) if held else None
            if same == (grade, words, actor.id):
                return None
            return Entry("grade", actor.id, now, on, words, before=before, after=grade)

        return self._do(actor, period, manager_id, "calibrate", now, said=entry)

    def show(self, actor: Person, period: str, manager_id: str, on: date) -> AppraisalView:
        """One appraisal. Raises NotYoursError."""
        with self.database.read() as tx:
            record, parts = appraisal_of(tx, actor, period, manager_id, on)
            return view(tx, actor, record, parts, on)

    def list(self, actor: Person, period: str, on: date) -> tuple[AppraisalView, ...]:
        """A period's appraisals that the actor may see, by manager."""
        permit(actor, "appraisal", on)
        found = []
        with self.database.read() as tx:
            for one in appraisals(tx, period=Period.parse(period).id):
                parts = parts_in(tx, actor, find_staff(tx, one.manager_id), on)
                if parts - {"operator", "compliance"}:
                    found.append(view(tx, actor, one, parts, on))
        return tuple(found)

    def own(self, actor: Person, on: date) -> tuple[AppraisalView, ...]:
        """A manager's own appraisals that are under way, the oldest period first."""
        permit(actor, "appraisal", on)
        if actor.role != "manager":
            return ()
        with self.database.read() as tx:
            found = appraisals(tx, states=UNDER_WAY, managers=[actor.id])
            return tuple(view(tx, actor, one, frozenset({"manager"}), on) for one in found)

    def waiting(self, actor: Person, on: date) -> tuple[tuple[Waiting, Person], ...]:
        """What waits for the actor, and whose it is, the soonest due first."""
        permit(actor, "appraisal", on)
        with self.database.read() as tx:
            found = waiting_for(tx, actor.id, on)
            return tuple((one, find_staff(tx, one.record.manager_id)) for one in found)

    def _do(
        self, actor: Person, period: str, manager_id: str, action: str, now: datetime, *,
        reason: str = "", said: Callable[[AppraisalRecord, date], Entry | None] | None = None,
        then: str = "", news: str = "", asks: bool = False,
    ) -> AppraisalView:  # fmt: skip
        """Do something to one appraisal; what is done already by the same person stays done."""
        on = self.day(now)
        deed = Deed(actor.id, action, on, now)
        for _ in range(TRIES):
            with self.database.read() as tx:
                record, parts = appraisal_of(tx, actor, period, manager_id, on)
                if _done_before(tx, record, deed):
                    return view(tx, actor, record, parts, on)
            entry = said(record, on) if said else None
            if said and entry is None:
                return self._after(actor, record, parts, then, deed)
            with self.database.write() as tx:
                told = {record.id: entry} if entry else None
                doing = Doing(deed, {record.id: parts}, reason, told)
                outcome = move(tx, [record], doing, self._house(tx, period))
                if outcome.refused:
                    raise not_allowed(outcome.refused[0][1], actor)
                if outcome.moved:
                    moved = outcome.moved[0]
                    self._tell(tx, outcome.moved, deed, news=news, asks=asks)
                    if not then:
                        return view(tx, actor, moved, parts, on)
            if outcome.moved:
                return self._after(actor, moved, parts, then, deed)
        raise Refusal("appraisal.busy")

    def _after(
        self, actor: Person, record: AppraisalRecord, parts: frozenset[Part], then: str, deed: Deed
    ) -> AppraisalView:
        """Take the step that a deed may have made possible; where it has not, nothing happens."""
        with self.database.write() as tx:
            held = find_appraisal(tx, record.id) or record
            if then:
                onward = Deed(deed.actor_id, then, deed.on, deed.at)
                doing = Doing(onward, {held.id: parts})
                found = move(tx, [held], doing, self._house(tx, held.period))
                self._tell(tx, found.moved, onward)
                held = found.moved[0] if found.moved else held
            return view(tx, actor, held, parts, deed.on)

    def _tell(
        self, tx: Transaction, moved: Sequence[AppraisalRecord], deed: Deed, *, news: str = "",
        asks: bool = False,
    ) -> None:  # fmt: skip
        """Owe the messages of what was moved, and what follows from what was published."""
        rows: list[OutboxRow] = []
        if news:
            rows += [tells(one, news, deed.at, str(one.turn)) for one in moved]
        came = [one for one in moved if one.entered_at == deed.at]
        rows += announce(tx, moved if asks else came, deed.on, deed.at)
        put(tx, rows)
        for one in came:
            if one.state == "published":
                follow_published(tx, one, self._house(tx, one.period), deed)

    def _house(self, tx: Transaction, period: str) -> House:
        return House(self.scheme(period), load_calendar(tx))

    def _said(self, appraisal: str) -> tuple[Entry, ...]:
        with self.database.read() as tx:
            return entries(tx, [appraisal]).get(appraisal, ())

    def _words(self, text: str) -> str:
        words = visible(text).strip()
        if len(words) > LONGEST:
            raise Refusal("appraisal.long", limit=LONGEST)
        return words

    def _needed(self, text: str) -> str:
        words = self._words(text)
        if not words:
            raise Refusal("appraisal.reason_missing")
        return words


def _done_before(tx: Transaction, record: AppraisalRecord, deed: Deed) -> bool:
    """Whether the very step was taken by the same person: a second press is no second deed."""
    taken = steps(tx, record.id)
    return bool(taken) and (taken[-1].action, taken[-1].actor_id) == (deed.name, deed.actor_id)


def not_allowed(error: NotAllowedError, actor: Person) -> Exception:
    """What to raise for a deed that may not be done: not theirs, or why not now."""
    if error.code == "part":
        return NotYoursError(actor.id)
    if error.code == "state":
        state = say(actor.lang, f"appraisal.state_{error.state}")
        return Refusal("appraisal.wrong_state", state=state)
    return Refusal(f"appraisal.needs_{error.code}")
