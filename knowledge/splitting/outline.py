"""What every line of a document is: of a clause, a heading, or left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.reading.document import Document
from knowledge.splitting.headings import Heading, opened_annexes
from knowledge.splitting.lines import Line, ends_sentence, is_title, lines_of, without_contents
from knowledge.splitting.openers import Scheme
from knowledge.splitting.places import by_looks, by_page, by_place
from knowledge.splitting.walk import Part, Walk, Walked

_WIDEST_NESTING = 15
"""So many numbers of another kind may stand inside one article, on the average."""
_SHORTEST_TEXT = 40
_FRAGMENT_WORDS = 3
_FRAGMENT_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Outline:
    """What every line of a document is: of a part, a heading, or left out.

    Left out are tables of contents and what a page's head repeats.
    """

    parts: tuple[Part, ...]
    headings: tuple[Line, ...]
    left_out: tuple[Line, ...]


def outline(document: Document, title: str) -> Outline:
    """Which lines of a document make up which clause, and which head them."""
    every = lines_of(document)
    if any(line.block.place for line in every):
        return _outlined([by_place(every)], [])
    lines, contents = without_contents(every)
    walks = [_walk(stretch, annex, title) for annex, stretch in _stretches(lines)]
    if any(walked.accepted for walked in walks) or any(_cites(walked) for walked in walks):
        numbered = any(walked.accepted for walked in walks)
        walks = [_without_fragments(walked, numbered=numbered) for walked in walks]
        return _outlined(walks, contents)
    for attempt in (by_looks, by_page):
        if (walked := attempt(lines)).parts:
            return _outlined([_without_fragments(walked, numbered=False)], contents)
    return Outline((), tuple(lines), tuple(contents))


def _outlined(walks: Sequence[Walked], contents: Sequence[Line]) -> Outline:
    return Outline(
        tuple(part for walked in walks for part in walked.parts),
        tuple(line for walked in walks for line in walked.headings),
        (*contents, *(line for walked in walks for line in walked.left_out)),
    )


def _stretches(lines: Sequence[Line]) -> Iterator[tuple[tuple[Heading, Line] | None, list[Line]]]:
    """The main text and each annex: numbers begin anew in every one."""
    opened = opened_annexes(lines)
    bounds = [*opened, len(lines)]
    if bounds[0]:
        yield None, list(lines[: bounds[0]])
    for start, end in pairwise(bounds):
        yield (opened[start], lines[start]), list(lines[start + 1 : end])


def _walk(lines: Sequence[Line], annex: tuple[Heading, Line] | None, title: str) -> Walked:
    """The walk under the scheme that numbers these lines, or under none."""
    heading = annex[0] if annex else None
    tried = {scheme: Walk(lines, scheme, title, heading).run() for scheme in Scheme}
    scheme = _chosen(tried)
    walked = tried[scheme] if scheme else Walk(lines, None, title, heading).run()
    if annex:
        walked.headings.insert(0, annex[1])
    return walked


def _chosen(tried: dict[Scheme, Walked]) -> Scheme | None:
    """The outermost scheme: articles if there are any, otherwise the one that fits best."""
    found = {scheme: walked for scheme, walked in tried.items() if walked.accepted}
    if not found:
        return None
    others = [walked for scheme, walked in found.items() if scheme is not Scheme.ARTICLE]
    most = max((walked.accepted for walked in others), default=0)
    articles = found.get(Scheme.ARTICLE)
    if articles and articles.accepted * _WIDEST_NESTING >= most:
        outline_bodies = _bodies(tried[Scheme.OUTLINE])
        from_one = articles.first <= (100,)
        if articles.accepted > 1 and (from_one or articles.accepted > outline_bodies):
            return Scheme.ARTICLE
        if from_one and most <= 1:
            return Scheme.ARTICLE
    found.pop(Scheme.ARTICLE, None)
    if found.get(Scheme.QUESTION, Walked()).accepted > 1:
        return Scheme.QUESTION
    return max(found, key=lambda scheme: _fit(found[scheme]), default=None)


def _bodies(walked: Walked) -> int:
    return walked.accepted - walked.titles


def _fit(walked: Walked) -> float:
    return walked.accepted - walked.refused / 2


def _cites(walked: Walked) -> bool:
    """Whether some of the text hangs on a heading."""
    return any(part.path for part in walked.parts)


def _without_fragments(walked: Walked, *, numbered: bool) -> Walked:
    """Headings alone, and what a title page says, are no clauses."""
    kept = []
    for before, part, after in zip(
        [None, *walked.parts], walked.parts, [*walked.parts[1:], None], strict=False
    ):
        fragment = _is_fragment(part, numbered=numbered) and not any(
            other is not None and other.key and _is_fragment(other, numbered=numbered)
            for other in (before, after)
            if part.key
        )
        if fragment or not part.lines:
            walked.headings.extend(part.lines)
        else:
            kept.append(part)
    walked.parts = kept
    return walked


def _is_fragment(part: Part, *, numbered: bool) -> bool:
    if (len(part.lines) > 1 and part.key) or not part.lines or part.lines[0].header is not None:
        return not part.lines
    text = part.opening
    if part.key:
        return not text or _says_little(text, part)
    if any(line.header is not None or ends_sentence(line.text) for line in part.lines):
        return False
    short = sum(len(line.text) for line in part.lines) <= _SHORTEST_TEXT
    return (numbered or not part.path) and (short or not part.path)


def _says_little(text: str, part: Part) -> bool:
    if part.label.startswith("第") or not is_title(text):
        return False
    if part.lines[0].block.level is not None:
        return True
    if any(character.isdigit() for character in text):
        return False
    if text.isascii():
        return len(text.split()) <= _FRAGMENT_WORDS
    return len(text) < _FRAGMENT_CHARACTERS
