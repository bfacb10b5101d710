"""What else the reader of a clause needs: the clauses it refers to, the terms it uses."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bank.policies import ClauseRecord, LinkRecord

MOST_RELATED = 3

_OWN_CHAPTER = frozenset(("本章", "本节"))
_HAS_HAN = re.compile(r"[㐀-鿿]")


def related(
    cited: Sequence[ClauseRecord],
    links: Mapping[str, Sequence[LinkRecord]],
    definitions: Sequence[LinkRecord],
) -> tuple[LinkRecord, ...]:
    """What a reader of these clauses needs beside them, at most MOST_RELATED, most needed first.

    `links` are those of the cited clauses by their ids, `definitions` all of the cited versions.
    That is the clauses they refer to and, of the terms they use, those defined elsewhere; not
    what is cited anyway, nor the chapter they stand in. A whole policy comes last.
    """
    shown = {("", clause.number) for clause in cited}
    clauses: list[LinkRecord] = []
    policies: list[LinkRecord] = []
    for clause in cited:
        for link in links.get(clause.id, ()):
            target = (link.target_policy, link.target_number)
            is_near = clause.text[link.start : link.end] in _OWN_CHAPTER
            if link.kind == "reference" and target not in shown and not is_near:
                shown.add(target)
                (clauses if link.target_number else policies).append(link)
    return (*clauses, *_terms(cited, definitions), *policies)[:MOST_RELATED]


def _terms(
    cited: Sequence[ClauseRecord], definitions: Sequence[LinkRecord]
) -> Iterator[LinkRecord]:
    """The definitions of the terms that clauses use, none inside a longer one of them."""
    text = "\n".join(clause.text for clause in cited)
    own = {clause.id for clause in cited}
    known = {link.term for link in definitions if link.clause_id in own}
    longest_first = sorted(definitions, key=lambda link: -len(link.term))
    for link in longest_first:
        if link.term in known:
            continue
        pattern = re.escape(link.term)
        if not _HAS_HAN.search(link.term):
            pattern = rf"\b{pattern}(?:s|es)?\b"
        if re.search(pattern, text):
            known.add(link.term)
            text = re.sub(pattern, "\n", text)
            yield link
