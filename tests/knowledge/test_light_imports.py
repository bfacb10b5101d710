"""What loads with the room's face, what never leaves the machine."""

import logging
import os
import subprocess
import sys

import numpy as np

from knowledge.embedding import bundled_vectors

HEAVY = "{'chromadb', 'langchain_core', 'tantivy', 'wordllama', 'docx'}"


def test_the_face_loads_without_the_heavy_libraries():
    code = f"import sys, knowledge.library; print(sorted({HEAVY} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "[]"


def test_chinese_questions_do_not_load_chroma():
    code = (
        "import sys; from knowledge.search import PROFILES; "
        "print(PROFILES['zh'].near, 'chromadb' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout.split() == ["0.0", "False"]


def test_vectors_are_units_alike_in_any_batch_and_zero_without_words():
    texts = ["a late repayment", "", "the branch " * 50, "贷款逾期"]
    vectors = bundled_vectors(texts)

    assert vectors.shape == (4, 256)
    assert np.allclose(np.linalg.norm(vectors[[0, 2, 3]], axis=1), 1.0, atol=1e-5)
    assert np.allclose(vectors[0], bundled_vectors(texts[:1])[0], atol=1e-6)
    assert bundled_vectors([]).shape == (0, 256)


def test_loading_the_embedder_leaves_the_root_logger_alone():
    code = (
        "import logging; from knowledge.embedding import wordllama; "
        "wordllama(); print(logging.getLogger().handlers)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "[]"
    assert logging.getLogger("knowledge").handlers == []


def test_nothing_is_traced_whatever_the_environment_says():
    code = (
        "from pathlib import Path; from bank.database import Database;"
        "from knowledge.library import Library; Library(Database('sqlite://'), Path('.'));"
        "from langsmith.utils import tracing_is_enabled; print(tracing_is_enabled())"
    )
    switches = {"LANGSMITH_TRACING": "true", "LANGCHAIN_TRACING_V2": "true"}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | switches,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "False"


def test_the_embedder_loads_beside_other_work_and_is_then_the_same_one():
    code = (
        "import threading; from knowledge import embedding;"
        "asked = embedding.Embedder('wordllama', list); asked.begin();"
        "loading = [t.name for t in threading.enumerate()];"
        "same = (asked.documents(['visit'])[0] == embedding.bundled_vectors(['visit'])[0]).all();"
        "print('embedder' in loading, same, embedding._loaded.cache_info().misses)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == ["True", "True", "1"]
