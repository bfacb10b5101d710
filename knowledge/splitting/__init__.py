"""Documents into clauses: the atoms that are found, quoted and cited.

A clause is an article (第十二条, Article 12), the deepest numbered heading that has text (3.2, 一、
above （一）), a question with its answer, an annex; where nothing is numbered, the text under a
heading, a row of a sheet, a slide, a page. What a line is follows from its number fitting the
sequence, not from its look: 第三条规定的… at the start of a line is a cross-reference. Headings
belong to the clauses under them and are no clauses themselves.
"""

from collections import Counter
from collections.abc import Iterator

from knowledge.errors import ReadingError
from knowledge.reading.document import Document
from knowledge.splitting.clause import HEADING_JOINT, Clause
from knowledge.splitting.headings import ANNEX_RANK
from knowledge.splitting.items import subclause
from knowledge.splitting.lines import has_han
from knowledge.splitting.outline import outline
from knowledge.splitting.pieces import LONGEST_CLAUSE, pieces_of
from knowledge.splitting.walk import Part, slug

__all__ = ["HEADING_JOINT", "LONGEST_CLAUSE", "Clause", "split", "subclause"]


def split(document: Document, title: str) -> tuple[Clause, ...]:
    """The clauses of a document in order; ReadingError when it has nothing to cite."""
    found = outline(document, title)
    if not found.parts:
        raise ReadingError(
            "no clauses found: number them 第一条 or 1.1, or mark the headings as headings"
        )
    used: Counter[str] = Counter()
    return tuple(clause for part in found.parts for clause in _clauses(part, used))


def _clauses(part: Part, used: Counter[str]) -> Iterator[Clause]:
    number, label = part.number, part.label
    if not number:
        number, label = _named(part)
    used[number] += 1
    if used[number] > 1:
        number = f"{number} ({used[number]})"
    path = HEADING_JOINT.join(heading.text for heading in part.path)
    for piece in pieces_of(part.lines, part.rest):
        block = piece.line.block
        yield Clause(
            number, label, path, piece.text, block.page, block.place, piece.start, piece.end
        )


def _named(part: Part) -> tuple[str, str]:
    """Number and label of text that hangs on its heading, or stands before all headings."""
    if not part.path:
        return "preamble", "序言" if has_han(part.lines[0].text) else "Preamble"
    heading = part.path[-1]
    label = heading.label or heading.text
    if heading.rank == ANNEX_RANK:
        return heading.number, label
    number = heading.number or slug(heading.text)
    annex = part.path[0].number if part.path[0].rank == ANNEX_RANK else ""
    return f"{annex}/{number}" if annex else number, label
