"""What is read from the shipped Word and PDF files is what their Markdown sources say."""

from pathlib import Path

import pytest

from knowledge.reading.metadata import check_meta, parse_meta, read_beside
from knowledge.reading.reader import Reader
from knowledge.splitting import split
from tests.knowledge.golden import POLICIES

SOURCES = Path(__file__).parent / "policies"
TYPESET = sorted(SOURCES.glob("*/*.md"))


@pytest.fixture(scope="module")
def reader():
    with Reader() as opened:
        yield opened


def read_clauses(reader, path, title):
    found = split(reader.read(path), title)
    return [(clause.number, clause.label, clause.heading, clause.text) for clause in found], found


@pytest.mark.parametrize("source", TYPESET, ids=lambda path: path.stem)
def test_the_typeset_file_reads_as_its_source(source, reader):
    suffix = {"word": ".docx", "pdf": ".pdf"}[source.parent.name]
    meta = parse_meta(reader.read(source).front_matter)

    written, _ = read_clauses(reader, source, meta.title)
    printed, clauses = read_clauses(reader, POLICIES / (source.stem + suffix), meta.title)

    assert printed == written
    assert check_meta(read_beside(POLICIES)[source.stem + suffix]) == meta
    assert all((clause.page is not None) == (suffix == ".pdf") for clause in clauses)


def test_every_shipped_policy_is_there_and_numbered_without_gaps(reader):
    counts = {}
    for path in sorted(POLICIES.iterdir()):
        if path.suffix in (".md", ".docx", ".pdf"):
            document = reader.read(path)
            front = document.front_matter
            meta = parse_meta(front) if front else check_meta(read_beside(POLICIES)[path.name])
            found = split(document, meta.title)
            counts[path.name] = len(found)
            assert len({clause.number for clause in found}) == len(found)
            if meta.lang == "zh":
                assert [c.number for c in found] == [str(n) for n in range(1, len(found) + 1)]

    assert len(counts) >= 14
    assert sum(counts.values()) >= 400
