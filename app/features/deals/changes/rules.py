"""Which order a kind of change may be asked for, whose chain decides it, how the order ends by it (02 §2.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.features.deals.changes.models import EXTENSIONS, ChangeKind, Proof, Relation
from app.features.deals.contracts.models import ContractState
from app.features.deals.reservations.models import CloseKind, ReservationState
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.posts import Post

EFFECTIVE, SIGNED = ReservationState.EFFECTIVE, ReservationState.SIGNED
ON_PAPER_ONLY = frozenset({ContractState.DRAFT, ContractState.REVIEW, ContractState.APPROVED})
WITH_THE_AUTHORITY = frozenset({ContractState.FILED, ContractState.COLLECTED})
TOTAL_ON_FILE = frozenset(  # submitted to the authority: its total is changed by a new contract only
    {ContractState.ONLINE, ContractState.FILED, ContractState.COLLECTED, ContractState.REVOKING, ContractState.ACCEPTED}
)
GONE = frozenset({ContractState.VOID, ContractState.REVOKED})
TERMS_ENTERED = frozenset({ContractState.ENTERED, ContractState.SIGNED})  # with a 网签号 the terms are known there too
CASHIER = (Post.DEVELOPER_FINANCE,)
OFFICE = (Post.CLERK, Post.CONTRACT_OFFICER, Post.SUPERVISOR)


@dataclass(frozen=True)
class KindFacts:
    """chain: code of the approval kind; states: of the order; marks: what an approved change notes on the order, so that no
    contract is signed meanwhile and a signed one may be revoked."""

    chain: str
    states: tuple[ReservationState, ...]
    marks: CloseKind | None = None


K = ChangeKind
OF_THE_OFFICE = frozenset({K.CO_BUYERS, *EXTENSIONS})
FACTS: dict[ChangeKind, KindFacts] = {
    K.WITHDRAWAL: KindFacts("order_end", (EFFECTIVE,), CloseKind.WITHDRAWN),
    K.FORFEITURE: KindFacts("order_end", (EFFECTIVE,), CloseKind.FORFEITED),
    K.CANCELLATION: KindFacts("cancellation", (SIGNED,), CloseKind.CANCELLED),
    K.EXCHANGE: KindFacts("exchange", (EFFECTIVE, SIGNED), CloseKind.EXCHANGED),
    K.RENAME: KindFacts("rename", (EFFECTIVE, SIGNED), CloseKind.CHANGED),
    K.CO_BUYERS: KindFacts("co_buyers", (EFFECTIVE,), CloseKind.CHANGED),
    K.PAYMENT: KindFacts("payment_change", (EFFECTIVE, SIGNED)),
    K.LATER_SIGNING: KindFacts("extension", (EFFECTIVE,)),
    K.LATER_PAYMENT: KindFacts("extension", (EFFECTIVE, SIGNED)),
}


TASKS = {
    K.WITHDRAWAL: "执行退订并退款", K.FORFEITURE: "执行挞定", K.CANCELLATION: "执行退房并退款", K.EXCHANGE: "执行换房并转款",
    K.RENAME: "执行更名并换开收据", K.CO_BUYERS: "执行增减名", K.PAYMENT: "执行并重排付款计划", K.LATER_SIGNING: "执行延期",
    K.LATER_PAYMENT: "执行延期",
}  # fmt: skip
PROOFS = {  # which paper shows which relation (02 §2.2.3 relation proof)
    Relation.SPOUSE: (Proof.MARRIAGE, Proof.HOUSEHOLD),
    **dict.fromkeys((Relation.PARENT, Relation.CHILD), (Proof.HOUSEHOLD, Proof.BIRTH, Proof.NOTARY, Proof.AUTHORITY)),
    Relation.SIBLING: (Proof.HOUSEHOLD, Proof.NOTARY, Proof.AUTHORITY),
}


def executors_of(kind: ChangeKind) -> tuple[Post, ...]:
    """Who carries an approved change out: 甲方财务 where money or bills move, else the office (02 §2.2.3, 07)."""
    return OFFICE if kind in OF_THE_OFFICE else CASHIER


def task_of(kind: ChangeKind) -> str:
    """What is done then, as a verb."""
    return TASKS[kind]


def proofs_for(relation: Relation | None) -> tuple[Proof, ...]:
    """The papers of which one has to be uploaded; nothing for people who are not related: 甲方负责人 decides then."""
    return PROOFS.get(relation, ()) if relation is not None else ()


def kinds_for(state: ReservationState) -> tuple[ChangeKind, ...]:
    """What may be asked for of an order in this state, in the order of the list."""
    return tuple(kind for kind in ChangeKind if state in FACTS[kind].states)


def total_on_file(state: ContractState, online_no: str) -> bool:
    """Whether the authority knows the contract's total: in mode A from 网签录入 on, in mode B from 网签提交 (02 §2.2.2).

    The 网签号 tells them apart: mode B has none before 网签提交, whatever the parameter says by now.
    """
    return state in TOTAL_ON_FILE or (state in TERMS_ENTERED and bool(online_no))


def contract_obstacle(
    kind: ChangeKind, contract: ContractState | None, *, exchange_after_filing: bool, rename_after_filing: bool
) -> RuleError | None:
    """Why the order's contract (None: there is none) forbids the change; a drafted one never does (02 §2.2.3)."""
    if contract is None or contract in ON_PAPER_ONLY:
        return None
    if kind is K.EXCHANGE and contract in WITH_THE_AUTHORITY and not exchange_after_filing:
        return RuleError(
            "合同已备案，本项目备案后不办换房。可以先申请退房，批准后由签约按揭专员在合同页撤销备案，再认购新房；"
            "或由销管部打开参数「备案后可以换房」",
            field="kind",
        )
    if kind is K.RENAME and not rename_after_filing:
        return RuleError(
            "合同现在是「{state}」，本项目签约后不办更名。可以由销管部打开参数「签约备案后可以更名」，批准后由签约按揭专员撤销合同再执行；"
            "或先退房、撤销合同，由新客户重新认购",
            field="kind", state=contract.label,
        )  # fmt: skip
    if kind is K.CO_BUYERS:
        return RuleError(
            "增减名须在签约前办理，合同现在是「{state}」。可以先退房、由签约按揭专员撤销合同后重新认购，或领取不动产权证后由买受人自行办理变更登记",
            field="kind", state=contract.label,
        )  # fmt: skip
    return None


def require_waited(revoked_on: date | None, today: date, days: int) -> None:
    """更名 after 撤销备案 waits so many days. Raises RuleError with the first day on which it may be executed."""
    if revoked_on is not None and today < revoked_on + timedelta(days=days):
        first = revoked_on + timedelta(days=days)
        raise RuleError("合同撤销后须等待 {n} 天才能更名，最早 {day} 执行", n=days, day=first.isoformat())


def repriced_total(
    total: Decimal, public_total: Decimal, new_public_total: Decimal, *, discount_on_scheme: bool
) -> Decimal:
    """The deal total under another 付款方式: as agreed, unless a discount hung on the old or the new one; then the new public
    total less the concession in yuan that was granted (02 §2.2.3). Raises RuleError when nothing would be left.
    """
    if not discount_on_scheme:
        return total
    found = new_public_total - (public_total - total)
    if found <= 0:
        raise RuleError("重新计算的成交总价 {total} 元不大于零，请检查付款方式", total=format_amount(found))
    return found
