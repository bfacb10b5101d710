"""Where the audit log's key is kept: in the environment, or in a file of its own; never in SQL."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from bank.errors import AuditKeyError
from bank.seals import AuditKeys
from bot.errors import BotError

KEY_FILE = "audit.key"
OWNER_ONLY = 0o600


def audit_keys(given: str, home: Path) -> AuditKeys:
    """The keys that were given, else those of the file in `home`, which is made with a new one.

    Raises BotError, AuditKeyError.
    """
    if given:
        return AuditKeys.parse(given)
    path = home / KEY_FILE
    try:
        if not path.exists():
            _make(path)
        _check_rights(path)
        return AuditKeys.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise AuditKeyError(f"{path} cannot be read or made ({type(error).__name__})") from None


def _make(path: Path) -> None:
    """A file with a new key; where another process makes one at the same time, its own stands."""
    draft = path.with_name(f".{KEY_FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{secrets.token_hex(32)}\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


def _check_rights(path: Path) -> None:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise BotError(f"{path} can be read by others: chmod 600 {path}")
