"""How well the search finds: the usual figures over passages and questions of one's own.

Passages become the clauses of scratch policies, one policy a title, and go through the product's
own index and search. With R a question's relevant passages, counted over the first k found:
recall@k is the share of R found; average precision is the sum of the precision at each relevant
one, by min(k, |R|); the reciprocal rank is one by the place of the first relevant one; nDCG@k is
the gain (1 / log2(place + 1) for each relevant one) by the most that any order could gain. Every
figure is the mean over the questions.
"""

import json
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bank.database import Database
from bank.generations import active_generation
from bank.policies import ClauseRecord, PolicyRecord
from bank.revisions import Revision
from bank.schema import migrate
from knowledge.engine import Engine
from knowledge.errors import EvaluationError, QuestionError
from knowledge.question import Question, language_of, read_question
from knowledge.reading.labels import ARTICLE
from knowledge.scope import Scope
from knowledge.search import ClauseSearch

DEPTH = 10
"""How many found passages count."""
SINCE = date(2000, 1, 1)
_BUILT = datetime(2000, 1, 1, tzinfo=UTC)

Report = Callable[[str, int, int], None]
"""Told of each step: its name, how much of it is done, of how much."""

_Figure = Callable[[Sequence[object], AbstractSet[object], int], float]


@dataclass(frozen=True, slots=True)
class Text:
    """One passage to be found."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the ids of the passages that answer it: at least one."""

    id: str
    question: Question
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ranked:
    """What was found for a question, best first, and how many seconds it took."""

    asked: Asked
    found: tuple[str, ...]
    seconds: float


def recall(found: Sequence[object], relevant: AbstractSet[object], depth: int) -> float:
    """The share of the relevant ids among the first `depth`."""
    return len(relevant & set(found[:depth])) / len(relevant)


def average_precision(found: Sequence[object], relevant: AbstractSet[object], depth: int) -> float:
    """The precision at each relevant id among the first `depth`, by min(depth, relevant)."""
    hits = [place for place, key in enumerate(found[:depth], start=1) if key in relevant]
    precisions = (number / place for number, place in enumerate(hits, start=1))
    return sum(precisions) / min(depth, len(relevant))


def reciprocal_rank(found: Sequence[object], relevant: AbstractSet[object], depth: int) -> float:
    """One by the place of the first relevant id; 0 when none is among the first `depth`."""
    places = (place for place, key in enumerate(found[:depth], start=1) if key in relevant)
    return 1 / next(places, math.inf)


def gain(found: Sequence[object], relevant: AbstractSet[object], depth: int) -> float:
    """Normalised discounted cumulative gain; an id is relevant or not."""
    best = sum(_discount(place) for place in range(1, min(depth, len(relevant)) + 1))
    places = (place for place, key in enumerate(found[:depth], start=1) if key in relevant)
    return sum(_discount(place) for place in places) / best


def _discount(place: int) -> float:
    return 1 / math.log2(place + 1)


