"""The search as a LangChain retriever, for chains that already take one.

library = Library(Database("sqlite:////home/me/.daybook/daybook.db"), Path("~/.daybook"))
retriever = PolicyRetriever(library=library, on=date.today(), roles={"manager"})
documents = retriever.invoke("How soon must a visit be logged?")
"""

from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from bank.policies import Passage
from knowledge.answer import Query
from knowledge.library import Library


class PolicyRetriever(BaseRetriever):
    """Clauses in force on a day and open to somebody, word for word, best first.

    There is no retrieving without the filter: with no roles and no units only what is open to
    everybody is found. Raises QuestionError for an empty question.
    """

    library: Library
    on: date
    roles: frozenset[str] = frozenset()
    """The reader's, as a policy's audience names them."""
    units: frozenset[str] = frozenset()
    """The reader's own unit and every one above it."""
    lang: str | None = None
    """Of the policies, "en" or "zh"; the question's own without one."""
    k: int = 5
    """How many clauses at most."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain passes it
    ) -> list[Document]:
        asked = Query(query, self.on, self.roles, self.lang, self.units)
        return [_document(*found) for found in self.library.search(asked, self.k)]


def _document(passage: Passage, score: float) -> Document:
    clause, policy = passage.clause, passage.policy
    end = policy.in_force_to
    metadata: dict[str, Any] = {
        "policy": policy.policy,
        "version": policy.version,
        "title": policy.title,
        "clause": clause.label,
        "heading": clause.heading,
        "page": clause.page,
        "place": clause.place,
        "in_force_from": policy.in_force_from.isoformat(),
        "in_force_to": end.isoformat() if end else None,
        "score": score,
    }
    return Document(id=clause.id, page_content=clause.text, metadata=metadata)
