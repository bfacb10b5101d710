"""What can be wrong with what scoring is given, one line each.

ScoringError
├── PeriodError   the text names no period, or the period has not begun
├── SchemeError   the scheme file breaks a rule of its own
└── TargetError   a curve was asked to divide by no target, or by one not above zero
"""

from decimal import Decimal


class ScoringError(Exception):
    """Something about a period or a scheme that its message says how to put right."""


class PeriodError(ScoringError):
    """The text names no appraisal period, or one that cannot be scored yet."""


class SchemeError(ScoringError):
    """The appraisal scheme cannot be used; the message names the file and the key."""


class TargetError(ScoringError):
    """A curve that divides by the target met none, or one that is not above zero."""

    def __init__(self, target: Decimal | None) -> None:
        """Name the target and the remedy."""
        super().__init__(
            f"target {target} cannot be divided by: give the indicator a target above zero, "
            "or a curve B on the difference"
        )
