"""What a sync adds to the clauses it takes over, and the one step that lets everybody read them.

Tokens and vectors are worked out before anything is written; one transaction then changes the
policies and names the new generation. Whatever fails before it leaves the old one in use.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from bank.database import Database, Transaction
from bank.generations import Generation, switch_generation
from bank.glossary import glossary_entries
from bank.policies import ClauseRecord, PolicyRecord, clauses, policy_versions
from bank.revisions import Revision
from knowledge.analysis import analyse, rules
from knowledge.analysts import analysts
from knowledge.dense import to_bytes
from knowledge.embedding import Embedder
from knowledge.glossary import Glossary, laid_over

Clauses = Mapping[PolicyRecord, Sequence[ClauseRecord]]
Report = Callable[[str, int, int], None]
"""Told of what is under way: a file's path, how many clauses came before it, of how many."""

_LOT = 512
_MODULUS = 2**256


def current(generation: Generation, embedder: Embedder, glossary: Glossary) -> bool:
    """Whether a generation's vectors and tokens are what they would be today."""
    return generation.embedder == embedder.name and generation.analysis == rules(glossary)


def index(
    clauses_of: Clauses,
    embedder: Embedder | None,
    glossary: Glossary,
    report: Report | None = None,
) -> Clauses:
    """Versions' clauses with their tokens and vectors. Raises EmbedderError.

    Without an embedder they keep the vectors they have.
    """
    waiting = [(policy, clause) for policy, found in clauses_of.items() for clause in found]
    lots = [waiting[start : start + _LOT] for start in range(0, len(waiting), _LOT)]
    done: dict[PolicyRecord, list[ClauseRecord]] = {policy: [] for policy in clauses_of}
    with analysts(len(waiting), glossary) as helpers:
        asked = [helpers.tokens([_said(*each) for each in lot]) for lot in lots]
        for number, (lot, tokens) in enumerate(zip(lots, asked, strict=True)):
            if report:
                report(lot[0][0].path, number * _LOT, len(waiting))
            vectors = _vectors([clause for _, clause in lot], embedder)
            for (policy, clause), said, vector in zip(lot, tokens.result(), vectors, strict=True):
                done[policy].append(replace(clause, tokens=said, vector=vector))
    return done


def tokens_of(policy: PolicyRecord, clause: ClauseRecord, glossary: Glossary) -> str:
    """A clause's tokens under its policy's title and its chapter."""
    return analyse(*_said(policy, clause), glossary)


def switch(
    database: Database,
    before: Generation | None,
    revision: Revision,
    now: datetime,
    embedder: Embedder,
    *,
    report: Report | None = None,
) -> bool:
    """Write a revision as the generation after `before`; False if somebody was faster.

    When the embedder or the rules of tokens, the glossary among them, are not what they were,
    vectors or tokens of every clause that stays are made again too. Raises EmbedderError, with
    nothing written.
    """
    with database.read() as tx:
        own = glossary_entries(tx) if revision.glossary is None else tuple(revision.glossary)
        glossary = laid_over(own)
        stale = before is not None and not current(before, embedder, glossary)
        gone = list(clauses(tx, revision.removed))
        staying = _staying(tx, revision) if stale else {}
    added = index(revision.added, embedder, glossary, report)
    anew = embedder if before and before.embedder != embedder.name else None
    again = _flat(index(staying, anew, glossary, report))
    comes = _flat(added)
    # Of a difference, so that one changed document costs one document.
    held = 0 if before is None or stale else int(before.fingerprint, 16)
    content = held + _digest(again) + _digest(comes) - (0 if stale else _digest(gone))
    generation = Generation(
        id=uuid4().hex[:16],
        embedder=embedder.name,
        clauses=(before.clauses if before else 0) + len(comes) - len(gone),
        fingerprint=f"{content % _MODULUS:064x}",
        built_at=now,
        number=(before.number if before else 0) + 1,
        analysis=rules(glossary),
    )
    with database.write() as tx:
        return switch_generation(
            tx,
            generation,
            instead_of=before.id if before else None,
            revision=replace(revision, added=added),
            vectors={clause.id: clause.vector for clause in again} if anew else {},
            tokens={clause.id: clause.tokens for clause in again},
        )


def fingerprint(found: Iterable[ClauseRecord]) -> str:
    """What a generation over these clauses, in whatever order, says of its content."""
    return f"{_digest(found) % _MODULUS:064x}"


def _said(policy: PolicyRecord, clause: ClauseRecord) -> tuple[str, str]:
    return f"{policy.title} {clause.heading}", clause.text


def _vectors(lot: Sequence[ClauseRecord], embedder: Embedder | None) -> list[bytes]:
    if embedder is None:
        return [clause.vector for clause in lot]
    return [to_bytes(vector) for vector in embedder.documents([clause.text for clause in lot])]


def _staying(tx: Transaction, revision: Revision) -> Clauses:
    kept = {p.id: p for p in policy_versions(tx) if p.id not in revision.removed}
    found: dict[PolicyRecord, list[ClauseRecord]] = {policy: [] for policy in kept.values()}
    for clause in clauses(tx):
        if clause.version_id in kept:
            found[kept[clause.version_id]].append(clause)
    return found


def _flat(clauses_of: Clauses) -> list[ClauseRecord]:
    return [clause for found in clauses_of.values() for clause in found]


def _digest(found: Iterable[ClauseRecord]) -> int:
    """The sum of what each clause says and where it points, so that their order is nothing."""
    return sum(
        int.from_bytes(sha256(f"{c.id}\0{c.text}\0".encode() + c.vector).digest()) for c in found
    )
