"""Policies, their versions and clauses, and the questions asked of them."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from bank.days import OPEN
from bank.models.base import Base, Day, Id, Key, Moment

LINK_KINDS = ("reference", "definition")
CHANGE_KINDS = ("added", "changed", "removed", "moved", "renumbered", "split", "merged")
EMPTY_LIST = text("'[]'")
EMPTY = text("''")
EXTRACTIVE = text("'extractive'")
ZERO = text("0")


class PolicyVersion(Base):
    """One version of a policy, in force over the half-open days [from_day, to_day)."""

    __tablename__ = "policy_version"
    __table_args__ = (
        Index("uq_policy_version", "policy", "version", unique=True),
        Index("ix_policy_version_since", "since"),
    )

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
    units: Mapped[list[str]] = mapped_column(JSON, server_default=EMPTY_LIST)
    """Units whose people, with those of every unit below, may read it; [] means all."""
    notices: Mapped[list[str]] = mapped_column(JSON, server_default=EMPTY_LIST)
    """What of its file could not be taken, one line each."""
    stated_to_day: Mapped[Day] = mapped_column(server_default=text(str(OPEN)))
    """What its file gives for to_day, which is earlier where a version that replaces it begins."""
    digests: Mapped[str] = mapped_column(server_default=EMPTY)
    """A digest of each clause's words, apart by spaces, to find other policies that say them."""
    since: Mapped[int] = mapped_column(server_default=ZERO)
    """The number of the generation it came with."""


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
    place: Mapped[str] = mapped_column(server_default=EMPTY)
    """Where it stands in a file without pages: "Fees!12", "slide 3"."""
    start_at: Mapped[int] = mapped_column(server_default=ZERO)
    """[start_at, end_at) is where its text stands among the characters that were read."""
    end_at: Mapped[int] = mapped_column(server_default=ZERO)
    tokens: Mapped[str] = mapped_column(server_default=EMPTY)
    """What the word index holds of it; empty while that is not worked out."""


class ClauseLink(Base):
    """Something a clause refers to, or a term it defines, at [start_at, end_at) of its text."""

    __tablename__ = "clause_link"
    __table_args__ = (CheckConstraint(f"kind IN {LINK_KINDS}", name="kind"),)

    clause_id: Mapped[Id] = mapped_column(
        ForeignKey("clause.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Id]
    start_at: Mapped[int]
    end_at: Mapped[int]
    target_number: Mapped[Id]
    """Of the clause referred to; empty for a definition or a whole policy."""
    target_policy: Mapped[str]
    """As the clause names it; empty for the clause's own policy."""
    term: Mapped[str]
    """What is defined; empty for a reference."""


class ClauseChange(Base):
    """One clause that a version changed, found when the version was read.

    Kept when either version is gone from the library, so nothing here refers to their rows.
    """

    __tablename__ = "clause_change"
    __table_args__ = (
        CheckConstraint(f"kind IN {CHANGE_KINDS}", name="kind"),
        Index("ix_clause_change_version", "policy", "version"),
        Index("ix_clause_change_day", "day"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    policy: Mapped[Id]
    version: Mapped[Id]
    before: Mapped[Id]
    """The version it is compared with: `version` itself when its own text was changed."""
    day: Mapped[Day]
    """From when the change holds."""
    position: Mapped[int]
    kind: Mapped[Id]
    label: Mapped[str]
    label_before: Mapped[str]
    edits: Mapped[list[list[str]]] = mapped_column(JSON)
    """Pairs of words left out and put in; of a clause added or removed, how it begins."""


class IndexGeneration(Base):
    """A state of the policies with its indexes; at most one is active, which everyone reads.

    The collection `base` holds the vectors of versions that came with generations up to
    `base_number`; those that came later are few and searched without it.
    """

    __tablename__ = "index_generation"

    id: Mapped[Key]
    embedder: Mapped[Id]
    clauses: Mapped[int]
    fingerprint: Mapped[Id]
    built_at: Mapped[Moment]
    active: Mapped[bool]
    number: Mapped[int] = mapped_column(server_default=ZERO)
    """One more than that of the generation before."""
    analysis: Mapped[str] = mapped_column(server_default=EMPTY)
    """The rules that clauses' tokens were made by; empty when there are none."""
    base: Mapped[Id] = mapped_column(server_default=EMPTY)
    """Empty while no collection is built: exact search stands in."""
    base_number: Mapped[int] = mapped_column(server_default=ZERO)
    base_clauses: Mapped[int] = mapped_column(server_default=ZERO)
    """How many vectors the base was built with."""


class Question(Base):
    """Who asked what and which clauses answered."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_asked_at", "asked_at"),)

    id: Mapped[Key]
    asked_at: Mapped[Moment]
    staff_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), index=True)
    conversation: Mapped[str]
    """team/channel/root of the thread; empty from the command line."""
    text: Mapped[str]
    """Empty once it has been kept as long as the bank keeps questions."""
    lang: Mapped[Id]
    status: Mapped[Id]
    clause_ids: Mapped[list[str]] = mapped_column(JSON)
    mode: Mapped[Id] = mapped_column(server_default=EXTRACTIVE)
    reason: Mapped[Id] = mapped_column(server_default=EMPTY)
    took_ms: Mapped[int] = mapped_column(server_default=ZERO)
