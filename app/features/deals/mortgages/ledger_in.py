"""The bank's 按揭台账 from a table: it opens loans and moves them on, never back (02 §2.2.2)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.deals.mortgages.catching_up import FACTS, Ledger, catch_up, check_ledger, is_behind, living
from app.features.deals.mortgages.models import LoanKind, Mortgage, MortgageState
from app.features.deals.numbers import orders_by_contract_number
from app.features.deals.reservations.models import Reservation
from app.features.units.home_lookup import by_unit, units_named
from app.kernel.errors import NotFound
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.lookups import chunks
from app.kernel.states import Choice
from app.kernel.transactions import write

S = MortgageState
STATE = {state.value: state for state in MortgageState}


class LedgerStage(Choice):
    """How far the bank says it is, in the words of its ledger."""

    COMPLETE = (S.COMPLETE.value, S.COMPLETE.label)
    INTERVIEWED = (S.INTERVIEWED.value, S.INTERVIEWED.label)
    SUBMITTED = (S.SUBMITTED.value, S.SUBMITTED.label)
    GRANTED = (S.GRANTED.value, S.GRANTED.label)
    NOTED = (S.NOTED.value, S.NOTED.label)
    RELEASED = (S.RELEASED.value, S.RELEASED.label)
    REGISTERED = (S.REGISTERED.value, S.REGISTERED.label)


def orders_named(desk: Desk, texts: set[str]) -> dict[str, list[int]]:
    """Live orders by their own number, by a contract's number, or by the room."""
    live = select(Reservation).where(Reservation.project_id == desk.project_id, Reservation.closed_at.is_(None))
    homes: dict[int, list[int]] = {}
    found: dict[str, list[int]] = {}
    for order in desk.session.scalars(live):
        homes.setdefault(order.unit_id, []).append(order.id)
        if order.number in texts:
            found[order.number] = [order.id]
    for some in chunks(sorted(texts - found.keys())):
        known = orders_by_contract_number(desk.session, desk.project_id, set(some))
        found |= {text: [pk] for text, pk in known.items()}
    return by_unit(units_named(desk, texts - found.keys()), homes) | found


def _ledger(values: Values) -> Ledger:
    dates = {name: values.get(name) for name in FACTS}
    return Ledger(
        kind=values.get("kind") or LoanKind.BANK, lender=values.get("lender") or "", amount=values.get("amount"),
        state=STATE[values["stage"].value], dates=dates, registered_no=values.get("registered_no") or "",
    )  # fmt: skip


def known(desk: Desk, rows: list[Values]) -> list[Any]:
    """A loan that stands where the ledger says, or further, is known and left alone; one that is behind moves on."""
    found: list[Any] = []
    for row in rows:
        loan = None
        if row.get("reservation_id") and row.get("stage"):
            loan = living(desk.session, row["reservation_id"], row.get("kind") or LoanKind.BANK)
        found.append(None if loan is None or is_behind(loan, STATE[row["stage"].value]) else loan)
    return found


def check_row(desk: Desk, values: Values) -> None:
    """Dates in order, an order that lends of this kind; nothing is written."""
    order = desk.session.get(Reservation, values["reservation_id"])
    if order is None:
        raise NotFound("reservation")
    with desk.session.no_autoflush:
        check_ledger(desk.session, order, _ledger(values))


def move_on(desk: Desk, values: Values) -> Mortgage:
    """Opened where there is none, then moved to where the ledger says."""
    order = desk.session.get(Reservation, values["reservation_id"])
    if order is None:
        raise NotFound("reservation")
    return write(desk.session, lambda: catch_up(desk.session, desk.actor, order, _ledger(values)))


LEDGER_IN = Import(
    columns=(
        ImportColumn(
            "reservation_id", L("认购书、合同编号或房号"), look_up=orders_named, required=True, compared=False,
            aliases=("认购书编号", "认购编号", "合同号", "合同编号", "房号", "房源", "房间", "单元房号"),
        ),
        ImportColumn(
            "kind", required=False, compared=False, aliases=("贷款类型", "按揭种类"),
            words={"商贷": "商业贷款", "商业": "商业贷款", "公积金": "公积金贷款"},
        ),
        ImportColumn("lender", required=False, compared=False, aliases=("贷款银行", "按揭银行", "银行", "贷款机构")),
        ImportColumn("amount", required=False, compared=False, aliases=("贷款金额", "批贷金额", "按揭金额", "放款金额")),
        ImportColumn(
            "stage", L("进度"), kind="choice", choices=LedgerStage, required=True, compared=False,
            aliases=("办理进度", "按揭进度", "状态", "当前状态"),
            words={"资料齐": "齐件", "已面签": "面签", "已送审": "送审", "审批中": "送审", "已批贷": "批贷", "审批通过": "批贷", "预抵押": "预告抵押登记",
                   "已预抵": "预告抵押登记", "放款": "已放款", "已抵押": "正式抵押", "抵押登记": "正式抵押"},
        ),
        *(ImportColumn(name, reads=name, kind="date", required=False, compared=False) for name in FACTS),
        ImportColumn("registered_no", kind="identity", required=False, compared=False, aliases=("抵押证号", "他项权证号")),
    ),
    key=("reservation_id", "kind"), known=known, check=check_row, create=move_on,
    notes=(
        L("按认购书编号、合同编号或房号找到订单；没有按揭单的新开一份，落后于台账的推进到台账的进度，已经走到更后面的不动。"),
        L("导入只记银行办理的事实，不算到账；放款仍由甲方财务登记收款并确认。"),
    ),
)  # fmt: skip
