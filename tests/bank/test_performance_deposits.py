"""P01, P01a and P01b: deposits day by day beyond last year's average, alike on both engines."""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.performance.deposits import UNITS, increment
from bank.performance.measuring import load_frame
from bank.performance.sums import day_sums
from scoring.periods import Period
from scoring.rounding import whole as whole_fen
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, Books, evidence, facts
from tests.bank.ledger import Ledger

START, AS_OF = date(2026, 10, 1), date(2026, 11, 16)
COEFFICIENTS = default_scheme().coefficients


def p01(database, manager="M001", period="2026Q4", as_of=AS_OF):
    return facts(database, period, as_of)[manager]["P01"]


@contextmanager
def writing(database):
    with database.write() as tx:
        books = Books(tx)
        books.manager("M001")
        books.manager("M002")
        yield books


def test_a_quarter_so_far_by_hand(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", date(2025, 1, 1))], base=100_000 * YUAN)
        books.account(
            "C1", [(date(2025, 1, 1), 150_000 * YUAN), (date(2026, 11, 1), 244_000 * YUAN)]
        )
        books.account("C1", [(date(2026, 10, 11), 100_000 * YUAN)], kind="margin")
    fact = p01(database)
    # 1 October to 16 November: 47 days. Demand: 31 × 150,000 + 16 × 244,000 = 8,554,000.
    # Margin at 30 %: 37 days (11 October on) × 30,000 = 1,110,000. Base: 47 × 100,000 = 4,700,000.
    # (8,554,000 + 1,110,000 − 4,700,000) ÷ 47 = 4,964,000 ÷ 47 = 105,617.0212… yuan
    assert fact.actual == 10_561_702
    assert Decimal(fact.numerator) / fact.scale == 4_964_000 * YUAN
    assert (fact.days, fact.as_of) == (47, AS_OF)
    found = evidence(database, "P01", period="2026Q4", as_of=AS_OF)
    # October: (31 × 150,000 + 21 × 100,000) ÷ 31 = 217,741.94 a day, and 250,000 on the 31st
    warned = {"id": "month_end", "day": "2026-10-31", "deviation_pct": "14.81", "warned": 1}
    assert found.rows == ({"id": "C1", "average_fen": 10_561_702}, warned)


def test_shares_split_a_client_and_a_handover_moves_balance_and_base_together(database):
    with writing(database) as books:
        books.client(
            "C1",
            held=[
                ("M001", date(2025, 1, 1), date(2026, 11, 1)),
                ("M001", date(2026, 11, 1), None, 40),
                ("M002", date(2026, 11, 1), None, 60),
            ],
            base=47_000 * YUAN,
        )
        books.account("C1", [(date(2025, 1, 1), 94_000 * YUAN)])
    # Increment 47,000 a day. M001: 31 days whole + 16 days × 40 % = 37.4 days; M002: 9.6 days.
    assert p01(database, "M001").actual == 37_400 * YUAN
    assert p01(database, "M002").actual == 9_600 * YUAN


def test_a_new_client_has_no_base_and_a_client_that_left_is_missed(database):
    with writing(database) as books:
        books.client("NEW", held=[("M001", START)])
        books.account("NEW", [(date(2026, 11, 10), 47_000 * YUAN)])
        books.client("GONE", held=[("M002", date(2025, 1, 1))], base=10_000 * YUAN)
        books.account("GONE", [(date(2025, 1, 1), 47_000 * YUAN)], closed=date(2026, 10, 11))
    # 7 days (10 to 16 November) × 47,000 ÷ 47
    assert p01(database, "M001").actual == 7_000 * YUAN
    # 10 days × 47,000 ÷ 47 − 10,000: the balance of a closed account counts no more
    assert p01(database, "M002").actual == 0


def test_companies_and_people_apart(database):
    with writing(database) as books:
        books.client("FIRM", size="small", held=[("M001", date(2025, 1, 1))], base=1_000 * YUAN)
        books.account("FIRM", [(date(2025, 1, 1), 3_000 * YUAN)])
        books.client("PERSON", held=[("M001", date(2025, 1, 1))], base=9_000 * YUAN)
        books.account("PERSON", [(date(2025, 1, 1), 4_000 * YUAN)])
        books.target("M001", "P01a", 1_000 * YUAN)
    found = facts(database, "2026Q4", AS_OF)["M001"]
    # 3,000 − 1,000 and 4,000 − 9,000
    assert found["P01a"].actual == 2_000 * YUAN
    assert found["P01b"].actual == -5_000 * YUAN
    assert found["P01"].actual == -3_000 * YUAN
    assert (found["P01a"].target is None, found["P01b"].target is None) == (False, True)
    rows = evidence(database, "P01a", period="2026Q4", as_of=AS_OF).rows
    assert [row["id"] for row in rows] == ["FIRM", "month_end"]


def test_time_deposits_that_fall_due_are_shown_by_how_soon(database):
    with database.write() as tx:
        books = Ledger(tx)
        books.client("C1", held=[("M001", date(2025, 1, 1), None, 50)])
        for days, amount in ((0, 1_000), (1, 2_000), (30, 4_000), (31, 8_000), (91, 16_000)):
            account = books.account("C1", [(START, amount * YUAN)], kind="time")
            books.matures(account, AS_OF + timedelta(days=days))
    rows = evidence(database, "P01", period="2026Q4", as_of=AS_OF).rows
    # half of 2,000 + 4,000 within 30 days, and of the 8,000 after that
    assert [(row["days"], row["fen"]) for row in rows if row["id"] == "matures"] == [
        (30, 3_000 * YUAN),
        (60, 7_000 * YUAN),
        (90, 7_000 * YUAN),
    ]


def test_money_that_is_nobodys_merit_is_left_out(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", date(2025, 1, 1))])
        books.account("C1", [(date(2025, 1, 1), 1_000 * YUAN)])
        for why in ("interbank", "pledged", "high_cost", "abnormal"):
            books.account("C1", [(date(2025, 1, 1), 90_000 * YUAN)], excluded=why)
    assert p01(database).actual == 1_000 * YUAN


def test_a_falling_book_is_negative_and_scores_nothing_rather_than_missing(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", date(2025, 1, 1))], base=10_000 * YUAN)
        books.target("M001", "P01", 100_000 * YUAN)
    fact = p01(database)
    assert (fact.actual, fact.note) == (-10_000 * YUAN, "")


def test_a_manager_without_clients_has_nothing_to_measure(database):
    with writing(database) as books:
        books.client("C1", held=[("M002", START)])
    assert (p01(database).actual, p01(database).note) == (None, "no_clients")
    assert (p01(database, "M002").actual, p01(database, "M002").note) == (0, "")


def test_the_target_is_the_planned_path_averaged_over_the_days_so_far(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", date(2025, 1, 1))])
        books.target("M001", "P01", 10_000_000 * YUAN)
    year = p01(database, period="2026", as_of=date(2026, 12, 31))
    assert year.target == year.period_target == 10_000_000 * YUAN
    quarters = [p01(database, period=f"2026Q{n}", as_of=date(2026, 12, 31)) for n in (1, 2, 3, 4)]
    weighed = sum(fact.period_target * fact.days for fact in quarters)
    assert abs(weighed - 10_000_000 * YUAN * 365) <= 2 * 365  # each quarter rounded to a fen
    so_far = p01(database)
    assert so_far.target < so_far.period_target == quarters[3].target


def test_the_newest_signed_version_counts_from_its_signature(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", date(2025, 1, 1))])
        books.target("M001", "P01", 1_000 * YUAN)
        books.target("M001", "P01", 2_000 * YUAN, version=2, signed=date(2026, 11, 17))
    before = p01(database).target
    after = p01(database, as_of=date(2026, 11, 17))
    assert abs(after.period_target - 2 * p01(database).period_target) <= 1  # each to a fen
    assert before < after.target


def test_a_joiner_is_asked_for_the_days_employed_past_the_ramp(database):
    with database.write() as tx:
        books = Books(tx)
        books.manager("OLD")
        books.manager("NEW", hired=date(2026, 9, 11))
        for n, manager in enumerate(("OLD", "NEW")):
            books.client(f"C{n}", held=[(manager, date(2026, 11, 1))])
            books.target(manager, "P01", 10_000_000 * YUAN)
    old, new = (facts(database, "2026Q4", AS_OF)[who]["P01"] for who in ("OLD", "NEW"))
    # October 1 to 10 is the first month employed: 0 %; to November 10 the second: 31 days at 50 %;
    # then all of it. So far 15.5 + 6 = 21.5 of 47 days, in the end 15.5 + 51 = 66.5 of 92.
    assert abs(new.target - old.target * Decimal("21.5") / 47) <= 1  # each to a fen
    assert abs(new.period_target - old.period_target * Decimal("66.5") / 92) <= 1


def test_an_account_of_a_hundred_billion_yuan_is_summed_exactly(database):
    """In fen × days × percent² it would overflow 64 bits: 10^13 × 365 × 10^4 = 3.65 × 10^19."""
    huge = 10**13 + 1
    with writing(database) as books:
        books.client("C1", held=[("M001", date(2025, 1, 1))], base=1)
        books.account("C1", [(date(2025, 1, 1), huge)])
    fact = p01(database, period="2026", as_of=date(2026, 12, 31))
    assert fact.numerator == (huge - 1) * 365 * UNITS
    assert fact.actual == huge - 1


# ---- the law: managers sum to the bank, whatever is handed over, shared or left to the pool

FIRST = date(2026, 9, 1)
DAYS = 60
amounts = st.integers(0, 10**13)
spans = st.lists(st.integers(1, 30), min_size=1, max_size=4)


@st.composite
def clients(draw):
    """One client: base, accounts as (kind, [(day, amount)]), holdings day by day, and class."""
    base = draw(st.none() | amounts)
    accounts = []
    for kind in draw(st.lists(st.sampled_from(sorted(COEFFICIENTS)), max_size=2)):
        days = sorted(draw(st.sets(st.integers(0, DAYS - 1), min_size=1, max_size=4)))
        accounts.append((kind, [(day, draw(amounts)) for day in days]))
    holdings, day = [], 0
    for length in draw(spans):
        share = draw(st.integers(0, 100))
        rest = draw(st.integers(0, 100 - share))
        holdings.append((day, day + length, {"M001": share, "M002": rest}))
        day += length
    return base, accounts, holdings, draw(st.sampled_from(("P01a", "P01b")))


@given(book=st.lists(clients(), max_size=3))
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_managers_and_pool_sum_to_the_bank_recounted_day_by_day(database, book):
    with database.engine.connect() as tx:
        books = Books(tx)
        books.manager("M001")
        books.manager("M002")
        for number, (base, accounts, holdings, part) in enumerate(book):
            client = f"C{number}"
            books.client(client, base=base, size="small" if part == "P01a" else "")
            for kind, changes in accounts:
                books.account(client, [(at(day), amount) for day, amount in changes], kind=kind)
            for start, end, shares in holdings:
                for manager, share in shares.items():
                    if share:
                        books.hold(client, manager, at(start), at(end), share)
        frame = load_frame(tx, default_scheme(), Period.parse("2026Q4"), at(DAYS - 1))
        sums = day_sums(tx, frame, ["M001", "M002"])
        found = {
            (manager, indicator): increment(frame, sums[manager], indicator)
            for manager in sums
            for indicator in ("P01", "P01a", "P01b")
        }
        tx.rollback()
    days = range((START - FIRST).days, DAYS)
    for manager in ("M001", "M002"):
        for indicator in ("P01", "P01a", "P01b"):
            measure = found.get((manager, indicator))
            part = [client for client in book if indicator in ("P01", client[3])]
            recount = sum(of_day(part, day, manager) for day in days)
            assert (measure.numerator if measure else 0) == recount
            level = Fraction(of_day(part, DAYS - 1, manager), UNITS)
            assert (measure.level if measure else 0) == whole_fen(level)
    pool = sum(of_day(book, day, None) for day in days)
    bank = sum(whole(client, day) for client in book for day in days)
    managers = sum(found[manager, "P01"].numerator for manager in sums)
    assert managers + pool == bank * 100


def at(day):
    return FIRST + timedelta(days=day)


def whole(client, day):
    """A client's weighted increment on one day, in fen × percent of coefficient."""
    base, accounts, *_ = client
    held = 0
    for kind, changes in accounts:
        amount = [amount for start, amount in changes if start <= day][-1:] or [0]
        held += COEFFICIENTS[kind] * amount[0]
    return held - 100 * (base or 0)


def of_day(book, day, manager):
    """A manager's part of one day, or for None the pool's."""
    total = 0
    for client in book:
        shares = next((s for start, end, s in client[2] if start <= day < end), {})
        share = shares.get(manager, 0) if manager else 100 - sum(shares.values())
        total += share * whole(client, day)
    return total
