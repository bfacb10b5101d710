"""Where a drop stands among those imported before it: which days it corrects, and who is first."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from bank.database import Transaction
from bank.days import OPEN, day_of, number
from bank.importing.manifest import Manifest
from bank.importing.problems import Problems
from bank.models import ImportBatch
from scoring.periods import Period


@dataclass(frozen=True, slots=True)
class Turn:
    """A drop's place in time, in day numbers; 0 where nothing was imported before."""

    day: int
    """The business date it states."""
    covered: int
    """Newest business date of the drops before: what changes up to it is a correction."""
    known: int
    """Day from which the bank knows its content: never before what was known already."""
    settled: int
    """Newest business date anybody could have asked about before `known`."""
    until: int
    """Next business date its source has sent already: a snapshot of `day` says nothing of it."""
    newest: int
    """Id of the batch imported last."""
    is_again: bool
    """Whether its source sent a drop of the business date before."""

    @property
    def is_late(self) -> bool:
        """Whether the bank knows days after the business date."""
        return self.day < self.covered

    @property
    def told(self) -> int:
        """Newest day of which what was told before it corrects: an ordinary drop adds its own."""
        return self.covered if self.is_late or self.is_again else min(self.covered, self.day - 1)

    @property
    def closed(self) -> int:
        """Newest day on which a fact nobody told before is a correction all the same.

        An ordinary drop may bring such facts of any day of its own quarter.
        """
        if self.is_late or self.is_again:
            return self.covered
        quarter = Period.containing(day_of(self.day))
        return min(self.covered, number(quarter.first) - 1)


def take_turn(tx: Transaction, manifest: Manifest) -> Turn:
    """A drop's place after all that was imported by now."""
    day, batch_day = number(manifest.business_date), ImportBatch.business_day
    covered = tx.scalar(select(func.max(batch_day))) or 0
    known = max(day, covered)
    settled = tx.scalar(select(func.max(batch_day)).where(batch_day < known)) or 0
    after = select(func.min(batch_day)).where(
        ImportBatch.source == manifest.source, batch_day > day
    )
    newest = tx.scalar(select(func.max(ImportBatch.id))) or 0
    again = tx.scalar(_of_its_date(manifest, func.count())) or 0
    return Turn(day, covered, known, settled, tx.scalar(after) or OPEN, newest, again > 0)


def is_repeated(tx: Transaction, manifest: Manifest) -> bool:
    """Whether this very drop is in the bank already."""
    digest = _of_its_date(manifest, ImportBatch.digest)
    found = tx.scalar(digest.where(ImportBatch.batch == manifest.batch))
    return bool(found == manifest.digest)


def check_turn(tx: Transaction, manifest: Manifest, problems: Problems) -> None:
    """Note a batch that is not newer than the last one of its source and business date."""
    last = tx.scalar(_of_its_date(manifest, func.max(ImportBatch.batch)))
    if last is None or manifest.batch > last:
        return
    after = f"{manifest.business_date} was imported up to batch {last}"
    if manifest.batch == last:
        after = "was imported already with other content"
    problems.add(
        manifest.name, 0, "batch", str(manifest.batch), f"{after}: raise batch to {last + 1}"
    )


def _of_its_date(
    manifest: Manifest, column: ColumnElement[Any] | InstrumentedAttribute[Any]
) -> Select[Any]:
    return select(column).where(
        ImportBatch.source == manifest.source,
        ImportBatch.business_day == number(manifest.business_date),
    )
