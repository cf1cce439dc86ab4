"""the deadline that a contract has come to

Revision 0041_contract_alerts, after 0040_price_lines, made 2026-12-01 01:22:34.347532.
"""

import flask_appbuilder  # noqa: F401  (autogenerate names its column types)
import sqlalchemy as sa
from alembic import op


revision = '0041_contract_alerts'
down_revision = '0040_price_lines'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.add_column(sa.Column('alert', sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f('ix_contract_alert'), ['alert'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_alert'))
        batch_op.drop_column('alert')

