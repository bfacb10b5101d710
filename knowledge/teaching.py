"""What the bank has taught the search, as one process holds it: followed with every question."""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bank.database import Transaction
from bank.generations import Generation
from bank.guards import active_guards, guard_data, guards
from bank.rankings import (
    ConfirmedRecord,
    RankerRecord,
    Taught,
    confirmed_answers,
    ranker_data,
    rankers,
    standing,
    taught,
)
from knowledge import guard
from knowledge.catalogue import Catalogue
from knowledge.errors import QuestionError
from knowledge.guard import GUARDS, Guard
from knowledge.learned import NOTHING, Learned
from knowledge.memory import Memory, by_clause
from knowledge.question import Question, read_question
from knowledge.ranking import READING, Ranker, from_data
from knowledge.search import ClauseSearch

_log = logging.getLogger(__name__)


def reading_of(embedder: str) -> str:
    """What a ranker is fitted to: these features over that embedder's vectors."""
    return f"{READING}-{hashlib.sha256(embedder.encode()).hexdigest()[:8]}"


class Teaching:
    """The learned of the newest state that was asked for."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._held: tuple[tuple[Taught, tuple[str, ...], str], Catalogue, Learned] | None = None

    def learned(self, tx: Transaction, search: ClauseSearch, generation: Generation) -> Learned:
        """What is taught now: cheap looks into SQL, and reading it only when it has changed.

        Memories name rows of the search's catalogue, which for a while may be an older one than
        the generation's.
        """
        state = (taught(tx), active_guards(tx), generation.id)
        held = self._held
        if held is None or held[0] != state or held[1] is not search.catalogue:
            learned = _read(tx, search, generation, state[0])
            if state[1]:
                learned = replace(learned, guards=_guards(tx, generation))
            held = self._held = (state, search.catalogue, learned)
        return held[2]


def remembered(tx: Transaction, search: ClauseSearch, lang: str) -> Memory | None:
    """The confirmed answers of a language that still count; None when there are none."""
    return _memory(tx, search, [one for one in confirmed_answers(tx) if one.lang == lang])


def _memory(
    tx: Transaction, search: ClauseSearch, records: Sequence[ConfirmedRecord]
) -> Memory | None:
    """The memory that confirmed answers of one language make, where they still count."""
    if not records:
        return None
    named = standing(tx, records)
    rows = {key: row for row, key in enumerate(search.catalogue.ids)}
    pairs = (
        (question, search.kept_vector(question), clause_id)
        for one in records
        for question in _questions(one.question, one.lang)
        for clause_id in named.get(one.id, ())
    )
    memory = Memory(by_clause(pairs, rows))
    return memory if len(memory) else None


def _read(tx: Transaction, search: ClauseSearch, generation: Generation, state: Taught) -> Learned:
    if not state.rankers and not state.confirmed:
        return NOTHING
    chosen = {
        record.lang: ranker
        for record in rankers(tx)
        if record.active and (ranker := _ranker(tx, record, generation))
    }
    confirmed: dict[str, list[ConfirmedRecord]] = {}
    for one in confirmed_answers(tx) if state.confirmed else ():
        confirmed.setdefault(one.lang, []).append(one)
    memories = {
        lang: memory
        for lang, records in confirmed.items()
        if (memory := _memory(tx, search, records))
    }
    return Learned(chosen, memories)


def _ranker(tx: Transaction, record: RankerRecord, generation: Generation) -> Ranker | None:
    if record.reading != reading_of(generation.embedder):
        _log.warning(
            "the ranker %s (%s) was made for another embedder or version: the default order"
            " is used until daybook tune makes a new one",
            record.id,
            record.lang,
        )
        return None
    try:
        return from_data(ranker_data(tx, record.id) or {})
    except (KeyError, TypeError, ValueError, IndexError):
        _log.exception("the ranker %s cannot be read: the default order is used", record.id)
        return None


def _guards(tx: Transaction, generation: Generation) -> Mapping[str, Guard]:
    """The bank's own guards, and the shipped ones where it has none that fit."""
    found = dict(GUARDS)
    for record in guards(tx):
        if not record.active:
            continue
        if record.reading != guard.reading_of(generation.embedder):
            _log.warning(
                "the guard %s (%s) was made for another embedder or version: the shipped one is"
                " used until daybook tune makes a new one",
                record.id,
                record.lang,
            )
            continue
        try:
            found[record.lang] = guard.from_data(guard_data(tx, record.id) or {})
        except (KeyError, TypeError, ValueError):
            _log.exception("the guard %s cannot be read: the shipped one is used", record.id)
    return found


def _questions(text: str, lang: str) -> Iterable[Question]:
    try:
        return (read_question(text, lang),)
    except QuestionError:
        return ()
