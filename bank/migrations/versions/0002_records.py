"""All of the bank's records: holdings, credit, income, service, conduct, growth, judgements.

The first day's facts are kept, and the new tables derived from them where they say enough.
"""

from bank.migrations.records import additions, assets, derived, house, people

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create what others refer to first, change what is there, then derive from it."""
    assets.create_products()
    house.create_plans()
    additions.add_columns()
    additions.change_tables()
    for create in (
        assets.create_holdings,
        assets.create_beliefs,
        assets.create_credit,
        assets.create_fees,
        people.create_histories,
        people.create_leaves,
        people.create_wealth,
        people.create_voices,
        people.create_needs,
        people.create_duties,
        people.create_conduct,
        people.create_growth,
        people.create_teamwork,
        house.create_judgements,
        house.create_state_events,
        house.create_corrections,
        house.create_audit,
    ):
        create()
    derived.attribute_rows()
    derived.derive_histories()
    derived.derive_pool_shares()
