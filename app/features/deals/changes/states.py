"""How does a 变更申请 move? Approve and execute are different acts (02 §2.2.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.features.deals.changes.effects import (
    buyers,
    endings,
    exchange,
    executing,
    extension,
    filling,
    payment,
    revoking,
    steps,
    supplements,
)
from app.features.deals.changes.models import ENDINGS, EXTENSIONS, ChangeKind, ChangeRequest, ChangeState, Proof
from app.features.deals.changes.rules import CASHIER, FACTS, OFFICE, proofs_for
from app.kernel.actors import Actor
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import Act, Effect, Step, flow, step

DRAFT, REVIEW, APPROVED, EXECUTED, REFUSED, VOID = ChangeState
K = ChangeKind
ASKERS = (Post.CONSULTANT, Post.SUPERVISOR, Post.CLERK)

CHAINS = {  # code: label, chain; 甲方财务, the last post of 02 §2.2.3, executes
    "order_end": ("退订、挞定", "销售主管 0\n案场经理 0\n甲方负责人 不限"),
    "cancellation": ("退房", "销售主管 0\n案场经理 0\n项目经理 0\n甲方负责人 不限"),
    "exchange": ("换房", "销售主管 0\n案场经理 0\n甲方现场负责人 不限\n甲方负责人 不限"),
    "rename": ("更名", "销售主管 0\n案场经理 0\n项目经理 0\n甲方负责人 不限"),
    "co_buyers": ("增减名", "销售主管 0\n案场经理 0\n甲方现场负责人 不限\n甲方负责人 不限"),
    "payment_change": ("变更付款方式", "销售主管 0\n案场经理 0\n甲方现场负责人 不限"),
}
for code, (label, chain) in CHAINS.items():
    approval_kind(
        code, label, ChangeRequest, Mode.IN_TURN, chain, need=steps.approval_need, content=steps.APPLICANT_FIELDS,
        content_before=(steps.BEFORE_PROOFS,), afterwards=executing.told_afterwards,
    )  # fmt: skip
approval_kind(
    "extension", "延期", ChangeRequest, Mode.DIRECT, "销售主管 3\n甲方现场负责人 7\n甲方负责人 不限", unit="天", minutes=30, clock="site",
    need=steps.approval_need, content=steps.APPLICANT_FIELDS, content_before=(steps.BEFORE_PROOFS,),
    afterwards=executing.told_afterwards,
)  # fmt: skip


def _decided_by(code: str) -> Any:
    def shown(change: ChangeRequest, _actor: Actor) -> bool:
        return FACTS[change.kind].chain == code

    return shown


def _is(*kinds: ChangeKind) -> Any:
    def shown(change: ChangeRequest, _actor: Actor) -> bool:
        return change.kind in kinds

    return shown


def _only(kind: ChangeKind | frozenset[ChangeKind], effect: Effect) -> Effect:
    """The effect (or guard) of some kinds among those that a step serves."""
    kinds = kind if isinstance(kind, frozenset) else frozenset({kind})

    def for_kind(act: Act) -> None:
        if act.document.kind in kinds:
            effect(act)

    return for_kind


BUYERS = frozenset({K.RENAME, K.CO_BUYERS})


def _proves_kinship(change: ChangeRequest, _actor: Actor) -> bool:
    return change.kind in BUYERS and bool(proofs_for(change.relation))


def _proofs_offered(change: ChangeRequest) -> tuple[tuple[str, str], ...]:
    return tuple((one.value, one.label) for one in proofs_for(change.relation))


def _lacks_supplement(change: ChangeRequest, _actor: Actor) -> bool:
    return supplements.is_awaited(change)


def _submit(code: str) -> Step:
    """One button for whatever is asked: the kind decides whose decision it is."""
    return step(
        "submit" if code == "order_end" else f"submit_{code}", "提交审批", DRAFT, REVIEW, by=ASKERS, tone="primary",
        shown=_decided_by(code), guards=[filling.is_current, _only(BUYERS, buyers.buyers_are_proposed), _only(BUYERS, buyers.kinship_is_proven)],
        then=[steps.give_number, _only(K.EXCHANGE, exchange.begin), opens(code)],
    )  # fmt: skip


def _decision(code: str) -> Iterator[Step]:
    yield _submit(code)
    yield from approval_steps(
        code, REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=ASKERS, then=(steps.note_approval,),
        then_return=(exchange.let_go,), then_refuse=(exchange.let_go,),
    )  # fmt: skip


def _execute(
    name: str, kinds: frozenset[ChangeKind], effect: Effect, *, by: tuple[Post, ...], confirm: str = "", **more: Any
) -> Step:
    """Executing is an act of its own: guards once more, then everything in one transaction."""
    return step(name, "执行", APPROVED, EXECUTED, by=by, tone="primary", shown=_is(*kinds), confirm=confirm,
                then=[*more.pop("before", ()), effect, steps.note_execution], **more)  # fmt: skip


CHANGE_FLOW = flow(
    ChangeRequest,
    step("prove", "上传关系证明", DRAFT, None, by=ASKERS, shown=_proves_kinship, then=[buyers.note_proof],
         form=[ask("proof", "证明", "choice", choices=Proof, offers=_proofs_offered), ask("file", "关系证明扫描件", "file")]),
    *(line for code in (*CHAINS, "extension") for line in _decision(code)),
    _execute("execute", ENDINGS, endings.execute, by=CASHIER, confirm="执行后认购书关闭、房源恢复可售，不能撤回。",
             guards=[revoking.contract_is_revoked, endings.sums_are_those_approved], before=[revoking.void_drafted_contract]),
    _execute("execute_exchange", frozenset({K.EXCHANGE}), exchange.execute, by=CASHIER, guards=[revoking.contract_is_revoked],
             form=[ask("signed_on", "客户签新认购书日期", "date", default=lambda _change: now().date())]),
    _execute("execute_rename", frozenset({K.RENAME}), buyers.execute, by=CASHIER, confirm="执行后买受人变更，收据请换开。",
             guards=[revoking.contract_is_revoked]),
    _execute("execute_co_buyers", frozenset({K.CO_BUYERS}), buyers.execute, by=OFFICE, confirm="执行后买受人变更。",
             guards=[revoking.contract_is_revoked]),
    _execute("execute_payment", frozenset({K.PAYMENT}), payment.execute, by=CASHIER, guards=[revoking.contract_is_revoked], confirm="执行后未付的应收按新付款方式重排。"),
    _execute("execute_extension", EXTENSIONS, extension.execute, by=OFFICE, confirm="执行后按新日期计算。"),
    step("execute_with_partner", "对调执行", APPROVED, EXECUTED, internal=True, then=[steps.note_execution]),
    step("sign_supplement", "登记补充协议签署", EXECUTED, None, by=supplements.DESK, tone="primary", shown=_lacks_supplement,
         form=[ask("on", "签署日期", "date", default=lambda _change: now().date()), ask("file", "签好的补充协议扫描件", "file")],
         then=[supplements.note_supplement]),
    step("rework", "退回重算", APPROVED, DRAFT, by=[*CASHIER, *ASKERS], reason=True, guards=[revoking.revocation_is_over],
         then=[steps.unmark_order, exchange.let_go]),
    step("void", "作废", (DRAFT, APPROVED), VOID, by=ASKERS, reason=True, tone="risk",
         guards=[revoking.contract_is_untouched], then=[steps.unmark_order, exchange.let_go]),
    normal=(DRAFT, REVIEW, APPROVED, EXECUTED),
)  # fmt: skip
