"""The operator's log: one JSON line an event, each with an `action`. Never a question's words."""

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog

FILE = "daybook.log"
BYTES = 5_000_000


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
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            foreign_pre_chain=[
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
