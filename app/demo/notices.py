"""People of the demo world have read their notices, all but those of the last days; some want mail, one group has a robot (off)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from app.demo.accounts import A
from app.demo.world import World
from app.kernel.notices import Notice, NoticeKind
from app.kernel.notices.preferences import NoticePreference, Wish
from app.kernel.outbox.records import Platform, Robot
from app.kernel.outbox.robots import keep
from app.kernel.transactions import write

UNREAD_DAYS = 2
AT_ONCE = {NoticeKind.APPROVAL.value: Wish.AT_ONCE.value}
MAIL = {"supervisor": AT_ONCE, "site_manager": {}, "clerk": {NoticeKind.TASK.value: Wish.NEVER.value}}
ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=demo-is-never-switched-on"


def load(session: Any, world: World) -> None:
    """Last of the chapters: what is older than two days was read the same hour, and nothing of the past goes out any more."""
    old = update(Notice).where(Notice.created_at < world.at(UNREAD_DAYS, 0), Notice.read_at.is_(None))
    write(session, lambda: session.execute(old.values(read_at=Notice.created_at)))
    seen_to = update(Notice).values(planned_at=Notice.created_at, told_at=Notice.created_at)
    write(session, lambda: session.execute(seen_to))
    write(session, lambda: _ways_out(session, world))


def _ways_out(session: Any, world: World) -> None:
    for login, wishes in MAIL.items():
        address = f"{login}@example.cn"
        session.add(NoticePreference(person_id=world.people[login].id, address=address, wishes=wishes))
    values = {
        "project_id": world.projects[A].id, "name": "江畔云庐案场群", "platform": Platform.WECOM, "address": ADDRESS,
        "secret": "", "kinds": [NoticeKind.APPROVAL.value, NoticeKind.REMINDER.value, NoticeKind.DUE.value],
    }  # fmt: skip
    keep(session, Robot(), values)
