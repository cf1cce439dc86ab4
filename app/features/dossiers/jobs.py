"""What the worker does by itself: once a day the desk hears of customer files that are late (S1.11.2: three days after the deal)."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.dossiers.models import MAKERS
from app.features.dossiers.reading import UNSCOPED, late_deals
from app.features.organisation.models import Project
from app.kernel.base import now
from app.kernel.jobs import every
from app.kernel.notices import Notice, NoticeKind, notify_posts

LATE_URL = "/dossier-batch/list/?late=1"  # tells today's notice from others


@every(seconds=3600, name="late_dossiers")
def tell_of_late_files(session: Session) -> int:
    """A notice for every project with late files, at most one a day; returns how many projects."""
    today, told = now(), 0
    since = datetime.combine(today.date(), time())
    heard = select(Notice.project_id).where(Notice.url == LATE_URL, Notice.created_at >= since)
    known = set(session.scalars(heard, execution_options=UNSCOPED))
    for project_id in session.scalars(select(Project.id).order_by(Project.id), execution_options=UNSCOPED).all():
        late = select(func.count()).select_from(late_deals(session, project_id, today).subquery())
        number = session.scalar(late, execution_options=UNSCOPED) or 0
        if number and project_id not in known:
            title = f"{number} 户成交客户的档案逾期未报送"
            notify_posts(
                session, MAKERS, project_id, title, url=LATE_URL, kind=NoticeKind.DUE, outside="有客户档案逾期未报送"
            )
            told += 1
    return told
