"""What the home page says of customers' files: late deals, the week's batch, batches that wait for a hand (S1.11.2)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from app.extensions import db
from app.features.dossiers.models import MAKERS, RECEIVERS, BatchKind, BatchState, DossierBatch
from app.features.dossiers.reading import late_deals
from app.features.dossiers.rules import week_is_over
from app.features.organisation.parameters import parameter
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.entrance import current_project_id
from app.kernel.gathering import Asking, counted, how_many
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Tag

NEW_BATCH = "/dossier-batch/add"


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """For the desk and for 甲方营销策划部; each line leads to where it is done."""
    project_id = current_project_id()
    if project_id is None or not actor.holds(MAKERS | RECEIVERS, project_id):
        return []
    desk, moment = actor.holds(MAKERS, project_id), now()
    late, returned, waiting, last = yield [
        how_many(late_deals(db.session(), project_id, moment)),
        how_many(_batches(project_id, BatchState.RETURNED)),
        how_many(_batches(project_id, BatchState.SUBMITTED)),
        _last_week(project_id),
    ]
    items = []
    if desk and late[0]:
        items.append(FeedItem(
            _("%(n)s 户成交客户的档案逾期未报送", n=counted(late[0])), NEW_BATCH, icon="upload", tag=Tag(_("逾期"), "bad")
        ))  # fmt: skip
    if desk and week_is_over(last[0], parameter(db.session(), project_id, "dossier_week_days"), moment):
        items.append(FeedItem(_("意向客户档案该报送新的一批了"), NEW_BATCH, icon="upload"))
    if desk and returned[0]:
        items.append(
            FeedItem(
                _("%(n)s 批客户档案被退回补正", n=counted(returned[0])),
                "/dossier-batch/list/?chip=returned",
                icon="upload",
            )
        )
    if not desk and waiting[0]:
        items.append(
            FeedItem(
                _("%(n)s 批客户档案待接收", n=counted(waiting[0])), "/dossier-batch/list/?chip=waiting", icon="upload"
            )
        )
    return items


def _batches(project_id: int, state: BatchState) -> Select[Any]:
    return select(DossierBatch.id).where(DossierBatch.project_id == project_id, DossierBatch.state == state)


def _last_week(project_id: int) -> Select[Any]:
    return select(func.max(DossierBatch.submitted_on)).where(
        DossierBatch.project_id == project_id, DossierBatch.kind == BatchKind.INTENT
    )
