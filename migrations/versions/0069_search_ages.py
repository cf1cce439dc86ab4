"""Search on PostgreSQL: rows are indexed with their age, so that the newest are asked first.

Revision 0069_search_ages, after 0068_audit_posts, made 2026-12-01 01:30:00.000000. The new column and its index are made
by schema.install, which runs after every upgrade.
"""

from alembic import op

revision = '0069_search_ages'
down_revision = '0068_audit_posts'
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE search_entry DROP COLUMN IF EXISTS terms')


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE search_entry DROP COLUMN IF EXISTS lexemes')
