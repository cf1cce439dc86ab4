"""dossiers: one household may be given back alone

Revision 0059_one_household, after 0058_overall_stars.
"""

import sqlalchemy as sa
from alembic import op


revision = '0059_one_household'
down_revision = '0058_overall_stars'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('dossier_file', schema=None) as batch_op:
        batch_op.add_column(sa.Column('correction', sa.String(length=500), nullable=False, server_default=''))
    with op.batch_alter_table('dossier_file', schema=None) as batch_op:
        batch_op.alter_column('correction', existing_type=sa.String(length=500), existing_nullable=False, server_default=None)


def downgrade() -> None:
    # an older program knows no household that came back alone: it stands as sent
    op.execute("UPDATE dossier_file SET standing = 'sent' WHERE standing = 'returned'")
    with op.batch_alter_table('dossier_file', schema=None) as batch_op:
        batch_op.drop_column('correction')
