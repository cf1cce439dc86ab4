"""How does a 合同 move? Mode A enters terms with the authority before signing, mode B after (02 §2.2.2)."""

from __future__ import annotations

from typing import Any

from app.features.deals.changes.effects.executing import tell_after_revocation
from app.features.deals.changes.effects.revoking import ending_is_approved, no_other_total_waits, nothing_ends
from app.features.deals.changes.effects.supplements import end_supplements, supplements_are_signed
from app.features.deals.contracts import effects
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.contracts.taken_over import open_taken_over
from app.kernel.actors import Actor
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

(DRAFT, REVIEW, APPROVED, ENTERED, SIGNED, ONLINE, FILED, COLLECTED, REVOKING, ACCEPTED, REVOKED, VOID) = ContractState
OFFICE = (Post.CONTRACT_OFFICER, Post.CLERK)
BEFORE_SIGNING = (APPROVED, ENTERED)
WITH_THE_AUTHORITY = (ENTERED, SIGNED, ONLINE, FILED, COLLECTED)  # known there: 撤销 instead of 作废

approval_kind(
    "contract", "合同", Contract, Mode.IN_TURN, "销售主管 0\n案场经理 0\n甲方法务 0\n甲方现场负责人 不限",
    minutes=480, clock="office", need=effects.approval_need,
)  # fmt: skip


def _unset(name: str) -> Any:
    def shown(contract: Any, _actor: Actor) -> bool:
        return getattr(contract, name) is None

    return shown


def _on(label: str) -> Any:
    return ask("on", label, "date", default=lambda _contract: now().date())


def _number(*, required: bool = True) -> Any:
    """The printed number; one that is known already is not typed again."""
    return ask("contract_no", "合同号", required=required, default=lambda contract: contract.contract_no)


def _keeper(*, required: bool) -> Any:
    """Who keeps the U盾 with which the authority's system is signed."""
    return ask("keeper", "U盾保管人", required=required, default=lambda contract: contract.key_keeper)


CONTRACT_FLOW = flow(
    Contract,
    step("submit", "提交审核", DRAFT, REVIEW, by=OFFICE, tone="primary", guards=[effects.order_is_effective],
         then=[effects.give_number, opens("contract")]),
    *approval_steps("contract", REVIEW, approved=APPROVED, returned=DRAFT, refused=VOID, by=OFFICE),
    step("enter", "网签录入(草签)", APPROVED, ENTERED, by=OFFICE, shown=effects.terms_first, tone="primary",
         form=[ask("online_no", "网签号"), _number(required=False), _keeper(required=False)],
         guards=[effects.order_is_effective, no_other_total_waits], then=[effects.enter_terms]),
    step("papers", "按揭资料", (DRAFT, REVIEW, APPROVED, ENTERED), None, by=[Post.CONTRACT_OFFICER], shown=effects.has_loan,
         form=[ask("complete", "资料已齐", "checkbox", required=False, default=lambda contract: contract.papers_complete),
               ask("promised_on", "承诺齐件日", "date", required=False, default=lambda contract: contract.papers_promised_on)],
         then=[effects.note_papers]),
    step("buyer_sign", "买方签署", BEFORE_SIGNING, None, by=OFFICE, form=[_on("签署日期")],
         shown=_unset("buyer_signed_on"), then=[effects.note_buyer]),
    step("seller_seal", "甲方盖章", BEFORE_SIGNING, None, by=[Post.DEVELOPER_SITE], form=[_on("盖章日期")],
         shown=_unset("seller_sealed_on"), then=[effects.note_seller]),
    step("sign", "签约完成", ENTERED, SIGNED, by=[Post.CONTRACT_OFFICER], tone="primary",
         form=[_on("签约日期"), _number(required=False)],
         guards=[effects.order_is_effective, effects.days_in_order, effects.both_sides_signed, effects.signing_condition_met],
         then=[effects.sign]),
    step("sign_on_paper", "签约完成", APPROVED, SIGNED, by=[Post.CONTRACT_OFFICER], tone="primary", shown=effects.signed_first,
         form=[_on("签约日期"), _number()],
         guards=[effects.order_is_effective, effects.days_in_order, effects.both_sides_signed, effects.signing_condition_met],
         then=[effects.sign]),
    *(step(name, "期初接管", DRAFT, state, internal=True, then=[open_taken_over])
      for name, state in (("take_over_signed", SIGNED), ("take_over_online", ONLINE), ("take_over_filed", FILED))),
    step("go_online", "网签提交", SIGNED, ONLINE, by=[Post.CONTRACT_OFFICER], tone="primary",
         form=[_on("网签日期"), ask("online_no", "网签号", required=False, default=lambda contract: contract.online_no), _keeper(required=False)],
         guards=[nothing_ends, no_other_total_waits, effects.days_in_order], then=[effects.note_online]),
    step("file", "备案", ONLINE, FILED, by=[Post.CONTRACT_OFFICER], tone="primary",
         form=[_on("备案日期"), ask("filed_no", "备案号")], guards=[nothing_ends, effects.days_in_order], then=[effects.note_filing]),
    step("collect", "领取", FILED, COLLECTED, by=OFFICE, form=[_on("领取日期")],
         guards=[nothing_ends, effects.days_in_order, supplements_are_signed], then=[effects.note_collection]),
    step("hand_key", "U盾交接", (APPROVED, *WITH_THE_AUTHORITY), None, by=OFFICE, form=[_keeper(required=True)], then=[effects.hand_key]),
    step("change_payment", "变更付款方式", WITH_THE_AUTHORITY, None, internal=True, then=[effects.change_payment]),
    step("revoke", "申请撤销", WITH_THE_AUTHORITY, REVOKING, by=[Post.CONTRACT_OFFICER], reason=True, tone="risk",
         guards=[ending_is_approved], then=[effects.end_alert]),
    step("accept_revocation", "房管受理", REVOKING, ACCEPTED, by=[Post.CONTRACT_OFFICER]),
    step("revoked", "撤销完成", ACCEPTED, REVOKED, by=[Post.CONTRACT_OFFICER], tone="risk", then=[effects.note_revoked, tell_after_revocation, end_supplements]),
    step("void", "作废", (DRAFT, APPROVED), VOID, by=OFFICE, reason=True, tone="risk"),
    step("void_with_order", "随认购书作废", (DRAFT, REVIEW, APPROVED), VOID, internal=True, then=[effects.end_request]),
    normal=(DRAFT, REVIEW, APPROVED, ENTERED, SIGNED, ONLINE, FILED, COLLECTED),
)  # fmt: skip
