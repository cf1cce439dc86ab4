"""采购申请, 入库单, 领用退还单, 盘点报损单: papers with lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from flask import flash, redirect
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from app.extensions import db
from app.features.office.category import CATEGORY
from app.features.office.choosing import colleagues
from app.features.office.posts import EXPORTERS, KEEPERS
from app.features.office.supplies.counting import count_of_everything
from app.features.office.supplies.effects import purchase_from_minima
from app.features.office.supplies.kinds import HandKind, HandState, PurchaseState
from app.features.office.supplies.models import (
    SupplyCheck,
    SupplyHand,
    SupplyHandLine,
    SupplyItem,
    SupplyPurchase,
    SupplyReceipt,
)
from app.kernel.actors import Actor
from app.kernel.errors import Forbidden, RuleError
from app.kernel.screens.lines import Lines
from app.kernel.screens.parts import Html, Link
from app.kernel.screens.view import DocumentView
from app.kernel.transactions import write

WHOLE_STORE = 300  # lines of one count: every item of a site


def in_use(query: Select[Any]) -> Select[Any]:
    """Items that are still kept."""
    return query.where(SupplyItem.active.is_(True)).order_by(SupplyItem.title)


def positive(lines: list[Any]) -> None:
    """Whole units, at least one. Raises RuleError beside the line."""
    for number, line in enumerate(lines):
        if line.quantity <= 0:
            raise RuleError("第 {n} 行的数量应大于 0", field=f"line-{number}-quantity", n=number + 1)


def priced(paper: Any) -> None:
    """Amount of every line and of the paper, in yuan."""
    for line in paper.lines:
        line.amount = line.quantity * line.unit_price
    paper.amount = sum((line.amount for line in paper.lines), Decimal(0))


class SupplyPurchaseView(DocumentView):
    """采购申请."""

    model = SupplyPurchase
    label = L("采购申请")
    category = CATEGORY
    icon = "truck"
    creators = KEEPERS
    exporters = EXPORTERS
    listed = ("number", "reason", "amount", "wanted_on", "created_by", "created_at", "state")
    filters = ("state",)
    search = ("number", "reason")
    summed = ("amount",)
    form = ("reason", "wanted_on")
    facts = ("reason", "wanted_on", "amount", "created_by")
    lines = Lines("lines", ("item_id", "quantity", "unit_price"), L("采购物品"), shown=("amount",))
    pick_filters: ClassVar = {"item_id": in_use}
    empty_hint = L("在「办公用品」按安全量一键生成，或在这里新增。")

    def check(self, record: Any, actor: Actor) -> None:
        """Quantities and sums."""
        positive(record.lines)
        priced(record)

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """Goods of an approved purchase come in on a 入库单 that starts with its lines."""
        if record.state not in (PurchaseState.APPROVED, PurchaseState.ARRIVED) or not actor.holds(
            KEEPERS, record.project_id
        ):
            return []
        lines = "".join(
            f"&line-{i}-item_id={line.item_id}&line-{i}-quantity={line.quantity}&line-{i}-unit_price={line.unit_price}"
            for i, line in enumerate(record.lines)
        )
        return [Link(_("到货入库"), f"/supply-receipt/add?purchase_id={record.id}{lines}", icon="down")]

    @expose("/from-minima", methods=["POST"])
    @has_access
    @permission_name("add")
    def from_minima(self) -> Response:
        """A draft with everything that is below its minimum."""
        actor, project_id = self.actor(), self.current_project()
        if project_id is None or not actor.holds(KEEPERS, project_id):
            raise Forbidden(_("新增"))
        paper = write(db.session, lambda: purchase_from_minima(db.session(), project_id, actor))
        if paper is None:
            flash(_("没有低于安全量的物品，不用采购"), "info")
            return redirect("/supply-item/list/")
        flash(_("已生成草稿，请核对数量和单价后提交审批"), "success")
        return redirect(self.edit_url(paper.id))


class SupplyReceiptView(DocumentView):
    """入库单."""

    model = SupplyReceipt
    label = L("入库单")
    category = CATEGORY
    icon = "down"
    creators = KEEPERS
    exporters = EXPORTERS
    listed = ("number", "supplier", "bill_number", "came_on", "amount", "purchase", "created_by", "state")
    filters = ("state",)
    search = ("number", "supplier", "bill_number")
    summed = ("amount",)
    form = ("purchase_id", "supplier", "bill_number", "came_on", "note")
    facts = ("supplier", "bill_number", "came_on", "amount", "purchase", "note", "created_by")
    lines = Lines("lines", ("item_id", "quantity", "unit_price"), L("入库物品"), shown=("amount",))
    pick_filters: ClassVar = {
        "item_id": in_use,
        "purchase_id": lambda query: query.where(
            SupplyPurchase.state.in_((PurchaseState.APPROVED, PurchaseState.ARRIVED))
        ),
    }
    empty_hint = L("物品买回来之后在这里登记数量、单价、供应商和票据。")

    def check(self, record: Any, actor: Actor) -> None:
        """Quantities and sums."""
        positive(record.lines)
        priced(record)


def _to_sign(query: Select[Any], actor: Actor) -> Select[Any]:
    return query.where(SupplyHand.state == HandState.WAITING, SupplyHand.holder_id == actor.person_id)


class SupplyHandView(DocumentView):
    """领用退还单: the receiver signs."""

    model = SupplyHand
    label = L("领用退还单")
    title = L("领用退还")
    category = CATEGORY
    icon = "hand"
    creators = KEEPERS
    exporters = EXPORTERS
    listed = ("number", "things", "kind", "holder", "team_id", "note", "handed_at", "signed_at", "state")
    loads = (selectinload(SupplyHand.lines).joinedload(SupplyHandLine.item),)
    filters = ("state", "kind")
    search = ("number", "holder.name", "note")
    form = ("kind", "holder_id", "note")
    facts = ("kind", "holder", "team_id", "note", "created_by", "handed_at", "signed_at")
    lines = Lines("lines", ("item_id", "quantity"), L("领用物品"))
    chips = (
        ("mine", L("待我签收"), _to_sign),
        ("waiting", L("待签收"), lambda query, _actor: query.where(SupplyHand.state == HandState.WAITING)),
    )
    pick_filters: ClassVar = {"item_id": in_use, "holder_id": colleagues}
    empty_hint = L("文员填好领用单交付后，领用人用自己的账号签收，库存随即减少。")

    def check(self, record: Any, actor: Actor) -> None:
        """Whole units."""
        positive(record.lines)

    def note(self, record: Any, actor: Actor) -> Html:
        """Who has to act now."""
        if record.state is not HandState.WAITING or record.holder_id == actor.person_id:
            return ""
        verb = _("签收后库存减少") if record.kind is HandKind.ISSUE else _("签收后库存增加")
        return _("等 %(who)s 用自己的账号签收，%(verb)s。", who=record.holder.name, verb=verb)


class SupplyCheckView(DocumentView):
    """盘点报损单."""

    model = SupplyCheck
    label = L("盘点报损单")
    title = L("盘点报损")
    category = CATEGORY
    icon = "check"
    creators = KEEPERS
    exporters = EXPORTERS
    listed = ("number", "kind", "checked_on", "note", "created_by", "state")
    filters = ("state", "kind")
    search = ("number", "note")
    form = ("kind", "checked_on", "note")
    facts = ("kind", "checked_on", "note", "created_by")
    lines = Lines(
        "lines", ("item_id", "quantity", "reason"), L("盘点物品"), shown=("book", "difference"), most=WHOLE_STORE
    )
    pick_filters: ClassVar = {"item_id": in_use}
    empty_hint = L("盘点填实际数量，报损填损坏数量；账面和差异在提交时由系统记下。")

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        """The whole store at once: what a month ends with."""
        acts = super().list_acts(actor, query_text)
        if not actor.holds(KEEPERS, self.current_project()):
            return acts
        whole = Link(
            _("盘点全部物品"), "/supply-check/whole", method="post", icon="check",
            confirm=_("把在用的物品全部列成一张盘点单草稿，数量先按账面填好，清点后改成实际数量。"),
        )  # fmt: skip
        return [whole, *acts]

    @expose("/whole", methods=["POST"])
    @has_access
    @permission_name("add")
    def whole(self) -> Response:
        """A draft with every item in use."""
        actor, project_id = self.actor(), self.current_project()
        if project_id is None or not actor.holds(KEEPERS, project_id):
            raise Forbidden(_("新增"))
        paper = write(db.session, lambda: count_of_everything(db.session(), project_id, actor))
        if paper is None:
            flash(_("还没有在用的物品，请先登记物品"), "info")
            return redirect("/supply-item/list/")
        flash(_("已列出全部在用物品，请清点后改成实际数量，再提交审批"), "success")
        return redirect(self.edit_url(paper.id))

    def check(self, record: Any, actor: Actor) -> None:
        """Nothing below zero; a loss says why."""
        for number, line in enumerate(record.lines):
            if line.quantity < 0:
                raise RuleError("第 {n} 行的数量不能小于 0", field=f"line-{number}-quantity", n=number + 1)
