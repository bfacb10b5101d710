"""C01a satisfaction and C01b complaints, by hand, alike on both engines."""

from datetime import date
from decimal import Decimal

from scoring.curves import apply
from scoring.scheme import default_scheme
from tests.bank.records import AS_OF, measured, shown, writing

SURVEYED = date(2026, 10, 20)
EARLY = date(2025, 6, 1)


def answers(books, manager, *scores, day=SURVEYED, prefix="K"):
    for at, score in enumerate(scores):
        client = f"{prefix}{manager}{at}"
        books.client(client)
        books.survey(client, manager, day, score)


# ---- C01a


def test_satisfaction_leans_on_the_branch_while_few_have_answered(database):
    with writing(database) as books:
        answers(books, "M001", 90, 80, 100, 70, 60)
        answers(books, "M002", 95, 85)
    found = measured(database, "C01a")
    # M001: n = 5, mean 80. The branch: (400 + 180) ÷ 7 = 82.857143.
    # (5 × 80 + 10 × 82.857143) ÷ 15 = (400 + 828.571429) ÷ 15 = 81.904762
    assert found["M001"].actual == Decimal("81.904762")
    # B(95, 85, 60): 100 × (81.904762 − 60) ÷ 25 = 87.619048
    curve = default_scheme().indicator("C01a").curve
    assert apply(curve, found["M001"].actual, None) == Decimal("87.619048")


def test_four_answers_are_too_few_and_five_are_not(database):
    with writing(database) as books:
        answers(books, "M001", 80, 80, 80, 80)
        answers(books, "M002", 80, 80, 80, 80, 80)
    found = measured(database, "C01a")
    assert (found["M001"].actual, found["M001"].note) == (None, "too_few")
    assert found["M002"].actual == 80


def test_the_latest_answer_of_a_client_in_a_quarter_counts(database):
    with writing(database) as books:
        answers(books, "M001", 50, 90, 90, 90, 90)
        books.survey("KM0010", "M001", date(2026, 11, 2), 90)  # thought better of it
        answers(books, "M001", 60, 60, 60, 60, 60, day=date(2026, 8, 3), prefix="J")
        books.survey("KM0010", "M001", date(2026, 8, 4), 60)
        books.survey("KM0010", "M001", date(2026, 11, 17), 0)  # not known yet
    assert measured(database, "C01a")["M001"].actual == 90
    # The year: five answers of 90 and six of 60 are 810; a branch of one leans on itself.
    assert measured(database, "C01a", period="2026")["M001"].actual == Decimal("73.636364")


def test_a_client_who_was_handed_over_has_a_say_about_each_manager(database):
    with writing(database) as books:
        answers(books, "M001", 80, 80, 80, 80, 80)
        answers(books, "M002", 80, 80, 80, 80)
        books.survey("KM0010", "M002", date(2026, 11, 2), 50)
    found = measured(database, "C01a")
    # M002: 370 of 5; the branch 770 of 10: (370 + 770) ÷ 15 = 76. M001: (400 + 770) ÷ 15 = 78.
    assert (found["M001"].actual, found["M002"].actual) == (78, 76)


def test_teams_of_a_branch_lean_on_the_branch_and_not_on_the_bank(database):
    with writing(database, "M001", "M002", "M003") as books:
        books.unit("RIVER", "B1")
        books.unit("HILL", "B1")
        books.unit("TEAM1", "RIVER")
        books.unit("TEAM2", "RIVER")
        for manager, unit in (("M001", "TEAM1"), ("M002", "TEAM2"), ("M003", "HILL")):
            books.move_to(manager, unit)
        answers(books, "M001", *[80] * 5)
        answers(books, "M002", *[100] * 5)
        answers(books, "M003", *[20] * 5)
    found = measured(database, "C01a")
    # The branch's mean is 90: (400 + 900) ÷ 15 and (500 + 900) ÷ 15; the other branch's 20
    assert found["M001"].actual == Decimal("86.666667")
    assert found["M002"].actual == Decimal("93.333333")
    assert found["M003"].actual == 20


def test_the_records_behind_satisfaction_tell_no_clients_answer(database):
    with writing(database) as books:
        answers(books, "M001", 96, 90, 84, 50)
        for client, theme in (("A", "waiting time"), ("B", " waiting time"), ("C", "my own loan")):
            books.client(client)
            books.survey(client, "M001", SURVEYED, 85, theme=theme)
    told = shown(database, "C01a")
    rows = {row.get("theme", row["id"]): row for row in told.rows}
    assert told.count == 7
    assert [rows[band]["responses"] for band in ("95-100", "85-94", "60-84", "0-59")] == [
        1,
        4,
        1,
        1,
    ]
    assert rows["waiting time"]["responses"] == 2
    assert "my own loan" not in rows  # one answer alone
    # (575 + 10 × 575 ÷ 7) is the numerator
    assert (rows["own"]["points"], rows["branch"]["points"]) == (575, "10 × 575 ÷ 7")
    fact = measured(database, "C01a")["M001"]
    assert fact.numerator == 575 * 7 + 10 * 575
    clients = {"A", "B", "C", *(f"KM001{at}" for at in range(4))}
    assert not clients & {str(value) for row in told.rows for value in row.values()}


