"""Items: points beside the weighted score (加分项、扣分项), added before any veto is looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.curves import Text
from scoring.facts import Fact
from scoring.rounding import micro
from scoring.rules import ItemRule


@dataclass(frozen=True, slots=True)
class Item:
    """Points that an item gave, or took."""

    id: str
    name: Text
    points: Decimal
    of: str
    """The indicator it follows from."""
    actual: Decimal
    clause: str | None


def award(rules: Iterable[ItemRule], facts: Mapping[str, Fact]) -> tuple[Item, ...]:
    """The items that give or take anything; what is not measured does neither."""
    found = []
    for rule in rules:
        fact = facts.get(rule.of)
        if fact is None or fact.actual is None:
            continue
        points = item_points(rule, fact.actual)
        if points:
            found.append(Item(rule.id, rule.name, points, rule.of, fact.actual, rule.clause))
    return tuple(found)


def item_points(rule: ItemRule, actual: Decimal) -> Decimal:
    """`each` for every unit of the actual beyond the start, at most the cap either way."""
    beyond = actual - rule.start if rule.side == "above" else rule.start - actual
    points = rule.each * max(beyond, Decimal(0))
    return micro(max(-rule.cap, min(rule.cap, points)))
