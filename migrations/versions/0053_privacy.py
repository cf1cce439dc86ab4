"""consents, dossiers, privacy

Revision 0053_privacy, after 0051_insight, made 2026-12-01 01:24:44.192787.
"""

import flask_appbuilder  # noqa: F401  (autogenerate names its column types)
import sqlalchemy as sa
from alembic import op


revision = '0053_privacy'
down_revision = '0051_insight'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('consent_text',
    sa.Column('edition', sa.String(length=32), nullable=False),
    sa.Column('handler', sa.String(length=120), nullable=False),
    sa.Column('contact', sa.String(length=120), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('changes', sa.String(length=300), nullable=False),
    sa.Column('in_force_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('submitted_by', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_consent_text_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_text')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('consent_text', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_text_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_text_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_text_state'), ['state'], unique=False)
        batch_op.create_index('uq_consent_text_edition', ['project_id', 'edition'], unique=True, sqlite_where=sa.text("state <> 'void'"), postgresql_where=sa.text("state <> 'void'"))
        batch_op.create_index('uq_consent_text_in_force', ['project_id'], unique=True, sqlite_where=sa.text("state = 'in_force'"), postgresql_where=sa.text("state = 'in_force'"))

    op.create_table('dossier_batch',
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('left_out', sa.Integer(), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('submitted_on', sa.DateTime(), nullable=True),
    sa.Column('correction', sa.String(length=500), nullable=False),
    sa.Column('received_on', sa.DateTime(), nullable=True),
    sa.Column('receiver', sa.String(length=64), nullable=False),
    sa.Column('submitted_by', sa.Integer(), nullable=True),
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
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_dossier_batch_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier_batch')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('dossier_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dossier_batch_created_at'), ['created_at'], unique=False)
        batch_op.create_index('ix_dossier_batch_list_submitted_on', ['project_id', 'submitted_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossier_batch_number'), ['number'], unique=True)
        batch_op.create_index(batch_op.f('ix_dossier_batch_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossier_batch_state'), ['state'], unique=False)

    op.create_table('privacy_breach',
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('found_at', sa.DateTime(), nullable=False),
    sa.Column('happened_at', sa.DateTime(), nullable=True),
    sa.Column('what', sa.String(length=1000), nullable=False),
    sa.Column('data_kinds', sa.String(length=200), nullable=False),
    sa.Column('persons', sa.Integer(), nullable=False),
    sa.Column('harm', sa.String(length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('measures', sa.String(length=1000), nullable=False),
    sa.Column('contained_at', sa.DateTime(), nullable=True),
    sa.Column('authority', sa.String(length=300), nullable=False),
    sa.Column('told_persons', sa.String(length=300), nullable=False),
    sa.Column('reported_at', sa.DateTime(), nullable=True),
    sa.Column('cause', sa.String(length=1000), nullable=False),
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
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_privacy_breach_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_breach')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('privacy_breach', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_privacy_breach_created_at'), ['created_at'], unique=False)
        batch_op.create_index('ix_privacy_breach_list_found_at', ['project_id', 'found_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_privacy_breach_number'), ['number'], unique=True)
        batch_op.create_index(batch_op.f('ix_privacy_breach_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_privacy_breach_state'), ['state'], unique=False)

    op.create_table('purge_run',
    sa.Column('before', sa.Date(), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('erased', sa.Integer(), nullable=False),
    sa.Column('kept', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_purge_run_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purge_run')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('purge_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_purge_run_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_purge_run_number'), ['number'], unique=True)
        batch_op.create_index(batch_op.f('ix_purge_run_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_purge_run_state'), ['state'], unique=False)
        batch_op.create_index('uq_purge_run_open', ['project_id'], unique=True, sqlite_where=sa.text("state IN ('listed', 'confirmed')"), postgresql_where=sa.text("state IN ('listed', 'confirmed')"))

    op.create_table('consent',
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=32), nullable=False),
    sa.Column('edition', sa.String(length=32), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('given_at', sa.DateTime(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
    sa.Column('withdrawn_by', sa.Integer(), nullable=True),
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
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_consent_customer_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_consent_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index('ix_consent_list_channel', ['project_id', 'channel', 'id'], unique=False)
        batch_op.create_index('ix_consent_list_given_at', ['project_id', 'given_at', 'id'], unique=False)
        batch_op.create_index('ix_consent_list_owner_id', ['project_id', 'owner_id', 'id'], unique=False)
        batch_op.create_index('ix_consent_list_partner_id', ['project_id', 'partner_id', 'id'], unique=False)
        batch_op.create_index('ix_consent_list_project_id', ['project_id', 'id'], unique=False)
        batch_op.create_index('ix_consent_list_purpose', ['project_id', 'purpose', 'id'], unique=False)
        batch_op.create_index('ix_consent_list_team_id', ['project_id', 'team_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_team_id'), ['team_id'], unique=False)
        batch_op.create_index('uq_consent_live', ['customer_id', 'purpose'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('dossier_file',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reservation_id', sa.Integer(), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('standing', sa.String(length=32), nullable=False),
    sa.Column('left_out_why', sa.String(length=32), nullable=True),
    sa.Column('frozen_at', sa.DateTime(), nullable=True),
    sa.Column('changed', sa.String(length=500), nullable=False),
    sa.Column('customer_name', sa.String(length=64), nullable=False),
    sa.Column('phones', sa.LargeBinary(), nullable=True),
    sa.Column('gender', sa.String(length=16), nullable=False),
    sa.Column('age_band', sa.String(length=32), nullable=False),
    sa.Column('home_area', sa.String(length=64), nullable=False),
    sa.Column('work_area', sa.String(length=64), nullable=False),
    sa.Column('occupation', sa.String(length=64), nullable=False),
    sa.Column('family', sa.String(length=32), nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('grade', sa.String(length=8), nullable=False),
    sa.Column('purpose', sa.String(length=32), nullable=False),
    sa.Column('wanted', sa.String(length=200), nullable=False),
    sa.Column('concerns', sa.String(length=500), nullable=False),
    sa.Column('resistance', sa.String(length=500), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=True),
    sa.Column('last_on', sa.Date(), nullable=True),
    sa.Column('visits', sa.Integer(), nullable=False),
    sa.Column('follow_ups', sa.Integer(), nullable=False),
    sa.Column('seller', sa.String(length=64), nullable=False),
    sa.Column('unit_name', sa.String(length=64), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=True),
    sa.Column('paid', sa.BigInteger(), nullable=True),
    sa.Column('scheme', sa.String(length=100), nullable=False),
    sa.Column('reserved_on', sa.Date(), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.Column('present', sa.Integer(), nullable=False),
    sa.Column('missing_names', sa.String(length=900), nullable=False),
    sa.Column('consent', sa.String(length=100), nullable=False),
    sa.Column('published_at', sa.DateTime(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['dossier_batch.id'], name=op.f('fk_dossier_file_batch_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_dossier_file_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier_file')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('dossier_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dossier_file_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossier_file_created_at'), ['created_at'], unique=False)
        batch_op.create_index('ix_dossier_file_customer', ['customer_id', 'standing'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossier_file_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dossier_file_reservation_id'), ['reservation_id'], unique=False)
        batch_op.create_index('uq_dossier_file_edition', ['batch_id', 'customer_id', 'edition'], unique=True, sqlite_where=sa.text('edition > 0'), postgresql_where=sa.text('edition > 0'))

    op.create_table('person_request',
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('asked_by', sa.String(length=32), nullable=False),
    sa.Column('asked_how', sa.String(length=32), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('content', sa.String(length=500), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('proof', sa.String(length=200), nullable=False),
    sa.Column('verified_on', sa.DateTime(), nullable=True),
    sa.Column('verified_by', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=1000), nullable=False),
    sa.Column('answered_on', sa.DateTime(), nullable=True),
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
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_person_request_customer_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_person_request_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_request')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('person_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_request_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_request_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index('ix_person_request_list_due_on', ['project_id', 'due_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_request_number'), ['number'], unique=True)
        batch_op.create_index(batch_op.f('ix_person_request_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_request_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_request_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_request_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_request_team_id'), ['team_id'], unique=False)

    op.create_table('purge_row',
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('last_contact_on', sa.Date(), nullable=False),
    sa.Column('fate', sa.String(length=32), nullable=False),
    sa.Column('why', sa.String(length=100), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_purge_row_project_id')),
    sa.ForeignKeyConstraint(['run_id'], ['purge_run.id'], name=op.f('fk_purge_row_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purge_row')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('purge_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_purge_row_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index('ix_purge_row_next', ['run_id', 'fate', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_purge_row_project_id'), ['project_id'], unique=False)

    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('no_calls_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('anonymised_at', sa.DateTime(), nullable=True))
        batch_op.create_index(batch_op.f('ix_customer_anonymised_at'), ['anonymised_at'], unique=False)

    # Until now one consent stood for everything but sharing and marketing: it becomes the two consents that it was.
    for purpose in ('basic', 'identity'):
        op.execute(sa.text("""
            INSERT INTO consent (customer_id, purpose, edition, channel, given_at, owner_id, partner_id, team_id, project_id,
                                 created_at, updated_at, version)
            SELECT id, :purpose, consent_version, consent_channel, consent_at, owner_id, partner_id, team_id, project_id,
                   consent_at, consent_at, 1
            FROM customer WHERE consent_at IS NOT NULL AND consent_version IS NOT NULL AND consent_channel IS NOT NULL
        """).bindparams(purpose=purpose))


def downgrade() -> None:
    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_customer_anonymised_at'))
        batch_op.drop_column('anonymised_at')
        batch_op.drop_column('no_calls_at')

    with op.batch_alter_table('purge_row', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_purge_row_project_id'))
        batch_op.drop_index('ix_purge_row_next')
        batch_op.drop_index(batch_op.f('ix_purge_row_customer_id'))

    op.drop_table('purge_row')
    with op.batch_alter_table('person_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_request_team_id'))
        batch_op.drop_index(batch_op.f('ix_person_request_state'))
        batch_op.drop_index(batch_op.f('ix_person_request_project_id'))
        batch_op.drop_index(batch_op.f('ix_person_request_partner_id'))
        batch_op.drop_index(batch_op.f('ix_person_request_owner_id'))
        batch_op.drop_index(batch_op.f('ix_person_request_number'))
        batch_op.drop_index('ix_person_request_list_due_on')
        batch_op.drop_index(batch_op.f('ix_person_request_customer_id'))
        batch_op.drop_index(batch_op.f('ix_person_request_created_at'))

    op.drop_table('person_request')
    with op.batch_alter_table('dossier_file', schema=None) as batch_op:
        batch_op.drop_index('uq_dossier_file_edition', sqlite_where=sa.text('edition > 0'), postgresql_where=sa.text('edition > 0'))
        batch_op.drop_index(batch_op.f('ix_dossier_file_reservation_id'))
        batch_op.drop_index(batch_op.f('ix_dossier_file_project_id'))
        batch_op.drop_index('ix_dossier_file_customer')
        batch_op.drop_index(batch_op.f('ix_dossier_file_created_at'))
        batch_op.drop_index(batch_op.f('ix_dossier_file_batch_id'))

    op.drop_table('dossier_file')
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index('uq_consent_live', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_consent_team_id'))
        batch_op.drop_index(batch_op.f('ix_consent_project_id'))
        batch_op.drop_index(batch_op.f('ix_consent_partner_id'))
        batch_op.drop_index(batch_op.f('ix_consent_owner_id'))
        batch_op.drop_index('ix_consent_list_team_id')
        batch_op.drop_index('ix_consent_list_purpose')
        batch_op.drop_index('ix_consent_list_project_id')
        batch_op.drop_index('ix_consent_list_partner_id')
        batch_op.drop_index('ix_consent_list_owner_id')
        batch_op.drop_index('ix_consent_list_given_at')
        batch_op.drop_index('ix_consent_list_channel')
        batch_op.drop_index(batch_op.f('ix_consent_customer_id'))
        batch_op.drop_index(batch_op.f('ix_consent_created_at'))

    op.drop_table('consent')
    with op.batch_alter_table('purge_run', schema=None) as batch_op:
        batch_op.drop_index('uq_purge_run_open', sqlite_where=sa.text("state IN ('listed', 'confirmed')"), postgresql_where=sa.text("state IN ('listed', 'confirmed')"))
        batch_op.drop_index(batch_op.f('ix_purge_run_state'))
        batch_op.drop_index(batch_op.f('ix_purge_run_project_id'))
        batch_op.drop_index(batch_op.f('ix_purge_run_number'))
        batch_op.drop_index(batch_op.f('ix_purge_run_created_at'))

    op.drop_table('purge_run')
    with op.batch_alter_table('privacy_breach', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_privacy_breach_state'))
        batch_op.drop_index(batch_op.f('ix_privacy_breach_project_id'))
        batch_op.drop_index(batch_op.f('ix_privacy_breach_number'))
        batch_op.drop_index('ix_privacy_breach_list_found_at')
        batch_op.drop_index(batch_op.f('ix_privacy_breach_created_at'))

    op.drop_table('privacy_breach')
    with op.batch_alter_table('dossier_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dossier_batch_state'))
        batch_op.drop_index(batch_op.f('ix_dossier_batch_project_id'))
        batch_op.drop_index(batch_op.f('ix_dossier_batch_number'))
        batch_op.drop_index('ix_dossier_batch_list_submitted_on')
        batch_op.drop_index(batch_op.f('ix_dossier_batch_created_at'))

    op.drop_table('dossier_batch')
    with op.batch_alter_table('consent_text', schema=None) as batch_op:
        batch_op.drop_index('uq_consent_text_in_force', sqlite_where=sa.text("state = 'in_force'"), postgresql_where=sa.text("state = 'in_force'"))
        batch_op.drop_index('uq_consent_text_edition', sqlite_where=sa.text("state <> 'void'"), postgresql_where=sa.text("state <> 'void'"))
        batch_op.drop_index(batch_op.f('ix_consent_text_state'))
        batch_op.drop_index(batch_op.f('ix_consent_text_project_id'))
        batch_op.drop_index(batch_op.f('ix_consent_text_created_at'))

    op.drop_table('consent_text')
