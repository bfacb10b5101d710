"""Loans as the appraisal reads them: what is non-performing, and whose a loan is."""

from dataclasses import dataclass
from datetime import date, timedelta

NON_PERFORMING = frozenset({"substandard", "doubtful", "loss"})
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Signed:
    """Loans signed from `first` to `last`: their originator keeps them for `after` days."""

    first: date
    last: date
    after: int


def protection_ends(first: date, last: date, months: int) -> tuple[Signed, ...]:
    """The loans that cease to be their originator's, after so many months, from `first` to `last`.

    A loan is its originator's on a day when it was signed after the same day so many months
    before (`months_before`); the end is the first day on which it is not.
    """
    day, runs = first, list[Signed]()
    signed = months_before(first - ONE, months) + ONE
    while signed <= months_before(last, months):
        while months_before(day, months) < signed:
            day += ONE
        after = (day - signed).days
        if runs and runs[-1].after == after:
            runs[-1] = Signed(runs[-1].first, signed, after)
        else:
            runs.append(Signed(signed, signed, after))
        signed += ONE
    return tuple(runs)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where there is none."""
    month = day.year * 12 + day.month - 1 - months
    for last in (day.day, 30, 29, 28):
        try:
            return date(month // 12, month % 12 + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
