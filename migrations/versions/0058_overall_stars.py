"""service: a visitor rates with one tap; parts are optional

Revision 0058_overall_stars, after 0057_late_handover. Ratings of before keep their three parts and have no whole.
"""

import sqlalchemy as sa
from alembic import op


revision = '0058_overall_stars'
down_revision = '0057_late_handover'
branch_labels = None
depends_on = None

PARTS = ('reception', 'explanation', 'environment')


def upgrade() -> None:
    with op.batch_alter_table('service_rating', schema=None) as batch_op:
        batch_op.add_column(sa.Column('overall', sa.Integer(), nullable=True))
        for part in PARTS:
            batch_op.alter_column(part, existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(batch_op.f('ck_service_rating_overall'), 'overall BETWEEN 1 AND 5')
        batch_op.create_check_constraint(batch_op.f('ck_service_rating_said'), ' AND '.join(f'coalesce({part}, overall) IS NOT NULL' for part in PARTS))


def downgrade() -> None:
    # what was rated as a whole counts for each part, as it did in every mean
    op.execute('UPDATE service_rating SET ' + ', '.join(f'{part} = coalesce({part}, overall)' for part in PARTS))
    with op.batch_alter_table('service_rating', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_service_rating_said'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_service_rating_overall'), type_='check')
        for part in PARTS:
            batch_op.alter_column(part, existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column('overall')
