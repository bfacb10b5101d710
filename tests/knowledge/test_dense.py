"""Chroma as a cache: missing, damaged or stale, the answers stay the same."""

import shutil

import numpy as np
import pytest
from chromadb.api.shared_system_client import SharedSystemClient
from hypothesis import given
from hypothesis import strategies as st

from bank.policies import active_generation
from knowledge import dense
from knowledge.library import Library, SyncError
from knowledge.search import fuse
from tests.knowledge.conftest import NOW, TODAY, Shelf
from tests.knowledge.test_asking import VISITS

IDS = [f"c{number}" for number in range(60)]


@pytest.fixture
def vectors():
    rows = np.random.default_rng(1).normal(size=(len(IDS), 16)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def forget_chroma():
    """As a new process would: Chroma keeps what it opened."""
    SharedSystemClient.clear_system_cache()


def opened(folder, vectors):
    index = dense.DenseIndex(folder, "g1", IDS, vectors)
    index.close()
    return index


def test_a_missing_collection_is_built_while_exact_search_answers(tmp_path, vectors):
    index = dense.DenseIndex(tmp_path, "g1", IDS, vectors)
    meanwhile = index.search(vectors[7], set(IDS), 3)
    index.close()

    assert index.ready
    assert list(index.search(vectors[7], set(IDS), 3)) == list(meanwhile)
    assert next(iter(meanwhile)) == "c7"


def test_only_what_is_asked_among_is_found_however_few(tmp_path, vectors):
    index = opened(tmp_path, vectors)

    assert set(index.search(vectors[7], {"c1", "c59"}, 5)) == {"c1", "c59"}
    assert index.search(vectors[7], set(), 5) == {}


def test_exact_and_chroma_agree(tmp_path, vectors):
    index = opened(tmp_path, vectors)

    for row in vectors[:10]:
        through_chroma = index.search(row, set(IDS), 5)
        exact = index._exact(row, set(IDS), 5)
        assert list(through_chroma) == list(exact)
        assert list(through_chroma.values()) == pytest.approx(list(exact.values()), abs=1e-5)


def halve(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize("pattern", ["chroma.sqlite3", "*/data_level0.bin", "*/*.bin", "**/*"])
def test_damaged_files_are_noticed_and_built_anew(tmp_path, vectors, pattern):
    opened(tmp_path, vectors)
    forget_chroma()
    for path in tmp_path.glob(pattern):
        if path.is_file():
            halve(path)

    index = opened(tmp_path, vectors)

    assert index.ready
    assert next(iter(index.search(vectors[7], set(IDS), 3))) == "c7"


def test_a_collection_of_other_vectors_is_not_trusted(tmp_path, vectors):
    dense.build(tmp_path, "g1", IDS, np.roll(vectors, 1, axis=1))

    index = opened(tmp_path, vectors)

    assert index.search(vectors[7], set(IDS), 1)["c7"] == pytest.approx(1.0, abs=1e-5)


def test_old_generations_are_dropped(tmp_path, vectors):
    dense.build(tmp_path, "g1", IDS, vectors)
    dense.build(tmp_path, "g2", IDS, vectors)
    dense.drop_others(tmp_path, "g2")

    names = [collection.name for collection in dense.open_client(tmp_path).list_collections()]
    assert names == [dense.collection_name("g2")]


def test_nothing_is_stored_in_chroma_but_ids_and_vectors(tmp_path, vectors):
    collection = dense.build(tmp_path, "g1", IDS, vectors)
    held = collection.get(include=["documents", "metadatas"])

    assert sorted(held["ids"]) == sorted(IDS)
    assert held["documents"] in (None, [None] * len(IDS))
    assert held["metadatas"] in (None, [None] * len(IDS))


def test_answers_survive_the_loss_of_chromas_folder(shelf, database, tmp_path):
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    shelf.sync()
    before = shelf.ask("Within how many days must I log a visit?")
    shelf.library.close()
    forget_chroma()
    shutil.rmtree(tmp_path / "home" / "chroma")

    again = Library(database, tmp_path / "home")
    answer = Shelf(again, shelf.folder).ask("Within how many days must I log a visit?")
    again.close()

    assert answer.citations == before.citations


def test_a_second_process_reads_the_new_generation(shelf, tmp_path, database):
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    shelf.sync()
    other = Library(database, tmp_path / "other-home")
    reader = Shelf(other, shelf.folder)
    assert reader.ask("visits 2.2").status == "answered"

    shelf.put("visits.md", VISITS.partition("\n2.2")[0], title="Client Visit Policy")
    shelf.sync()

    assert reader.ask("visits 2.2").reason == "unknown_clause"
    other.close()


def test_a_sync_that_was_overtaken_changes_nothing(shelf, database, tmp_path):
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    other = Library(database, tmp_path / "other-home")

    with pytest.raises(SyncError, match="another sync finished in the meantime"):
        shelf.library.sync(shelf.folder, NOW, lambda *_: other.sync(shelf.folder, NOW))
    other.close()
    with database.read() as tx:
        assert active_generation(tx).clauses == len(shelf.library.show("visits", TODAY)) == 4


SCORES = st.dictionaries(st.sampled_from(IDS), st.floats(0, 50), max_size=20)


@given(SCORES, SCORES, st.floats(0, 1))
def test_fused_scores_stay_between_0_and_1_and_cover_both_lists(words, near, share):
    fused = fuse(words, near, share)

    assert fused.keys() == words.keys() | near.keys()
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in fused.values())


@given(SCORES)
def test_without_a_dense_share_the_words_alone_rank(words):
    fused = fuse(words, {}, 0.0)

    assert sorted(words, key=lambda key: (-words[key], key)) == sorted(
        fused, key=lambda key: (-words[key], key)
    )
