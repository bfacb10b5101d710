"""Transactions: what they see of one another, on both engines."""

from sqlalchemy import func, insert, select

from bank.models import OrgUnit


def test_who_reads_sees_one_state_throughout(database):
    units = select(func.count()).select_from(OrgUnit)
    with database.read() as tx:
        assert tx.scalar(units) == 0
        with database.write() as other:
            other.execute(insert(OrgUnit).values(id="B1", name="Riverside branch"))
        assert tx.scalar(units) == 0
    with database.read() as tx:
        assert tx.scalar(units) == 1
