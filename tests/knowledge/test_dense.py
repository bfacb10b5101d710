"""Chroma as a cache: missing, damaged, in other hands or outgrown, the answers stay the same."""

import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.generations import active_generation
from knowledge.chroma import Store, StoreError
from knowledge.dense import Base, DenseIndex
from knowledge.library import Library, SyncError
from tests.knowledge.conftest import NOW, TODAY, Shelf, on_one_engine
from tests.knowledge.test_asking import VISITS

IDS = [f"c{number}" for number in range(60)]
LONG = "\n".join(f"1.{number} Form {number} bears a stamp." for number in range(1, 121))
ALL = np.ones(len(IDS), dtype=np.bool_)


@pytest.fixture
def vectors():
    rows = np.random.default_rng(1).normal(size=(len(IDS), 16)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "chroma")
    yield opened
    opened.close()


def index_over(store, vectors, held=ALL, name="g1"):
    """An index whose base, once opened, is to hold some of the rows."""
    bare = DenseIndex(IDS, [vectors], None)
    return bare.based(Base(store, name, len(IDS), bare, held))


def opened(store, vectors, held=ALL):
    index = index_over(store, vectors, held)
    index.base.open()
    index.base.close()
    return index


def rows(*numbers):
    chosen = np.zeros(len(IDS), dtype=np.bool_)
    chosen[list(numbers)] = True
    return chosen


def exactly(vectors, asked, among, limit):
    near = {IDS[row]: float(vectors[row] @ asked) for row in np.flatnonzero(among)}
    return sorted(near, key=lambda key: -near[key])[:limit]


def search(index, vector, among, limit):
    return {IDS[row]: near for row, near in index.search(vector, among, limit).items()}


def test_a_missing_collection_is_built_while_exact_search_answers(store, vectors):
    index = index_over(store, vectors)
    first = search(index, vectors[7], ALL, 3)
    meanwhile = search(index, vectors[7], ALL, 3)
    index.base.close()

    assert index.base.ready
    assert list(first) == list(meanwhile) == list(search(index, vectors[7], ALL, 3))
    assert next(iter(first)) == "c7"


def test_the_only_question_of_a_short_command_does_not_load_chroma(store, vectors):
    index = index_over(store, vectors)
    search(index, vectors[7], ALL, 3)
    index.base.close()

    assert not index.base.ready


def test_only_what_is_asked_among_is_found_however_few(store, vectors):
    index = opened(store, vectors)

    assert set(search(index, vectors[7], rows(1, 59), 5)) == {"c1", "c59"}
    assert search(index, vectors[7], rows(), 5) == {}


