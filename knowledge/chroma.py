"""Chroma: collections of vectors, in a folder of our own or on a server, and nothing else.

A collection is built beside the ones in use, compared with exact search, and only then named to
anybody. One process at a time may use a folder: Chroma gives a second one stale answers and
damages what both write, so whoever comes later goes without.
"""

import contextlib
import fcntl
import logging
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast
from urllib.parse import urlsplit

import numpy as np

from knowledge.vectors import Matrix, cosines

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client

Found = list[tuple[str, float]]
"""Ids with their cosine similarity, nearest first."""

LEAST_RECALL = 0.99
"""The share of the ten nearest that a collection must find."""

_log = logging.getLogger(__name__)
_BATCH = 500
"""Vectors added at once: nothing else happens in this process meanwhile, not even an answer."""
_SAMPLES = 100
_TEN = 10
_NEAR = 1e-3
# Neighbours kept by each vector, how many are weighed when one is added, and when one is asked
# for: the first that finds enough of a collection's own vectors is taken. The width of a search is
# given with the rest: Chroma takes no notice of another one until the collection is opened again.
_GRAPHS = ((16, 100, 400), (32, 200, 800), (64, 400, 1_600))


class StoreError(Exception):
    """Chroma cannot be used here; the message says why."""


class Store:
    """Where collections are kept: a folder, or a server by its address."""

    def __init__(self, folder: Path, url: str = "", *, least_recall: float = LEAST_RECALL) -> None:
        """Open nothing yet; with a `url` (http://host:port) the folder is not used."""
        self._least_recall = least_recall
        self._folder = folder
        self._url = url
        self._client: Client | None = None
        self._held: TextIO | None = None

    def claim(self) -> bool:
        """Whether this process may use the store, taking the folder for it when it is free."""
        if self._url or self._held:
            return True
        self._folder.mkdir(parents=True, exist_ok=True)
        held = (self._folder.parent / f"{self._folder.name}.lock").open("a")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.close()
            return False
        self._held = held
        return True

    def open(self, name: str, ids: Sequence[str], vectors: Matrix, most: int) -> "Graph | None":
        """The collection of that name, if it is sound; None when it is missing or is not.

        It must hold all of `ids` (at least as many, at most `most`) and find a sample of them.
        """
        try:
            found = self._connected().get_collection(_named(name), embedding_function=None)
            graph = Graph(found)
            if len(ids) <= len(graph) <= most and graph.finds(ids, vectors):
                return graph
            _log.warning("the collection %s is not what it should be", name)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - missing and damaged look alike from outside
            _log.info("no usable collection %s (%s)", name, type(error).__name__)
        return None

    def build(self, name: str, ids: Sequence[str], vectors: Matrix) -> "Graph | None":
        """Build a collection, replacing one of its name; None when it does not find enough.

        Raises whatever Chroma does when it cannot. A folder that it can no longer open is begun
        anew.
        """
        try:
            return self._build(name, ids, vectors)
        except StoreError:
            raise
        except Exception as error:
            if self._url:
                raise
            _log.warning("starting the folder of Chroma anew (%s)", type(error).__name__)
            self._discard()
            return self._build(name, ids, vectors)

    def drop_others(self, name: str, replaced: str) -> None:
        """Delete the collection that one of a name replaced.

        In a folder, which is nobody else's, every other of ours: a server may serve other banks.
        """
        client = self._connected()
        if self._url:
            _delete(client, replaced)
            return
        for found in client.list_collections():
            if found.name.startswith(_PREFIX) and found.name != _named(name):
                client.delete_collection(found.name)

    def close(self) -> None:
        """Let another process have the folder."""
        self._disconnect()
        if self._held:
            self._held.close()
            self._held = None

    def _build(self, name: str, ids: Sequence[str], vectors: Matrix) -> "Graph | None":
        client = self._connected()
        for neighbours, weighed, asked in _GRAPHS:
            _delete(client, name)
            found = client.create_collection(
                _named(name),
                configuration={
                    "hnsw": {
                        "space": "cosine",
                        "max_neighbors": neighbours,
                        "ef_construction": weighed,
                        "ef_search": asked,
                    }
                },
                embedding_function=None,
            )
            for start in range(0, len(ids), _BATCH):
                batch = slice(start, start + _BATCH)
                found.add(ids=list(ids[batch]), embeddings=vectors[batch])
            graph = Graph(found)
            recall = graph.recall(vectors)
            if recall >= self._least_recall:
                return graph
            _log.warning("%d neighbours find %.1f %% of the nearest", neighbours, 100 * recall)
        _delete(client, name)
        return None

    def _connected(self) -> "Client":
        if not self.claim():
            raise StoreError(f"another process uses {self._folder}")
        if self._client is None:
            self._client = _server(self._url) if self._url else _embedded(self._folder)
        return self._client

    def _disconnect(self) -> None:
        if self._client is not None:
            with contextlib.suppress(Exception):  # a damaged one may not even close
                self._client.close()
            self._client = None

    def _discard(self) -> None:
        self._disconnect()
        shutil.rmtree(self._folder, ignore_errors=True)


