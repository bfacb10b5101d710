"""The audit log as a chain: each row's seal covers the one before (bank/seals).

One head row says where the chain ends. It is locked until the transaction ends, so that writers on
PostgreSQL take turns as those on SQLite do, and it is sealed itself: nobody without the key can
put it back to an earlier row.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, Select, delete, insert, select, type_coerce, update

from bank.database import Transaction
from bank.errors import AuditBrokenError, AuditKeyError
from bank.models import Audit, AuditHead
from bank.models.base import EPOCH
from bank.seals import AuditKeys, canonical, fingerprint, plain_digest, same, seal
from bank.upsert import insert_new

HOUSE = "daybook"
"""The actor of what nobody in particular did."""
BEGIN = "audit.begin"
RESTART = "audit.restart"
SEGMENT = "audit.seal"

Named = tuple[str, str, str]
"""Who did which deed to what: actor, deed, subject."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row to be."""

    at: datetime
    named: Named
    digest: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: its last row and that row's seal; rows to `sealed_to` may be removed.

    `seal` covers the rest.
    """

    row_id: int
    last: str
    key_name: str
    sealed_to: int
    seal: str = ""

    def content(self) -> str:
        """What its own seal covers."""
        return canonical(["head", self.row_id, self.last, self.key_name, self.sealed_to])


@dataclass(frozen=True, slots=True)
class Link:
    """A row of the log as it is sealed and exported; `at` in microseconds since 1970 UTC.

    `detail` is canonical JSON. `key_name` and `seal` are empty in rows from before the chain.
    """

    id: int
    at: int
    actor_id: str
    deed: str
    subject: str
    digest: str
    detail: str
    key_name: str
    seal: str

    def content(self) -> str:
        """What its seal covers: all but the seal."""
        named = (self.id, self.at, self.actor_id, self.deed, self.subject)
        return canonical([*named, self.digest, self.detail, self.key_name])


def append(
    tx: Transaction, at: datetime, named: Named, content: object, detail: Mapping[str, object]
) -> None:
    """Add a row. Of `content` a digest is kept, `detail` as it is.

    Raises AuditKeyError, AuditBrokenError.
    """
    keys = keys_of(tx)
    if keys is None:
        _append_unsealed(tx, Entry(at, named, plain_digest(content), detail))
        return
    head = _own_head(tx, at, keys)
    digest = fingerprint(keys.current, content)
    _append_after(tx, keys, head, Entry(at, named, digest, detail))


def keys_of(tx: Transaction) -> AuditKeys | None:
    """The keys the database was opened with."""
    keys: AuditKeys | None = tx.get_execution_options().get("audit_keys")
    return keys


def check_chain(tx: Transaction) -> None:
    """Raise AuditKeyError or AuditBrokenError where this process could not add a row."""
    head, keys = find_head(tx), keys_of(tx)
    if head is not None and keys is not None:
        _check_head(head, keys)


def begin_chain(tx: Transaction, now: datetime) -> None:
    """Begin the chain if it has not begun. What was written before is sealed as such, in one."""
    keys = keys_of(tx)
    if keys is not None:
        _own_head(tx, now, keys)


def restart_chain(tx: Transaction, at: datetime, actor: str) -> int:
    """Go on from the last row although the head or its key is lost; the id of the row saying so.

    It makes nothing good: what cannot be checked stays unchecked (bank/chain_check).
    """
    keys = keys_of(tx)
    if keys is None:
        raise AuditKeyError("there is no audit key to go on with")
    head = find_head(tx, lock=True)
    last = next(links(tx, select_links().order_by(Audit.id.desc()).limit(1)), None)
    lost = {"row": last.id, "key": last.key_name} if last else {"row": 0}
    sealed_to = head.sealed_to if head else 0
    tx.execute(delete(AuditHead))
    end = Head(last.id if last else 0, last.seal if last else "", keys.current_name, sealed_to)
    tx.execute(insert(AuditHead), _head_row(keys, end))
    named = (actor, RESTART, f"audit:{end.row_id}")
    return _append_after(tx, keys, end, Entry(at, named, plain_digest(lost), lost))


def allow_removal(tx: Transaction, up_to: int) -> None:
    """Let the triggers pass the removal of rows that a row of deed SEGMENT accounts for."""
    keys, head = keys_of(tx), find_head(tx, lock=True)
    if keys is None or head is None:
        raise AuditKeyError("the audit log is not sealed: run daybook migrate")
    _check_head(head, keys)
    end = Head(head.row_id, head.last, keys.current_name, up_to)
    tx.execute(_MOVE_HEAD, _head_row(keys, end))


def find_head(tx: Transaction, *, lock: bool = False) -> Head | None:
    """Where the chain ends; None before it began."""
    row = tx.execute(_LOCK_HEAD if lock else _FIND_HEAD).first()
    return Head(*row) if row else None


def head_holds(head: Head, keys: AuditKeys) -> bool:
    """Whether the head is as it was sealed."""
    key = keys.by_name.get(head.key_name)
    return key is not None and same(seal(key, "", head.content()), head.seal)


def select_links() -> Select[*tuple[Any, ...]]:
    """A query for whole rows of the log."""
    return select(
        Audit.id,
        type_coerce(Audit.at, BigInteger),
        Audit.actor_id,
        Audit.deed,
        Audit.subject,
        Audit.digest,
        Audit.detail,
        Audit.key_name,
        Audit.seal,
    )


def links(tx: Transaction, statement: Select[*tuple[Any, ...]]) -> Iterator[Link]:
    """The rows of such a query, a few thousand at a time."""
    # Closed also when whoever reads them stops: PostgreSQL keeps a cursor for it until then.
    with tx.execute(statement, execution_options={"yield_per": _LOT}) as rows:
        for row in rows:
            yield Link(*row)


def digest_before(early: Iterable[Link]) -> tuple[int, str]:
    """How many rows these are, and one digest of them all: rows from before the chain."""
    digest, count = sha256(), 0
    for link in early:
        digest.update(f"{link.content()}\n".encode())
        count += 1
    return count, digest.hexdigest()


_LOT = 5000
# Made once: making a statement takes longer than running it.
_FIND_HEAD = select(
    AuditHead.row_id, AuditHead.last, AuditHead.key_name, AuditHead.sealed_to, AuditHead.seal
)
_LOCK_HEAD = _FIND_HEAD.with_for_update()
_MOVE_HEAD = update(AuditHead)
_ADD = insert(Audit)


def _own_head(tx: Transaction, now: datetime, keys: AuditKeys) -> Head:
    """The head, locked and checked; made first where there is none yet."""
    head = find_head(tx, lock=True)
    if head is None:
        head = _begin(tx, now, keys)
    _check_head(head, keys)
    return head


def _begin(tx: Transaction, now: datetime, keys: AuditKeys) -> Head:
    start = Head(0, "", keys.current_name, 0)
    # Whoever comes second waits here until the first has committed.
    if insert_new(tx, AuditHead, [_head_row(keys, start)]):
        early = links(tx, select_links().order_by(Audit.id))
        count, digest = digest_before(_unsealed(early))
        last = tx.scalar(select(Audit.id).order_by(Audit.id.desc()).limit(1)) or 0
        detail = {"rows": count, "last": last, "digest": digest}
        start = Head(last, "", keys.current_name, 0)
        _append_after(tx, keys, start, Entry(now, (HOUSE, BEGIN, "audit"), digest, detail))
    head = find_head(tx, lock=True)
    if head is None:
        raise AuditBrokenError("the head of the audit log was removed while it was written")
    return head


def _unsealed(early: Iterable[Link]) -> Iterator[Link]:
    for link in early:
        if link.seal:
            raise AuditBrokenError(
                f"the head of the audit log is gone, though row {link.id} is sealed"
            )
        yield link


def _check_head(head: Head, keys: AuditKeys) -> None:
    if head.key_name not in keys.by_name:
        raise AuditKeyError(
            f"the audit log is sealed with the key {head.key_name}, which is none of those here "
            f"({', '.join(keys.by_name)})"
        )
    if not head_holds(head, keys):
        raise AuditBrokenError("the head of the audit log was changed by somebody without the key")


def _append_after(tx: Transaction, keys: AuditKeys, head: Head, entry: Entry) -> int:
    row = _row(entry) | {"id": head.row_id + 1, "key_name": keys.current_name}
    moment = (entry.at - EPOCH) // timedelta(microseconds=1)
    link = Link(**row | {"at": moment, "seal": ""})
    sealed = seal(keys.current, head.last, link.content())
    tx.execute(_ADD, row | {"seal": sealed})
    end = Head(link.id, sealed, keys.current_name, head.sealed_to)
    tx.execute(_MOVE_HEAD, _head_row(keys, end))
    return link.id


def _append_unsealed(tx: Transaction, entry: Entry) -> None:
    """A row from before the chain: only where that has not begun."""
    if find_head(tx) is not None:
        raise AuditKeyError("the audit log is sealed, and its key is not here")
    tx.execute(_ADD, _row(entry))


def _row(entry: Entry) -> dict[str, Any]:
    actor, deed, subject = entry.named
    return {
        "at": entry.at,
        "actor_id": actor,
        "deed": deed,
        "subject": subject,
        "digest": entry.digest,
        "detail": canonical(entry.detail),
    }


def _head_row(keys: AuditKeys, head: Head) -> dict[str, Any]:
    return {
        "id": 1,
        "row_id": head.row_id,
        "last": head.last,
        "key_name": head.key_name,
        "sealed_to": head.sealed_to,
        "seal": seal(keys.current, "", head.content()),
    }
