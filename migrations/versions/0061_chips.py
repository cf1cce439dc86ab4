"""The chips of the customer list are answered by indexes alone.

Revision 0061_chips, after 0059_one_household, made 2026-12-01 04:40:00.000000.
"""

from alembic import op

revision = '0061_chips'
down_revision = '0059_one_household'
branch_labels = None
depends_on = None

INDEXES = {
    'ix_customer_list_project_id': (['project_id', 'id'], ['follow_due_on']),
    'ix_customer_list_grade': (['project_id', 'grade', 'id'], ['state']),
    'ix_customer_pool_contact': (['project_id', 'state', 'last_contact_at'], ['follow_due_on', 'owner_since', 'owner_id', 'id']),
}


def upgrade() -> None:
    for name, (columns, more) in INDEXES.items():
        _make_anew(name, [*columns, *more])


def downgrade() -> None:
    for name, (columns, _more) in INDEXES.items():
        _make_anew(name, columns)


def _make_anew(name: str, columns: list[str]) -> None:
    op.drop_index(name, table_name='customer')
    op.create_index(name, 'customer', columns, unique=False)
