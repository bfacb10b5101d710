"""Policies, their versions and clauses, and the questions asked of them."""

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Id, Key, Moment


class PolicyVersion(Base):
    """One version of a policy, in force over the half-open days [from_day, to_day)."""

    __tablename__ = "policy_version"
    __table_args__ = (Index("uq_policy_version", "policy", "version", unique=True),)

    id: Mapped[Key]
    policy: Mapped[Id]
    version: Mapped[Id]
    title: Mapped[str]
    kind: Mapped[Id]
    lang: Mapped[Id]
    from_day: Mapped[Day]
    to_day: Mapped[Day]
    replaces: Mapped[Id | None]
    audience: Mapped[list[str]] = mapped_column(JSON)
    """Roles that may read it; ["all"] means everyone."""
    owner: Mapped[str]
    path: Mapped[str]
    content_hash: Mapped[Id]


class Clause(Base):
    """One clause of a policy version: the atom that is found, quoted and cited."""

    __tablename__ = "clause"
    __table_args__ = (Index("ix_clause_version", "version_id", "position"),)

    id: Mapped[Key]
    version_id: Mapped[Id] = mapped_column(ForeignKey("policy_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[Id]
    """Normalised, for looking up and comparing: "12", "3.2", "12-1"."""
    label: Mapped[str]
    """As printed: "第十二条", "3.2"."""
    heading: Mapped[str]
    """Chapter path, joined by " › "."""
    text: Mapped[str]
    page: Mapped[int | None]
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    """float32, little-endian, of the generation's embedder."""


class IndexGeneration(Base):
    """A built dense index; at most one is active and everyone reads that one."""

    __tablename__ = "index_generation"

    id: Mapped[Key]
    embedder: Mapped[Id]
    clauses: Mapped[int]
    fingerprint: Mapped[Id]
    built_at: Mapped[Moment]
    active: Mapped[bool]


class Question(Base):
    """Who asked what and which clauses answered."""

    __tablename__ = "question"

    id: Mapped[Key]
    asked_at: Mapped[Moment]
    staff_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), index=True)
    conversation: Mapped[str]
    """team/channel/root of the thread; empty from the command line."""
    text: Mapped[str]
    lang: Mapped[Id]
    status: Mapped[Id]
    clause_ids: Mapped[list[str]] = mapped_column(JSON)