def test_too_few_answers_are_told_by_their_number_alone(database):
    with writing(database) as books:
        answers(books, "M001", 80, 81, 82, 83)
    told = shown(database, "C01a")
    assert (told.rows, told.count) == ((), 4)


# ---- C01b


def test_complaints_for_a_thousand_clients_held_on_average(database):
    with writing(database) as books:
        books.clients(8, "M001", since=EARLY)
        # 46 of the 92 days of July to September, and half of a client: 8 + 0.5 + 0.5 = 9
        books.client("LATE", held=[("M001", date(2026, 8, 16))])
        books.client("HALF", held=[("M001", EARLY, None, 50), ("M002", EARLY, None, 50)])
        books.client("GONE", held=[("M001", EARLY)])
        books.end("GONE", date(2026, 7, 1))
        books.complaint("K000", "M001", date(2026, 7, 14), decided=date(2026, 8, 3))
        books.complaint("K001", "M001", date(2026, 9, 30), decided=date(2026, 9, 30))
        books.complaint("K001", "M001", date(2026, 6, 30), decided=date(2026, 7, 2))  # of Q2
    found = measured(database, "C01b", period="2026Q3")
    # M001: 2 × 1,000 ÷ 9 = 222.222222 (B: far beyond 8 a thousand, 0 points); M002 0 of 0.5
    assert found["M001"].actual == Decimal("222.222222")
    assert Decimal(found["M001"].denominator) / found["M001"].scale == 9
    assert found["M002"].actual == 0


def test_pending_rejected_and_repeated_complaints_do_not_count(database):
    day = date(2026, 10, 12)
    with writing(database) as books:
        books.clients(10, "M001", since=EARLY)
        first = books.complaint("K000", "M001", day, decided=date(2026, 10, 20))
        books.complaint("K001", "M001", day, state="pending")
        books.complaint("K002", "M001", day, state="rejected", decided=date(2026, 10, 20))
        again = date(2026, 10, 14)
        books.complaint("K000", "M001", again, state="duplicate", decided=again, of=first)
    assert measured(database, "C01b")["M001"].actual == 100  # 1 of 10 clients
    told = shown(database, "C01b")
    assert [row["state"] for row in told.rows] == ["upheld", "pending", "rejected", "duplicate"]
    assert told.rows[3]["repeats"] == first


def test_one_upheld_late_changes_the_quarter_it_was_received_in(database):
    with writing(database) as books:
        books.clients(10, "M001", since=EARLY)
        books.complaint("K000", "M001", date(2026, 9, 21), decided=date(2026, 10, 12))
    third, fourth = {"period": "2026Q3"}, {"period": "2026Q4"}

    def rate(as_of, **period):
        return measured(database, "C01b", as_of=as_of, **period)["M001"].actual

    # As of each day, what was known on it: a day gives the same figure whenever it is asked.
    assert [rate(date(2026, 9, 30), **third), rate(date(2026, 10, 11), **third)] == [0, 0]
    assert [rate(date(2026, 10, 12), **third), rate(AS_OF, **third)] == [100, 100]
    assert rate(AS_OF, **fourth) == 0
    told = shown(database, "C01b", period="2026Q3", as_of=date(2026, 10, 11))
    assert (told.rows[0]["state"], told.rows[0]["decided"]) == ("pending", "")


def test_a_complaint_stays_with_whom_it_is_about(database):
    with writing(database) as books:
        books.client("C", held=[("M001", EARLY, date(2026, 10, 25)), ("M002", date(2026, 10, 25))])
        books.complaint("C", "M001", date(2026, 11, 2), decided=date(2026, 11, 9))
    found = measured(database, "C01b")
    # M001 held the client for 24 of 47 days: 1 × 1,000 ÷ (24 ÷ 47) = 1,958.333333
    assert found["M001"].actual == Decimal("1958.333333")
    assert found["M002"].actual == 0


def test_without_clients_there_is_no_rate(database):
    with writing(database) as books:
        books.client("C")
        books.complaint("C", "M001", date(2026, 11, 2), decided=date(2026, 11, 9))
    found = measured(database, "C01b")["M001"]
    assert (found.actual, found.note) == (None, "no_clients")
