"""统一口径, 意向分析, 难单协助单; what statistics count is kept on the customer

Revision 0051_insight, after 0050_service, made 2026-12-01 01:12:41.570886.
"""

import flask_appbuilder  # noqa: F401  (autogenerate names its column types)
import sqlalchemy as sa
from alembic import op


revision = '0051_insight'
down_revision = '0050_service'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sales_script',
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('topic', sa.String(length=32), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('never', sa.String(length=500), nullable=False),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.Column('changes', sa.String(length=500), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('origin_id', sa.Integer(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
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
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_sales_script_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_script')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('sales_script', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sales_script_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_sales_script_number'), ['number'], unique=True)
        batch_op.create_index(batch_op.f('ix_sales_script_origin_id'), ['origin_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sales_script_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sales_script_state'), ['state'], unique=False)
        batch_op.create_index('uq_sales_script_being_revised', ['origin_id'], unique=True, sqlite_where=sa.text("state IN ('draft', 'review')"), postgresql_where=sa.text("state IN ('draft', 'review')"))
        batch_op.create_index('uq_sales_script_valid', ['origin_id'], unique=True, sqlite_where=sa.text("state = 'valid'"), postgresql_where=sa.text("state = 'valid'"))

    op.create_table('intent_analysis',
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('grade', sa.String(length=1), nullable=False),
    sa.Column('situation', sa.String(length=1000), nullable=False),
    sa.Column('doubts', sa.String(length=500), nullable=False),
    sa.Column('counter', sa.String(length=500), nullable=False),
    sa.Column('offered', sa.String(length=200), nullable=False),
    sa.Column('next_step', sa.String(length=200), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=False),
    sa.Column('wants_talk', sa.Boolean(), nullable=False),
    sa.Column('advice', sa.String(length=1000), nullable=False),
    sa.Column('advice_way', sa.String(length=32), nullable=True),
    sa.Column('advised_by', sa.Integer(), nullable=True),
    sa.Column('advised_at', sa.DateTime(), nullable=True),
    sa.Column('outcome', sa.String(length=500), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
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
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_intent_analysis_customer_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_intent_analysis_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intent_analysis')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('intent_analysis', schema=None) as batch_op:
        batch_op.create_index('ix_intent_analysis_advised', ['customer_id', 'advised_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_intent_analysis_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_intent_analysis_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index('ix_intent_analysis_day', ['customer_id', 'created_at'], unique=False)
        batch_op.create_index('ix_intent_analysis_list_advice_way', ['project_id', 'advice_way', 'id'], unique=False)
        batch_op.create_index('ix_intent_analysis_list_next_on', ['project_id', 'next_on', 'id'], unique=False)
        batch_op.create_index('ix_intent_analysis_list_owner_id', ['project_id', 'owner_id', 'id'], unique=False)
        batch_op.create_index('ix_intent_analysis_list_partner_id', ['project_id', 'partner_id', 'id'], unique=False)
        batch_op.create_index('ix_intent_analysis_list_project_id', ['project_id', 'id'], unique=False)
        batch_op.create_index('ix_intent_analysis_list_state', ['project_id', 'state', 'id'], unique=False)
        batch_op.create_index('ix_intent_analysis_list_team_id', ['project_id', 'team_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_intent_analysis_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_intent_analysis_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_intent_analysis_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_intent_analysis_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_intent_analysis_team_id'), ['team_id'], unique=False)

    op.create_table('assist_request',
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('difficulty', sa.String(length=32), nullable=False),
    sa.Column('place', sa.String(length=32), nullable=False),
    sa.Column('question', sa.String(length=500), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=True),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('escalated_at', sa.DateTime(), nullable=True),
    sa.Column('helper_id', sa.Integer(), nullable=True),
    sa.Column('joined_at', sa.DateTime(), nullable=True),
    sa.Column('waited_minutes', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=32), nullable=True),
    sa.Column('result', sa.String(length=500), nullable=False),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('number', sa.String(), nullable=True),
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
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_assist_request_customer_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_assist_request_project_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_assist_request_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assist_request')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('assist_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assist_request_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_assist_request_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assist_request_due_at'), ['due_at'], unique=False)
        batch_op.create_index('ix_assist_request_list_asked_at', ['project_id', 'asked_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assist_request_number'), ['number'], unique=True)
        batch_op.create_index(batch_op.f('ix_assist_request_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assist_request_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assist_request_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assist_request_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_assist_request_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assist_request_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('uq_assist_request_open', ['customer_id'], unique=True, sqlite_where=sa.text("state IN ('asked', 'joined')"), postgresql_where=sa.text("state IN ('asked', 'joined')"))

    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('visits', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('queued_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('reserved_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('signed_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('lost_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('grade_kept_on', sa.Date(), nullable=True))
        batch_op.create_index('ix_customer_likeness', ['project_id', 'grade', 'first_at', 'visits', 'source', 'reserved_at', 'signed_at'], unique=False)
        batch_op.create_index('ix_customer_lost_at', ['project_id', 'lost_at'], unique=False, sqlite_where=sa.text('lost_at IS NOT NULL'), postgresql_where=sa.text('lost_at IS NOT NULL'))
        batch_op.create_index('ix_customer_reserved_at', ['project_id', 'reserved_at'], unique=False, sqlite_where=sa.text('reserved_at IS NOT NULL'), postgresql_where=sa.text('reserved_at IS NOT NULL'))

    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.alter_column('visits', existing_type=sa.Integer(), existing_nullable=False, server_default=None)

    _fill()


def _fill() -> None:
    """From the calls and the log of steps: how often each was here, when he first got how far, when he was given up."""
    op.execute(
        "UPDATE customer SET visits = (SELECT count(*) FROM contact c WHERE c.customer_id = customer.id AND c.kind <> 'call')"
        " WHERE last_visit_at IS NOT NULL"
    )
    for column, step in (('queued_at', 'queue'), ('reserved_at', 'reserve'), ('signed_at', 'sign')):
        op.execute(
            f"UPDATE customer SET {column} = (SELECT min(s.at) FROM state_change s"
            f" WHERE s.subject = 'customer' AND s.subject_id = customer.id AND s.step = '{step}')"
            " WHERE state <> 'new'"
        )
    op.execute(
        "UPDATE customer SET lost_at = (SELECT max(s.at) FROM state_change s"
        " WHERE s.subject = 'customer' AND s.subject_id = customer.id AND s.step = 'lose') WHERE state = 'lost'"
    )


def downgrade() -> None:
    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.drop_index('ix_customer_reserved_at', sqlite_where=sa.text('reserved_at IS NOT NULL'), postgresql_where=sa.text('reserved_at IS NOT NULL'))
        batch_op.drop_index('ix_customer_lost_at', sqlite_where=sa.text('lost_at IS NOT NULL'), postgresql_where=sa.text('lost_at IS NOT NULL'))
        batch_op.drop_index('ix_customer_likeness')
        batch_op.drop_column('grade_kept_on')
        batch_op.drop_column('lost_at')
        batch_op.drop_column('signed_at')
        batch_op.drop_column('reserved_at')
        batch_op.drop_column('queued_at')
        batch_op.drop_column('visits')

    with op.batch_alter_table('assist_request', schema=None) as batch_op:
        batch_op.drop_index('uq_assist_request_open', sqlite_where=sa.text("state IN ('asked', 'joined')"), postgresql_where=sa.text("state IN ('asked', 'joined')"))
        batch_op.drop_index(batch_op.f('ix_assist_request_unit_id'))
        batch_op.drop_index(batch_op.f('ix_assist_request_team_id'))
        batch_op.drop_index(batch_op.f('ix_assist_request_state'))
        batch_op.drop_index(batch_op.f('ix_assist_request_project_id'))
        batch_op.drop_index(batch_op.f('ix_assist_request_partner_id'))
        batch_op.drop_index(batch_op.f('ix_assist_request_owner_id'))
        batch_op.drop_index(batch_op.f('ix_assist_request_number'))
        batch_op.drop_index('ix_assist_request_list_asked_at')
        batch_op.drop_index(batch_op.f('ix_assist_request_due_at'))
        batch_op.drop_index(batch_op.f('ix_assist_request_customer_id'))
        batch_op.drop_index(batch_op.f('ix_assist_request_created_at'))

    op.drop_table('assist_request')
    with op.batch_alter_table('intent_analysis', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_intent_analysis_team_id'))
        batch_op.drop_index(batch_op.f('ix_intent_analysis_state'))
        batch_op.drop_index(batch_op.f('ix_intent_analysis_project_id'))
        batch_op.drop_index(batch_op.f('ix_intent_analysis_partner_id'))
        batch_op.drop_index(batch_op.f('ix_intent_analysis_owner_id'))
        batch_op.drop_index('ix_intent_analysis_list_team_id')
        batch_op.drop_index('ix_intent_analysis_list_state')
        batch_op.drop_index('ix_intent_analysis_list_project_id')
        batch_op.drop_index('ix_intent_analysis_list_partner_id')
        batch_op.drop_index('ix_intent_analysis_list_owner_id')
        batch_op.drop_index('ix_intent_analysis_list_next_on')
        batch_op.drop_index('ix_intent_analysis_list_advice_way')
        batch_op.drop_index('ix_intent_analysis_day')
        batch_op.drop_index(batch_op.f('ix_intent_analysis_customer_id'))
        batch_op.drop_index(batch_op.f('ix_intent_analysis_created_at'))
        batch_op.drop_index('ix_intent_analysis_advised')

    op.drop_table('intent_analysis')
    with op.batch_alter_table('sales_script', schema=None) as batch_op:
        batch_op.drop_index('uq_sales_script_valid', sqlite_where=sa.text("state = 'valid'"), postgresql_where=sa.text("state = 'valid'"))
        batch_op.drop_index('uq_sales_script_being_revised', sqlite_where=sa.text("state IN ('draft', 'review')"), postgresql_where=sa.text("state IN ('draft', 'review')"))
        batch_op.drop_index(batch_op.f('ix_sales_script_state'))
        batch_op.drop_index(batch_op.f('ix_sales_script_project_id'))
        batch_op.drop_index(batch_op.f('ix_sales_script_origin_id'))
        batch_op.drop_index(batch_op.f('ix_sales_script_number'))
        batch_op.drop_index(batch_op.f('ix_sales_script_created_at'))

    op.drop_table('sales_script')
