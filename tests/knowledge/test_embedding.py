"""Embedders: the bundled one, and others that are asked over HTTP and may fail or be slow."""

import json

import numpy as np
import pytest

from bank.generations import active_generation
from bank.policies import clauses
from knowledge.dense import to_matrix
from knowledge.embedding import Embedder, bundled_vectors, wordllama
from knowledge.errors import EmbedderError
from knowledge.library import Library
from tests.bot import branch
from tests.knowledge.conftest import Shelf, on_one_engine
from tests.knowledge.embedder import DIMENSIONS, endpoint
from tests.knowledge.test_asking import VISITS

ASKED = "Within how many days must I log a visit?"
NAME = "openai:bank-embedder-2"
ARREARS = """# Arrears Policy

## 1 Calls

1.1 Blue Lantern Trading Ltd is called within 2 days of a missed payment.
"""


@pytest.fixture
def server(monkeypatch):
    with endpoint() as opened:
        monkeypatch.setenv("OPENAI_BASE_URL", opened.url)
        monkeypatch.setenv("OPENAI_API_KEY", "made-up")
        # OpenAI's client insists on certificates, which no other test has a use for.
        monkeypatch.delenv("SSL_CERT_FILE")
        yield opened


@pytest.fixture
def shelf(server, database, tmp_path):
    """A shelf whose library asks the endpoint."""
    library = Library(database, tmp_path / "home", NAME)
    opened = Shelf(library, tmp_path / "policies")
    opened.put("visits.md", VISITS, title="Client Visit Policy")
    yield opened
    library.close()


def test_our_pooling_gives_what_wordllamas_own_does():
    texts = ["A visit is logged.", "", "走访应当在三日内登记", "one two three four five six seven"]

    for text, row in zip(texts, bundled_vectors(texts), strict=True):
        theirs = wordllama().embed([text or " "])[0]
        assert row == pytest.approx(theirs / (np.linalg.norm(theirs) or 1), abs=1e-6)


@on_one_engine
def test_a_named_embedder_makes_the_vectors_of_policies_and_questions(shelf, server, database):
    shelf.sync()
    asked = len(server.batches)

    assert shelf.ask(ASKED).citations[0].clause == "2.1"
    assert server.models == {"bank-embedder-2"}
    assert server.batches[asked:] == [[ASKED]]
    assert active(database).embedder == NAME


@on_one_engine
def test_nothing_that_names_a_client_is_sent(shelf, server, database):
    branch.found(database)
    branch.client(database, "K000001", "M001", name="Blue Lantern Trading Ltd")
    shelf.put("arrears.md", ARREARS, title="Arrears Policy")
    shelf.sync()

    shelf.ask("When is Blue Lantern Trading (K000001, 13800138000) called?")

    sent = json.dumps(server.batches)
    assert "When is [NAME] ([ACCOUNT], [MOBILE]) called?" in sent
    assert "[NAME] is called within 2 days" in sent
    assert not [one for one in ("Lantern", "K000001", "13800138000") if one in sent]


def test_texts_are_sent_in_lots(server):
    texts = [f"clause {number}" for number in range(600)]

    vectors = Embedder(NAME, list).documents(texts)

    assert [len(batch) for batch in server.batches] == [256, 256, 88]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(600))


@on_one_engine
def test_an_endpoint_that_fails_during_a_sync_leaves_the_library_as_it_was(shelf, server, database):
    shelf.sync()
    before = active(database)
    shelf.put("more.md", "1.1 A bell is rung.", title="Bells")
    server.status = 400

    with pytest.raises(EmbedderError) as error:
        shelf.sync()

    line = str(error.value)
    assert line.startswith(f"DAYBOOK_EMBEDDINGS holds {NAME!r}: it gives no vectors (")
    assert "the model is overloaded" in line
    assert "\n" not in line
    assert active(database) == before
    assert shelf.ask(ASKED).status == "answered"

    server.status = 200
    assert shelf.sync().added == ("more.md",)


@on_one_engine
def test_a_question_goes_without_an_endpoint_that_fails_and_leaves_it_alone_for_a_while(
    shelf, server
):
    shelf.sync()
    server.status = 400
    asked = len(server.batches)

    answers = [shelf.ask(ASKED) for _ in range(3)]

    assert {answer.citations[0].clause for answer in answers} == {"2.1"}
    assert len(server.batches) == asked + 1


@on_one_engine
def test_a_question_does_not_wait_for_an_endpoint_that_hangs(shelf, server, monkeypatch):
    shelf.sync()
    server.held.clear()

    answer = shelf.ask(ASKED)

    assert answer.citations[0].clause == "2.1"


@on_one_engine
def test_another_embedder_renews_every_vector_and_until_then_words_decide(
    server, database, tmp_path, caplog
):
    bundled = Shelf(Library(database, tmp_path / "home"), tmp_path / "policies")
    bundled.put("visits.md", VISITS, title="Client Visit Policy")
    bundled.sync()
    reader = Shelf(Library(database, tmp_path / "other", NAME), bundled.folder)

    assert reader.ask(ASKED).citations[0].clause == "2.1"
    assert server.batches == []
    assert "run daybook policy sync" in caplog.text

    reader.sync()
    with database.read() as tx:
        vectors = to_matrix([clause.vector for clause in clauses(tx)])
    assert vectors.shape == (4, DIMENSIONS)
    assert reader.ask(ASKED).citations[0].clause == "2.1"
    assert server.batches[-1] == [ASKED]
    reader.library.close()
    bundled.library.close()


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("ollama:nomic", "its package is missing: pip install 'daybook[ollama]'"),
        ("cohere:embed", "its package is missing: pip install 'langchain-cohere'"),
        ("acme:embed", "Provider 'acme' is not supported."),
    ],
)
def test_an_embedder_that_cannot_be_had_says_what_is_missing(setting, reason):
    with pytest.raises(EmbedderError) as error:
        Embedder(setting, list).documents(["text"])

    assert str(error.value) == f"DAYBOOK_EMBEDDINGS holds {setting!r}: {reason}"


def test_an_embedder_without_its_key_says_so(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    with pytest.raises(EmbedderError, match=r"^DAYBOOK_EMBEDDINGS holds 'openai:x': .*api_key"):
        Embedder("openai:x", list).documents(["text"])


def active(database):
    with database.read() as tx:
        return active_generation(tx)
