"""When an endpoint is left alone, and when it is tried again; and work that is not waited for."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.llm.breaker import FAILURES, PAUSE, Breaker
from knowledge.llm.deadline import ABREAST, Bench, TooLateError, TooManyError


def broken(now=0.0):
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker = breaker.failed(now)
    return breaker


def test_it_opens_after_failures_in_a_row_and_one_question_tries_again_for_all():
    breaker = broken(now=100.0)

    assert not breaker.lets(100.0 + PAUSE - 1)
    assert breaker.lets(100.0 + PAUSE)
    trying = breaker.tried(100.0 + PAUSE)
    assert not trying.lets(100.0 + PAUSE + 1)  # the others wait for that one
    assert trying.worked().lets(100.0 + PAUSE + 1)
    assert not trying.failed(100.0 + PAUSE + 1).lets(100.0 + PAUSE + 2)


def test_a_try_that_comes_to_nothing_keeps_nobody_out_for_ever():
    trying = broken(now=0.0).tried(PAUSE)

    assert trying.lets(2 * PAUSE)


@given(st.lists(st.sampled_from(["failed", "worked"]), max_size=30))
def test_it_is_open_exactly_after_so_many_failures_since_the_last_answer(outcomes):
    breaker = Breaker()
    for outcome in outcomes:
        breaker = breaker.tried(1.0)
        breaker = breaker.failed(1.0) if outcome == "failed" else breaker.worked()
    row = outcomes[::-1].index("worked") if "worked" in outcomes else len(outcomes)

    assert breaker.lets(1.0) == (row < FAILURES)


def test_work_gives_its_value_or_raises_what_it_raised():
    bench = Bench()

    assert bench.within(time.monotonic() + 60, lambda _: 7) == 7
    with pytest.raises(KeyError):
        bench.within(time.monotonic() + 60, lambda _: {}["gone"])


def test_work_that_hangs_is_left_behind_and_keeps_its_place_until_it_ends():
    bench, hangs, done = Bench(), threading.Event(), threading.Semaphore(0)

    def hang(_line):
        hangs.wait(60)
        done.release()

    for _ in range(ABREAST):
        with pytest.raises(TooLateError):
            bench.within(time.monotonic(), hang)
    with pytest.raises(TooManyError):
        bench.within(time.monotonic() + 60, lambda _: 7)
    hangs.set()
    for _ in range(ABREAST):
        assert done.acquire(timeout=60)
    for thread in threading.enumerate():
        if thread.name == "model-call":
            thread.join(60)

    assert bench.within(time.monotonic() + 60, lambda _: 7) == 7
