"""Calls and visits say which other sites were named, lost customers where they bought.

Revision 0067_rivals, after 0066_moments.
"""

import sqlalchemy as sa
from alembic import op

revision = '0067_rivals'
down_revision = '0066_moments'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('contact', sa.Column('rivals', sa.String(length=120), nullable=True))
    op.add_column('customer', sa.Column('lost_to', sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.drop_column('lost_to')
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_column('rivals')
