"""Law: balances loaded as changes, drop by drop, equal a replay of every day."""

from datetime import timedelta
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bank.days import OPEN, day_of
from bank.models import BalanceInterval
from tests.bank.drops import branch, day, load, write_drop

FIRST, LAST = day("2026-10-01"), day("2026-10-20")
SPAN = LAST - FIRST + 1
ACCOUNTS = ("A1", "A2")
DROPS = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(ACCOUNTS), st.integers(0, SPAN - 1)),
        st.integers(0, 3).map(lambda units: units * 10**12),
        min_size=1,
        max_size=8,
    ),
    min_size=1,
    max_size=4,
)


class Ledger:
    """Every account's balance on every day, kept the slow way."""

    def __init__(self) -> None:
        self.daily = {account: [None] * SPAN for account in ACCOUNTS}

    def apply(self, changes) -> None:
        for account, days in self.daily.items():
            known = {
                place: amount
                for place, amount in enumerate(days)
                if amount is not None and (place == 0 or days[place - 1] != amount)
            }
            known |= {place: amount for (who, place), amount in changes.items() if who == account}
            standing = None
            for place in range(SPAN):
                standing = known.get(place, standing)
                days[place] = standing


def stored(database) -> dict[str, list[int | None]]:
    daily = {account: [None] * SPAN for account in ACCOUNTS}
    with database.read() as tx:
        rows = tx.execute(select(BalanceInterval).order_by(BalanceInterval.from_day)).all()
    for row in rows:
        for place in range(row.from_day - FIRST, min(row.to_day - FIRST, SPAN)):
            assert daily[row.account_id][place] is None, "two balances on one day"
            daily[row.account_id][place] = row.amount
    for account in ACCOUNTS:
        own = [row for row in rows if row.account_id == account]
        for previous, row in pairwise(own):
            assert previous.to_day == row.from_day, "a gap between intervals"
            assert previous.amount != row.amount, "a change that is none"
        assert not own or own[-1].to_day == OPEN
    return daily


@pytest.fixture
def bank(database, tmp_path):
    """The branch with both accounts open and no balance."""
    files = branch()
    files["accounts"] = [{**row, "closed_date": ""} for row in files["accounts"]]
    del files["balances"]
    load(database, write_drop(tmp_path / "branch", files))
    return database


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
@given(drops=DROPS)
def test_changes_equal_the_replay(bank, tmp_path, drops):
    with bank.write() as tx:
        tx.execute(delete(BalanceInterval))
    ledger = Ledger()
    for changes in drops:
        rows = [
            {
                "account_id": account,
                "date": str(day_of(FIRST) + timedelta(place)),
                "amount_fen": str(amount),
            }
            for (account, place), amount in changes.items()
        ]
        batch = next(BATCHES)
        drop = write_drop(tmp_path / f"drop{batch}", {"balances": rows}, batch=batch)
        assert load(bank, drop).committed
        ledger.apply(changes)
        assert stored(bank) == ledger.daily


BATCHES = count(2)
