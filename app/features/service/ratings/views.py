"""接待评价 and 评价点: what visitors said, where they are asked."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, or_, select

from app.extensions import db
from app.features.customers.models import Contact
from app.features.service.category import CATEGORY
from app.features.service.people import CHECKERS, EXPORTERS, READERS, SERVING
from app.features.service.ratings.codes import code_card
from app.features.service.ratings.effects import issue, pass_of_desk, pass_of_visit
from app.features.service.ratings.models import PARTS, STARS, RatingDesk, ServiceRating
from app.features.service.ratings.rules import LOW
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.screens.parts import Card, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

COLUMNS = ("title", "overall", "reception", "explanation", "environment", "words", "owner_id")


def low_ratings(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Two stars or fewer in something."""
    return query.where(or_(*(getattr(ServiceRating, star) <= LOW for star in STARS)))


class ServiceRatingView(DocumentView):
    """接待评价 (S3.15): nobody writes or changes one here."""

    model = ServiceRating
    label = L("接待评价")
    category = CATEGORY
    icon = "chat"
    readers = READERS
    exporters = EXPORTERS
    listed = ("title", "mean", *STARS, "words", "owner_id", "desk", "created_at")
    filters = ("owner_id", "overall", "created_at")
    more_filters = (*PARTS, "desk_id")
    search = ("words",)
    sortable = ("created_at",)
    chips = (("low", L("低分"), low_ratings),)
    search_hint = L("留言")
    empty_hint = L("来访登记页和评价点上有二维码，客户扫码评价后出现在这里。")
    form = ()
    files = False
    fact_groups = ((L("要点"), ("created_at", "owner_id", "contact", "desk", *STARS, "words")),)


class RatingDeskView(DocumentView):
    """评价点."""

    model = RatingDesk
    label = L("评价点")
    category = CATEGORY
    icon = "target"
    readers = CHECKERS | {*EXPORTERS}
    creators = CHECKERS
    listed = ("name", "consultant_id", "issued_at", "expires_at", "state")
    filters = ("state",)
    search = ("name",)
    people: ClassVar = {"consultant_id": SERVING}
    search_hint = L("名称")
    empty_hint = L("前台、洽谈桌各放一个二维码，客户扫码评价；平板可以固定打开评价页。")
    form = ("name", "consultant_id")
    fact_groups = ((L("要点"), ("name", "consultant_id", "issued_at", "expires_at")),)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """Ratings hang on it: it is closed, never deleted."""
        return False

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """It begins with a code."""
        if new:
            issue(db.session(), record, now())


def desk_code(desk: RatingDesk, actor: Actor) -> Card | None:
    """The code to print and the page for the kiosk."""
    given = pass_of_desk(desk)
    if given is None or not actor.holds(CHECKERS, desk.project_id):
        return None
    note = _("有效至 %(t)s，打印后放在现场", t=f"{given.expires:%Y-%m-%d %H:%M}")
    return code_card(given, _("二维码"), note, kiosk=True)


def visit_code(contact: Contact, actor: Actor) -> Card | None:
    """The code of one visit, shown to the visitor at the end of it; nothing more after he has rated."""
    given = pass_of_visit(db.session(), contact)
    if given is None or not actor.holds(SERVING | CHECKERS, contact.project_id):
        return None
    return code_card(given, _("请客户评价"), _("客户扫码即可，不记名；有效至 %(t)s", t=f"{given.expires:%m-%d %H:%M}"))


def ratings_of_desk(desk: RatingDesk, actor: Actor) -> Table:
    """What was said at this place."""
    query = select(ServiceRating).where(ServiceRating.desk_id == desk.id).order_by(ServiceRating.id.desc()).limit(50)
    return table_of(ServiceRating, COLUMNS, db.session.scalars(query).all(), actor)
