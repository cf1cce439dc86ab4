"""take-over: 装修款, 车位 and 储藏间 of an old order

Revision 0063_take_over_lines, after 0062_late_parts.
"""

import sqlalchemy as sa
from alembic import op


revision = '0063_take_over_lines'
down_revision = '0062_late_parts'
branch_labels = None
depends_on = None

SUMS = ('home_total', 'finish_total', 'parking_total', 'store_total')
NAMES = ('parking', 'store')
CHECK = 'coalesce(finish_total, 1) > 0 AND coalesce(parking_total, 1) > 0 AND coalesce(store_total, 1) > 0'


def upgrade() -> None:
    with op.batch_alter_table('take_over_order', schema=None) as batch_op:
        for name in SUMS:
            batch_op.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
        for name in NAMES:
            batch_op.add_column(sa.Column(name, sa.String(length=200), nullable=False, server_default=''))
    with op.batch_alter_table('take_over_order', schema=None) as batch_op:
        for name in NAMES:
            batch_op.alter_column(name, existing_type=sa.String(length=200), existing_nullable=False, server_default=None)
        batch_op.create_check_constraint(batch_op.f('ck_take_over_order_beside'), CHECK)


def downgrade() -> None:
    with op.batch_alter_table('take_over_order', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_take_over_order_beside'), type_='check')
        for name in (*NAMES, *SUMS):
            batch_op.drop_column(name)
