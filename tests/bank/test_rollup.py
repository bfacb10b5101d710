"""The rollup: running totals give what the intervals give, whatever is handed over or corrected."""

from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bank.days import day_of, number
from bank.figures import FIGURES
from bank.models import ManagerDay, RollupHead
from bank.performance.measuring import load_frame
from bank.performance.rollup import NOTHING, accumulate, build, is_current
from bank.performance.sums import counted, day_sums, rolled_up
from bank.schema import migrate
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, Books
from tests.bank.drops import branch, load, write_drop
from tests.bank.test_conservation import (
    LATER,
    MANAGERS,
    SENT,
    at,
    clients,
    correction,
    courses,
    first_drop,
    later_drop,
)

LONG_AGO, AS_OF = date(2025, 3, 1), date(2026, 11, 16)
SHARE = 100


def frame_of(tx, period, as_of):
    return load_frame(tx, default_scheme(), Period.parse(period), as_of)


def rows(database):
    with database.read() as tx:
        return {
            (row.manager_id, row.day): (row.levels, row.totals)
            for row in tx.execute(select(ManagerDay)).all()
        }


# ---- the law, over drops


def agree(database, as_of):
    """Two look-ups give what the intervals give, for every window there is."""
    with database.read() as tx:
        assert is_current(tx)
        for period in ("2026Q3", "2026Q4", "2026"):
            if Period.parse(period).first <= as_of:
                frame = frame_of(tx, period, as_of)
                assert rolled_up(tx, frame, MANAGERS) == counted(tx, frame, MANAGERS), period


def as_recounted(database, as_of):
    """The intervals give what the bank's additive figures give, which are recounted by day."""
    with database.read() as tx:
        sums = counted(tx, frame_of(tx, "2026", as_of), MANAGERS)
        whole = (date(2026, 1, 1), as_of + timedelta(days=1))
        deposits, loans = (FIGURES[name](tx, *whole) for name in ("deposits", "loans"))
    kinds = ("demand", "time", "savings", "margin", "excluded")
    for manager in MANAGERS:
        found = sums.get(manager)
        assert (found.over(*kinds) if found else 0) == deposits.get(manager, 0)
        assert (found.over("loans") if found else 0) == loans.get(manager, 0)


@given(
    book=st.lists(clients(), min_size=2, max_size=3),
    nav=courses(10**8, closes=False),
    order=st.sampled_from(("at once", "later", "backwards")),
)
@pytest.mark.timeout(300)
@settings(max_examples=4)
def test_two_lookups_give_what_the_intervals_give_after_every_drop(
    databases, tmp_path_factory, book, nav, order
):
    first, later, right = first_drop(book, nav), later_drop(book, nav), correction(book, nav)
    drops = {
        "at once": [(right, SENT, 2), (later, LATER, 1)],
        "later": [(later, LATER, 1), (right, LATER, 2)],
        "backwards": [(later, LATER, 1), (right, SENT, 2)],
    }[order]
    url = databases.copy("migrated", migrate)
    database, folder, as_of = databases.open(url), tmp_path_factory.mktemp("drops"), SENT
    try:
        load(database, write_drop(folder / "first", first, business_date=str(at(SENT))))
        build(database)
        agree(database, at(SENT))
        for files, day, batch in drops:
            if files:
                name = f"{day}-{batch}"
                drop = write_drop(folder / name, files, business_date=str(at(day)), batch=batch)
                assert load(database, drop).committed
                as_of = max(as_of, day)
                agree(database, at(as_of))
        as_recounted(database, at(as_of))
        kept = rows(database)
        build(database)
        assert rows(database) == kept
    finally:
        databases.drop(url)


# ---- by hand


@contextmanager
def writing(database):
    with database.write() as tx:
        books = Books(tx)
        books.manager("M001")
        books.manager("M002")
        yield books


def both(database, period="2026Q4", as_of=AS_OF):
    """The sums of M001 and M002, the same from the intervals and from the rollup."""
    with database.write() as tx:
        Books.loaded(tx, as_of)
    build(database)
    with database.read() as tx:
        frame = frame_of(tx, period, as_of)
        found = day_sums(tx, frame, ["M001", "M002"])
        assert is_current(tx)
        assert found == counted(tx, frame, ["M001", "M002"])
    return found


def test_a_handover_in_the_quarter_by_hand(database):
    with writing(database) as books:
        books.client(
            "C1",
            size="small",
            held=[
                ("M001", LONG_AGO, date(2026, 11, 1)),
                ("M001", date(2026, 11, 1), None, 40),
                ("M002", date(2026, 11, 1), None, 60),
            ],
            base=1_000 * YUAN,
        )
        books.account("C1", [(LONG_AGO, 5_000 * YUAN), (date(2026, 11, 11), 8_000 * YUAN)])
        books.account("C1", [(date(2026, 10, 31), 200 * YUAN)], kind="margin")
        books.account("C1", [(LONG_AGO, 7_000 * YUAN)], excluded="pledged")
        books.loan("C1", "M001", LONG_AGO, [(date(2026, 10, 21), "drawdown", 900 * YUAN)])
    found = both(database)
    first, second = found["M001"], found["M002"]
    # 1 October to 16 November are 31 + 16 days. Demand: M001 31 whole days of 5,000, then 40 % of
    # 10 days of 5,000 and 6 of 8,000; M002 60 % of the latter.
    november = 10 * 5_000 + 6 * 8_000
    assert first.over("demand") == (100 * 31 * 5_000 + 40 * november) * YUAN
    assert second.over("demand") == 60 * november * YUAN
    assert second.at_last("demand") == 60 * 8_000 * YUAN
    # margin: one day of M001's, then 16 days shared
    assert first.over("margin") == (100 * 1 + 40 * 16) * 200 * YUAN
    assert first.over("excluded") == (100 * 31 + 40 * 16) * 7_000 * YUAN
    # the base is held with the client: 31 days whole, 16 shared
    assert (first.over("base"), second.over("base")) == (
        (3_100 + 640) * 1_000 * YUAN,
        960 * 1_000 * YUAN,
    )
    # the loan: 21 to 31 October are 11 days
    assert first.over("loans") == (100 * 11 + 40 * 16) * 900 * YUAN
    assert (first.over("clients"), second.over("clients")) == (3_740, 960)
    assert first.over("demand", classes=("retail",)) == 0


