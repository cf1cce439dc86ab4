"""The line above a 变更申请: who has to act next, and what follows in the contract (02 §2.2.3)."""

from __future__ import annotations

from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import func, select

from app.extensions import db
from app.features.deals.changes.effects.revoking import contract_to_revoke, steps_left
from app.features.deals.changes.effects.supplements import contract_to_supplement, is_awaited
from app.features.deals.changes.models import ENDINGS, ChangeKind, ChangeRequest, ChangeState
from app.features.deals.changes.rules import executors_of, task_of
from app.features.deals.contracts.models import Contract
from app.features.payments.models import OrderAccount, Refund, RefundState
from app.features.payments.models.accounts import ORDER
from app.kernel.money import format_amount
from app.kernel.posts import POSTS
from app.kernel.screens.parts import Html
from app.kernel.words import shown

S = ChangeState


def note_of(change: ChangeRequest) -> Html:
    """Nothing where nobody waits."""
    if change.state is S.APPROVED:
        return _joined(_turn(change), _supplement_ahead(change))
    if change.state in (S.DRAFT, S.REVIEW):
        kept = _flat_kept(change) if change.kind is ChangeKind.EXCHANGE and change.new_reservation is not None else ""
        return _joined(kept, _who_buys(change), _revocation_ahead(change), _supplement_ahead(change))
    if change.state is S.EXECUTED and change.kind in ENDINGS:
        return _refunds_left(change)
    if change.state is S.EXECUTED and is_awaited(change):
        return _linked(
            _("合同 %(no)s 要签补充协议：请文员或签约按揭专员打印「补充协议」，双方签字盖章后点「登记补充协议签署」，%(day)s 前办妥，原件归档。"),
            change.contract, day=str(change.supplement_due_on),
        )  # fmt: skip
    return ""


def _refunds_left(change: ChangeRequest) -> str:
    """The money that 甲方财务 still has to pay back."""
    waiting = select(func.sum(Refund.amount)).join(OrderAccount, OrderAccount.id == Refund.account_id)
    of_order = (OrderAccount.reservation_id == change.reservation_id, OrderAccount.subject == ORDER)
    left = db.session.scalar(waiting.where(*of_order, Refund.state == RefundState.PENDING))
    return _("已执行，还有 %(amount)s 元待甲方财务退回原付款人。", amount=format_amount(left)) if left else ""


def _turn(change: ChangeRequest) -> Html:
    who = _("或").join(shown(POSTS[post].label) for post in executors_of(change.kind))
    what = shown(task_of(change.kind))
    contract = contract_to_revoke(db.session(), change)
    if contract is None:
        return _("已批准，待%(who)s%(what)s。", who=who, what=what)
    return _linked(
        _("已批准。请签约按揭专员先撤销合同 %(no)s（现在是「%(state)s」，在合同页办%(steps)s），再由%(who)s%(what)s。"),
        contract, state=shown(contract.state.label), steps="".join(map(shown, steps_left(contract))), who=who, what=what,
    )  # fmt: skip


def _revocation_ahead(change: ChangeRequest) -> Html:
    contract = contract_to_revoke(db.session(), change)
    if contract is None:
        return ""
    again = change.kind in (ChangeKind.PAYMENT, ChangeKind.RENAME)
    text = _("合同 %(no)s 现在是「%(state)s」：批准后先由签约按揭专员撤销合同，再执行%(kind)s。")
    words = {"state": shown(contract.state.label), "kind": shown(change.kind.label)}
    return _joined(_linked(text, contract, **words), _("执行后重新签约。") if again else "")


def _supplement_ahead(change: ChangeRequest) -> Html:
    contract = contract_to_supplement(db.session(), change)
    return _linked(_("合同 %(no)s 已签：执行后要签补充协议。"), contract) if contract is not None else ""


def _who_buys(change: ChangeRequest) -> str:
    """How names are added and taken off, while the list is open."""
    if change.kind is not ChangeKind.CO_BUYERS or change.state is not S.DRAFT:
        return ""
    return _("现在的买受人已列在「新买受人」里：加名点「登记新买受人」，减名点开那一位再点「删除」。")


def _flat_kept(change: ChangeRequest) -> str:
    if change.state is S.DRAFT:
        return ""
    if change.new_reservation.locked_at is None:
        return _("对调：%(unit)s 由另一位买受人持有，两份换房申请都批准后一起执行。", unit=change.new_unit.full_name)
    return _("%(unit)s 已为客户锁定，批准并执行后生效。", unit=change.new_unit.full_name)


def _linked(text: str, contract: Contract, **words: str) -> Markup:
    """The sentence with the contract's number as a link to it."""
    link = Markup('<a href="/contract/show/{}">{}</a>').format(contract.id, contract)
    return escape(text) % {"no": link, **words}


def _joined(*parts: Html) -> Html:
    return Markup(" ").join(part for part in parts if part)
