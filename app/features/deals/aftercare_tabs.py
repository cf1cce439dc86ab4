"""按揭 and 疑难单 on pages of flats, orders, contracts and buyers, and in the reminders of the home page."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.features.customers.models import Customer
from app.features.deals.contracts.models import Contract
from app.features.deals.doubts.models import READERS, Doubt, DoubtState
from app.features.deals.mortgages.models import Mortgage
from app.features.deals.mortgages.views import late_money, late_papers, refused
from app.features.units.models import Unit
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Table, Tag
from app.kernel.screens.related import table_of

MORTGAGE_COLUMNS = ("number", "kind", "lender", "amount", "granted", "state", "release_due_on")
DOUBT_COLUMNS = ("number", "occasion", "question", "answer_due_at", "state")
LENDING = frozenset({Post.CONTRACT_OFFICER, Post.SUPERVISOR, Post.CONSULTANT, Post.SITE_MANAGER})


def on_page(model: Any, page: Any) -> ColumnElement[bool]:
    """Rows of a paper that belong to the flat, the buyer, the contract or the order of a page."""
    if isinstance(page, Unit):
        return model.unit_id == page.id
    if isinstance(page, Customer):
        return model.customer_id == page.id
    order_id = page.reservation_id if isinstance(page, Contract) else page.id
    return model.reservation_id == order_id


def mortgages_of(page: Any, actor: Actor) -> Table:
    """按揭 within the reader's rows."""
    rows = db.session.scalars(select(Mortgage).where(on_page(Mortgage, page)).order_by(Mortgage.id).limit(50)).all()
    return table_of(Mortgage, MORTGAGE_COLUMNS, rows, actor)


def doubts_of(page: Any, actor: Actor) -> Table | None:
    """疑难单, for those who read them."""
    if not actor.holds(READERS, page.project_id):
        return None
    rows = db.session.scalars(select(Doubt).where(on_page(Doubt, page)).order_by(Doubt.id.desc()).limit(50)).all()
    return table_of(Doubt, DOUBT_COLUMNS, rows, actor)


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Loans that are late or refused, doubts that wait for an answer too long."""
    lines = []
    if actor.holds(LENDING):
        loans = select(func.count(Mortgage.id))
        lines += [
            (late_papers(loans, actor), "%(n)s 笔按揭齐件逾期", "/mortgage/list/?chip=late-papers"),
            (late_money(loans, actor), "%(n)s 笔按揭放款逾期", "/mortgage/list/?chip=late-money"),
            (refused(loans, actor), "%(n)s 笔按揭被拒贷，待变更付款方式", "/mortgage/list/?chip=refused"),
        ]
    if actor.holds(READERS - {Post.AUDITOR}):
        open_ones = Doubt.state.not_in((DoubtState.DRAFT, DoubtState.ANSWERED, DoubtState.CLOSED, DoubtState.VOID))
        query = select(func.count(Doubt.id)).where(open_ones, Doubt.answer_due_at < now())
        lines.append((query, "%(n)s 份疑难单超过答复期限", "/doubt/list/?chip=late"))
    rows = yield [query for query, _text, _url in lines]
    late = Tag(_("逾期"), "bad")
    return [
        FeedItem(_(text, n=n), url, icon="coin", tag=late if "late" in url else None)
        for (n,), (_query, text, url) in zip(rows, lines, strict=True)
        if n
    ]
