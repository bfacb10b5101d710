"""What splitting gives: the clause, and why a document gives none."""

from dataclasses import dataclass

HEADING_JOINT = " › "


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, or one piece of a long one, which shares number and label with the others.

    `number` is normalised to one key: "12" for 第十二条, 第１２条 and Article XII, "12-1" for
    第十二条之一, "3.2"; inside an annex or a part that counts anew it follows that part's
    ("annex-1/3", "part-2/1"). `label` is as printed ("第十二条"); text without a number goes by its
    heading, a sheet's row by its place ("Fees!12"), a slide by its number. `heading` is the path
    of the headings above it. `page` and `place` are where its first line stands.

    [start, end) are the characters it takes up in the document's text, which is its blocks'
    texts joined by line ends. `text` is those characters without the label, each line stripped,
    blank lines and running headers left out, one way of writing the space after an item's label;
    a piece that begins inside a table repeats the table's header row before them.
    """

    number: str
    label: str
    heading: str
    text: str
    page: int | None
    place: str = ""
    start: int = 0
    end: int = 0
