"""Laws of balances loaded as changes: they equal a replay of every day, and so does every belief.

Drops come in any order of their business dates: whole nights, snapshots, and corrections of days
long past. After each, the intervals are compared with books kept the slow way, day by day, and
so is what the bank believed at the end of every business day before.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bank.days import OPEN, day_of
from bank.intervals import believed
from bank.models import BalanceInterval, BalanceSuperseded, Correction, ImportBatch
from tests.bank.drops import branch, day, load, rewrite, text_of, write_drop

FIRST = day("2026-10-01")
SPAN = 16
"""Days the drops may speak of."""
ACCOUNTS = ("A1", "A2")
AMOUNTS = st.integers(0, 3).map(lambda units: units * 10**12)


@st.composite
def drops(draw) -> tuple[int, bool, dict[tuple[str, int], int]]:
    """A business date, whether it is a snapshot, and balances up to it, by account and day."""
    date = draw(st.integers(0, SPAN - 1))
    if draw(st.booleans()):
        amounts = draw(st.dictionaries(st.sampled_from(ACCOUNTS), AMOUNTS, min_size=1))
        return date, True, {(account, date): amount for account, amount in amounts.items()}
    places = st.tuples(st.sampled_from(ACCOUNTS), st.integers(0, date))
    return date, False, draw(st.dictionaries(places, AMOUNTS, min_size=1, max_size=6))


@dataclass
class Ledger:
    """Every account's balance on every day, and how it was known at the end of earlier days."""

    daily: dict[str, list[int | None]] = field(
        default_factory=lambda: {account: [None] * SPAN for account in ACCOUNTS}
    )
    loaded: list[int] = field(default_factory=list)
    beliefs: dict[int, dict[str, list[int | None]]] = field(default_factory=dict)

    def apply(self, date: int, sent: dict[tuple[str, int], int], *, snapshot: bool) -> None:
        following = min((other for other in self.loaded if other > date), default=None)
        for account, days in self.daily.items():
            own = {place: amount for (who, place), amount in sent.items() if who == account}
            if not own:
                continue
            changes = {
                place: amount
                for place, amount in enumerate(days)
                if amount is not None and (place == 0 or days[place - 1] != amount)
            }
            if snapshot and following is not None and days[following] is not None:
                changes.setdefault(following, days[following])
            changes |= own
            standing = None
            for place in range(SPAN):
                standing = days[place] = changes.get(place, standing)
        self.loaded.append(date)
        self.beliefs[max(self.loaded)] = {account: [*days] for account, days in self.daily.items()}


def by_day(rows, last: int = SPAN) -> dict[str, list[int | None]]:
    daily: dict[str, list[int | None]] = {account: [None] * last for account in ACCOUNTS}
    for row in rows:
        for place in range(max(row.from_day - FIRST, 0), min(row.to_day - FIRST, last)):
            assert daily[row.account_id][place] is None, "two balances on one day"
            daily[row.account_id][place] = row.amount
    return daily


def check_shape(rows) -> None:
    """No gap, no change that is none, and the last one open."""
    for account in ACCOUNTS:
        own = [row for row in rows if row.account_id == account]
        for previous, row in pairwise(own):
            assert previous.to_day == row.from_day
            assert previous.amount != row.amount
        assert not own or own[-1].to_day == OPEN


@pytest.fixture
def bank(database, tmp_path):
    """The branch with both accounts open and no balance."""
    files = {name: branch()[name] for name in ("units", "staff", "clients", "products")}
    files["accounts"] = [{**row, "closed_date": ""} for row in branch()["accounts"]]
    before = {"source": "crm", "business_date": str(day_of(FIRST - 1))}
    assert load(database, write_drop(tmp_path / "branch", files, **before)).committed
    return database


def forget_balances(database) -> None:
    with database.write() as tx:
        for model in (BalanceInterval, BalanceSuperseded, Correction):
            tx.execute(delete(model))
        tx.execute(delete(ImportBatch).where(ImportBatch.source == "core"))


def write(folder, date: int, *, snapshot: bool, amounts, batch: int):
    rows = [
        {"account_id": account, "date": str(day_of(FIRST + place)), "amount_fen": str(amount)}
        for (account, place), amount in amounts.items()
    ]
    on = str(day_of(FIRST + date))
    drop = write_drop(folder, {"balances": rows}, business_date=on, batch=batch)
    rewrite(drop, "balances", text_of(rows), complete=snapshot)
    return drop


@settings(
    max_examples=12,
    suppress_health_check=list(HealthCheck),
)
@given(sent=st.lists(drops(), min_size=1, max_size=5))
def test_every_day_and_every_belief_equals_the_replay(bank, tmp_path, sent):
    forget_balances(bank)
    ledger = Ledger()
    for batch, (date, snapshot, amounts) in enumerate(sent, 1):
        drop = write(tmp_path / "next", date, snapshot=snapshot, amounts=amounts, batch=batch)
        assert load(bank, drop).committed
        ledger.apply(date, amounts, snapshot=snapshot)
        with bank.read() as tx:
            rows = tx.execute(select(BalanceInterval).order_by(BalanceInterval.from_day)).all()
        check_shape(rows)
        assert by_day(rows) == ledger.daily
    for known, belief in ledger.beliefs.items():
        with bank.read() as tx:
            rows = tx.execute(believed(BalanceInterval, FIRST + known)).all()
        upto = {account: days[: known + 1] for account, days in belief.items()}
        assert by_day(rows, known + 1) == upto
