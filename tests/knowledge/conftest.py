"""A folder to write policies into, and a library over each engine's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from knowledge.chroma import Store
from knowledge.library import Answer, Library, Query, SyncReport

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
TODAY = date(2026, 11, 17)

# For tests of what does not depend on the database's engine.
on_one_engine = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")

FRONT = """+++
id = "{id}"
title = "{title}"
version = "{version}"
kind = "policy"
lang = "{lang}"
in_force_from = {start}
{end}{more}audience = {audience}
owner = "Policy Office"
+++
"""


class Shelf:
    """A folder of policies and the library that reads it."""

    def __init__(self, library: Library, folder: Path) -> None:
        self.library = library
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def put(
        self,
        name,
        body,
        *,
        id=None,  # noqa: A002 - the key's name in front matter
        title="Test Policy",
        version="1",
        lang="en",
        start="2026-01-01",
        end=None,
        audience='["all"]',
        more="",
    ) -> Path:
        front = FRONT.format(
            id=id or Path(name).stem,
            title=title,
            version=version,
            lang=lang,
            start=start,
            end=f"in_force_to = {end}\n" if end else "",
            audience=audience,
            more=f"{more}\n" if more else "",
        )
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(front + body, encoding="utf-8")
        return path

    def sync(self, **how) -> SyncReport:
        return self.library.sync(self.folder, NOW, **how)

    def ask(self, text, *, on=TODAY, roles=frozenset(), lang=None, units=frozenset()) -> Answer:
        return self.library.ask(Query(text, on, frozenset(roles), lang, frozenset(units)))


@contextmanager
def shelf_in(place: Path, database) -> Iterator[Shelf]:
    library = Library(database, place / "home")
    yield Shelf(library, place / "policies")
    library.close()


@pytest.fixture
def no_base(tmp_path) -> Iterator[None]:
    """Another process has Chroma's folder: seconds are saved where exact search will do."""
    other = Store(tmp_path / "home" / "chroma")
    assert other.claim()
    yield
    other.close()


@pytest.fixture
def shelf(database, tmp_path) -> Iterator[Shelf]:
    with shelf_in(tmp_path, database) as opened:
        yield opened
