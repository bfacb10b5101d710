"""What a model was used for, counted."""

from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Key


class ModelUsage(Base):
    """A person's calls of a model on a day, and the tokens they came to.

    While a call is under way its tokens are those set aside for it.
    """

    __tablename__ = "model_usage"

    day: Mapped[Day] = mapped_column(primary_key=True)
    staff_id: Mapped[Key]
    model: Mapped[Key]
    calls: Mapped[int]
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
