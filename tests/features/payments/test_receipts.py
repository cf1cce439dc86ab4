"""From the entry to the confirmed money: what counts, whom it pays, what may be undone (02 §2.1.1, §2.2.2, §2.3.4)."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from app.features.organisation.models import Permit, PermitKind
from app.features.payments import registry
from app.features.payments.effects import (
    account_of,
    add_receivable,
    cancel_plan,
    confirmed_total,
    date_plan,
    pending_total,
    plan_rows_of,
    replace_plan,
)
from app.features.payments.effects.ledger import posting_of
from app.features.payments.models import (
    Credited,
    FundKind,
    Method,
    NoticeState,
    PaymentNotice,
    PostingKind,
    ReceiptState,
    Receivable,
    ReceivableState,
)
from app.features.payments.rules import Anchor, Instalment, Payer, PlanRow, PlanTerms, RowKind, Scheme, payment_plan
from app.features.units.models import Unit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.base import clock, now
from app.kernel.errors import Forbidden, RuleError, StaleError
from tests.factories import saved
from tests.features.deals.test_price_lines import changed
from tests.features.payments import makers
from tests.features.payments.makers import act, confirm, entered, received, rows, today

pytestmark = pytest.mark.usefixtures("sound_book")


def standing(cast, account):
    return [(row.kind.label, str(row.received), row.state.label) for row in rows(cast, account)]


def test_the_plan_becomes_receivables(cast):
    account = makers.account(cast)
    assert [(r.kind.label, r.payer.label, str(r.amount), r.due_on) for r in rows(cast, account)] == [
        ("定金", "买受人", "20000.00", today()),
        ("首期", "买受人", "316834.00", today()),
        ("按揭", "银行", "770000.00", today(60)),
    ]
    assert [label for _, _, label in standing(cast, account)] == ["应收", "应收", "未到期"]
    assert account.title == "1栋1102 王伟"
    assert account_of(cast.session, 1).id == account.id


def test_one_account_for_one_order(cast):
    made = makers.order(cast)
    open_it = lambda: makers.open_account(  # noqa: E731
        cast.session, SYSTEM, order=made, plan=makers.MORTGAGE, reserved_on=today(), signed_on=None
    )
    with acting_as(SYSTEM):
        open_it()
        with pytest.raises(RuleError, match="已经开过收款账户"):
            open_it()


def test_a_plan_that_does_not_add_up_is_refused(cast):
    made = makers.order(cast)
    with acting_as(SYSTEM), pytest.raises(RuleError, match="与成交总价"):
        makers.open_account(
            cast.session, SYSTEM, order=made, plan=makers.MORTGAGE[:-1], reserved_on=today(), signed_on=None
        )


def test_rows_get_their_due_dates_when_the_contract_is_signed(cast):
    with acting_as(SYSTEM):
        made = makers.order(cast)
        account = makers.open_account(
            cast.session, SYSTEM, order=made, plan=makers.MORTGAGE, reserved_on=today(), signed_on=None
        )
        assert [r.due_on for r in rows(cast, account)] == [today(), None, None]
        date_plan(cast.session, account, SYSTEM, reserved_on=today(), signed_on=today(3))
    assert [r.due_on for r in rows(cast, account)] == [today(), today(3), today(63)]


def test_nothing_is_received_before_the_confirmation(cast):
    account = makers.account(cast)
    receipt = entered(cast, account, 20000)
    assert (confirmed_total(cast.session, account.id), pending_total(cast.session, account.id)) == (0, 20000)
    assert plan_rows_of(cast.session, account)[0].pending == 20000
    assert receipt.number is None
    confirm(cast, receipt)
    assert (confirmed_total(cast.session, account.id), pending_total(cast.session, account.id)) == (20000, 0)
    line = plan_rows_of(cast.session, account)[0]
    assert (line.kind, line.confirmed, line.pending, line.state) == (RowKind.DEPOSIT, 20000, 0, ReceivableState.PAID)
    assert re.fullmatch(r"SK-JPYL-\d{4}-0001", receipt.number)


def test_only_the_developers_cashier_confirms(cast):
    receipt = entered(cast, makers.account(cast), 20000)
    for login in ("clerk", "consultant1", "finance", "supervisor", "developer_site", "developer_lead", "admin"):
        with pytest.raises(Forbidden):
            act(cast, receipt, "confirm", login, arrived_on=today())
    with pytest.raises(Forbidden):
        act(cast, receipt, "confirm", "other_finance", arrived_on=today())


def test_a_receipt_pays_the_oldest_row_and_the_bank_its_own(cast):
    account = makers.account(cast)
    received(cast, account, 120000)
    assert standing(cast, account) == [
        ("定金", "20000.00", "已缴清"), ("首期", "100000.00", "部分"), ("按揭", "0.00", "未到期"),
    ]  # fmt: skip
    bank = {"method": Method.BANK_LOAN, "payer_name": "江城银行"}
    received(cast, account, 770000, FundKind.BANK_LOAN, **bank)
    assert standing(cast, account)[1:] == [("首期", "100000.00", "部分"), ("按揭", "770000.00", "已缴清")]
    assert confirmed_total(cast.session, account.id) == 890000
    assert confirmed_total(cast.session, account.id, [FundKind.DEPOSIT]) == 120000


def test_overpayment_is_kept_as_prepaid_and_pays_what_comes_later(cast):
    account = makers.account(cast)
    received(cast, account, "336834.50", FundKind.FIRST_PAYMENT)
    assert confirmed_total(cast.session, account.id) == Decimal("336834.50")
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        row = add_receivable(cast.session, account, clerk, FundKind.DIFFERENCE, Decimal("0.80"), today(5))
    assert (row.received, row.state) == (Decimal("0.50"), ReceivableState.PARTIAL)


def test_late_fees_are_paid_last_and_are_no_part_of_the_price(cast):
    account = makers.account(cast)
    received(cast, account, 20000)
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        add_receivable(cast.session, account, clerk, FundKind.LATE_FEE, Decimal("1200.00"), today(-20))
    received(cast, account, "317534.00", FundKind.PRICE)
    assert standing(cast, account)[1] == ("首期", "316834.00", "已缴清")
    assert standing(cast, account)[3] == ("滞纳金", "700.00", "逾期")
    assert confirmed_total(cast.session, account.id) == Decimal("336834.00")
    received(cast, account, "500.00", FundKind.LATE_FEE)
    assert standing(cast, account)[3] == ("滞纳金", "1200.00", "已缴清")
    assert confirmed_total(cast.session, account.id, [FundKind.LATE_FEE]) == Decimal("1200.00")


def test_odd_splits_close_to_the_fen(cast):
    shares = [
        Instalment(Decimal("0.333333"), 0),
        Instalment(Decimal("0.333333"), 30),
        Instalment(Decimal("0.333334"), 60),
    ]
    terms = PlanTerms(instalments=shares, row_step=Decimal("0.01"))
    account = makers.account(cast, plan=payment_plan(Scheme.INSTALMENTS, Decimal("100.00"), Decimal(0), terms=terms))
    for part in ("14.29",) * 6 + ("14.26",):
        received(cast, account, part, FundKind.PRICE)
    assert {label for _, _, label in standing(cast, account)} == {"已缴清"}
    assert confirmed_total(cast.session, account.id) == Decimal("100.00")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": 0}, "大于零"),
        ({"amount": "-1"}, "大于零"),
        ({"amount": "0.001"}, "小数"),
        ({"fee": Decimal(20000)}, "手续费"),
        ({"paid_on": 1}, "不能晚于今天"),
        ({"arrived_on": -1}, "到账日"),
        ({"method": Method.POS, "reference": "R1"}, "终端号"),
        ({"method": Method.TRANSFER}, "流水号"),
        ({"method": Method.BANK_LOAN}, "按揭"),
        ({"payer_name": "张三"}, "代付声明"),
    ],
)
def test_an_entry_that_cannot_be_right_is_refused(cast, wrong, sentence):
    account = makers.account(cast)
    wrong = {name: today(value) if name.endswith("_on") else value for name, value in wrong.items()}
    with pytest.raises(RuleError, match=sentence):
        entered(cast, account, **({"amount": 20000} | wrong))


def test_somebody_else_pays_with_a_declaration(cast):
    account = makers.account(cast)
    receipt = entered(cast, account, 20000, payer_name="王建国", third_party_paper="代付声明 2026-3")
    assert confirm(cast, receipt).state is ReceiptState.CONFIRMED


def test_one_bank_reference_is_entered_once(cast):
    account = makers.account(cast)
    pos = {"method": Method.POS, "pos_terminal": "T01", "reference": "R-7788"}
    wrong = entered(cast, account, 20000, **pos)
    with pytest.raises(RuleError, match="流水号"):
        entered(cast, account, 20000, **pos)
    act(cast, wrong, "discard", "clerk", note="金额打错")
    assert entered(cast, account, 30000, **pos).state is ReceiptState.PENDING


def test_a_confirmed_receipt_is_neither_confirmed_nor_discarded_again(cast):
    receipt = received(cast, makers.account(cast), 20000)
    for step in ("confirm", "discard"):
        with pytest.raises(StaleError):
            act(cast, receipt, step, "developer_finance", arrived_on=today(), note="x")


def ask_reversal(cast, receipt, login="developer_finance"):
    act(cast, receipt, "ask_reversal", login, note="金额登记错误")
    return open_of(cast.session, receipt)


def decide_as(cast, request, login, verdict="approve"):
    who = cast.actor(login)
    with acting_as(who):
        return decide(cast.session, request.id, current_step(request).id, who, verdict, "已核对")


def test_a_red_entry_needs_a_second_person(cast):
    account = makers.account(cast)
    receipt = received(cast, account, 120000)
    with acting_as(SYSTEM):
        request = ask_reversal(cast, receipt)
        assert request.summary.endswith("；原因：金额登记错误")  # what the second person decides on
        with pytest.raises(Forbidden):
            decide_as(cast, request, "developer_finance")
        assert confirmed_total(cast.session, account.id) == 120000  # it counts until the second one decided
        decide_as(cast, request, "developer_finance2")
        cast.session.refresh(receipt)
        memo = posting_of(cast.session, receipt, PostingKind.REVERSAL).memo
    assert memo == f"红冲 {receipt.number}：金额登记错误"  # the asker's reason, not the words of who agreed
    assert (receipt.state, receipt.number is None) == (ReceiptState.REVERSED, False)
    assert confirmed_total(cast.session, account.id) == 0
    assert {received for _, received, _ in standing(cast, account)} == {"0.00"}


def test_with_one_cashier_the_red_entry_goes_to_the_lead(cast):
    receipt = received(cast, makers.account(cast), 20000)
    from app.features.organisation.effects import end_assignment
    from app.features.organisation.models import Assignment

    with acting_as(SYSTEM):
        second = cast.session.query(Assignment).filter_by(person_id=cast.person_ids["developer_finance2"]).one()
        end_assignment(cast.session, second, today(-1))
        request = ask_reversal(cast, receipt)
        decide_as(cast, request, "developer_lead")
        cast.session.refresh(receipt)
    assert receipt.state is ReceiptState.REVERSED


def test_a_refused_red_entry_leaves_everything_as_it_was(cast):
    account = makers.account(cast)
    receipt = received(cast, account, 20000)
    with acting_as(SYSTEM):
        decide_as(cast, ask_reversal(cast, receipt), "developer_finance2", "refuse")
        cast.session.refresh(receipt)
    assert receipt.state is ReceiptState.CONFIRMED
    assert confirmed_total(cast.session, account.id) == 20000


def test_a_red_entry_needs_a_reason(cast):
    receipt = received(cast, makers.account(cast), 20000)
    with pytest.raises(RuleError, match="原因"):
        act(cast, receipt, "ask_reversal", "developer_finance")


def test_orders_hear_of_money_within_the_transaction(cast, monkeypatch):
    heard = []
    monkeypatch.setattr(registry, "CONFIRMED", [])
    monkeypatch.setattr("app.features.payments.effects.receipts.CONFIRMED", registry.CONFIRMED)
    registry.when_confirmed(lambda act, account: heard.append((account.reservation_id, act.document.amount)))
    receipt = received(cast, makers.account(cast), 20000)
    assert heard == [(1, 20000)]

    def refuse(_act, _account):
        raise RuleError("认购书已关闭")

    registry.when_confirmed(refuse)
    second = entered(cast, account_of(cast.session, 1), 500)
    with pytest.raises(RuleError, match="认购书已关闭"):
        confirm(cast, second)
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert (receipt.state, second.state, second.number) == (ReceiptState.CONFIRMED, ReceiptState.PENDING, None)
    assert confirmed_total(cast.session, 1) == 20000


def test_a_notice_is_paid_by_its_receipt(cast):
    account = makers.account(cast)
    scope = {"project_id": account.project_id, "owner_id": account.owner_id, "team_id": account.team_id}
    notice = saved(
        cast.session, PaymentNotice(account_id=account.id, kind=FundKind.DEPOSIT, amount=Decimal(20000), **scope)
    )
    received(cast, account, 20000, notice_id=notice.id)
    with acting_as(SYSTEM):
        cast.session.refresh(notice)
    assert notice.state is NoticeState.PAID


def test_days_make_rows_due_and_overdue(cast):
    from app.features.payments.dunning.effects import age_rows
    from app.kernel.jobs import JOBS, run

    account = makers.account(cast)
    assert JOBS["receivables_due"].work is age_rows
    token = clock.set(lambda later=now() + timedelta(days=61): later)
    try:
        assert run(cast.session, JOBS["receivables_due"]) == 3
        assert run(cast.session, JOBS["receivables_due"]) == 0
    finally:
        clock.reset(token)
    assert [label for _, _, label in standing(cast, account)] == ["逾期", "逾期", "逾期"]


def test_reminders_are_counted_with_the_promised_day(cast):
    account = makers.account(cast)
    row = rows(cast, account)[0]
    act(cast, row, "remind", "consultant1", how="电话", promised_on=today(2), next_on=today(2))
    with pytest.raises(RuleError, match="早于今天"):
        act(cast, row, "remind", "consultant1", how="电话", promised_on=today(-2))
    found: Receivable = rows(cast, account)[0]
    assert (found.reminders, found.promised_on) == (1, today(2))


def test_a_plan_is_cancelled_only_before_money(cast):
    account = makers.account(cast)
    receipt = entered(cast, account, 20000)
    with acting_as(SYSTEM), pytest.raises(RuleError, match="待确认"):
        cancel_plan(cast.session, account, SYSTEM)
    act(cast, receipt, "discard", "developer_finance", note="客户未付")
    with acting_as(SYSTEM):
        cancel_plan(cast.session, account, SYSTEM)
    assert {row.state for row in rows(cast, account)} == {ReceivableState.CANCELLED}
    with pytest.raises(RuleError, match="已结清关闭"):
        entered(cast, account, 20000)


def test_a_new_plan_keeps_what_is_paid(cast):
    account = makers.account(cast)
    received(cast, account, 120000)
    plan = [
        PlanRow(RowKind.FIRST_PAYMENT, Payer.BUYER, Decimal("506834.00"), Anchor.SIGNED, 0, 1),
        PlanRow(RowKind.BANK_LOAN, Payer.BANK, Decimal("600000.00"), Anchor.SIGNED, 60, 2),
    ]
    dates = {"reserved_on": today(), "signed_on": today()}
    with acting_as(SYSTEM):
        replace_plan(cast.session, account, SYSTEM, plan=plan, total=makers.TOTAL, **dates)
    lines = plan_rows_of(cast.session, account)
    assert [(x.kind.value, x.amount, x.confirmed) for x in lines] == [
        ("定金", 20000, 20000), ("首期", 100000, 100000), ("首期", 386834, 0), ("按揭", 600000, 0),
    ]  # fmt: skip
    assert sum(x.amount for x in lines) == makers.TOTAL


def test_money_lies_where_it_was_credited(cast):
    from app.features.payments.models import LedgerEntry

    account = makers.account(cast)
    received(cast, account, 20000, method=Method.POS, pos_terminal="T1", reference="R1", fee=Decimal("76.00"))
    received(cast, account, 5000, method=Method.TRANSFER, reference="R2", credited=Credited.GENERAL)
    with acting_as(SYSTEM):
        entries = cast.session.query(LedgerEntry).order_by(LedgerEntry.id).all()
    assert [(e.code.label, e.amount) for e in entries] == [
        ("银行存款—监管户", 19924), ("财务费用—手续费", 76), ("预收房款", -20000),
        ("银行存款—一般户", 5000), ("预收房款", -5000),
    ]  # fmt: skip


def test_a_consultant_sees_state_and_amount_only(cast):
    from app.features.payments.models import Receipt
    from app.kernel.screens.fields import fields_of

    own = entered(cast, makers.account(cast, 1), 20000)
    entered(cast, makers.account(cast, 2, login="consultant2"), 20000)
    entered_b = makers.account(cast, 3, project="b", login="other_consultant")
    who = cast.actor("consultant1")
    with acting_as(who):
        cast.session.rollback()
        assert [r.id for r in cast.session.query(Receipt)] == [own.id]
        assert entered_b.id not in [a.id for a in cast.session.query(makers.OrderAccount)]
    hidden = {name for name, f in fields_of(Receipt).items() if not f.readable(who)}
    assert {"payer_name", "reference", "pos_terminal", "method", "fee"} <= hidden
    assert not {"amount", "state", "kind", "paid_on"} & hidden


def test_presale_money_in_the_general_account_is_pointed_out(cast, client_as):
    """02 §2.5.10: the price of a presold home belongs into the supervised account; 装修款 may lie elsewhere."""
    account = makers.account(cast)
    permit = saved(cast.session, Permit(
        project_id=cast.project_ids["a"], kind=PermitKind.PRESALE, number="预售1号", issued_on=today(-30), scope="1栋"
    ))  # fmt: skip
    unit_id = account.unit_id
    changed(cast, Unit, unit_id, permit_id=permit.id)
    wrong = makers.entered(cast, account, 5000, method=Method.TRANSFER, reference="Y1", credited=Credited.GENERAL)
    finish = makers.entered(
        cast, account, 6000, method=Method.TRANSFER, reference="Y2", credited=Credited.GENERAL, kind=FundKind.FINISH
    )
    right = makers.entered(cast, account, 7000, method=Method.TRANSFER, reference="Y3")
    client = client_as("developer_finance")
    pages = [client.get(f"/receipt/show/{one.id}").text for one in (wrong, finish, right)]
    assert ["预售房款应直接存入监管账户" in page for page in pages] == [True, False, False]
    listed = client.get("/receipt/list/?chip=unsupervised").text
    assert "5,000.00" in listed and "6,000.00" not in listed and "7,000.00" not in listed
    changed(cast, Unit, unit_id, permit_id=None)
    assert "5,000.00" not in client.get("/receipt/list/?chip=unsupervised").text
