"""Who looks after whom, visits recorded, arrears and falling balances: on a small branch."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from bank.arrears import Arrears, arrears
from bank.balances import BalanceFall, balance_falls, last_business_day
from bank.clients import client_names, contacts, managers_of
from bank.days import OPEN, number
from bank.errors import NothingLoadedError, UnknownStaffError
from bank.models import Assignment, BalanceInterval, LoanEvent, OrgUnit, Visit
from bank.people import find_by_slack, find_staff, people, team_of, units_below
from scoring.scheme import default_scheme
from tests.bank.drops import day, load

ON = date(2026, 11, 17)
VISITS = default_scheme().visits
KNOWN = number(date(2026, 11, 16))


@pytest.fixture
def bank(loaded):
    return loaded


def contact(bank, manager: str, client: str, on: date = ON):
    with bank.read() as tx:
        return {found.client_id: found for found in contacts(tx, [manager], on, VISITS)[manager]}[
            client
        ]


def test_people_are_found_by_id_and_by_slack_account(bank):
    with bank.read() as tx:
        lead = find_staff(tx, "L001")
        assert (lead.name, lead.role, lead.lang) == ("Lena Lead", "team_lead", "en")
        assert find_by_slack(tx, "UM001").id == "M001"
        assert find_by_slack(tx, "U0STRANGER") is None
        with pytest.raises(UnknownStaffError, match="no staff member 'M999'"):
            find_staff(tx, "M999")


def test_a_lead_has_the_managers_of_every_unit_below_while_employed(bank):
    with bank.read() as tx:
        assert units_below(tx, "B1") == {"B1", "U10"}
        assert units_below(tx, "U99") == frozenset()
        assert [person.id for person in team_of(tx, "L001", ON)] == ["M001", "M002"]
        # M002's first day no longer employed is 31 December.
        assert [person.id for person in team_of(tx, "L001", date(2026, 12, 31))] == ["M001"]
        assert [person.id for person in people(tx, ON)] == ["L001", "M001", "M002"]
        assert not find_staff(tx, "M002").active_on(date(2026, 12, 31))


def test_units_in_a_ring_end_the_search(bank):
    with bank.write() as tx:
        tx.execute(update(OrgUnit).where(OrgUnit.id == "B1").values(parent_id="U10"))
    with bank.read() as tx:
        assert units_below(tx, "U10") == {"B1", "U10"}


def test_a_manager_has_the_clients_held_on_the_day(bank):
    with bank.read() as tx:
        held = contacts(tx, ["M001", "M002", "M999"], ON, VISITS)
        assert {who: [found.client_id for found in clients] for who, clients in held.items()} == {
            "M001": ["C1", "C2"],
            "M002": ["C1"],
        }
        assert contacts(tx, [], ON, VISITS) == {}
        assert client_names(tx, ["C2", "C9"]) == {"C2": "=1+1 Example"}


def test_a_holding_begins_where_its_unbroken_spans_begin(bank):
    # M001's share of C1 fell on 1 July, but the client was M001's since 2025.
    assert contact(bank, "M001", "C1").held_from == date(2025, 1, 1)
    assert contact(bank, "M002", "C1").held_from == date(2026, 7, 1)
    with bank.write() as tx:
        gap = tx.execute(
            update(Assignment)
            .where(Assignment.to_day == day("2026-07-01"))
            .values(to_day=day("2026-06-30"))
        )
        assert gap.rowcount == 1
    assert contact(bank, "M001", "C1").held_from == date(2026, 7, 1)


def test_the_largest_share_is_whose_client_it_is(bank):
    with bank.read() as tx:
        assert managers_of(tx, ["C1"], date(2026, 6, 30)) == {"C1": "M001"}
        assert managers_of(tx, ["C1", "C2", "C9"], ON) == {"C1": "M002", "C2": "M001"}
        assert managers_of(tx, ["C1"], date(2024, 6, 30)) == managers_of(tx, [], ON) == {}


def test_a_small_company_is_a_borrower_while_its_loan_is_outstanding(bank):
    assert contact(bank, "M001", "C1").is_sme_borrower
    assert not contact(bank, "M001", "C2").is_sme_borrower
    repaid = {"id": "E2", "loan_id": "N1", "day": day("2026-11-17"), "kind": "repayment"}
    with bank.write() as tx:
        tx.execute(insert(LoanEvent).values(**repaid, amount=5_000_000))
    assert contact(bank, "M001", "C1", date(2026, 11, 16)).is_sme_borrower
    assert not contact(bank, "M001", "C1").is_sme_borrower


@pytest.mark.parametrize(
    ("changes", "last"),
    [
        ({}, date(2026, 10, 9)),
        ({"kind": "phone"}, date(2026, 6, 1)),
        ({"note": "  "}, date(2026, 6, 1)),
        # Friday 9 October: Sat 10 is a make-up day, Mon 12, Tue 13; Wed 14 is the fourth.
        ({"logged_day": day("2026-10-13")}, date(2026, 10, 9)),
        ({"logged_day": day("2026-10-14")}, date(2026, 6, 1)),
        # Not known yet, and not yet made.
        ({"logged_day": day("2026-11-18")}, date(2026, 6, 1)),
        ({"day": day("2026-11-18"), "logged_day": day("2026-11-18")}, date(2026, 6, 1)),
        # Before the calendar begins nothing is known of working days.
        ({"day": day("2024-12-31"), "logged_day": day("2025-01-02")}, date(2026, 6, 1)),
    ],
)
def test_the_last_visit_is_the_last_that_counts(bank, changes, last):
    row = {
        "id": "V2",
        "client_id": "C1",
        "manager_id": "M002",
        "day": day("2026-10-09"),
        "logged_day": day("2026-10-09"),
        "kind": "onsite",
        "note": "Saw the new hall",
    }
    with bank.write() as tx:
        tx.execute(insert(Visit).values(row | changes))
    # Whoever made it: M001 sees M002's visit too.
    assert contact(bank, "M001", "C1").last_visit == last


@pytest.mark.parametrize(
    ("on", "past_due"),
    [
        (date(2026, 11, 12), None),  # due that day: not late at its end
        (date(2026, 11, 13), 1),
        (date(2026, 11, 17), 5),
    ],
)
def test_arrears_count_from_the_day_after_the_due_day(bank, on, past_due):
    with bank.read() as tx:
        found = arrears(tx, on)
    name = "星河灯塔贸易有限公司"
    assert found == ((Arrears("C1", name, "N1", past_due, 1_000),) if past_due else ())


def test_arrears_are_the_longest_and_all_of_a_client(bank):
    with bank.read() as tx:
        # 12 November and 20 December, both 1,000 fen; the first is 12 Nov + 39 days.
        assert arrears(tx, date(2026, 12, 21)) == (
            Arrears("C1", "星河灯塔贸易有限公司", "N1", 39, 2_000),
        )


def test_the_newest_drop_says_how_far_the_records_reach(database, drop):
    with database.read() as tx, pytest.raises(NothingLoadedError, match="run daybook import"):
        last_business_day(tx)
    load(database, drop)
    with database.read() as tx:
        assert last_business_day(tx) == date(2026, 11, 16)


def test_a_fall_by_hand(bank):
    with bank.write() as tx:
        tx.execute(delete(BalanceInterval))
        tx.execute(
            insert(BalanceInterval),
            [
                # 100,000 up to 6 November, then 10,000: 20 of the last 30 days at the old level.
                {"account_id": "A1", "from_day": day("2025-06-01"), "to_day": day("2026-11-07"),
                 "amount": 100_000, "known_day": KNOWN},
                {"account_id": "A1", "from_day": day("2026-11-07"), "to_day": OPEN,
                 "amount": 10_000, "known_day": KNOWN},
                # A2 rose: it is not among the fallen.
                {"account_id": "A2", "from_day": day("2026-11-01"), "to_day": OPEN, "amount": 9,
                 "known_day": KNOWN},
            ],
        )  # fmt: skip
    with bank.read() as tx:
        found = balance_falls(tx, date(2026, 11, 16))
    # 30 days from 18 October: 20 × 100,000 + 10 × 10,000 = 2,100,000 ÷ 30
    # 180 days: 170 × 100,000 + 10 × 10,000 = 17,100,000 ÷ 180
    name = "星河灯塔贸易有限公司"
    assert found == (BalanceFall("C1", name, 70_000, 95_000, 100_000, 10_000),)


CHANGES = st.dictionaries(st.integers(0, 220), st.integers(0, 10**13), min_size=1, max_size=8)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(CHANGES)
def test_falls_equal_a_day_by_day_recount(bank, changes):
    on = date(2026, 11, 16)
    first = number(on) - 219
    days = sorted(changes)
    rows = [
        {
            "account_id": "A1",
            "from_day": first + start,
            "to_day": first + end,
            "amount": changes[start],
            "known_day": KNOWN,
        }
        for start, end in zip(days, [*days[1:], OPEN - first], strict=True)
    ]
    with bank.write() as tx:
        tx.execute(delete(BalanceInterval))
        tx.execute(insert(BalanceInterval), rows)
        found = balance_falls(tx, on)
    daily = [0] * 220
    for start in days:
        daily[start:] = [changes[start]] * (220 - start)
    month, half = sum(daily[-30:]), sum(daily[-180:])
    six_months_ago = daily[-1 - (on - date(2026, 5, 16)).days]
    fallen = month * 6 < half or daily[-1] < six_months_ago
    expected = (month // 30, half // 180, six_months_ago, daily[-1])
    assert [
        (fall.average_30, fall.average_180, fall.six_months_ago, fall.now) for fall in found
    ] == ([expected] if fallen else [])
