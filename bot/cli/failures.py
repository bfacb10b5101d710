"""An error in one line: what is known says what to do, what is not says where the log is."""

import structlog

from bank.errors import BankError
from bot.errors import BotError, Refusal
from bot.journal import open_journal
from bot.settings import Settings, read_settings
from bot.wording import say
from knowledge.errors import KnowledgeError
from scoring.errors import ScoringError

KNOWN = (BotError, BankError, KnowledgeError, ScoringError)


def reason(error: Exception) -> str:
    """The line for an error that ended a command."""
    if isinstance(error, Refusal):
        return say("en", error.key, **error.values)
    if isinstance(error, KNOWN):
        return " ".join(str(error).split())
    return _unforeseen(error)


def _unforeseen(error: Exception) -> str:
    name = type(error).__name__
    try:
        settings: Settings = read_settings()
        path = open_journal(settings.home_path)
        structlog.get_logger("daybook").error("command failed", action="command", exc_info=error)
    except Exception:  # noqa: BLE001 - the log is unusable too: the line must still come
        return f"something unforeseen went wrong ({name}), and the log could not be written"
    return f"something unforeseen went wrong ({name}): the details are in {path}"
