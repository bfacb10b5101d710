"""The bank's own names and numbers, kept at hand for masking and as new as its last import."""

import logging
import threading
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from bank.database import Database
from bank.errors import BankError
from bank.identities import groupings_since, held_numbers, last_import, names_since
from knowledge.masking.mask import Mask, MaskingError
from knowledge.masking.names import Names

PATIENCE = 5.0
"""Seconds a request waits for the bank's names to be read."""

log = logging.getLogger(__name__)
_open: "WeakValueDictionary[int, Directory]" = WeakValueDictionary()
_opening = threading.Lock()


def directory_of(database: Database) -> "Directory":
    """This process's one directory of a database: a large bank's names are read once, held once."""
    with _opening:
        # By identity: a directory keeps its database, so no other can take its place meanwhile.
        found = _open.get(id(database))
        if found is None:
            found = _open[id(database)] = Directory(database)
        return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of the bank, up to an import (None: nothing yet)."""

    newest: int | None = None
    names: Names = field(default_factory=Names)
    groupings: frozenset[str] = frozenset()

    def reaches(self, batch: int) -> bool:
        return self.newest is not None and self.newest >= batch


class Directory:
    """Makes masks that know every client and account of the bank. Safe to use from threads."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet: the names are read when the first mask is asked for."""
        self._database = database
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None
        self._known = _Known()

    def mask(self, patience: float = PATIENCE) -> Mask:
        """A mask for one request that knows all names up to the newest import.

        Raises MaskingError when they cannot be had within `patience` seconds; the reading goes
        on, so that a later request finds them.
        """
        try:
            with self._database.read() as tx:
                newest = last_import(tx)
        except BankError as error:
            raise MaskingError(f"the bank's names cannot be read: {error}") from None
        if not self._known.reaches(newest):
            self._wait(patience)
        known = self._known
        if not known.reaches(newest):
            raise MaskingError("the bank's names are not read yet")
        return Mask(known.names, self._held, known.groupings)

    def blanked(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The texts with the kind alone, such as [NAME], where something sensitive stood.

        For whom nothing has to come back from. Raises MaskingError.
        """
        mask = self.mask()
        return tuple(mask.blank(text) for text in mask.hide(*texts))

    def _wait(self, patience: float) -> None:
        with self._lock:
            if self._reader is None or not self._reader.is_alive():
                self._reader = threading.Thread(target=self._read_on, name="names", daemon=True)
                self._reader.start()
            reader = self._reader
        reader.join(patience)

    def _read_on(self) -> None:
        """Read what came since; names read before are kept, for a former name is one too."""
        known = self._known
        names = known.names
        try:
            with self._database.read() as tx:
                newest = last_import(tx)
                for some in names_since(tx, known.newest):
                    names = names.with_more(some)
                groupings = groupings_since(tx, known.newest)
        except BankError as error:
            log.warning("the bank's names could not be read: %s", type(error).__name__)
            return
        self._known = _Known(newest, names, known.groupings | groupings)

    def _held(self, wanted: Collection[str]) -> AbstractSet[str]:
        try:
            with self._database.read() as tx:
                return held_numbers(tx, wanted)
        except BankError as error:
            raise MaskingError(f"the bank's accounts cannot be read: {error}") from None
