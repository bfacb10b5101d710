"""What every line of a document is: of a clause, a heading, or left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.reading.document import Document
from knowledge.splitting.headings import opened_annexes
from knowledge.splitting.lines import Line, ends_sentence, lines_of, without_contents
from knowledge.splitting.openers import WHOLE, Scheme
from knowledge.splitting.places import by_looks, by_page, by_place
from knowledge.splitting.walk import Part, Starts, Stretch, Walk, Walked

_WIDEST_NESTING = 15
"""So many numbers of another kind may stand inside one article, on the average."""
_DEEPEST_TOP = 2
_ENGLISH_ARTICLES = ("Article", "ARTICLE")
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
    walks = []
    for stretch, opening in _stretches(lines):
        walks.append(_walk(stretch, title))
        walks[-1].headings[:0] = opening
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


def _stretches(lines: Sequence[Line]) -> Iterator[tuple[Stretch, list[Line]]]:
    """The main text and each annex, with the line that opens it: each counts from one."""
    opened = opened_annexes(lines)
    bounds = [*opened, len(lines)]
    if bounds[0]:
        main = lines[: bounds[0]]
        turn, name = _other_language(main)
        yield Stretch("", main[:turn]), []
        if turn < len(main):
            yield Stretch(name, main[turn:]), []
    for start, end in pairwise(bounds):
        annex = opened[start]
        yield Stretch(annex.number, lines[start + 1 : end], annex), [lines[start]]


def _other_language(lines: Sequence[Line]) -> tuple[int, str]:
    """Where the same articles begin again in the other language, and that language."""
    chinese = [at for at, line in enumerate(lines) if line.head[:1] == "第"]
    english = [at for at, line in enumerate(lines) if line.head[:7] in _ENGLISH_ARTICLES]
    if min(len(chinese), len(english)) < 2:  # noqa: PLR2004 - one may be a mention
        return len(lines), ""
    if chinese[-1] < english[0]:
        return english[0], "en"
    return (chinese[0], "zh") if english[-1] < chinese[0] else (len(lines), "")


def _walk(stretch: Stretch, title: str) -> Walked:
    """The walk under the scheme that numbers these lines, or under none."""
    starts = {scheme: Starts(stretch.lines, scheme) for scheme in Scheme}
    if starts[Scheme.OUTLINE].top > _DEEPEST_TOP:
        del starts[Scheme.OUTLINE]
    articles = Walk(stretch, starts.pop(Scheme.ARTICLE), title).run()
    most = max(len(found) for found in starts.values())
    if articles.accepted > 1 and articles.first <= (WHOLE,) and articles.accepted > most:
        return articles
    others = [Walk(stretch, found, title).run() for found in starts.values() if len(found)]
    return _best(articles, others) or Walk(stretch, Starts(stretch.lines, None), title).run()


def _best(articles: Walked, others: Sequence[Walked]) -> Walked | None:
    """The walk under the outermost scheme: articles, questions, or the one that fits best."""
    found = [walked for walked in others if walked.accepted]
    most = max((walked.accepted for walked in found), default=0)
    if articles.accepted and articles.accepted * _WIDEST_NESTING >= most:
        from_one = articles.first <= (WHOLE,)
        sentences = max((_sentences(w) for w in found if w.scheme is Scheme.OUTLINE), default=0)
        if articles.accepted > 1 and (from_one or articles.accepted > sentences):
            return articles
        if most <= 1:
            return articles
    questions = [w for w in found if w.scheme is Scheme.QUESTION and w.accepted > 1]
    return max(questions or found, key=_fit, default=None)


def _sentences(walked: Walked) -> int:
    return walked.accepted - walked.titles


def _fit(walked: Walked) -> float:
    return walked.accepted - walked.refused / 2


def _cites(walked: Walked) -> bool:
    """Whether some of the text hangs on a heading."""
    return any(part.path for part in walked.parts)


def _without_fragments(walked: Walked, *, numbered: bool) -> Walked:
    """Headings alone, and what a title page says, are no clauses.

    Titles in a row are entries of a list, and stay.
    """
    little = [bool(part.key) and _says_little(part) for part in walked.parts]
    kept = []
    for at, part in enumerate(walked.parts):
        in_list = any(little[max(0, at - 1) : at]) or any(little[at + 1 : at + 2])
        if _is_empty(part) or (little[at] and not in_list) or (numbered and _is_front(part)):
            walked.headings.extend(part.lines)
        else:
            kept.append(part)
    walked.parts = kept
    return walked


def _is_empty(part: Part) -> bool:
    """Whether nothing but its number, or a title the file marks as one, is there."""
    if len(part.lines) != 1 or not part.key:
        return not part.lines
    return not part.opening or (part.lines[0].block.level is not None and part.is_title)


def _is_front(part: Part) -> bool:
    """Whether it is a date, an issuer or the like before a clause or under a heading."""
    if part.key or any(line.header is not None or ends_sentence(line.text) for line in part.lines):
        return False
    return not part.path or sum(len(line.text) for line in part.lines) <= _SHORTEST_TEXT


def _says_little(part: Part) -> bool:
    """Whether its only line is a few words without a figure: a title with nothing below it."""
    if len(part.lines) != 1 or part.label.startswith("第") or not part.is_title:
        return False
    text = part.opening
    if any(character.isdigit() for character in text):
        return False
    if text.isascii():
        return len(text.split()) <= _FRAGMENT_WORDS
    return len(text) < _FRAGMENT_CHARACTERS
