"""通知: a sentence for one person with the page it leads to. What of it leaves the house by mail or robot: `app.kernel.outbox`."""

from __future__ import annotations

from app.kernel.notices.records import Notice, NoticeKind
from app.kernel.notices.telling import answered, notify, notify_posts, unread, unread_count, unsay

__all__ = ["Notice", "NoticeKind", "answered", "notify", "notify_posts", "unread", "unread_count", "unsay"]
