"""late handover: each payment counts for its own days; a refused loan has its day

Revision 0062_late_parts, after 0061_chips. Lines of before keep their sums: one payment for all days.
"""

import sqlalchemy as sa
from alembic import op


revision = '0062_late_parts'
down_revision = '0061_chips'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('late_home', schema=None) as batch_op:
        batch_op.add_column(sa.Column('parts', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('late_home', schema=None) as batch_op:
        batch_op.alter_column('parts', existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    with op.batch_alter_table('mortgage', schema=None) as batch_op:
        batch_op.add_column(sa.Column('refused_on', sa.Date(), nullable=True))
        batch_op.create_index('ix_mortgage_list_refused_on', ['project_id', 'refused_on', 'id'], unique=False)
    # the day on which the refusal was entered is the best that is known of those before
    op.execute("UPDATE mortgage SET refused_on = step_since WHERE state = 'refused'")


def downgrade() -> None:
    with op.batch_alter_table('mortgage', schema=None) as batch_op:
        batch_op.drop_index('ix_mortgage_list_refused_on')
        batch_op.drop_column('refused_on')
    with op.batch_alter_table('late_home', schema=None) as batch_op:
        batch_op.drop_column('parts')
