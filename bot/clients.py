"""Keeping clients out of what people write to each other about the policies."""

import re
from collections.abc import Callable
from typing import TypeVar

from bot.errors import Refusal
from bot.wording import say
from knowledge.masking.mask import Mask, MaskingError

T = TypeVar("T")
AT_ONCE = 0.5
"""Seconds that an acknowledgement can spare."""
_PLACEHOLDER = re.compile(r"\[([A-Z]+)-([0-9]+)[a-z]*-[a-z]+\]")


class ClientGuard:
    """Finds clients and their numbers in a text.

    `new_mask` gives a mask that knows the bank's, waiting for it so many seconds if told to.
    """

    def __init__(self, new_mask: Callable[..., Mask]) -> None:
        self._new_mask = new_mask

    def without_clients(self, text: str, lang: str) -> str:
        """The text with a word in place of each client and number. Raises Refusal when unsure."""

        def named(found: re.Match[str]) -> str:
            key = "hidden.client" if found[1] == "NAME" else "hidden.number"
            return say(lang, key, n=int(found[2]))

        hidden = self._surely(lambda mask: mask.hide(text)[0])
        return text if hidden == text else _PLACEHOLDER.sub(named, hidden)

    def refuse_clients(self, text: str) -> str:
        """The text as it is; raises Refusal when a client or a number stands in it."""
        if text and self._surely(lambda mask: mask.names_somebody(text)):
            raise Refusal("expert.client_data")
        return text

    def seems_named(self, text: str) -> bool:
        """Whether a client or a number stands in a text, as far as that is known at once."""
        try:
            return bool(text) and self._new_mask(AT_ONCE).names_somebody(text)
        except MaskingError:
            return False

    def _surely(self, look: Callable[[Mask], T]) -> T:
        try:
            return look(self._new_mask())
        except MaskingError:
            raise Refusal("expert.unchecked") from None
