"""A client's health, for whoever looks after the client."""

from dataclasses import dataclass
from datetime import date

from bank.briefs import Facts, client_facts
from bank.database import Database
from bank.health import ClientHealth, client_health
from bank.people import Person
from bot.access import check_client


@dataclass(frozen=True, slots=True)
class Checkup:
    """A client, how well it stands, and its place in the nine-grid."""

    client: Facts
    found: ClientHealth


def check_up(database: Database, actor: Person, client_id: str, on: date) -> Checkup:
    """How a client stands on a day. Raises NotYoursError."""
    with database.read() as tx:
        check_client(tx, actor, client_id, on)
        found = client_health(tx, [client_id], on)[client_id]
        return Checkup(client_facts(tx, client_id, on), found)
