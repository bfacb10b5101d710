"""What clients are estimated to do elsewhere, and what they are noted to need, by industry."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select

from bank.database import Transaction
from bank.models import Client, ClientNeed
from bank.performance.measuring import Frame
from bank.performance.wallets import business, clients_held
from bank.performance.window import SHARE
from scoring.rounding import whole


@dataclass(frozen=True, slots=True)
class Potential:
    """The estimated business of a manager's clients of one industry, in fen."""

    industry: str
    """As the bank's records call it; empty where it is not known."""
    clients: int
    """Those with an estimate of the last twelve months, alone or with others."""
    here: int
    total: int
    needs: int
    """Needs noted and still open, of all clients of the industry."""


@dataclass(slots=True)
class _Sums:
    clients: int = 0
    here: int = 0
    total: int = 0
    needs: int = 0


def potentials(
    tx: Transaction, frame: Frame, managers: Collection[str]
) -> Mapping[str, tuple[Potential, ...]]:
    """What S01 adds up, and open needs, of the clients held on the last day.

    By manager, those without any being absent; a manager's industries by name.
    """
    sums: defaultdict[tuple[str, str], _Sums] = defaultdict(_Sums)
    found = business(frame, managers).subquery()
    keys = (found.c.manager_id, Client.industry, found.c.share_pct)
    estimates = select(*keys, func.count(), func.sum(found.c.here), func.sum(found.c.total))
    estimates = estimates.join(Client, Client.id == found.c.client_id).group_by(*keys)
    for manager, industry, share, clients, here, total in tx.execute(estimates):
        mine = sums[manager, industry]
        mine.clients += clients
        mine.here += share * int(here)
        mine.total += share * int(total)
    held = clients_held(frame, managers).subquery()
    noted = (
        select(held.c.manager_id, Client.industry, func.count())
        .join(Client, Client.id == held.c.client_id)
        .join(ClientNeed, ClientNeed.client_id == Client.id)
        .where(ClientNeed.state == "open", ClientNeed.noted_day < frame.window.end)
        .group_by(held.c.manager_id, Client.industry)
    )
    for manager, industry, needs in tx.execute(noted):
        sums[manager, industry].needs += needs
    by_manager: defaultdict[str, list[Potential]] = defaultdict(list)
    for (manager, industry), mine in sorted(sums.items(), key=lambda item: item[0]):
        here, total = (int(whole(Fraction(fen, SHARE))) for fen in (mine.here, mine.total))
        row = Potential(industry, mine.clients, here, total, mine.needs)
        by_manager[manager].append(row)
    return {manager: tuple(rows) for manager, rows in by_manager.items()}
