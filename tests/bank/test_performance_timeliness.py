"""R03 where what a warning asks changes before it is due, alike on both engines."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.performance.timeliness import answer_facts
from tests.bank.books import evidence, facts
from tests.bank.risk_books import RiskBooks, measured, writing

AS_OF = date(2026, 11, 16)
LONG_AGO = date(2025, 1, 1)
RAISED, DUE = date(2026, 11, 2), date(2026, 11, 4)
"""Books raise a warning two days before it is due."""


def ratio(database, manager="M001", as_of=AS_OF):
    """(in time, fallen due)"""
    found = facts(database, "2026Q4", as_of)[manager]["R03"]
    return found.numerator, found.denominator


def raised(books, client="C1"):
    books.client(client, held=[("M001", LONG_AGO)])
    return books.warning(client, "M001", DUE)


def test_a_warning_handed_over_in_time_is_owed_by_whoever_then_has_it(database):
    with writing(database) as books:
        kept, anew = raised(books, "C1"), raised(books, "C2")
        over = date(2026, 11, 3)
        books.revise(kept, over, manager_id="M002")  # too late to start anew
        books.revise(anew, over, manager_id="M002", due=date(2026, 11, 5))
        books.answer(kept, date(2026, 11, 5), "M002")  # a day late
        books.answer(anew, date(2026, 11, 5), "M002")
    assert ratio(database) == (0, 0)
    assert ratio(database, "M002") == (1, 2)
    rows = evidence(database, "R03", "M002", period="2026Q4", as_of=AS_OF).rows
    assert [(row["id"], row["due"], row["in_time"]) for row in rows] == [
        (kept, "2026-11-04", 0), (anew, "2026-11-05", 1),
    ]  # fmt: skip


def test_a_miss_stays_with_whoever_had_it_when_it_fell_due(database):
    with writing(database) as books:
        missed = raised(books)
        books.revise(missed, date(2026, 11, 9), manager_id="M002")
        books.answer(missed, date(2026, 11, 10), "M002")
    assert ratio(database) == (0, 1)
    assert ratio(database, "M002") == (0, 0)
    assert ratio(database, as_of=date(2026, 11, 4)) == (0, 1)  # and it was so at the time


def test_one_that_gets_worse_before_it_is_answered_is_owed_once_and_sooner(database):
    with writing(database) as books:
        worse = raised(books)
        books.revise(worse, date(2026, 11, 3), severity="red", due=date(2026, 11, 3))
        books.answer(worse, DUE)
    assert ratio(database) == (0, 1)
    assert ratio(database, as_of=date(2026, 11, 2)) == (0, 0)  # not due yet


def test_one_raised_anew_after_an_answer_is_owed_two(database):
    again = date(2026, 11, 9)
    with writing(database) as books:
        twice = raised(books)
        books.answer(twice, date(2026, 11, 3))
        books.revise(twice, again, severity="red", raised=again, due=date(2026, 11, 10))
    assert ratio(database) == (1, 2)
    # Before it was raised anew, and before that fell due, there was the one.
    assert ratio(database, as_of=date(2026, 11, 6)) == ratio(database, as_of=again) == (1, 1)


def test_one_answered_early_and_raised_anew_before_it_was_due_keeps_its_answer(database):
    again = date(2026, 11, 4)
    with writing(database) as books:
        twice = raised(books)
        books.answer(twice, date(2026, 11, 3))
        books.revise(twice, again, severity="red", raised=again, due=date(2026, 11, 5))
        books.answer(twice, date(2026, 11, 5))
    assert ratio(database) == (2, 2)


def test_a_severity_that_is_not_scored_counts_from_when_it_is_another(database):
    with writing(database) as books:
        books.client("C1", held=[("M001", LONG_AGO)])
        blue = books.warning("C1", "M001", DUE, severity="blue")
        books.revise(blue, date(2026, 11, 3), severity="orange")
    assert ratio(database) == (0, 1)


# ---- a law: each day belongs to one, and only what stood on its day counts

STEPS = st.lists(
    st.tuples(
        st.integers(1, 4),  # days until something happens
        st.sampled_from(["M001", "M002", "answer", "anew"]),
        st.integers(0, 5),  # business or not, the new term
    ),
    max_size=6,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.integers(0, 14))
def test_what_fell_due_is_what_a_day_by_day_replay_says(database, steps, looked):
    as_of = RAISED + timedelta(days=looked)
    with database.write() as tx:
        books = RiskBooks(tx)
        warning = raised(books)
        owner, due, day, is_open = "M001", DUE, RAISED, True
        began, spans = RAISED, []  # (owner, from, to, due, answered)
        answered = None
        for wait, step, term in steps:
            day += timedelta(days=wait)
            if step == "answer" and is_open:
                books.answer(warning, day, owner)
                is_open, answered = False, day
            elif step == "anew" and not is_open and day > (answered or day):
                spans.append((owner, began, day, due, answered))
                due, began, answered, is_open = day + timedelta(days=term), day, None, True
                books.revise(warning, day, severity="red", raised=day, due=due)
            elif step in ("M001", "M002") and is_open and step != owner:
                spans.append((owner, began, day, due, answered))
                owner, due, began = step, due + timedelta(days=term), day
                books.revise(warning, day, manager_id=owner, due=due)
        spans.append((owner, began, date.max, due, answered))
        found = measured(tx, answer_facts, as_of)
        for manager in ("M001", "M002"):
            fallen = [
                span[4] is not None and span[4] <= min(span[3], as_of)
                for span in spans
                if span[0] == manager
                and span[1] <= span[3] <= as_of
                and (span[2] > span[3] or (span[4] is not None and span[4] <= as_of))
            ]
            fact = found[manager]["R03"]
            assert (fact.numerator, fact.denominator) == (sum(fallen), len(fallen))
        tx.rollback()
