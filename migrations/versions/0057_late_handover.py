"""homes that are handed over late: what the seller owes, building by building

Revision 0057_late_handover, after 0056_quote_lines, made 2026-11-30 21:06:00.000000.
"""

import sqlalchemy as sa
from alembic import op

revision = '0057_late_handover'
down_revision = '0056_quote_lines'
branch_labels = None
depends_on = None

def upgrade() -> None:

    op.create_table('late_batch',
    sa.Column('building_id', sa.Integer(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('homes', sa.Integer(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=True),
    sa.Column('submitted_by', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_late_batch_building_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_late_batch_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_late_batch')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('late_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_late_batch_building_id'), ['building_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_batch_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_batch_number'), ['number'], unique=True)
        batch_op.create_index(batch_op.f('ix_late_batch_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_batch_state'), ['state'], unique=False)
        batch_op.create_index('uq_late_batch_open', ['building_id'], unique=True, sqlite_where=sa.text("state IN ('draft', 'review')"), postgresql_where=sa.text("state IN ('draft', 'review')"))

    op.create_table('late_home',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('promised_on', sa.Date(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('handed_on', sa.Date(), nullable=True),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('paid', sa.BigInteger(), nullable=False),
    sa.Column('rate', sa.BigInteger(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('why', sa.String(length=200), nullable=False),
    sa.Column('refund_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('reservation_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('contract_no', sa.String(length=64), nullable=False),
    sa.Column('buyers', sa.String(length=200), nullable=False),
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
    sa.CheckConstraint('amount >= 0', name=op.f('ck_late_home_amount')),
    sa.CheckConstraint('until_on > from_on', name=op.f('ck_late_home_period')),
    sa.ForeignKeyConstraint(['batch_id'], ['late_batch.id'], name=op.f('fk_late_home_batch_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_late_home_project_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_late_home_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_late_home')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('late_home', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_late_home_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_home_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_home_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_home_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_home_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_home_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_home_reservation_id'), ['reservation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_home_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_home_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_home_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('uq_late_home_period', ['reservation_id', 'from_on'], unique=True, sqlite_where=sa.text("state IN ('counted', 'owed')"), postgresql_where=sa.text("state IN ('counted', 'owed')"))

def downgrade() -> None:

    with op.batch_alter_table('late_home', schema=None) as batch_op:
        batch_op.drop_index('uq_late_home_period', sqlite_where=sa.text("state IN ('counted', 'owed')"), postgresql_where=sa.text("state IN ('counted', 'owed')"))
        batch_op.drop_index(batch_op.f('ix_late_home_unit_id'))
        batch_op.drop_index(batch_op.f('ix_late_home_team_id'))
        batch_op.drop_index(batch_op.f('ix_late_home_state'))
        batch_op.drop_index(batch_op.f('ix_late_home_reservation_id'))
        batch_op.drop_index(batch_op.f('ix_late_home_project_id'))
        batch_op.drop_index(batch_op.f('ix_late_home_partner_id'))
        batch_op.drop_index(batch_op.f('ix_late_home_owner_id'))
        batch_op.drop_index(batch_op.f('ix_late_home_customer_id'))
        batch_op.drop_index(batch_op.f('ix_late_home_created_at'))
        batch_op.drop_index(batch_op.f('ix_late_home_batch_id'))

    op.drop_table('late_home')
    with op.batch_alter_table('late_batch', schema=None) as batch_op:
        batch_op.drop_index('uq_late_batch_open', sqlite_where=sa.text("state IN ('draft', 'review')"), postgresql_where=sa.text("state IN ('draft', 'review')"))
        batch_op.drop_index(batch_op.f('ix_late_batch_state'))
        batch_op.drop_index(batch_op.f('ix_late_batch_project_id'))
        batch_op.drop_index(batch_op.f('ix_late_batch_number'))
        batch_op.drop_index(batch_op.f('ix_late_batch_created_at'))
        batch_op.drop_index(batch_op.f('ix_late_batch_building_id'))

    op.drop_table('late_batch')

