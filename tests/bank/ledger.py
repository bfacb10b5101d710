"""More of a bank's books: products, holdings, fees, credit lines, and clients won."""

from sqlalchemy import insert, update

from bank.days import OPEN, number
from bank.models import (
    Account,
    AssetBase,
    Client,
    CreditLine,
    FeeEvent,
    FeeSplit,
    Holding,
    HoldingUnits,
    Loan,
    Price,
    Product,
    Wallet,
)
from tests.bank.books import EVER, Books


class Ledger(Books):
    """Books with two managers that also hold what the branch's business brings."""

    def __init__(self, tx):
        super().__init__(tx)
        self.manager("M001")
        self.manager("M002")

    def about(self, client, **values):
        """Say more of a client: days as dates."""
        told = {name: _plain(value) for name, value in values.items()}
        self.tx.execute(update(Client).where(Client.id == client).values(**told))

    def won(self, client, by, opened, *, size="", group=None):
        """A client that a manager won, and holds from then on."""
        self.client(client, size=size, held=[(by, opened)])
        self.about(client, opened_day=opened, acquirer_id=by, group_id=group)

    def terms(self, loan, **values):
        """Say more of a loan's contract: days as dates."""
        told = {name: _plain(value) for name, value in values.items()}
        self.tx.execute(update(Loan).where(Loan.id == loan).values(**told))

    def matures(self, account, day):
        """A time deposit's last day."""
        terms = update(Account).where(Account.id == account)
        self.tx.execute(terms.values(matures_day=number(day)))

    def line(self, client, amount, start=EVER, end=None, purpose="operating"):
        self._add(
            CreditLine,
            id=f"K{next(self.ids)}",
            client_id=client,
            amount=amount,
            from_day=number(start),
            to_day=number(end) if end else OPEN,
            purpose=purpose,
        )

    def fee(self, client, day, amount, *, line="wealth", split=(), refunds=None, cancelled=False):
        """A fee, shared as [(manager, percent)] where a team earned it."""
        fee = f"F{next(self.ids)}"
        self._add(
            FeeEvent,
            id=fee,
            client_id=client,
            income_line=line,
            day=number(day),
            amount=amount,
            refunds_id=refunds,
            cancelled=cancelled,
        )
        for manager, share in split:
            self._add(FeeSplit, fee_id=fee, manager_id=manager, share_pct=share)
        return fee

    def product(self, product, prices, *, kind="fund", coefficient=100):
        """Something to hold, with its value of one unit from each day on: [(day, yuan/10,000)]."""
        self._add(
            Product,
            id=product,
            name=product,
            kind=kind,
            income_line="wealth",
            coefficient_pct=coefficient,
            risk_level=3,
        )
        for (day, nav), end in zip(prices, _ends(prices), strict=True):
            self._add(
                Price,
                product_id=product,
                from_day=number(day),
                to_day=end,
                nav=nav,
                known_day=number(day),
            )

    def holding(self, client, product, units, *, closed=None):
        """A position with its units from each day on: [(day, hundredths of a unit)]."""
        holding = f"H{next(self.ids)}"
        self._add(
            Holding,
            id=holding,
            client_id=client,
            product_id=product,
            opened_day=number(units[0][0]),
            closed_day=number(closed) if closed else OPEN,
        )
        for (day, count), end in zip(units, _ends(units), strict=True):
            self._add(
                HoldingUnits,
                holding_id=holding,
                from_day=number(day),
                to_day=end,
                units=count,
                known_day=number(day),
            )
        return holding

    def asset_base(self, client, day_average, year=2025):
        self._add(AssetBase, client_id=client, year=year, day_average=day_average)

    def wallet(self, client, day, total):
        self._add(Wallet, client_id=client, day=number(day), total=total, source="tax returns")

    def _add(self, model, **values):
        self.tx.execute(insert(model).values(**values))


def _ends(changes):
    return [*(number(day) for day, _ in changes[1:]), OPEN]


def _plain(value):
    return number(value) if hasattr(value, "toordinal") else value
