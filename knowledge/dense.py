"""The dense index: one Chroma collection per generation, a cache over vectors that SQL holds.

Exact numpy search over the same vectors answers whenever Chroma cannot: while a missing or
damaged collection is rebuilt, and when filters leave too few of its hits.
"""

import logging
import os
import shutil
import threading
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI

Matrix = NDArray[np.float32]

_log = logging.getLogger(__name__)
_BATCH = 5_000
_SAMPLES = 20
_NEAR = 1e-3
_OVERFETCH = 4


def to_bytes(vector: Sequence[float]) -> bytes:
    """A vector as SQL holds it: float32, little-endian."""
    return np.asarray(vector, dtype="<f4").tobytes()


def to_matrix(vectors: Sequence[bytes]) -> Matrix:
    """Vectors from SQL as the rows of a matrix."""
    if not vectors:
        return np.zeros((0, 0), dtype=np.float32)
    return np.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(vectors), -1).copy()


class DenseIndex:
    """The vectors of one generation. Always answers; through Chroma where it is sound."""

    def __init__(self, folder: Path, generation: str, ids: Sequence[str], vectors: Matrix) -> None:
        """Open the generation's collection under `folder`, rebuilding it if it is not sound."""
        self._folder = folder
        self._generation = generation
        self._ids = list(ids)
        self._vectors = vectors
        self._collection: Any | None = None
        self._rebuilding: threading.Thread | None = None
        self._open()

    @property
    def ready(self) -> bool:
        """Whether Chroma answers; False while numpy stands in for it."""
        return self._collection is not None

    def search(
        self, vector: Sequence[float], among: AbstractSet[str], limit: int
    ) -> dict[str, float]:
        """The cosine similarity of the nearest ids out of `among`, nearest first."""
        collection = self._collection
        if collection is not None and self._ids:
            try:
                hits = _query(collection, vector, min(limit * _OVERFETCH, len(self._ids)))
            except Exception:  # noqa: BLE001 - whatever Chroma raises, numpy answers
                _log.exception("the dense index does not answer: rebuilding it")
                self._collection = None
                self._rebuild()
            else:
                kept = [(key, near) for key, near in hits if key in among][:limit]
                if len(kept) == min(limit, len(among)):
                    return dict(kept)
        return self._exact(vector, among, limit)

    def close(self) -> None:
        """Wait for a rebuild that is under way."""
        if self._rebuilding is not None:
            self._rebuilding.join()

    def _exact(
        self, vector: Sequence[float], among: AbstractSet[str], limit: int
    ) -> dict[str, float]:
        rows = [index for index, key in enumerate(self._ids) if key in among]
        if not rows:
            return {}
        near = self._vectors[rows] @ np.asarray(vector, dtype=np.float32)
        best = np.argsort(-near, kind="stable")[:limit]
        return {self._ids[rows[index]]: float(near[index]) for index in best}

    def _open(self) -> None:
        try:
            collection = open_client(self._folder).get_collection(
                collection_name(self._generation), embedding_function=None
            )
            if is_sound(collection, self._ids, self._vectors):
                self._collection = collection
                return
        except Exception as error:  # noqa: BLE001 - missing and damaged look alike from outside
            _log.info("no usable dense index (%s): building it", type(error).__name__)
        self._rebuild()

    def _rebuild(self) -> None:
        # Not a daemon: a process that ends waits for it rather than killing it in mid-write.
        self._rebuilding = threading.Thread(target=self._build, name="dense-rebuild")
        self._rebuilding.start()

    def _build(self) -> None:
        try:
            self._collection = build(self._folder, self._generation, self._ids, self._vectors)
        except Exception:  # noqa: BLE001 - the same: a cache may fail in any way
            _log.exception("the dense index cannot be rebuilt: exact search goes on instead")


def build(folder: Path, generation: str, ids: Sequence[str], vectors: Matrix) -> "Collection":
    """Build and check a generation's collection, replacing what is there; raises if unsound.

    A folder that Chroma can no longer open is moved aside and begun anew.
    """
    try:
        collection = _fill(open_client(folder), generation, ids, vectors)
    except Exception as error:  # noqa: BLE001 - any failure may be the old files' fault
        _log.warning("starting the dense index anew (%s)", type(error).__name__)
        _discard(folder)
        collection = _fill(open_client(folder), generation, ids, vectors)
    if not is_sound(collection, ids, vectors):
        raise RuntimeError("the dense index was built but does not find its own vectors")
    return collection


def drop_others(folder: Path, generation: str) -> None:
    """Delete the collections of every other generation."""
    client = open_client(folder)
    for collection in client.list_collections():
        if collection.name != collection_name(generation):
            client.delete_collection(collection.name)


def is_sound(collection: "Collection", ids: Sequence[str], vectors: Matrix) -> bool:
    """Whether a collection holds as many vectors as SQL, and finds a sample of them."""
    if collection.count() != len(ids):
        return False
    step = max(1, len(ids) // _SAMPLES)
    samples = [row for row in vectors[::step] if np.any(row)]
    for row in samples:
        hits = _query(collection, row, 1)
        if not hits or hits[0][1] < 1 - _NEAR:
            return False
    return True


def collection_name(generation: str) -> str:
    """The name of a generation's collection."""
    return f"clauses-{generation}"


def open_client(folder: Path) -> "ClientAPI":
    """Chroma's client over a folder of this process's own."""
    # Set before the import: onnxruntime, which Chroma may load, reports home by default.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # Imported here: it takes two seconds, and only English questions and syncs need it.
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(anonymized_telemetry=False)
    return chromadb.PersistentClient(path=str(folder), settings=settings)


def _fill(
    client: "ClientAPI", generation: str, ids: Sequence[str], vectors: Matrix
) -> "Collection":
    name = collection_name(generation)
    if name in {collection.name for collection in client.list_collections()}:
        client.delete_collection(name)
    collection = client.create_collection(
        name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )
    for start in range(0, len(ids), _BATCH):
        collection.add(
            ids=list(ids[start : start + _BATCH]), embeddings=vectors[start : start + _BATCH]
        )
    return collection


def _discard(folder: Path) -> None:
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415

    SharedSystemClient.clear_system_cache()
    shutil.rmtree(folder, ignore_errors=True)


def _query(
    collection: "Collection", vector: Sequence[float] | Matrix, limit: int
) -> list[tuple[str, float]]:
    """Ids with their cosine similarity, nearest first."""
    asked = np.asarray([vector], dtype=np.float32)
    found = collection.query(query_embeddings=asked, n_results=limit, include=["distances"])
    distances = found["distances"] or [[]]
    return [(key, 1 - near) for key, near in zip(found["ids"][0], distances[0], strict=True)]
