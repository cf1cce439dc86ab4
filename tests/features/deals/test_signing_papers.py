"""签约流转单, contract sets and the custody of contract forms: every desk signs off, no serial is lost (issue 5.9)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.deals.contracts.models import Contract
from app.features.deals.forms.models import ContractForm, FormState
from app.features.deals.forms.rules import gap_words, gaps
from app.features.deals.sets.models import ContractSet, Place, Presence, SetState
from app.features.deals.slips.models import SlipState
from app.features.payments.models import FundKind
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.deals import orders as o


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([1, 2, 3], ""), ([], ""), ([5], ""), ([1, 3], "2"), ([1, 2, 7, 9], "3—6、8"), ([9, 1, 9, 2], "3—8")],
)
def test_missing_numbers_are_named(numbers: list[int], words: str) -> None:
    assert gap_words(gaps(numbers)) == words


def serials(cast: Cast) -> list[ContractForm]:
    with acting_as(SYSTEM):
        return list(cast.session.scalars(select(ContractForm).order_by(ContractForm.position)))


def test_a_form_goes_out_is_used_once_and_spoilt_with_a_reason(cast: Cast, client_as) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    contract = o.contract(cast, order)
    batch = o.forms(cast, 1, 3)
    o.forms(cast, 6, 6)
    one, two, three, _six = serials(cast)
    assert one.serial == "HT-0001"
    with pytest.raises(Forbidden):
        o.step(cast, one, "issue", "contract_officer", holder_id=cast.person_ids["contract_officer"])
    for form in (one, two, three):
        o.step(cast, form, "issue", "clerk", holder_id=cast.person_ids["contract_officer"])
    assert o.step(cast, three, "give_back", "clerk").state is FormState.STOCK
    o.step(cast, one, "use", "contract_officer", contract_id=contract.id)
    assert o.fresh(cast, Contract, contract.id).paper_no == "HT-0001"
    with pytest.raises(RuleError, match="已用了 HT-0001"):
        o.step(cast, two, "use", "contract_officer", contract_id=contract.id)
    o.step(cast, one, "spoil", "contract_officer", note="写错姓名")
    assert o.fresh(cast, Contract, contract.id).paper_no == ""
    o.step(cast, two, "use", "contract_officer", contract_id=contract.id)
    page = client_as("clerk").get(f"/form-batch/show/{batch.id}").text
    assert "合同使用表" in page
    assert "4—5" in page
    assert "HT-0001" in page and "HT-0003" in page and "HT-0006" not in page


def test_the_same_serial_never_comes_in_twice(cast: Cast, client_as) -> None:
    o.forms(cast, 1, 3)
    body = {
        "form": "gf-2014-0171",
        "prefix": "HT-",
        "first": "3",
        "last": "4",
        "width": "4",
        "received_on": str(o.today()),
        "_key": "k",
    }
    refused = client_as("clerk").post("/form-batch/add", data=body)
    assert "已经登记过" in refused.text
    assert len(serials(cast)) == 3
    assert client_as("clerk").post("/form-batch/add", data=body | {"first": "4", "_key": "l"}).status_code == 302
    assert len(serials(cast)) == 4


def test_a_set_is_ready_when_nothing_is_lacking_at_each_place(cast: Cast) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    here, there = o.contract_set(cast, order), o.contract_set(cast, order, Place.SHANGHAI)
    with pytest.raises(RuleError, match="已有一套"):
        o.contract_set(cast, order)
    with pytest.raises(RuleError, match="还差：商品房买卖合同、补充协议"):
        o.step(cast, here, "ready", "contract_officer")

    def lay_out() -> None:
        for item in cast.session.get_one(ContractSet, there.id).items:
            item.presence = Presence.THERE

    with acting_as(SYSTEM):
        write(cast.session, lay_out)
    ready = o.step(cast, there, "ready", "clerk")
    assert (ready.state, ready.ready_on) == (SetState.READY, o.today())
    assert o.step(cast, ready, "take", "contract_officer").state is SetState.TAKEN


def test_a_slip_goes_from_desk_to_desk(cast: Cast, client_as) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    slip = o.slip(cast, order)
    o.paid(cast, order, str((order.total or Decimal(0)) - Decimal(20000)), FundKind.PRICE)
    with pytest.raises(RuleError, match="已有一份在流转"):
        o.slip(cast, order)
    o.step(cast, slip, "hand_over", "consultant1", opinion="资料齐")
    slip = o.step(cast, slip, "back_to_sales", "clerk", note="缺婚姻证明")
    assert slip.state is SlipState.SALES
    for name, login in (
        ("hand_over", "consultant1"),
        ("papers_checked", "clerk"),
        ("money_checked", "developer_finance"),
        ("buyer_signed", "contract_officer"),
        ("sealed", "developer_site"),
    ):
        slip = o.step(cast, slip, name, login, opinion="同意" if name == "sealed" else "")
    assert slip.state is SlipState.DONE
    page = client_as("consultant1").get(f"/signing-slip/show/{slip.id}").text
    assert "缺婚姻证明" in page
    assert "宋岚" in page


def test_the_cashier_signs_off_confirmed_money_only(cast: Cast) -> None:
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))
    o.step(cast, order, "submit", "consultant1")
    o.decided(cast, order, "supervisor")
    o.step(cast, order, "customer_sign", "consultant1", on=o.today())
    o.paid(cast, order, "5000")
    slip = o.slip(cast, order)
    o.step(cast, slip, "hand_over", "consultant1")
    o.step(cast, slip, "papers_checked", "clerk")
    with pytest.raises(RuleError, match="未确认到账"):
        o.step(cast, slip, "money_checked", "developer_finance")
