"""月结: which months are closed, with their sums; the voucher table of each month beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from markupsafe import Markup

from app.extensions import db
from app.features.payments.closing.effects import check_month, earlier_open, sums_of, take_sums, waiting_receipts
from app.features.payments.closing.models import MonthClose, MonthState
from app.features.payments.views.accounts import BOOKS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.money import format_amount
from app.kernel.months import beside, borders
from app.kernel.posts import Post
from app.kernel.screens.parts import Card, Fact, Html, Link
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
    empty_hint = L("到结账日自动生成；也可以自己新增一个已过完的月份")

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """The month that has just passed."""
        return {"month": beside(f"{now():%Y-%m}", -1), **given}

    def check(self, record: Any, actor: Actor) -> None:
        """A month that is over; its sums as the book has them now."""
        check_month(record)
        take_sums(db.session(), record)

    def fact_groups_of(self, record: Any) -> tuple[tuple[Any, tuple[str, ...]], ...]:
        """The sums are final once the month is closed; before, the card beside them says what the book has now."""
        final = (
            ("postings", "received", "refunded", "closed_at", "closed_by") if record.state is MonthState.CLOSED else ()
        )
        return ((L("要点"), ("month", *final, "reason")),)

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


def before_closing(paper: MonthClose, _actor: Actor) -> Card | None:
    """What the book has now, and what stands against closing the month, with the way there."""
    if paper.state is MonthState.CLOSED:
        return None
    session = db.session()
    number, received, refunded = sums_of(session, paper)
    facts = [
        Fact(_("凭证张数"), str(number)),
        Fact(_("本月实收"), f"{format_amount(received)} {_('元')}"),
        Fact(_("本月退款"), f"{format_amount(refunded)} {_('元')}"),
    ]
    if waiting := waiting_receipts(session, paper):
        first, after = borders(paper.month)
        url = f"/receipt/list/?state=pending&paid_on.from={first:%Y-%m-%d}&paid_on.to={after - timedelta(days=1):%Y-%m-%d}"
        facts.append(Fact(_("先处理"), _link(url, _("%(n)s 张收款单待确认", n=waiting))))
    if (earlier := earlier_open(session, paper)) is not None:
        facts.append(Fact(_("先结账"), _link(f"/month-close/show/{earlier.id}", earlier.month)))
    return Card(_("结账前（到现在为止）"), "facts", facts=tuple(facts))


def _link(url: str, words: str) -> Html:
    return Markup('<a href="{}">{}</a>').format(url, words)
