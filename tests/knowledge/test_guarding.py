"""Fitting guards on a bank's own questions: kept when surely better, and told by whom and how."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bank.guards import guard_data, guards
from knowledge.calibration import fit
from knowledge.guard import from_data
from knowledge.guarding import Fitting, Line, judge_fit, keep_guards
from knowledge.posed import read_trials
from tests.knowledge.golden import QUESTIONS, TODAY
from tests.knowledge.test_calibration import made
from tests.knowledge.test_golden import library

__all__ = ["library"]

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
SOME = made(120, words=2.0)
SHUT = replace(fit(SOME), answer=2.0)
"""Refuses everything."""


def test_a_guard_that_tells_the_two_kinds_apart_takes_the_place_of_one_that_does_not():
    found = judge_fit("en", SOME, SHUT)
    assert (found.default.answered, found.default.refused) == (0.0, 1.0)
    assert found.tuned.answered > 0.9
    assert found.tuned.refused > 0.9
    assert found.guard == fit(SOME)


def test_a_guard_that_does_as_well_stays():
    assert judge_fit("en", SOME, fit(SOME)).guard is None


def test_what_is_kept_is_active_and_what_is_not_leaves_no_row(database):
    line = Line(answered=0.5, refused=0.5, separation=0.5)
    kept = Fitting("en", 60, 30, line, line, fit(SOME))
    with database.write() as tx:
        keep_guards(tx, [kept, replace(kept, lang="zh", guard=None)], "s-e", "operator", NOW)
    with database.read() as tx:
        (record,) = guards(tx)
        stored = guard_data(tx, record.id)
    assert (record.lang, record.made_by, record.reading, record.active) == (
        "en", "operator", "s-e", True,
    )  # fmt: skip
    assert record.metrics["others"] == 30
    assert from_data(json.loads(json.dumps(stored))) == kept.guard


def test_the_golden_questions_are_enough_for_their_language_and_no_better_than_what_ships(library):
    posed = read_trials(QUESTIONS / "en.jsonl", TODAY)
    (english,) = library.tune_guards(posed, "operator", NOW)
    assert (english.lang, english.questions, english.others) == ("en", 139, 38)
    assert english.tuned.answered >= 0.95
    assert english.tuned.refused >= 0.88  # 34 of 38
    assert english.tuned.separation == pytest.approx(1, abs=0.02)
    assert english.guard is None