def figures(ranked: Sequence[Ranked]) -> dict[str, float]:
    """The mean of every figure over the questions; at least one question."""

    def mean(
        figure: Callable[[Sequence[object], AbstractSet[object], int], float], depth: int
    ) -> float:
        return sum(figure(one.found, one.asked.relevant, depth) for one in ranked) / len(ranked)

    return {
        "recall@1": mean(recall, 1),
        "recall@5": mean(recall, 5),
        f"recall@{DEPTH}": mean(recall, DEPTH),
        f"map@{DEPTH}": mean(average_precision, DEPTH),
        f"mrr@{DEPTH}": mean(reciprocal_rank, DEPTH),
        f"ndcg@{DEPTH}": mean(gain, DEPTH),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that at least this share of the values do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


class Scratch:
    """Passages in an index and search of their own, in a folder that is only theirs."""

    def __init__(
        self, passages: Sequence[Text], folder: Path, lang: str | None, report: Report | None = None
    ) -> None:
        """Index every passage, in `lang` or in the language each is in."""
        began = time.perf_counter()
        policies, clauses = _as_policies(passages, lang)
        self._passage_of = {clause.id: clause.label for clause in clauses}
        self._langs = {policy.lang for policy in policies}
        if report:
            report("reading the passages", 0, len(passages))
        self._database = Database(f"sqlite:///{folder / 'scratch.db'}")
        migrate(self._database)
        self._engine = Engine(self._database, folder)
        by_version: dict[str, list[ClauseRecord]] = {policy.id: [] for policy in policies}
        for clause in clauses:
            by_version[clause.version_id].append(clause)
        added = {policy: by_version[policy.id] for policy in policies}
        self._engine.switch(None, Revision(added=added), _BUILT, report)
        self._engine.settle()
        with self._database.read() as tx:
            generation = active_generation(tx)
            if generation is None:
                raise AssertionError("the passages have just been written")
            self._search = self._engine.search_of(tx, generation)
        self.per_second = len(passages) / (time.perf_counter() - began)

    def rank(self, asked: Sequence[Asked], report: Report | None = None) -> list[Ranked]:
        """What is found for every question."""
        ranked = []
        for number, one in enumerate(asked):
            if report:
                report("asking the questions", number, len(asked))
            began = time.perf_counter()
            found = self.find(one.question)
            ranked.append(Ranked(one, found, time.perf_counter() - began))
        return ranked

    def find(self, question: Question) -> tuple[str, ...]:
        """The ids of the best passages in the question's language, or in the other there is."""
        hits = self._search.search(question, Scope(SINCE), self.lang_of(question), DEPTH)
        return tuple(self._passage_of[hit.clause_id] for hit in hits)

    @property
    def search(self) -> ClauseSearch:
        """The search over the passages."""
        return self._search

    def passage_of(self, clause_id: str) -> str:
        """The id of the passage that a clause was made of."""
        return self._passage_of[clause_id]

    def lang_of(self, question: Question) -> str:
        """The language it is looked for in: its own, or the other there is."""
        return question.lang if question.lang in self._langs else min(self._langs)

    def close(self) -> None:
        """Wait for an index that is being built, and let go of the store."""
        self._engine.close()
        self._database.close()


def evaluate(scratch: Scratch, ranked: Sequence[Ranked]) -> dict[str, float | int]:
    """The figures of a whole run, with how long it took, as `daybook eval retrieval` gives them."""
    times = [one.seconds * 1000 for one in ranked]
    return {
        **{name: round(value, 4) for name, value in figures(ranked).items()},
        "questions": len(ranked),
        "p50_ms": round(percentile(times, 0.5), 2),
        "p95_ms": round(percentile(times, 0.95), 2),
        "index_per_s": round(scratch.per_second),
    }


def read_passages(path: Path) -> list[Text]:
    """The passages of a file; EvaluationError names the line that cannot be taken."""
    passages: dict[str, Text] = {}
    for place, row in read_rows(path):
        key = string_of(row, "id", place)
        if key in passages:
            raise EvaluationError(f"{place}: the id {key!r} was there before: give each its own")
        title = string_of(row, "title", place, needed=False)
        passages[key] = Text(key, title, string_of(row, "text", place, needed=False))
    if not passages:
        raise EvaluationError(f"{path} holds no passage: give one JSON object a line")
    return list(passages.values())


def read_questions(path: Path, lang: str | None = None) -> list[Asked]:
    """The questions of a file; EvaluationError names the line that cannot be taken."""
    asked: dict[str, Asked] = {}
    for place, row in read_rows(path):
        key = string_of(row, "id", place)
        if key in asked:
            raise EvaluationError(f"{place}: the id {key!r} was there before: give each its own")
        relevant = row.get("relevant")
        if not isinstance(relevant, list) or not all(isinstance(one, str) for one in relevant):
            raise EvaluationError(f'{place}: "relevant" must be a list of passages\' ids')
        if not relevant:
            raise EvaluationError(f'{place}: "relevant" is empty: name what answers, or leave out')
        try:
            question = read_question(string_of(row, "question", place), lang)
        except QuestionError as error:
            raise EvaluationError(f'{place}: "question": {error}') from None
        asked[key] = Asked(key, question, frozenset(relevant))
    if not asked:
        raise EvaluationError(f"{path} holds no question: give one JSON object a line")
    return list(asked.values())


def unknown(asked: Sequence[Asked], passages: Sequence[Text]) -> dict[str, tuple[str, ...]]:
    """By question, the relevant ids that no passage has; such an id counts as not found."""
    known = {passage.id for passage in passages}
    return {one.id: tuple(sorted(one.relevant - known)) for one in asked if one.relevant - known}


def read_rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object of a JSON-lines file with its place ("q.jsonl:12")."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    place = f"{path.name}:{number}"
                    yield place, _object(line, place)
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read ({error.strerror})") from None


def _object(line: bytes, place: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise EvaluationError(f"{place}: not JSON in UTF-8: give one object a line") from None
    if not isinstance(row, dict):
        raise EvaluationError(f"{place}: not a JSON object: give one object a line")
    return row


def string_of(row: Mapping[str, Any], key: str, place: str, *, needed: bool = True) -> str:
    """What a row holds under a key; "" where it may be missing."""
    value = row.get(key, None if needed else "")
    if not isinstance(value, str):
        raise EvaluationError(f'{place}: "{key}" must be a string')
    if needed and not value.strip():
        raise EvaluationError(f'{place}: "{key}" is empty')
    return value


_LAST_LABEL = re.compile(rf"[\s　]*(?:{ARTICLE.pattern})$")


def _as_policies(
    passages: Sequence[Text], lang: str | None
) -> tuple[list[PolicyRecord], list[ClauseRecord]]:
    """Passages as the clauses of policies: one policy a title and language, in order.

    A title that ends in a clause's number ("Credit Act 第十二条") names the policy without it.
    The passage's id is kept as the clause's label.
    """
    policies: dict[tuple[str, str], PolicyRecord] = {}
    counts: dict[str, int] = {}
    clauses = []
    for passage in passages:
        title = _LAST_LABEL.sub("", passage.title).strip()
        spoken = lang or language_of(f"{passage.title}\n{passage.text}")
        name = (title, spoken)
        if name not in policies:
            policies[name] = _policy(str(len(policies) + 1), title, spoken)
        version = policies[name].id
        position = counts[version] = counts.get(version, 0) + 1
        clauses.append(_clause(version, position, passage))
    return list(policies.values()), clauses


def _policy(key: str, title: str, lang: str) -> PolicyRecord:
    blank = PolicyRecord(
        key, "1", title, "policy", lang, SINCE, None, None, ("all",), "", f"{key}.txt", ""
    )
    return replace(blank, title=title)


def _clause(version: str, position: int, passage: Text) -> ClauseRecord:
    return ClauseRecord(
        id=f"{version}#{position}",
        version_id=version,
        position=position,
        number=str(position),
        label=passage.id,
        heading="",
        text=passage.text,
        page=None,
        vector=b"",
    )
