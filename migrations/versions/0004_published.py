"""published: 推盘批次, 销控指令, 销售方案, 付款方式 are read by everybody only after they took effect.

Revision 0004_published, after 89e00dd6f35b.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_published"
down_revision = '89e00dd6f35b'
branch_labels = None
depends_on = None

IN_EFFECT = {  # the state from which everybody reads the paper, and those after it
    "release_batch": "('released')",
    "control_order": "('issued')",
    "sales_scheme": "('active', 'retired')",
    "payment_scheme": "('active', 'retired')",
}
PARTS = {
    "release_line": ("release_batch", "batch_id"),
    "control_line": ("control_order", "order_id"),
    "public_discount": ("sales_scheme", "sales_scheme_id"),
}


def upgrade() -> None:
    for table in (*IN_EFFECT, *PARTS):
        op.add_column(table, sa.Column("published_at", sa.DateTime(), nullable=True))
    for table, states in IN_EFFECT.items():
        op.execute(f"UPDATE {table} SET published_at = updated_at WHERE state IN {states}")
    for table, (whole, key) in PARTS.items():
        op.execute(
            f"UPDATE {table} SET published_at = (SELECT published_at FROM {whole} WHERE {whole}.id = {table}.{key})"
        )


def downgrade() -> None:
    for table in (*IN_EFFECT, *PARTS):
        op.drop_column(table, "published_at")
