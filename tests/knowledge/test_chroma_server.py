"""A Chroma server instead of a folder: the same answers, shared by all who know its address."""

import gc
import socket
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

from knowledge.chroma import Store
from tests.knowledge.test_dense import ALL, IDS, exactly, index_over, opened, search

STARTS_WITHIN = 60


@pytest.fixture
def server(tmp_path, monkeypatch):
    """The address of `chroma run` on this machine."""
    monkeypatch.delenv("SSL_CERT_FILE")  # its client insists on certificates
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    command = [chroma, "run", "--path", tmp_path / "served", "--host", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
        process.kill()


def _wait_for(port, process):
    for _ in range(STARTS_WITHIN * 20):
        assert process.poll() is None, "chroma run ended"
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("chroma run does not listen")


def test_two_processes_share_a_base_and_neither_holds_a_folder(server, tmp_path):
    vectors = np.random.default_rng(1).normal(size=(len(IDS), 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    one, other = (Store(tmp_path / name, server) for name in ("one", "other"))

    assert len(one.build("g1", IDS, vectors)) == len(IDS)
    index = opened(other, vectors)

    assert index.base.ready
    assert list(search(index, vectors[7], ALL, 3)) == exactly(vectors, vectors[7], ALL, 3)
    assert not [*tmp_path.glob("one*"), *tmp_path.glob("other*")]

    one.build("g2", IDS, vectors)
    other.build("another-banks", IDS, vectors)
    one.drop_others("g2", "g1")
    assert one.open("another-banks", IDS, vectors, len(IDS)) is not None
    assert list(search(index, vectors[7], ALL, 3)) == exactly(vectors, vectors[7], ALL, 3)
    assert not index.base.ready
    one.close()
    other.close()
    del one, other, index
    with warnings.catch_warnings():  # Chroma's client leaves its connections to the collector
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_a_server_that_is_away_is_asked_again_ever_less_often(tmp_path, monkeypatch, caplog):
    monkeypatch.delenv("SSL_CERT_FILE")
    vectors = np.eye(len(IDS), dtype=np.float32)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        away = Store(tmp_path / "unused", f"http://127.0.0.1:{taken.getsockname()[1]}")
        index = index_over(away, vectors)
        tried = []
        for _ in range(310):
            assert list(search(index, vectors[7], ALL, 1)) == ["c7"]
            index.base.close()
            tried.append(caplog.text.count("cannot be opened: exact search goes on"))

    # At the second question, after a hundred and one more, and after two hundred and one more.
    assert [tried.index(times) + 1 for times in (1, 2, 3)] == [2, 104, 306]
