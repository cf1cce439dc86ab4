"""期初接管 keeps the clause on late payment of the old contract.

Revision 0072_take_over_late_terms, after 0071_follow_up_moments.
"""

import sqlalchemy as sa
from alembic import op

revision = '0072_take_over_late_terms'
down_revision = '0071_follow_up_moments'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('take_over_order') as batch_op:
        batch_op.add_column(sa.Column('late_rate', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('late_days', sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('take_over_order') as batch_op:
        batch_op.drop_column('late_days')
        batch_op.drop_column('late_rate')
