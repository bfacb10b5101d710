"""The model itself, behind LangChain: the only module that opens one.

Loaded when the first question is drafted: LangChain and a maker's library take a second or two.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from langchain.chat_models import init_chat_model  # noqa: TID251 - this is its one place
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langsmith.run_helpers import tracing_context
from pydantic import BaseModel, Field

from bank.usage import Tokens
from knowledge.errors import ModelError
from knowledge.llm.deadline import Line
from knowledge.llm.failures import CallError, kind_of
from knowledge.llm.prompts import MOST_GIVEN, Prompt

_FINISHED: Final = frozenset({"stop", "tool_calls", "function_call", "end_turn", "tool_use"})
_FILTERED: Final = frozenset({"content_filter", "refusal"})


class ClaimSchema(BaseModel):
    """One sentence of the answer."""

    text: str = Field(description="the sentence")
    source: str = Field(description="the id of the clause it rests on, such as C1")
    quote: str = Field(description="words copied exactly from that clause")


class DraftSchema(BaseModel):
    """The answer to the question."""

    answerable: bool = Field(description="whether the clauses answer the question")
    claims: list[ClaimSchema] = Field(description="the sentences; none if not answerable")


class RewriteSchema(BaseModel):
    """The question, understandable by itself."""

    question: str


Schema = TypeVar("Schema", DraftSchema, RewriteSchema)


class Model:
    """A chat model that gives values of a schema, in one call and without a second try."""

    def __init__(self, setting: str, timeout: float) -> None:
        """Open it; `setting` is "provider:model". Raises ModelError in one line."""
        self._setting = setting
        self._provider = setting.partition(":")[0]
        self._model = self._opened(_options(self._provider, timeout))

    def ask(self, prompt: Prompt, schema: type[Schema], line: Line) -> tuple[Schema, Tokens | None]:
        """What it answers and the tokens that took, None where it does not say.

        `line` can end the call while it is under way.
        Raises CallError when the answer is not whole, or not of the schema, or none came.
        """
        try:
            structured = self._model.with_structured_output(
                schema, include_raw=True, **_METHODS.get(self._provider, {})
            )
            # Nothing that the environment set up may listen.
            with tracing_context(enabled=False):
                found = structured.invoke(
                    [SystemMessage(prompt.system), HumanMessage(prompt.human)],
                    {"callbacks": [_Thread(line)]},
                )
        except Exception as error:  # each maker's own kinds
            raise CallError(kind_of(error), type(error).__name__) from error
        return _checked(found, schema)

    def _opened(self, options: Mapping[str, Any]) -> BaseChatModel:
        try:
            model: BaseChatModel = init_chat_model(self._setting, **options)
        except ImportError as error:
            remedy = f"its package is missing: pip install 'daybook[{self._provider}]'"
            raise ModelError(f"DAYBOOK_MODEL holds {self._setting!r}: {remedy}") from error
        except Exception as error:  # a missing key, each maker's own kind
            reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
            raise ModelError(f"DAYBOOK_MODEL holds {self._setting!r}: {reason}") from error
        return model


class _Thread(BaseCallbackHandler):
    """Tells in which of LangChain's threads a call is under way."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def on_chat_model_start(self, *_: Any, **__: Any) -> None:  # noqa: ANN401
        self._line.begun()

    def on_llm_end(self, *_: Any, **__: Any) -> None:  # noqa: ANN401
        self._line.ended()

    def on_llm_error(self, *_: Any, **__: Any) -> None:  # noqa: ANN401
        self._line.ended()


# Calling a function that does nothing is the form most endpoints of OpenAI's kind understand.
_METHODS: Final = {
    "openai": {"method": "function_calling"},
    "anthropic": {"method": "function_calling"},
    "ollama": {"method": "json_schema"},
}


def _options(provider: str, timeout: float) -> dict[str, Any]:
    if provider == "ollama":
        return {"num_predict": MOST_GIVEN, "client_kwargs": {"timeout": timeout}}
    return {"max_tokens": MOST_GIVEN, "timeout": timeout, "max_retries": 0}


def _checked(found: Any, schema: type[Schema]) -> tuple[Schema, Tokens | None]:  # noqa: ANN401
    """LangChain's raw and parsed answer as one value, if it is whole."""
    raw, parsed = found["raw"], found["parsed"]
    if not isinstance(raw, AIMessage):
        raise CallError("malformed", "no message")
    used = raw.usage_metadata
    # Less than nothing would be a present to the day's allowance.
    tokens = (
        Tokens(*(max(0, n) for n in (used["input_tokens"], used["output_tokens"])))
        if used
        else None
    )
    told = raw.response_metadata
    reasons = (told.get(name) for name in ("finish_reason", "stop_reason", "done_reason"))
    reason = next((str(one) for one in reasons if one), "none")
    if reason in _FILTERED:
        raise CallError("filtered", reason, tokens)
    if reason not in _FINISHED:
        raise CallError("incomplete", reason, tokens)
    if not isinstance(parsed, schema):
        raise CallError("malformed", type(found["parsing_error"]).__name__, tokens)
    return parsed, tokens
