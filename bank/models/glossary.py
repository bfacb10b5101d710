"""The bank's own entries of the glossary."""

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Key


class GlossaryEntry(Base):
    """One entry laid over the shipped glossary: new, instead of one there, or without phrases."""

    __tablename__ = "glossary_entry"

    key: Mapped[Key]
    subject: Mapped[bool]
    en: Mapped[list[str]] = mapped_column(JSON)
    zh: Mapped[list[str]] = mapped_column(JSON)
    """Without phrases in either language the entry takes the shipped one of its key away."""
