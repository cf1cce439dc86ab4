"""The trail says which post the person held, or acted by.

Revision 0068_audit_posts, after 0067_rivals, made 2026-12-01 00:00:00.000000.
"""

import sqlalchemy as sa
from alembic import op

revision = '0068_audit_posts'
down_revision = '0067_rivals'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # a plain ALTER: the table is append-only and may hold millions of lines, so that it is not copied; old lines have none
    op.add_column('audit_entry', sa.Column('posts', sa.String(length=400), nullable=True))


def downgrade() -> None:
    # seals made meanwhile cover the posts: the older program finds them broken
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_column('posts')
