"""What turns text into vectors: WordLlama's bundled word vectors, or any that LangChain knows.

WordLlama needs no download and no key. It knows which words are alike, nothing more: a little
help in English, none in Chinese. Another embedder is named "provider:model" and lives behind an
endpoint, so it may be slow or away: a question then goes without it.
"""

import contextlib
import importlib.util
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.errors import EmbedderError
from knowledge.vectors import Matrix

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

BUNDLED = "wordllama"
DIMENSIONS = 256
PATIENCE = 1.0
"""Seconds a question waits for its vector before it is answered without."""
PAUSE = 30.0
"""Seconds for which an endpoint that failed is not asked again."""

_log = logging.getLogger(__name__)
_loading = threading.Lock()
_BATCH = 256
_TOKENIZED = 1_024
_VERSIONS = {BUNDLED: "wordllama-l2_supercat-256"}
# What an OpenAI-compatible endpoint that is not OpenAI's needs: texts, not token numbers.
_OPTIONS: dict[str, dict[str, Any]] = {"openai": {"check_embedding_ctx_length": False}}
_EXTRAS = frozenset({"openai", "ollama"})


class Embedder:
    """Texts into unit vectors; a text that nothing is known of becomes all zeros."""

    def __init__(self, setting: str, hide: Callable[[Sequence[str]], Sequence[str]]) -> None:
        """Open nothing yet; `setting` is "wordllama" or "provider:model".

        `hide` gives texts as they may leave the house, which they do for any but the bundled one.
        """
        self.bundled = setting == BUNDLED
        self.name = _VERSIONS.get(setting, setting)
        self._setting = setting
        self._hide = hide
        self._lock = threading.Lock()
        self._opened: Embeddings | None = None  # another than the bundled one
        self._silent_until = 0.0
        self._last: tuple[str, Matrix] | None = None

    def begin(self) -> None:
        """Load the bundled one beside what there is to do before it is needed."""
        if self.bundled:
            # Not a daemon: a process that ends waits for it rather than stopping it halfway.
            threading.Thread(target=_load_early, name="embedder").start()

    def documents(self, texts: Sequence[str]) -> Matrix:
        """One vector per text, in order; EmbedderError when the endpoint does not give them."""
        if self.bundled:
            return bundled_vectors(texts)
        embeddings = self._open()
        rows: list[list[float]] = []
        try:
            for start in range(0, len(texts), _BATCH):
                batch = self._hide(texts[start : start + _BATCH])
                rows += embeddings.embed_documents(list(batch))
        except Exception as error:  # each provider raises its own kinds
            reason = f"it gives no vectors ({_reason(error)})"
            raise EmbedderError(_complaint(self._setting, reason)) from error
        if len({len(row) for row in rows}) > 1 or len(rows) != len(texts):
            raise EmbedderError(_complaint(self._setting, "its vectors are of several lengths"))
        return _units(np.asarray(rows, dtype=np.float32).reshape(len(texts), -1))

    def question(self, text: str) -> Matrix | None:
        """The vector of a question, None when an endpoint does not give it in time.

        The last one is kept: one question is looked for in each language, and by what was learnt.
        """
        last = self._last
        if last and last[0] == text:
            return last[1]
        found = self._embed(text)
        if found is not None:
            self._last = (text, found)
        return found

    def _embed(self, text: str) -> Matrix | None:
        if self.bundled:
            vectors = self.documents([text])
            return np.asarray(vectors[0])
        if time.monotonic() < self._silent_until:
            return None
        answers: queue.SimpleQueue[Matrix | None] = queue.SimpleQueue()
        # A daemon: a process that ends does not wait for an endpoint that hangs.
        threading.Thread(target=self._ask, args=(text, answers), daemon=True).start()
        try:
            found = answers.get(timeout=PATIENCE)
        except queue.Empty:
            _log.warning("%s did not answer within %g s", self._setting, PATIENCE)
            found = None
        if found is None:
            self._silent_until = time.monotonic() + PAUSE
            _log.warning("questions go without similar wording for %g s", PAUSE)
        return found

    def _open(self) -> "Embeddings":
        with self._lock:
            if self._opened is None:
                self._opened = _named(self._setting)
            return self._opened

    def _ask(self, text: str, answers: "queue.SimpleQueue[Matrix | None]") -> None:
        try:
            (hidden,) = self._hide([text])
            vector = np.asarray([self._open().embed_query(hidden)], dtype=np.float32)
            answers.put(_units(vector)[0])
        except Exception as error:  # noqa: BLE001 - each provider raises its own kinds
            # Its words may be the question's.
            _log.warning("%s gives no vector: %s", self._setting, type(error).__name__)
            answers.put(None)


def bundled_vectors(texts: Sequence[str]) -> Matrix:
    """One vector of WordLlama's per text, in order: the mean of its tokens' vectors, made a unit.

    All zeros for a text without a known word. wordllama's own pooling pads every batch to its
    longest text, which takes five times as long for the same figures.
    """
    model = wordllama()
    means = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for start in range(0, len(texts), _TOKENIZED):
        batch = [text or " " for text in texts[start : start + _TOKENIZED]]
        encoded = model.tokenizer.encode_batch_fast(batch, add_special_tokens=False)
        for row, tokens in enumerate(encoded, start):
            if tokens.ids:
                means[row] = model.embedding[tokens.ids].mean(axis=0)
    return _units(means)


def _named(setting: str) -> "Embeddings":
    # Loaded here: half a second, for those who name another embedder.
    from langchain.embeddings import init_embeddings  # noqa: PLC0415

    provider = setting.partition(":")[0]
    try:
        return init_embeddings(setting, **_OPTIONS.get(provider, {}))
    except ImportError as error:
        needed = f"daybook[{provider}]" if provider in _EXTRAS else f"langchain-{provider}"
        remedy = f"its package is missing: pip install '{needed}'"
        raise EmbedderError(_complaint(setting, remedy)) from error
    except Exception as error:  # a wrong name or a missing key, each provider's own kind
        raise EmbedderError(_complaint(setting, _reason(error))) from error


def _complaint(setting: str, reason: str) -> str:
    return f"DAYBOOK_EMBEDDINGS holds {setting!r}: {reason}"


def _reason(error: Exception) -> str:
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    return first[:200]


def _units(vectors: Matrix) -> Matrix:
    vectors = np.nan_to_num(vectors)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def wordllama() -> Any:  # noqa: ANN401 - it ships no types
    """The model, from the weights inside the installed package; never looked for elsewhere."""
    with _loading:  # whoever comes meanwhile waits for it
        return _loaded()


def _load_early() -> None:
    with contextlib.suppress(Exception):  # told to whoever needs it
        wordllama()


@cache  # half a second of reading, once a process however many libraries are open
def _loaded() -> Any:  # noqa: ANN401 - it ships no types
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
    model = WordLlama.load(cache_dir=package, disable_download=True)
    model.tokenizer.no_padding()
    return model
