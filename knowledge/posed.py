"""Questions with the clauses that answer them, as a bank writes them down: one a line."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bank.database import Transaction
from bank.policies import ClauseRecord, PolicyRecord, clauses_of, policy_versions
from bank.rankings import ConfirmedRecord, digest
from knowledge.errors import EvaluationError, QuestionError, TuningError
from knowledge.evaluation import read_rows, string_of
from knowledge.question import LANGS, read_question

# An identity number, a card, a telephone: eleven digits or more, however they are spaced out.
_PRIVATE = re.compile(r"(?<!\d)\d(?:[ -]?\d){9,17}[ -]?[\dX](?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Posed:
    """A question and the clauses that answer it: `relevant` ids, or a policy's clause.

    Where it has neither, nothing answers it. With a `version` only that one's clause is right.
    """

    place: str
    text: str
    on: date
    policy: str = ""
    clause: str = ""
    relevant: tuple[str, ...] = ()
    lang: str | None = None
    version: str = ""

    @property
    def answerable(self) -> bool:
        """Whether some clause answers it."""
        return bool(self.policy or self.relevant)


def read_trials(path: Path, today: date) -> list[Posed]:
    """The questions of a file, with those that nothing answers; EvaluationError names a line.

    As read_posed, whose lines may have a "version" as well.
    """
    return [_posed(place, row, today) for place, row in read_rows(path)]


def read_posed(path: Path, today: date) -> list[Posed]:
    """The questions of a file that a clause answers; EvaluationError names a line it cannot take.

    A line has "question" and either "relevant", a list of clause ids, or "policy" and "clause";
    where those are null nothing answers it, and it is passed over.
    """
    return [one for one in read_trials(path, today) if one.answerable]


def _posed(place: str, row: Mapping[str, Any], today: date) -> Posed:
    text = string_of(row, "question", place)
    lang = row.get("lang")
    if lang is not None and lang not in LANGS:
        raise EvaluationError(f'{place}: "lang" must be {" or ".join(LANGS)}')
    on = today
    if "on" in row:
        try:
            on = date.fromisoformat(string_of(row, "on", place))
        except ValueError:
            raise EvaluationError(f'{place}: "on" must be a date like 2026-11-30') from None
    if "relevant" in row:
        relevant = row["relevant"]
        if not isinstance(relevant, list) or not all(isinstance(one, str) for one in relevant):
            raise EvaluationError(f'{place}: "relevant" must be a list of clauses\' ids')
        return Posed(place, text, on, relevant=tuple(relevant), lang=lang)
    if row.get("policy") is None and "policy" in row:
        return Posed(place, text, on, lang=lang)
    policy, clause = string_of(row, "policy", place), string_of(row, "clause", place)
    version = string_of(row, "version", place) if row.get("version") is not None else ""
    return Posed(place, text, on, policy, clause, lang=lang, version=version)


def confirmations(
    tx: Transaction, posed: Sequence[Posed], staff: str, now: datetime
) -> tuple[ConfirmedRecord, ...]:
    """The confirmed answers that questions with their clauses make; TuningError names a line."""
    versions = policy_versions(tx)
    return tuple(_confirmation(tx, versions, one, staff, now) for one in posed)


def _confirmation(
    tx: Transaction, versions: Sequence[PolicyRecord], one: Posed, staff: str, now: datetime
) -> ConfirmedRecord:
    if _PRIVATE.search(unicodedata.normalize("NFKC", one.text)):
        raise TuningError(
            f"{one.place}: the question holds what looks like an identity, card or telephone"
            " number: nothing was stored; take it out and ask without it"
        )
    try:
        question = read_question(one.text, one.lang)
    except QuestionError as error:
        raise TuningError(f'{one.place}: "question": {error}') from None
    version, pieces = _clause(tx, versions, one)
    return ConfirmedRecord(
        question=question.text,
        lang=version.lang,
        policy=version.policy,
        number=pieces[0].number,
        digest=digest([piece.text for piece in pieces]),
        confirmed_by=staff,
        confirmed_at=now,
    )


def _clause(
    tx: Transaction, versions: Sequence[PolicyRecord], one: Posed
) -> tuple[PolicyRecord, list[ClauseRecord]]:
    if one.relevant:
        raise TuningError(f'{one.place}: give "policy" and "clause", which people can check')
    for version in versions:
        if version.policy == one.policy and version.in_force(one.on):
            pieces = [c for c in clauses_of(tx, version.id) if one.clause in (c.number, c.label)]
            if pieces:
                return version, pieces
            raise TuningError(
                f"{one.place}: {version.id} has no clause {one.clause}:"
                f" daybook policy show {one.policy} lists them"
            )
    raise TuningError(
        f"{one.place}: policy {one.policy} is not in force on {one.on}:"
        " daybook policy list names those that are"
    )
