"""What can be wrong with what scoring is given, one line each.

ScoringError
├── PeriodError   the text names no period, or the period has not begun
└── SchemeError   the scheme file breaks a rule of its own
"""


class ScoringError(Exception):
    """Something about a period or a scheme that its message says how to put right."""


class PeriodError(ScoringError):
    """The text names no appraisal period, or one that cannot be scored yet."""


class SchemeError(ScoringError):
    """The appraisal scheme cannot be used; the message names the file and the key."""
