"""P03 intermediary income and its lines, alike on both engines."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.models.holdings import INCOME_LINES
from bank.performance.income import fee_rows, income
from bank.performance.window import Window
from scoring.periods import Period
from tests.bank.books import YUAN, evidence, facts
from tests.bank.ledger import Ledger

AS_OF, LONG_AGO = date(2026, 11, 16), date(2025, 1, 1)
OCTOBER, NOVEMBER = date(2026, 10, 12), date(2026, 11, 9)


def actuals(database, manager="M001", period="2026Q4"):
    found = facts(database, period, AS_OF)[manager]
    return {name: found[name].actual for name in ("P03", "P03a", "P03b", "P03c")}


def fees_of(database, indicator, manager="M001"):
    return evidence(database, indicator, manager, period="2026Q4", as_of=AS_OF)


def test_fees_by_line_by_hand(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO, None, 60), ("M002", LONG_AGO, None, 40)])
        books.fee("C1", OCTOBER, 1_000 * YUAN)
        books.fee("C1", NOVEMBER, 500 * YUAN, line="settlement")
        books.fee("C1", date(2026, 9, 30), 9_000 * YUAN)  # last quarter's
        books.fee("C1", date(2026, 11, 17), 9_000 * YUAN)  # not known yet
    # M001 holds 60 %: 600 of wealth and 300 of settlement; M002 the rest
    assert actuals(database) == {
        "P03": 900 * YUAN,
        "P03a": 600 * YUAN,
        "P03b": 0,
        "P03c": 300 * YUAN,
    }
    assert actuals(database, "M002")["P03"] == 600 * YUAN
    assert [row["line"] for row in fees_of(database, "P03").rows] == ["wealth", "settlement"]
    assert [row["amount_fen"] for row in fees_of(database, "P03c").rows] == [500 * YUAN]


def test_a_handover_leaves_a_fee_with_the_owner_of_its_day(database):
    handed_over = [("M001", LONG_AGO, date(2026, 11, 1)), ("M002", date(2026, 11, 1))]
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=handed_over)
        books.fee("C1", date(2026, 10, 31), 300 * YUAN)
        books.fee("C1", date(2026, 11, 1), 200 * YUAN)
    assert actuals(database)["P03"] == 300 * YUAN
    assert actuals(database, "M002")["P03"] == 200 * YUAN


def test_a_team_shares_a_deal_by_its_split_whoever_holds_the_client(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)])
        deal = [("M001", 70), ("M002", 30)]
        books.fee("C1", OCTOBER, 10_000 * YUAN, line="investment_banking", split=deal)
    assert actuals(database)["P03b"] == 7_000 * YUAN
    assert actuals(database, "M002")["P03b"] == 3_000 * YUAN


def test_a_refund_is_negative_in_its_own_period_and_names_what_it_gives_back(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)])
        sold = books.fee("C1", date(2026, 8, 3), 1_000 * YUAN)
        books.fee("C1", OCTOBER, -400 * YUAN, refunds=sold)
        books.fee("C1", NOVEMBER, 100 * YUAN)
    assert actuals(database, period="2026Q3")["P03"] == 1_000 * YUAN
    # 100 − 400: the third quarter stays as it was
    assert actuals(database)["P03"] == -300 * YUAN
    assert [row["refunds"] for row in fees_of(database, "P03").rows] == [sold, ""]


def test_the_refund_of_a_deal_is_shared_as_the_deal_was(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)])
        books.client("C2", held=[("M001", LONG_AGO)])
        deal = books.fee("C1", date(2026, 8, 3), 1_000 * YUAN, split=[("M002", 100)])
        books.fee("C1", OCTOBER, -200 * YUAN, refunds=deal)
        other = books.fee("C2", date(2026, 8, 3), 1_000 * YUAN, split=[("M002", 100)])
        books.fee("C2", OCTOBER, -300 * YUAN, refunds=other, split=[("M001", 50), ("M002", 50)])
    # −200 is all M002's; of −300, which has a split of its own, each has half
    assert actuals(database)["P03"] == -150 * YUAN
    assert actuals(database, "M002")["P03"] == -350 * YUAN


def test_what_was_withdrawn_while_cooling_off_never_counts_nor_does_its_refund(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", LONG_AGO)])
        sold = books.fee("C1", OCTOBER, 800 * YUAN, cancelled=True)
        books.fee("C1", NOVEMBER, -800 * YUAN, refunds=sold)
        books.fee("C1", NOVEMBER, 50 * YUAN)
    assert actuals(database)["P03"] == 50 * YUAN
    assert fees_of(database, "P03").count == 1


def test_without_fees_the_income_is_nothing_rather_than_missing(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.target("M001", "P03", 40_000 * YUAN)
        books.target("M001", "P03a", 8_000 * YUAN)
    found = facts(database, "2026Q4", AS_OF)["M001"]
    assert (found["P03"].actual, found["P03"].note) == (0, "")
    # a quarter of the year's 40,000; October's quarter of that is 2,500
    assert found["P03"].period_target == 10_000 * YUAN
    assert 2_500 * YUAN < found["P03"].target < 5_000 * YUAN
    assert found["P03a"].period_target == 2_000 * YUAN


# ---- the law: managers sum to the bank, whatever is shared, handed over or left to the pool

FIRST, DAYS = date(2026, 9, 1), 60
WINDOW = Window.of(Period.parse("2026Q4"), FIRST + timedelta(days=DAYS - 1))
MANAGERS = ("M001", "M002")
POOL = "pool"


@dataclass
class Fee:
    client: int
    day: int
    amount: int
    line: str
    cancelled: bool
    split: dict[str, int]
    refunds: int | None
    """Which of the fees before it is given back."""


shares = st.sampled_from(({}, {"M001": 100}, {"M001": 35}, {"M001": 40, "M002": 60}))
splits = st.sampled_from(({}, {}, {"M002": 100}, {"M001": 35, "M002": 65}))


@st.composite
def fees(draw):
    made = []
    for at in range(draw(st.integers(0, 8))):
        refunds = draw(st.none() | st.integers(0, at - 1)) if at else None
        amount = draw(st.integers(1, 10**14))
        client = draw(st.integers(0, 1)) if refunds is None else made[refunds].client
        line = draw(st.sampled_from(("wealth", "investment_banking", "settlement")))
        made.append(
            Fee(
                client,
                draw(st.integers(0, DAYS - 1)),
                amount if refunds is None else -amount,
                line,
                draw(st.booleans()) and refunds is None,
                draw(splits),
                refunds,
            )
        )
    return made


@given(owners=st.lists(st.tuples(shares, shares), min_size=2, max_size=2), paid=fees())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_managers_and_pool_sum_to_the_bank(database, owners, paid):
    handover = FIRST + timedelta(days=40)
    with database.engine.connect() as tx:
        books = Ledger(tx)
        for number, (before, after) in enumerate(owners):
            books.client(f"C{number}")
            for start, end, held in ((LONG_AGO, handover, before), (handover, None, after)):
                for manager, share in held.items():
                    books.hold(f"C{number}", manager, start, end, share)
        names = []
        for fee in paid:
            names.append(
                books.fee(
                    f"C{fee.client}",
                    FIRST + timedelta(days=fee.day),
                    fee.amount,
                    line=fee.line,
                    split=fee.split.items(),
                    refunds=None if fee.refunds is None else names[fee.refunds],
                    cancelled=fee.cancelled,
                )
            )
        found = income(tx, WINDOW, MANAGERS)
        behind = {
            (manager, line): fee_rows(tx, WINDOW, manager, [line]).rows
            for manager in MANAGERS
            for line in INCOME_LINES
        }
        tx.rollback()
    recount, bank = recounted(owners, paid)
    assert {key: fen for key, fen in found.items() if fen} == {
        key: fen for key, fen in recount.items() if fen and key[0] != POOL
    }
    assert sum(recount.values()) == 100 * bank
    for key, rows in behind.items():
        assert sum(row["amount_fen"] * row["share_pct"] for row in rows) == found.get(key, 0)


def recounted(owners, paid):
    """(manager, line) → fen × percent, the pool among the managers; and the bank's fees."""
    parts, bank = Counter(), 0
    for fee in paid:
        given_back = paid[fee.refunds] if fee.refunds is not None else None
        if fee.day < 30 or fee.cancelled or (given_back and given_back.cancelled):
            continue
        bank += fee.amount
        held = owners[fee.client][fee.day >= 40]
        who = fee.split or (given_back and given_back.split) or held
        for manager, share in {**who, POOL: 100 - sum(who.values())}.items():
            parts[manager, fee.line] += share * fee.amount
    return parts, bank
