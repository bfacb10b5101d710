"""Targets: signed by two, then never changed; and what is given out sums to what there is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from bank.audit import Deed
from bank.calendar import published_calendar
from bank.cascade import cascade_of, unit_above
from bank.days import number
from bank.models import OrgUnit, Staff, Target, TargetProposal, TargetSignature
from bank.targets import (
    Holder,
    Terms,
    allow,
    decline,
    find_open,
    find_proposal,
    history,
    proposal_of,
    propose,
    settled,
    sign,
    signatures,
    signed_months,
    targets,
)
from scoring.milestones import decompose, monthly, shape_year
from tests.bank.books import Books

NOW = datetime(2026, 1, 6, 1, 40, tzinfo=UTC)
ON = date(2026, 1, 6)
MILLION = 100_000_000
SHAPE = shape_year(2026, published_calendar().is_business)
M1, M2, TEAM, BRANCH = (
    Holder("manager", "M001"),
    Holder("manager", "M002"),
    Holder("unit", "T1"),
    Holder("unit", "B1"),
)


def deed(actor="L001", minutes=0):
    return Deed(actor, "propose_target", ON, NOW + timedelta(minutes=minutes))


def terms(holder, amount, *, version=1, indicator="P02", reason=""):
    months = monthly(amount, SHAPE, average=indicator == "P01")
    return Terms(holder, indicator, 2026, version, amount, months, reason)


@pytest.fixture
def bank(database):
    """A branch B1 with team T1, in which are M001 and M002, and M003 beside it in the branch."""
    with database.write() as tx:
        books = Books(tx)
        tx.execute(insert(OrgUnit).values(id="T1", name="Team", parent_id="B1"))
        for staff, role, unit in (
            ("M001", "manager", "T1"), ("M002", "manager", "T1"), ("M003", "manager", "B1"),
            ("L001", "team_lead", "T1"), ("L002", "team_lead", "B1"),
        ):  # fmt: skip
            books.manager(staff, role=role)
            tx.execute(Staff.__table__.update().where(Staff.id == staff).values(unit_id=unit))
    return database


def agree(tx, what, *, minutes=0, above="L001", below=None):
    """Proposed from above, signed below."""
    record = proposal_of(what, deed(above, minutes))
    assert propose(tx, record, "above", deed(above, minutes))
    assert sign(tx, record, "below", deed(below or what.holder.id, minutes + 1))
    return record


def test_signed_by_both_sides_it_is_a_target_with_both_names_and_the_hash_of_what_it_says(bank):
    with bank.write() as tx:
        record = agree(tx, terms(M1, 10 * MILLION), below="M001")
        (one,) = targets(tx, 2026, [M1])
        assert (one.amount, one.version, one.signed_on) == (10 * MILLION, 1, ON)
        assert one.proposal_id == record.id
        names = signatures(tx, record.id)
        assert [(name.side, name.staff_id) for name in names] == [
            ("above", "L001"), ("below", "M001"),
        ]  # fmt: skip
        assert {name.content_hash for name in names} == {record.content_hash}
        assert find_proposal(tx, record.id).state == "signed"
        assert signed_months(tx, 2026, ["M001"], ON) == {
            ("M001", "P02"): decompose(10 * MILLION, SHAPE).months
        }


def test_the_hash_tells_any_other_content_apart():
    was = proposal_of(terms(M1, 10 * MILLION), deed())
    for other in (
        terms(M1, 10 * MILLION + 1),
        terms(M2, 10 * MILLION),
        terms(M1, 10 * MILLION, version=2),
        terms(M1, 10 * MILLION, reason="new branch"),
        replace(was.terms, months=(*was.terms.months[:10], 1, 2)),
        replace(was.terms, year=2027),
    ):
        assert proposal_of(other, deed()).content_hash != was.content_hash
    assert proposal_of(was.terms, deed("L002")).content_hash != was.content_hash
    later = proposal_of(was.terms, deed(minutes=5))
    assert (later.content_hash, later.id != was.id) == (was.content_hash, True)


def test_what_is_signed_is_not_signed_declined_or_allowed_again(bank):
    with bank.write() as tx:
        record = agree(tx, terms(M1, 10 * MILLION))
        before = tx.execute(select(Target)).all(), tx.execute(select(TargetProposal)).all()
        assert not sign(tx, record, "below", deed("M001", 9))
        assert not decline(tx, record, "no", deed("M001", 9))
        assert not allow(tx, record, deed("H001", 9))
        after = tx.execute(select(Target)).all(), tx.execute(select(TargetProposal)).all()
        assert after == before
        assert len(tx.execute(select(TargetSignature)).all()) == 2


def test_an_amendment_is_a_version_that_both_sign_and_the_one_before_stays_readable(bank):
    with bank.write() as tx:
        agree(tx, terms(M1, 10 * MILLION))
        agree(tx, terms(M1, 8 * MILLION, version=2, reason="book halved"), minutes=10)
        (now,) = targets(tx, 2026, [M1])
        assert (now.version, now.amount) == (2, 8 * MILLION)
        amounts = tx.execute(select(Target.version, Target.amount).order_by(Target.version)).all()
        assert amounts == [(1, 10 * MILLION), (2, 8 * MILLION)]
        assert [one.state for one in history(tx, M1, "P02", 2026)] == ["signed", "signed"]


def test_a_counter_proposal_takes_the_place_of_the_open_one(bank):
    with bank.write() as tx:
        first = proposal_of(terms(M1, 10 * MILLION), deed())
        assert propose(tx, first, "above", deed())
        mine = proposal_of(terms(M1, 9 * MILLION, reason="two clients left"), deed("M001", 3))
        assert propose(tx, mine, "below", deed("M001", 3))
        assert find_open(tx, M1, "P02", 2026).id == mine.id
        assert find_proposal(tx, first.id).state == "replaced"
        assert not sign(tx, first, "below", deed("M001", 4))
        assert sign(tx, mine, "above", deed("L001", 5))
        assert targets(tx, 2026, [M1])[0].amount == 9 * MILLION


def test_a_version_that_a_drop_brought_meanwhile_is_not_signed_over(bank):
    with bank.write() as tx:
        record = proposal_of(terms(M1, 10 * MILLION), deed())
        assert propose(tx, record, "above", deed())
        tx.execute(
            insert(Target).values(
                manager_id="M001", indicator="P02", year=2026, version=1, amount=7 * MILLION,
                signed_day=number(ON), batch_id=3,
            )
        )  # fmt: skip
        assert not sign(tx, record, "below", deed("M001", 1))
        (one,) = targets(tx, 2026, [M1])
        assert (one.amount, one.proposal_id) == (7 * MILLION, None)
        assert signed_months(tx, 2026, ["M001"], ON) == {}


def test_targets_are_agreed_on_when_one_is_signed_and_no_first_one_waits(bank):
    with bank.write() as tx:
        assert settled(tx, 2026, ["M001"]) == frozenset()
        agree(tx, terms(M1, 10 * MILLION))
        assert settled(tx, 2026, ["M001", "M002"]) == {"M001"}
        other = proposal_of(terms(M1, 7, indicator="P04"), deed(minutes=2))
        propose(tx, other, "above", deed(minutes=2))
        assert settled(tx, 2026, ["M001"]) == frozenset()
        assert decline(tx, other, "not this year", deed("M001", 3))
        assert settled(tx, 2026, ["M001"]) == {"M001"}
        # An amendment under way leaves the signed version in force.
        amendment = proposal_of(terms(M1, 9 * MILLION, version=2, reason="x"), deed(minutes=4))
        propose(tx, amendment, "above", deed(minutes=4))
        assert settled(tx, 2026, ["M001"]) == {"M001"}


def test_children_are_whoever_has_the_unit_as_the_nearest_one_with_a_target(bank):
    with bank.write() as tx:
        assert unit_above(tx, M1, "P02", 2026) is None
        agree(tx, terms(BRANCH, 30 * MILLION), below="L002")
        agree(tx, terms(M1, 10 * MILLION), minutes=2)
        # The team has no target yet: its managers are the branch's own.
        assert cascade_of(tx, "B1", "P02", 2026, ON).given == {"manager:M001": 10 * MILLION}
        assert unit_above(tx, M1, "P02", 2026) == "B1"
        agree(tx, terms(TEAM, 18 * MILLION), minutes=4, above="L002", below="L001")
        branch, team = (cascade_of(tx, unit, "P02", 2026, ON) for unit in ("B1", "T1"))
        assert branch.given == {"unit:T1": 18 * MILLION}
        assert (branch.left, branch.over) == (12 * MILLION, 0)
        assert team.given == {"manager:M001": 10 * MILLION}
        assert unit_above(tx, TEAM, "P02", 2026) == "B1"
        assert cascade_of(tx, "T1", "P04", 2026, ON) is None
        # What is proposed counts as given.
        waiting = proposal_of(terms(M2, 9 * MILLION), deed(minutes=6))
        propose(tx, waiting, "above", deed(minutes=6))
        team = cascade_of(tx, "T1", "P02", 2026, ON)
        assert (team.total, team.left, team.over) == (19 * MILLION, 0, MILLION)


def test_a_held_proposal_is_signed_only_once_somebody_allowed_it(bank):
    with bank.write() as tx:
        record = proposal_of(terms(M1, 5 * MILLION), deed(), over=MILLION, over_reason="new team")
        assert record.state == "held"
        propose(tx, record, "above", deed())
        assert not sign(tx, record, "below", deed("M001", 1))
        assert allow(tx, record, deed("R001", 2))
        held = find_proposal(tx, record.id)
        assert (held.state, held.approved_by, held.over) == ("proposed", "R001", MILLION)
        assert sign(tx, record, "below", deed("M001", 3))


steps = st.lists(
    st.tuples(
        st.sampled_from(["propose", "counter", "sign", "decline", "amend"]),
        st.integers(1, 10**9),
    ),
    max_size=12,
)


# Every example begins with no targets.
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_whatever_is_done_a_signed_row_never_changes(bank, steps):
    """Law: every row that was ever signed is there in the end as it was signed."""
    with bank.write() as tx:
        tx.execute(delete(TargetSignature))
        for model in (TargetProposal, Target):
            tx.execute(delete(model))
        seen = {}
        for at, (step, amount) in enumerate(steps):
            signed = targets(tx, 2026, [M1])
            version = signed[0].version + 1 if signed else 1
            waiting = find_open(tx, M1, "P02", 2026)
            side = "below" if step == "counter" else "above"
            if step in ("propose", "counter", "amend"):
                actor = "M001" if side == "below" else "L001"
                record = proposal_of(terms(M1, amount, version=version), deed(actor, at))
                assert propose(tx, record, side, deed(actor, at))
            elif waiting and step == "sign":
                (name,) = signatures(tx, waiting.id)
                other = ("above", "L001") if name.side == "below" else ("below", "M001")
                assert sign(tx, waiting, other[0], deed(other[1], at))
            elif waiting:
                assert decline(tx, waiting, "no", deed("M001", at))
            rows = tx.execute(select(Target.version, Target.amount, Target.signed_day)).all()
            now = {row.version: tuple(row) for row in rows}
            assert {version: now[version] for version in seen} == seen
            seen = now
        assert sorted(seen) == list(range(1, len(seen) + 1))
        for (_, amount, _), one in zip(
            sorted(seen.values()),
            [one for one in history(tx, M1, "P02", 2026) if one.state == "signed"],
            strict=True,
        ):
            assert one.terms.amount == amount == sum(one.terms.months)
            assert len(signatures(tx, one.id)) == 2
