"""The three tables of a 期初接管: orders, agreed rows, money. They go into the paper of the project that is being prepared."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.customers import rules as customer_rules
from app.features.customers.choices import IdKind
from app.features.deals.ledgers_in import BUYER, ROOM
from app.features.deals.takeover.beside import COLUMNS
from app.features.deals.takeover.effects import open_draft
from app.features.deals.takeover.making import others_of
from app.features.deals.takeover.models import (
    Stage,
    TakeOver,
    TakeOverDue,
    TakeOverOrder,
    TakeOverReceipt,
    TakeOverState,
)
from app.features.deals.takeover.rules import read_places
from app.features.deals.takeover.states import MAKERS
from app.kernel.base import now
from app.kernel.chinese import parse_phone
from app.kernel.errors import RuleError
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.transactions import write
from app.kernel.workflow import as_step

STAGE_WORDS = {"已认购": "认购", "已签约": "签约", "已签": "签约", "已网签": "网签", "已备案": "备案"}
KIND_WORDS = {"首付": "首期", "首付款": "首期", "房款": "楼款", "按揭款": "按揭", "公积金贷款": "公积金"}
KIND_HEADS = ("款项", "款项名称", "收款类型", "费用名称", "款项类别")
NOTE = L("写入本项目「整理中」的期初接管单；再次导入同一套房的订单会更新那一行。")


def _among(model: type[Any]) -> Any:
    """Only rows of the paper that is being prepared count as known."""

    def narrow(query: Any) -> Any:
        return query.join(TakeOver, TakeOver.id == model.take_over_id).where(TakeOver.state == TakeOverState.DRAFT)

    return narrow


def _created(model: type[Any]) -> Any:
    def create(desk: Desk, values: Values) -> Any:
        def work() -> Any:
            paper = open_draft(desk.session, desk.project_id)
            with as_step(desk.session):
                row = model(
                    take_over_id=paper.id, project_id=desk.project_id, created_by=desk.actor.person_id,
                    **{name: value for name, value in values.items() if value is not None},
                )  # fmt: skip
                desk.session.add(row)
                desk.session.flush()
            return row

        return write(desk.session, work)

    return create


def check_places(value_of: Callable[[str], Any]) -> None:
    """Places and their prices can be read; whether they are ours and unsold is checked with the whole paper."""
    for kind, names, total in COLUMNS:
        try:
            read_places(value_of(names) or "", value_of(total), kind.label)
        except RuleError as error:
            raise RuleError("{what}", field=names, what=str(error)) from error


def check_late_terms(rate: Decimal | None, days: int | None) -> None:
    """The clause on late payment, where the old contract was read."""
    if rate is not None and not 0 <= rate <= 1:
        raise RuleError("日费率应在 0 和 1 之间，万分之二填 0.0002", field="late_rate")
    if days is not None and not 0 < days <= 3650:
        raise RuleError("逾期解除天数应在 1 至 3650 之间", field="late_days")


def check_order(desk: Desk, values: Values) -> None:
    """Phone and identity number are real ones; sums and dates are checked with the whole paper."""
    values["phone"] = parse_phone(values.get("phone") or "", field="phone")
    customer_rules.identity_number(IdKind.ID_CARD, values.get("id_number") or "", now().date())
    others_of(values.get("others") or "")
    check_late_terms(values.get("late_rate"), values.get("late_days"))
    check_places(values.get)
    if values.get("stage") is not Stage.ORDERED and values.get("signed_on") is None:
        raise RuleError("已签约的请填签约日期", field="signed_on")


ORDERS = Import(
    columns=(
        ROOM,
        ImportColumn("buyer", aliases=BUYER),
        ImportColumn("id_number", kind="identity", aliases=("身份证号", "身份证", "证件号", "身份证号码")),
        ImportColumn("phone", kind="identity", aliases=("手机号", "联系电话", "电话", "手机号码")),
        ImportColumn("others", kind="identity", aliases=("共有人", "共同买受人", "其他共有人"), limit=400, compared=False),
        ImportColumn("seller_id", kind="person", aliases=("置业顾问", "顾问", "销售员", "业务员")),
        ImportColumn("stage", aliases=("状态", "销售状态", "签约状态"), words=STAGE_WORDS),
        ImportColumn("old_number", kind="identity", aliases=("认购书编号", "认购编号", "认购书号")),
        ImportColumn("reserved_on", aliases=("认购时间", "认购日", "成交日期")),
        ImportColumn("scheme_id"),
        ImportColumn("total", aliases=("总价", "成交金额", "认购总价", "合同总价", "总房款")),
        ImportColumn("home_total", aliases=("房款", "房款金额", "毛坯总价", "住宅总价")),
        ImportColumn("finish_total", aliases=("装修总价", "装修价", "装修金额", "精装款")),
        ImportColumn("parking", kind="identity", aliases=("车位号", "车位房号", "车位编号"), limit=200),
        ImportColumn("parking_total", aliases=("车位价", "车位总价", "车位金额")),
        ImportColumn("store", kind="identity", aliases=("储藏间号", "储藏室", "储藏间房号"), limit=200),
        ImportColumn("store_total", aliases=("储藏间价", "储藏室款", "储藏间总价")),
        ImportColumn("deposit", aliases=("定金金额", "约定定金")),
        ImportColumn("loan_amount", aliases=("按揭金额", "贷款额")),
        "fund_amount",
        ImportColumn("contract_no", kind="identity", aliases=("合同编号",)),
        ImportColumn("signed_on", aliases=("签约时间", "签订日期", "签约日")),
        ImportColumn("online_no", kind="identity", aliases=("网签编号", "网签合同号")),
        ImportColumn("online_on", aliases=("网签时间", "网签日")),
        ImportColumn("filed_no", kind="identity", aliases=("备案编号", "备案合同号")),
        ImportColumn("filed_on", aliases=("备案时间", "备案日")),
        ImportColumn("late_rate", aliases=("日费率", "违约金日费率", "滞纳金日费率", "逾期违约金比例"), required=False),
        ImportColumn("late_days", aliases=("解除天数", "解约天数"), required=False),
    ),
    key=("unit_id",), by=MAKERS, updates=True, check=check_order, create=_created(TakeOverOrder), among=_among(TakeOverOrder),
    notes=(NOTE, L("装修款、车位、储藏间另列，成交总价含这些在内；有几个车位的写「房号=价格；房号=价格」。")),
)  # fmt: skip

DUES = Import(
    columns=(
        ROOM,
        ImportColumn("kind", aliases=KIND_HEADS, words=KIND_WORDS),
        ImportColumn("payer", aliases=("付款人类别",), required=False),
        ImportColumn("instalment", aliases=("期数", "第几期"), required=False),
        ImportColumn("due_on", aliases=("应收日期", "应付日期", "到期日")),
        ImportColumn("amount", aliases=("金额", "应付金额")),
    ),
    key=("unit_id", "kind", "instalment", "due_on"), by=MAKERS, updates=True, create=_created(TakeOverDue),
    among=_among(TakeOverDue), notes=(NOTE, L("没有导入应收的订单，按付款方式排出付款计划。")),
)  # fmt: skip

RECEIPTS = Import(
    columns=(
        ROOM,
        ImportColumn("kind", aliases=KIND_HEADS, words=KIND_WORDS),
        ImportColumn("amount", aliases=("收款金额", "实收金额", "实收", "到账金额")),
        ImportColumn("paid_on", aliases=("收款日期", "缴款日期", "付款日期", "日期")),
        ImportColumn("method", aliases=("收款方式", "支付方式"), required=False, words={"刷卡": "POS", "银行转账": "转账"}),
        ImportColumn("credited", aliases=("收款账号",), required=False),
        ImportColumn("old_number", kind="identity", aliases=("收据号", "票据号", "收据编号")),
        ImportColumn("reference", kind="identity", aliases=("银行流水号", "流水", "参考号")),
    ),
    key=("unit_id", "kind", "amount", "paid_on", "reference", "old_number"), by=MAKERS, create=_created(TakeOverReceipt),
    among=_among(TakeOverReceipt), notes=(NOTE, L("每笔要有流水号或原收据号。")),
)  # fmt: skip
