"""What goes into the library and what comes out: plain frozen values."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bank.policies import Passage
from knowledge.changes import Comparison
from knowledge.versions import Overlap

Status = Literal["answered", "refused", "conflict"]
"""conflict: the first two citations contradict each other (`Answer.clash`)."""

Mode = Literal["extractive", "llm", "verified"]
"""Whose words answer: the clauses' own, a model's over checked quotes, or an approved expert's."""

Reason = Literal["", "off_topic", "closest_only", "unknown_clause", "no_policies"]
"""Why a question was refused; empty when it was answered.

off_topic       nothing in the policies comes near
closest_only    the policies come near (`Answer.nearest`) without clearly answering
unknown_clause  it names a clause that policy does not have on that day
no_policies     nothing this person may read is in force on that day
"""


FactKind = Literal[
    "who", "when", "how_long", "how_often", "how_much", "how_many", "share",
    "allowed", "conditional", "required", "forbidden",
]  # fmt: skip
"""What a fact answers; the second line's are a clause's ruling on may I and must I questions."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the same conversation by the same person, and what it was shown."""

    question: str
    lang: str
    clause_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A question as of a day, by somebody who holds `roles` in `units`.

    Policies for ["all"] and all units are open to every query; with no roles and no units only
    those are, which is what a public channel asks with. `units` are the person's own and every
    one above it. `lang` ("en" or "zh") overrides the question's own language. `earlier` are the
    questions before it in its conversation, oldest first; `asker` is the staff id on whose budget
    a model is called.
    """

    text: str
    on: date
    roles: frozenset[str] = frozenset()
    lang: str | None = None
    units: frozenset[str] = frozenset()
    earlier: tuple[Turn, ...] = ()
    asker: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """One clause, quoted word for word.

    `quote` is the clause's text as SQL holds it, without its label; `marks` are the half-open
    character ranges of `quote` that decide the question. `clause` is the label as printed
    ("第十二条", "3.2"), `heading` the chapter path. `in_force_to` is the first day it is no longer
    in force, None while it is open-ended. `replaces` is the version this one replaced. `place` is
    where it stands in a file without pages ("Fees!12"). `owner` is the policy's.
    """

    policy: str
    version: str
    title: str
    clause: str
    page: int | None
    quote: str
    marks: tuple[tuple[int, int], ...]
    in_force_from: date
    in_force_to: date | None
    clause_id: str
    heading: str
    replaces: str | None
    place: str = ""
    owner: str = ""


def cite(passage: Passage, marks: tuple[tuple[int, int], ...] = ()) -> Citation:
    """A clause as a citation; `marks` are the ranges of the sentences that decide."""
    clause, policy = passage.clause, passage.policy
    return Citation(
        policy=policy.policy,
        version=policy.version,
        title=policy.title,
        clause=clause.label,
        page=clause.page,
        quote=clause.text,
        marks=marks,
        in_force_from=policy.in_force_from,
        in_force_to=policy.in_force_to,
        clause_id=clause.id,
        heading=clause.heading,
        replaces=policy.replaces,
        place=clause.place,
        owner=policy.owner,
    )


@dataclass(frozen=True, slots=True)
class Fact:
    """The words of the first citation that answer outright: its `quote[start:end]`."""

    kind: FactKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model says, and what it rests on: `citations[citation].quote[start:end]`."""

    text: str
    citation: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clash:
    """How the first two citations differ: the range of each one's quote that does."""

    kind: Literal["number", "modality"]
    spans: tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Approval:
    """A verified answer: what it says, which expert wrote it, who approved it, and when.

    `expert` and `approver` are staff ids, `by` is the approver's name, "" where others read along.
    """

    id: str
    text: str
    expert: str
    approver: str
    approved_on: date
    by: str = ""


@dataclass(frozen=True, slots=True)
class SeeAlso:
    """A clause to read beside those cited: they refer to it, or it defines their `term`.

    `clause` is its label as printed, "" where a whole policy is meant; `term` is "" for a
    reference.
    """

    policy: str
    version: str
    title: str
    clause: str
    term: str
    clause_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the policies say: `citations` when answered (best first, at most three).

    A refusal has none, and `nearest` holds the closest rules, which are not an answer; in a
    conflict the first two contradict each other as `clash` says. `lang` is the language of the
    question. `took_ms` is measured by the library. `see_also` is what the cited clauses refer to
    and the terms they use, at most three. `reading` is the question as it was read, "" where it
    was read as asked. `fact` is of the first citation. `estimate` (0 to 1) is how likely the first
    clause answers. `approval` comes with mode "verified"; `claims` and `model`, its name, with
    "llm"; `fallback` says in one word why a model's answer is not the one shown.
    """

    status: Status
    reason: Reason
    mode: Mode
    lang: str
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    took_ms: int
    see_also: tuple[SeeAlso, ...] = ()
    reading: str = ""
    fact: Fact | None = None
    claims: tuple[Claim, ...] = ()
    clash: Clash | None = None
    approval: Approval | None = None
    estimate: float = 0.0
    model: str = ""
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was not taken, its path inside the folder, and the reason in one line."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a file that was taken all the same, in one line."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """What a version changed, clause by clause, against `before`.

    `before` is the version it follows ("2024"), or `version` itself when its own text was changed.
    """

    policy: str
    version: str
    title: str
    before: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, each as paths inside the folder, sorted.

    A failed file keeps whatever the library held of it before. `changes` are those of policies
    that were held before, or that follow one that was. `empties`: most of the library would go,
    which is done only when forced.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failed: tuple[Failure, ...]
    notices: tuple[Notice, ...] = ()
    changes: tuple[VersionChanges, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    empties: bool = False
