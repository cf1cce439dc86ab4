"""月结: which months are closed, with their sums; the voucher table of each month beside it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.payments.closing.effects import check_month
from app.features.payments.closing.models import MonthClose, MonthState
from app.features.payments.views.accounts import BOOKS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.months import beside
from app.kernel.posts import Post
from app.kernel.screens.parts import Html, Link
from app.kernel.screens.view import DocumentView

KEEPERS = frozenset({Post.DEVELOPER_FINANCE})


class MonthCloseView(DocumentView):
    """月结."""

    model = MonthClose
    label = L("月结")
    category = BOOKS
    icon = "calendar"
    creators = KEEPERS
    exporters = frozenset({Post.FINANCE, Post.DEVELOPER_FINANCE, Post.DEVELOPER_LEAD})
    form = ("month",)
    listed = ("month", "postings", "received", "refunded", "closed_at", "closed_by", "reason", "state")
    filters = ("state",)
    search = ("month",)
    sortable = ("month",)
    order = ("-month",)
    editable_states = ()
    facts = ("month", "postings", "received", "refunded", "closed_at", "closed_by", "reason")
    empty_hint = L("到结账日自动生成；也可以自己新增一个已过完的月份")

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """The month that has just passed."""
        return {"month": beside(f"{now():%Y-%m}", -1), **given}

    def check(self, record: Any, actor: Actor) -> None:
        """A month that is over."""
        check_month(record)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """A closed month leaves its trace."""
        return False

    def note(self, record: Any, actor: Actor) -> Html:
        """Why it was opened again."""
        return (
            _("已重开：%(why)s。补登完请再次结账。", why=record.reason) if record.state is MonthState.REOPENED else ""
        )

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """The vouchers of the month."""
        return [Link(_("凭证导出"), f"/voucher-export/?month={record.month}", icon="download")]