class Graph:
    """A collection that is there."""

    def __init__(self, collection: "Collection") -> None:
        """Only the store opens one."""
        self._collection = collection

    def __len__(self) -> int:
        return int(self._collection.count())

    def nearest(self, vector: Matrix, limit: int) -> Found:
        """The ids that seem nearest to a vector."""
        return self._query(vector[np.newaxis], limit)[0]

    def finds(self, ids: Sequence[str], vectors: Matrix) -> bool:
        """Whether a sample of vectors is found under something as near as itself."""
        if not len(ids):
            return True
        sample = vectors[:: max(1, len(ids) // (_SAMPLES // 5))]
        sample = sample[np.any(sample, axis=1)]
        if not len(sample):
            return True
        return all(hits and hits[0][1] >= 1 - _NEAR for hits in self._query(sample, 1))

    def recall(self, vectors: Matrix) -> float:
        """The share of the ten nearest of a sample that is found; as near counts as the same."""
        sample = vectors[:: max(1, len(vectors) // _SAMPLES)][:_SAMPLES]
        if not len(sample):
            return 1.0
        wanted = min(_TEN, len(vectors))
        tenth = -np.partition(-cosines(sample, vectors.T), wanted - 1, axis=1)[:, wanted - 1]
        found = self._query(sample, wanted)
        right = [
            sum(near >= least - _NEAR for _, near in hits)
            for hits, least in zip(found, tenth, strict=True)
        ]
        return float(sum(right) / (wanted * len(sample)))

    def _query(self, vectors: Matrix, limit: int) -> list[Found]:
        found = self._collection.query(
            query_embeddings=vectors, n_results=limit, include=["distances"]
        )
        distances = found["distances"] or [[] for _ in vectors]
        return [
            [(key, 1 - far) for key, far in zip(keys, row, strict=True)]
            for keys, row in zip(found["ids"], distances, strict=True)
        ]


_PREFIX = "clauses-"


def _named(name: str) -> str:
    return f"{_PREFIX}{name}"


def _delete(client: "Client", name: str) -> None:
    if _named(name) in {found.name for found in client.list_collections()}:
        client.delete_collection(_named(name))


def _embedded(folder: Path) -> "Client":
    # Set before the import: onnxruntime, which Chroma may load, reports home by default.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # Imported here: it takes two seconds.
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(anonymized_telemetry=False)
    return cast("Client", chromadb.PersistentClient(path=str(folder), settings=settings))


def _server(url: str) -> "Client":
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    parts = urlsplit(url)
    client = chromadb.HttpClient(
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 8000),
        ssl=parts.scheme == "https",
        settings=Settings(anonymized_telemetry=False),
    )
    return cast("Client", client)
