"""The week's answers for compliance: asked in vain, found bad, gone stale, never read.

Questions are shown with their clients' names and numbers hidden, and alike ones as one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bank.answer_weeks import (
    Asked,
    Complaint,
    HeldClause,
    asked_between,
    cited_since,
    clauses_in_force,
    complaints_between,
)
from bank.database import Database
from bank.policies import Passage, find_passages
from bank.verified import VerifiedRecord, verified_answers
from jobs.weekly import bounds
from knowledge.tokens import tokenize
from scoring.weeks import Week

ALIKE = 0.5
"""The share of their pairs of words that two questions of one group have in common.

It decides what this report shows together, never what is answered.
"""
SHOWN = 200
"""Groups of questions that are shown at most, the largest first."""
CITED_DAYS = 365
"""A clause that was shown to nobody for so long is never read."""

Hide = Callable[[str, str], str]
"""A question's words, of a language, without clients (bot/clients)."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask alike: the words of the first, how many, by how many people, verdicts.

    `reason` is the most frequent one that they were refused for, "" when they were answered;
    `complaints` are why their answers were found bad, the most frequent first, as (reason, how
    often), and `notes` what was said of them. `clause` is what the first was shown, if anything.
    """

    words: str
    lang: str
    count: int
    people: int
    reason: str
    up: int
    down: int
    complaints: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Uncited:
    """A policy's clauses that nobody was shown for a year."""

    policy: str
    title: str
    clauses: int
    uncited: tuple[HeldClause, ...]


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """A week's answers; `median` and `slow`, the 95th of a hundred, are milliseconds."""

    week: Week
    asked: int
    people: int
    outcomes: Counter[str]
    modes: Counter[str]
    langs: Counter[str]
    median: int
    slow: int
    up: int
    down: int
    unanswered: tuple[Group, ...]
    disputed: tuple[Group, ...]
    lapsed: tuple[VerifiedRecord, ...]
    uncited: tuple[Uncited, ...]


def weekly_report(database: Database, week: Week, zone: ZoneInfo, hide: Hide) -> WeeklyReport:
    """The report of a week; clauses are those in force on its last day.

    A verdict belongs to the week it was given in, whenever its question was asked.
    """
    since, until = bounds(week, zone)
    with database.read() as tx:
        found = list(asked_between(tx, since, until))
        complaints = complaints_between(tx, since, until)
        lapsed = verified_answers(tx, ("lapsed",))
        cited = cited_since(tx, until - timedelta(CITED_DAYS))
        uncited = _uncited(clauses_in_force(tx, week.last), cited)
        shown = find_passages(tx, [one.clause_ids[0] for one in found if one.clause_ids])
    asked = [one for one in found if one.at >= since]
    vain = [one for one in asked if one.status == "refused"]
    bad = [one for one in found if one.down]
    took = sorted(one.took_ms for one in asked)
    return WeeklyReport(
        week,
        len(asked),
        len({one.staff_id for one in asked}),
        Counter(_outcome(one) for one in asked),
        Counter(one.mode for one in asked),
        Counter(one.lang for one in asked),
        _nearest_rank(took, 50),
        _nearest_rank(took, 95),
        sum(one.up for one in found),
        sum(one.down for one in found),
        tuple(_told(some, complaints, shown, hide) for some in _alike(vain, _count)),
        tuple(_told(some, complaints, shown, hide) for some in _alike(bad, _downs)),
        lapsed,
        uncited,
    )


def candidates(
    database: Database, week: Week, zone: ZoneInfo, hide: Hide
) -> list[dict[str, object]]:
    """Questions whose answers were found bad in a week, to be judged for the golden set.

    `policy` and `clause` are what was shown, which is not what is right. Those whose words are gone
    are left out.
    """
    since, until = bounds(week, zone)
    with database.read() as tx:
        bad = [one for one in asked_between(tx, since, until) if one.down and one.text]
        complaints = complaints_between(tx, since, until)
        shown = find_passages(tx, [one.clause_ids[0] for one in bad if one.clause_ids])
    found: list[dict[str, object]] = []
    for one in bad:
        passage = shown.get(one.clause_ids[0]) if one.clause_ids else None
        found.append(
            {
                "question": hide(one.text, one.lang),
                "lang": one.lang,
                "policy": passage.policy.policy if passage else None,
                "clause": passage.clause.label if passage else None,
                "status": one.status,
                "complaints": [each.reason for each in complaints if each.question_id == one.id],
                "notes": [
                    each.note for each in complaints if each.question_id == one.id and each.note
                ],
            }
        )
    return found


def _alike(asked: Iterable[Asked], weight: Callable[[Sequence[Asked]], int]) -> list[list[Asked]]:
    """The questions in groups that ask alike, the weightiest first.

    Each goes to the first group whose first question it is like.
    """
    groups: list[list[Asked]] = []
    sizes: list[int] = []
    holding: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for one in asked:
        if not one.text:  # it was kept as long as the bank keeps questions
            continue
        found = tokenize(one.text)
        features = {(one.lang, token) for token in found.pairs or found.words}
        common = Counter(group for feature in features for group in holding[feature])
        like = (
            group
            for group, both in sorted(common.items())
            if both >= ALIKE * (len(features) + sizes[group] - both)
        )
        group = next(like, None)
        if group is None:
            for feature in features:
                holding[feature].append(len(groups))
            groups.append([one])
            sizes.append(len(features))
        else:
            groups[group].append(one)
    return sorted(groups, key=lambda group: (-weight(group), group[0].at))[:SHOWN]


def _count(group: Sequence[Asked]) -> int:
    return len(group)


def _downs(group: Sequence[Asked]) -> int:
    return sum(one.down for one in group)


def _told(
    some: Sequence[Asked],
    complaints: Sequence[Complaint],
    shown: Mapping[str, Passage],
    hide: Hide,
) -> Group:
    first, ids = some[0], {one.id for one in some}
    theirs = [each for each in complaints if each.question_id in ids]
    passage = shown.get(first.clause_ids[0]) if first.clause_ids else None
    reasons = Counter(one.reason for one in some if one.status == "refused")
    return Group(
        hide(first.text, first.lang) if first.text else "",
        first.lang,
        len(some),
        len({one.staff_id for one in some}),
        reasons.most_common(1)[0][0] if reasons else "",
        sum(one.up for one in some),
        _downs(some),
        tuple(Counter(each.reason for each in theirs).most_common()),
        tuple(each.note for each in theirs if each.note),
        f"{passage.policy.title} {passage.clause.label}" if passage else "",
    )


def _outcome(one: Asked) -> str:
    return "closest" if one.reason == "closest_only" else one.status


def _nearest_rank(ordered: Sequence[int], share: int) -> int:
    """The smallest value that so many of a hundred do not exceed."""
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)] if ordered else 0


def _uncited(held: Iterable[HeldClause], cited: AbstractSet[str]) -> tuple[Uncited, ...]:
    found = []
    for policy, clauses in groupby(held, key=lambda clause: clause.policy):
        some = list(clauses)
        left = tuple(clause for clause in some if clause.id not in cited)
        if left:
            found.append(Uncited(policy, some[0].title, len(some), left))
    return tuple(sorted(found, key=lambda one: (-len(one.uncited), one.policy)))
