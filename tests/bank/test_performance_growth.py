"""T01 teamwork, T02 courses, T03 proposals and S10 certificates, alike on both engines."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from scoring.scheme import default_scheme
from tests.bank.records import AS_OF, measured, shown, writing

EARLY = date(2025, 6, 1)
Q3 = {"period": "2026Q3"}
DAY = date(2026, 8, 12)


def raters(books, count):
    for at in range(count):
        books.manager(f"O{at:02}", role="risk")


def rate(books, *scores, manager="M001", **when):
    for at, score in enumerate(scores):
        books.rating(manager, f"O{at:02}", score, **when)


# ---- T01


def test_ratings_and_files_accepted_at_once(database):
    with writing(database) as books:
        raters(books, 10)
        rate(books, 10, 80, 80, 80, 80, 90, 90, 90, 90, 100)
        books.client("C", held=[("M001", EARLY)])
        for returned in (None, None, None, date(2026, 8, 14)):
            books.file("M001", "C", DAY, returned=returned)
    found = measured(database, "T01", **Q3)["M001"]
    # A tenth is cut at each end: 10 and 100 go, (4 × 80 + 4 × 90) ÷ 8 = 85.
    # 60 % × 85 + 40 % × 100 × 3 ÷ 4 = 51 + 30
    assert found.actual == 81


def test_two_raters_are_too_few_and_three_are_not(database):
    with writing(database) as books:
        raters(books, 3)
        rate(books, 80, 90)
        rate(books, 80, 90, 70, manager="M002")
        books.client("C", held=[("M001", EARLY)])
        books.file("M001", "C", DAY)
    found = measured(database, "T01", **Q3)
    assert (found["M001"].actual, found["M001"].note) == (None, "too_few")
    assert found["M002"].actual == 80  # without files the ratings stand alone


def test_only_ratings_known_by_the_day_and_of_the_period_count(database):
    with writing(database) as books:
        raters(books, 3)
        rate(books, 80, 80, 80, day=date(2026, 10, 9))
        rate(books, 20, 20, 20, quarter="2026Q2", day=date(2026, 7, 9))
        rate(books, 10, 10, quarter="2026Q1", day=date(2026, 4, 9))  # too few in that quarter
    assert measured(database, "T01", **Q3, as_of=date(2026, 10, 8))["M001"].note == "too_few"
    assert measured(database, "T01", **Q3, as_of=date(2026, 10, 9))["M001"].actual == 80
    assert measured(database, "T01", period="2026")["M001"].actual == 50  # 80 and 20
    assert measured(database, "T01", period="2026Q4")["M001"].note == "too_few"


def test_a_file_returned_after_the_day_was_still_right(database):
    with writing(database) as books:
        raters(books, 3)
        rate(books, 80, 80, 80, day=date(2026, 9, 30))
        books.client("C", held=[("M001", EARLY)])
        books.file("M001", "C", date(2026, 9, 30), returned=date(2026, 10, 8))
    on_the_day = measured(database, "T01", **Q3, as_of=date(2026, 10, 7))["M001"]
    assert on_the_day.actual == 88  # 48 + 40
    assert measured(database, "T01", **Q3)["M001"].actual == 48


def test_raters_stay_unnamed(database):
    with writing(database) as books:
        raters(books, 4)
        rate(books, 61, 72, 83, 94)
        books.client("C", held=[("M001", EARLY)])
        books.file("M001", "C", DAY, returned=date(2026, 8, 14))
        books.file("M001", "C", DAY)
    told = shown(database, "T01", **Q3)
    assert told.rows[0] == {"id": "ratings", "count": 4, "points": 310, "pct": 60}
    assert told.rows[1] == {"id": "files", "count": 2, "accepted": 1, "pct": 40}
    assert told.rows[2]["reason"] == "the contract is a copy"
    assert told.count == 3
    values = {str(value) for row in told.rows for value in row.values()}
    assert not values & {"O00", "O01", "O02", "O03", "61", "72", "83", "94"}
    # 60 % × 310 ÷ 4 + 40 % × 100 × 1 ÷ 2 = 46.5 + 20
    assert measured(database, "T01", **Q3)["M001"].actual == Decimal("66.5")


# ---- T02


def test_courses_are_the_better_of_two_and_told_by_kind(database):
    due = date(2026, 10, 30)
    with writing(database) as books:
        books.manager("M003", hired=date(2026, 10, 20))
        tries = [(date(2026, 10, 10), 60), (date(2026, 10, 11), 70), (date(2026, 10, 12), 99)]
        books.taught("M001", "aml", due, tries, kind="compliance")
        books.taught("M001", "funds", due, [(date(2026, 10, 12), 90)], kind="product")
        books.course("M001", "missed", due, [(None, None)])
        books.course("M003", "before", date(2026, 10, 19), [(None, None)])  # due before joining
        books.course("M003", "after", due, [(date(2026, 10, 29), 88)])
    found = measured(database, "T02")
    assert (found["M001"].numerator, found["M001"].denominator) == (70 + 90 + 0, 3)
    assert (found["M003"].actual, found["M003"].denominator) == (88, 1)
    told = shown(database, "T02")
    assert [(row["id"], row["kind"], row["score"], row["taken"]) for row in told.rows] == [
        ("missed", "compliance", 0, ""),
        ("aml", "compliance", 70, "2026-10-11"),
        ("funds", "product", 90, "2026-10-12"),
    ]


def test_a_course_due_after_leaving_is_not_asked(database):
    with writing(database) as books:
        books.manager("M003", left=date(2026, 10, 20))
        books.course("M003", "aml", date(2026, 10, 30), [(None, None)])
    assert measured(database, "T02")["M003"].note == "nothing_due"


# ---- T03


def test_a_proposal_counts_step_by_step_in_the_quarter_of_each(database):
    with writing(database) as books:
        steps = {
            "screened": date(2026, 2, 3),
            "adopted": date(2026, 5, 4),
            "rolled_out": date(2026, 11, 2),
        }
        books.proposal(date(2026, 1, 5), steps, {"M001": 60, "M002": 40})
    quarters = [measured(database, "T03", period=f"2026Q{n}")["M001"].actual for n in (1, 2, 3, 4)]
    # 10, then 40 − 10, nothing, 100 − 40, each × 60 %
    assert quarters == [6, 18, 0, 36]
    year = measured(database, "T03", period="2026")
    assert (year["M001"].actual, year["M002"].actual) == (60, 40)
    told = shown(database, "T03", period="2026Q4")
    assert (told.rows[0]["points"], told.rows[0]["share_pct"]) == (60, 60)


def test_points_stop_at_the_cap_and_start_at_nothing(database):
    with writing(database) as books:
        day = date(2026, 10, 8)
        for _ in range(2):
            books.proposal(EARLY, {"rolled_out": day}, {"M001": 100})
        books.proposal(EARLY, {"rejected": day}, {"M002": 100})
        books.proposal(EARLY, {}, {"M002": 100})
        books.proposal(EARLY, {"adopted": date(2026, 11, 17)}, {"M002": 100})  # not known yet
    found = measured(database, "T03")
    assert (found["M001"].actual, found["M002"].actual) == (100, 0)
    assert sum(row["points"] * row["share_pct"] for row in shown(database, "T03").rows) == 20_000
    scheme = default_scheme()
    higher = replace(scheme, proposals=replace(scheme.proposals, cap=150))
    assert measured(database, "T03", scheme=higher)["M001"].actual == 150


# ---- S10


def test_certificates_valid_on_the_last_day(database):
    with writing(database) as books:
        books.certificate("M001", "CFP", EARLY)
        books.certificate("M001", "FRM", EARLY, date(2026, 11, 17))  # its last day
        books.certificate("M001", "AFP", EARLY, AS_OF)  # ended the day before
        books.certificate("M001", "CFA", date(2026, 11, 17))
    assert measured(database, "S10")["M001"].actual == 2
    assert measured(database, "S10")["M002"].actual == 0
    assert [row["id"] for row in shown(database, "S10").rows] == ["FRM", "CFP"]
