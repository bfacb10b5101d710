"""The dense index of one process: most vectors through a collection, the rest exactly.

A collection is the *base*: what was added after it was built, the *delta*, is few enough for
numpy, and what was removed since is masked. Numpy answers for everything whenever the base does
not: while it is missing, damaged, being built, or in another process's hands.
"""

import logging
import math
import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.catalogue import Rows
from knowledge.chroma import Found, Graph, Store, StoreError
from knowledge.vectors import Matrix, cosines

_log = logging.getLogger(__name__)
_WIDELY = 1.5
"""More than its share is asked of a base, since the nearest are not spread evenly."""
_LEAST_SHARE = 0.1
"""A scope that admits less of the base is searched exactly: it is small."""
_ASKED_AGAIN = 100
"""After so many questions a store that was away, or in other hands, is tried again."""
_GATHERED = 0.25
"""Below this share, picking the rows that are admitted is quicker than to weigh all."""


def to_bytes(vector: Sequence[float] | Matrix) -> bytes:
    """A vector as SQL holds it: float32, little-endian."""
    return np.asarray(vector, dtype="<f4").tobytes()


def to_matrix(vectors: Sequence[bytes]) -> Matrix:
    """Vectors from SQL as the rows of a matrix."""
    if not vectors:
        return np.zeros((0, 0), dtype=np.float32)
    return np.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(vectors), -1)


class Base:
    """A collection and the rows it holds, opened or built anew while numpy stands in for it."""

    def __init__(self, store: Store, name: str, most: int, index: "DenseIndex", held: Rows) -> None:
        """Open nothing yet.

        The collection was built with `most` vectors; those of them that are still there are the
        rows `held` of an index.
        """
        self.held = held
        self._store, self._name, self._most = store, name, most
        self._index = index
        self._row_of: dict[str, int] = {}
        self._graph: Graph | None = None
        self._size = 0
        self._asked = 0
        self._rest = _ASKED_AGAIN
        self._failed = False
        self._lock = threading.Lock()
        self._opening: threading.Thread | None = None

    @property
    def ready(self) -> bool:
        """Whether the collection answers; False while numpy stands in for it."""
        return self._graph is not None

    def nearest(self, vector: Matrix, among: Rows, limit: int) -> dict[int, float] | None:
        """The rows nearest to a vector out of the base's rows; None when it cannot tell."""
        graph = self._graph
        if graph is None:
            self._want()
            return None
        admitted = int(np.count_nonzero(among))
        if not admitted:
            return {}
        if admitted < _LEAST_SHARE * self._size:
            return None
        wanted = min(self._size, math.ceil(_WIDELY * limit * self._size / admitted))
        try:
            found = graph.nearest(vector, wanted)
        except Exception:  # noqa: BLE001 - whatever Chroma raises, numpy answers
            # Opened anew by the next question, unless that follows a new base already.
            _log.exception("the base %s does not answer: exact search goes on", self._name)
            self._graph = None
            return None
        kept = self._kept(found, among, limit)
        return kept if len(kept) == min(limit, admitted) else None

    def open(self) -> None:
        """Begin to open it, unless that is under way or was of no use."""
        with self._lock:
            if self._failed or (self._opening and self._opening.is_alive()):
                return
            # Not a daemon: a process that ends waits for it rather than killing it in mid-write.
            self._opening = threading.Thread(target=self._open, name="base")
            self._opening.start()

    def close(self) -> None:
        """Wait until it is no longer being opened."""
        if self._opening:
            self._opening.join()

    def _want(self) -> None:
        # Loading Chroma takes longer than to search exactly, so the first question, which may be
        # a short command's only one, does not ask for it.
        self._asked += 1
        if self._asked > 1:
            self.open()

    def _kept(self, found: Found, among: Rows, limit: int) -> dict[int, float]:
        rows = ((self._row_of.get(key), near) for key, near in found)
        kept = [(row, near) for row, near in rows if row is not None and among[row]]
        return dict(kept[:limit])

    def _open(self) -> None:
        try:
            rows = np.flatnonzero(self.held)
            ids = [self._index.ids[row] for row in rows.tolist()]
            vectors = self._index.vectors(rows)
            graph = self._store.open(self._name, ids, vectors, self._most)
            if graph is None:
                _log.warning("building the base %s from SQL: exact search goes on", self._name)
                graph = self._store.build(self._name, ids, vectors)
            if graph is None:
                self._failed = True
                _log.error("no base finds enough of these vectors: exact search stays")
                return
            self._row_of = dict(zip(ids, rows.tolist(), strict=True))
            self._size = len(graph)
            self._rest = _ASKED_AGAIN
            self._graph = graph
        except StoreError as error:
            self._asked = -_ASKED_AGAIN
            _log.info("%s: exact search goes on", error)
        except Exception:  # noqa: BLE001 - a cache may fail in any way
            # A server that is away comes back; what is broken for good is tried ever less often.
            self._asked = -self._rest
            self._rest *= 2
            _log.exception("the base %s cannot be opened: exact search goes on", self._name)