def test_a_base_whose_clauses_are_all_gone_finds_none_of_them(store, vectors):
    index = opened(store, vectors, rows())

    assert list(search(index, vectors[7], ALL, 3)) == exactly(vectors, vectors[7], ALL, 3)


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    """Indexes of the same vectors whose bases hold the first twenty, forty and sixty."""
    vectors = np.random.default_rng(2).normal(size=(len(IDS), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    folder = tmp_path_factory.mktemp("bases")
    stores = {size: Store(folder / str(size)) for size in (20, 40, 60)}
    yield vectors, {size: opened(stores[size], vectors, rows(*range(size))) for size in stores}
    for store in stores.values():
        store.close()


@given(
    asked=st.integers(0, 59), among=st.sets(st.integers(0, 59)), held=st.sampled_from([20, 40, 60])
)
def test_base_and_delta_together_find_what_exact_search_does(bases, asked, among, held):
    vectors, indexes = bases
    index = indexes[held]
    assert index.base.ready

    found = search(index, vectors[asked], rows(*among), 5)

    assert list(found) == exactly(vectors, vectors[asked], rows(*among), 5)
    assert list(found.values()) == pytest.approx(
        [float(vectors[IDS.index(key)] @ vectors[asked]) for key in found], abs=1e-5
    )


def test_rows_that_came_after_the_base_are_found_with_it(store, vectors):
    first = DenseIndex(IDS, [vectors[:50]], None)
    base = Base(store, "g1", 50, first, np.ones(50, dtype=np.bool_))
    base.open()
    base.close()
    index = first.based(base).changed(vectors[50:55]).changed(vectors[55:])

    assert base.ready
    assert list(search(index, vectors[57], ALL, 3)) == exactly(vectors, vectors[57], ALL, 3)


def halve(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize("pattern", ["chroma.sqlite3", "*/data_level0.bin", "**/*"])
def test_damaged_files_are_noticed_and_built_anew(tmp_path, vectors, pattern):
    before = Store(tmp_path / "chroma")
    opened(before, vectors)
    before.close()
    for path in (tmp_path / "chroma").glob(pattern):
        if path.is_file():
            halve(path)
    store = Store(tmp_path / "chroma")

    index = opened(store, vectors)

    assert index.base.ready
    assert next(iter(search(index, vectors[7], ALL, 3))) == "c7"
    store.close()


def test_a_collection_of_other_vectors_is_not_trusted(store, vectors):
    store.build("g1", IDS, np.roll(vectors, 1, axis=1))

    index = opened(store, vectors)

    assert search(index, vectors[7], ALL, 1)["c7"] == pytest.approx(1.0, abs=1e-5)


def test_a_collection_that_lacks_rows_is_built_anew(store, vectors):
    store.build("g1", IDS[:40], vectors[:40])

    assert len(store.open("g1", IDS[:30], vectors[:30], 40)) == 40
    assert store.open("g1", IDS, vectors, len(IDS)) is None


def test_old_collections_are_dropped_and_others_left_alone(store, vectors):
    store.build("g1", IDS, vectors)
    store.build("g2", IDS, vectors)
    client = store._connected()
    client.create_collection("somebody-elses", embedding_function=None)

    store.drop_others("g2", "g0")

    names = {collection.name for collection in client.list_collections()}
    assert names == {"clauses-g2", "somebody-elses"}


def test_nothing_is_stored_in_chroma_but_ids_and_vectors(store, vectors):
    store.build("g1", IDS, vectors)
    held = store._connected().get_collection("clauses-g1").get(include=["documents", "metadatas"])

    assert sorted(held["ids"]) == sorted(IDS)
    assert held["documents"] in (None, [None] * len(IDS))
    assert held["metadatas"] in (None, [None] * len(IDS))


def test_a_folder_in_other_hands_is_left_alone_until_it_is_free(tmp_path, store, vectors):
    store.build("g1", IDS, vectors)
    other = Store(tmp_path / "chroma")

    with pytest.raises(StoreError, match="another process uses"):
        other.build("g2", IDS, vectors)
    index = opened(other, vectors)
    assert not index.base.ready
    assert list(search(index, vectors[7], ALL, 3)) == exactly(vectors, vectors[7], ALL, 3)

    store.close()
    assert opened(other, vectors).base.ready
    other.close()


def test_a_base_that_finds_too_few_is_tried_denser_and_then_refused(tmp_path, vectors, caplog):
    store = Store(tmp_path / "chroma", least_recall=1.01)  # more than there can be

    index = opened(store, vectors)

    assert not index.base.ready
    assert list(search(index, vectors[7], ALL, 3)) == exactly(vectors, vectors[7], ALL, 3)
    tried = [record.args[0] for record in caplog.records if "neighbours find" in record.msg]
    assert tried == [16, 32, 64]
    assert "no base finds enough of these vectors: exact search stays" in caplog.messages
    assert store._connected().list_collections() == []
    store.close()


@on_one_engine
def test_answers_survive_the_loss_of_chromas_folder(shelf, database, tmp_path):
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    shelf.put("long.md", LONG, title="Stamp Duty Tables")
    shelf.sync()
    before = shelf.ask("Within how many days must I log a visit?")
    shelf.library.close()
    shutil.rmtree(tmp_path / "home" / "chroma")

    again = Library(database, tmp_path / "home")
    reader = Shelf(again, shelf.folder)
    answers = [reader.ask("Within how many days must I log a visit?") for _ in range(2)]
    again.close()

    assert [answer.citations for answer in answers] == [before.citations] * 2
    assert (tmp_path / "home" / "chroma" / "chroma.sqlite3").exists()


def test_a_sync_that_was_overtaken_changes_nothing(shelf, database, tmp_path):
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    other = Library(database, tmp_path / "other-home")

    with pytest.raises(SyncError, match="another sync finished in the meantime"):
        shelf.library.sync(shelf.folder, NOW, lambda *_: other.sync(shelf.folder, NOW))
    other.close()
    with database.read() as tx:
        assert active_generation(tx).clauses == len(shelf.library.show("visits", TODAY)) == 4


@on_one_engine
def test_a_glossary_read_anew_keeps_the_base(shelf, database, tmp_path):
    shelf.put("long.md", LONG, title="Stamp Duty Tables")
    shelf.sync()
    shelf.ask("Which form bears a stamp?")
    entries = tmp_path / "own.toml"
    entries.write_text('[forms]\nstamp = { en = ["stamp"], zh = ["印章"] }\n', encoding="utf-8")
    with database.read() as tx:
        before = active_generation(tx)

    shelf.library.import_glossary(entries, NOW)

    with database.read() as tx:
        after = active_generation(tx)
        search = shelf.library._engine.search_of(tx, after)
    assert before.analysis != after.analysis
    assert before.base == after.base != ""
    assert search.dense.base is not None
