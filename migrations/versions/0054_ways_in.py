"""Indexes of the ways in carry the other owners: the lists that came meanwhile.

Revision 0054_ways_in, after 0054_customer_papers, made 2026-11-30 18:20:00.000000.
"""

from alembic import op

revision = '0054_ways_in'
down_revision = '0054_customer_papers'
branch_labels = None
depends_on = None

TABLES = ('channel_report', 'consent', 'intent_analysis')
OWNING = ('owner_id', 'partner_id', 'team_id')


def upgrade() -> None:
    for table in TABLES:
        for owning in OWNING:
            others = [other for other in OWNING if other != owning]
            _make_anew(table, owning, ['project_id', owning, 'id', *others])


def downgrade() -> None:
    for table in TABLES:
        for owning in OWNING:
            _make_anew(table, owning, ['project_id', owning, 'id'])


def _make_anew(table: str, owning: str, columns: list[str]) -> None:
    name = f'ix_{table}_list_{owning}'
    op.drop_index(name, table_name=table)
    op.create_index(name, table, columns, unique=False)
