"""papers of a customer are found by him

Revision 0054_customer_papers, after 0053_privacy, made 2026-12-01 02:00:00.000000.
"""

from alembic import op


revision = '0054_customer_papers'
down_revision = '0053_privacy'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The purge asks of each of a million visitors whether such a paper keeps him."""
    with op.batch_alter_table('booking', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_booking_customer_id'), ['customer_id'], unique=False)
    with op.batch_alter_table('change_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_change_request_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_change_request_new_customer_id'), ['new_customer_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('change_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_change_request_new_customer_id'))
        batch_op.drop_index(batch_op.f('ix_change_request_customer_id'))
    with op.batch_alter_table('booking', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_booking_customer_id'))
