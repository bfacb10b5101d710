"""P04 new effective clients, alike on both engines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bank.days import day_of
from bank.performance.acquisition import effective_clients
from bank.performance.measuring import load_frame
from scoring.periods import Period
from scoring.rules import EffectiveRule, EffectiveRules
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, evidence, facts
from tests.bank.ledger import Ledger

AS_OF = date(2026, 11, 16)
OPENED = date(2026, 8, 3)
THOUSAND = 1_000 * YUAN


def count(database, manager="M001", *, period="2026Q4", as_of=AS_OF):
    return facts(database, period, as_of)[manager]["P04"].actual


def row(database, client, *, period="2026Q4", as_of=AS_OF, manager="M001"):
    rows = evidence(database, "P04", manager, period=period, as_of=as_of).rows
    return next(each for each in rows if each["id"] == client)


def test_a_quarters_new_clients_by_hand(database):
    with database.write() as tx:
        books = Ledger(tx)
        # 80,000 yuan from 16 October on: 16 of October's last 30 days (2 to 31) → 42,667 on
        # average, below 50,000
        books.won("LATE", "M001", OPENED)
        books.account("LATE", [(date(2026, 10, 16), 80 * THOUSAND)])
        # from 12 October on it would be 20 of the 30 days → 53,333
        books.won("MET", "M001", OPENED)
        books.account("MET", [(date(2026, 10, 12), 80 * THOUSAND)])
        # a company: 150,000 over 62 of the 90 days up to 31 October → 103,333, above 100,000
        books.won("FIRM", "M001", OPENED, size="small")
        books.account("FIRM", [(date(2026, 8, 31), 150 * THOUSAND)])
        # somebody else's, and one that was held but not won
        books.won("OTHER", "M002", OPENED)
        books.account("OTHER", [(OPENED, 90 * THOUSAND)])
        books.client("WALKED IN", held=[("M001", OPENED)])
        books.about("WALKED IN", opened_day=OPENED)
        books.account("WALKED IN", [(date(2026, 10, 1), 90 * THOUSAND)])
    assert count(database) == 2
    assert count(database, "M002") == 0  # effective since 31 August: the third quarter's
    assert count(database, "M002", period="2026Q3") == 1
    assert (row(database, "MET")["qualified"], row(database, "MET")["counts"]) == ("2026-10-31", 1)
    # on 16 November the last 30 days hold 30 × 80,000
    late = row(database, "LATE")
    assert (late["qualified"], late["metric"], late["has"]) == ("", "assets", 80 * THOUSAND)
    assert late["wants"] == 50 * THOUSAND
    # the month-end after: 30 November, which is not known yet
    assert count(database, as_of=date(2026, 11, 30)) == 3


def test_one_met_rule_of_the_segment_is_enough(database):
    with database.write() as tx:
        books = Ledger(tx)
        for client in ("DRAWN", "SETTLES", "PAYS", "NEITHER"):
            books.won(client, "M001", OPENED, size="small")
        day = date(2026, 10, 12)
        books.loan("DRAWN", "M001", day, [(day, "drawdown", 1)])
        for n in range(6):
            books.fee("SETTLES", day + timedelta(days=n), 100, line="settlement")
        books.fee("PAYS", day, 10 * THOUSAND)
        for n in range(5):
            books.fee("NEITHER", day + timedelta(days=n), 100, line="settlement")
        books.fee("NEITHER", day, 9 * THOUSAND)
        withdrawn = books.fee("NEITHER", day, 9 * THOUSAND, cancelled=True)
        books.fee("NEITHER", day, -9 * THOUSAND, refunds=withdrawn)
    assert count(database) == 3
    assert row(database, "NEITHER")["metric"] == "revenue"
    assert row(database, "NEITHER")["has"] == 9 * THOUSAND + 500


def test_a_drawdown_that_was_taken_back_made_nobody_effective(database):
    moves = [(date(2026, 10, 12), "drawdown", 100), (date(2026, 11, 9), "reversal", 100, 1)]
    with database.write() as tx:
        books = Ledger(tx)
        books.won("C1", "M001", OPENED, size="small")
        books.loan("C1", "M001", OPENED, moves)
    assert count(database, as_of=date(2026, 11, 8)) == 1
    assert count(database) == 0


def test_holdings_count_at_their_prices(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.won("C1", "M001", OPENED)
        books.account("C1", [(date(2026, 10, 2), 20 * THOUSAND)])
        # 20,000 units: 10 days at 1.2 yuan, 20 at 1.8: (10 × 24,000 + 20 × 36,000) ÷ 30 = 32,000
        books.product("F", [(date(2026, 1, 1), 12_000), (date(2026, 10, 12), 18_000)])
        books.holding("C1", "F", [(date(2026, 10, 2), 20_000 * 100)])
    # 20,000 + 32,000 = 52,000 on average over 2 to 31 October
    assert count(database) == 1
    assert count(database, as_of=date(2026, 10, 30)) == 0


@pytest.mark.parametrize(
    ("opened", "counted"),
    [
        (date(2026, 7, 3), 1),  # 90 days before the quarter
        (date(2026, 7, 2), 0),
        (date(2026, 10, 1), 1),
    ],
)
def test_a_client_was_opened_at_most_ninety_days_before_the_period(database, opened, counted):
    with database.write() as tx:
        books = Ledger(tx)
        books.won("C1", "M001", opened)
        books.account("C1", [(date(2026, 10, 2), 60 * THOUSAND)])
    assert count(database) == counted
    assert count(database, period="2026") == 1  # opened within the year
    assert row(database, "C1")["why"] == ("" if counted else "opened_too_early")


def test_once_for_life_dormant_and_back_again_is_nothing_new(database):
    with database.write() as tx:
        books = Ledger(tx)
        # effective in September, empty in October and November, and again in December
        books.won("BACK", "M001", OPENED)
        back = [(date(2026, 9, 1), 60 * THOUSAND), (date(2026, 10, 1), 0)]
        books.account("BACK", [*back, (date(2026, 12, 1), 70 * THOUSAND)])
        # a client of years ago that was dormant
        books.won("OLD", "M001", date(2021, 3, 1))
        books.account("OLD", [(date(2026, 10, 1), 600 * THOUSAND)])
    end = date(2026, 12, 31)
    assert count(database, period="2026Q3", as_of=date(2026, 9, 30)) == 1
    assert count(database, as_of=end) == -1  # lapsed on 31 October; December is no second time
    assert count(database, period="2026", as_of=end) == 0


@pytest.mark.parametrize(
    ("emptied", "lapsed", "counts"),
    [
        (date(2026, 9, 2), "2026-10-31", -1),  # 61 days after 31 August
        (date(2026, 11, 10), "2026-11-30", 0),  # 91 days: it was kept long enough
        (None, "", 0),
    ],
)
def test_below_the_threshold_within_ninety_days_costs_the_client_again(
    database, emptied, lapsed, counts
):
    with database.write() as tx:
        books = Ledger(tx)
        books.won("C1", "M001", OPENED)
        changes = [(date(2026, 8, 2), 50 * THOUSAND)]
        if emptied and emptied.month == 9:
            # 50,000 for one of September's 30 days, and more later: only 31 October is below
            changes += [(emptied, 1_500 * THOUSAND), (emptied + timedelta(days=1), 0)]
        elif emptied:
            changes += [(emptied, 0)]
        books.account("C1", changes)
    assert count(database, period="2026Q3", as_of=date(2026, 9, 30)) == 1
    assert count(database, as_of=date(2026, 12, 31)) == counts
    if counts:
        assert row(database, "C1", as_of=date(2026, 12, 31))["lapsed"] == lapsed


def test_what_lapses_within_its_own_quarter_adds_up_to_nothing(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.won("C1", "M001", OPENED)
        books.account("C1", [(date(2026, 10, 1), 60 * THOUSAND), (date(2026, 11, 2), 0)])
    assert count(database) == 1
    assert count(database, as_of=date(2026, 11, 30)) == 0
    found = row(database, "C1", as_of=date(2026, 11, 30))
    assert (found["qualified"], found["lapsed"], found["counts"]) == ("2026-10-31", "2026-11-30", 0)


def test_what_happened_cannot_lapse(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.won("C1", "M001", OPENED, size="small")
        books.loan("C1", "M001", OPENED, [(date(2026, 8, 10), "drawdown", 100)])
    assert count(database, period="2026Q3", as_of=date(2026, 9, 30)) == 1
    assert count(database, as_of=date(2026, 12, 31)) == 0


def test_a_legal_group_counts_once_by_its_first_effective_member(database):
    with database.write() as tx:
        books = Ledger(tx)
        for client, by in (("FIRST", "M002"), ("SECOND", "M001")):
            books.won(client, by, OPENED, size="small", group="G1")
        books.account("FIRST", [(OPENED, 200 * THOUSAND)])
        books.account("SECOND", [(date(2026, 8, 20), 200 * THOUSAND)])
        # a group the bank has known for years
        books.client("PARENT", size="large")
        books.about("PARENT", group_id="G2")
        books.won("CHILD", "M001", OPENED, size="small", group="G2")
        books.account("CHILD", [(OPENED, 200 * THOUSAND)])
    assert count(database, period="2026Q3", as_of=date(2026, 9, 30)) == 0
    assert count(database, "M002", period="2026Q3", as_of=date(2026, 9, 30)) == 1
    assert count(database, period="2026", as_of=date(2026, 12, 31)) == 0
    assert row(database, "SECOND")["why"] == "counted_in_group"
    assert row(database, "CHILD")["why"] == "known_group"


def test_the_winner_keeps_the_credit_when_the_client_is_handed_over(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", OPENED, date(2026, 9, 1)), ("M002", date(2026, 9, 1))])
        books.about("C1", opened_day=OPENED, acquirer_id="M001")
        books.account("C1", [(date(2026, 10, 1), 60 * THOUSAND)])
    assert (count(database), count(database, "M002")) == (1, 0)


def test_the_target_of_a_count_is_spread_like_any_sum(database):
    with database.write() as tx:
        Ledger(tx).target("M001", "P04", 16)
    found = facts(database, "2026Q4", AS_OF)["M001"]["P04"]
    # a quarter of 16 is 4: 1 in October, 1 in November, 2 in December
    assert (found.period_target, found.actual) == (4, 0)
    assert 1 <= found.target <= 2


# ---- the law: month by month, a recount of each client's days finds the same

FIRST, DAYS = date(2026, 4, 1), 230
RULES = EffectiveRules(90, 90, (EffectiveRule("retail", "deposits", 50, 30),))
balances = st.dictionaries(st.integers(0, DAYS - 1), st.sampled_from((0, 40, 60, 500)), max_size=6)


@given(
    book=st.lists(st.tuples(st.integers(0, DAYS - 1), balances, st.sampled_from((None, "G"))),
                  min_size=1, max_size=4),
)  # fmt: skip
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_clients_become_effective_as_a_day_by_day_recount_has_it(database, book):
    last = FIRST + timedelta(days=DAYS - 1)
    scheme = replace(default_scheme(), clients=RULES)
    with database.engine.connect() as tx:
        books = Ledger(tx)
        for number, (opened, changes, group) in enumerate(book):
            client = f"C{number}"
            books.won(client, "M001", FIRST + timedelta(days=opened), group=group)
            kept = sorted((day, fen) for day, fen in changes.items() if day >= opened)
            if kept:
                books.account(client, [(FIRST + timedelta(days=day), fen) for day, fen in kept])
        frame = load_frame(tx, scheme, Period.parse("2026Q4"), last)
        found = {
            each.client_id: (
                each.qualified and day_of(each.qualified),
                each.lapsed and day_of(each.lapsed),
            )
            for each in tx.execute(effective_clients(frame, ["M001"]))
        }
        sums = list(tx.execute(select(effective_clients(frame, ["M001"]).subquery())))
        tx.rollback()
    earliest = date(2026, 7, 1) - timedelta(days=90)
    for number, (opened, changes, _) in enumerate(book):
        if FIRST + timedelta(days=opened) >= earliest:
            assert found[f"C{number}"] == recounted(opened, changes, last)
    for group in ({each.client_id for each in sums},):
        members = {f"C{n}" for n, (_, _, name) in enumerate(book) if name} & group
        assert sum(each.gained for each in sums if each.client_id in members) <= 1


def recounted(opened, changes, last):
    """The month-ends on which a client became effective, and on which it ceased to be soon after."""
    met, ends = [], [date(2026, month, 1) - timedelta(days=1) for month in range(5, 12)]
    for end in ends:
        days = [(end - timedelta(days=back) - FIRST).days for back in range(30)]
        total = sum(held(changes, day, opened) for day in days)
        if FIRST + timedelta(days=opened) <= end <= last and total >= 50 * 30:
            met.append(end)
    if not met:
        return None, None
    soon = [end for end in ends if met[0] < end <= met[0] + timedelta(days=90) and end not in met]
    return met[0], min(soon, default=None)


def held(changes, day, opened):
    known = [start for start in changes if opened <= start <= day]
    return changes[max(known)] if known else 0
