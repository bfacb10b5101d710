"""The bank's own names and numbers, kept at hand for masking and as new as its last import."""

import threading
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from functools import reduce

from bank.database import Database
from bank.errors import BankError
from bank.identities import held_numbers, last_import, names_since
from knowledge.masking.mask import Mask, MaskingError
from knowledge.masking.names import Names

PATIENCE = 2.0
"""Seconds a request waits for names that another is reading already."""


class Directory:
    """Makes masks that know every client and account of the bank. Safe to use from threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._names = Names()
        self._batch: int | None = None

    def mask(self) -> Mask:
        """A mask for one request; MaskingError while the bank's names cannot be had."""
        return Mask(self._current(), self._held)

    def _current(self) -> Names:
        """The names as of the newest import, those read before kept: a former name is one too."""
        if not self._lock.acquire(timeout=PATIENCE):
            raise MaskingError("the bank's names are still being read")
        try:
            with self._database.read() as tx:
                newest = last_import(tx)
                if newest != self._batch:
                    more = names_since(tx, self._batch)
                    self._names = reduce(Names.with_more, more, self._names)
                    self._batch = newest
        except BankError as error:
            raise MaskingError(f"the bank's names cannot be read: {error}") from None
        finally:
            self._lock.release()
        return self._names

    def _held(self, wanted: Collection[str]) -> AbstractSet[str]:
        try:
            with self._database.read() as tx:
                return held_numbers(tx, wanted)
        except BankError as error:
            raise MaskingError(f"the bank's accounts cannot be read: {error}") from None
