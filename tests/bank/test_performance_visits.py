"""C03a and C03b again: leave, records on demand, and a recount client by client and day by day."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bank.models import Visit as VisitRow
from bank.performance.care import coverage_evidence, frequency_evidence, visit_facts
from bank.performance.measuring import load_frame
from bank.performance.targets import workers
from scoring.coverage import Visit, counted_days, is_drawn, is_owed, required_visits
from scoring.periods import Period
from scoring.scheme import default_scheme
from tests.bank.books import YUAN, evidence
from tests.bank.records import Records, measured, shown, writing

EARLY = date(2025, 6, 1)
Q3 = {"period": "2026Q3"}
MANAGERS = ("M001", "M002")


def borrower(books, client, *held):
    books.client(client, size="small", held=held)
    books.loan(client, "M001", EARLY, [(EARLY, "drawdown", 1_000_000 * YUAN)])


def test_leave_lessens_the_visits_owed(database):
    with writing(database) as books:
        for client in ("A", "B"):
            books.client(client, tier="private", held=[("M001", EARLY)])
        books.client("C", tier="private", held=[("M002", EARLY)])
        borrower(books, "S", ("M001", EARLY))
        borrower(books, "T", ("M002", EARLY))
        # three weeks off: 92 − 21 = 71 days held, of which 45 make one visit; not two
        books.leave("M001", date(2026, 8, 3), date(2026, 8, 24))
        # more than half of the quarter: 92 − 50 = 42 days, 84 of 92
        books.leave("M002", date(2026, 6, 15), date(2026, 8, 20))
        books.visit("A", date(2026, 7, 7))
    frequency = measured(database, "C03a", **Q3)
    assert (frequency["M001"].numerator, frequency["M001"].denominator) == (100, 200)
    assert frequency["M002"].denominator == 100  # 42 days are over half of 45
    coverage = measured(database, "C03b", **Q3)
    assert coverage["M001"].denominator == 100
    assert (coverage["M002"].actual, coverage["M002"].note) == (None, "nothing_due")


def test_leave_of_the_whole_quarter_owes_nothing(database):
    with writing(database) as books:
        books.client("A", tier="private", held=[("M001", EARLY)])
        books.leave("M001", date(2026, 6, 1), date(2026, 10, 10))
    assert measured(database, "C03a", **Q3)["M001"].note == "nothing_due"


def test_two_visits_on_a_day_are_one_and_one_logged_on_the_fourth_day_is_none(database):
    with writing(database) as books:
        for client in ("TWICE", "LATE", "TIMELY"):
            books.client(client, tier="private", held=[("M001", EARLY)])
        day = date(2026, 9, 21)
        books.visit("TWICE", day)
        books.visit("TWICE", day, kind="video")
        # business days: 22, 23, 24, then 28, for 25 September 2026 and the week-end are free
        books.visit("LATE", day, logged=date(2026, 9, 28))
        books.visit("TIMELY", day, logged=date(2026, 9, 24))
    made = {row["id"]: row["made"] for row in shown(database, "C03a", **Q3).rows}
    assert made == {"TWICE": 1, "LATE": 0, "TIMELY": 1}


def test_visits_people_wrote_down_themselves_are_drawn_for_checking(database):
    with writing(database) as books:
        books.client("A", tier="private", held=[("M001", EARLY)])
        for n in range(40):
            books.visit("A", date(2026, 7, 1) + timedelta(days=2 * n))
        books.tx.execute(update(VisitRow).where(VisitRow.id == "V1").values(batch_id=1))
    standards = replace(default_scheme().visits, checked_pct=100)
    (row,) = evidence(
        database, "C03a", **Q3, as_of=LAST, scheme=replace(default_scheme(), visits=standards)
    ).rows
    assert set(row["check"].split()) == {f"V{n}" for n in range(2, 41)}  # V1 came with a drop
    drawn = shown(database, "C03a", **Q3).rows[0]["check"].split()
    assert drawn == [f"V{n}" for n in range(2, 41) if is_drawn(f"V{n}", 10)] != []


def test_the_tier_of_the_last_day_decides_when_a_past_day_is_asked(database):
    with writing(database) as books:
        books.client("UP", tier="private", held=[("M001", EARLY)])
        books.was("UP", "standard", EARLY, date(2026, 10, 12))
        books.was("UP", "private", date(2026, 10, 12))
        books.correct("M001", date(2026, 10, 12))
    assert measured(database, "C03a", **Q3, as_of=date(2026, 9, 30))["M001"].note == "nothing_due"
    assert measured(database, "C03a", **Q3)["M001"].denominator == 200


# ---- a recount

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)


@dataclass
class Case:
    """A client: who holds it from which day on, its visits, and what makes visits owed."""

    tier: str
    borrows: bool
    held: list[tuple[date, str, int]]
    visits: list[tuple[date, int, str, str]]

    def holders(self, day):
        """Manager and share on a day; None where nobody holds it."""
        known = [each for each in self.held if each[0] <= day]
        return known[-1][1:] if known else None


def some_day(first=FIRST - timedelta(days=40), last=LAST + timedelta(days=20)):
    return st.dates(first, last)


cases = st.builds(
    Case,
    st.sampled_from(["private", "premium", "standard"]),
    st.booleans(),
    st.lists(
        st.tuples(some_day(), st.sampled_from([*MANAGERS, ""]), st.sampled_from([30, 100])),
        min_size=1,
        max_size=3,
        unique_by=lambda each: each[0],
    ).map(sorted),
    st.lists(
        st.tuples(
            some_day(FIRST, LAST),
            st.integers(0, 7),
            st.sampled_from(["onsite", "video", "phone"]),
            st.sampled_from(["met", " ", ""]),
        ),
        max_size=5,
    ),
)
leaves = st.lists(st.tuples(some_day(), st.integers(1, 60)), max_size=1)


def test_set_wise_figures_are_those_of_a_recount(database):
    @settings(max_examples=25)
    @given(st.lists(cases, min_size=1, max_size=4), leaves, st.sampled_from([LAST, FIRST, None]))
    def law(clients, away, as_of):
        with database.read() as tx:  # which leaves nothing behind
            compare(tx, clients, away, as_of or date(2026, 8, 14))

    law()


def compare(tx, clients, away, as_of):
    books = Records(tx)
    for manager in MANAGERS:
        books.manager(manager)
    for start, length in away:
        books.leave("M001", start, start + timedelta(days=length))
    for at, case in enumerate(clients):
        write(books, f"C{at}", case)
    frame = load_frame(tx, default_scheme(), Period.parse("2026Q3"), as_of)
    off = {start + timedelta(days=n) for start, length in away for n in range(length)}
    facts = {
        (who, fact.indicator): fact
        for who, fact in visit_facts(tx, frame, workers(tx, frame.window))
    }
    for manager in MANAGERS:
        free = off if manager == "M001" else set()
        each = [recount(case, manager, free, frame) for case in clients]
        for indicator, at, behind in (
            ("C03a", 0, frequency_evidence),
            ("C03b", 1, coverage_evidence),
        ):
            fact = facts[manager, indicator]
            made, owed = (sum(found[at][n] for found in each) for n in (0, 1))
            if fact.note:
                assert owed == 0 or indicator == "C03b"  # or under one planned visit
            else:
                assert (fact.numerator, fact.denominator) == (made, owed)
            rows = behind(tx, frame, manager).rows
            assert sum(row["made"] * row["share_pct"] for row in rows) == made
            assert sum(row["owed"] * row["share_pct"] for row in rows) == owed


def write(books, client, case):
    books.client(client, tier=case.tier, size="small" if case.borrows else "")
    ends = [*(start for start, _, _ in case.held[1:]), None]
    for (start, manager, share), end in zip(case.held, ends, strict=True):
        if manager:
            books.hold(client, manager, start, end, share)
    if case.borrows:
        books.loan(client, "M001", EARLY, [(EARLY, "drawdown", YUAN)])
    for day, after, kind, note in case.visits:
        books.visit(client, day, logged=day + timedelta(days=after), kind=kind, note=note)


def recount(case, manager, off, frame):
    """((made, owed) of C03a, (made, owed) of C03b) of a client, in percent of the share."""
    standards, window = frame.scheme.visits, frame.window
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    mine = [day for day in days if (case.holders(day) or ("",))[0] == manager]
    spans = [each for each in case.held if each[1] == manager]
    so_far = [day for day in mine if day <= window.through]
    if not so_far:
        return (0, 0), (0, 0)
    begun = [(start, share) for start, _, share in spans if start <= window.through]
    share = begun[-1][1]
    following = [start for start, _, _ in case.held if start > begun[-1][0]]
    ends = following[0] if following else date.max
    visits = (
        Visit("", day, day + timedelta(days=after), kind, note)
        for day, after, kind, note in case.visits
        if day + timedelta(days=after) <= window.as_of
    )
    between = frame.calendar.business_days_between
    valid = counted_days(visits, standards.log_within, between).get("", ())
    frequency = coverage = (0, 0)
    if case.tier in standards.scored_tiers:
        goes_on = ends > window.through + timedelta(days=1) and not window.is_over
        held = len([day for day in so_far if day not in off])
        maximum = standards.tiers[case.tier].maximum
        owed = required_visits(held, maximum, complete=not goes_on)
        made = len([day for day in valid if day in so_far])
        frequency = (share * min(made, owed), share * owed)
    # What is handed on after the last known day is not known: the last holding goes on.
    to_come = [day for day in mine if day <= window.through or day < ends]
    if case.borrows and is_owed(len([day for day in to_come if day not in off]), len(days)):
        seen = any(FIRST <= day < ends and day <= window.through for day in valid)
        coverage = (share if seen else 0, share)
    return frequency, coverage
