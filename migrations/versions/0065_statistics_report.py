"""customers: figures of potential customers are reported up as a paper

Revision 0065_statistics_report, after 0064_late_signing, made 2026-12-01 07:41:21.638660.
"""

import sqlalchemy as sa
from alembic import op


revision = '0065_statistics_report'
down_revision = '0064_late_signing'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('statistics_report',
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('conclusion', sa.String(length=1000), nullable=False),
    sa.Column('advice', sa.String(length=1000), nullable=False),
    sa.Column('customers', sa.Integer(), nullable=False),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.Column('visits', sa.Integer(), nullable=False),
    sa.Column('reserved', sa.Integer(), nullable=False),
    sa.Column('signed', sa.Integer(), nullable=False),
    sa.Column('lost', sa.Integer(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(), nullable=True),
    sa.Column('submitted_by', sa.Integer(), nullable=True),
    sa.Column('read_at', sa.DateTime(), nullable=True),
    sa.Column('opinion', sa.String(length=1000), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('published_at', sa.DateTime(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('last_on >= first_on', name=op.f('ck_statistics_report_period')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_statistics_report_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statistics_report')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('statistics_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_statistics_report_created_at'), ['created_at'], unique=False)
        batch_op.create_index('ix_statistics_report_list_first_on', ['project_id', 'first_on', 'id'], unique=False)
        batch_op.create_index('ix_statistics_report_list_submitted_at', ['project_id', 'submitted_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_statistics_report_number'), ['number'], unique=True)
        batch_op.create_index(batch_op.f('ix_statistics_report_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_statistics_report_state'), ['state'], unique=False)
        batch_op.create_index('uq_statistics_report_period', ['project_id', 'kind', 'first_on'], unique=True, sqlite_where=sa.text("state <> 'void'"), postgresql_where=sa.text("state <> 'void'"))



def downgrade() -> None:
    with op.batch_alter_table('statistics_report', schema=None) as batch_op:
        batch_op.drop_index('uq_statistics_report_period', sqlite_where=sa.text("state <> 'void'"), postgresql_where=sa.text("state <> 'void'"))
        batch_op.drop_index(batch_op.f('ix_statistics_report_state'))
        batch_op.drop_index(batch_op.f('ix_statistics_report_project_id'))
        batch_op.drop_index(batch_op.f('ix_statistics_report_number'))
        batch_op.drop_index('ix_statistics_report_list_submitted_at')
        batch_op.drop_index('ix_statistics_report_list_first_on')
        batch_op.drop_index(batch_op.f('ix_statistics_report_created_at'))

    op.drop_table('statistics_report')
