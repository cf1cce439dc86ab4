"""What is checked before a 期初接管 and what follows on its submit; the books themselves are made in making.py."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session, selectinload

from app.features.deals.takeover.beside import UNTAKEN, Beside, sold_beside
from app.features.deals.takeover.models import Stage, TakeOver, TakeOverState
from app.features.deals.takeover.rules import OldOrder, Sums, faults, require_agreement
from app.features.organisation.numbers import number_for
from app.features.payments.closing.guard import is_closed
from app.features.payments.effects.accounts import PLAN_KINDS
from app.features.payments.models import EARNEST, FundKind
from app.features.payments.rules.booking import APART
from app.kernel.approval.kinds import Need
from app.kernel.errors import NotFound, RuleError
from app.kernel.money import format_amount
from app.kernel.workflow import Act

UNSCOPED = {"unscoped": True}
OPEN_STATES = (TakeOverState.DRAFT,)
STAGES = list(Stage)
SHOWN_FAULTS = 5


def read(session: Any, take_over_id: int) -> TakeOver:
    """The paper with all its rows and their flats. Raises NotFound."""
    query = select(TakeOver).where(TakeOver.id == take_over_id).options(
        selectinload(TakeOver.orders), selectinload(TakeOver.dues), selectinload(TakeOver.receipts)
    )  # fmt: skip
    paper = session.scalars(query, execution_options=UNSCOPED).first()
    if paper is None:
        raise NotFound("take_over")
    return paper


def open_draft(session: Session, project_id: int) -> TakeOver:
    """The paper that the tables of the project go into, locked. Raises RuleError when there is none."""
    query = select(TakeOver).where(TakeOver.project_id == project_id, TakeOver.state == TakeOverState.DRAFT)
    paper = session.scalars(query.with_for_update(of=TakeOver)).first()
    if paper is None:
        raise RuleError("本项目没有「整理中」的期初接管单，请先新建一份")
    return paper


def expected(paper: TakeOver) -> Sums:
    """What both sides vouch for."""
    return Sums(
        paper.orders_expected, paper.signed_expected, paper.total_expected, paper.received_expected, paper.owed_expected
    )


def found(paper: TakeOver) -> Sums:
    """What the rows add up to. Money apart from the price (代收费 …) counts as received and owes nothing."""
    total = sum((one.total for one in paper.orders), Decimal(0))
    received = sum((one.amount for one in paper.receipts), Decimal(0))
    of_price = sum((one.amount for one in paper.receipts if one.kind not in APART), Decimal(0))
    signed = sum(one.stage is not Stage.ORDERED for one in paper.orders)
    return Sums(len(paper.orders), signed, total, received, total - of_price)


def all_faults(paper: TakeOver) -> list[RuleError]:
    """Every row that may not come in, in the order of the flats; then money of flats that have no order here."""
    dues: dict[int, list[Any]] = defaultdict(list)
    receipts: dict[int, list[Any]] = defaultdict(list)
    for due in paper.dues:
        dues[due.unit_id].append(due)
    for receipt in paper.receipts:
        receipts[receipt.unit_id].append(receipt)
    session = object_session(paper)
    beside, wrong = ({}, []) if session is None else sold_beside(session, paper.orders)
    wrong += [
        fault for one in paper.orders
        for fault in faults(_old(one, beside.get(one.unit_id, []), dues.pop(one.unit_id, []), receipts.pop(one.unit_id, [])), paper.as_of)
    ]  # fmt: skip
    wrong += _unnumbered(paper.receipts)
    wrong += [] if session is None else _in_closed_months(session, paper)
    wrong += [
        RuleError("{name}：收款 {amount} 元的款项类型「{kind}」应改为「{deposit}」", name=row.unit.full_name, kind=row.kind.label,
                  amount=format_amount(row.amount), deposit=FundKind.DEPOSIT.label)
        for row in paper.receipts if row.kind in EARNEST
    ]  # fmt: skip
    wrong += [
        RuleError("{name}：应收的款项类型「{kind}」不属于房款计划", name=row.unit.full_name, kind=row.kind.label)
        for row in paper.dues if row.kind not in PLAN_KINDS
    ]  # fmt: skip
    stray = {row.unit_id: row.unit.full_name for rows in (*dues.values(), *receipts.values()) for row in rows}
    return [
        *wrong,
        *(RuleError("{name}：有应收或收款，没有对应的订单", name=name) for _key, name in sorted(stray.items())),
    ]


def _unnumbered(receipts: list[Any]) -> list[RuleError]:
    """Every receipt is told from the others by its number, as 收款单 are."""
    seen: set[tuple[Any, str]] = set()
    wrong = []
    for row in receipts:
        number = row.reference or row.old_number
        about = {"name": row.unit.full_name, "amount": format_amount(row.amount)}
        if not number:
            wrong.append(RuleError("{name}：收款 {amount} 元缺流水号或原收据号", **about))
        elif (row.method, number) in seen:
            wrong.append(RuleError("{name}：收款 {amount} 元的流水号或收据号 {number} 重复", number=number, **about))
        seen.add((row.method, number))
    return wrong


def _in_closed_months(session: Session, paper: TakeOver) -> list[RuleError]:
    """Old money is booked on its old day: a month that is closed meanwhile would refuse it after everybody has approved."""
    months: dict[str, list[Any]] = defaultdict(list)
    for row in paper.receipts:
        months[f"{row.paid_on:%Y-%m}"].append(row)
    return [
        RuleError(
            "{month} 月已结账，却有 {n} 笔收款在这个月（{name} 等），请甲方负责人先在「月结」重开该月，接管入账后再结账",
            month=month, n=len(rows), name=rows[0].unit.full_name,
        )
        for month, rows in sorted(months.items()) if is_closed(session, paper.project_id, month)
    ]  # fmt: skip


def months_are_open(act: Act) -> None:
    """A month may have been closed since the approval: said before the task is asked for, and once more by the task itself."""
    wrong = _in_closed_months(act.session, read(act.session, act.document.id))
    if wrong:
        raise wrong[0]


def _old(one: Any, beside: list[Beside], dues: list[Any], receipts: list[Any]) -> OldOrder:
    of_price = [row for row in receipts if row.kind not in APART]
    return OldOrder(
        name=one.unit.full_name, total=one.total, deposit=one.deposit, stage=STAGES.index(one.stage), reserved_on=one.reserved_on,
        signed_on=one.signed_on, online_on=one.online_on, filed_on=one.filed_on, contract_no=one.contract_no,
        online_no=one.online_no, filed_no=one.filed_no, dues=[row.amount for row in dues],
        receipts=[row.amount for row in of_price], paid_last_on=max((row.paid_on for row in receipts), default=None),
        home=one.home_total, beside=[line.price for line in beside],
        sold_already=one.unit.state not in UNTAKEN or one.unit.seized,
    )  # fmt: skip


def has_rows(act: Act) -> None:
    """An empty take-over takes nothing over."""
    if not read(act.session, act.document.id).orders:
        raise RuleError("还没有导入接管订单，请先用「导入」传订单、应收、收款三张表")


def rows_are_right(act: Act) -> None:
    """Every row may come in; the first few faults are named, the page shows all."""
    wrong = all_faults(read(act.session, act.document.id))
    if wrong:
        words = "；".join(str(one) for one in wrong[:SHOWN_FAULTS])
        more = "" if len(wrong) <= SHOWN_FAULTS else f" …… 等 {len(wrong)} 处"
        raise RuleError("明细有 {n} 处不对，请看页面上的「核对」：{what}", n=len(wrong), what=words + more)


def sums_agree(act: Act) -> None:
    """The rows add up to what 甲方 and its finance vouch for, to the fen."""
    paper = read(act.session, act.document.id)
    require_agreement(expected(paper), found(paper))


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    act.document.submitted_by = act.actor.person_id
    if act.document.number is None:
        act.document.number = number_for(act.session, act.document, act.at.date())


def approval_need(session: Session, paper: Any) -> Need:
    """What the deciders read: the five figures."""
    sums = found(read(session, paper.id))
    return Need(
        Decimal(1),
        summary=f"截至 {paper.as_of} 接管 {sums.orders} 套（已签约 {sums.signed} 套），成交总价 {format_amount(sums.total)} 元，"
        f"已收 {format_amount(sums.received)} 元，未收 {format_amount(sums.owed)} 元",
    )
