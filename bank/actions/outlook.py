"""The outlook of a stored scorecard: its forecast, and the levers on it."""

from dataclasses import dataclass

from bank.actions.cases import cases_of, owed_at_end
from bank.actions.open import open_actions
from bank.actions.past import past_of
from bank.database import Transaction
from bank.performance import Latest
from bank.performance.measuring import load_frame
from scoring.forecast import Forecast, forecast
from scoring.levers import Lever, levers
from scoring.periods import Period
from scoring.recall import facts_of
from scoring.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a score ends (None without one), and what would lift it most."""

    forecast: Forecast | None
    levers: tuple[Lever, ...]


def look_ahead(tx: Transaction, latest: Latest, scheme: Scheme) -> Outlook:
    """The outlook of a manager's stored scorecard, as known on its as-of day.

    Levers are weighed on the signed targets as they are heading, so that money counts for the days
    it will be there, and on everything else as it stands. Once the period is over there is nothing
    left to do.
    """
    card = latest.card
    period = Period.parse(card.period)
    frame = load_frame(tx, scheme, period, card.as_of)
    if frame.window.is_over:
        return Outlook(forecast(scheme, period, card, {}), ())
    cases = cases_of(tx, frame, card.manager)
    past = past_of(tx, frame, card.manager)
    ahead = forecast(scheme, period, card, past, owed_at_end(cases))
    facts = dict(facts_of(card))
    if ahead is not None:
        facts |= {fact.indicator: fact for fact in ahead.heading}
    asked = {name for name, fact in facts.items() if fact.period_target is not None}
    actions = open_actions(tx, frame, card.manager, cases, asked)
    return Outlook(ahead, levers(scheme, period, facts.values(), actions))
