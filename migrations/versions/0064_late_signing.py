"""late to sign: 催签函 and the notice that follows; 退房 with interest, or a penalty on what was due

Revision 0064_late_signing, after 0063_take_over_lines.
"""

import sqlalchemy as sa
from alembic import op


revision = '0064_late_signing'
down_revision = '0063_take_over_lines'
branch_labels = None
depends_on = None

EXPRESS = ('demand_express', 'end_notice_express')
DAYS = ('demanded_on', 'end_notice_on')


def upgrade() -> None:
    with op.batch_alter_table('reservation', schema=None) as batch_op:
        for name in DAYS:
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        for name in EXPRESS:
            batch_op.add_column(sa.Column(name, sa.String(length=40), nullable=False, server_default=''))
    with op.batch_alter_table('reservation', schema=None) as batch_op:
        for name in EXPRESS:
            batch_op.alter_column(name, existing_type=sa.String(length=40), existing_nullable=False, server_default=None)
    with op.batch_alter_table('change_request', schema=None) as batch_op:
        batch_op.add_column(sa.Column('penalty_on_due', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('interest', sa.BigInteger(), nullable=False, server_default='0'))
    with op.batch_alter_table('change_request', schema=None) as batch_op:
        batch_op.alter_column('penalty_on_due', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch_op.alter_column('interest', existing_type=sa.BigInteger(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('change_request', schema=None) as batch_op:
        batch_op.drop_column('interest')
        batch_op.drop_column('penalty_on_due')
    with op.batch_alter_table('reservation', schema=None) as batch_op:
        for name in (*EXPRESS, *DAYS):
            batch_op.drop_column(name)
