"""Registers the rotation: pages, lists, the reminders of the home page."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

import app.features.customers.rotation.states  # noqa: F401 - the flow
from app.features.customers.rotation.choices import PostingState
from app.features.customers.rotation.models import RotationPosting
from app.features.customers.rotation.posts import KEEPERS
from app.features.customers.rotation.views import documents
from app.features.customers.rotation.views.desk import RotationView
from app.features.customers.rotation.views.report import RotationReportView
from app.features.customers.rotation.views.screen import RotationScreenView
from app.kernel import registries
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.view import add_document

SELLERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})


def register(appbuilder: Any) -> None:
    """Screens and menu; the big screen has no entry, its address is handed out."""
    category = documents.CATEGORY
    appbuilder.add_view(
        RotationView, "RotationView", label="轮接台", icon="swap", category=str(category), category_label=category
    )
    add_document(appbuilder, documents.RotationTurnView, menu=False)  # from the desk
    add_document(appbuilder, documents.RotationPostingView)
    add_document(appbuilder, documents.RotaEntryView)
    add_document(appbuilder, documents.ReceptionPlaceView, menu=False)
    appbuilder.add_view(
        RotationReportView,
        "RotationReportView",
        label="轮接公平报表",
        icon="chart",
        category=str(category),
        category_label=category,
    )
    appbuilder.add_view_no_menu(RotationScreenView)
    registries.add_reminder(posting_reminders)


def posting_reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """公示 that one may still claim, and claims that wait for a decision."""
    if not actor.holds(SELLERS | KEEPERS):
        return []
    posted = select(func.count()).where(
        RotationPosting.state == PostingState.POSTED,
        RotationPosting.until >= now(),
        RotationPosting.receiver_id != actor.person_id,
    )
    claimed = select(func.count()).where(RotationPosting.state == PostingState.CLAIMED)
    (open_ones,), (waiting,) = yield [posted, claimed]
    lines = []
    if open_ones and actor.holds(SELLERS):
        lines.append(
            FeedItem(
                _("老客户公示 %(n)s 位，是你的请主张", n=open_ones), "/rotation-posting/list/?state=posted", icon="swap"
            )
        )
    if waiting and actor.holds(KEEPERS):
        lines.append(
            FeedItem(
                _("公示客户有人主张 %(n)s 件，等你判定", n=waiting),
                "/rotation-posting/list/?state=claimed",
                icon="swap",
            )
        )
    return lines
