"""What other pages show of 补差, 交楼 and 办证: tabs, reminders, and the household's records for the archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.features.deals.aftercare_tabs import on_page
from app.features.deals.archiving import ORDER
from app.features.handover.areas.models import AreaSettlement
from app.features.handover.areas.views import late_leaving
from app.features.handover.deeds.models import TitleDeed
from app.features.handover.deeds.views import late_deeds, late_filing
from app.features.handover.defects.models import HandoverDefect
from app.features.handover.defects.views import late_defects
from app.features.handover.handings.models import Handover, HandoverState
from app.features.handover.handings.views import late_handovers, today_booked
from app.features.handover.late.models import LateHome
from app.features.handover.late.watching import how_many_buildings
from app.kernel.actors import Actor
from app.kernel.gathering import Asking
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Table, Tag
from app.kernel.screens.related import table_of

COLUMNS: dict[type[Any], tuple[str, ...]] = {
    AreaSettlement: ("number", "unit", "contract_area", "surveyed_area", "error", "direction", "amount", "state"),
    Handover: ("number", "notified_on", "appointment_at", "due_on", "received_on", "state"),
    HandoverDefect: ("number", "place", "kind", "severity", "description", "contractor", "due_on", "state"),
    LateHome: ("batch", "promised_on", "until_on", "days", "paid", "amount", "state"),
    TitleDeed: ("number", "submitted_on", "issued_on", "certificate_no", "collected_on", "state"),
}
WATCHERS = frozenset({Post.DEVELOPER_SERVICE, Post.SUPERVISOR, Post.SITE_MANAGER})
DEED_WATCHERS = frozenset({Post.CONTRACT_OFFICER, Post.SUPERVISOR, Post.SITE_MANAGER})


def rows_of(model: type[Any]) -> Callable[[Any, Actor], Table]:
    """A tab with the papers of this kind that belong to the page's flat, order, contract or buyer."""

    def load(page: Any, actor: Actor) -> Table:
        query = select(model).where(on_page(model, page)).order_by(model.id.desc()).limit(50)
        return table_of(model, COLUMNS[model], db.session.scalars(query).all(), actor)

    return load


def defects_of(handover: Handover, actor: Actor) -> Table:
    """What was found at this handover."""
    query = select(HandoverDefect).where(HandoverDefect.handover_id == handover.id).order_by(HandoverDefect.id)
    return table_of(HandoverDefect, COLUMNS[HandoverDefect], db.session.scalars(query).all(), actor)


def sources(session: Session, folder: Any) -> list[Any]:
    """Records whose files may be filed into the household, within the reader's rows."""
    if folder.subject != ORDER:
        return []
    return [
        row for model in COLUMNS
        for row in session.scalars(select(model).where(model.reservation_id == folder.subject_id).order_by(model.id))
    ]  # fmt: skip


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Appointments of today, flats not taken, defects not mended, deeds that are late."""
    lines = []
    if actor.holds(WATCHERS):
        handovers, defects = select(func.count(Handover.id)), select(func.count(HandoverDefect.id))
        leaving = select(func.count(AreaSettlement.id))
        lines += [
            (today_booked(handovers, actor), "今日预约验房 %(n)s 户", "/handover/list/?chip=today"),
            (late_handovers(handovers, actor), "%(n)s 户逾期未收楼", "/handover/list/?chip=late"),
            (late_leaving(leaving, actor), "%(n)s 户面积超差退房逾期未退款", "/area-settlement/list/?chip=late-leave"),
            (late_defects(defects, actor), "%(n)s 个交楼问题逾期未整改", "/handover-defect/list/?chip=late"),
        ]
    if actor.holds({Post.DEVELOPER_SERVICE}):
        unsent = select(func.count(Handover.id)).where(Handover.state == HandoverState.PREPARED)
        lines.append((unsent, "%(n)s 户交楼通知待寄出", "/handover/list/?chip=unsent"))
        promises = how_many_buildings(actor.projects_as({Post.DEVELOPER_SERVICE}))
        lines.append((promises, "%(n)s 栋楼已过合同交付日，还没有计算逾期交付违约金", "/late-batch/list/"))
    if actor.holds(DEED_WATCHERS):
        deeds = select(func.count(TitleDeed.id))
        lines += [
            (late_filing(deeds, actor), "%(n)s 户办证送件逾期", "/title-deed/list/?chip=late-filing"),
            (late_deeds(deeds, actor), "%(n)s 户出证逾期", "/title-deed/list/?chip=late"),
        ]
    rows = yield [query for query, _text, _url in lines]
    late = Tag(_("逾期"), "bad")
    return [
        FeedItem(_(text, n=n), url, icon="home", tag=late if "late" in url else None)
        for (n,), (_query, text, url) in zip(rows, lines, strict=True)
        if n
    ]