class DenseIndex:
    """The vectors of one generation, by row. Never changes; `changed` gives the one that follows.

    Rows are a catalogue's: those of clauses that are gone are asked for by nobody.
    """

    def __init__(self, ids: Sequence[str], blocks: Sequence[Matrix], base: Base | None) -> None:
        """`blocks` hold the vectors of the first rows, of the next, and so on."""
        self.ids = ids
        self.base = base
        self._blocks = tuple(block for block in blocks if len(block))

    def changed(self, vectors: Matrix) -> "DenseIndex":
        """This index with the vectors of more rows."""
        if len(self._blocks) > 1 and len(vectors):
            vectors = np.concatenate([*self._blocks[1:], vectors])
            return DenseIndex(self.ids, (self._blocks[0], vectors), self.base)
        return DenseIndex(self.ids, (*self._blocks, vectors), self.base)

    def based(self, base: Base | None) -> "DenseIndex":
        """This index over another base."""
        return DenseIndex(self.ids, self._blocks, base)

    def search(self, vector: Matrix, among: Rows, limit: int) -> dict[int, float]:
        """The cosine similarity of the nearest rows out of some, nearest first."""
        base = self.base
        near: dict[int, float] | None = None
        rest = among
        if base is not None:
            held = np.zeros_like(among)
            held[: len(base.held)] = base.held & among[: len(base.held)]
            near = base.nearest(vector, held, limit)
            rest = among & ~held if near is not None else among
        found = {**(near or {}), **self._exact(vector, rest, limit)}
        best = sorted(found, key=lambda row: (-found[row], row))[:limit]
        return {row: found[row] for row in best}

    def vectors(self, rows: NDArray[np.intp]) -> Matrix:
        """The vectors of some rows, in their order, which rises."""
        parts, start = [], 0
        for block in self._blocks:
            inside = rows[(rows >= start) & (rows < start + len(block))] - start
            parts.append(block if len(inside) == len(block) else block[inside])
            start += len(block)
        return np.concatenate(parts) if len(parts) != 1 else parts[0]

    def _exact(self, vector: Matrix, among: Rows, limit: int) -> dict[int, float]:
        found: dict[int, float] = {}
        start = 0
        for block in self._blocks:
            rows = np.flatnonzero(among[start : start + len(block)])
            if len(rows):
                if len(rows) < _GATHERED * len(block):
                    near = cosines(block[rows], vector)
                else:
                    near = cosines(block, vector)[rows]
                best = np.arange(len(rows))
                if limit < len(rows):
                    best = np.argpartition(-near, limit)[:limit]
                found.update(zip((rows[best] + start).tolist(), near[best].tolist(), strict=True))
            start += len(block)
        return found
