"""The search as LangChain sees it: invoked, batched and awaited, always filtered."""

import asyncio
from datetime import date

import pytest
from langchain_core.runnables import RunnableLambda

from knowledge.errors import QuestionError
from knowledge.retriever import PolicyRetriever
from tests.knowledge.conftest import TODAY, on_one_engine
from tests.knowledge.test_asking import VISITS

OLD = "1.1 A visit must be logged within nine days."
SECRET = "1.1 The risk team logs a visit to a debtor within four days."
BRANCH = "1.1 In this branch a visit is logged on paper first."
ZH = "第一条 走访应当在三日内登记。"
ASKED = "Within how many days must I log a visit?"

pytestmark = on_one_engine


@pytest.fixture
def library(shelf):
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    shelf.put("old.md", OLD, title="Visits before", start="2020-01-01", end="2026-01-01")
    shelf.put("secret.md", SECRET, title="Visits to debtors", audience='["risk"]')
    shelf.put("zh.md", ZH, title="走访管理办法", lang="zh")
    path = shelf.put("branch.md", BRANCH, title="Visits on paper")
    path.write_text(path.read_text().replace("owner =", 'units = ["B01"]\nowner ='))
    assert not shelf.sync().failed
    return shelf.library


def found(retriever, text=ASKED):
    return {document.metadata["policy"] for document in retriever.invoke(text)}


def test_documents_are_clauses_with_all_that_a_citation_needs(library):
    best, *_ = PolicyRetriever(library=library, on=TODAY).invoke(ASKED)

    assert best.id == "visits@1#2.1"
    assert best.page_content in VISITS
    score = best.metadata.pop("score")
    assert score > 0
    assert best.metadata == {
        "policy": "visits",
        "version": "1",
        "title": "Client Visit Policy",
        "clause": "2.1",
        "heading": "2 Records",
        "page": None,
        "place": "",
        "in_force_from": "2026-01-01",
        "in_force_to": None,
    }


def test_only_what_is_in_force_and_open_to_the_reader_is_found(library):
    anybody = PolicyRetriever(library=library, on=TODAY)
    risk = PolicyRetriever(library=library, on=TODAY, roles={"risk"})
    branch = PolicyRetriever(library=library, on=TODAY, units={"B01", "HQ"})
    before = PolicyRetriever(library=library, on=date(2025, 6, 1))

    assert found(anybody) == {"visits"}
    assert found(risk) == {"visits", "secret"}
    assert found(branch) == {"visits", "branch"}
    assert found(before) == {"old"}


def test_it_answers_in_the_questions_language_unless_told(library):
    assert found(PolicyRetriever(library=library, on=TODAY), "走访几天内要登记？") == {"zh"}
    assert found(PolicyRetriever(library=library, on=TODAY, lang="zh"), "登记 visit") == {"zh"}


def test_at_most_k_are_given_best_first(library):
    documents = PolicyRetriever(library=library, on=TODAY, k=2).invoke(ASKED)

    assert len(documents) == 2
    assert documents[0].metadata["score"] >= documents[1].metadata["score"]


def test_batches_awaiting_and_chains_give_the_same(library):
    retriever = PolicyRetriever(library=library, on=TODAY)
    alone = retriever.invoke(ASKED)

    assert retriever.batch([ASKED, ASKED]) == [alone, alone]
    assert asyncio.run(retriever.ainvoke(ASKED)) == alone
    chain = retriever | RunnableLambda(lambda documents: [one.id for one in documents])
    assert chain.invoke(ASKED) == [one.id for one in alone]


def test_an_empty_question_is_refused_as_everywhere(library):
    with pytest.raises(QuestionError):
        PolicyRetriever(library=library, on=TODAY).invoke("  ")
