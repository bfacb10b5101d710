"""Which versions stand side by side, and which policies look as if they should not."""

from dataclasses import replace
from datetime import date

import pytest

from bank.policies import PolicyRecord
from knowledge.versions import end_of, find_overlaps, refusal, version_before

RULES = PolicyRecord(
    policy="rules",
    version="1",
    title="Rules",
    kind="policy",
    lang="en",
    in_force_from=date(2025, 1, 1),
    in_force_to=None,
    replaces=None,
    audience=("manager",),
    owner="Policy Office",
    path="rules.md",
    content_hash="h",
    units=("B1",),
)
SECOND = replace(RULES, version="2", in_force_from=date(2026, 3, 1), path="rules-2.md")
THIRD = replace(RULES, version="3", in_force_from=date(2027, 1, 1), path="rules-3.md")
OTHER = replace(RULES, policy="other", title="Other")
SAID = ("a", "b", "c", "d")


def judged(record, *standing):
    return refusal(record, standing, [*standing, record])


def test_a_version_is_refused_beside_one_that_goes_on():
    assert judged(SECOND, RULES) == (
        "in force from 2026-03-01, while version 1 (rules.md) is until further notice: "
        "set in_force_to of the earlier one, or replaces of the later one"
    )
    ended = replace(RULES, stated_to=date(2026, 3, 1))
    assert judged(SECOND, ended) == ""
    assert "is until 2026-03-02" in judged(SECOND, replace(RULES, stated_to=date(2026, 3, 2)))


@pytest.mark.parametrize("named", ["1", "rules@1"])
def test_a_version_that_replaces_another_ends_it(named):
    second = replace(SECOND, replaces=named)

    assert judged(second, RULES) == judged(RULES, second) == ""
    assert end_of(RULES, [RULES, second]) == SECOND.in_force_from
    assert end_of(replace(RULES, stated_to=date(2025, 6, 1)), [second]) == date(2025, 6, 1)
    assert end_of(second, [RULES, second]) is None


def test_a_chain_ends_one_after_the_other_whichever_is_judged_first():
    second, third = replace(SECOND, replaces="1"), replace(THIRD, replaces="2")
    chain = [RULES, second, third]

    assert [refusal(each, (), chain) for each in chain] == ["", "", ""]
    assert refusal(RULES, [third], chain) == ""
    assert judged(RULES, third) != ""
    assert [end_of(each, chain) for each in chain] == [
        SECOND.in_force_from, THIRD.in_force_from, None,
    ]  # fmt: skip


@pytest.mark.parametrize("start", [date(2025, 1, 1), date(2026, 1, 1)])
def test_a_version_replaces_only_an_earlier_one(start):
    replaced = replace(SECOND, in_force_from=start)
    replacing = replace(RULES, replaces="2")

    assert judged(replacing, replaced) == (
        "replaces version 2 (rules-2.md), which comes into force later, "
        f"on {start}: correct replaces or in_force_from"
    )
    assert judged(replace(RULES, replaces="1")).startswith("replaces version 1 (rules.md), which")


def test_the_same_version_stands_once():
    assert judged(replace(RULES, path="b.md"), RULES) == "version 1 of 'rules' is also in rules.md"


def test_a_version_follows_what_it_replaces_or_else_the_last_one_before():
    assert version_before(THIRD, [RULES, SECOND, THIRD]) == SECOND
    assert version_before(replace(THIRD, replaces="1"), [RULES, SECOND, THIRD]) == RULES
    assert version_before(replace(THIRD, replaces="other@1"), [OTHER, SECOND]) == OTHER
    assert version_before(RULES, [RULES, SECOND, OTHER]) is None


@pytest.mark.parametrize(
    ("one", "other", "digests", "expected"),
    [
        (RULES, replace(OTHER, replaces="rules@1"), {}, ("replaced", "other@1", "rules@1", 0)),
        (RULES, replace(OTHER, title=" rULES"), {}, ("title", "other@1", "rules@1", 0)),
        (RULES, OTHER, {"rules@1": SAID, "other@1": ("x", *SAID[1:])}, ("text", "other@1", "rules@1", 3)),
        (RULES, OTHER, {"rules@1": SAID[:2], "other@1": SAID[:2]}, None),
        (RULES, OTHER, {"rules@1": "abcdefgh", "other@1": "abcvwxyz"}, None),
        (RULES, replace(SECOND, in_force_from=RULES.in_force_from), {}, None),
    ],
)  # fmt: skip
def test_policies_overlap_by_what_they_replace_are_called_or_say(one, other, digests, expected):
    found = find_overlaps([one, other], digests, {})

    assert [(o.kind, o.one, o.other, o.shared) for o in found] == ([expected] if expected else [])


def test_an_overlap_is_told_once_with_the_days_of_both():
    one = replace(RULES, in_force_to=date(2026, 1, 1))
    other = replace(OTHER, title="Rules", replaces="rules@1", in_force_from=date(2025, 6, 1))
    (overlap,) = find_overlaps([one, other], {}, {})

    assert overlap.kind == "replaced"
    assert (overlap.since, overlap.until) == (date(2025, 6, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    "apart",
    [{"audience": ("risk",)}, {"units": ("B2",)}, {"in_force_from": date(2026, 1, 1)}],
)
def test_policies_that_nobody_reads_together_do_not_overlap(apart):
    one = replace(RULES, in_force_to=date(2026, 1, 1))

    assert find_overlaps([one, replace(OTHER, title="Rules")], {}, {})
    assert not find_overlaps([one, replace(OTHER, title="Rules", **apart)], {}, {})


def test_a_phrase_that_every_policy_has_makes_no_two_alike():
    policies = [replace(RULES, policy=f"p{n}", title=f"P{n}") for n in range(30)]

    assert find_overlaps(policies, {policy.id: SAID for policy in policies}, {}) == ()


@pytest.mark.parametrize(("unit", "met"), [("B1-2", True), ("B", True), ("B2", False)])
def test_whoever_is_below_two_units_may_read_the_policies_of_both(unit, met):
    """The chains are of the team B1-2 in the branch B1, and of the branch B2, all of the bank B."""
    chains = {"B": {"B"}, "B1": {"B1", "B"}, "B2": {"B2", "B"}, "B1-2": {"B1-2", "B1", "B"}}
    other = replace(OTHER, title="Rules", units=(unit,))

    assert bool(find_overlaps([RULES, other], {}, chains)) is met
