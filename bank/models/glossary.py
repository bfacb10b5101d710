"""The bank's own entries of the glossary."""

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Id, Key

ENTRY_KINDS = ("idea", "term", "subject")


class GlossaryEntry(Base):
    """One entry laid over the shipped glossary: new, instead of one there, or without phrases."""

    __tablename__ = "glossary_entry"
    __table_args__ = (CheckConstraint(f"kind IN {ENTRY_KINDS}", name="kind"),)

    key: Mapped[Key]
    kind: Mapped[Id]
    en: Mapped[list[str]] = mapped_column(JSON)
    zh: Mapped[list[str]] = mapped_column(JSON)
    """Without phrases in either language the entry takes the shipped one of its key away."""
