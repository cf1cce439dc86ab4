"""Changes and the contract beside them: what moved between approval and execution, what can no longer follow (02 §2.2.2, §2.2.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState, FaultOf, Relation
from app.features.deals.changes.rules import FACTS, total_on_file
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.payments.effects import account_of
from app.features.payments.models import FundKind
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.records import ApprovalPolicy
from app.kernel.approval.routing import Mode
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire
from tests.cast import Cast
from tests.factories import LONG_AGO, saved
from tests.features.deals import loans
from tests.features.deals import orders as o
from tests.features.deals.test_change_duties import CO, effective, nine_nine
from tests.features.deals.test_changes import ID_2, JFS_CHAIN, LEAD_CHAIN, healthy
from tests.features.deals.test_contract_walk import filed, put, revoked
from tests.features.handover.homes import changed

K = ChangeKind
CASHIER = "developer_finance"


def approved_contract(cast: Cast, order: Reservation) -> Contract:
    paper = o.step(cast, o.contract(cast, order), "submit", CO)
    for login in ("supervisor", "site_manager", "developer_site"):
        paper = o.decided(cast, paper, login)
    return paper


def signed_on_paper(cast: Cast, order: Reservation) -> Contract:
    """Mode B: signed, the authority knows nothing yet."""
    put(cast, "contract_mode", "B")
    paper = approved_contract(cast, order)
    o.step(cast, paper, "buyer_sign", CO, on=o.today())
    o.step(cast, paper, "seller_seal", "developer_site", on=o.today())
    o.paid(cast, order, str((order.total or Decimal(0)) - Decimal(20000)), FundKind.PRICE)
    return o.step(cast, paper, "sign_on_paper", CO, on=o.today(), contract_no="HT-1")


def to_another_total(cast: Cast, order: Reservation) -> ChangeRequest:
    """变更付款方式 to 一次性 without the discount that the order has."""
    return o.change(cast, order, K.PAYMENT, new_scheme_id=o.scheme(cast).id)


def agreed(cast: Cast, paper: ChangeRequest) -> ChangeRequest:
    return o.agreed(cast, paper, "submit_payment_change", *JFS_CHAIN)


def discounted(cast: Cast) -> Reservation:
    return o.effective(cast, o.unit(cast), o.customer(cast), nine_nine(cast))


# ── the contract moves between approval and execution ───────
def test_a_contract_is_not_submitted_to_the_authority_before_the_new_total(cast: Cast) -> None:
    order = discounted(cast)
    contract = signed_on_paper(cast, order)
    paper = agreed(cast, to_another_total(cast, order))
    assert o.fresh(cast, Reservation, order.id).ends_as is None, "mode B: nothing is with the authority yet"
    with pytest.raises(RuleError, match=f"已批准变更付款方式（{paper.number}），请先执行再网签提交"):
        o.step(cast, contract, "go_online", CO, on=o.today(), online_no="WQ-1")
    paper = o.step(cast, paper, "execute_payment", CASHIER)
    assert paper.contract_id == contract.id, "a supplement to what was signed"
    contract = o.step(cast, contract, "go_online", CO, on=o.today(), online_no="WQ-1")
    assert contract.total == paper.new_total
    healthy(cast)


def test_terms_are_not_entered_before_the_new_total(cast: Cast) -> None:
    order = discounted(cast)
    contract = approved_contract(cast, order)
    paper = agreed(cast, to_another_total(cast, order))
    with pytest.raises(RuleError, match="请先执行再网签录入"):
        o.step(cast, contract, "enter", CO, online_no="WQ-1")
    o.step(cast, paper, "execute_payment", CASHIER)
    assert o.fresh(cast, Contract, contract.id).state is ContractState.VOID


def test_the_same_total_keeps_nobody_waiting(cast: Cast) -> None:
    order = loans.effective(cast)
    contract = loans.signed(cast, order)
    agreed(cast, o.change(cast, order, K.PAYMENT, new_scheme_id=o.scheme(cast).id))
    contract = o.step(cast, contract, "go_online", CO, on=o.today(), online_no="WQ-1")
    assert contract.state is ContractState.ONLINE


def test_a_total_on_file_is_not_overwritten(cast: Cast) -> None:
    contract = filed(cast, effective(cast))
    actor = cast.actor(CO)
    with acting_as(SYSTEM), pytest.raises(RuleError, match="须先撤销合同才能变更总价"):
        fire(cast.session, contract, "change_payment", actor, internal=True, scheme_id=contract.scheme_id,
             total=contract.total - 1, unit_price=contract.unit_price)  # fmt: skip


# ── mode A: the authority knows the terms from 网签录入 on ──
@pytest.mark.parametrize("stage", [ContractState.ENTERED, ContractState.SIGNED])
def test_what_was_entered_is_revoked_for_another_total(cast: Cast, client_as: Any, stage: ContractState) -> None:
    order = discounted(cast)
    contract = o.entered(cast, order) if stage is ContractState.ENTERED else o.signed(cast, order)
    paper = agreed(cast, to_another_total(cast, order))
    assert o.fresh(cast, Reservation, order.id).ends_as is CloseKind.CHANGED
    cashier, inbox = client_as(CASHIER), "/change-request/list/?chip=execute"
    assert paper.number not in cashier.get(inbox).text
    with pytest.raises(RuleError, match="请签约按揭专员在合同页办「申请撤销」"):
        o.step(cast, paper, "execute_payment", CASHIER)
    revoked(cast, contract)
    assert paper.number in cashier.get(inbox).text
    paper = o.step(cast, paper, "execute_payment", CASHIER)
    after = o.fresh(cast, Reservation, order.id)
    assert (after.state, after.total, after.ends_as) == (ReservationState.EFFECTIVE, paper.new_total, None)
    assert o.fresh(cast, Contract, contract.id).total == paper.old_total
    healthy(cast)


@pytest.mark.parametrize(
    ("state", "online_no", "known"),
    [("approved", "", False), ("entered", "WQ-1", True), ("signed", "WQ-1", True), ("signed", "", False), ("online", "", True)],
)  # fmt: skip
def test_the_number_tells_whether_the_total_is_on_file(state: str, online_no: str, known: bool) -> None:
    assert total_on_file(ContractState(state), online_no) is known


# ── what can no longer follow ───────────────────────────────
def paid_back(cast: Cast, order: Reservation) -> None:
    """The account as a 面积补差 leaves it that paid 100 yuan back."""

    def work() -> None:
        account = account_of(cast.session(), order.id)
        with as_step(cast.session):
            account.total -= Decimal(100)
            cast.session.flush()

    with acting_as(SYSTEM):
        write(cast.session, work)


def test_money_of_the_area_is_not_billed_again(cast: Cast) -> None:
    order = loans.effective(cast)
    loans.signed(cast, order)
    lump = o.scheme(cast)
    paper = agreed(cast, o.change(cast, order, K.PAYMENT, new_scheme_id=lump.id))
    paid_back(cast, order)
    with pytest.raises(RuleError, match="已办面积补差退款"):
        o.step(cast, paper, "execute_payment", CASHIER)
    o.step(cast, paper, "void", "consultant1", note="不办了")
    with pytest.raises(RuleError, match="请先与甲方财务核对") as refused:
        o.change(cast, order, K.PAYMENT, new_scheme_id=lump.id)
    assert refused.value.field == "new_scheme_id"


def handed(cast: Cast, order: Reservation) -> None:
    with acting_as(SYSTEM):
        flat = cast.session.get(Unit, order.unit_id)
    changed(cast, flat, state=UnitState.HAND)


def test_a_flat_handed_over_keeps_its_total(cast: Cast) -> None:
    order = discounted(cast)
    contract = filed(cast, order)
    paper = agreed(cast, to_another_total(cast, order))
    handed(cast, order)
    with pytest.raises(RuleError, match="房屋已交付，总价不能再变更"):
        o.step(cast, contract, "revoke", CO, note="已批变更")
    o.step(cast, paper, "void", "consultant1", note="不办了")
    with pytest.raises(RuleError, match="房屋已交付，总价不能再变更") as refused:
        o.change(cast, order, K.PAYMENT, new_scheme_id=paper.new_scheme_id)
    assert refused.value.field == "new_scheme_id"


def test_after_a_revocation_a_change_of_a_flat_handed_over_is_not_voided(cast: Cast) -> None:
    order = discounted(cast)
    contract = filed(cast, order)
    paper = agreed(cast, to_another_total(cast, order))
    revoked(cast, contract)
    handed(cast, order)
    with pytest.raises(RuleError, match="房屋已交付"):
        o.step(cast, paper, "execute_payment", CASHIER)
    with pytest.raises(RuleError, match="只能办完"):
        o.step(cast, paper, "void", "consultant1", note="不办了")


# ── what is to be revoked is not carried on ─────────────────
@pytest.mark.parametrize(
    ("step", "form"), [("go_online", {"online_no": "WQ-1"}), ("file", {"filed_no": "BA-1"}), ("collect", {})]
)
def test_what_has_to_be_revoked_is_not_carried_on(cast: Cast, step: str, form: dict[str, str]) -> None:
    order = effective(cast)
    contract = o.signed(cast, order)
    for name, number in (("go_online", {"online_no": "WQ-1"}), ("file", {"filed_no": "BA-1"})):
        if step == name:
            break
        contract = o.step(cast, contract, name, CO, on=o.today(), **number)
    paper = o.agreed(cast, o.change(cast, order, K.CANCELLATION, FaultOf.NOBODY), "submit_cancellation", *LEAD_CHAIN)
    assert paper.state is ChangeState.APPROVED
    with pytest.raises(RuleError, match="已批准退房，合同要先撤销，不能再办"):
        o.step(cast, contract, step, CO, on=o.today(), **form)


def test_without_a_change_nothing_is_revoked(cast: Cast) -> None:
    contract = o.signed(cast, effective(cast))
    with pytest.raises(RuleError, match="须有已批的退房、换房、更名或变更付款方式申请"):
        o.step(cast, contract, "revoke", CO, note="撤销")


# ── kinship proof or 甲方负责人 ─────────────────────────────
@pytest.mark.parametrize("kind", [K.RENAME, K.CO_BUYERS])
def test_a_stranger_is_the_leads_decision_whatever_chain_a_site_has_written(cast: Cast, kind: ChangeKind) -> None:
    saved(cast.session, ApprovalPolicy(
        kind=FACTS[kind].chain, revision=1, mode=Mode.IN_TURN, chain="销售主管 0\n案场经理 不限", minutes=60, effective_from=LONG_AGO,
    ))  # fmt: skip
    order = effective(cast)
    asked: dict[str, Any] = {"relation": Relation.NONE, "consent_on": o.today()}
    if kind is K.RENAME:
        asked["new_customer_id"] = o.customer(cast, "consultant1", "10000007777", "李娜").id
    paper = o.change(cast, order, kind, proof=False, **asked)
    o.proposed(cast, paper, "李娜", ID_2)
    paper = o.agreed(cast, paper, f"submit_{FACTS[kind].chain}", "supervisor", "site_manager")
    assert paper.state is ChangeState.REVIEW
    assert o.decided(cast, paper, "developer_lead").state is ChangeState.APPROVED
