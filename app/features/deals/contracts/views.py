"""合同: made from an effective 认购书; price and unit are taken over, terms are typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from markupsafe import Markup, escape
from sqlalchemy import Select, select

from app.extensions import db
from app.features.archive.promises import require_lawful
from app.features.deals.changes.effects import running_change
from app.features.deals.changes.effects.revoking import contract_to_revoke, steps_left
from app.features.deals.changes.offers import to_revoke
from app.features.deals.contracts.effects import copy_order
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.contracts.states import CONTRACT_FLOW, WITH_THE_AUTHORITY
from app.features.deals.ledgers_in import CONTRACTS_IN
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.rules import contract_deadlines
from app.features.organisation.models import Project
from app.features.organisation.parameters import parameters
from app.kernel.actors import Actor
from app.kernel.errors import NotFound, RuleError
from app.kernel.money import capitals
from app.kernel.posts import Post
from app.kernel.screens.detail import step_link
from app.kernel.screens.parts import Card, Fact, Html, Link
from app.kernel.screens.view import DocumentView
from app.kernel.words import shown

REVOKES = {
    **dict.fromkeys(WITH_THE_AUTHORITY, "revoke"), ContractState.REVOKING: "accept_revocation", ContractState.ACCEPTED: "revoked",
}  # fmt: skip
OFFICE = frozenset({Post.CONTRACT_OFFICER, Post.CLERK})
EXPORTERS = frozenset(
    {
        Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.CLERK,
        Post.CONTRACT_OFFICER, Post.DEVELOPER_SITE, Post.DEVELOPER_FINANCE,
    }
)  # fmt: skip


def _unfiled(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Contract.state.in_([ContractState.SIGNED, ContractState.ONLINE]))


class ContractView(DocumentView):
    """合同."""

    model = Contract
    label = L("合同")
    category = L("签约按揭")
    icon = "file"
    creators = OFFICE
    exporters = EXPORTERS
    editable_states = (ContractState.DRAFT,)
    listed = (
        "number",
        "contract_no",
        "unit",
        "customer_name",
        "total",
        "scheme",
        "owner_id",
        "state",
        "signed_on",
        "filed_on",
    )
    filters = ("state", "form", "owner_id", "alert")
    search = ("number", "contract_no", "unit.full_name", "customer_name")
    sortable = ("signed_on", "filed_on")
    summed = ("total",)
    importable = CONTRACTS_IN
    chips = (("unfiled", L("已签未备案"), _unfiled), ("revoke", L("待撤销"), to_revoke))
    search_hint = L("合同号、房号、客户姓名")
    form = (
        "reservation_id", "contract_no", "form", "handover_on", "late_rate", "late_days", "termination_rate", "area_clause", "supplement",
        "terms_changed", "copies", "paper_no", "key_keeper", "notarised", "papers_complete", "papers_promised_on",
    )  # fmt: skip
    pick_filters: ClassVar = {
        "reservation_id": lambda query: query.where(Reservation.state == ReservationState.EFFECTIVE)
    }
    fact_groups = (
        (L("要点"), ("reservation", "unit", "buyers", "owner_id", "contract_no", "form", "building_area", "pricing_basis", "unit_price",
                    "total", "scheme", "handover_on")),
        (L("条款"), ("late_rate", "late_days", "termination_rate", "area_clause", "supplement", "terms_changed", "copies", "paper_no",
                    "key_keeper", "notarised", "papers_complete", "papers_promised_on")),
        (L("办理事实"), ("buyer_signed_on", "seller_sealed_on", "signed_on", "online_no", "online_on", "filed_no", "filed_on", "collected_on", "alert", "revoked_on")),
    )  # fmt: skip

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """交付日 is that of the project until somebody writes another: without one nobody counts a late handover."""
        day = db.session.scalar(select(Project.handover_on).where(Project.id == self.current_project()))
        return given if day is None else {"handover_on": day} | given

    def check(self, record: Any, actor: Actor) -> None:
        """Taken over from the order; rates within reason."""
        order = db.session.scalars(select(Reservation).where(Reservation.id == record.reservation_id)).first()
        if order is None:
            raise NotFound("reservation")
        if order.state is not ReservationState.EFFECTIVE:
            raise RuleError(
                "有效的认购书才能签合同，{no} 现在是「{state}」",
                field="reservation_id",
                no=order,
                state=order.state.label,
            )
        if not 0 <= record.late_rate <= 1:
            raise RuleError("日费率应在 0 和 1 之间，万分之二填 0.0002", field="late_rate")
        if not 0 <= record.termination_rate <= 1:
            raise RuleError("违约金比例应在 0 和 1 之间，5 % 填 0.05", field="termination_rate")
        require_lawful(record.supplement or "", "supplement")
        copy_order(record, order)

    def offers(self, step: Any, record: Any) -> bool:
        """A contract that has to be revoked is not carried on with the authority."""
        return step.name not in ("go_online", "file", "collect") or record.reservation.ends_as is None

    def due(self, record: Any, actor: Actor) -> Link | None:
        """An approved change of its order has it revoked: that comes first."""
        if record.reservation.ends_as is None or not actor.holds({Post.CONTRACT_OFFICER}, record.project_id):
            return None
        name = REVOKES.get(record.state)
        return replace(step_link(self, record, CONTRACT_FLOW[name]), tone="primary") if name else None

    def note(self, record: Any, actor: Actor) -> Html:
        """What has to be revoked, what is missing before 签约."""
        running = (
            running_change(db.session(), record.reservation_id) if record.reservation.ends_as is not None else None
        )
        waits = contract_to_revoke(db.session(), running) if running is not None else None
        if running is not None and waits is not None and waits.id == record.id:
            kind, steps = shown(running.kind.label), "".join(map(shown, steps_left(waits)))
            link = Markup('<a href="/change-request/show/{}">{}</a>').format(running.id, running)
            text = escape(_("%(kind)s %(paper)s 已批准：请签约按揭专员办%(steps)s，之后才能执行。"))
            return text % {"kind": kind, "paper": link, "steps": steps}
        if record.state not in (ContractState.APPROVED, ContractState.ENTERED):
            return ""
        missing = [
            word
            for word, on in ((_("买方签署"), record.buyer_signed_on), (_("甲方盖章"), record.seller_sealed_on))
            if on is None
        ]
        return _("签约前还要登记：%(what)s。", what="、".join(missing)) if missing else ""


def deadline_card(contract: Contract, _actor: Actor) -> Card | None:
    """网签, 备案, 领取: until when (02 §2.2.2)."""
    if contract.signed_on is None or contract.state not in (
        ContractState.SIGNED,
        ContractState.ONLINE,
        ContractState.FILED,
    ):
        return None
    days = parameters(db.session(), contract.project_id, ("online_sign_days", "filing_days", "collect_days"))
    due = contract_deadlines(
        contract.signed_on,
        online_days=days["online_sign_days"],
        filing_days=days["filing_days"],
        collecting_days=days["collect_days"],
    )
    facts = (
        Fact(_("网签"), _done(contract.online_on, due.online_by)),
        Fact(_("备案"), _done(contract.filed_on, due.filed_by)),
        Fact(_("领取"), _done(contract.collected_on, due.collected_by)),
    )
    return Card(_("期限"), "facts", facts=facts)


def _done(on: Any, by: Any) -> str:
    return _("%(d)s 已办", d=on.isoformat()) if on is not None else _("%(d)s 前", d=by.isoformat())


def money_card(contract: Contract, _actor: Actor) -> Card:
    """The total in figures and capitals."""
    return Card(
        _("合同总价"),
        "calc",
        total=f"{contract.total:,.2f}",
        total_unit=_("元"),
        words=capitals(contract.total, prefix="人民币"),
    )
