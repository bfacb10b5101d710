"""Web and mail addresses in a text: whatever some program would make a link of."""

import re
from typing import Final

ADDRESS: Final = re.compile(
    r"[a-z][a-z0-9+.-]*://\S+|\b(?:www\.|(?:mailto|tel|javascript|data):)\S+"
    r"|(?<![\w@.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w-])(?:[:/?#]\S*)?"
    r"|[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}",
    re.IGNORECASE | re.ASCII,
)
"""Boundaries are ASCII's: an address glued to Chinese text is one as well."""
