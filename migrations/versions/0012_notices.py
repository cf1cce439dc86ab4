"""notices: kinds, preferences, messages on their way

Revision 0012_notices, after 0011_office, made 2026-11-25 04:19:05.537285.
"""

import flask_appbuilder  # noqa: F401  (autogenerate names its column types)
import sqlalchemy as sa
from alembic import op


revision = '0012_notices'
down_revision = '0011_office'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('delivery',
    sa.Column('mark', sa.String(length=80), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('robot_id', sa.Integer(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('notice_id', sa.Integer(), nullable=True),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('not_before', sa.DateTime(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('runner', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('mark', name=op.f('uq_delivery_mark')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('ix_delivery_state_not_before', ['state', 'not_before'], unique=False)

    op.create_table('delivery_try',
    sa.Column('delivery_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('sent', sa.Boolean(), nullable=False),
    sa.Column('answer', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_try')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('delivery_try', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_try_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_delivery_try_delivery_id'), ['delivery_id'], unique=False)

    op.create_table('group_robot',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('platform', sa.String(length=32), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=False),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_robot')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('group_robot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_robot_project_id'), ['project_id'], unique=False)

    op.create_table('notice_preference',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('wishes', sa.JSON(), nullable=False),
    sa.Column('quiet_from', sa.Time(), nullable=True),
    sa.Column('quiet_until', sa.Time(), nullable=True),
    sa.Column('digested_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_preference')),
    sa.UniqueConstraint('person_id', name=op.f('uq_notice_preference_person_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=32), nullable=False, server_default='news'))
        batch_op.add_column(sa.Column('outside', sa.String(length=100), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('event', sa.String(length=32), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('told_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('repeats', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('planned_at', sa.DateTime(), nullable=True))
    # what was told before is seen to: switching mail on later brings no flood of old news
    op.execute('UPDATE notice SET told_at = created_at, planned_at = created_at')
    op.execute("UPDATE notice SET kind = 'approval' WHERE url LIKE '/approvals/%'")
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.alter_column('told_at', existing_type=sa.DateTime(), nullable=False)
        for name, kind in (('kind', sa.String(length=32)), ('outside', sa.String(length=100)), ('event', sa.String(length=32)), ('repeats', sa.Integer())):
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        batch_op.create_index('ix_notice_unplanned', ['id'], unique=False, sqlite_where=sa.text('planned_at IS NULL'), postgresql_where=sa.text('planned_at IS NULL'))
        batch_op.create_index('ix_notice_urgent', ['told_at'], unique=False, sqlite_where=sa.text('urgent AND read_at IS NULL'), postgresql_where=sa.text('urgent AND read_at IS NULL'))



def downgrade() -> None:
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_urgent', sqlite_where=sa.text('urgent AND read_at IS NULL'), postgresql_where=sa.text('urgent AND read_at IS NULL'))
        batch_op.drop_index('ix_notice_unplanned', sqlite_where=sa.text('planned_at IS NULL'), postgresql_where=sa.text('planned_at IS NULL'))
        batch_op.drop_column('planned_at')
        batch_op.drop_column('repeats')
        batch_op.drop_column('told_at')
        batch_op.drop_column('event')
        batch_op.drop_column('outside')
        batch_op.drop_column('kind')

    op.drop_table('notice_preference')
    with op.batch_alter_table('group_robot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_robot_project_id'))

    op.drop_table('group_robot')
    with op.batch_alter_table('delivery_try', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivery_try_delivery_id'))
        batch_op.drop_index(batch_op.f('ix_delivery_try_at'))

    op.drop_table('delivery_try')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index('ix_delivery_state_not_before')

    op.drop_table('delivery')
