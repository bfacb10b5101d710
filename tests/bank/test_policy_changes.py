"""The news of policies: what came, was edited, lapsed or will, for whom; on both engines."""

from dataclasses import replace
from datetime import date, timedelta

from bank.policies import PolicyRecord, add_versions
from bank.policy_changes import (
    LAPSE_DAYS,
    ChangeRecord,
    make_feed,
    policy_feed,
    record_changes,
)

TODAY = date(2026, 11, 17)
FEES = PolicyRecord(
    policy="fees",
    version="2026",
    title="Fees",
    kind="policy",
    lang="en",
    in_force_from=TODAY,
    in_force_to=None,
    replaces="2024",
    audience=("all",),
    owner="Policy Office",
    path="fees.md",
    content_hash="h",
)
OLD = replace(FEES, version="2024", in_force_from=date(2024, 1, 1), in_force_to=TODAY)
CHANGE = ChangeRecord(
    policy="fees",
    version="2026",
    before="2024",
    day=TODAY,
    position=0,
    kind="changed",
    label="1.1",
    label_before="1.1",
    edits=(("is 5 yuan", "is 8 yuan"),),
)
EDIT = replace(CHANGE, before="2026", edits=(("8 yuan", "9 yuan"),))


def told(feed):
    return [(news.kind, news.policy.id, [change.edits for change in news.changes])
            for news in feed.news]  # fmt: skip


def test_a_version_comes_on_its_day_with_what_it_changed(database):
    with database.write() as tx:
        add_versions(tx, {OLD: (), FEES: ()}, {}, 1)
        record_changes(tx, (), [CHANGE, replace(CHANGE, position=1, kind="added", edits=())])
    with database.read() as tx:
        feed = policy_feed(tx, TODAY, TODAY)
        assert policy_feed(tx, TODAY - timedelta(9), TODAY - timedelta(1)).news == ()
        assert policy_feed(tx, TODAY + timedelta(1), TODAY + timedelta(9)).news == ()

    assert told(feed) == [("came", "fees@2026", [CHANGE.edits, ()])]
    assert feed.news[0].before == "2024"
    assert feed.news[0].changes[0] == CHANGE


def test_only_a_policy_that_was_not_there_before_is_a_first():
    unnamed = replace(FEES, replaces=None)
    new = replace(unnamed, policy="new")
    feed = make_feed([OLD, unnamed, new, replace(FEES, policy="other")], (), TODAY, TODAY)

    assert {news.policy.policy for news in feed.news if news.first} == {"new"}


def test_a_new_comparison_takes_the_place_of_the_last_but_edits_stay(database):
    with database.write() as tx:
        add_versions(tx, {FEES: ()}, {}, 1)
        record_changes(tx, (), [CHANGE, EDIT])
        record_changes(tx, {("fees", "2026"), ("other", "1")}, [replace(CHANGE, edits=())])
    with database.read() as tx:
        assert told(policy_feed(tx, TODAY, TODAY)) == [
            ("came", "fees@2026", [()]),
            ("edited", "fees@2026", [EDIT.edits]),
        ]


def test_what_is_not_for_todays_readers_is_forgotten(database):
    with database.write() as tx:
        add_versions(tx, {FEES: ()}, {}, 1)
        record_changes(tx, (), [CHANGE, EDIT])
        record_changes(tx, (), (), [("fees", "2026")])
    with database.read() as tx:
        assert told(policy_feed(tx, TODAY, TODAY)) == [("came", "fees@2026", [])]


def test_a_policy_lapses_when_nothing_takes_its_place():
    soon = replace(FEES, policy="soon", in_force_to=TODAY + timedelta(LAPSE_DAYS))
    later = replace(soon, policy="later", in_force_to=TODAY + timedelta(LAPSE_DAYS + 1))
    past = replace(soon, policy="past", in_force_from=date(2020, 1, 1), in_force_to=TODAY)
    long_past = replace(past, policy="long-past", in_force_to=TODAY - timedelta(1))
    versions = [replace(each, in_force_from=date(2020, 1, 1)) for each in (soon, later)]
    feed = make_feed([*versions, past, long_past], (), TODAY, TODAY)

    assert told(feed) == [("lapsed", "past@2026", []), ("lapses", "soon@2026", [])]


def test_a_policy_that_another_takes_up_does_not_lapse():
    end = TODAY + timedelta(10)
    ending = replace(FEES, in_force_from=date(2020, 1, 1), in_force_to=end)
    next_version = replace(FEES, version="2027", in_force_from=end)
    other = replace(next_version, policy="charges", replaces="fees@2026")
    stranger = replace(next_version, policy="charges", replaces=None)

    assert told(make_feed([ending, next_version], (), TODAY, TODAY)) == []
    assert told(make_feed([ending, other], (), TODAY, TODAY)) == []
    assert told(make_feed([ending, stranger], (), TODAY, TODAY)) == [("lapses", "fees@2026", [])]


def test_news_is_for_the_readers_of_the_policy():
    branch = replace(FEES, policy="branch", units=("B1",))
    risk = replace(FEES, policy="risk", audience=("risk",))
    feed = make_feed([FEES, branch, risk], (), TODAY, TODAY)

    def seen(roles, units):
        return [news.policy.policy for news in feed.open_to(roles, units).news]

    assert seen((), ()) == ["fees"]
    assert seen({"manager"}, {"B1", "HQ"}) == ["fees", "branch"]
    assert seen({"risk"}, {"B2", "HQ"}) == ["fees", "risk"]
