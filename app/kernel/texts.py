"""Moments and sizes as people read them."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.kernel.base import now


def near(moment: datetime | None) -> str:
    """«今日 10:42», «昨日 09:00», else «2026-11-24 10:42»; «—» for none (look/tokens.md §3)."""
    if moment is None:
        return "—"
    days = (now().date() - moment.date()).days
    if days == 0:
        return _("今日 %(time)s", time=f"{moment:%H:%M}")
    if days == 1:
        return _("昨日 %(time)s", time=f"{moment:%H:%M}")
    return f"{moment:%Y-%m-%d %H:%M}"


def remaining(due: datetime | None) -> str:
    """Time left until a limit, or how long it is past: «剩 12 分钟», «超时 3 小时»."""
    if due is None:
        return ""
    minutes = int((due - now()).total_seconds() // 60)
    if minutes >= 0:
        return _("剩 %(span)s", span=_span(minutes))
    return _("超时 %(span)s", span=_span(-minutes))


def _span(minutes: int) -> str:
    if minutes < 60:
        return _("%(n)s 分钟", n=minutes)
    if minutes < 48 * 60:
        return _("%(n)s 小时", n=minutes // 60)
    return _("%(n)s 天", n=minutes // (24 * 60))


def file_size(size: int) -> str:
    """Bytes as «820 KB», «3.4 MB»."""
    return f"{max(1, size // 1024)} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
