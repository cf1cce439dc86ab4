"""变更申请: nine kinds, each with its own form and its own card of what changes."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.customers.models import Customer
from app.features.deals.changes.effects import fill_from_order, running_change
from app.features.deals.changes.effects.buyers import propose_present
from app.features.deals.changes.effects.filling import obstacle_to
from app.features.deals.changes.effects.revoking import BEING_REVOKED, contract_to_revoke
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState
from app.features.deals.changes.notes import note_of
from app.features.deals.changes.offers import (
    ASKERS,
    CHANGEABLE,
    late_supplement,
    running_link,
    to_execute,
    without_supplement,
)
from app.features.deals.changes.rules import kinds_for, proofs_for
from app.features.deals.reservations.models import Reservation
from app.features.deals.reservations.price import LOAN
from app.features.payments.effects import account_of
from app.features.payments.models import Receivable, ReceivableState
from app.features.pricing.models import PaymentScheme, SchemeState
from app.features.units.models import Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.addresses import id_of
from app.kernel.errors import NotFound
from app.kernel.posts import Post
from app.kernel.screens.fields import fields_of
from app.kernel.screens.parts import Html, Link
from app.kernel.screens.view import DocumentView
from app.kernel.words import shown

K = ChangeKind
BUYERS = (K.RENAME, K.CO_BUYERS)
EXPORTERS = frozenset(
    {Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.CLERK, Post.DEVELOPER_FINANCE}
)
MOVABLE = (UnitState.FREE, UnitState.HOLD, UnitState.ORDER, UnitState.DRAFT, UnitState.SIGN)
PAID = (ReceivableState.PAID, ReceivableState.CANCELLED)


def _rows_of_order(query: Select[Any]) -> Select[Any]:
    """What is still owed on the order that the address names."""
    open_rows = query.where(Receivable.state.not_in(PAID), Receivable.due_on.is_not(None))
    account = account_of(db.session(), id_of(request.values.get("reservation_id", "")) or 0)
    return open_rows if account is None else open_rows.where(Receivable.account_id == account.id)


class ChangeView(DocumentView):
    """变更申请 (02 §2.2.3)."""

    model = ChangeRequest
    label = L("变更申请")
    category = L("交易")
    icon = "swap"
    creators = ASKERS
    exporters = EXPORTERS
    listed = (
        "number", "kind", "unit", "customer_name", "new_unit", "new_total", "refundable", "owner_id", "state", "approved_on",
        "executed_on",
    )  # fmt: skip
    filters = ("kind", "state", "owner_id")
    chips = (
        ("execute", L("待我执行"), to_execute), ("supplement", L("待签补充协议"), without_supplement),
        ("late-supplement", L("补充协议逾期未签"), late_supplement),
    )  # fmt: skip
    search = ("number", "unit.full_name", "customer_name")
    decided_with = ("buyers",)
    summed = ("refundable",)
    form_by = (
        "kind",
        {
            K.WITHDRAWAL: ("reservation_id", "fault", "fee", "reason"),
            K.FORFEITURE: ("reservation_id", "fault", "fee", "reason"),
            K.CANCELLATION: ("reservation_id", "fault", "penalty_share", "penalty_on_due", "fee", "interest", "reason"),
            K.EXCHANGE: ("reservation_id", "new_unit_id", "new_scheme_id", "new_total", *LOAN, "reason"),
            K.RENAME: ("reservation_id", "new_customer_id", "relation", "consent_on", "new_ownership", "reason"),
            K.CO_BUYERS: ("reservation_id", "relation", "consent_on", "new_ownership", "reason"),
            K.PAYMENT: ("reservation_id", "new_scheme_id", *LOAN, "reason"),
            K.LATER_SIGNING: ("reservation_id", "new_due_on", "reason"),
            K.LATER_PAYMENT: ("reservation_id", "receivable_id", "new_due_on", "reason"),
        },
    )
    needed = ("fault", "new_unit_id", "new_customer_id", "relation", "consent_on", "receivable_id", "new_due_on")
    folds = ((L("贷款"), LOAN),)
    pick_filters: ClassVar = {
        "reservation_id": lambda query: query.where(Reservation.state.in_(CHANGEABLE)),
        "new_scheme_id": lambda query: query.where(PaymentScheme.state == SchemeState.ACTIVE),
        "new_unit_id": lambda query: query.where(Unit.state.in_(MOVABLE), Unit.list_total.is_not(None)),
        "new_customer_id": lambda query: query.where(Customer.consent_at.is_not(None)),
        "receivable_id": _rows_of_order,
    }

    def words_offered(self) -> tuple[Any, ...]:
        """What the order that the address names may ask for; without one, everything."""
        order = self._named_order()
        return tuple(ChangeKind) if order is None else kinds_for(order.state)

    def word_refused(self, word: Any) -> str:
        """Why the contract of the order forbids this kind now, and what to do instead."""
        order = self._named_order()
        obstacle = obstacle_to(db.session(), word, order) if order is not None else None
        return shown(str(obstacle)) if obstacle is not None else ""

    def hurdle(self, actor: Actor) -> tuple[str, Link] | None:
        """One change of an order at a time: the one that runs is shown instead of a form that could not be saved."""
        order = self._named_order()
        if order is None:
            return None
        running = running_change(db.session(), order.id)
        if running is not None:
            kind, state = shown(running.kind.label), shown(running.state.label)
            text = _(
                "认购书 %(no)s 已有一份%(kind)s在办（%(paper)s，%(state)s），同时只办一件；请先办完、撤回或作废那一份。",
                no=order, kind=kind, paper=running, state=state,
            )  # fmt: skip
            return text, Link(
                _("打开%(what)s", what=f"{kind} {running.number or ''}".strip()), running_link(running).url
            )
        word = self.form_word(None)
        refused = self.word_refused(word) if word is not None else ""
        return (refused, Link(_("打开认购书"), f"/reservation/show/{order.id}")) if refused else None

    def word_note(self, word: Any) -> str:
        """When the kind applies and who decides, in a line."""
        return {
            K.WITHDRAWAL: _("签约前，双方无责或卖方责任，定金退还"), K.FORFEITURE: _("签约前，买方责任，定金没收"),
            K.CANCELLATION: _("签约后，先撤销合同；违约金按责任计算"), K.EXCHANGE: _("已付的款转到新房，差额多退少补"),
            K.RENAME: _("买受人换成另一位客户"), K.CO_BUYERS: _("签约前加名或减名"),
            K.PAYMENT: _("例如银行拒贷，改为其他付款方式"), K.LATER_SIGNING: _("应签约日以前申请；3 天以内主管批"),
            K.LATER_PAYMENT: _("应收日以前申请；滞纳金从新日期起算"),
        }[word]  # fmt: skip

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """变更付款方式 and 换房 start from how the order is paid now."""
        order = self._order(id_of(given.get("reservation_id", "")) or 0)
        if order is None or self.form_word(None) is not K.PAYMENT:
            return given
        return {name: getattr(order, name) for name in LOAN} | given

    def _named_order(self) -> Reservation | None:
        return self._order(id_of(request.args.get("reservation_id", "")) or 0)

    def _order(self, order_id: int) -> Reservation | None:
        return db.session.scalars(select(Reservation).where(Reservation.id == order_id)).first()

    def check(self, record: Any, actor: Actor) -> None:
        """Everything that is not typed comes from the order and the money of now."""
        order = self._order(record.reservation_id)
        if order is None:
            raise NotFound("reservation")
        fill_from_order(db.session(), record, order)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """增减名 starts from the present buyers."""
        order = self._order(record.reservation_id)
        if new and record.kind is K.CO_BUYERS and order is not None:
            propose_present(db.session(), record, order)

    def offers(self, step: Any, record: Any) -> bool:
        """Nothing is executed, nor computed anew, while the contract has to be revoked first."""
        if step.target is not ChangeState.EXECUTED and step.name != "rework":
            return True
        contract = contract_to_revoke(db.session(), record)
        return contract is None or (step.name == "rework" and contract.state not in BEING_REVOKED)

    def due(self, record: Any, actor: Actor) -> Link | None:
        """更名 and 增减名 need the new buyers and the proof of kinship before they are submitted; a 补充协议 its signature."""
        if record.state is not ChangeState.DRAFT or record.kind not in BUYERS or not self.may_edit(record, actor):
            return None
        if not record.proposed:
            return Link(_("登记新买受人"), _buyer_url(record), icon="plus")
        lacks = proofs_for(record.relation) and record.proof not in proofs_for(record.relation)
        return Link(_("上传关系证明"), self.step_url(record.id, "prove"), icon="upload") if lacks else None

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """A further buyer; the order that replaced the old one."""
        acts = []
        if record.kind in BUYERS and self.may_edit(record, actor):
            acts.append(Link(_("登记新买受人"), _buyer_url(record), icon="plus"))
        return acts

    def note(self, record: Any, actor: Actor) -> Html:
        """Who has to act next, and what follows in the contract."""
        return note_of(record)

    def fact_groups_of(self, record: Any) -> tuple[tuple[Any, tuple[str, ...]], ...]:
        """Only what this kind fills is shown."""
        asked = tuple(fields_of(ChangeRequest)[name].shows for name in self.form_names(record))
        first = ("kind", "reservation", "unit", "customer_name", "owner_id")
        proof = ("proof",) if proofs_for(record.relation) and record.kind in BUYERS else ()
        rest = tuple(name for name in asked if name not in (*first, *LOAN))
        loan = LOAN if any(getattr(record, name) for name in LOAN) else ()
        shown_too = {
            "old_scheme": record.old_scheme_id,
            "old_due_on": record.old_due_on,
            "new_reservation": record.new_reservation_id,
        }
        more = tuple(name for name, value in shown_too.items() if value is not None)
        groups = (
            (L("要点"), (*first, *rest, *proof, *more)),
            (L("贷款"), loan),
            (L("办理"), ("approved_on", "executed_on", "executed_by")),
            (L("补充协议"), ("contract", "supplement_due_on", "supplement_signed_on") if record.contract_id else ()),
        )
        return tuple((title, names) for title, names in groups if names)


def _buyer_url(change: ChangeRequest) -> str:
    return f"/buyer/add?reservation_id={change.reservation_id}&change_id={change.id}"
