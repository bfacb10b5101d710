"""Targets at the desk: proposed by one side, signed by the other, amended only by both.

Between the two stands the cascade: whoever makes more be given out than there is must say why, and
HR must allow it. Every deed is one transaction with the messages it owes.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bank.audit import Deed
from bank.cascade import holder_of, lock_units, unit_ids
from bank.database import Database, Transaction
from bank.errors import CalendarError
from bank.outbox import OutboxRow, put
from bank.people import Person, holders, team_of, units_below
from bank.targets import (
    Holder,
    ProposalRecord,
    Side,
    SignedTarget,
    Terms,
    allow,
    decline,
    find_open,
    find_proposal,
    open_proposals,
    propose,
    sign,
    signatures,
    targets,
)
from bot.access import DEEDS, NotYoursError, permit, signers, target_sides
from bot.errors import Refusal
from bot.target_messages import asks_to_allow, asks_to_sign, tells
from bot.target_terms import check_given, hold, read_amount
from bot.target_views import TargetView, target_view, year_shape
from bot.text import visible
from scoring.indicators import Indicator
from scoring.milestones import monthly
from scoring.periods import Period
from scoring.scheme import Scheme
from scoring.versions import Schemes

LONGEST_REASON: Final = 1000
MOST_WAITING: Final = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody proposes: whose target of which year, how much as typed, and why.

    `over` says why more may be given out than there is; empty where that is not meant.
    """

    holder: str
    indicator: str
    amount: str
    year: int
    reason: str = ""
    over: str = ""


