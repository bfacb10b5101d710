"""R04 checks, S05 to S12: what has a day, and was in order or not; alike on both engines."""

from datetime import date
from decimal import Decimal

from tests.bank.records import AS_OF, measured, shown, writing

DAY = date(2026, 10, 12)
EARLY = date(2025, 6, 1)


def items(books, count, *, day=DAY, **how):
    for _ in range(count):
        books.check("M001", day, **how)


# ---- R04


def test_items_weigh_by_severity_and_the_first_result_stands(database):
    with writing(database) as books:
        items(books, 6, severity="minor")
        items(books, 2, severity="major")
        items(books, 1, severity="critical", kind="documents")
        # put right since: shown, but not counted
        items(books, 1, severity="major", passed=False, again=(date(2026, 10, 26), True))
    found = measured(database, "R04")["M001"]
    # passed 6 × 1 + 2 × 3 + 1 × 5 = 17 of 20
    assert (found.numerator, found.denominator, found.actual) == (17, 20, 85)
    told = shown(database, "R04")
    assert told.count == 10
    failed = told.rows[0]
    assert (failed["passed"], failed["recheck"]) == ("no", "2026-10-26 yes")
    assert sum(row["weight"] for row in told.rows if row["passed"] == "yes") == found.numerator
    before = shown(database, "R04", as_of=date(2026, 10, 25))
    assert before.rows[0]["recheck"] == ""


def test_sales_and_documents_have_lines_of_their_own(database):
    with writing(database) as books:
        items(books, 10, kind="sales")
        items(books, 9, kind="documents")
        items(books, 1, kind="documents", passed=False)
        items(books, 5, kind="aml", passed=False)
    # R04: 19 of 25; R04a: 10 of 10; R04b: 9 of 10
    assert measured(database, "R04")["M001"].actual == 76
    assert measured(database, "R04a")["M001"].actual == 100
    assert measured(database, "R04b")["M001"].actual == 90
    assert shown(database, "R04b").count == 10


def test_under_ten_items_the_last_twelve_months_are_looked_at(database):
    with writing(database) as books:
        items(books, 9)
        items(books, 3, day=date(2025, 11, 17), passed=False)  # the first day of the twelve months
        items(books, 3, day=date(2025, 11, 16), passed=False)  # a day too early
    found = measured(database, "R04")["M001"]
    assert (found.numerator, found.denominator, found.actual) == (9, 12, 75)
    assert shown(database, "R04").count == 12


def test_with_ten_items_the_period_stands_by_itself(database):
    with writing(database) as books:
        items(books, 10)
        items(books, 3, day=date(2025, 11, 17), passed=False)
    assert measured(database, "R04")["M001"].actual == 100


def test_nothing_checked_is_no_figure(database):
    with writing(database) as books:
        items(books, 1, day=date(2026, 11, 17))  # not known yet
    found = measured(database, "R04")["M001"]
    assert (found.actual, found.note) == (None, "nothing_checked")


# ---- S05, S09, S12


def test_duties_in_time_of_those_due(database):
    due = date(2026, 11, 10)
    with writing(database) as books:
        books.duty("M001", "due_diligence", due, done=due)
        books.duty("M001", "post_loan_check", due, done=date(2026, 11, 11))  # late
        books.duty("M001", "post_loan_check", due)
        books.duty("M001", "post_loan_check", due, done=date(2026, 10, 30))
        books.duty("M001", "post_loan_check", date(2026, 11, 17))  # not due yet
        books.duty("M001", "analysis_report", AS_OF, done=AS_OF)
        books.duty("M001", "client_plan", due)  # counts elsewhere
    found = measured(database, "S05")["M001"]
    assert (found.numerator, found.denominator, found.actual) == (2, 4, 50)
    told = shown(database, "S05")
    assert [row["counted"] for row in told.rows] == [0, 0, 1, 1]
    assert measured(database, "S12")["M001"].actual == 100
    assert measured(database, "S12")["M002"].note == "nothing_due"


def test_care_counts_when_it_was_done_late_too(database):
    with writing(database) as books:
        books.duty("M001", "return_visit", date(2026, 10, 12), done=date(2026, 11, 2))
        books.duty("M001", "festive_care", date(2026, 10, 12), done=date(2026, 11, 17))
    assert measured(database, "S09")["M001"].actual == 50  # the second was not known on the 16th
    assert measured(database, "S09", as_of=date(2026, 11, 17))["M001"].actual == 100


def test_what_fell_due_on_leave_was_not_due_unless_it_was_done(database):
    with writing(database) as books:
        books.leave("M001", date(2026, 11, 2), date(2026, 11, 9))
        books.duty("M001", "post_loan_check", date(2026, 11, 8))
        books.duty("M001", "post_loan_check", date(2026, 11, 5), done=date(2026, 10, 30))
        books.duty("M001", "post_loan_check", date(2026, 11, 9))
    found = measured(database, "S05")["M001"]
    assert (found.numerator, found.denominator) == (1, 2)


# ---- S08, S07


def test_inquiries_answered_in_time(database):
    asked, due = date(2026, 11, 9), date(2026, 11, 11)
    with writing(database) as books:
        books.client("C", held=[("M001", EARLY)])
        books.inquiry("C", "M001", asked, due, answered=due)
        books.inquiry("C", "M001", asked, due, answered=date(2026, 11, 12))
        books.inquiry("C", "M001", asked, due)
        books.inquiry("C", "M001", asked, due, answered=asked)
        books.inquiry("C", "M001", AS_OF, date(2026, 11, 18), answered=AS_OF)  # not due yet
    found = measured(database, "S08")["M001"]
    assert (found.numerator, found.denominator, found.actual) == (2, 4, 50)
    assert [row["counted"] for row in shown(database, "S08").rows] == [0, 0, 1, 1]


def test_files_that_are_there_and_up_to_date(database):
    with writing(database) as books:
        books.client("P", held=[("M001", EARLY)])
        books.describe("P", risk_level="low", kyc_due_day=date(2026, 11, 15).toordinal())
        books.document("P", "identity", date(2026, 11, 16))  # due today: in time
        books.client("F", size="small", held=[("M001", EARLY)])
        books.describe("F", risk_level="", industry="wholesale")
        books.document("F", "licence", date(2026, 10, 1), renewed=date(2026, 10, 2))
        books.document("F", "ownership", date(2026, 10, 1), renewed=date(2024, 10, 2))
        books.client("GONE", held=[("M001", EARLY, date(2026, 11, 1))])
    found = measured(database, "S07")["M001"]
    # P: risk level yes, identity check overdue, identity in time: 2 of 3.
    # F: risk level missing, industry and size there, licence renewed, ownership overdue: 3 of 5.
    assert (found.numerator, found.denominator, found.actual) == (5, 8, Decimal("62.5"))
    told = shown(database, "S07")
    assert told.count == found.denominator - found.numerator
    assert {(row["id"], row["what"]) for row in told.rows} == {
        ("P", "identity_check"),
        ("F", "risk_level"),
        ("F", "ownership"),
    }
