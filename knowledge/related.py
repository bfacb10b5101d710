"""What else the reader of a clause needs: the clauses it refers to, the terms it uses."""

import re
from collections.abc import Mapping, Sequence

from bank.database import Transaction
from bank.policies import (
    ClauseRecord,
    LinkRecord,
    Passage,
    PolicyRecord,
    definitions_of,
    find_clause,
    find_passages,
    links_of,
)
from knowledge.answer import Citation, SeeAlso
from knowledge.scope import Scope
from knowledge.targets import target_of

MOST_RELATED = 3

_OWN_CHAPTER = frozenset(("本章", "本节"))
_HAS_HAN = re.compile(r"[㐀-鿿]")


def see_also(
    tx: Transaction, citations: Sequence[Citation], readable: Sequence[PolicyRecord], scope: Scope
) -> tuple[SeeAlso, ...]:
    """What to read beside the clauses that are cited, as SQL holds it, in force and open.

    `readable` are the versions that whoever asks may read on the day they ask about.
    """
    ids = [citation.clause_id for citation in citations]
    passages = find_passages(tx, ids)
    kept = [citation for citation in citations if citation.clause_id in passages]
    cited = [passages[citation.clause_id] for citation in kept]
    deciding = [_deciding(citation) for citation in kept]
    links = links_of(tx, ids)
    definitions = definitions_of(tx, {passage.policy.id for passage in cited})
    policies = {passage.clause.id: passage.policy for passage in cited}
    told = []
    clauses = [passage.clause for passage in cited]
    for link in related(clauses, deciding, links, definitions):
        found = _target(tx, link, policies.get(link.clause_id), readable)
        if found is not None and scope.admits(found.policy):
            told.append(_told(link, found))
    return tuple(told)


def _deciding(citation: Citation) -> str:
    marked = (citation.quote[start:end] for start, end in citation.marks)
    return "\n".join(marked) or citation.quote


def _target(
    tx: Transaction, link: LinkRecord, policy: PolicyRecord | None, readable: Sequence[PolicyRecord]
) -> Passage | None:
    if link.kind == "definition":
        return find_passages(tx, [link.clause_id]).get(link.clause_id)
    version = target_of(link, policy, readable) if policy else None
    return find_clause(tx, version.id, link.target_number) if version else None


def _told(link: LinkRecord, found: Passage) -> SeeAlso:
    is_whole = link.kind == "reference" and not link.target_number
    return SeeAlso(
        policy=found.policy.policy,
        version=found.policy.version,
        title=found.policy.title,
        clause="" if is_whole else found.clause.label,
        term=link.term,
        clause_id=found.clause.id,
    )


def related(
    cited: Sequence[ClauseRecord],
    deciding: Sequence[str],
    links: Mapping[str, Sequence[LinkRecord]],
    definitions: Sequence[LinkRecord],
) -> tuple[LinkRecord, ...]:
    """What a reader of these clauses needs beside them, at most MOST_RELATED, most needed first.

    `deciding` are the words of each that decide the question, `links` those of the cited clauses
    by their ids, `definitions` all of the cited versions. That is the clauses they refer to and,
    of the terms their deciding words use, those defined elsewhere in the policy; not what is
    cited anyway, nor the chapter they stand in. A whole policy comes last.
    """
    shown = {(clause.version_id, clause.number) for clause in cited}
    clauses: list[LinkRecord] = []
    policies: list[LinkRecord] = []
    for clause in cited:
        for link in links.get(clause.id, ()):
            target = (link.target_policy or clause.version_id, link.target_number)
            is_near = clause.text[link.start : link.end] in _OWN_CHAPTER
            if link.kind == "reference" and target not in shown and not is_near:
                shown.add(target)
                (clauses if link.target_number else policies).append(link)
    terms: dict[str, LinkRecord] = {}
    for clause, words in zip(cited, deciding, strict=True):
        known = [link for link in definitions if link.clause_id.startswith(f"{clause.version_id}#")]
        terms |= {
            link.term: link for link in _terms(clause, words, known) if link.term not in terms
        }
    return (*clauses, *terms.values(), *policies)[:MOST_RELATED]


def _terms(clause: ClauseRecord, words: str, definitions: Sequence[LinkRecord]) -> list[LinkRecord]:
    """The definitions of the terms that words use, in their order, none inside a longer one."""
    own = {link.term for link in definitions if link.clause_id == clause.id}
    used: list[tuple[int, LinkRecord]] = []
    for link in sorted(definitions, key=lambda link: -len(link.term)):
        pattern = _pattern(link.term)
        if link.term not in own and (found := pattern.search(words)):
            used.append((found.start(), link))
            words = pattern.sub(lambda one: "\n" * len(one[0]), words)
    return [link for _, link in sorted(used, key=lambda one: one[0])]


def _pattern(term: str) -> re.Pattern[str]:
    """How a term is used. A single Latin word is the defined one only as it is capitalised."""
    if _HAS_HAN.search(term):
        return re.compile(re.escape(term))
    flags = re.IGNORECASE if " " in term else re.NOFLAG
    return re.compile(rf"\b{re.escape(term)}(?:s|es)?\b", flags)
