"""The operator's log: one JSON line an event, each with an `action`. Never a question's words.

Of what a library logs only the words that are its own are kept; whatever still looks like
somebody's number, address or key goes last of all.
"""

import logging
import re
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog

from bot.text import visible
from knowledge.masking.redaction import redact

FILE = "daybook.log"
BYTES = 5_000_000
OURS = frozenset({"bot", "jobs", "knowledge", "bank", "scoring", "workspace"})
"""The code in these logs no words but ids and counts."""
_ROOT = Path(__file__).parents[1]
_VALUE = re.compile(r"[^ -~]|[\"'`(\[{<:=@/\\0-9]")
"""Where in a library's line its own words end, and values may begin."""


def open_journal(home: Path) -> Path:
    """Send every event to the log file in the home folder, unless one is open; its path."""
    root = logging.getLogger()
    for known in root.handlers:
        if isinstance(known, RotatingFileHandler):
            return Path(known.baseFilename)
    home.mkdir(parents=True, exist_ok=True)
    path = home / FILE
    handler = RotatingFileHandler(path, maxBytes=BYTES, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _name_exception,
                _redact,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            foreign_pre_chain=[
                _own_words,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        )
    )
    logging.raiseExceptions = False  # a full disk must not fill the terminal with tracebacks
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("daybook").setLevel(logging.INFO)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    return path


def _name_exception(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Where it happened and of what kind; not its message, which may carry somebody's words."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def _own_words(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """A library's line up to the first value in it, and where it was logged.

    Told by the code that logs, not by its logger: Slack's libraries log with ours.
    """
    record: logging.LogRecord = event["_record"]
    where = Path(record.pathname)
    if not (where.is_relative_to(_ROOT) and where.relative_to(_ROOT).parts[0] in OURS):
        event["event"] = _VALUE.split(str(record.msg).replace("%", "'"), maxsplit=1)[0].strip()
        event["from"] = f"{record.filename}:{record.lineno}"
    return event


def _redact(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {name: _redacted(value) for name, value in event.items()}


def _redacted(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_redacted(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _redacted(one) for name, one in value.items()}
    written = visible(str(value))
    told = redact(written)
    plain = told == written and isinstance(value, (int, float, type(None)))
    return value if plain else told
