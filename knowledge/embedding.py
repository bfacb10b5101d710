"""The embedder that needs no download and no key: WordLlama's bundled word vectors.

It knows which words are alike, nothing more; design notes on retrieval give its worth (a little
in English, none in Chinese). It stands behind LangChain's interface so that any other can be
named in its place.
"""

import importlib.util
import logging
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

NAME = "wordllama-l2_supercat-256"
DIMENSIONS = 256


class WordLlamaEmbeddings(Embeddings):
    """Unit vectors of 256 dimensions; a text without a known word is all zeros."""

    def __init__(self) -> None:
        """Load the weights inside the installed package; never looks elsewhere for them."""
        self._model = _load()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector per text, in order."""
        # Sorted by length: one long text would otherwise pad its whole batch.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        if texts:
            vectors[order] = self._model.embed([texts[index] or " " for index in order])
        lengths = np.linalg.norm(np.nan_to_num(vectors), axis=1, keepdims=True)
        units = np.nan_to_num(vectors) / np.where(lengths == 0, 1, lengths)
        return units.astype(np.float32).tolist()  # type: ignore[no-any-return] # rows of floats

    def embed_query(self, text: str) -> list[float]:
        """The vector of one question."""
        return self.embed_documents([text])[0]


@cache  # a second of reading, once a process however many libraries are open
def _load() -> Any:  # noqa: ANN401 - wordllama ships no types
    found = importlib.util.find_spec("wordllama")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("wordllama is not installed: install daybook's requirements")
    package = Path(found.origin).parent
    # Importing it sets up the root logger, which is the program's to set up.
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    from wordllama import WordLlama  # noqa: PLC0415

    root.handlers[:] = handlers
    root.setLevel(level)
    # Its loader looks for the tokenizer in a folder that does not exist and would then download
    # one; its own package, laid out like its cache, has both files.
    return WordLlama.load(cache_dir=package, disable_download=True)
