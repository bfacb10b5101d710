"""Law: on every day, from the first to the last, a client's shares and the pool's make 100."""

from itertools import chain, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from bank.days import OPEN, day_of
from bank.models import Assignment, ImportBatch, PoolShare
from tests.bank.drops import branch, day, load, write_drop

FIRST = day("2026-10-01")
SPAN = 12
MANAGERS = ("M001", "M002")
NEEDED = ("units", "staff", "clients")


@st.composite
def spans(draw, manager: str) -> list[tuple[str, int, int, int]]:
    """Some of a manager's spans of a client, apart from one another, half a client at most."""
    cuts = sorted(draw(st.sets(st.integers(0, SPAN), max_size=6)))
    pairs = [pair for pair in pairwise(cuts) if draw(st.booleans())]
    found = [(manager, start, end, draw(st.integers(1, 50))) for start, end in pairs]
    if found and draw(st.booleans()):
        # The last one has not ended.
        found[-1] = (manager, found[-1][1], OPEN - FIRST, found[-1][3])
    return found


HELD = st.tuples(*(spans(manager) for manager in MANAGERS)).map(lambda parts: [*chain(*parts)])


@pytest.fixture
def bank(filled, tmp_path):
    files = {name: branch()[name] for name in NEEDED}
    drop = write_drop(tmp_path / "branch", files)
    return filled("unassigned clients", lambda database: load(database, drop))


def pool(database, client: str):
    with database.read() as tx:
        rows = select(PoolShare).where(PoolShare.client_id == client)
        return tx.execute(rows.order_by(PoolShare.from_day)).all()


def row(manager: str, start: int, end: int, share: int) -> dict[str, str]:
    return {
        "client_id": "C1",
        "manager_id": manager,
        "from_date": str(day_of(FIRST + start)),
        "to_date": "" if FIRST + end == OPEN else str(day_of(FIRST + end)),
        "share_pct": str(share),
        "reason": "",
    }


def test_a_client_nobody_holds_is_the_pools_from_ever_to_ever(bank):
    assert [(span.from_day, span.to_day, span.share_pct) for span in pool(bank, "C2")] == [
        (1, OPEN, 100)
    ]


@settings(
    max_examples=12,
    suppress_health_check=list(HealthCheck),
)
@given(held=HELD.filter(bool))
def test_every_day_adds_up_to_a_whole(bank, tmp_path, held):
    with bank.write() as tx:
        tx.execute(delete(Assignment))
        batch = 1 + tx.scalar(select(func.max(ImportBatch.batch)))
    rows = [row(*span) for span in held]
    assert load(bank, write_drop(tmp_path / "x", {"assignments": rows}, batch=batch)).committed
    spare = pool(bank, "C1")
    for place in (-FIRST + 1, *range(-1, SPAN + 2), OPEN - FIRST - 1):
        on = FIRST + place
        shares = [share for _, start, end, share in held if start <= place < end]
        shares += [span.share_pct for span in spare if span.from_day <= on < span.to_day]
        assert sum(shares) == 100
    for one, other in pairwise(spare):
        assert one.to_day < other.from_day or one.share_pct != other.share_pct
