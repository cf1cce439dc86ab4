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
from tests.features.deals.test_change_duties import CO, effective, nine_nine, notices, supplemented
from tests.features.deals.test_changes import ID_2, JFS_CHAIN, LEAD_CHAIN, healthy
from tests.features.deals.test_contract_walk import filed, put, revoked
from tests.features.handover.homes import changed
from tests.kernel.papers.words import told

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


@pytest.mark.parametrize("kind", [K.CANCELLATION, K.EXCHANGE, K.RENAME])
def test_a_flat_handed_over_does_not_go_back(cast: Cast, kind: ChangeKind) -> None:
    order = discounted(cast)
    filed(cast, order)
    handed(cast, order)
    with pytest.raises(RuleError, match=f"已交付，不能再办理{kind.label}；确需解除合同的，请填疑难单报甲方负责人"):
        o.change(cast, order, kind)


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


# ── who is asked, and when he is asked no more ──────────────
def unread(cast: Cast, login: str, url: str) -> list[str]:
    return [n.title for n in notices(cast, login) if n.url == url and n.read_at is None]


def test_the_officer_is_asked_no_more_once_the_contract_is_revoked(cast: Cast) -> None:
    order = effective(cast)
    contract = filed(cast, order)
    o.agreed(cast, o.change(cast, order, K.CANCELLATION, FaultOf.NOBODY), "submit_cancellation", *LEAD_CHAIN)
    url = f"/contract/show/{contract.id}"
    assert [title.partition("：")[0] for title in unread(cast, CO, url)] == ["请撤销合同 HT-1"]
    revoked(cast, contract)
    assert unread(cast, CO, url) == []


def test_the_officer_is_asked_no_more_once_the_change_is_voided(cast: Cast) -> None:
    order = effective(cast)
    contract = filed(cast, order)
    paper = o.agreed(cast, o.change(cast, order, K.CANCELLATION, FaultOf.NOBODY), "submit_cancellation", *LEAD_CHAIN)
    o.step(cast, paper, "void", "consultant1", note="不退了")
    assert unread(cast, CO, f"/contract/show/{contract.id}") == []


def test_one_of_several_posts_executes(cast: Cast, client_as: Any) -> None:
    order = effective(cast)
    paper = o.step(
        cast, o.change(cast, order, K.LATER_SIGNING, new_due_on=o.today(9)), "submit_extension", "consultant1"
    )
    o.decided(cast, paper, "supervisor")
    assert "由案场文员或签约按揭专员或销售主管执行延期" in notices(cast, "consultant1")[-1].body
    assert "待案场文员或签约按揭专员或销售主管" in client_as("consultant1").get(f"/change-request/show/{paper.id}").text


def test_nobody_waits_for_a_supplement_to_a_revoked_contract(cast: Cast, client_as: Any) -> None:
    order, contract, paper = supplemented(cast)
    url = f"/change-request/show/{paper.id}"
    assert unread(cast, "clerk", url)
    o.agreed(cast, o.change(cast, order, K.CANCELLATION, FaultOf.NOBODY), "submit_cancellation", *LEAD_CHAIN)
    revoked(cast, contract)
    changed(cast, paper, supplement_due_on=o.today(-1))
    clerk = client_as("clerk")
    assert "份补充协议" not in clerk.get("/").text
    for chip in ("supplement", "late-supplement"):
        assert paper.number not in clerk.get(f"/change-request/list/?chip={chip}").text
    page = clerk.get(url).text
    assert "要签补充协议" not in page and "登记补充协议签署" not in page
    assert unread(cast, "clerk", url) == []


# ── the printed 补充协议 ────────────────────────────────────
def printed(cast: Cast, paper: ChangeRequest) -> str:
    with acting_as(SYSTEM):
        return told(cast.session, o.fresh(cast, ChangeRequest, paper.id))["change_supplement"]


def test_a_supplement_tells_the_total_that_was_signed_and_its_own_plan(cast: Cast) -> None:
    order = discounted(cast)
    signed_on_paper(cast, order)
    first = o.step(cast, agreed(cast, to_another_total(cast, order)), "execute_payment", CASHIER)
    text = printed(cast, first)
    assert "合同总价 1,134,524.00 元，人民币壹佰壹拾叁万肆仟伍佰贰拾肆元整" in text
    assert "合同总价由 1,134,524.00 元变更为 1,145,984.00 元" in text and "变更后的付款计划（含已付款项）如下" in text
    assert "1,125,984.00" in text
    again = o.change(cast, order, K.PAYMENT, new_scheme_id=first.old_scheme_id)
    second = o.step(cast, agreed(cast, again), "execute_payment", CASHIER)
    assert "1,114,524.00" in printed(cast, second)
    assert printed(cast, first) == text
