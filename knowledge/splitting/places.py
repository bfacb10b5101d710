"""Clauses of what has no numbers: a sheet's rows, slides, the pages of a leaflet."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from knowledge.splitting.headings import Heading, marked
from knowledge.splitting.lines import LONGEST_HEADING, Line, ends_sentence, has_han, is_title
from knowledge.splitting.walk import Part, Walked

_SLIDE = re.compile(r"slide (\d+)")
_FEWEST_HEADINGS = 2


def by_place(lines: Sequence[Line]) -> Walked:
    """Each row of a sheet and each slide as a clause of its own."""
    walked = Walked()
    path: list[Heading] = []
    for place, group in groupby(lines, key=lambda line: line.block.place):
        slide = _SLIDE.fullmatch(place)
        body: list[Line] = []
        for line in group:
            heading = marked(line)
            if heading is None or (body and slide):
                body.append(line)
                continue
            path = [above for above in path if above.rank < heading.rank]
            path.append(heading)
            walked.headings.append(line)
        if not body:
            continue
        if slide:
            title = path[-1].text if path else ""
            label = place if title == place else f"{place} {title}".strip()
            walked.parts.append(Part(f"slide-{slide[1]}", label, tuple(path[:-1]), body))
        else:
            walked.parts.append(Part(place, place, tuple(path), body))
    walked.accepted = len(walked.parts)
    return walked


def by_page(lines: Sequence[Line]) -> Walked:
    """Each page as a clause, where a file has pages and nothing else to go by."""
    walked = Walked()
    if all(line.block.page is None for line in lines):
        return walked
    for page, group in groupby(lines, key=lambda line: line.block.page or 1):
        found = list(group)
        label = f"第{page}页" if has_han(found[0].text) else f"p. {page}"
        walked.parts.append(Part(f"page-{page}", label, (), found))
    return walked


def by_looks(lines: Sequence[Line]) -> Walked:
    """Text under lines that look like headings, where the file marks none.

    A heading by its looks is short, ends no sentence, and stands right before text that does.
    """
    walked = Walked()
    heads = set(_looks_heading(lines))
    if len(heads) < _FEWEST_HEADINGS:
        return walked
    for at, line in enumerate(lines):
        if at in heads:
            walked.headings.append(line)
            heading = Heading(2, line.text)
            walked.parts.append(Part("", "", (heading,), []))
        elif walked.parts:
            walked.parts[-1].lines.append(line)
        else:
            walked.parts.append(Part("", "", (), [line]))
    return walked


def _looks_heading(lines: Sequence[Line]) -> Iterator[int]:
    for at, line in enumerate(lines[:-1]):
        after = lines[at + 1]
        if (
            line.header is None
            and len(line.text) <= LONGEST_HEADING // 2
            and is_title(line.text)
            and ends_sentence(after.text)
            and len(after.text) > len(line.text)
        ):
            yield at