class Targets:
    """What people do with targets. `actor` is the person of an envelope or of `--as`."""

    def __init__(self, database: Database, zone: ZoneInfo, schemes: Schemes) -> None:
        """By the bank's dates and schemes."""
        self._database = database
        self._zone = zone
        self._schemes = schemes

    def propose(
        self, actor: Person, wanted: Wanted, now: datetime, *, amend: bool = False
    ) -> TargetView:
        """Propose a first target, or with `amend` a new version of one that is signed.

        It takes the place of what still waits, whichever side proposed that; told again it is one.
        Raises NotYoursError, Refusal.
        """
        deed = self._deed(actor, "propose_target", now)
        scheme = self._scheme(wanted.year)
        indicator = _indicator(scheme, wanted.indicator)
        amount, reason = read_amount(wanted.amount, indicator.unit), _words(wanted.reason)
        with self._database.write() as tx:
            holder, sides = self._holder(tx, actor, wanted.holder, deed.name, deed.on)
            if not sides:
                raise NotYoursError(holder.id)
            if wanted.year < deed.on.year:
                raise Refusal("target.year_over", year=wanted.year)
            lock_units(tx, indicator.id, wanted.year)
            side: Side = "above" if "above" in sides else "below"
            signed = _in_force(tx, holder, indicator.id, wanted.year)
            if amend != (signed is not None):
                raise Refusal("target.nothing_signed" if amend else "target.signed_already")
            waiting = find_open(tx, holder, indicator.id, wanted.year)
            if (amend or _is_answer(tx, waiting, side)) and not reason:
                raise Refusal("target.reason_missing")
            terms = Terms(
                holder,
                indicator.id,
                wanted.year,
                signed.version + 1 if signed else 1,
                amount,
                _months(tx, scheme, indicator, amount, wanted.year),
                reason,
            )
            if not _is_told_again(waiting, terms, actor):
                record = hold(tx, terms, deed, _words(wanted.over))
                if not propose(tx, record, side, deed):
                    raise Refusal("target.overtaken")
                put(tx, self._asks(tx, record, side, now))
            return self._seen(tx, actor, terms, deed.on)

    def sign(self, actor: Person, proposal: str, now: datetime) -> TargetView:
        """Sign what the other side proposed. Raises NotYoursError, Refusal."""
        deed = self._deed(actor, "sign_target", now)
        with self._database.write() as tx:
            record, sides = self._proposal(tx, actor, proposal, deed.name, deed.on)
            terms, names = record.terms, signatures(tx, record.id)
            if record.state == "signed" and actor.id in {one.staff_id for one in names}:
                return self._seen(tx, actor, record.terms, deed.on)
            lock_units(tx, terms.indicator, terms.year)
            _check_open(record)
            if record.state == "held":
                raise Refusal("target.held")
            free: list[Side] = [one for one in sorted(sides) if one != names[0].side]
            if not free or actor.id == record.proposed_by:
                raise Refusal("target.own_proposal")
            check_given(tx, record, deed.on)
            if not sign(tx, record, free[0], deed):
                raise Refusal("target.overtaken")
            put(tx, [tells(record, record.proposed_by, "signed", now)])
            return self._seen(tx, actor, record.terms, deed.on)

    def decline(
        self, actor: Person, proposal: str, reason: str, now: datetime
    ) -> TargetView | None:
        """End a proposal, the other side's or one's own; what is then in force, if anything.

        Raises NotYoursError, Refusal.
        """
        deed = self._deed(actor, "decline_target", now)
        words = _words(reason)
        if not words:
            raise Refusal("target.reason_missing")
        with self._database.write() as tx:
            record, sides = self._proposal(tx, actor, proposal, deed.name, deed.on)
            if not sides and not (actor.role == "hr" and record.state == "held"):
                raise NotYoursError(proposal)
            if record.state != "declined" or record.ended_by != actor.id:
                _check_open(record)
                if not decline(tx, record, words, deed):
                    raise Refusal("target.overtaken")
                told = {record.proposed_by} - {actor.id}
                put(tx, [tells(record, whom, "declined", now) for whom in told])
            return self._shown(tx, actor, record.terms, deed.on)

    def allow(self, actor: Person, proposal: str, now: datetime) -> TargetView:
        """Let more be given out than there is; nobody allows what they proposed themselves.

        Raises NotYoursError, Refusal.
        """
        deed = self._deed(actor, "allow_target", now)
        with self._database.write() as tx:
            record, _ = self._proposal(tx, actor, proposal, deed.name, deed.on)
            if record.approved_by != actor.id:
                _check_open(record)
                if actor.id == record.proposed_by:
                    raise Refusal("target.own_over")
                if not allow(tx, record, deed):
                    raise Refusal("target.not_held")
                side = signatures(tx, record.id)[0].side
                put(tx, self._asks(tx, replace(record, state="proposed"), side, now))
            return self._seen(tx, actor, record.terms, deed.on)

    def show(self, actor: Person, holder: str, indicator: str, year: int, on: date) -> TargetView:
        """A holder's target of a year. Raises NotYoursError alike where there is none."""
        with self._database.read() as tx:
            found, sides = self._holder(tx, actor, holder, "targets", on)
            known = {one.id: one for one in self._scheme(year).indicators}
            if indicator not in known:
                raise NotYoursError(indicator)
            view = target_view(
                tx, found, known[indicator], year, scheme=self._scheme(year), sides=sides, on=on
            )
        if view is None:
            raise NotYoursError(indicator)
        return view

    def waiting(self, actor: Person, proposal: str, on: date) -> TargetView:
        """A proposal that still waits. Raises NotYoursError, Refusal."""
        with self._database.read() as tx:
            record, _ = self._proposal(tx, actor, proposal, "targets", on)
            _check_open(record)
            return self._seen(tx, actor, record.terms, on)

    def to_sign(self, actor: Person, on: date) -> tuple[TargetView, ...]:
        """What waits for the actor, this year and the next: to be signed, or allowed.

        No more than MOST_WAITING of them are looked at, the oldest first.
        """
        if actor.role not in DEEDS["targets"]:
            return ()
        with self._database.read() as tx:
            found = _may_wait_for(tx, actor, on)
            others = [one for one in found if one.proposed_by != actor.id][:MOST_WAITING]
            views = [self._seen(tx, actor, one.terms, on) for one in others]
        return tuple(view for view in views if _waits_for(view, actor))

    def overview(self, actor: Person, year: int, on: date, of: str = "") -> tuple[TargetView, ...]:
        """The targets of a year that the actor may see: their own, or of whom they lead.

        `of` is one holder. Raises NotYoursError.
        """
        permit(actor, "targets", on)
        scheme = self._scheme(year)
        known = {one.id: one for one in scheme.indicators}
        with self._database.read() as tx:
            if of:
                chosen = [self._holder(tx, actor, of, "targets", on)[0]]
            else:
                chosen = _theirs(tx, actor, on, year)
            found = {(one.holder, one.indicator) for one in targets(tx, year, chosen)}
            waiting = open_proposals(tx, year, chosen)
            found |= {(one.terms.holder, one.terms.indicator) for one in waiting}
            order = {holder: at for at, holder in enumerate(chosen)}
            views = [
                target_view(
                    tx,
                    holder,
                    known[name],
                    year,
                    scheme=scheme,
                    sides=target_sides(tx, actor, "targets", holder, on),
                    on=on,
                )
                for holder, name in sorted(found, key=lambda one: (order[one[0]], one[1]))
                if name in known
            ]
        return tuple(view for view in views if view)

    def _deed(self, actor: Person, name: str, now: datetime) -> Deed:
        on = now.astimezone(self._zone).date()
        permit(actor, name, on)
        return Deed(actor.id, name, on, now)

    def _scheme(self, year: int) -> Scheme:
        return self._schemes.of_period(Period.of_year(year))

    def _holder(
        self, tx: Transaction, actor: Person, named: str, deed: str, on: date
    ) -> tuple[Holder, frozenset[Side]]:
        holder = holder_of(tx, named)
        if holder is None:
            raise NotYoursError(named)
        return holder, target_sides(tx, actor, deed, holder, on)

    def _proposal(
        self, tx: Transaction, actor: Person, proposal: str, deed: str, on: date
    ) -> tuple[ProposalRecord, frozenset[Side]]:
        record = find_proposal(tx, proposal)
        if record is None:
            raise NotYoursError(proposal)
        return record, target_sides(tx, actor, deed, record.terms.holder, on)

    def _asks(
        self, tx: Transaction, record: ProposalRecord, side: Side, now: datetime
    ) -> list[OutboxRow]:
        on = now.astimezone(self._zone).date()
        if record.state == "held":
            return asks_to_allow(record, holders(tx, "hr", on), now)
        above, below = signers(tx, record.terms.holder, on)
        return asks_to_sign(record, below if side == "above" else above, now)

    def _seen(self, tx: Transaction, actor: Person, terms: Terms, on: date) -> TargetView:
        view = self._shown(tx, actor, terms, on)
        if view is None:
            raise NotYoursError(terms.holder.id)
        return view

    def _shown(self, tx: Transaction, actor: Person, terms: Terms, on: date) -> TargetView | None:
        scheme = self._scheme(terms.year)
        sides = target_sides(tx, actor, "targets", terms.holder, on)
        indicator = scheme.indicator(terms.indicator)
        return target_view(
            tx, terms.holder, indicator, terms.year, scheme=scheme, sides=sides, on=on
        )


