"""A message that would go out."""

from dataclasses import dataclass

from bank.outbox import OutboxRow


@dataclass(frozen=True, slots=True)
class Planned(OutboxRow):
    """A message that would go out; `subject` is what it is about: a day, or the id of a thing."""

    subject: str
