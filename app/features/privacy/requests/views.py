"""个人信息请求: the list with its clock, the paper, what a customer asked for on his page."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.privacy.category import CATEGORY
from app.features.privacy.kept_by_law import why_kept
from app.features.privacy.requests.effects import begin, tell
from app.features.privacy.requests.models import MAKERS, PersonRequest, RequestKind, RequestState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

OPEN = (RequestState.REGISTERED, RequestState.VERIFIED)
EXPORTERS = frozenset({
    Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.CLERK,
})  # fmt: skip


def _open(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(PersonRequest.state.in_(OPEN))


def _late(query: Select[Any], _actor: Actor) -> Select[Any]:
    return _open(query, _actor).where(PersonRequest.due_on < now().date())


class PersonRequestView(DocumentView):
    """个人信息请求 (02 §2.5.11)."""

    model = PersonRequest
    label = L("个人信息请求")
    category = CATEGORY
    icon = "user"
    creators = MAKERS
    editors = frozenset()
    exporters = EXPORTERS
    form = ("customer_id", "kind", "asked_by", "asked_how", "asked_on", "content")
    listed = ("number", "customer", "kind", "asked_by", "asked_on", "due_on", "verified_by", "answered_on", "state")
    filters = ("kind", "state")
    search = ("number", "customer.name")
    sortable = ("due_on",)
    search_hint = L("编号、客户姓名")
    facts = (
        "number", "customer", "kind", "asked_by", "asked_how", "asked_on", "due_on", "content", "proof", "verified_by", "verified_on",
        "answer", "answered_on", "created_by",
    )  # fmt: skip
    chips = (("open", L("待办理"), _open), ("late", L("逾期未答复"), _late))
    deadlines: ClassVar[dict[str, Any]] = {"due_on": lambda paper: paper.state in OPEN}

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """Most come in today."""
        return {"asked_on": now().date(), **given}

    def check(self, record: Any, actor: Actor) -> None:
        """Its clock starts with the day on which it came."""
        begin(db.session(), record, actor)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        if new:
            tell(db.session(), record)

    def note(self, record: Any, actor: Actor) -> str:
        """What the law keeps, said before anybody tries to erase."""
        if record.kind is not RequestKind.ERASE or record.state not in OPEN:
            return ""
        reasons = why_kept(db.session(), record.customer)
        return _("不能删除：%(why)s。", why="；".join(reasons)) if reasons else ""


def requests_of(customer: Any, actor: Actor) -> Any:
    """What this customer asked for."""
    query = (
        select(PersonRequest)
        .where(PersonRequest.customer_id == customer.id)
        .order_by(PersonRequest.id.desc())
        .limit(50)
    )
    rows = list(db.session.scalars(query))
    return table_of(PersonRequest, ("number", "kind", "asked_on", "due_on", "state"), rows, actor) if rows else None
