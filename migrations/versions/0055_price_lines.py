"""receivables and bills tell for which 计价项目 they are

Revision 0055_price_lines, after 0054_ways_in, made 2026-11-30 20:30:00.000000.

Rows of before stay without one: what was owed for the whole order is not divided afterwards (decision 0040).
"""

import sqlalchemy as sa
from alembic import op

revision = '0055_price_lines'
down_revision = '0054_ways_in'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('receivable', schema=None) as batch_op:
        batch_op.add_column(sa.Column('line', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('line_name', sa.String(length=64), nullable=False, server_default=''))
    with op.batch_alter_table('receivable', schema=None) as batch_op:  # the default was for the rows that are there
        batch_op.alter_column('line_name', existing_type=sa.String(length=64), existing_nullable=False, server_default=None)
    with op.batch_alter_table('bill', schema=None) as batch_op:
        batch_op.add_column(sa.Column('line', sa.String(length=32), nullable=True))
    with op.batch_alter_table('bill_exchange', schema=None) as batch_op:
        batch_op.alter_column('invoice', existing_type=sa.String(length=24), type_=sa.String(length=120), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table('bill_exchange', schema=None) as batch_op:
        batch_op.alter_column('invoice', existing_type=sa.String(length=120), type_=sa.String(length=24), existing_nullable=False)
    with op.batch_alter_table('bill', schema=None) as batch_op:
        batch_op.drop_column('line')
    with op.batch_alter_table('receivable', schema=None) as batch_op:
        batch_op.drop_column('line_name')
        batch_op.drop_column('line')
