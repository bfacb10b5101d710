"""R03 warnings answered in time, T02 courses, and vetoes, alike on both engines."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from bank.incidents import vetoes
from scoring.periods import Period
from scoring.signals import CONFIDENTIAL
from tests.bank.books import Books, evidence, facts

AS_OF = date(2026, 11, 16)
QUARTER = Period.parse("2026Q4")


@contextmanager
def writing(database):
    with database.write() as tx:
        books = Books(tx)
        books.manager("M001")
        books.manager("M002", hired=date(2026, 10, 15))
        books.client("C1", held=[("M001", date(2025, 1, 1))])
        yield books


def fact(database, indicator, manager="M001", as_of=AS_OF):
    return facts(database, "2026Q4", as_of)[manager][indicator]


def rows(database, indicator):
    return evidence(database, indicator, period="2026Q4", as_of=AS_OF).rows


def test_answers_in_time_of_warnings_fallen_due(database):
    due = date(2026, 11, 12)
    with writing(database) as books:
        for n in range(6):  # one client and signal has one open warning
            books.client(f"K{n}", held=[("M001", date(2025, 1, 1))])
        books.warning("C1", "M001", due, answered=due)  # on the last day
        books.warning("C1", "M001", due, answered=[date(2026, 11, 11), date(2026, 11, 13)])
        late = books.warning("C1", "M001", due, answered=date(2026, 11, 13))
        missed = books.warning("K0", "M001", due)
        # raised again on the 10th, after the answer on the 3rd to what it was before
        again = books.warning("C1", "M001", due, answered=date(2026, 11, 3))
        books.warning("K1", "M001", AS_OF, answered=AS_OF)
        books.warning("K2", "M001", date(2026, 11, 17), answered=AS_OF)  # not due yet
        books.warning("K3", "M001", date(2026, 9, 30))  # the quarter before
        books.warning("K4", "M001", due, severity="blue")  # blue is not scored
        books.warning("K5", "M001", due, signal=CONFIDENTIAL[0])  # for compliance alone
    found = fact(database, "R03")
    assert (found.numerator, found.denominator, found.actual) == (3, 6, 50)
    assert {row["id"] for row in rows(database, "R03")[:3]} == {late, missed, again}


def test_what_daybook_warned_of_already_is_owed_one_answer(database):
    due = date(2026, 11, 12)
    with writing(database) as books:
        books.warning("C1", "M001", due, answered=due)
        books.warning("C1", "M001", due, batch=1)  # sent as well
        books.warning("C1", "M001", due, batch=1, signal="W02")  # closed elsewhere, unanswered
    found = fact(database, "R03")
    assert (found.numerator, found.denominator) == (1, 2)


def test_an_answer_given_after_the_as_of_day_is_not_known(database):
    with writing(database) as books:
        books.warning("C1", "M001", AS_OF, answered=date(2026, 11, 17))
    assert fact(database, "R03").actual == 0


def test_no_warning_due_is_nothing_to_measure(database):
    with writing(database) as books:
        books.warning("C1", "M001", date(2026, 11, 17))
    assert (fact(database, "R03").actual, fact(database, "R03").note) == (None, "nothing_due")


def test_training_by_hand(database):
    due = date(2026, 10, 30)
    with writing(database) as books:
        books.course("M001", "aml", due, [(date(2026, 10, 10), 70), (date(2026, 10, 20), 88)])
        third = [(date(2026, 10, 10), 60), (date(2026, 10, 11), 65), (date(2026, 10, 12), 99)]
        books.course("M001", "credit", due, third)  # best of two: 65
        books.course("M001", "conduct", due, [(None, None)])  # missed: 0
        books.course("M001", "late", due, [(date(2026, 11, 2), 100)])  # after its day: 0
        books.course("M001", "next", date(2026, 12, 15), [(date(2026, 11, 2), 100)])  # not due yet
        books.course("M001", "before", date(2026, 9, 15), [(date(2026, 9, 2), 10)])
    found = fact(database, "T02")
    # (88 + 65 + 0 + 0) ÷ 4
    assert (found.numerator, found.denominator, found.actual) == (153, 4, Decimal("38.25"))
    assert rows(database, "T02")[0]["score"] == 0


def test_a_course_due_before_joining_is_not_asked(database):
    with writing(database) as books:
        books.course("M002", "aml", date(2026, 10, 14), [(None, None)])
        books.course("M002", "credit", date(2026, 10, 15), [(date(2026, 10, 15), 90)])
    assert (fact(database, "T02", "M002").actual, fact(database, "T02", "M002").denominator) == (
        90,
        1,
    )


def test_a_signed_target_takes_the_place_of_everyones(database):
    with writing(database) as books:
        books.target("M001", "R03", 90)
    assert fact(database, "R03").target == 90
    assert fact(database, "R03", "M002").target == 95


def known(database, as_of=AS_OF, period=QUARTER):
    with database.read() as tx:
        found = vetoes(tx, period, as_of)
    return {manager: [veto.code for veto in each] for manager, each in found.items()}


def test_only_confirmed_incidents_of_the_period_known_by_the_day_are_vetoes(database):
    day = date(2026, 10, 9)
    with writing(database) as books:
        books.incident("M001", "V1", day, date(2026, 11, 2))
        books.incident("M001", "V2", day, AS_OF)
        books.incident("M001", "V1", day, day, state="reported")
        books.incident("M001", "V1", day, day, state="dismissed")
        books.incident("M002", "V1", date(2026, 9, 30), day)
    assert known(database) == {"M001": ["V1", "V2"]}


def test_an_incident_found_out_later_changes_the_period_it_happened_in(database):
    with writing(database) as books:
        books.incident("M001", "V1", date(2026, 8, 3), date(2026, 11, 2))
    third = Period.parse("2026Q3")
    assert known(database, date(2026, 9, 30), third) == {}
    assert known(database, AS_OF, third) == {"M001": ["V1"]}
    assert known(database) == {}
    assert known(database, AS_OF, Period.parse("2026")) == {"M001": ["V1"]}
