"""What a change asks for besides its decision: one at a time, proofs, the executor, 补充协议, loans that end (02 §2.2.2, §2.2.3)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.features.archive.models import Medium, PaperState
from app.features.archive.papers.models import Paper
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState, FaultOf, Proof, Relation
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.mortgages.models import LoanKind, MortgageState
from app.features.deals.reservations.models import CloseKind, Ownership, Reservation, ReservationState
from app.features.payments.effects import account_of
from app.features.payments.models import Receivable
from app.features.pricing.models import PaymentScheme, SchemeKind, SchemeState
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Received, files_of
from app.kernel.errors import RuleError
from app.kernel.notices.records import Notice
from app.kernel.transactions import write
from app.kernel.workflow import history
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import loans
from tests.features.deals import orders as o
from tests.features.deals.test_changes import ID_2, JFS_CHAIN, LEAD_CHAIN, healthy
from tests.features.deals.test_contract_walk import filed, revoked
from tests.kernel.papers.words import told

K = ChangeKind
CO = "contract_officer"
SCAN = Received("补充协议.pdf", "application/pdf", 3, "0" * 64)


def effective(cast: Cast) -> Reservation:
    return o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))


def nine_nine(cast: Cast) -> PaymentScheme:
    """一次性 with a discount of its own: a change to or from it changes the total."""
    return saved(cast.session, PaymentScheme(
        project_id=cast.project_ids["a"], name="一次性九九折", kind=SchemeKind.LUMP_SUM, lump_sum_days=7, discount=Decimal("0.99"),
        deposit=Decimal(20000), state=SchemeState.ACTIVE,
    ))  # fmt: skip


def notices(cast: Cast, login: str) -> list[Notice]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        query = select(Notice).where(Notice.person_id == cast.person_ids[login]).order_by(Notice.id)
        return list(cast.session.scalars(query))


# ── one change at a time ────────────────────────────────────
@pytest.mark.parametrize("stage", ["draft", "review", "approved"])
def test_a_second_change_is_not_even_begun(cast: Cast, client_as: Any, stage: str) -> None:
    order = loans.effective(cast)
    loans.signed(cast, order)
    mortgage = o.step(cast, loans.loans_of(cast, order)[LoanKind.BANK], "refuse", CO, note="征信不良", on=o.today())
    paper = o.change(cast, order, K.CANCELLATION, FaultOf.NOBODY)
    if stage != "draft":
        paper = o.agreed(cast, paper, "submit_cancellation", *(LEAD_CHAIN if stage == "approved" else ()))
    seller = client_as("consultant1")
    page = seller.get(f"/mortgage/show/{mortgage.id}").text
    assert "kind=payment" not in page and f"/change-request/show/{paper.id}" in page
    assert "换一家银行" not in client_as(CO).get(f"/mortgage/show/{mortgage.id}").text
    for address in (
        f"/change-request/add?reservation_id={order.id}",
        f"/change-request/add?reservation_id={order.id}&kind=payment",
    ):
        page = seller.get(address).text
        assert "同时只办一件" in page and f'href="/change-request/show/{paper.id}"' in page
        assert 'name="reason"' not in page and 'type="radio"' not in page
    with acting_as(SYSTEM):
        name = re.escape(str(paper))
    with pytest.raises(RuleError, match=f"已有一份退房在办（{name}，{paper.state.label}）"):
        o.change(cast, order, K.PAYMENT, new_scheme_id=o.scheme(cast).id)


def test_a_kind_that_the_contract_forbids_says_why_and_what_to_do(cast: Cast, client_as: Any) -> None:
    order = effective(cast)
    filed(cast, order)
    page = client_as("consultant1").get(f"/change-request/add?reservation_id={order.id}").text
    for words in ("本项目签约后不办更名", "备案后不办换房", "由签约按揭专员在合同页撤销备案"):
        assert words in page, words
    assert page.count("disabled") >= 2
    refused = client_as("consultant1").get(f"/change-request/add?reservation_id={order.id}&kind=rename").text
    assert "打开参数「签约备案后可以更名」" in refused and 'name="reason"' not in refused


@pytest.mark.parametrize(
    ("kind", "fault"), [(K.WITHDRAWAL, "nobody"), (K.FORFEITURE, "buyer"), (K.CANCELLATION, "buyer")]
)
def test_an_ending_is_written_on_its_page(cast: Cast, client_as: Any, kind: ChangeKind, fault: str) -> None:
    """Share and fee are left out or empty: nothing is kept of them."""
    order = effective(cast)
    if kind is K.CANCELLATION:
        o.signed(cast, order)
    typed = {
        "reservation_id": order.id,
        "fault": fault,
        "fee": "",
        "penalty_share": "",
        "interest": "",
        "reason": "不买了",
    }
    answer = client_as("consultant1").post(f"/change-request/add?kind={kind.value}", data=typed)
    assert answer.status_code == 302, answer.text
    with acting_as(SYSTEM):
        cast.session.rollback()
        paper = cast.session.scalars(select(ChangeRequest)).one()
        assert (paper.kind, paper.penalty, paper.fee) == (kind, Decimal(0), Decimal(0))


# ── who executes ────────────────────────────────────────────
def test_the_executor_is_told_and_has_it_among_his_duties(cast: Cast, client_as: Any) -> None:
    order = effective(cast)
    paper = o.approved_change(cast, order, K.WITHDRAWAL, FaultOf.NOBODY)
    page = client_as("consultant1").get(f"/change-request/show/{paper.id}").text
    assert "已批准，待甲方财务执行退订并退款" in page
    asked = [n for n in notices(cast, "developer_finance") if n.url == f"/change-request/show/{paper.id}"]
    assert [n.title.partition("：")[0] for n in asked] == ["待执行"]
    answer = notices(cast, "consultant1")[-1]
    assert "接下来：由甲方财务执行退订并退款" in answer.body
    cashier = client_as("developer_finance")
    assert "1 份变更已批准，待你执行" in cashier.get("/").text
    assert paper.number in cashier.get("/change-request/list/?chip=execute").text
    assert paper.number not in client_as("clerk").get("/change-request/list/?chip=execute").text
    o.step(cast, paper, "execute", "developer_finance")
    assert "还有 20,000.00 元待甲方财务退回原付款人" in cashier.get(f"/change-request/show/{paper.id}").text
    assert "待你执行" not in cashier.get("/").text
    assert all(n.read_at for n in notices(cast, "developer_finance") if n.url == f"/change-request/show/{paper.id}")


def test_the_contract_officer_revokes_before_the_cashier_is_asked(cast: Cast, client_as: Any) -> None:
    order = effective(cast)
    contract = o.signed(cast, order)
    paper = o.agreed(cast, o.change(cast, order, K.CANCELLATION, FaultOf.NOBODY), "submit_cancellation", *LEAD_CHAIN)
    page = client_as("consultant1").get(f"/change-request/show/{paper.id}").text
    assert "请签约按揭专员先撤销合同" in page and f'href="/contract/show/{contract.id}"' in page
    officer = client_as(CO)
    assert "1 份合同待撤销" in officer.get("/").text
    assert contract.number in officer.get("/contract/list/?chip=revoke").text
    page = officer.get(f"/contract/show/{contract.id}").text
    assert f'href="/change-request/show/{paper.id}"' in page and "请签约按揭专员办「申请撤销」" in page
    assert "/contract/step/go_online/" not in page, "what has to be revoked is not carried on"
    assert (
        "/change-request/step/execute/"
        not in client_as("developer_finance").get(f"/change-request/show/{paper.id}").text
    )
    assert "待你执行" not in client_as("developer_finance").get("/").text
    with pytest.raises(RuleError, match="请签约按揭专员在合同页办「申请撤销」「房管受理」「撤销完成」"):
        o.step(cast, paper, "execute", "developer_finance")
    revoked(cast, contract)
    assert "待你执行" in client_as("developer_finance").get("/").text
    assert any(n.title.startswith("待执行") for n in notices(cast, "developer_finance"))


# ── proof of kinship ────────────────────────────────────────
def test_relatives_prove_their_kinship(cast: Cast, client_as: Any) -> None:
    order = effective(cast)
    heir = o.customer(cast, "consultant1", "10000007777", "王小明")
    asked = {"new_customer_id": heir.id, "relation": Relation.CHILD, "consent_on": o.today()}
    paper = o.change(cast, order, K.RENAME, proof=False, **asked)
    o.proposed(cast, paper, "王小明", ID_2)
    page = client_as("consultant1").get(f"/change-request/show/{paper.id}").text
    assert f"/change-request/step/prove/{paper.id}" in page
    with pytest.raises(RuleError, match="与原买受人是子女，请点「上传关系证明」上传户口簿、出生医学证明"):
        o.step(cast, paper, "submit_rename", "consultant1")
    with pytest.raises(RuleError, match="子女的关系证明请上传"):
        o.step(cast, paper, "prove", "consultant1", proof=Proof.MARRIAGE, file=SCAN)
    paper = o.proven(cast, paper, Proof.BIRTH)
    assert o.step(cast, paper, "submit_rename", "consultant1").state is ChangeState.REVIEW


def test_a_proof_that_was_taken_off_counts_no_more(cast: Cast) -> None:
    order = effective(cast)
    paper = o.change(cast, order, K.CO_BUYERS, relation=Relation.SPOUSE, consent_on=o.today())
    o.proposed(cast, paper, "李娜", ID_2)
    with acting_as(SYSTEM):
        for file in files_of(cast.session(), paper):
            write(cast.session, lambda file=file: setattr(file, "removed_at", file.uploaded_at))
    with pytest.raises(RuleError, match="配偶"):
        o.step(cast, paper, "submit_co_buyers", "consultant1")


def test_a_name_without_kinship_is_the_leads_decision(cast: Cast) -> None:
    order = effective(cast)
    paper = o.change(cast, order, K.CO_BUYERS, relation=Relation.NONE, consent_on=o.today())
    o.proposed(cast, paper, "李娜", ID_2)
    paper = o.agreed(cast, paper, "submit_co_buyers", *JFS_CHAIN)
    assert paper.state is ChangeState.REVIEW
    assert o.decided(cast, paper, "developer_lead").state is ChangeState.APPROVED


# ── who owns how much ───────────────────────────────────────
def test_joint_owners_have_no_shares(cast: Cast, client_as: Any) -> None:
    order = effective(cast)
    paper = o.change(cast, order, K.CO_BUYERS, relation=Relation.SPOUSE, consent_on=o.today())
    o.proposed(cast, paper, "李娜", ID_2)
    seller = client_as("consultant1")
    asked = seller.get(f"/change-request/show/{paper.id}").text
    assert "共同共有" in asked and "100.00 %" not in asked
    assert 'name="share"' not in seller.get(f"/buyer/add?reservation_id={order.id}&change_id={paper.id}").text
    paper = o.agreed(cast, paper, "submit_co_buyers", *JFS_CHAIN)
    o.step(cast, paper, "execute_co_buyers", "clerk")
    for address in (f"/reservation/show/{order.id}", "/buyer/list/"):
        page = seller.get(address).text
        pane = page.partition('id="pane-buyers"')[2].partition('role="tabpanel"')[0] or page
        assert "李娜" in pane and "共同共有" in pane and not re.search(r"100(\.00)? %", pane), address
    with acting_as(SYSTEM):
        assert "李娜 共同共有" in told(cast.session, paper)["change_request"].replace("\n", " ")


def test_a_buyer_may_join_with_a_share(cast: Cast, client_as: Any) -> None:
    order = effective(cast)
    asked = {"relation": Relation.SPOUSE, "consent_on": o.today(), "new_ownership": Ownership.SHARES}
    paper = o.change(cast, order, K.CO_BUYERS, **asked)
    o.proposed(cast, paper, "李娜", ID_2, share=Decimal("0.4"))
    with pytest.raises(RuleError, match="合计应为 100 %"):
        o.step(cast, paper, "submit_co_buyers", "consultant1")
    assert (
        'name="share"'
        in client_as("consultant1").get(f"/buyer/add?reservation_id={order.id}&change_id={paper.id}").text
    )
    with acting_as(SYSTEM):
        first = cast.session.get(ChangeRequest, paper.id).proposed[0]
        write(cast.session, lambda: setattr(first, "share", Decimal("0.6")))
    paper = o.agreed(cast, paper, "submit_co_buyers", *JFS_CHAIN)
    o.step(cast, paper, "execute_co_buyers", "clerk")
    after = o.fresh(cast, Reservation, order.id)
    assert after.ownership is Ownership.SHARES
    page = client_as("consultant1").get(f"/reservation/show/{order.id}").text
    assert "60.00 %" in page and "40.00 %" in page


# ── payment ─────────────────────────────────────────────────
def test_without_a_loan_nothing_of_it_is_kept(cast: Cast) -> None:
    order = loans.effective(cast)
    loans.signed(cast, order)
    lump = o.scheme(cast)
    paper = o.change(cast, order, K.PAYMENT, new_scheme_id=lump.id, loan_bank="江城银行", loan_years=30)
    assert (paper.loan_bank, paper.loan_years) == ("", None)
    paper = o.agreed(cast, paper, "submit_payment_change", *JFS_CHAIN)
    o.step(cast, paper, "execute_payment", "developer_finance")
    after = o.fresh(cast, Reservation, order.id)
    assert (after.loan_bank, after.loan_amount, after.fund_amount, after.loan_years) == ("", None, None, None)
    mortgage = loans.loans_of(cast, order)[LoanKind.BANK]
    with acting_as(SYSTEM):
        last = history(cast.session(), mortgage)[-1]
    assert mortgage.state is MortgageState.VOID
    assert (last.label, last.note) == ("贷款终止", f"变更付款方式 {paper.number}：改为一次性，不再贷款")
    assert any("已终止" in n.title for n in notices(cast, CO))
    assert o.fresh(cast, Unit, order.unit_id).loan_state == ""


def test_another_total_than_the_one_on_file_needs_another_contract(cast: Cast, client_as: Any) -> None:
    order = effective(cast)
    contract = filed(cast, order)
    paper = o.change(cast, order, K.PAYMENT, new_scheme_id=nine_nine(cast).id)
    page = client_as("consultant1").get(f"/change-request/show/{paper.id}").text
    assert "批准后先由签约按揭专员撤销合同" in page
    assert paper.new_total != paper.old_total
    paper = o.agreed(cast, paper, "submit_payment_change", *JFS_CHAIN)
    assert o.fresh(cast, Reservation, order.id).ends_as is CloseKind.CHANGED
    with pytest.raises(RuleError, match="请签约按揭专员在合同页办「申请撤销」「房管受理」「撤销完成」"):
        o.step(cast, paper, "execute_payment", "developer_finance")
    revoked(cast, contract)
    with pytest.raises(RuleError, match="只能办完"):
        o.step(cast, paper, "void", "consultant1", note="反悔")


def test_after_the_revocation_the_order_is_signed_anew(cast: Cast) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), nine_nine(cast))
    contract = filed(cast, order)
    paper = o.change(cast, order, K.PAYMENT, new_scheme_id=o.scheme(cast).id)
    paper = o.agreed(cast, paper, "submit_payment_change", *JFS_CHAIN)
    revoked(cast, contract)
    paper = o.step(cast, paper, "execute_payment", "developer_finance")
    after = o.fresh(cast, Reservation, order.id)
    assert (after.state, after.ends_as, after.total) == (ReservationState.EFFECTIVE, None, paper.new_total)
    assert o.fresh(cast, Unit, order.unit_id).state is UnitState.ORDER
    assert paper.contract_id is None, "a new contract needs no supplement"
    healthy(cast)
    assert o.contract(cast, after).state is ContractState.DRAFT


# ── 补充协议 ────────────────────────────────────────────────
def supplemented(cast: Cast) -> tuple[Reservation, Contract, ChangeRequest]:
    """变更付款方式 at the same total, executed under a filed contract."""
    order = loans.effective(cast)
    contract = loans.signed(cast, order)
    o.step(cast, contract, "go_online", CO, on=o.today(), online_no="WQ-1")
    contract = o.step(cast, contract, "file", CO, on=o.today(), filed_no="BA-1")
    paper = o.agreed(
        cast, o.change(cast, order, K.PAYMENT, new_scheme_id=o.scheme(cast).id), "submit_payment_change", *JFS_CHAIN
    )
    return order, contract, o.step(cast, paper, "execute_payment", "developer_finance")


def test_a_signed_contract_gets_its_supplement(cast: Cast, client_as: Any) -> None:
    _order, contract, paper = supplemented(cast)
    assert (paper.contract_id, paper.supplement_due_on) == (contract.id, o.today(7))
    with acting_as(SYSTEM):
        sheet = cast.session.scalars(select(Paper).where(Paper.title == f"补充协议 {paper.number}")).one()
        assert (sheet.state, sheet.medium, sheet.due_on) == (PaperState.EXPECTED, Medium.ORIGINAL, o.today(7))
        text = told(cast.session, o.fresh(cast, ChangeRequest, paper.id))["change_supplement"]
    for words in ("付款方式由「按揭」变更为「一次性」", "合同总价仍为", "王伟", "变更付款方式", paper.number):
        assert words in text, words
    clerk = client_as("clerk")
    assert "1 份补充协议待签署" in clerk.get("/").text
    assert paper.number in clerk.get("/change-request/list/?chip=supplement").text
    page = clerk.get(f"/change-request/show/{paper.id}").text
    assert "要签补充协议" in page and f"/print/change_supplement/{paper.id}" in page
    assert paper.number in clerk.get(f"/contract/show/{contract.id}").text
    with pytest.raises(RuleError, match=f"还有补充协议没有签署：变更付款方式 {paper.number}"):
        o.step(cast, contract, "collect", CO, on=o.today())
    with pytest.raises(RuleError, match="不能晚于今天"):
        o.step(cast, paper, "sign_supplement", "clerk", on=o.today(1), file=SCAN)
    paper = o.step(cast, paper, "sign_supplement", "clerk", on=o.today(), file=SCAN)
    assert paper.supplement_signed_on == o.today() and paper.state is ChangeState.EXECUTED
    assert "补充协议待签署" not in clerk.get("/").text
    assert o.step(cast, contract, "collect", CO, on=o.today()).state is ContractState.COLLECTED
    assert all(n.read_at for n in notices(cast, "clerk") if n.url == f"/change-request/show/{paper.id}")


def test_the_application_tells_how_it_was_paid_before(cast: Cast) -> None:
    _order, _contract, paper = supplemented(cast)
    with acting_as(SYSTEM):
        text = told(cast.session, o.fresh(cast, ChangeRequest, paper.id))["change_request"]
    assert re.search(r"原付款方式\s*按揭\s", text), text


def test_a_later_payment_is_agreed_in_writing_too(cast: Cast, client_as: Any) -> None:
    order = effective(cast)
    contract = o.signed(cast, order)
    with acting_as(SYSTEM):
        account = account_of(cast.session(), order.id)
        from app.features.payments.effects import add_receivable
        from app.features.payments.models import FundKind

        row = add_receivable(cast.session, account, SYSTEM, FundKind.DIFFERENCE, Decimal(900), o.today(2))
    paper = o.change(cast, order, K.LATER_PAYMENT, receivable_id=row.id, new_due_on=o.today(4))
    assert "执行后要签补充协议" in client_as("consultant1").get(f"/change-request/show/{paper.id}").text
    paper = o.step(cast, paper, "submit_extension", "consultant1")
    o.decided(cast, paper, "supervisor")
    paper = o.step(cast, paper, "execute_extension", "clerk")
    assert paper.contract_id == contract.id
    with acting_as(SYSTEM):
        assert cast.session.get(Receivable, row.id).extended_to == o.today(4)
        text = told(cast.session, o.fresh(cast, ChangeRequest, paper.id))["change_supplement"]
    assert "延至" in text and "900.00 元" in text


def test_before_the_signature_nothing_is_supplemented(cast: Cast) -> None:
    order = loans.effective(cast)
    contract = o.entered(cast, order)
    paper = o.change(cast, order, K.PAYMENT, new_scheme_id=o.scheme(cast).id)
    assert paper.new_total == paper.old_total
    paper = o.agreed(cast, paper, "submit_payment_change", *JFS_CHAIN)
    assert o.step(cast, paper, "execute_payment", "developer_finance").contract_id is None
    after = o.fresh(cast, Contract, contract.id)
    assert (after.state, after.scheme_id) == (ContractState.ENTERED, paper.new_scheme_id)
