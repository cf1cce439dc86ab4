"""Lists of calls and visits, of turns and of channel reports stand in the order of their moments: what narrows them is read so, too.

Revision 0066_moments, after 0065_statistics_report.
"""

from alembic import op

revision = '0066_moments'
down_revision = '0065_statistics_report'
branch_labels = None
depends_on = None

OWNING = ('owner_id', 'partner_id', 'team_id')
LISTS = {  # table: (its moment, the columns that narrow it, those that say whose a row is)
    'channel_report': ('reported_at', ('channel_id', 'proposal', 'state'), OWNING),
    'contact': ('at', ('entered_late', 'kind', 'outcome', 'receiver_id', 'source'), OWNING),
    'rotation_turn': ('at', ('channel', 'person_id', 'place_id', 'visitor', 'why'), ()),
}


def upgrade() -> None:
    for table, (moment, narrowing, owning) in LISTS.items():
        _make_anew(table, narrowing, owning, [moment])
        op.drop_index(f'ix_{table}_list_project_id', table_name=table)


def downgrade() -> None:
    for table, (_moment, narrowing, owning) in LISTS.items():
        op.create_index(f'ix_{table}_list_project_id', table, ['project_id', 'id'], unique=False)
        _make_anew(table, narrowing, owning, [])


def _make_anew(table: str, narrowing: tuple[str, ...], owning: tuple[str, ...], moment: list[str]) -> None:
    for column in (*narrowing, *owning):
        beside = [one for one in owning if one != column] if column in owning else []
        op.drop_index(f'ix_{table}_list_{column}', table_name=table)
        op.create_index(f'ix_{table}_list_{column}', table, ['project_id', column, *moment, 'id', *beside], unique=False)
