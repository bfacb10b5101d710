"""The bank's own entries of the glossary, which every replica reads with the generation."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, cast

from sqlalchemy import delete, insert, select

from bank.database import Transaction
from bank.models import GlossaryEntry

Kind = Literal["idea", "term", "subject"]


@dataclass(frozen=True, slots=True)
class GlossaryRecord:
    """One entry with its phrases; without any it takes the shipped entry of its key away.

    idea     what phrases of one language, and of the other, mean alike
    term     a term of the field, the same in both languages
    subject  an idea that only a clause which speaks of it answers on
    """

    key: str
    kind: Kind
    en: tuple[str, ...]
    zh: tuple[str, ...]


def glossary_entries(tx: Transaction) -> tuple[GlossaryRecord, ...]:
    """The bank's own entries, by key."""
    columns = (GlossaryEntry.key, GlossaryEntry.kind, GlossaryEntry.en, GlossaryEntry.zh)
    rows = tx.execute(select(*columns).order_by(GlossaryEntry.key))
    return tuple(
        GlossaryRecord(key, cast("Kind", kind), tuple(en), tuple(zh)) for key, kind, en, zh in rows
    )


def replace_glossary(tx: Transaction, records: Sequence[GlossaryRecord]) -> None:
    """Keep these entries instead of those held.

    The caller switches to a generation whose tokens were made with them in the same transaction.
    """
    tx.execute(delete(GlossaryEntry))
    if records:
        tx.execute(insert(GlossaryEntry), [asdict(record) for record in records])
