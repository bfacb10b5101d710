"""What a report is made of: one manager's result with its records, or one unit's business."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bank.clients import client_names
from bank.database import Database
from bank.people import Person
from bank.performance import Latest, evidence_behind, latest_scorecard
from bank.performance.units import UnitAnalysis, analyse_unit, unit_name
from bot.access import clients_hidden, kpi_subject, unit_subject
from bot.errors import Refusal
from scoring.facts import Evidence
from scoring.periods import Period
from scoring.scheme import Scheme
from scoring.versions import Schemes


@dataclass(frozen=True, slots=True)
class Statement:
    """A manager's newest stored result of a period, with the records behind every figure."""

    manager: Person
    unit: str
    """The name of the manager's unit."""
    latest: Latest
    scheme: Scheme
    """The scheme it was computed by."""
    evidence: Mapping[str, Evidence]
    """By indicator; one without records is absent."""
    clients: Mapping[str, str]
    """The names of the clients in them, by id, as far as the reader is told them."""


class Reports:
    """Makes reports for whoever may see what is in them."""

    def __init__(self, database: Database, schemes: Schemes, *, masked: bool) -> None:
        """`masked`: a statement names its clients to nobody but its own manager."""
        self._database = database
        self._schemes = schemes
        self._masked = masked

    def statement(self, actor: Person, subject_id: str, period: Period, on: date) -> Statement:
        """A manager's statement by a day.

        Raises NotYoursError, and Refusal where there is no score.
        """
        with self._database.read() as tx:
            subject = kpi_subject(tx, actor, subject_id, on)
            found = latest_scorecard(tx, subject.id, period, on)
            if found is None:
                raise Refusal("kpi.no_score", period=period.id)
            scheme = self._schemes.behind(found.run.scheme, period)
            behind = {
                scored.id: evidence_behind(tx, found, scored.id, scheme)
                for scored in found.card.indicators()
            }
            evidence = {indicator: each for indicator, each in behind.items() if each.count}
            rows = (row for each in evidence.values() for row in each.rows)
            named = {str(row.get("client", row["id"])) for row in rows}
            hidden = clients_hidden(actor, subject, masked=self._masked)
            names = {} if hidden else client_names(tx, named)
            unit = unit_name(tx, subject.unit_id) or subject.unit_id
            return Statement(subject, unit, found, scheme, evidence, names)

    def unit(self, actor: Person, unit_id: str, period: Period, on: date) -> UnitAnalysis:
        """The business of a unit by a day.

        Raises NotYoursError, and PeriodError where nothing is known of the period.
        """
        with self._database.read() as tx:
            unit = unit_subject(tx, actor, unit_id, on)
            return analyse_unit(tx, unit, self._schemes.of_period(period), period, on)
