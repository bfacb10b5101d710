"""Whether the audit log is what was written: every row's seal, and where it ends.

The same walk goes over the table and over an exported file (bank/chain_export).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import String, literal, select
from sqlalchemy.sql.expression import cast

from bank.chain import (
    BEGIN,
    RESTART,
    SEGMENT,
    Link,
    find_head,
    head_holds,
    links,
    select_links,
)
from bank.database import Transaction
from bank.models import Audit, Question
from bank.seals import AuditKeys, fingerprint, same, seal

Tick = Callable[[int], None]
"""Told now and then how many rows were checked."""
EVERY = 5000


FaultKind = Literal[
    "unsealed",
    "gap",
    "no_beginning",
    "changed",
    "rewritten",
    "early",
    "lost_key",
    "no_head",
    "head",
    "cut",
    "not_the_end",
    "cut_as_noted",
    "words",
    "file_end",
    "file_rows",
]
"""unsealed      written without the key, after the chain began
gap           does not follow the row `other`
no_beginning  the rows before it are gone, and no row accounts for them
changed       not as it was written, or not where
rewritten     sealed, and yet not what was noted of it outside the database
early         the rows from before the chain are not those that it sealed
lost_key      sealed with a key, `name`, that is not here
no_head       the log has no head
head          the head is not as it was sealed
cut           gone, with all up to `other`, where the head says the log ended
not_the_end   the last row, while the head says that `other` is
cut_as_noted  gone, for `other` was noted outside the database
words         its question has other words now
file_end      a file's end is not as it was sealed
file_rows     a file's end tells of other rows
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that is not as it was written, 0 for the log as a whole, and what is wrong."""

    row: int
    kind: FaultKind
    other: int = 0
    name: str = ""

    def __str__(self) -> str:
        """For a log."""
        return f"row {self.row}: {self.kind}"


@dataclass(slots=True)
class Walk:
    """Goes along the chain, row by row, up to the first that does not follow from those before.

    `before` is the seal that the first row follows; None where the chain has to begin. `noted`
    are rows' seals as they were noted outside the database. In the end `fault` is None when all
    holds. `early` rows are from before the chain, `unchecked` ones were sealed with a key that is
    lost, as one of `restarts` says: rows after which the log was gone on with regardless.
    """

    keys: AuditKeys
    before: str | None = None
    noted: Mapping[int, str] = field(default_factory=dict)
    rows: int = 0
    first: int = 0
    last: int = 0
    seal: str = ""
    fault: Fault | None = None
    early: int = 0
    unchecked: int = 0
    restarts: list[int] = field(default_factory=list)
    _sealed: bool = False
    _digest: Any = field(default_factory=sha256)
    _lost: tuple[int, str] | None = None
    """The first row whose key is unknown, and the last such key."""

    def run(self, rows: Iterable[Link], tick: Tick) -> None:
        """Go along these rows."""
        for link in rows:
            self.fault = self._wrong_with(link)
            if self.fault:
                return
            self.first = self.first or link.id
            self.rows, self.last, self.seal = self.rows + 1, link.id, link.seal
            if self.rows % EVERY == 0:
                tick(self.rows)
        if self._lost:
            self.fault = _unknown_key(*self._lost)
        tick(self.rows)

    def digest(self) -> str:
        """A digest of all rows so far."""
        found: str = self._digest.hexdigest()
        return found

    def _wrong_with(self, link: Link) -> Fault | None:
        content = link.content()
        if not link.seal:
            if self._sealed or self.before is not None:
                return Fault(link.id, "unsealed")
            self.early += 1
            self._digest.update(f"{content}\n".encode())
            return None
        wrong = self._wrong_place(link) or self._wrong_seal(link, content)
        self._sealed = True
        self._digest.update(f"{content}\n".encode())
        return wrong

    def _wrong_place(self, link: Link) -> Fault | None:
        if self._sealed and link.id != self.last + 1:
            return Fault(link.id, "gap", self.last)
        if not self._sealed and self.before is None and link.deed != BEGIN:
            return Fault(link.id, "no_beginning")
        return None

    def _wrong_seal(self, link: Link, content: str) -> Fault | None:
        key = self.keys.by_name.get(link.key_name)
        if key is None:
            self._lost = (self._lost[0] if self._lost else link.id, link.key_name)
            self.unchecked += 1
            return None
        before = self.seal if self._sealed else self.before or ""
        if not same(seal(key, before, content), link.seal):
            return Fault(link.id, "changed")
        if self.noted.get(link.id, link.seal) != link.seal:
            return Fault(link.id, "rewritten")
        return self._wrong_account(link)

    def _wrong_account(self, link: Link) -> Fault | None:
        """What a sound row tells of the rows before it that does not hold."""
        if link.deed == BEGIN and not self._sealed and self.before is None:
            told = json.loads(link.detail)
            if (told["rows"], told["digest"]) != (self.early, self.digest()):
                return Fault(link.id, "early")
        if link.deed == RESTART:
            self.restarts.append(link.id)
        if self._lost and not self._accounts_for(link, self._lost[1]):
            return _unknown_key(*self._lost)
        self._lost = None
        return None

    def _accounts_for(self, link: Link, key_name: str) -> bool:
        return link.deed == RESTART and json.loads(link.detail) == {
            "row": self.last,
            "key": key_name,
        }


def check_log(tx: Transaction, keys: AuditKeys, noted: Mapping[int, str], tick: Tick) -> Walk:
    """Walk the whole log of a database. `noted` are seals noted outside it, by row."""
    first = tx.scalar(select(Audit.id).order_by(Audit.id).limit(1)) or 0
    walk = Walk(keys, before=accounted(tx, first), noted=noted)
    walk.run(links(tx, select_links().order_by(Audit.id)), tick)
    if walk.fault is None:
        walk.fault = _wrong_end(tx, walk) or _wrong_words(tx, keys)
    return walk


def accounted(tx: Transaction, first: int) -> str | None:
    """The seal of the row before the first one, by the row that accounts for its removal."""
    statement = select(Audit.detail).where(Audit.deed == SEGMENT).order_by(Audit.id.desc())
    for detail in tx.scalars(statement):
        try:
            told = json.loads(detail)
            if told["last"] == first - 1:
                return str(told["seal"])
        except (ValueError, KeyError, TypeError):
            continue  # somebody wrote over it: the walk comes to it
    return None


def _wrong_end(tx: Transaction, walk: Walk) -> Fault | None:
    head = find_head(tx)
    if head is None:
        return Fault(0, "no_head")
    if not head_holds(head, walk.keys):
        return Fault(0, "head")
    if head.row_id > walk.last:
        return Fault(walk.last + 1, "cut", head.row_id)
    if (head.row_id, head.last) != (walk.last, walk.seal):
        return Fault(walk.last, "not_the_end", head.row_id)
    later = [row for row in walk.noted if row > walk.last]
    return Fault(walk.last + 1, "cut_as_noted", min(later)) if later else None


def _wrong_words(tx: Transaction, keys: AuditKeys) -> Fault | None:
    """A question whose words are not those that were answered."""
    statement = (
        select(Audit.id, Audit.key_name, Audit.digest, Question.text)
        .join(Question, Audit.subject == literal("question:") + cast(Question.id, String))
        .where(Audit.deed == "ask", Audit.key_name != "", Question.text != "")
        .order_by(Audit.id)
    )
    with tx.execute(statement, execution_options={"yield_per": EVERY}) as rows:
        for row, name, digest, words in rows:
            key = keys.by_name.get(name)
            if key is not None and not same(fingerprint(key, words), digest):
                return Fault(row, "words")
    return None


def _unknown_key(row: int, name: str) -> Fault:
    return Fault(row, "lost_key", name=name)
