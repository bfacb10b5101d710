"""Questions answered in a model's words, every quote checked; without a model's when it fails.

The chain is fixed: rewrite what follows up → (search and guard, knowledge.asking) → one call that
returns claims with quotes → verify. All of it ends by a moment on the clock, whatever hangs.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from bank.database import Database
from bank.policies import Passage
from bank.usage import Account, Tokens, reserve, settle
from knowledge.answer import Answer, Query
from knowledge.answering import MOST_NEAREST
from knowledge.asking import Prepared
from knowledge.errors import QUESTION_LIMIT, ModelError
from knowledge.llm.breaker import Breaker
from knowledge.llm.deadline import Bench, Line, TooLateError, TooManyError
from knowledge.llm.failures import OF_THE_ANSWER, OF_THE_ENDPOINT, CallError, Kind
from knowledge.llm.prompts import MOST_GIVEN, Prompt, draft_prompt, rewrite_prompt, tokens_of
from knowledge.llm.verifying import Standing, Written, only_words_of, verify
from knowledge.masking.directory import PATIENCE, directory_of
from knowledge.masking.mask import Mask, MaskingError
from knowledge.question import is_in

if TYPE_CHECKING:
    from knowledge.llm.provider import Model, Schema

MOST_SHOWN: Final = 8
MOST_CHARACTERS: Final = 12_000
"""How much of the clauses found a model is shown: the best ones, whole."""
MOST_EARLIER: Final = 3
"""So many earlier questions a follow-up is read with."""
REWRITING: Final = 0.4
"""The share of the time that rewriting may take."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Terms:
    """Which model ("provider:model") is asked, and what it may take.

    `deadline` is in seconds for a whole question, `allowance` in tokens for a person and day.
    """

    model: str
    deadline: float
    allowance: int


class Drafter:
    """A model at work for everybody; safe to use from several threads."""

    def __init__(self, database: Database, terms: Terms, today: Callable[[], date]) -> None:
        """Open nothing yet; `today` is the bank's, by which use is counted."""
        self.terms = terms
        self._database = database
        self._directory = directory_of(database)
        self._today = today
        self._lock = threading.Lock()
        self._breaker = Breaker()
        self._bench = Bench()

    def open(self) -> None:
        """Load the model's library and the names to be masked, so that no question waits for them.

        Raises ModelError in one line.
        """
        _ = self._model
        with suppress(MaskingError):  # the first question says so again, and goes without
            self._directory.mask()

    def begin(self, query: Query) -> "Drafting":
        """Take up a question: its time runs from here."""
        return Drafting(self, query, time.monotonic() + self.terms.deadline)

    def mask(self, until: float) -> Mask:
        """What hides the bank's clients from the model; raises MaskingError.

        Half the time left may go by until it is there: names that are slow to read must not look
        like an endpoint that is.
        """
        return self._directory.mask(min(PATIENCE, (until - time.monotonic()) / 2))

    def within(self, until: float, work: Callable[[Line], T]) -> T | CallError:
        """What some work with the model gives by a moment, or why it gives nothing.

        The one boundary: nothing that goes wrong with a model gets past it.
        """
        if time.monotonic() >= until:  # whatever took so long, it was not the endpoint
            return CallError("deadline")
        try:
            given = self._bench.within(until, work)
        except CallError as error:
            failure = error
        except TooLateError:
            failure = CallError("deadline")
        except TooManyError:
            failure = CallError("busy")
        except MaskingError as error:
            failure = CallError("masking", str(error))
        except ModelError as error:
            failure = CallError("unopened", str(error))
        except Exception as error:  # noqa: BLE001 - the boundary
            # Its words may be a client's or a question's; its place says enough.
            last = traceback.extract_tb(error.__traceback__)[-1]
            failure = CallError("failed", f"{type(error).__name__} at {last.name}:{last.lineno}")
        else:
            self._learn(None)
            return given
        self._learn(failure.kind)
        _log.warning("%s gave no answer: %s", self.terms.model, failure)
        return failure

    def call(self, asker: str, prompt: Prompt, schema: "type[Schema]", line: Line) -> "Schema":
        """One call, on the asker's allowance; raises CallError."""
        if not self._breaker.lets(time.monotonic()):
            raise CallError("paused")
        account = Account(asker, self.terms.model, self._today())
        aside = Tokens(tokens_of(prompt), MOST_GIVEN)
        model = self._model
        with self._database.write() as tx:
            if not reserve(tx, account, aside, self.terms.allowance):
                raise CallError("budget")
        spent: Tokens | None = aside
        try:
            self._pass_breaker()  # after the allowance: who has none left tries it for nobody
            given, spent = model.ask(prompt, schema, line)
        except CallError as error:
            # Who refuses a request does not charge for it; who answers late does.
            spent = error.spent or (aside if error.kind == "deadline" else Tokens(0, 0))
            raise
        finally:
            with self._database.write() as tx:
                settle(tx, account, aside, spent or aside)
        return given

    @cached_property
    def _model(self) -> "Model":
        from knowledge.llm.provider import Model  # noqa: PLC0415 - takes a second or two

        return Model(self.terms.model, self.terms.deadline)

    def _pass_breaker(self) -> None:
        now = time.monotonic()
        with self._lock:
            if not self._breaker.lets(now):
                raise CallError("paused")
            self._breaker = self._breaker.tried(now)

    def _learn(self, kind: Kind | None) -> None:
        with self._lock:
            if kind in OF_THE_ENDPOINT:
                self._breaker = self._breaker.failed(time.monotonic())
            elif kind is None or kind in OF_THE_ANSWER:
                self._breaker = self._breaker.worked()


