"""What clients say, ask, need and bring: surveys, inquiries, needs, documents, referrals."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, BatchId, Day, Id, Key

SURVEY_CHANNELS = ("onsite", "phone", "app")
NEED_STATES = ("open", "met", "declined")
DOCUMENT_KINDS = ("identity", "licence", "review", "ownership")


class SurveyResponse(Base):
    """A client's answer to a satisfaction survey about a manager."""

    __tablename__ = "survey_response"
    __table_args__ = (
        CheckConstraint(f"channel IN {SURVEY_CHANNELS}", name="channel"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        Index("ix_survey_response_client", "client_id", "day"),
        Index("ix_survey_response_manager", "manager_id", "day"),
    )

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"))
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[Day]
    channel: Mapped[Id]
    score: Mapped[int]
    """Rescaled to 0 to 100."""
    theme: Mapped[str]
    """What it was about; may be empty."""
    batch_id: Mapped[BatchId]


class Referral(Base):
    """A client who was recommended by another; it counts when noted before the opening."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("referrer_id <> client_id", name="two_clients"),
        Index("ix_referral_manager", "manager_id", "day"),
    )

    id: Mapped[Key]
    referrer_id: Mapped[Id] = mapped_column(ForeignKey("client.id"))
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), index=True)
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[Day]
    related: Mapped[bool]
    """The referrer is staff, or related to the manager: it does not count."""
    batch_id: Mapped[BatchId]


class Inquiry(Base):
    """A question a client put to their manager."""

    __tablename__ = "inquiry"
    __table_args__ = (Index("ix_inquiry_manager", "manager_id", "received_day"),)

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), index=True)
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    received_day: Mapped[Day]
    due_day: Mapped[Day]
    answered_day: Mapped[Day | None]
    topic: Mapped[str]
    batch_id: Mapped[BatchId]


class ClientNeed(Base):
    """Something a client could use, as noticed on a day."""

    __tablename__ = "client_need"
    __table_args__ = (CheckConstraint(f"state IN {NEED_STATES}", name="state"),)

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), index=True)
    kind: Mapped[Id]
    """The need's id in the catalogue, such as N05."""
    noted_day: Mapped[Day]
    due_day: Mapped[Day | None]
    state: Mapped[Id]
    note: Mapped[str]
    batch_id: Mapped[BatchId]


class ClientDocument(Base):
    """A document of a client that must be renewed by a day."""

    __tablename__ = "client_document"
    __table_args__ = (CheckConstraint(f"kind IN {DOCUMENT_KINDS}", name="kind"),)

    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), primary_key=True)
    kind: Mapped[Id] = mapped_column(primary_key=True)
    due_day: Mapped[Day]
    renewed_day: Mapped[Day | None]
    """Day it was last renewed."""
    batch_id: Mapped[BatchId]
