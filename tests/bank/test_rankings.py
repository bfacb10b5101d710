"""Rankers and confirmed answers in SQL, on both engines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bank.generations import Generation, switch_generation
from bank.policies import ClauseRecord
from bank.rankings import (
    ConfirmedRecord,
    RankerRecord,
    confirm,
    confirmed_answers,
    digest,
    forget,
    keep_ranker,
    ranker_data,
    rankers,
    standing,
    taught,
    use_ranker,
)
from bank.revisions import Revision
from tests.bank.test_policies import NEW, OLD

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
FIRST = RankerRecord("r1", "en", NOW, "operator", "f-e", {"questions": 90}, active=True)
SECOND = replace(FIRST, id="r2", made_at=NOW + timedelta(days=1))
CHINESE = replace(FIRST, id="r3", lang="zh")
TEXT = "应当检查。"
ANSWER = ConfirmedRecord("多久检查？", "zh", "post-loan", "1", digest([TEXT]), "C001", NOW)


def active(database):
    with database.read() as tx:
        return {record.lang: record.id for record in rankers(tx) if record.active}


def test_of_each_language_the_newest_kept_is_active_until_another_is_used(database):
    with database.write() as tx:
        for record in (FIRST, SECOND, CHINESE):
            keep_ranker(tx, record, {"start": 1.5, "trees": []})
    assert active(database) == {"en": "r2", "zh": "r3"}
    with database.read() as tx:
        assert [record.id for record in rankers(tx)] == ["r2", "r1", "r3"]
        assert rankers(tx)[1] == replace(FIRST, active=False)
        assert ranker_data(tx, "r1") == {"start": 1.5, "trees": []}
        assert ranker_data(tx, "r9") is None
    with database.write() as tx:
        use_ranker(tx, "en", "r1")
    assert active(database) == {"en": "r1", "zh": "r3"}
    with database.write() as tx:
        use_ranker(tx, "en", None)
    assert active(database) == {"zh": "r3"}


def test_what_is_taught_tells_every_change(database):
    def seen():
        with database.read() as tx:
            return taught(tx)

    states = [seen()]
    later = replace(ANSWER, confirmed_at=NOW + timedelta(hours=1))
    for change in (
        lambda tx: keep_ranker(tx, FIRST, {}),
        lambda tx: confirm(tx, [ANSWER]),
        lambda tx: confirm(tx, [later]),
        lambda tx: use_ranker(tx, "en", None),
        lambda tx: forget(tx, [ANSWER.id]),
    ):
        with database.write() as tx:
            change(tx)
        states.append(seen())
    assert states[-1] == states[0]
    assert len(set(states)) == len(states) - 1


def test_the_same_answer_is_confirmed_once_by_who_did_it_last(database):
    again = replace(ANSWER, confirmed_by="C002", confirmed_at=NOW + timedelta(days=1))
    other = replace(ANSWER, number="2")
    with database.write() as tx:
        confirm(tx, [ANSWER, other])
        confirm(tx, [again])
    with database.read() as tx:
        assert confirmed_answers(tx) == (other, again)


def clause(policy, key, position, number, text):
    return ClauseRecord(
        id=f"{policy.id}#{key}",
        version_id=policy.id,
        position=position,
        number=number,
        label=number,
        heading="",
        text=text,
        page=None,
        vector=b"",
    )


def test_an_answer_counts_for_every_version_whose_clause_has_its_words(database):
    # Version 2024 has clause 1 in the same words, 2026 in two pieces of which one is other.
    old = [clause(OLD, "a", 1, "1", TEXT), clause(OLD, "b", 2, "2", TEXT)]
    new = [clause(NEW, "a", 1, "1", TEXT), clause(NEW, "b", 2, "1", "逾期的，应当报告。")]
    generation = Generation("g1", "e", 4, "00", NOW)
    with database.write() as tx:
        revision = Revision(added={OLD: old, NEW: new})
        switch_generation(tx, generation, instead_of=None, revision=revision, vectors={}, tokens={})
    whole = replace(ANSWER, question="何时报告？", digest=digest([TEXT, "逾期的，应当报告。"]))
    stale = replace(ANSWER, question="旧话？", digest=digest(["从前的话。"]))
    with database.read() as tx:
        assert standing(tx, [ANSWER, whole, stale]) == {
            ANSWER.id: ("post-loan@2024#a",),
            whole.id: ("post-loan@2026#a", "post-loan@2026#b"),
        }