class Drafting:
    """One question with the model: one mask, one allowance, one end."""

    def __init__(self, drafter: Drafter, query: Query, until: float) -> None:
        self._drafter = drafter
        self._query = query
        self._until = until
        self._mask: Mask | None = None

    def rewritten(self) -> str:
        """The question made whole from its conversation; "" when it is to be read as it is.

        It holds no words but the conversation's, so it may be shown.
        """
        earlier = [turn.question for turn in self._query.earlier[-MOST_EARLIER:]]
        if not earlier or not 0 < len(self._query.text.strip()) <= QUESTION_LIMIT:
            return ""
        share = REWRITING * self._drafter.terms.deadline
        until = min(self._until, time.monotonic() + share)
        given = self._drafter.within(until, lambda line: self._rewrite(earlier, until, line))
        if isinstance(given, CallError) or given == self._query.text:
            return ""
        return given if only_words_of([*earlier, self._query.text], given) else ""

    def answer(self, prepared: Prepared) -> Answer:
        """The model's answer, or the policies' own with the reason in `fallback`. Never raises.

        A conflict, a verified answer and a refusal with nothing near stay as they are.
        """
        own = prepared.answer
        shown = _shown(prepared.passages)
        near = own.status == "answered" or own.reason == "closest_only"
        if not shown or not near or own.mode != "extractive":
            return own
        given = self._drafter.within(
            self._until,
            lambda line: self._draft(prepared.question.text, shown, own.lang, line),
        )
        if isinstance(given, CallError):
            return replace(own, fallback=given.kind)
        if given is None:
            return _refused(own, self._drafter.terms.model)
        cited = {citation.clause_id for citation in given.citations}
        same = cited <= {citation.clause_id for citation in own.citations}
        return Answer(
            "answered",
            "",
            "llm",
            own.lang,
            given.citations,
            (),
            own.took_ms,
            own.see_also if same else (),
            reading=own.reading,
            claims=given.claims,
            estimate=own.estimate,
            model=self._drafter.terms.model,
        )

    def _rewrite(self, earlier: Sequence[str], until: float, line: Line) -> str:
        from knowledge.llm.provider import RewriteSchema  # noqa: PLC0415 - brings LangChain along

        *before, last = self._hidden(until, *earlier, self._query.text)
        prompt = rewrite_prompt(before, last)
        given = self._drafter.call(self._query.asker, prompt, RewriteSchema, line)
        return " ".join(self._shown_again(given.question).split())

    def _draft(
        self, question: str, shown: Mapping[str, Passage], lang: str, line: Line
    ) -> Standing | None:
        """What stands of the model's answer; None when it says that the clauses have none."""
        from knowledge.llm.provider import DraftSchema  # noqa: PLC0415 - the same

        texts = [_text(passage) for passage in shown.values()]
        asked, *masked = self._hidden(self._until, question, *texts)
        prompt = draft_prompt(asked, dict(zip(shown, masked, strict=True)), lang)
        given = self._drafter.call(self._query.asker, prompt, DraftSchema, line)
        if not given.answerable:
            return None
        written = tuple(
            Written(self._shown_again(one.text), one.source, self._shown_again(one.quote))
            for one in given.claims
            if is_in(one.text, lang) and not self._names_others(one.text)
        )
        if not given.claims:
            raise CallError("malformed", "an answer without claims")
        standing = verify(written, shown, question)
        if not standing.claims:
            raise CallError("unsupported")
        return standing

    def _hidden(self, until: float, *texts: str) -> tuple[str, ...]:
        """The texts as they may leave the house."""
        if self._mask is None:
            self._mask = self._drafter.mask(until)
        return self._mask.hide(*texts)

    def _names_others(self, text: str) -> bool:
        return self._mask is not None and self._mask.names_somebody(text)

    def _shown_again(self, text: str) -> str:
        return self._mask.show(text) if self._mask else text


def _shown(passages: Sequence[Passage]) -> dict[str, Passage]:
    """The best clauses by the ids a model is to name them by."""
    shown: dict[str, Passage] = {}
    room = MOST_CHARACTERS
    for passage in passages[:MOST_SHOWN]:
        room -= len(_text(passage))
        if room < 0:
            break
        shown[f"C{len(shown) + 1}"] = passage
    return shown


def _text(passage: Passage) -> str:
    """A clause as a model reads it: where it stands, then its words."""
    clause = passage.clause
    return f"{passage.policy.title} · {clause.heading} · {clause.label}\n{clause.text}"


def _refused(own: Answer, model: str) -> Answer:
    """The closest rules, where the model says that the clauses have no answer."""
    return replace(
        own,
        status="refused",
        reason="closest_only",
        mode="llm",
        citations=(),
        nearest=(own.citations or own.nearest)[:MOST_NEAREST],
        see_also=(),
        fact=None,
        model=model,
    )
