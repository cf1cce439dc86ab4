"""read receipts in one table, price notices, versions of 付款方式

Revision 0038_price_notices, after 0035_papers, made 2026-11-30 20:58:10.537578.
"""

import flask_appbuilder  # noqa: F401  (autogenerate names its column types)
import sqlalchemy as sa
from alembic import op


revision = '0038_price_notices'
down_revision = '0035_papers'
branch_labels = None
depends_on = None

# table of old receipts, the paper, its key, when it was signed, the words of the new row
RECEIPTS = (
    ('control_receipt', 'control_order', 'order_id', 'acknowledged_at', "'销控指令 ' || coalesce(o.number, '')"),
    ('regulation_receipt', 'regulation', 'regulation_id', 'read_at', "'新制度：' || o.title"),
)
LIVE = sa.text("state IN ('draft', 'review', 'active')")


def upgrade() -> None:
    op.create_table('price_notice',
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('holds_from', sa.Date(), nullable=False),
    sa.Column('body', sa.String(length=1000), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_price_notice_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_notice')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('price_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_price_notice_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_price_notice_holds_from'), ['holds_from'], unique=False)
        batch_op.create_index('ix_price_notice_list_holds_from', ['project_id', 'holds_from', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_price_notice_number'), ['number'], unique=True)
        batch_op.create_index(batch_op.f('ix_price_notice_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_price_notice_state'), ['state'], unique=False)

    op.create_table('read_receipt',
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('person_name', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('read_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_read_receipt_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_read_receipt')),
    sa.UniqueConstraint('subject', 'subject_id', 'person_id', name='uq_read_receipt_person'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('read_receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_read_receipt_project_id'), ['project_id'], unique=False)
        batch_op.create_index('ix_read_receipt_waiting', ['person_id', 'read_at'], unique=False)

    for table, owner, key, signed, title in RECEIPTS:
        op.execute(
            "INSERT INTO read_receipt (subject, subject_id, project_id, person_id, person_name, title, asked_at, read_at) "
            f"SELECT '{owner}', r.{key}, r.project_id, r.person_id, r.person_name, {title}, r.created_at, r.{signed} "
            f"FROM {table} r JOIN {owner} o ON o.id = r.{key} ORDER BY r.id"
        )
    with op.batch_alter_table('control_receipt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_control_receipt_created_at'))
        batch_op.drop_index(batch_op.f('ix_control_receipt_person_id'))
        batch_op.drop_index(batch_op.f('ix_control_receipt_project_id'))

    op.drop_table('control_receipt')
    with op.batch_alter_table('regulation_receipt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_regulation_receipt_created_at'))
        batch_op.drop_index(batch_op.f('ix_regulation_receipt_person_id'))
        batch_op.drop_index(batch_op.f('ix_regulation_receipt_project_id'))

    op.drop_table('regulation_receipt')
    with op.batch_alter_table('payment_scheme', schema=None) as batch_op:
        batch_op.add_column(sa.Column('revision', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('series_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_payment_scheme_series_id'), ['series_id'], unique=False)
        batch_op.drop_index('uq_payment_scheme_name')
        batch_op.create_index('uq_payment_scheme_name', ['project_id', 'name'], unique=True, sqlite_where=sa.text("state = 'active'"), postgresql_where=sa.text("state = 'active'"))
        batch_op.create_index('uq_payment_scheme_at_work', ['project_id', 'name'], unique=True, sqlite_where=sa.text("state IN ('draft', 'review')"), postgresql_where=sa.text("state IN ('draft', 'review')"))



def downgrade() -> None:
    with op.batch_alter_table('payment_scheme', schema=None) as batch_op:
        batch_op.drop_index('uq_payment_scheme_at_work', sqlite_where=sa.text("state IN ('draft', 'review')"), postgresql_where=sa.text("state IN ('draft', 'review')"))
        batch_op.drop_index(batch_op.f('ix_payment_scheme_series_id'))
        batch_op.drop_index('uq_payment_scheme_name')
        batch_op.create_index('uq_payment_scheme_name', ['project_id', 'name'], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
        batch_op.drop_column('series_id')
        batch_op.drop_column('revision')

    op.create_table('regulation_receipt',
    sa.Column('regulation_id', sa.INTEGER(), nullable=False),
    sa.Column('person_id', sa.INTEGER(), nullable=False),
    sa.Column('person_name', sa.VARCHAR(length=64), nullable=False),
    sa.Column('read_at', sa.DATETIME(), nullable=True),
    sa.Column('project_id', sa.INTEGER(), nullable=False),
    sa.Column('created_at', sa.DATETIME(), nullable=False),
    sa.Column('created_by', sa.INTEGER(), nullable=True),
    sa.Column('updated_at', sa.DATETIME(), nullable=False),
    sa.Column('updated_by', sa.INTEGER(), nullable=True),
    sa.Column('version', sa.INTEGER(), nullable=False),
    sa.Column('id', sa.INTEGER(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_regulation_receipt_project_id')),
    sa.ForeignKeyConstraint(['regulation_id'], ['regulation.id'], name=op.f('fk_regulation_receipt_regulation_id')),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('regulation_id', 'person_id', name=op.f('uq_regulation_receipt_person'))
    )
    with op.batch_alter_table('regulation_receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_regulation_receipt_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_regulation_receipt_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_regulation_receipt_created_at'), ['created_at'], unique=False)

    op.create_table('control_receipt',
    sa.Column('order_id', sa.INTEGER(), nullable=False),
    sa.Column('person_id', sa.INTEGER(), nullable=False),
    sa.Column('person_name', sa.VARCHAR(length=64), nullable=False),
    sa.Column('acknowledged_at', sa.DATETIME(), nullable=True),
    sa.Column('project_id', sa.INTEGER(), nullable=False),
    sa.Column('created_at', sa.DATETIME(), nullable=False),
    sa.Column('created_by', sa.INTEGER(), nullable=True),
    sa.Column('updated_at', sa.DATETIME(), nullable=False),
    sa.Column('updated_by', sa.INTEGER(), nullable=True),
    sa.Column('version', sa.INTEGER(), nullable=False),
    sa.Column('id', sa.INTEGER(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['control_order.id'], name=op.f('fk_control_receipt_order_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_control_receipt_project_id')),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('order_id', 'person_id', name=op.f('uq_control_receipt_person'))
    )
    with op.batch_alter_table('control_receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_control_receipt_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_control_receipt_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_control_receipt_created_at'), ['created_at'], unique=False)

    for table, owner, key, signed, _title in RECEIPTS:
        op.execute(
            f"INSERT INTO {table} ({key}, project_id, person_id, person_name, {signed}, created_at, updated_at, version) "
            "SELECT subject_id, project_id, person_id, person_name, read_at, asked_at, coalesce(read_at, asked_at), 1 "
            f"FROM read_receipt WHERE subject = '{owner}' ORDER BY id"
        )
    with op.batch_alter_table('read_receipt', schema=None) as batch_op:
        batch_op.drop_index('ix_read_receipt_waiting')
        batch_op.drop_index(batch_op.f('ix_read_receipt_project_id'))

    op.drop_table('read_receipt')
    with op.batch_alter_table('price_notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_price_notice_state'))
        batch_op.drop_index(batch_op.f('ix_price_notice_project_id'))
        batch_op.drop_index(batch_op.f('ix_price_notice_number'))
        batch_op.drop_index('ix_price_notice_list_holds_from')
        batch_op.drop_index(batch_op.f('ix_price_notice_holds_from'))
        batch_op.drop_index(batch_op.f('ix_price_notice_created_at'))

    op.drop_table('price_notice')
