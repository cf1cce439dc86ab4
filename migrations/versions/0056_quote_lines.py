"""a 置业计划 adds 装修款, 车位 and 储藏间

Revision 0056_quote_lines, after 0055_price_lines, made 2026-11-30 20:50:00.000000.
"""

import sqlalchemy as sa
from alembic import op


revision = '0056_quote_lines'
down_revision = '0055_price_lines'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The papers of before quoted the home alone: nothing stands beside it, their totals are its totals."""
    with op.batch_alter_table('quote', schema=None) as batch_op:
        batch_op.add_column(sa.Column('extras_total', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('lines', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('quote', schema=None) as batch_op:  # the defaults were for the rows that are there
        batch_op.alter_column('extras_total', existing_type=sa.BigInteger(), existing_nullable=False, server_default=None)
        batch_op.alter_column('lines', existing_type=sa.JSON(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('quote', schema=None) as batch_op:
        batch_op.drop_column('lines')
        batch_op.drop_column('extras_total')
