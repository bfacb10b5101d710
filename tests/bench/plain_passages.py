"""Plain Chroma over passages and questions in files, as `daybook eval retrieval` takes them.

    python -m tests.bench.plain_passages FOLDER PASSAGES QUESTIONS

Prints the same figures.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from chromadb.config import Settings
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from knowledge.embedding import bundled_vectors
from knowledge.evaluation import DEPTH, Ranked, figures, percentile, read_passages, read_questions

LOT = 5_000


class Bundled(Embeddings):
    """Daybook's default embedder behind LangChain's interface."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return bundled_vectors(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def main() -> None:
    folder, passages, questions = map(Path, sys.argv[1:])
    store = open_store(folder)
    texts = [text for text in read_passages(passages) if text.text.strip()]
    for start in range(0, len(texts), LOT):
        lot = texts[start : start + LOT]
        store.add_texts([text.text for text in lot], ids=[text.id for text in lot])
    ranked = []
    for one in read_questions(questions):
        began = time.perf_counter()
        documents = store.similarity_search(one.question.text, DEPTH)
        found = tuple(str(document.id) for document in documents)
        ranked.append(Ranked(one, found, time.perf_counter() - began))
    slow = percentile([one.seconds * 1000 for one in ranked], 0.95)
    print(json.dumps({**figures(ranked), "p95_ms": slow}))


def open_store(folder: Path) -> Chroma:
    """A store as LangChain's examples make one, but for its own word on privacy."""
    return Chroma(
        "plain",
        Bundled(),
        persist_directory=str(folder),
        collection_configuration={"hnsw": {"space": "cosine"}},
        client_settings=Settings(
            anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder)
        ),
    )


if __name__ == "__main__":
    main()
