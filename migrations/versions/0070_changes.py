"""changes: proofs, shares, supplements; area lines

Revision 0070_changes, after 0069_search_ages, made 2026-12-01 13:15:51.
"""

import sqlalchemy as sa
from alembic import op

revision = '0070_changes'
down_revision = '0069_search_ages'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('area_settlement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('line', sa.String(length=32), nullable=False, server_default='home'))
        batch_op.add_column(sa.Column('line_name', sa.String(length=64), nullable=False, server_default=''))
        batch_op.drop_index(batch_op.f('uq_area_settlement_live'), sqlite_where=sa.text("state NOT IN ('refused', 'void')"))
        batch_op.create_index('uq_area_settlement_live', ['reservation_id', 'unit_id'], unique=True, sqlite_where=sa.text("state NOT IN ('refused', 'void')"), postgresql_where=sa.text("state NOT IN ('refused', 'void')"))

    with op.batch_alter_table('change_request', schema=None) as batch_op:
        batch_op.add_column(sa.Column('proof', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('proof_sha256', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('new_ownership', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('old_scheme_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('contract_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('supplement_due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('supplement_signed_on', sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f('ix_change_request_contract_id'), ['contract_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_change_request_contract_id'), 'contract', ['contract_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_change_request_old_scheme_id'), 'payment_scheme', ['old_scheme_id'], ['id'])

    with op.batch_alter_table('order_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('area_back', sa.BigInteger(), nullable=False, server_default='0'))
    op.execute(  # requests under way are decided and executed like those written from now on
        'UPDATE change_request SET old_scheme_id ='
        ' (SELECT reservation.scheme_id FROM reservation WHERE reservation.id = change_request.reservation_id)'
        " WHERE kind = 'payment' AND state IN ('draft', 'review', 'approved')"
    )
    for table, name, kind in (
        ('area_settlement', 'line', sa.String(length=32)), ('area_settlement', 'line_name', sa.String(length=64)),
        ('change_request', 'proof_sha256', sa.String(length=64)), ('order_line', 'area_back', sa.BigInteger()),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    # One order may have several 补差单 by now, one for each thing sold: none is deleted, and then the index is not unique.
    alive = "state NOT IN ('refused', 'void')"
    several = op.get_bind().scalar(sa.text(
        f'SELECT reservation_id FROM area_settlement WHERE {alive} GROUP BY reservation_id HAVING count(*) > 1 LIMIT 1'
    ))
    with op.batch_alter_table('order_line', schema=None) as batch_op:
        batch_op.drop_column('area_back')

    with op.batch_alter_table('change_request', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_change_request_old_scheme_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_change_request_contract_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_change_request_contract_id'))
        batch_op.drop_column('supplement_signed_on')
        batch_op.drop_column('supplement_due_on')
        batch_op.drop_column('contract_id')
        batch_op.drop_column('old_scheme_id')
        batch_op.drop_column('new_ownership')
        batch_op.drop_column('proof_sha256')
        batch_op.drop_column('proof')

    with op.batch_alter_table('area_settlement', schema=None) as batch_op:
        batch_op.drop_index('uq_area_settlement_live', sqlite_where=sa.text("state NOT IN ('refused', 'void')"), postgresql_where=sa.text("state NOT IN ('refused', 'void')"))
        batch_op.create_index(batch_op.f('uq_area_settlement_live'), ['reservation_id'], unique=several is None, sqlite_where=sa.text("state NOT IN ('refused', 'void')"), postgresql_where=sa.text("state NOT IN ('refused', 'void')"))
        batch_op.drop_column('line_name')
        batch_op.drop_column('line')
