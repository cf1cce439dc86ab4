"""接待点, 排班, 轮接记录, 老客户公示 by declaration."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select

from app.extensions import db
from app.features.customers.rotation.effects.planning import check_entry
from app.features.customers.rotation.models import ReceptionPlace, RotaEntry, RotationPosting, RotationTurn
from app.features.customers.rotation.posts import EXPORTERS, KEEPERS, PLANNERS, READERS
from app.features.customers.rotation.views.screen import screen_url
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.imports.declared import Import, ImportColumn
from app.kernel.posts import Post
from app.kernel.screens.parts import Link
from app.kernel.screens.view import DocumentView
from app.kernel.transactions import write
from app.kernel.workflow import as_step

CATEGORY = L("轮接")
SELLERS = READERS - {Post.CLERK, Post.ASSISTANT}


class ReceptionPlaceView(DocumentView):
    """接待点: every place has queues of its own and an address for its big screen."""

    model = ReceptionPlace
    label = L("接待点")
    category = CATEGORY
    icon = "mark"
    readers = READERS
    creators = KEEPERS
    listed = ("name", "position", "active")
    form = ("name", "position", "active")
    order = ("position",)
    files = False

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """The big screen, and a new address for it when the old one got about."""
        acts = [Link(_("大屏"), screen_url(record), icon="eye")]
        if actor.holds(KEEPERS, record.project_id):
            confirm = _("旧地址马上打不开，正在用的屏幕要换成新地址。")
            acts.append(Link(_("换大屏地址"), f"/reception-place/renew/{record.id}", method="post", confirm=confirm))
        return acts

    @expose("/renew/<int:pk>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def renew(self, pk: int) -> Any:
        """Older addresses of the big screen end at once."""
        self.find(pk)

        def work() -> None:
            with as_step(db.session):
                self.find(pk).screen += 1

        write(db.session, work)
        flash(_("已换新地址，请在大屏上重新打开"), "success")
        return redirect(self.show_url(pk))


def _from_today(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(RotaEntry.day >= now().date())


def _today(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(RotaEntry.day == now().date())


class RotaEntryView(DocumentView):
    """排班: typed row by row, by table, or filled at the rotation desk."""

    model = RotaEntry
    label = L("轮接排班")
    category = CATEGORY
    icon = "calendar"
    readers = READERS
    creators = PLANNERS
    exporters = EXPORTERS
    listed = ("day", "place", "position", "person_id", "visits", "calls")
    filters = ("place_id", "person_id")
    sortable = ("day",)
    order = ("-day",)
    chips = (("today", L("今天"), _today), ("ahead", L("今天起"), _from_today))
    files = False
    importable = Import(
        columns=(
            ImportColumn("day", aliases=("排班日期", "值班日期"), required=True),
            ImportColumn("place_id", aliases=("地点", "展厅"), required=True),
            ImportColumn("person_id", kind="person", aliases=("姓名", "置业顾问", "值班人"), required=True),
            ImportColumn("position", aliases=("位次", "轮序", "顺序"), required=False),
            ImportColumn("visits", required=False),
            ImportColumn("calls", required=False),
        ),
        key=("day", "place_id", "person_id"),
        updates=True,
        by=PLANNERS,
        notes=(L("一行一位顾问一天；不填轮位按 1，不填接来访、接来电按都接。"),),
    )

    def check(self, record: Any, actor: Actor) -> None:
        """Only who sells here, for today or later."""
        check_entry(db.session, record)

    def may_edit(self, record: Any, actor: Actor) -> bool:
        """Days that are over keep their list."""
        return super().may_edit(record, actor) and record.day >= now().date()

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """A list of a day ahead is a plan; today's is what the queue began with."""
        return actor.holds(PLANNERS, record.project_id) and record.day > now().date()


def _week(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(RotationTurn.day > now().date() - timedelta(days=7))


def _assigned(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(RotationTurn.visitor.is_not(None))


class RotationTurnView(DocumentView):
    """轮接记录: every assignment and every turn passed over, with the rule in words."""

    model = RotationTurn
    label = L("轮接记录")
    category = CATEGORY
    icon = "file"
    readers = READERS
    exporters = EXPORTERS
    listed = ("at", "place", "channel", "why", "visitor", "person_id", "words", "reason", "by_id")
    many = True
    filters = ("at", "channel", "why", "visitor", "person_id", "place_id")
    search = ("words",)
    sortable = ("at",)
    order = ("-at",)
    chips = (("given", L("只看分配"), _assigned), ("week", L("最近 7 天"), _week))
    facts = ("at", "place", "channel", "why", "visitor", "person_id", "used", "words", "reason", "by_id")
    files = False


class RotationPostingView(DocumentView):
    """老客户公示: colleagues see the surname and the masked number, enough for whoever knows him."""

    model = RotationPosting
    label = L("老客户公示")
    category = CATEGORY
    icon = "bookmark"
    readers = READERS
    exporters = EXPORTERS
    listed = ("came_at", "called", "phone", "receiver_id", "until", "claimant_id", "state")
    filters = ("state", "receiver_id", "claimant_id")
    sortable = ("came_at", "until")
    facts = ("called", "phone", "came_at", "receiver_id", "until", "claimant_id", "evidence", "turn")
    files = True
