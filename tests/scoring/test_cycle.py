"""The appraisal's machine: every deed in every state by every part is refused but these."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cycle import (
    KINDS,
    PARTS,
    RULES,
    STATES,
    TIMERS,
    NotAllowedError,
    Standing,
    decide,
    kind_of,
    possible,
)

READY = Standing(
    signed=True, period_over=True, loaded=True, superior_confirmed=True, risk_confirmed=True,
    window_over=True, rated=True, complete=True, deadline_over=True,
)  # fmt: skip
"""Whatever a deed may need, but for an open window."""
WHO = {
    "propose": "superior hr", "start": "hr house", "freeze": "hr operator house",
    "preliminary": "hr operator house", "report": "risk hr", "comment": "superior",
    "endorse": "superior risk", "confirm": "superior risk house", "query": "manager",
    "answer": "superior hr", "recompute": "hr operator", "acknowledge": "manager",
    "proceed": "hr house", "rate": "superior head risk hr", "abstain": "superior risk",
    "close_ratings": "hr house", "calibrate": "hr head", "approve": "hr head", "publish": "hr",
    "appeal": "manager", "decide": "hr head compliance", "lock": "hr house",
}  # fmt: skip
WAYS = {  # (action, state): where it leads, in a quarter and in a year
    ("propose", "open"): ("target_proposed", "target_proposed"),
    ("start", "target_proposed"): ("running", "running"),
    ("freeze", "running"): ("data_freeze", "data_freeze"),
    ("preliminary", "data_freeze"): ("prelim", "prelim"),
    ("report", "prelim"): ("prelim", "prelim"),
    ("comment", "prelim"): ("prelim", "prelim"),
    ("endorse", "prelim"): ("prelim", "prelim"),
    ("confirm", "prelim"): ("confirmed", "confirmed"),
    ("query", "prelim"): ("prelim", "prelim"),
    ("query", "confirmed"): ("confirmed", "confirmed"),
    ("answer", "prelim"): ("prelim", "prelim"),
    ("answer", "confirmed"): ("confirmed", "confirmed"),
    ("recompute", "prelim"): ("prelim", "prelim"),
    ("recompute", "confirmed"): ("confirmed", "confirmed"),
    ("acknowledge", "confirmed"): ("confirmed", "confirmed"),
    ("proceed", "confirmed"): ("calibration", "rating"),
    ("rate", "rating"): (None, "rating"),
    ("abstain", "rating"): (None, "rating"),
    ("close_ratings", "rating"): (None, "calibration"),
    ("calibrate", "calibration"): ("calibration", "calibration"),
    ("approve", "calibration"): ("approved", "approved"),
    ("publish", "approved"): ("published", "published"),
    ("appeal", "published"): ("appeal", "appeal"),
    ("appeal", "appeal"): ("appeal", "appeal"),
    ("decide", "appeal"): ("appeal", "appeal"),
    ("lock", "published"): ("locked", "locked"),
    ("lock", "appeal"): ("locked", "locked"),
}


def ready(action):
    return replace(READY, window_over=action != "appeal")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", STATES)
def test_every_illegal_transition_is_refused_and_every_legal_one_leads_where_it_should(kind, state):
    for action, theirs in WHO.items():
        for part in PARTS:
            to = WAYS.get((action, state), (None, None))[KINDS.index(kind)]
            if to is not None and part in theirs.split():
                assert decide(kind, state, action, {part}, ready(action)) == to
            else:
                with pytest.raises(NotAllowedError):
                    decide(kind, state, action, {part}, ready(action))


def test_the_table_here_knows_every_deed():
    assert set(WHO) == set(RULES)


@given(
    st.sampled_from(KINDS), st.sampled_from(STATES), st.sampled_from([*RULES, "unheard_of"]),
    st.sets(st.sampled_from(PARTS)),
    st.builds(Standing, **dict.fromkeys(Standing.__dataclass_fields__, st.booleans())),
)  # fmt: skip
def test_whatever_is_the_case_nothing_happens_beyond_the_table(
    kind, state, action, parts, standing
):
    to = refused = None
    try:
        to = decide(kind, state, action, parts, standing)
    except NotAllowedError as error:
        refused = error.code
    if refused is not None:
        needs = {need for rule in RULES.get(action, ()) for need in rule.needs}
        assert refused in {"part", "state"} | needs
        return
    assert WAYS[action, state][KINDS.index(kind)] == to
    assert parts & set(WHO[action].split())
    assert action in possible(kind, state, parts)


@pytest.mark.parametrize(
    ("action", "state", "part", "lacks", "code"),
    [
        ("start", "target_proposed", "house", {"signed": False}, "signed"),
        ("freeze", "running", "house", {"period_over": False}, "period_over"),
        ("preliminary", "data_freeze", "house", {"loaded": False}, "loaded"),
        ("confirm", "prelim", "risk", {"superior_confirmed": False}, "superior_confirmed"),
        ("confirm", "prelim", "superior", {"risk_confirmed": False}, "risk_confirmed"),
        ("confirm", "prelim", "house", {"queries_closed": False}, "queries_closed"),
        ("proceed", "confirmed", "house", {"window_over": False}, "window_over"),
        ("proceed", "confirmed", "house", {"queries_closed": False}, "queries_closed"),
        ("close_ratings", "rating", "house", {"rated": False}, "rated"),
        ("approve", "calibration", "hr", {"in_quota": False}, "in_quota"),
        ("approve", "calibration", "hr", {"own_move": True}, "others_move"),
        ("decide", "appeal", "hr", {"rater": True}, "no_rater"),
        ("lock", "published", "house", {"window_over": False}, "window_over"),
        ("lock", "appeal", "house", {"appeals_closed": False}, "appeals_closed"),
    ],
)
def test_a_deed_needs_what_it_needs(action, state, part, lacks, code):
    with pytest.raises(NotAllowedError) as caught:
        decide("year", state, action, {part}, replace(READY, **lacks))
    assert caught.value.code == code


def test_an_appeal_needs_an_open_window():
    with pytest.raises(NotAllowedError, match="window_open"):
        decide("year", "published", "appeal", {"manager"}, READY)


@pytest.mark.parametrize(
    ("complete", "late", "closes"), [(1, 0, True), (0, 1, True), (0, 0, False), (1, 1, True)]
)
def test_ratings_close_when_all_are_there_or_the_time_is_over(complete, late, closes):
    standing = replace(READY, complete=bool(complete), deadline_over=bool(late))
    if closes:
        assert decide("year", "rating", "close_ratings", {"house"}, standing) == "calibration"
    else:
        with pytest.raises(NotAllowedError, match="complete_or_late"):
            decide("year", "rating", "close_ratings", {"house"}, standing)


def test_no_state_is_entered_twice_and_every_state_leads_to_the_lock():
    for kind in KINDS:
        ways = {}
        for (_, state), both in WAYS.items():
            to = both[KINDS.index(kind)]
            if to not in (None, state):
                ways.setdefault(state, set()).add(to)
        assert _longest(ways, "open") == (12 if kind == "year" else 11)


def _longest(ways, state, seen=()):
    assert state not in seen
    if state == "locked":
        return 1
    return 1 + max(_longest(ways, to, (*seen, state)) for to in ways[state])


def test_each_state_has_one_timer_at_most_and_it_is_the_houses_to_do():
    assert set(TIMERS) == set(STATES) - {"open", "calibration", "approved", "locked"}
    for state, action in TIMERS.items():
        kinds = ["year"] if state == "rating" else KINDS
        for kind in kinds:
            assert decide(kind, state, action, {"house"}, READY) != state


def test_a_period_says_its_kind():
    assert (kind_of("2026Q4"), kind_of("2026")) == ("quarter", "year")