def test_other_assets_are_units_at_each_days_price_unrounded(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", LONG_AGO)])
        # 3.33 units at 1.0007 yuan, from 11 November at 1.0009, × 80 %
        books.holding(
            "C1", [(LONG_AGO, 333)], [(LONG_AGO, 10_007), (date(2026, 11, 11), 10_009)], 80
        )
    found = both(database)["M001"]
    # 41 days of the one price and 6 of the other; 333 × 10,007 are hundredths × ten-thousandths
    assert found.over("assets") == SHARE * 80 * 333 * (41 * 10_007 + 6 * 10_009)
    assert found.at_last("assets") == SHARE * 80 * 333 * 10_009


@pytest.mark.parametrize("accounts", [1, 40])
def test_balances_whose_sums_exceed_64_bits(database, accounts):
    """A trillion yuan × a year × percent of share is 3.7 × 10^18; forty of them are 1.5 × 10^20."""
    most = 10**14
    with writing(database) as books:
        books.client("C1", held=[("M001", LONG_AGO)], base=most)
        for _ in range(accounts):
            books.account("C1", [(LONG_AGO, most)])
        books.holding("C1", [(LONG_AGO, 10**14)], [(LONG_AGO, 10**4)], 100)
    found = both(database, "2026", date(2026, 12, 31))["M001"]
    assert found.over("demand") == accounts * most * 365 * SHARE
    assert found.over("base") == most * 365 * SHARE
    assert found.over("assets") == 10**18 * 365 * SHARE * 100


def test_who_holds_nobody_is_absent(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", LONG_AGO)])
        books.client("C2", held=[("M002", LONG_AGO, date(2026, 10, 1))])
    assert both(database).keys() == {"M001"}


# ---- kept by drops


def test_nothing_is_kept_until_it_is_built(loaded):
    assert rows(loaded) == {}
    with loaded.read() as tx:
        assert not is_current(tx)
    assert build(loaded) > 0
    assert rows(loaded)
    with loaded.read() as tx:
        assert is_current(tx)


def test_a_correction_rewrites_only_the_managers_it_touches(loaded, tmp_path):
    build(loaded)
    before = rows(loaded)
    files = branch()
    right = [dict(files["balances"][0], amount_fen="1")]
    account = right[0]["account_id"]
    client = next(row["client_id"] for row in files["accounts"] if row["id"] == account)
    theirs = {row["manager_id"] for row in files["assignments"] if row["client_id"] == client}
    drop = write_drop(tmp_path / "right", {"balances": right}, batch=2)
    assert load(loaded, drop).committed
    after = rows(loaded)
    changed = {
        who for (who, day) in {*before, *after} if before.get((who, day)) != after.get((who, day))
    }
    assert changed
    assert changed <= theirs
    build(loaded)
    assert rows(loaded) == after


def test_a_drop_that_came_while_it_was_not_kept_is_seen(loaded, tmp_path):
    build(loaded)
    with loaded.write() as tx:
        tx.execute(RollupHead.__table__.update().values(batch_id=0))
    files = branch()
    drop = write_drop(tmp_path / "more", {"balances": files["balances"][:1]}, batch=2)
    assert load(loaded, drop).committed
    with loaded.read() as tx:
        assert not is_current(tx)
    build(loaded)
    with loaded.read() as tx:
        assert is_current(tx)


# ---- running totals

steps = st.dictionaries(
    st.integers(number(date(2025, 11, 1)), number(date(2027, 2, 1))),
    st.dictionaries(st.sampled_from(("a", "b")), st.integers(-(10**20), 10**20), min_size=1),
    max_size=8,
)


@given(steps=steps, day=st.integers(number(date(2025, 11, 1)), number(date(2027, 3, 1))))
def test_a_total_is_the_days_of_its_year_added_up_one_by_one(steps, day):
    found = [NOTHING, *accumulate(NOTHING, steps)]
    row = max((each for each in found if each.day <= day), key=lambda each: each.day)
    by_hand, level = Counter(), Counter()
    for each in range(min([*steps, day]), day):
        for name, amount in steps.get(each, {}).items():
            level[name] += amount
        if day_of(each).year == day_of(day).year:
            for name, amount in level.items():
                by_hand[name] += amount
    assert row.total(day) == {name: amount for name, amount in by_hand.items() if amount}
