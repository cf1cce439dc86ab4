"""The list of follow-ups stands in the order of their moments: what narrows it is read so, too.

Revision 0071_follow_up_moments, after 0070_changes.
"""

from alembic import op

revision = '0071_follow_up_moments'
down_revision = '0070_changes'
branch_labels = None
depends_on = None

OWNING = ('owner_id', 'partner_id', 'team_id')
NARROWING = ('by_id', 'method', 'result', 'valid')


def upgrade() -> None:
    _make_anew(['at'])
    op.drop_index('ix_follow_up_list_project_id', table_name='follow_up')


def downgrade() -> None:
    op.create_index('ix_follow_up_list_project_id', 'follow_up', ['project_id', 'id'], unique=False)
    _make_anew([])


def _make_anew(moment: list[str]) -> None:
    for column in (*NARROWING, *OWNING):
        beside = [one for one in OWNING if one != column] if column in OWNING else []
        op.drop_index(f'ix_follow_up_list_{column}', table_name='follow_up')
        op.create_index(f'ix_follow_up_list_{column}', 'follow_up', ['project_id', column, *moment, 'id', *beside], unique=False)
