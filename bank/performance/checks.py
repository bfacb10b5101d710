"""R04: items of compliance checks that were in order, by severity; R04a sales, R04b documents."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select

from bank.database import Transaction
from bank.days import day_of, number
from bank.models import CheckItem
from bank.performance.facts import percent_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from bank.performance.window import Measure
from scoring.facts import EVIDENCE, NOTHING_CHECKED, Evidence, Fact
from scoring.loans import months_before
from scoring.rules import CheckRules

WHOLE = "R04"


@dataclass(slots=True)
class Checked:
    """Items, the weight of all of them, and of those that were in order at the first look."""

    items: int = 0
    weight: int = 0
    passed: int = 0

    def add(self, weight: int, items: int, passed: int) -> None:
        """Count items of one severity."""
        self.items += items
        self.weight += weight * items
        self.passed += weight * passed


@dataclass(frozen=True, slots=True)
class Spans:
    """What was checked in the window, and in the months up to its end."""

    period: Checked
    trailing: Checked

    def choose(self, rules: CheckRules) -> Checked:
        """The window's items, or where they are too few those of the trailing months."""
        return self.period if self.period.items >= rules.fewest else self.trailing


def check_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """R04 and its lines: weight of the items in order ÷ weight of the items checked, in percent.

    The first result stands, whatever a later look found. With too few items in the window the
    trailing months are looked at instead, each line by itself.
    """
    rules = frame.scheme.checks
    found = _checked(tx, frame, [worker.id for worker in workers])
    for worker in workers:
        for line in _lines(rules):
            spans = found.get((worker.id, line))
            chosen = spans.choose(rules) if spans else Checked()
            measure = Measure(chosen.passed, chosen.weight) if chosen.items else None
            yield worker.id, percent_fact(frame, line, measure, why_none=NOTHING_CHECKED)


def check_evidence(line: str, tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The items behind R04 or one of its lines, failures first, the heaviest first.

    The weights of those `passed` add up to the figure's numerator. What a later look found is
    told beside it.
    """
    rules = frame.scheme.checks
    spans = _checked(tx, frame, [manager]).get((manager, line))
    if spans is None:
        return Evidence((), 0)
    trailing = spans.choose(rules) is spans.trailing
    kinds = [kind for kind, of in rules.lines.items() if of == line]
    looked_at = and_(
        CheckItem.manager_id == manager,
        _trailing(frame) if trailing else _in_period(frame),
        CheckItem.kind.in_(kinds) if line != WHOLE else CheckItem.id.is_not(None),
    )
    heaviest = case(
        *((CheckItem.severity == each, -weight) for each, weight in rules.weights.items()),
        else_=0,
    )
    statement = (
        select(CheckItem)
        .where(looked_at)
        .order_by(CheckItem.passed, heaviest, CheckItem.day.desc(), CheckItem.id)
        .limit(EVIDENCE)
    )
    rows = tuple(
        {
            "id": item.id,
            "day": day_of(item.day).isoformat(),
            "kind": item.kind,
            "severity": item.severity,
            "weight": rules.weights[item.severity],
            "passed": "yes" if item.passed else "no",
            "recheck": _recheck(item.recheck_day, item.recheck_passed, frame.known),
            "regulation": item.regulation,
            "subject": item.subject,
        }
        for item in tx.execute(statement)
    )
    count = spans.trailing.items if trailing else spans.period.items
    return Evidence(rows, count)


def _recheck(day: int | None, passed: bool | None, known: int) -> str:  # noqa: FBT001
    """What the later look found, as known on a day."""
    if day is None or day > known:
        return ""
    return f"{day_of(day).isoformat()} {'yes' if passed else 'no'}"


def _checked(
    tx: Transaction, frame: Frame, managers: Collection[str]
) -> Mapping[tuple[str, str], Spans]:
    """What was checked, by manager and line."""
    rules, inside = frame.scheme.checks, _in_period(frame)
    either = inside | _trailing(frame)
    statement = (
        select(
            CheckItem.manager_id,
            CheckItem.kind,
            CheckItem.severity,
            CheckItem.passed,
            func.count().filter(inside),
            func.count().filter(_trailing(frame)),
        )
        .where(CheckItem.manager_id.in_(managers), either)
        .group_by(CheckItem.manager_id, CheckItem.kind, CheckItem.severity, CheckItem.passed)
    )
    found: defaultdict[tuple[str, str], Spans] = defaultdict(lambda: Spans(Checked(), Checked()))
    for manager, kind, severity, passed, period, trailing in tx.execute(statement):
        weight = rules.weights[severity]
        for line in _lines(rules):
            if line in (WHOLE, rules.lines.get(kind)):
                spans = found[manager, line]
                spans.period.add(weight, period, period if passed else 0)
                spans.trailing.add(weight, trailing, trailing if passed else 0)
    return found


def _lines(rules: CheckRules) -> tuple[str, ...]:
    return WHOLE, *dict.fromkeys(rules.lines.values())


def _in_period(frame: Frame) -> ColumnElement[bool]:
    return CheckItem.day.between(frame.window.first, frame.window.end - 1)


def _trailing(frame: Frame) -> ColumnElement[bool]:
    """The months up to the window's last day."""
    window = frame.window
    since = number(months_before(window.through, frame.scheme.checks.trailing_months))
    return CheckItem.day.between(since + 1, window.end - 1)
