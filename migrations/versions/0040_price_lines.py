"""price lines of orders: 装修款, 车位, 储藏间; what a discount is taken off

Revision 0040_price_lines, after 0039_take_over, made 2026-12-01 01:01:35.818127.
"""

import flask_appbuilder  # noqa: F401  (autogenerate names its column types)
import sqlalchemy as sa
from alembic import op


revision = '0040_price_lines'
down_revision = '0039_take_over'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('order_line',
    sa.Column('reservation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('list_total', sa.BigInteger(), nullable=False),
    sa.Column('public_total', sa.BigInteger(), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('taken_at', sa.DateTime(), nullable=True),
    sa.Column('left_at', sa.DateTime(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('partner_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'finish') = (unit_id IS NULL)", name=op.f('ck_order_line_unit_of_kind')),
    sa.CheckConstraint("kind IN ('finish', 'parking', 'store')", name=op.f('ck_order_line_kind')),
    sa.CheckConstraint('list_total > 0 AND public_total > 0', name=op.f('ck_order_line_totals_positive')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_order_line_project_id')),
    sa.ForeignKeyConstraint(['reservation_id'], ['reservation.id'], name=op.f('fk_order_line_reservation_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_order_line_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_line')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('order_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_order_line_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_order_line_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_order_line_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_order_line_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_order_line_reservation_id'), ['reservation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_order_line_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_order_line_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('uq_order_line_live_unit', ['unit_id'], unique=True, sqlite_where=sa.text('taken_at IS NOT NULL AND left_at IS NULL'), postgresql_where=sa.text('taken_at IS NOT NULL AND left_at IS NULL'))

    with op.batch_alter_table('payment_scheme', schema=None) as batch_op:
        batch_op.add_column(sa.Column('discount_on', sa.String(length=32), nullable=False, server_default='home'))

    with op.batch_alter_table('public_discount', schema=None) as batch_op:
        batch_op.add_column(sa.Column('applies_to', sa.String(length=32), nullable=False, server_default='home'))

    with op.batch_alter_table('reservation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('extras_total', sa.BigInteger(), nullable=False, server_default='0'))



def downgrade() -> None:
    with op.batch_alter_table('reservation', schema=None) as batch_op:
        batch_op.drop_column('extras_total')

    with op.batch_alter_table('public_discount', schema=None) as batch_op:
        batch_op.drop_column('applies_to')

    with op.batch_alter_table('payment_scheme', schema=None) as batch_op:
        batch_op.drop_column('discount_on')

    with op.batch_alter_table('order_line', schema=None) as batch_op:
        batch_op.drop_index('uq_order_line_live_unit', sqlite_where=sa.text('taken_at IS NOT NULL AND left_at IS NULL'), postgresql_where=sa.text('taken_at IS NOT NULL AND left_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_order_line_unit_id'))
        batch_op.drop_index(batch_op.f('ix_order_line_team_id'))
        batch_op.drop_index(batch_op.f('ix_order_line_reservation_id'))
        batch_op.drop_index(batch_op.f('ix_order_line_project_id'))
        batch_op.drop_index(batch_op.f('ix_order_line_partner_id'))
        batch_op.drop_index(batch_op.f('ix_order_line_owner_id'))
        batch_op.drop_index(batch_op.f('ix_order_line_created_at'))

    op.drop_table('order_line')
