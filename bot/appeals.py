"""Appeals at the desk, and what later facts change: decided by others, never behind anybody."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bank.audit import Deed
from bank.calendar import load_calendar
from bank.cycle.adjustments import (
    Adjustment,
    adjustments,
    changed_since,
    open_period,
    post,
    recomputed_hash,
)
from bank.cycle.appeals import (
    AppealRecord,
    appeal_id,
    appeals,
    decide_appeal,
    find_appeal,
    raise_appeal,
)
from bank.cycle.consequences import Follow, close_follow, consequences
from bank.cycle.inputs import pinned, result_of
from bank.cycle.moves import Doing, House, move
from bank.cycle.records import AppraisalRecord, appraisal_id, appraisals, hold_appraisal
from bank.cycle.standing import part_takers
from bank.cycle.waiting import handler_for
from bank.database import Database, Transaction
from bank.outbox import put
from bank.people import Person, find_staff
from bank.volumes import volumes
from bot.access import NotYoursError, appraisal_of, permit
from bot.appraisal_views import AppraisalView, view
from bot.consequences import coefficient, follow_published
from bot.cycle import LONGEST, not_allowed
from bot.errors import Refusal
from bot.text import visible
from jobs.cycle import announce, tells
from scoring.cycle import NotAllowedError, Part, Standing, decide
from scoring.grades import NOT_GRADED
from scoring.pay import Estimate, estimate
from scoring.periods import Period
from scoring.scheme import Scheme
from scoring.versions import PRODUCTS_OWN, Schemes

OTHER_ITEMS = ("grade", "ratings", "risk", "client")
"""What can be objected to besides indicators and incidents."""
MOST = Decimal(20)
"""Points that an upheld appeal may add at most: more is a matter for the records."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What a manager objects to: an item, what they say, and what they point to."""

    item: str
    claim: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided on an appeal, and why; points only where it is upheld."""

    upheld: bool
    reason: str
    points: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Checked:
    """A locked appraisal, and whether its figures still come out as they were saved."""

    record: AppraisalRecord
    manager: Person
    holds: bool


class Appeals:
    """What becomes of published results."""

    def __init__(self, database: Database, zone: ZoneInfo, schemes: Schemes = PRODUCTS_OWN) -> None:
        """By the bank's dates, each period under its scheme."""
        self._database = database
        self._zone = zone
        self._schemes = schemes

    def object(
        self, actor: Person, period: str, objection: Objection, now: datetime
    ) -> AppraisalView:
        """A manager appeals against an item of their published result, once an item.

        It goes to somebody who had no part in the result. Raises NotYoursError, or Refusal.
        """
        on = self._day(now)
        claim, evidence = _words(objection.claim), _words(objection.evidence)
        if not claim:
            raise Refusal("appraisal.claim_missing")
        deed = Deed(actor.id, "appeal", on, now)
        with self._database.write() as tx:
            record, parts = appraisal_of(tx, actor, Period.parse(period).id, actor.id, on)
            item = objection.item.strip()
            earlier = appeals(tx, managers=[actor.id], period=record.period)
            if any(one.item == item for one in earlier):
                return view(tx, actor, record, parts, on)
            _check_item(tx, record, item)
            handler = handler_for(tx, part_takers(tx, record), actor, on)
            if handler is None:
                raise Refusal("appraisal.no_handler")
            record = hold_appraisal(tx, record.id) or record
            house = self._house(tx, record.period)
            outcome = move(tx, [record], Doing(deed, {record.id: parts}), house)
            if outcome.refused:
                raise not_allowed(outcome.refused[0][1], actor)
            days = house.scheme.cycle.windows.decision
            due = load_calendar(tx).add_business_days(on, days)
            raised = AppealRecord(
                appeal_id(actor.id, record.period, item),
                *(actor.id, record.period, item, claim, "open", on, due, handler.id),
                evidence=evidence,
            )
            raise_appeal(tx, raised, deed)
            put(tx, announce(tx, outcome.moved, on, now))
            return view(tx, actor, outcome.moved[0], parts, on)

    def decide(self, actor: Person, appeal: str, ruling: Ruling, now: datetime) -> AppraisalView:
        """Uphold or reject; the result is made again from the newest figures.

        Raises NotYoursError, or Refusal: nobody decides who rated or confirmed, or who is too
        late.
        """
        on = self._day(now)
        reason = _words(ruling.reason)
        if not reason:
            raise Refusal("appraisal.reason_missing")
        if abs(ruling.points) > MOST or (ruling.points and not ruling.upheld):
            raise Refusal("appraisal.points", least=-MOST, most=MOST)
        state = "upheld" if ruling.upheld else "rejected"
        deed = Deed(actor.id, "decide", on, now)
        with self._database.write() as tx:
            before = find_appeal(tx, appeal)
            if before is None:
                raise NotYoursError(appeal)
            record, parts = appraisal_of(tx, actor, before.period, before.manager_id, on)
            if before.state != "open":
                if (before.handler_id, before.state) == (actor.id, state):
                    return view(tx, actor, record, parts, on)
                raise Refusal("appraisal.decided_first")
            record = hold_appraisal(tx, record.id) or record
            _check_handler(tx, record, parts, actor)
            after = replace(
                before,
                state=state,
                handler_id=actor.id,
                decided_on=on,
                reason=reason,
                points=ruling.points,
            )
            decide_appeal(tx, before, after, deed)
            house = self._house(tx, record.period)
            outcome = move(tx, [record], Doing(deed, {record.id: parts}), house)
            if outcome.refused:
                raise not_allowed(outcome.refused[0][1], actor)
            moved = outcome.moved[0]
            put(tx, [tells(moved, "decided", now, appeal)])
            if (moved.result or {}).get("grade") != (record.result or {}).get("grade"):
                follow_published(tx, moved, house, deed)
            return view(tx, actor, moved, parts, on)

    def items(self, record: AppraisalRecord) -> tuple[str, ...]:
        """What can be objected to in an appraisal."""
        with self._database.read() as tx:
            return items_of(tx, record)

    def handler(self, appeal: AppealRecord) -> str:
        """The name of whoever decides on an appeal."""
        with self._database.read() as tx:
            return find_staff(tx, appeal.handler_id).name if appeal.handler_id else ""

    def adjust(
        self, actor: Person, period: str, reason: str, now: datetime
    ) -> tuple[Adjustment, ...]:
        """Post what later facts change about a period's locked results; those that are new.

        Raises NotYoursError, or Refusal where somebody has no open period to post it to.
        """
        on = self._day(now)
        permit(actor, "adjust_appraisals", on)
        words = _words(reason)
        if not words:
            raise Refusal("appraisal.reason_missing")
        deed = Deed(actor.id, "adjust", on, now)
        found = []
        with self._database.write() as tx:
            for one in appraisals(tx, period=Period.parse(period).id, states=["locked"]):
                changed = changed_since(tx, one, self._scheme(period), on)
                if changed is None:
                    continue
                if not open_period(tx, one):
                    name = find_staff(tx, one.manager_id).name
                    raise Refusal("appraisal.no_open_period", name=name)
                if posted := post(tx, one, changed, words, deed):
                    found.append(posted)
        return tuple(found)

    def adjustments(self, actor: Person, period: str, on: date) -> tuple[Adjustment, ...]:
        """The adjustments of a locked period that the actor may see: their own, or for HR all."""
        permit(actor, "appraisal", on)
        mine = None if actor.role == "hr" else [actor.id]
        with self._database.read() as tx:
            return adjustments(tx, period=Period.parse(period).id, managers=mine)

    def check(self, actor: Person, period: str, on: date) -> tuple[Checked, ...]:
        """Make a period's locked results again, and hold them against what was saved."""
        permit(actor, "adjust_appraisals", on)
        with self._database.read() as tx:
            return tuple(
                Checked(
                    one,
                    find_staff(tx, one.manager_id),
                    recomputed_hash(tx, one, self._scheme(period)) == one.result_hash,
                )
                for one in appraisals(tx, period=Period.parse(period).id, states=["locked"])
            )

    def confirm(
        self, actor: Person, period: str, manager_id: str, kind: str, now: datetime
    ) -> Follow:
        """HR confirms something that follows from a grade, such as a place in the pool."""
        on = self._day(now)
        permit(actor, "adjust_appraisals", on)
        wanted = appraisal_id(Period.parse(period).id, manager_id)
        with self._database.write() as tx:
            found = consequences(tx, managers=[manager_id], kinds=[kind])
            mine = next((one for one in found if one.appraisal_id == wanted), None)
            if mine is None:
                raise NotYoursError(manager_id)
            close_follow(tx, mine, "done", Deed(actor.id, "confirm_consequence", on, now))
            return replace(mine, state="done", decided_by=actor.id, decided_on=on)

    def has_pay(self, seen: AppraisalView) -> bool:
        """Whether a pay estimate belongs to what somebody sees: their own, published, graded."""
        published = seen.record.state in ("published", "appeal", "locked")
        graded = seen.result is not None and seen.result.grade != NOT_GRADED
        return seen.parts == {"manager"} and published and graded

    def pay(self, actor: Person, period: str, manager_id: str, on: date) -> Estimate:
        """What a published result might come to in pay, for the manager and HR; never payroll.

        Raises NotYoursError, or Refusal where nothing is published.
        """
        with self._database.read() as tx:
            record, parts = appraisal_of(tx, actor, Period.parse(period).id, manager_id, on)
            if not parts & {"manager", "hr"}:
                raise NotYoursError(manager_id)
            result = result_of(record)
            if record.state not in ("published", "appeal", "locked") or result is None:
                raise Refusal("appraisal.unpublished")
            if result.grade == NOT_GRADED:
                raise Refusal("appraisal.not_graded")
            pin = pinned(tx, record.run_id or "", [manager_id])[manager_id]
            scheme = self._scheme(period)
            times = Decimal(coefficient(scheme, result.grade, result.veto))
            brought = volumes(tx, pin.card, scheme)
            return estimate(scheme.pay, brought, result.grade, times)

    def _day(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()

    def _scheme(self, period: str) -> Scheme:
        return self._schemes.of_period(Period.parse(period))

    def _house(self, tx: Transaction, period: str) -> House:
        return House(self._scheme(period), load_calendar(tx))


def items_of(tx: Transaction, record: AppraisalRecord) -> tuple[str, ...]:
    """What somebody may object to: the indicators and incidents of their scorecard, and the rest.

    An incident is appealed to the risk department first; here it is the figure that is.
    """
    card = pinned(tx, record.run_id or "", [record.manager_id]).get(record.manager_id)
    if card is None:
        return OTHER_ITEMS
    scored = [one.id for one in card.card.indicators() if one.weight]
    incidents = [str(one["id"]) for one in card.card.veto.incidents] if card.card.veto else []
    return (*scored, *incidents, *OTHER_ITEMS)


def _check_item(tx: Transaction, record: AppraisalRecord, item: str) -> None:
    if item not in items_of(tx, record):
        raise Refusal("appraisal.no_item", item=item[:40])


def _check_handler(
    tx: Transaction, record: AppraisalRecord, parts: frozenset[Part], actor: Person
) -> None:
    """Refuse who may not decide, before anything is written."""
    standing = Standing(rater=actor.id in part_takers(tx, record))
    try:
        decide(record.kind, record.state, "decide", parts, standing)
    except NotAllowedError as error:
        raise not_allowed(error, actor) from None


def _words(text: str) -> str:
    words = visible(text).strip()
    if len(words) > LONGEST:
        raise Refusal("appraisal.long", limit=LONGEST)
    return words
