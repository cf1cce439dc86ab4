"""What the home page says of the archive: sheets to be filed, households that lack papers, what is overdue."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.extensions import db
from app.features.archive.folders.models import Folder, FolderState
from app.features.archive.models import PaperState
from app.features.archive.papers.models import FILERS, Paper
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem

WATCHERS = FILERS | {Post.SUPERVISOR}


def reminders(actor: Actor) -> list[FeedItem]:
    """For the desk and its supervisor; each line leads to the list that it counts."""
    if not actor.holds(WATCHERS):
        return []
    today = now().date()
    awaited = select(func.count(Paper.id)).where(Paper.state == PaperState.EXPECTED)
    lacking = select(func.count(Folder.id)).where(
        Folder.state == FolderState.OPEN, Folder.missing > 0, Folder.due_on < today
    )
    lines = (
        (awaited.where(Paper.due_on < today), "%(n)s 份资料逾期未归档", "/paper/list/?chip=late"),
        (awaited.where(Paper.due_on >= today), "%(n)s 份资料待归档", "/paper/list/?chip=awaited"),
        (lacking, "%(n)s 户资料逾期未齐", "/folder/list/?chip=late"),
    )
    found = [(db.session.scalar(query) or 0, text, url) for query, text, url in lines]
    return [FeedItem(_(text, n=number), url, icon="arch") for number, text, url in found if number]