def _indicator(scheme: Scheme, named: str) -> Indicator:
    """An indicator that is signed for: an average or a sum, never a balance of one day."""
    found = next((one for one in scheme.indicators if one.id.lower() == named.lower()), None)
    if found is None or not found.is_signed:
        signed = ", ".join(one.id for one in scheme.indicators if one.is_signed and one.weight)
        raise Refusal("target.no_indicator", indicator=named[:20], signed=signed)
    return found


def _words(text: str) -> str:
    words = visible(text).strip()
    if len(words) > LONGEST_REASON:
        raise Refusal("target.reason_long", limit=f"{LONGEST_REASON:,}")
    return words


def _months(
    tx: Transaction, scheme: Scheme, indicator: Indicator, amount: int, year: int
) -> tuple[int, ...]:
    try:
        shape = year_shape(tx, year, scheme)
    except CalendarError:
        raise Refusal("target.year_unknown", year=year) from None
    return monthly(amount, shape, average=indicator.type == "average")


def _in_force(tx: Transaction, holder: Holder, indicator: str, year: int) -> SignedTarget | None:
    found = targets(tx, year, [holder])
    return next((one for one in found if one.indicator == indicator), None)


def _is_answer(tx: Transaction, waiting: ProposalRecord | None, side: Side) -> bool:
    """Whether proposing now is to propose a change of what the other side proposed."""
    return waiting is not None and signatures(tx, waiting.id)[0].side != side


def _is_told_again(waiting: ProposalRecord | None, terms: Terms, actor: Person) -> bool:
    return waiting is not None and (waiting.terms, waiting.proposed_by) == (terms, actor.id)


def _may_wait_for(tx: Transaction, actor: Person, on: date) -> list[ProposalRecord]:
    """Proposals among which are those that wait for somebody. HR is above units that none leads."""
    found: list[ProposalRecord] = []
    for year in (on.year, on.year + 1):
        if actor.role == "hr":
            found += open_proposals(tx, year, states=("held",))
            units = [Holder("unit", one) for one in unit_ids(tx)]
            found += open_proposals(tx, year, units, states=("proposed",))
        else:
            found += open_proposals(tx, year, _theirs(tx, actor, on, year))
    return found


def _waits_for(view: TargetView, actor: Person) -> bool:
    if view.waiting is None or view.waiting.proposed_by == actor.id:
        return False
    return view.may_sign or (view.waiting.state == "held" and actor.role == "hr")


def _check_open(record: ProposalRecord) -> None:
    if record.state not in ("held", "proposed"):
        raise Refusal(f"target.was_{record.state}")


def _theirs(tx: Transaction, actor: Person, on: date, year: int) -> list[Holder]:
    """Whose targets somebody sees without asking: units first, then managers.

    HR sees the units, and of the bank's many managers those with something open.
    """
    if actor.role == "manager":
        return [Holder("manager", actor.id)]
    if actor.role == "team_lead":
        units = sorted(units_below(tx, actor.unit_id))
        led = [Holder("manager", one.id) for one in team_of(tx, actor.id, on)]
    else:
        units = sorted(unit_ids(tx))
        waiting = {one.terms.holder for one in open_proposals(tx, year)}
        led = sorted((one for one in waiting if one.kind == "manager"), key=lambda one: one.id)
    return [*(Holder("unit", one) for one in units), *led]
